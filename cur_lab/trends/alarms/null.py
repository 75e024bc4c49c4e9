"""How often such a surprise comes when nothing is the matter: measured, not assumed.

A negative binomial is a model. How far its tail can be trusted is read off the past: the largest
surprise of every series and day, series of like volume together. Between their 80th and their 95th
percentile these are an exponential in −ln p; above, real events sit. Its slope (one if the model is
right, less if real clumps are worse) and its rate extrapolate to rare surprises. The rate is over
all series, so that the number of series, the overlap of windows and the dependence of neighbouring
hours are in it. Days on which an alarm was raised that is surely no chance, and the next, are left
out of what a series teaches: one accident must not blind it for good. Nor must two; but what a
series has done oftener is its habit, which no tail of the bulk knows of.

References
----------
Efron B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. JASA
99, 96-104 (empirical null from the bulk). Coles S. (2001). An Introduction to Statistical Modeling
of Extreme Values, ch. 4 (exceedances over a threshold).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from cur_lab.inference import FloatArray, IntArray
from cur_lab.trends.alarms.scan import Scores

# Expected messages a day that part small series from middling and large ones; the last stratum is
# what many share.
_LEVELS = (0.1, 1.0)
_STRATA = len(_LEVELS) + 2
_BODY, _TAIL = 0.80, 0.95
# Exceedances by which the slope of all is drawn to one, and that of a group to that of all.
_SLOPE_PRIOR, _GROUP_PRIOR = 10.0, 10.0
_LEAST_SLOPE, _MOST_SLOPE = 0.3, 1.0
_OWN = 60  # surprises from which a group has a tail of its own
_FEW = 40  # surprises that are too few for quantiles
_FEWEST_BLOCKS = 7
_FORGIVEN = 2  # times that a series was as surprising before without a habit
_GROWTH = 1.05  # by so much the sample grows before the tails are measured anew


@dataclass(frozen=True, eq=False)
class _Tails:
    """Of every group of a stratum: so large a share lies beyond ``body``, exponential with a slope.

    Groups with few surprises have one tail together. Slopes are drawn to that of all.
    """

    body: FloatArray
    slope: FloatArray
    beyond: FloatArray

    @classmethod
    def of(cls, sample: FloatArray, group: IntArray, groups: int) -> _Tails:
        own = np.bincount(group, minlength=groups) >= _OWN
        unit_of = np.where(own, np.arange(groups), groups)
        unit = unit_of[group]
        size = np.bincount(unit, minlength=groups + 1)
        start = np.concatenate([[0], np.cumsum(size)[:-1]])
        ordered = np.append(sample[np.lexsort((sample, unit))], 0.0)
        few = size < _FEW
        body, cap = (
            ordered[start + (share * np.maximum(size - 1, 0)).astype(int)]
            for share in (_BODY, _TAIL)
        )
        body, cap = np.where(few, 0.0, body), np.where(few, np.inf, cap)
        beyond = sample > body[unit]
        over, owner = (sample - body[unit])[beyond], unit[beyond]
        width = (cap - body)[owner]
        inside = np.bincount(owner, weights=over < width, minlength=groups + 1)
        exceeded = np.bincount(owner, weights=np.minimum(over, width), minlength=groups + 1)
        common = (inside.sum() + _SLOPE_PRIOR) / (exceeded.sum() + _SLOPE_PRIOR)
        slope = (inside + _GROUP_PRIOR) / (exceeded + _GROUP_PRIOR / common)
        share = (np.bincount(owner, minlength=groups + 1) + few) / np.maximum(size + few, 1)
        return cls(
            body[unit_of], np.clip(slope, _LEAST_SLOPE, _MOST_SLOPE)[unit_of], share[unit_of]
        )


class Null:
    """What surprises taught so far; block after block.

    Parameters
    ----------
    scores
        In order of time.
    block_periods
        Periods in a block; within a block only the largest surprise of a series counts.
    first_block
        Block in which scoring began.
    """

    def __init__(self, scores: Scores, block_periods: int, first_block: int) -> None:
        stratum = np.searchsorted(_LEVELS, scores.level, side="right")
        self._stratum = np.where(scores.place < 0, _STRATA - 1, stratum)
        self._scores, self._periods, self.first = scores, block_periods, first_block
        self.block = scores.hour // block_periods
        self._tops = _block_tops(scores, self.block)
        self._groups = int(scores.group.max(initial=0)) + 1
        self._taken = self._learnt = 0
        self._measured = 0.0
        self._kept: list[IntArray] = []
        self._tails: dict[int, _Tails] = {}
        self._series = scores.group * (int(scores.place.max(initial=0)) + 3) + scores.place + 2
        self._by_series = self._tops[np.argsort(self._series[self._tops], kind="stable")]

    def habit(self, row: int) -> float:
        """Return how many as strong a period has if all series have them as often as this one.

        Counted is on how many days before, two in a row being one, this series was as surprising,
        and the first two are forgiven.
        """
        names = self._series[self._by_series]
        begin, end = np.searchsorted(names, (self._series[row], self._series[row] + 1)).tolist()
        mine = self._by_series[begin:end]
        mine = mine[self.block[mine] < self.block[row]]
        strong = self.block[mine[self._scores.surprise[mine] >= self._scores.surprise[row]]]
        apart = strong[np.diff(strong, prepend=-2) > 1]
        # What lasts since yesterday is not its own forerunner.
        times = apart.size - int(strong.size > 0 and strong[-1] == self.block[row] - 1)
        share = max(times - _FORGIVEN, 0) / max(mine.size, 1)
        blocks = max(int(self.block[row]) - self.first, 1)
        return float(share * max(self._learnt, 1) / blocks / self._periods)

    def rates(self, rows: slice, block: int) -> FloatArray:
        """Return how many chance surprises as strong are expected per period, over all series.

        Parameters
        ----------
        rows
            Scores of this block and later ones.
        block
            All before it is known. While that is too little the rates are infinite.
        """
        surprise, group = self._scores.surprise[rows], self._scores.group[rows]
        stratum = self._stratum[rows]
        chances = np.full(surprise.size, np.inf)
        blocks = block - self.first
        if blocks < _FEWEST_BLOCKS:
            return chances
        self._measure()
        for kind in np.unique(stratum).tolist():
            mine = stratum == kind
            tails, of = self._tails[kind], group[mine]
            often = np.exp(-tails.slope[of] * (surprise[mine] - tails.body[of]))
            chances[mine] = tails.beyond[of] * often
        return np.asarray(chances * max(self._learnt, 1) / blocks / self._periods)

    def needed(self, rows: IntArray, limit: FloatArray, blocks: int) -> FloatArray:
        """Return the surprise at which no more than so many are expected per period.

        Parameters
        ----------
        rows
            Scores whose series are asked about.
        limit
            Chance surprises a period, of each row.
        blocks
            Blocks learnt from.
        """
        self._measure()
        body, slope, beyond = np.zeros(rows.size), np.ones(rows.size), np.ones(rows.size)
        for kind, tails in self._tails.items():
            mine = self._stratum[rows] == kind
            of = self._scores.group[rows[mine]]
            body[mine], slope[mine] = tails.body[of], tails.slope[of]
            beyond[mine] = tails.beyond[of]
        often = beyond * max(self._learnt, 1) / max(blocks, 1) / self._periods
        return np.asarray(body + np.maximum(np.log(often / limit), 0.0) / slope)

    def learn(self, block: int, left_out: Container[tuple[int, int, int]]) -> None:
        """Take in all blocks before this one, without these (group, place, block)."""
        until = int(np.searchsorted(self.block[self._tops], block))
        rows = self._tops[self._taken : until]
        self._taken = until
        scores = self._scores
        names = zip(
            scores.group[rows].tolist(),
            scores.place[rows].tolist(),
            self.block[rows].tolist(),
            strict=True,
        )
        kept = rows[np.array([name not in left_out for name in names], dtype=bool)]
        self._kept.append(kept)
        self._learnt += kept.size

    def _measure(self) -> None:
        """Bring the tails up to date, if enough was learnt since."""
        if self._tails and self._learnt < _GROWTH * self._measured:
            return
        self._measured = float(self._learnt)
        known = np.concatenate([np.zeros(0, np.int64), *self._kept])
        for kind in range(_STRATA):
            rows = known[self._stratum[known] == kind]
            self._tails[kind] = _Tails.of(
                self._scores.surprise[rows], self._scores.group[rows], self._groups
            )


def _block_tops(scores: Scores, block: IntArray) -> IntArray:
    """Return where the largest surprise of each series in each block stands, in order of time."""
    order = np.lexsort((scores.surprise, scores.place, scores.group, block))
    key = np.stack([block[order], scores.group[order], scores.place[order]])
    last = np.append(np.any(key[:, 1:] != key[:, :-1], axis=0), np.ones(min(order.size, 1), bool))
    return np.sort(order[last])
