"""Headlines: one sentence with a finding, made from the frame it stands over.

One module per chapter. Figures, tables, reports and briefings take their titles from here, so that
every printed finding has one place where it is worded and one predicate that can refute it
(``tests/headlines``). A title that finds nothing, such as «Паспорт», stays where it is printed.
"""

from cur_lab.headlines.sentence import REGISTRY as REGISTRY
from cur_lab.headlines.sentence import Headline as Headline
from cur_lab.headlines.sentence import headline as headline
