"""The method of equal shares, run with any share per voter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cur_lab.budgeting.ballots.profile import CENT, SAME, Allowed, Profile
from cur_lab.inference import FloatArray, IntArray

# A price lower by so much raises visibly less money, and rounding does not.
_HAIR, _ROUNDING = 1e-9, 1e-13


def equal_share(people: Profile, budget: float) -> float:
    """Money each voter holds at the start."""
    return budget / people.n_voters if people.n_voters else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What equal shares bought: projects in order, payment per unit of satisfaction, ties."""

    bought: list[int]
    rates: list[float]
    ties: list[list[int]]


class Market:
    """The method of equal shares, run with one share per voter after another."""

    def __init__(self, people: Profile, allowed: Allowed):
        self.people = people
        self.supported = allowed & (people.votes > 0)
        supporters = [people.supporters(j) for j in range(len(people.cost))]
        self.groups = [groups for groups, _ in supporters]
        self._cost = people.cost.tolist()
        self._price = np.divide(
            people.cost, people.votes, out=np.full(len(people.cost), np.inf), where=self.supported
        )
        self.size = [people.size[groups].astype(float) for groups, _ in supporters]
        self.unit = [
            weight * cost for (_, weight), cost in zip(supporters, people.cost, strict=True)
        ]
        self._demand = [size * unit for size, unit in zip(self.size, self.unit, strict=True)]

    def buy(self, share: float, *, without: int | None = None) -> Outcome:
        """Run the rule with a given share per voter, as if one project had not stood."""
        people = self.people
        purse = np.full(len(people.size), share)
        # What supporters pay per unit only grows while purses shrink, so an old rate is a lower
        # bound, and most projects need not be looked at again.
        bound = np.full(len(people.cost), np.inf)
        affordable = self.supported & (people.votes * share >= people.cost * (1 - SAME))
        bound[affordable] = 1 / people.score[affordable]
        if without is not None:
            bound[without] = np.inf
        outcome = Outcome([], [], [])
        while True:
            best, seen = np.inf, []
            for j in np.argsort(bound, kind="stable").tolist():
                if bound[j] == np.inf or bound[j] > best * (1 + SAME):
                    break
                bound[j] = self.rate(j, purse, bound[j])
                seen.append(j)
                best = min(best, bound[j])
            if best == np.inf:
                return outcome
            winner, *tied = sorted(j for j in seen if bound[j] <= best * (1 + SAME))
            groups, rate = self.groups[winner], float(bound[winner])
            purse[groups] -= np.minimum(purse[groups], rate * self.unit[winner])
            bound[winner] = np.inf
            outcome.bought.append(winner)
            outcome.rates.append(rate)
            outcome.ties.append(tied)

    def rate(self, j: int, purse: FloatArray, bound: float) -> float:
        """Least payment per unit of satisfaction that buys project ``j``; infinite if none does.

        Parameters
        ----------
        bound
            A payment that raises no more than the cost: the last one that just raised it.
        """
        held, size, unit, cost = purse[self.groups[j]], self.size[j], self.unit[j], self._cost[j]
        if size @ held < cost * (1 - SAME):
            return math.inf
        # The money raised is concave and piecewise linear in the rate: Newton's steps from below
        # never overshoot, and the step taken on the last piece is exact.
        demand = self._demand[j]
        rate, slope = bound, -1.0
        while True:
            asked = rate * unit
            rich = held > asked
            slope_here = float(demand @ rich)
            if slope_here in (slope, 0.0):
                return rate
            slope = slope_here
            rate += max(0.0, cost - float(size @ np.minimum(held, asked))) / slope

    def dearest(self, j: int, purse: FloatArray, rate: float) -> float:
        """Cost up to which project ``j`` asks its supporters for no more than ``rate`` per unit."""
        groups, weight = self.people.supporters(j)
        held, size = purse[groups], self.size[j]
        cost = float(size @ held)
        # The money raised less the cost is concave, zero at zero and not above it here: Newton's
        # steps from the right end on its last root.
        while cost > CENT:
            asked = rate * weight * cost
            excess = float(size @ np.minimum(held, asked)) - cost
            if excess >= -SAME * cost:
                return cost
            slope = rate * float((size * weight) @ (held > asked)) - 1
            cost -= excess / slope
        return 0.0

    def ties(self, j: int, purse: FloatArray, rate: float, *, cost: float) -> bool:
        """Tell whether project ``j`` at this cost asks for ``rate`` per unit and for no less."""
        groups, weight = self.people.supporters(j)
        asked = rate * (1 - _HAIR) * weight * cost
        return float(self.size[j] @ np.minimum(purse[groups], asked)) < cost * (1 - _ROUNDING)

    def raised_share(self, budget: float, *, until_exhausted: bool) -> float:
        """Raise the equal share by 1 at a time; return the last one that keeps to the budget.

        Parameters
        ----------
        until_exhausted
            Whether to stop as well when no further supported project fits.
        """
        cost = self.people.cost
        everything = float(cost[self.supported].sum())
        if everything <= budget + CENT:
            # Shares would be raised until all of it is bought; any that pays for all will do.
            return everything
        share = equal_share(self.people, budget)
        bought = self._bought(share)
        while not (until_exhausted and self._exhausts(bought, budget)):
            higher = share + self._step(share)
            bought = self._bought(higher)
            if cost[bought].sum() > budget + CENT:
                break
            share = higher
        return share

    def _bought(self, share: float) -> IntArray:
        if self.people.single:
            # Nobody pays for two projects: each is bought if its own supporters can.
            return np.flatnonzero(self.supported & (self._price <= share * (1 + SAME)))
        return np.array(self.buy(share).bought, dtype=np.int64)

    def _step(self, share: float) -> int:
        """Return the raise after which the outcome can differ."""
        if not self.people.single:
            return 1
        dearer = self._price[self.supported & (self._price > share * (1 + SAME))]
        return max(1, math.ceil((float(dearer.min(initial=np.inf)) - share) * (1 - SAME)))

    def _exhausts(self, bought: IntArray, budget: float) -> bool:
        rest = self.supported.copy()
        rest[bought] = False
        cost = self.people.cost
        return not (cost[rest] <= budget - cost[bought].sum() + CENT).any()
