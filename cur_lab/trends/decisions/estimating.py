"""The change after a decision, by each method; also at dates and places without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab.inference import FloatArray
from cur_lab.trends.decisions.bins import Bins, binned
from cur_lab.trends.decisions.compared import Panel
from cur_lab.trends.decisions.controls import synthetic
from cur_lab.trends.decisions.forecasting import Forecast, forecast

INTERRUPTED, SYNTHETIC = "interrupted_series", "synthetic_control"
# Less history than this shows neither the usual swing of a series nor its return from a peak.
LEAST_DAYS = 84
_FEWEST_BINS = 10
# Messages expected over the horizon.
LEAST_EXPECTED = 10.0
# Below this many messages a day in its own districts the offset is taken from all of them.
_LEAST_OTHERS = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A forecast of one series with what it rests on.

    Attributes
    ----------
    method
        ``synthetic_control`` or ``interrupted_series``.
    observed, exposure
        Shape (bins,).
    weights
        Of the untreated districts; empty for an interrupted series.
    """

    method: str
    bins: Bins
    observed: FloatArray
    exposure: FloatArray
    forecast: Forecast
    weights: FloatArray

    @property
    def score(self) -> float:
        """The change in units of its own uncertainty."""
        return self.forecast.centre / self.forecast.error

    @property
    def counted(self) -> float:
        """Messages counted over the horizon."""
        return float(self.observed[self.bins.past :].sum())


def by_synthetic_control(
    series: FloatArray, donors: FloatArray, panel: Panel, *, at: int, before: int, horizon: int
) -> Estimate | None:
    """Set a series against a weighted sum of untreated districts; None where data are too few."""
    bins = binned(series, panel.recorded, before=before, at=at, horizon=horizon)
    observed = bins.sums(series)
    if not _enough(observed, bins, horizon):
        return None
    exposure, weights = synthetic(observed, bins.sums(donors), bins.past)
    if not len(exposure):
        return None
    found = forecast(observed, exposure, bins.weeks, bins.past)
    return Estimate(SYNTHETIC, bins, observed, exposure, found, weights)


def by_interrupted_series(
    series: FloatArray, panel: Panel, *, at: int, before: int, horizon: int
) -> Estimate | None:
    """Set a series against its own past; None where data are too few."""
    bins = binned(series, panel.recorded, before=before, at=at, horizon=horizon)
    observed = bins.sums(series)
    if not _enough(observed, bins, horizon):
        return None
    exposure = _offset(panel, bins)
    if exposure is None:
        exposure = _weekdays(series, panel, bins, before)
    found = forecast(observed, exposure, bins.weeks, bins.past)
    return Estimate(INTERRUPTED, bins, observed, exposure, found, np.empty(0))


def at_decision(panel: Panel, horizon: int) -> list[Estimate]:
    """Return the estimates of all methods that the data can carry, the more certain first.

    How certain a forecast is comes from the past, so that the choice does not look at the effect.
    """
    place = {"at": panel.at, "before": panel.before, "horizon": horizon}
    found = [
        by_synthetic_control(panel.treated, panel.donors, panel, **place),
        by_interrupted_series(panel.treated, panel, **place),
    ]
    known = [estimate for estimate in found if estimate is not None]
    return sorted(known, key=lambda estimate: estimate.forecast.uncertainty)


def _enough(observed: FloatArray, bins: Bins, horizon: int) -> bool:
    """Tell whether past and expectation are long and large enough for a number."""
    if bins.past < _FEWEST_BINS or len(observed) == bins.past:
        return False
    past_days = bins.lengths[: bins.past].sum()
    expected = observed[: bins.past].sum() / max(past_days, 1.0) * horizon
    return bool(past_days >= LEAST_DAYS - 7 and expected >= LEAST_EXPECTED)


def _weekdays(series: FloatArray, panel: Panel, bins: Bins, before: int) -> FloatArray:
    """Count recorded days per bin, each with the usual share of its day of the week."""
    day = np.arange(panel.days) % 7
    known = panel.recorded[:before]
    seen = np.bincount(day[:before][known], weights=series[:before][known], minlength=7)
    often = np.bincount(day[:before][known], minlength=7)
    # Seven days more at the common level: a short past knows its weekdays badly.
    level = seen.sum() / max(often.sum(), 1)
    share = (seen + 7 * level) / np.maximum((often + 7) * level, 1e-9)
    return bins.sums(np.where(panel.recorded, share[day], 0.0))


def _offset(panel: Panel, bins: Bins) -> FloatArray | None:
    """Messages outside the treated rubrics per bin: of the treated districts, or of all.

    None where counts know no other rubric.
    """
    for daily in (panel.others, panel.region):
        if daily[: panel.before].mean() >= _LEAST_OTHERS:
            return bins.sums(daily)
    return None
