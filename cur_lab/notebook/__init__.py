"""What every curated notebook needs: display settings, the data, the statement and the passport."""

from cur_lab.columns import UNKNOWN as UNKNOWN
from cur_lab.notebook.loading import load, load_vote, read
from cur_lab.notebook.showing import ask, passport, setup, statement, versions
from cur_lab.notebook.subject import Data, Subject, Vote, fingerprint
from cur_lab.wording import grouped

__all__ = [
    "Data",
    "Subject",
    "Vote",
    "ask",
    "fingerprint",
    "grouped",
    "load",
    "load_vote",
    "passport",
    "read",
    "setup",
    "statement",
    "versions",
]
