"""Weekly counts of districts that were decided upon at different times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.inference import FloatArray
from cur_lab.trends.decisions import twoway
from cur_lab.trends.decisions.forecasting import LEVEL

# A week in which the source was silent longer than this is left out.
_RECORDED = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Staggered:
    """Weekly counts of districts with the week of their decision (infinite: none).

    A week in which the decision fell belongs to neither side.
    """

    counts: FloatArray
    begins: FloatArray
    recorded: FloatArray

    @property
    def since(self) -> FloatArray:
        """Weeks since the decision, shape (weeks, districts); below zero before."""
        return np.arange(len(self.counts))[:, None] - self.begins[None, :]

    def without(self, district: int) -> Staggered:
        """Leave one district out."""
        return Staggered(
            np.delete(self.counts, district, axis=1),
            np.delete(self.begins, district),
            self.recorded,
        )


def effects(staggered: Staggered, bins: Sequence[tuple[int, int]], *, shift: int = 0) -> FloatArray:
    """Logarithm of counted over expected in bins of weeks since the decision, first to last.

    With a ``shift`` the decision is taken for so many weeks earlier: what then shows before it is a
    difference in trends, not an effect.
    """
    since = staggered.since
    whole = staggered.recorded[:, None] > _RECORDED
    mean = twoway.expected(staggered.counts, (since < -1 - shift) & whole)
    found = np.full(len(bins), np.nan)
    for place, (first, last) in enumerate(bins):
        cells = (since >= first) & (since < last) & whole & np.isfinite(mean)
        if staggered.counts[cells].sum() > 0:
            found[place] = np.log(staggered.counts[cells].sum() / mean[cells].sum())
    return found


def two_way(staggered: Staggered, weeks: int) -> FloatArray:
    """Fit the two-way regression to the same cells, for comparison."""
    since = staggered.since
    known = ((since < -1) | (since >= 0)) & (since < weeks)
    known &= staggered.recorded[:, None] > _RECORDED
    return np.array([twoway.two_way(staggered.counts, known, since >= 0)])


def jackknife(staggered: Staggered, estimate: Callable[[Staggered], FloatArray]) -> FloatArray:
    """Estimates with the ends of their 95 % intervals, shape (estimates, 3)."""
    centre = estimate(staggered)
    number = len(staggered.begins)
    left_out = np.array([estimate(staggered.without(place)) for place in range(number)])
    error = np.sqrt((number - 1) / number * ((left_out - centre) ** 2).sum(axis=0))
    treated = int(np.isfinite(staggered.begins).sum())
    reach = scipy.stats.t.ppf((1 + LEVEL) / 2, treated - 1) * error
    return np.column_stack([centre, centre - reach, centre + reach])
