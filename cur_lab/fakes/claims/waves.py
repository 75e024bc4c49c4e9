"""How fast a stretch of messages grew or faded: exponential rates from the times themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import scipy

from cur_lab.inference import FloatArray

_HOUR = 3600.0
_FEWEST = 5
# A quiet fortnight ends a wave.
QUIET = timedelta(days=14)


@dataclass(frozen=True)
class Doubling:
    """Hours in which the rate doubles (halves, if the times were turned round), and p of none.

    The upper end is None where the data agree with no growth at all.
    """

    hours: float | None
    low: float | None
    high: float | None
    p: float


def doubling(hours: FloatArray, length: float) -> Doubling | None:
    """Fit a rate that grows exponentially.

    Parameters
    ----------
    hours
        Times of messages since the beginning of the stretch.
    length
        Of the stretch, in hours.

    Returns
    -------
    Doubling or None
        With the 95 % interval of the likelihood ratio, widened by how much messages clump within
        tenths of the stretch; None below five messages or without a length.

    References
    ----------
    Cox D. R., Lewis P. A. W. (1966). The statistical analysis of series of events. Chapter 3
    (exponential trend of a Poisson process).
    """
    if len(hours) < _FEWEST or length <= 0:
        return None
    shares = np.clip(np.sort(hours) / length, 0, 1)
    number, mean = len(shares), float(shares.mean())
    rate = _root(lambda b: _mean(b) - mean)
    clumping = _dispersion(shares, rate)

    def drop(b: float) -> float:
        gain = number * ((rate - b) * mean - _log_norm(rate) + _log_norm(b))
        return 2 * gain / clumping - float(scipy.stats.chi2.ppf(0.95, 1))

    low = _end(drop, rate, -1.0)
    high = _end(drop, rate, 1.0)
    p = float(scipy.stats.chi2.sf(drop(0.0) + scipy.stats.chi2.ppf(0.95, 1), 1))
    best, least, most = (
        length * float(np.log(2)) / b if b > 0 else None for b in (rate, high, low)
    )
    return Doubling(best, least, most, p)


# --- the exponential on [0, 1] with rate b --------------------------------------------------------

_STEEPEST = 200.0


def _mean(b: float) -> float:
    if abs(b) < 1e-4:
        return 0.5 + b / 12
    return float(1 / -np.expm1(-b) - 1 / b)


def _log_norm(b: float) -> float:
    """Log of the integral of exp(bt) over [0, 1]."""
    if abs(b) < 1e-4:
        return b / 2
    if b > 0:
        return float(b + np.log(-np.expm1(-b)) - np.log(b))
    return float(np.log(-np.expm1(b)) - np.log(-b))


def _root(function: Callable[[float], float]) -> float:
    if function(-_STEEPEST) >= 0:
        return -_STEEPEST
    if function(_STEEPEST) <= 0:
        return _STEEPEST
    return float(scipy.optimize.brentq(function, -_STEEPEST, _STEEPEST))


def _end(drop: Callable[[float], float], rate: float, direction: float) -> float:
    """End of the interval on one side; the steepest where it is beyond."""
    step = 1.0
    while drop(rate + direction * step) < 0:
        step *= 2
        if step > 4 * _STEEPEST:
            return direction * _STEEPEST
    return float(scipy.optimize.brentq(drop, rate, rate + direction * step))


def _dispersion(shares: FloatArray, rate: float) -> float:
    """Variance over mean of counts in bins that should hold equally many; at least one."""
    bins = int(np.clip(len(shares) // 5, 2, 10))
    if abs(rate) < 1e-4:
        even = shares
    elif rate > 0:
        even = np.expm1(rate * (shares - 1)) + -np.expm1(-rate)
        even = even / -np.expm1(-rate)
    else:
        even = np.expm1(rate * shares) / np.expm1(rate)
    counts = np.histogram(np.clip(even, 0, 1), bins=bins, range=(0, 1))[0]
    expected = len(shares) / bins
    return max(1.0, float(((counts - expected) ** 2).sum() / expected / max(1, bins - 2)))


# --- waves ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wave:
    """A stretch of messages without a quiet fortnight; peak: middle of the busiest 24 hours."""

    times: tuple[datetime, ...]
    peak: datetime

    @property
    def start(self) -> datetime:
        """First message."""
        return self.times[0]

    @property
    def stop(self) -> datetime:
        """Last message."""
        return self.times[-1]

    def growth(self) -> Doubling | None:
        """Doubling from the first message to the peak."""
        hours = _hours(self.times, self.start)
        length = (self.peak - self.start).total_seconds() / _HOUR
        # The first message sets the clock and says nothing of the pace.
        return doubling(hours[(hours <= length)][1:], length)

    def fading(self) -> Doubling | None:
        """Half-life from the peak to the last message."""
        hours = -_hours(self.times, self.stop)
        length = (self.stop - self.peak).total_seconds() / _HOUR
        return doubling(hours[hours <= length][:-1], length)


def waves(times: list[datetime]) -> list[Wave]:
    """Part sorted times into waves."""
    found: list[list[datetime]] = []
    for time in times:
        if not found or time - found[-1][-1] > QUIET:
            found.append([])
        found[-1].append(time)
    return [Wave(tuple(wave), _peak(wave)) for wave in found]


def _peak(times: list[datetime]) -> datetime:
    day = timedelta(days=1)
    within = np.searchsorted(_hours(tuple(times), times[0]), _hours(tuple(times), times[0]) + 24)
    counts = within - np.arange(len(times))
    first = int(np.argmax(counts))
    inside = [time for time in times[first:] if time <= times[first] + day]
    return inside[len(inside) // 2]


def _hours(times: tuple[datetime, ...], origin: datetime) -> FloatArray:
    return np.array([(time - origin).total_seconds() / _HOUR for time in times])
