"""EARS C1, C2 and C3: for series too short to know their seasons.

References
----------
Hutwagner L., Thompson W., Seeman G., Treadwell T. (2003). The bioterrorism preparedness and
response Early Aberration Reporting System (EARS). Journal of Urban Health 80, i89-i96. Salmon M.,
Schumacher D., Höhle M. (2016). Monitoring count time series in R. J. of Statistical Software 70.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from cur_lab.trends.alarms.series import FloatArray, IntArray

SHORTEST = 9  # periods of history that C2 and C3 need
_BASE, _LAG = 7, 2
_LEAST_SIGMA = 1.0
# Levels at which the three raise an alarm of their own.
C1_QUANTILE, C3_QUANTILE = float(stats.norm.ppf(0.999)), float(stats.norm.ppf(0.975))


@dataclass(frozen=True, eq=False)
class Ears:
    """Statistics of every period, NaN where there is too little history; shape (periods, series).

    ``expected`` and ``sigma`` are those of C1; ``lagged`` and ``lagged_sigma`` those of C2.
    """

    c1: FloatArray
    c2: FloatArray
    c3: FloatArray
    expected: FloatArray
    sigma: FloatArray
    lagged: FloatArray
    lagged_sigma: FloatArray

    def surprise(self) -> tuple[FloatArray, IntArray]:
        """Return −ln p of the most surprising of the three, and which it is (1, 2 or 3)."""
        p = np.stack([stats.norm.sf(c) for c in (self.c1, self.c2, self.c3)])
        p = np.where(np.isfinite(p), p, 1.0)
        return -np.log(np.maximum(p.min(axis=0), 1e-300)), p.argmin(axis=0) + 1


def ears(counts: FloatArray) -> Ears:
    """Compute C1, C2 and C3 of several series.

    Parameters
    ----------
    counts
        Shape (periods, series); NaN where the source was silent: such periods are in no baseline.
    """
    counts = np.asarray(counts, dtype=float)
    expected, sigma = _history(counts, 0)
    lagged, lagged_sigma = _history(counts, _LAG)
    c1, c2 = (counts - expected) / sigma, (counts - lagged) / lagged_sigma
    carried = np.maximum(0.0, np.nan_to_num(c2) - 1)
    c3 = c2.copy()
    c3[1:] += carried[:-1]
    c3[2:] += carried[:-2]
    return Ears(c1, c2, c3, expected, sigma, lagged, lagged_sigma)


def _history(counts: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the seven periods that end ``lag`` periods before each."""
    mean, sigma = np.full_like(counts, np.nan), np.full_like(counts, np.nan)
    if counts.shape[0] <= _BASE + lag:
        return mean, sigma
    base = np.lib.stride_tricks.sliding_window_view(counts, _BASE, axis=0)[: -1 - lag]
    heard = np.isfinite(base).sum(axis=-1)
    total = np.nansum(base, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = total / heard
        spread = np.sqrt(np.nansum((base - centre[..., None]) ** 2, axis=-1) / (heard - 1))
    usable = heard >= _BASE - 2
    mean[_BASE + lag :] = np.where(usable, centre, np.nan)
    sigma[_BASE + lag :] = np.where(usable, np.maximum(spread, _LEAST_SIGMA), np.nan)
    return mean, sigma
