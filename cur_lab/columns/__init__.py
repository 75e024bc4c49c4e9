"""The vocabulary: every column name as a constant, and the schema of every table.

A table is a :class:`Table`: an ordered set of :class:`Column`. Functions of the package name
columns through the constants, so a misspelt column is an ``AttributeError`` at import, not an
empty result. Everything is reached through this package: ``columns.MESSAGES``, ``columns.TEXT``.

==============  ===========================================================================
``names``       column names
``table``       what a table is
``heading``     how a column is shown
``vocabulary``  the reader's words: headings of columns, words for codes
``needs``       what a function needs, what a frame lacks
``sources``     tables that come from outside
``folder``      tables a user fills in the folder of a region
``inspection``  what was read of the folder of a region, and what it can answer
``texts``       tables about texts: spans, families, topics
``counts``      … about complaints over time
``changes``     … about lasting changes of them
``alarms``      … about unusual rises
``hotspots``    … about places
``answers``     … about answers and fixes
``reporting``   … about how readily people report
``decisions``   … about decisions and what they changed
``briefing``    … about one district before a broadcast
``promises``    … about what was promised and what became of it
``checks``      what could not be computed, and why, in any chapter
``campaigns``   … about families of texts and accounts that act together
``claims``      … about refuted claims that come back
``intake``      … about an intake under attack
``rules``       … about winners and losers of a vote
``fairness``    … about what voters and municipalities get
``course``      … about how a vote goes on
``afterwards``  … about what became of a vote, and the next one
``effects``     … about posts, turnout and complaints beside a vote
``integrity``   … about votes that call for a look
``coding``      … about texts coded by people
``survey``      … about answers to a survey
``panel``       … about entries experts have scored
``checks``      what could not be computed, in any chapter
``results``     what each public function yields
==============  ===========================================================================
"""

from cur_lab.columns.afterwards import *
from cur_lab.columns.alarms import *
from cur_lab.columns.answers import *
from cur_lab.columns.briefing import *
from cur_lab.columns.campaigns import *
from cur_lab.columns.changes import *
from cur_lab.columns.checks import *
from cur_lab.columns.claims import *
from cur_lab.columns.coding import *
from cur_lab.columns.counts import *
from cur_lab.columns.course import *
from cur_lab.columns.decisions import *
from cur_lab.columns.effects import *
from cur_lab.columns.fairness import *
from cur_lab.columns.folder import *
from cur_lab.columns.heading import Heading as Heading
from cur_lab.columns.hotspots import *
from cur_lab.columns.inspection import *
from cur_lab.columns.intake import *
from cur_lab.columns.integrity import *
from cur_lab.columns.names import *
from cur_lab.columns.needs import UNKNOWN as UNKNOWN
from cur_lab.columns.needs import Absent as Absent
from cur_lab.columns.needs import lacks as lacks
from cur_lab.columns.needs import needs as needs
from cur_lab.columns.panel import *
from cur_lab.columns.promises import *
from cur_lab.columns.reporting import *
from cur_lab.columns.results import RESULTS as RESULTS
from cur_lab.columns.rules import *
from cur_lab.columns.sources import *
from cur_lab.columns.survey import *
from cur_lab.columns.table import Column as Column
from cur_lab.columns.table import Table as Table
from cur_lab.columns.table import check_once as check_once
from cur_lab.columns.texts import *
from cur_lab.columns.vocabulary import CODES as CODES
from cur_lab.columns.vocabulary import HEADINGS as HEADINGS
from cur_lab.columns.vocabulary import NOT_ENOUGH as NOT_ENOUGH
from cur_lab.columns.vocabulary import missing as missing
