"""Equal peaks without a decision: how far complaints fall by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.inference import FloatArray
from cur_lab.trends.decisions.compared import Panel
from cur_lab.trends.decisions.estimating import LEAST_DAYS
from cur_lab.trends.decisions.forecasting import LEVEL

RECENT = 14
FEWEST_PEAKS = 6
# The decision stands at a peak if the last fortnight tops this share of those before it.
_PEAK = 0.9
_YEAR = 364
# Equal: the same height within 20 %, in a series of a volume within a factor of four.
_ALIKE, _VOLUME = 0.2, 4.0


@dataclass(frozen=True, slots=True)
class Peak:
    """A fortnight above the year before it, and what followed.

    Attributes
    ----------
    place, rubric
        Untreated district, or other rubric of the treated ones; None is the treated series.
    day
        First day after the fortnight.
    height
        Logarithm of the fortnight's daily rate over that of the year before.
    fall
        Logarithm of the daily rate over the horizon over that of the fortnight.
    """

    place: str | None
    rubric: str | None
    day: int
    height: float
    fall: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """The fall after the decision against the falls after equal peaks (log scale)."""

    centre: float
    low: float
    high: float
    usual: float


def is_peak(panel: Panel) -> bool:
    """Tell whether the fortnight before the decision tops nine in ten of those before it."""
    sums = _sums(panel.treated, RECENT)[: panel.before - RECENT + 1]
    if len(sums) <= RECENT:
        return False
    level = panel.treated[: panel.before].mean() * RECENT
    return bool(sums[-1] > np.quantile(sums[:-RECENT], _PEAK) and sums[-1] > level)


def at_decision(panel: Panel, horizon: int) -> Peak | None:
    """Measure the fortnight before the decision; None where the past is too short."""
    days, heights, falls = _measured(panel.treated, horizon, gap=panel.at - panel.before)
    here = np.flatnonzero(days == panel.before)
    return Peak(None, None, panel.at, heights[here[0]], falls[here[0]]) if len(here) else None


def equal_peaks(panel: Panel, decision: Peak, horizon: int) -> list[Peak]:
    """Find equal peaks where nothing was decided.

    They come from the treated series before the decision, from untreated districts, and from other
    rubrics of the treated districts, if these hold as many messages within a factor of four.
    At least a horizon lies between two of one series, so that none is counted twice.
    """
    own = panel.treated[: panel.before]
    series: list[tuple[str | None, str | None, FloatArray]] = [(None, None, own)]
    others = [
        *((name, None, daily) for name, daily in zip(panel.names, panel.donors.T, strict=True)),
        *((None, name, daily) for name, daily in panel.siblings.items()),
    ]
    level = panel.treated[: panel.before].mean()
    series += [one for one in others if level / _VOLUME <= one[2].mean() <= level * _VOLUME]
    found = []
    for name, rubric, daily in series:
        days, heights, falls = _measured(daily, horizon)
        away = np.abs(heights - decision.height)
        # Closest in height first; the earlier of two equal ones.
        order = np.lexsort((days, np.round(away, 9)))
        taken: list[int] = []
        for place in order[away[order] <= _ALIKE]:
            if all(abs(days[place] - day) >= horizon for day in taken):
                taken.append(int(days[place]))
                found.append(Peak(name, rubric, int(days[place]), heights[place], falls[place]))
    return sorted(found, key=lambda peak: (peak.day, peak.place or "", peak.rubric or ""))


def contrast(decision: Peak, peaks: list[Peak]) -> Contrast | None:
    """Set the fall after the decision against those after equal peaks, with a 95 % interval."""
    if len(peaks) < FEWEST_PEAKS:
        return None
    falls = np.array([peak.fall for peak in peaks])
    usual = float(falls.mean())
    error = falls.std(ddof=1) * np.sqrt(1 + 1 / len(falls))
    reach = float(scipy.stats.t.ppf((1 + LEVEL) / 2, len(falls) - 1) * error)
    centre = decision.fall - usual
    return Contrast(centre, centre - reach, centre + reach, usual)


def _measured(
    daily: FloatArray, horizon: int, *, gap: int = 0
) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray]:
    """Days with a past and a future long enough, height of the fortnight before, fall after."""
    days = np.arange(LEAST_DAYS + RECENT, len(daily) - horizon - gap + 1)
    if not len(days):
        return days, np.empty(0), np.empty(0)
    total = np.concatenate([[0.0], np.cumsum(daily)])
    recent = total[days] - total[days - RECENT]
    start = np.maximum(days - RECENT - _YEAR, 0)
    usual = (total[days - RECENT] - total[start]) / (days - RECENT - start)
    later = total[days + gap + horizon] - total[days + gap]
    heights = np.log(recent + 0.5) - np.log(RECENT * usual + 0.5)
    falls = np.log(later + 0.5) - np.log(horizon) - np.log(recent + 0.5) + np.log(RECENT)
    return days, heights, falls


def _sums(daily: FloatArray, width: int) -> FloatArray:
    return np.convolve(daily, np.ones(width), mode="valid")
