"""Campaigns with a false-discovery rate, claims that come back, an intake under attack.

Findings speak of texts and families of texts, never of people or their intent.

====================  =========================================================================
``campaigns(…)``      families of texts that call for a check, at a false-discovery rate
``cosharing(…)``      pairs of accounts as CooRTweet counts them, with q-values beside
``matches(…)``        which message states which refuted claim, and how it stands to it
``candidates(…)``     the claims nearest to each message, for review
``judge(…)``          what an analyst judges, so that a claim learns how it is told here
``spread(…)``         growth, reach, half-life, before and after the refutation
``review(…)``         fast-growing families that no registry holds yet
``intake(…)``         surges of a channel; what filters would have stopped
``stances(…)``        repeats, asks, doubts, refutes, undecided; ``cues(…)`` shows why,
                      ``stance_margins(…)`` by how much the leading one leads
====================  =========================================================================
"""

from cur_lab.fakes.campaigns import Campaigns, campaigns
from cur_lab.fakes.campaigns.cosharing import cosharing, read_shares, write_graphml
from cur_lab.fakes.claims import (
    Judging,
    Spread,
    judge,
    read_judgements,
    review,
    spread,
)
from cur_lab.fakes.intake import Intake, intake
from cur_lab.statements import candidates, cues, matches, stance_margins, stances

__all__ = [
    "Campaigns",
    "Intake",
    "Judging",
    "Spread",
    "campaigns",
    "candidates",
    "cosharing",
    "cues",
    "intake",
    "judge",
    "matches",
    "read_judgements",
    "read_shares",
    "review",
    "spread",
    "stance_margins",
    "stances",
    "write_graphml",
]
