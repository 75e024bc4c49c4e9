"""Projects taken in turn by falling score while money and limits last."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from cur_lab.budgeting.ballots.profile import CENT, Allowed
from cur_lab.inference import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Run:
    """Projects in the order looked at, those taken, and how many were looked at before the end."""

    order: list[int]
    taken: list[int]
    seen: int


@dataclass(frozen=True)
class Turns:
    """A rule that goes through the projects by falling score.

    Parameters
    ----------
    cost, score, allowed
        One value per project; among equal scores the earlier project comes first.
    budget
        Money to spend.
    skip
        Whether to go on after a project that does not fit.
    home
        Municipality of each project as a number; needed where there are limits.
    most, purse
        Most winners and most money per municipality. A municipality that has reached a limit is
        passed over even without ``skip``: its limit says nothing about the others.
    """

    cost: FloatArray
    score: FloatArray
    allowed: Allowed
    budget: float
    skip: bool = True
    home: IntArray | None = None
    most: float = math.inf
    purse: float = math.inf
    order: list[int] = field(init=False)

    def __post_init__(self) -> None:
        order = np.lexsort((np.arange(len(self.score)), -self.score))
        object.__setattr__(self, "order", [int(j) for j in order if self.allowed[j]])

    def run(self, *, without: int | None = None) -> Run:
        """Take the projects in turn, as if one of them had not stood."""
        order = [j for j in self.order if j != without]
        cost = self.cost.tolist()
        home = [0] * len(cost) if self.home is None else self.home.tolist()
        number: dict[int, int] = {}
        money: dict[int, float] = {}
        left = self.budget + CENT
        taken: list[int] = []
        for place, j in enumerate(order):
            at = home[j]
            if number.get(at, 0) >= self.most or money.get(at, 0.0) + cost[j] > self.purse + CENT:
                continue
            if cost[j] > left:
                if self.skip:
                    continue
                return Run(order, taken, place)
            left -= cost[j]
            taken.append(j)
            number[at] = number.get(at, 0) + 1
            money[at] = money.get(at, 0.0) + cost[j]
        return Run(order, taken, len(order))

    def room(self, run: Run, j: int) -> FloatArray:
        """Money project ``j`` could cost at each place before the end of a run it was not in."""
        looked_at = np.array(run.order[: run.seen], dtype=np.int64)
        taken = np.isin(looked_at, run.taken)
        spent = np.concatenate([[0.0], np.cumsum(self.cost[looked_at] * taken)])
        room = self.budget - spent
        if self.home is not None:
            here = taken & (self.home[looked_at] == self.home[j])
            money = np.concatenate([[0.0], np.cumsum(self.cost[looked_at] * here)])
            number = np.concatenate([[0], np.cumsum(here)])
            room = np.where(number < self.most, np.minimum(room, self.purse - money), 0.0)
        return np.asarray(room, dtype=float)
