"""What a text states and asks: a known claim, how it stands to it, questions that mean the same.

==============  ===============================================================
``matching``    which text states which claim of a registry
``retrieval``   the claims a text could state, by words and by vectors
``parsing``     sentences as words with what depends on what
``coverage``    how much of a claim a passage covers
``cues``        words that tell how a text stands to what it repeats
``stance``      repeats, asks, doubts, refutes, or does not tell
``questions``   questions that mean the same, counted by those who ask
==============  ===============================================================
"""

from cur_lab.statements.matching import candidates, matches
from cur_lab.statements.stance import cues, stance_margins, stances

__all__ = ["candidates", "cues", "matches", "stance_margins", "stances"]
