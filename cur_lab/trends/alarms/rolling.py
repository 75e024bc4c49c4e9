"""EARS C1 on trailing hours: what is much for these hours of the day, in this series.

The scan shares its rhythm among all series and takes counts for scattered at least as a Poisson
count is. A channel with habits of its own scatters less, and what rises in it over half a day
drowns in what the scan allows; one that scatters more by day and less by night is allowed too much
in both. So the last hours are compared with the same hours of the last eight weeks, workdays with
workdays, by their own mean and standard deviation. (C1 takes seven days, which is too few to know
either by, and weekends among them widen what is usual on workdays.) Workdays and days off have one
dispersion, or there would be too few of the latter. As it is measured and no more, the tail is
Student's where counts scatter less than by chance, and never lighter than that.

References
----------
Hutwagner L., Thompson W., Seeman G., Treadwell T. (2003). The bioterrorism preparedness and
response Early Aberration Reporting System (EARS). Journal of Urban Health 80, i89-i96.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least
from cur_lab.trends.alarms.episodes import FEWEST
from cur_lab.trends.alarms.events import DAY, Panel, weekdays
from cur_lab.trends.alarms.scan import Scores

WINDOWS = (1, 3, 6, 12, 24)
_DAYS, _FEWEST_DAYS, _FEWEST_ALIKE = 56, 14, 5
_LEAST_A_DAY = 1.0
_SATURDAY = 5
_LEAST_SIGMA = 0.3
_POISSON_DAYS = 2.0  # days of scatter by chance by which the dispersion is drawn to one
_REGULAR = 2.0  # usual messages of a window below which it cannot scatter less than by chance
_WONDER = 1.0  # −ln p of the scan
_RISE_PRIOR = 3.0  # messages by which a rise of all other series is drawn to none
_TINY = 1e-300


def busy(scanned: Scores) -> BoolArray:
    """Tell which scores are of series whose own moments can be known: of a message a day or more.

    Where fewer are written three at once have no forerunner, and any scale is a guess.
    """
    return np.asarray((scanned.place >= 0) & (scanned.level >= _LEAST_A_DAY))


def rolling(panel: Panel, scanned: Scores) -> Scores:
    """Score the hours of series that the scan scored, by C1 over trailing hours.

    Of several windows the most surprising one speaks. By as much as all other series together
    surely rose, this one was to be expected to. Asked is only where the scan wonders, too.
    """
    kept = np.flatnonzero(busy(scanned) & (scanned.surprise >= _WONDER))
    series = scanned.group * panel.places + scanned.place
    past = _Past(panel, series[kept], scanned.hour[kept] + 1)
    judged = [past.judged(window) for window in WINDOWS]
    best = np.stack([part[0] for part in judged]).argmax(axis=0)[None]
    surprise, observed, mean, variance = (
        np.take_along_axis(np.stack(part), best, axis=0)[0] for part in zip(*judged, strict=True)
    )
    known = surprise >= 0
    kept, mean, variance = kept[known], mean[known], variance[known]
    return Scores(
        hour=scanned.hour[kept],
        group=scanned.group[kept],
        place=scanned.place[kept],
        surprise=surprise[known],
        window=np.asarray(WINDOWS, dtype=np.int64)[best[0][known]],
        observed=observed[known],
        expected=mean,
        size=_size(mean, variance),
        level=scanned.level[kept],
    )


@dataclass(frozen=True, eq=False)
class _Sums:
    """Of the days before that are alike, and of the others; shape (2, rows)."""

    days: FloatArray
    total: FloatArray
    square: FloatArray
    around: FloatArray


class _Past:
    """The hours that end with each of some rows, and the same hours of days before."""

    def __init__(self, panel: Panel, series: IntArray, end: IntArray) -> None:
        self._series, self._end, self._length = series, end, int(panel.silent.size) + 1
        named = panel.group * panel.places + panel.place
        self._sorted = np.sort(named * self._length + panel.hour)
        everyone = np.bincount(panel.hour, minlength=panel.silent.size)
        self._everyone = np.concatenate([[0], np.cumsum(everyone)])
        self._silent = np.concatenate([[0], np.cumsum(panel.silent)])
        self._free = weekdays(panel.first, panel.days) >= _SATURDAY
        born = np.full(panel.groups, self._length)
        np.minimum.at(born, panel.group, panel.hour)
        self._born = born[series // panel.places]

    def judged(self, window: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return surprise (−1 where nothing can be said), count, mean and variance of a window."""
        written = self._within(self._end, window)
        sums = self._sums(window)
        days = np.maximum(sums.days, 1)
        # Half a message more than seen: what was never heard of is rare, not impossible.
        mean = (sums.total + 0.5) / days
        spread = np.maximum(sums.square - sums.total**2 / days, 0.0) / mean
        freedom = np.maximum(sums.days - 1, 0).sum(axis=0) + _POISSON_DAYS
        dispersion = (spread.sum(axis=0) + _POISSON_DAYS) / freedom
        rise = self._rise(written, sums, window)
        usual = mean[0]
        dispersion = np.where(usual < _REGULAR, np.maximum(dispersion, 1.0), dispersion)
        variance = np.maximum(dispersion * usual, _LEAST_SIGMA**2) + dispersion * usual / days[0]
        mean, variance = usual * rise, variance * rise**2
        counted = at_least(written, mean, _size(mean, variance))
        counted = np.where((variance > mean) | (usual < _REGULAR), counted, 0.0)
        student = scipy.special.stdtr(freedom, (mean + 0.5 - written) / np.sqrt(variance))
        surprise = -np.log(np.maximum(np.maximum(counted, student), _TINY))
        known = (sums.days[0] >= _FEWEST_ALIKE) & (sums.days.sum(axis=0) >= _FEWEST_DAYS)
        known &= (written >= FEWEST) & (written > mean)
        return np.where(known, surprise, -1.0), written, mean, variance

    def _sums(self, window: int) -> _Sums:
        days, total, square, around = np.zeros((4, 2, self._end.size))
        now = self._free[(self._end - 1) // DAY]
        for back in range(1, _DAYS + 1):
            then = self._end - back * DAY
            heard = then - window >= self._born
            begin = np.maximum(then - window, 0)
            heard &= self._silent[np.maximum(then, 0)] == self._silent[begin]
            alike = self._free[np.maximum(then - 1, 0) // DAY] == now
            written, everyone = self._within(then, window), self._around(then, window)
            for kind, of_kind in enumerate((heard & alike, heard & ~alike)):
                days[kind] += of_kind
                total[kind] += written * of_kind
                square[kind] += written**2 * of_kind
                around[kind] += everyone * of_kind
        return _Sums(days, total, square, around)

    def _rise(self, written: FloatArray, sums: _Sums, window: int) -> FloatArray:
        others = self._around(self._end, window) - written
        due = (sums.around[0] - sums.total[0]) / np.maximum(sums.days[0], 1)
        surely = others - np.sqrt(others)
        return np.asarray(np.maximum(1.0, (surely + _RISE_PRIOR) / (due + _RISE_PRIOR)))

    def _within(self, end: IntArray, window: int) -> FloatArray:
        start, stop = (
            np.searchsorted(self._sorted, self._series * self._length + np.maximum(hour, 0))
            for hour in (end - window, end)
        )
        return np.asarray(stop - start, dtype=float)

    def _around(self, end: IntArray, window: int) -> FloatArray:
        start, stop = (self._everyone[np.maximum(hour, 0)] for hour in (end - window, end))
        return np.asarray(stop - start, dtype=float)


def _size(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Size of the negative binomial with these moments; huge where it scatters no more."""
    return np.asarray(mean**2 / np.maximum(variance - mean, mean * 1e-6))
