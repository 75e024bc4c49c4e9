"""EARS C1 on trailing hours: what is much for these hours of the day, in this series.

The scan shares its rhythm among all series and takes counts for scattered at least as a Poisson
count is. A channel with habits of its own scatters less, and what rises slowly in it over half a
day drowns in what the scan allows. So the six hours that end with each message are compared with
the same six of the last four weeks, by their own mean and standard deviation. (C1 takes seven days,
which is too few to know either by.) Asked is only where the scan wonders, too.

References
----------
Hutwagner L., Thompson W., Seeman G., Treadwell T. (2003). The bioterrorism preparedness and
response Early Aberration Reporting System (EARS). Journal of Urban Health 80, i89-i96.
"""

from __future__ import annotations

import numpy as np

from cur_lab.inference import IntArray
from cur_lab.trends.alarms.episodes import FEWEST
from cur_lab.trends.alarms.events import DAY, Panel
from cur_lab.trends.alarms.scan import Scores

HOURS = 6
_DAYS, _FEWEST_DAYS = 28, 14
_LEAST_SIGMA = 0.5
_WONDER = 1.0  # −ln p of the scan
_RISE_PRIOR = 3.0  # messages by which a rise of all other series is drawn to none


def rolling(panel: Panel, scanned: Scores) -> Scores:
    """Score the hours of series that the scan scored, by C1 over the trailing hours.

    ``surprise`` is the number of standard deviations above the mean: a scale like any other, as
    what comes by chance is measured. By as much as all other series together surely rose, this one
    was to be expected to.
    """
    kept = np.flatnonzero((scanned.place >= 0) & (scanned.surprise >= _WONDER))
    series = scanned.group * panel.places + scanned.place
    own, everyone = _Counts(panel, of_all=False), _Counts(panel, of_all=True)
    enough = own.within(series[kept], scanned.hour[kept] + 1) >= FEWEST
    kept = kept[enough]
    series, end = series[kept], scanned.hour[kept] + 1
    written, around = own.within(series, end), everyone.within(0 * series, end)
    silent = np.concatenate([[0], np.cumsum(panel.silent)])
    born = own.first(series)
    total, square, days, around_total = (np.zeros(kept.size) for _ in range(4))
    for back in range(1, _DAYS + 1):
        then = end - back * DAY
        heard = then - HOURS >= born
        heard &= silent[np.maximum(then, 0)] == silent[np.maximum(then - HOURS, 0)]
        past = own.within(series, then) * heard
        total += past
        square += past**2
        around_total += everyone.within(0 * series, then) * heard
        days += heard
    known = days >= _FEWEST_DAYS
    kept, observed, around = kept[known], written[known].astype(float), around[known]
    total, square, days, around_total = (
        part[known] for part in (total, square, days, around_total)
    )
    others = around - observed
    surely = others - np.sqrt(others)
    due = (around_total - total) / days
    rise = np.maximum(1.0, (surely + _RISE_PRIOR) / (due + _RISE_PRIOR))
    # Half a message more than seen: what was never heard of is rare, not impossible.
    mean = (total + 0.5) / days * rise
    spread = np.maximum(square - total**2 / days, 0.0) / (days - 1)
    variance = np.maximum(spread, _LEAST_SIGMA**2) * (1 + 1 / days) * rise**2
    return Scores(
        hour=scanned.hour[kept],
        group=scanned.group[kept],
        place=scanned.place[kept],
        surprise=np.maximum(observed - mean, 0.0) / np.sqrt(variance),
        window=np.full(kept.size, HOURS),
        observed=observed,
        expected=mean,
        size=mean**2 / np.maximum(variance - mean, mean * 1e-6),
        level=scanned.level[kept],
    )


class _Counts:
    """How many events of a series, or of all, lie in the hours that end before another."""

    def __init__(self, panel: Panel, *, of_all: bool) -> None:
        self._length = int(panel.silent.size) + 1
        series = panel.group * panel.places + panel.place
        self._sorted = np.sort((0 if of_all else series) * self._length + panel.hour)
        self._born = np.full(panel.groups, self._length)
        np.minimum.at(self._born, panel.group, panel.hour)
        self._places = panel.places

    def within(self, series: IntArray, end: IntArray) -> IntArray:
        """Events of each series in the hours before this one."""
        start, stop = (
            np.searchsorted(self._sorted, series * self._length + np.maximum(hour, 0))
            for hour in (end - HOURS, end)
        )
        return np.asarray(stop - start, dtype=np.int64)

    def first(self, series: IntArray) -> IntArray:
        """First hour of the group of each series."""
        return self._born[series // self._places]
