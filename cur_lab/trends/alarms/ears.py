"""EARS C1, C2 and C3: for series too short to know their seasons.

The three statistics are the textbook ones, and an alarm asks for one of them to be beyond its
level. These levels are normal and far off for counts of one or two, so how surprising a count is
says a negative binomial with the moments of the same seven periods and the doubt they leave.

References
----------
Hutwagner L., Thompson W., Seeman G., Treadwell T. (2003). The bioterrorism preparedness and
response Early Aberration Reporting System (EARS). Journal of Urban Health 80, i89-i96. Salmon M.,
Schumacher D., Höhle M. (2016). Monitoring count time series in R. J. of Statistical Software 70.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least

SHORTEST = 9  # periods of history that C2 and C3 need
_BASE, _LAG, _SUMMED = 7, 2, 3
_LEAST_SIGMA = 1.0
_LEVELS = tuple(float(scipy.special.ndtri(level)) for level in (0.999, 0.999, 0.975))


@dataclass(frozen=True, eq=False)
class Judged:
    """The most surprising of C1, C2 and C3 of every period and series; shape (periods, series).

    ``surprise`` is −ln p, ``which`` 1, 2 or 3, ``raised`` whether one of the three is beyond its
    level; ``observed``, ``expected`` and ``variance`` are of
    the ``window`` periods it looks at. NaN and nought where there is too little history.
    """

    surprise: FloatArray
    which: IntArray
    raised: BoolArray
    observed: FloatArray
    expected: FloatArray
    variance: FloatArray

    @property
    def window(self) -> IntArray:
        """Periods looked at: C3 sums over three."""
        return np.where(self.which == _SUMMED, _SUMMED, 1)


def ears(counts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compute C1, C2 and C3 of several series.

    Parameters
    ----------
    counts
        Shape (periods, series); NaN where the source was silent: such periods are in no baseline.
    """
    mean, sigma = _history(counts, 0)
    lagged, lagged_sigma = _history(counts, _LAG)
    c1 = (counts - mean) / np.maximum(sigma, _LEAST_SIGMA)
    c2 = (counts - lagged) / np.maximum(lagged_sigma, _LEAST_SIGMA)
    carried = np.maximum(0.0, np.nan_to_num(c2) - 1)
    c3 = c2.copy()
    c3[1:] += carried[:-1]
    c3[2:] += carried[:-2]
    return c1, c2, c3


def judge(counts: FloatArray) -> Judged:
    """Judge every period by the periods that C1, C2 and C3 look at."""
    known = np.nan_to_num(counts)
    three = known.copy()
    three[1:] += known[:-1]
    three[2:] += known[:-2]
    recent, lagged = _moments(counts, 0), _moments(counts, _LAG)
    found = [_tail(known, *recent, 1), _tail(known, *lagged, 1), _tail(three, *lagged, _SUMMED)]
    surprise, expected, variance = (np.stack(part) for part in zip(*found, strict=True))
    best = surprise.argmax(axis=0)[None]

    def of_best(values: FloatArray) -> FloatArray:
        return np.asarray(np.take_along_axis(values, best, axis=0)[0], dtype=float)

    observed = of_best(np.stack([known, known, three]))
    with np.errstate(invalid="ignore"):
        beyond = [value > level for value, level in zip(ears(counts), _LEVELS, strict=True)]
    return Judged(
        of_best(surprise),
        best[0] + 1,
        np.any(beyond, axis=0),
        observed,
        of_best(expected),
        of_best(variance),
    )


def _moments(counts: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    """Mean, never nought, and variance beyond a Poisson's, of one period."""
    mean, sigma = _history(counts, lag)
    return mean + 0.5 / _BASE, np.maximum(sigma**2 - mean, 0.0)


def _tail(
    counts: FloatArray, mean: FloatArray, extra: FloatArray, periods: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """−ln P(N ≥ count) in so many periods, with mean and variance of N."""
    expected = periods * mean
    over = periods * extra + expected**2 / (_BASE * mean)
    p = at_least(counts, expected, expected**2 / over)
    return -np.log(np.maximum(p, 1e-300)), expected, expected + over


def _history(counts: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the seven periods that end ``lag`` periods before each."""
    mean, sigma = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
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
    sigma[_BASE + lag :] = np.where(usable, spread, np.nan)
    return mean, sigma
