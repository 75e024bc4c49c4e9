"""Campaigns with a false-discovery rate, claims that come back, an intake under attack.

Findings speak of texts and families of texts, never of people or their intent.

====================  =========================================================================
``matches(…)``        which message states which refuted claim, and how it stands to it
``candidates(…)``     the claims nearest to each message, for review
``stances(…)``        spreads, asks, doubts or refutes; ``cues(…)`` shows why
====================  =========================================================================
"""

from cur_lab.fakes.claims import candidates, matches
from cur_lab.fakes.stance import cues, stances

__all__ = ["candidates", "cues", "matches", "stances"]
