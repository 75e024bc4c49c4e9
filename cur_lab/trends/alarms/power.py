"""What a budget buys: the smallest burst that would have been seen.

Asked of the hours of the last four weeks in which something was written: a burst of how many
messages within such an hour, beside nothing else, would have been beyond what its series needs. Of
series of like volume four hours in five need no more than the number told.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least
from cur_lab.trends.alarms.episodes import FEWEST
from cur_lab.trends.alarms.events import DAY
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.scan import Scores

SEEN = 0.8
_RECENT = 28
_LARGEST = 300
# Messages a day below which a series is of a class, and its code.
_CLASSES = ((0.1, "rare"), (1.0, "below_one"), (10.0, "below_ten"), (np.inf, "more"))


def smallest_bursts(scores: Scores, null: Null, limits: FloatArray) -> pl.DataFrame:
    """Return table ``alarm power`` for the end of the scores."""
    recent = scores.hour > scores.hour.max(initial=0) - _RECENT * DAY
    rows = np.flatnonzero((scores.place >= 0) & recent)
    blocks = int(null.block[-1]) + 1 - null.first if rows.size else 0
    needed = null.needed(rows, limits[rows], blocks)
    hourly = scores.expected[rows] / scores.window[rows]
    size = hourly / scores.expected[rows] * scores.size[rows]
    smallest = _smallest(hourly, size, needed)
    series = scores.group[rows] * (scores.place.max(initial=0) + 1) + scores.place[rows]
    classes = [most for most, _ in _CLASSES]
    kind = np.searchsorted(classes, scores.level[rows], side="right")
    told = [
        (code, np.unique(series[kind == number]).size, _most(smallest[kind == number]))
        for number, (_, code) in enumerate(_CLASSES)
        if (kind == number).any()
    ]
    return c.ALARM_POWER.conform(pl.DataFrame(told, c.ALARM_POWER.schema, orient="row"))


def _smallest(hourly: FloatArray, size: FloatArray, needed: FloatArray) -> IntArray:
    """Find, by halving, the smallest count as surprising as needed."""
    low, high = np.full(needed.size, FEWEST), np.full(needed.size, _LARGEST)
    while (low < high).any():
        middle = (low + high) // 2
        chance = at_least(middle, hourly, size)
        enough = -np.log(np.maximum(chance, 1e-300)) >= needed
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
        low = np.minimum(low, high)
    return low


def _most(smallest: IntArray) -> int:
    return int(np.quantile(smallest, SEEN, method="higher"))
