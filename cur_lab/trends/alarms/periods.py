"""Score days or weeks: EARS where the history is short, Farrington Flexible where it is long."""

from __future__ import annotations

import numpy as np

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.trends.alarms.ears import SHORTEST, Judged, judge
from cur_lab.trends.alarms.events import DAY, WEEK, Panel
from cur_lab.trends.alarms.farrington import farrington, history_needed
from cur_lab.trends.alarms.scan import SHARED, Scores

LENGTH = {"1d": DAY, "1w": WEEK}
# Farrington's own rule: at least five in the last four periods, else the model says nothing.
_RECENT, _LEAST = 4, 5


def score_periods(panel: Panel, every: str) -> tuple[Scores, BoolArray, BoolArray]:
    """Score every period of every series with a message, by the periods before it.

    Returns
    -------
    tuple
        Scores, whose ``hour`` numbers periods and whose ``window`` counts them; whether each was
        judged by Farrington Flexible, else by EARS; and whether it may raise an alarm.
    """
    length = LENGTH[every]
    start = panel.weekday * DAY if every == "1w" else 0  # weeks begin on Monday
    period = (panel.hour + start) // length
    counts, group, place = _dense(panel, period)
    heard = np.add.reduceat(~panel.silent, np.arange(0, panel.silent.size, DAY)) > 0
    whole = np.bincount((np.flatnonzero(heard) * DAY + start) // length, minlength=counts.shape[0])
    # A week with a silent day would look like a fall, and the next like a rise.
    full = whole[: counts.shape[0]] * DAY >= 0.8 * length
    full[-1] = True  # it may still be under way: a count too low raises nothing
    known = np.where(full[:, None], counts, np.nan)
    found = judge(known)
    flexible = _flexible(known, found, 365.25 * DAY / length)
    observed, expected, variance = found.observed, found.expected, found.variance
    judged = (
        (counts > 0) & np.isfinite(expected) & (np.arange(counts.shape[0]) >= SHORTEST)[:, None]
    )
    at, series = np.nonzero(judged)
    mean = np.maximum(expected[judged], 1e-6)
    size = mean**2 / np.maximum(variance[judged] - mean, mean * 1e-6)
    scores = Scores(
        hour=at,
        group=group[series],
        place=place[series],
        surprise=found.surprise[judged],
        window=found.window[judged],
        observed=observed[judged],
        expected=mean,
        size=size,
        level=mean / found.window[judged],
    )
    order = np.lexsort((scores.place, scores.group, scores.hour))
    ordered = Scores(*(getattr(scores, name)[order] for name in Scores.__dataclass_fields__))
    return ordered, flexible[judged][order], found.raised[judged][order]


def _dense(panel: Panel, period: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Count every period and series; all places but the loudest are one series more."""
    cube = np.zeros((int(period[-1]) + 1, panel.groups, panel.places))
    np.add.at(cube, (period, panel.group, panel.place), 1.0)
    group = np.repeat(np.arange(panel.groups), panel.places)
    place = np.tile(np.arange(panel.places), panel.groups)
    flat = cube.reshape(cube.shape[0], -1)
    if panel.places == 1:
        return flat, group, place
    rest = cube.sum(axis=2) - cube.max(axis=2)
    return (
        np.concatenate([flat, rest], axis=1),
        np.append(group, np.arange(panel.groups)),
        np.append(place, np.full(panel.groups, SHARED)),
    )


def _flexible(counts: FloatArray, found: Judged, per_year: float) -> BoolArray:
    """Replace EARS by Farrington Flexible, in place, wherever the history carries it."""
    used = np.zeros(counts.shape, dtype=bool)
    filled = np.nan_to_num(counts)
    offset = np.zeros(counts.shape[0])
    for now in range(history_needed(per_year), counts.shape[0]):
        recent = filled[now - _RECENT : now].sum(axis=0) >= _LEAST
        series = np.flatnonzero(recent & (filled[now] > 0))
        if not series.size or not np.isfinite(counts[now]).all():
            continue
        ahead = farrington(counts[:, series], offset, now, per_year=per_year)
        used[now, series] = True
        found.which[now, series] = 1
        found.raised[now, series] = True
        found.observed[now, series] = filled[now, series]
        found.expected[now, series] = ahead.expected
        found.variance[now, series] = ahead.expected * ahead.dispersion
        found.surprise[now, series] = -np.log(np.maximum(ahead.tail(filled[now, series]), 1e-300))
    return used
