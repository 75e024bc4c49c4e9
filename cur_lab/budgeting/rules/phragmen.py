"""Phragmén's rule: voters earn at equal speed and buy what their supporters can pay for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab.budgeting.ballots.profile import CENT, SAME, Allowed, Profile
from cur_lab.inference import FloatArray


@dataclass(frozen=True, slots=True)
class Round:
    """One purchase of Phragmén's rule, or the moment that ends it.

    Parameters
    ----------
    when
        Money each voter has earned.
    tied
        Projects that can be bought then; empty once none is left.
    raised
        What supporters of each project have spent on others before.
    left
        Money left before the purchase.
    """

    when: float
    tied: list[int]
    raised: FloatArray
    left: float

    def ends(self, cost: FloatArray) -> bool:
        """Whether nothing is bought: no project is left, or one that is due does not fit."""
        return not self.tied or bool((cost[self.tied] > self.left + CENT).any())


def phragmen_rounds(people: Profile, budget: float, allowed: Allowed) -> list[Round]:
    """Run Phragmén's rule; the last round is the one that ends it."""
    paid = np.zeros(len(people.size))
    votes, cost = people.votes, people.cost
    open_ = allowed & (votes > 0) & (cost <= budget + CENT)
    left, rounds = budget, []
    while True:
        raised = people.by_project(people.size * paid)
        when = np.divide(cost + raised, votes, out=np.full(len(votes), np.inf), where=open_)
        first = float(when.min(initial=np.inf))
        tied = np.flatnonzero(open_ & (when <= first * (1 + SAME))).tolist()
        rounds.append(Round(first, tied, raised, left))
        if rounds[-1].ends(cost):
            return rounds
        winner = tied[0]
        groups, _ = people.supporters(winner)
        paid[groups] = when[winner]
        left -= float(cost[winner])
        open_[winner] = False
