"""Counts split into a slow part, the week, the year and the rest."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray, IntArray, rhythm
from cur_lab.trends.changes import yearly
from cur_lab.trends.changes.daily import Daily, Unit, daily

__all__ = ["decomposition"]

_WHERE = "trends.decomposition"
_WEEK = 7
_FEWEST_DAYS = 3 * _WEEK
# Days either side that the slow part is smoothed over, and rounds of taking turns.
_REACH = 45
_ROUNDS = 4
_DECIMALS = 6
# As in STL: a day six typical rests away counts for nothing.
_OUTLYING = 6
# The median of what a Poisson count scatters by, in standard deviations.
_LEAST = 0.67


@c.needs(c.PERIOD_START, c.RECORDED)
def decomposition(
    counts: pl.DataFrame, *, of: Unit = "messages", zone: str = "Europe/Moscow"
) -> pl.DataFrame:
    """Split daily counts into trend, weekday, time of year and rest, which add up to them.

    Parameters
    ----------
    counts
        Frame of :func:`cur_lab.trends.counts` by day.
    of
        What is counted: ``"messages"``, ``"incidents"`` or ``"authors"``.
    zone
        Time zone the days were counted in.

    Returns
    -------
    DataFrame
        ``columns.DECOMPOSITION``: a row for every series and day. The parts carry no interval:
        they redraw the same counts, and nothing is tested here; see
        :func:`cur_lab.trends.changes`.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than three weeks.
    ParameterError
        If the counts are not daily.
    SchemaError
        If a column is missing.

    Notes
    -----
    Rhythms multiply the slow part, which is a local line over 45 days either side; a weekday has
    one factor throughout. The time of year is three smooth waves, and there is none (null, the note
    says why) below two years or where a year does not repeat: the waves of the years must agree by
    more than they differ (F test of an analysis of variance, 5 %). So single days stay in the rest
    instead of becoming a season. Outlying days weigh less, by the bisquare of STL; days on which
    the source was silent weigh nothing, and their rest is null.

    References
    ----------
    Cleveland R. B. et al. (1990). STL: a seasonal-trend decomposition procedure based on loess.
    Journal of Official Statistics 6, 3-73.
    """
    data = daily(counts, of, zone=zone, where=_WHERE)
    days = int(data.recorded.sum())
    if days < _FEWEST_DAYS:
        raise NotEnoughDataError(
            f"{days} days cannot tell the week from the rest",
            where=_WHERE,
            remedy=f"At least {_FEWEST_DAYS} days",
            code="few_days",
        )
    identity = {name: c.COUNTS.full_schema[name] for name in data.by}
    parts = [
        _parts(values, data).with_columns(
            pl.lit(value, dtype=identity[name]).alias(name)
            for name, value in zip(data.by, key, strict=True)
        )
        for key, values in data.values.items()
    ]
    # The last digits of a least-squares fit hang on the processor; no zero is below nothing.
    rounded = pl.concat(parts).with_columns(pl.col(pl.Float64).round(_DECIMALS) + 0.0)
    return c.DECOMPOSITION.conform(rounded)


def _parts(values: FloatArray, data: Daily) -> pl.DataFrame:
    recorded = data.recorded.astype(float)
    repeats, note = None, "season_unseen"
    if data.years >= 2:
        note = "season_does_not_repeat"
        if values[data.recorded].any():
            repeats = yearly.season(values, recorded, data.days)
    season = np.ones(values.size) if repeats is None else repeats
    trend, week = _slow_and_week(values, recorded, season, rhythm.weekdays(data.days))
    of_year = trend * (season - 1)
    of_week = trend * season * (week - 1)
    frame = pl.DataFrame(
        {
            c.PERIOD_START: data.starts,
            c.OBSERVED: values,
            c.TREND: trend,
            c.SEASONAL_WEEK: of_week,
            c.SEASONAL_YEAR: [None] * values.size if repeats is None else of_year,
            c.REST: values - trend - of_week - of_year,
            c.NOTE: note if repeats is None else None,
        },
        schema=c.DECOMPOSITION.schema,
    )
    known = pl.Series(data.recorded)
    return frame.with_columns(
        pl.when(known).then(name).alias(name) for name in (c.OBSERVED, c.REST)
    )


def _slow_and_week(
    values: FloatArray, recorded: FloatArray, season: FloatArray, weekday: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Find the slow part and each day's factor of the week in turns; outlying days weigh less."""
    trend, week = np.zeros(values.size), np.ones(values.size)
    trust = recorded
    for _ in range(_ROUNDS):
        trend = _local_line(values, season * week, trust)
        expected = trend * season
        sums, means = (
            np.bincount(weekday, weights=trust * part, minlength=_WEEK)
            for part in (values, expected)
        )
        factors = np.divide(sums, means, out=np.ones(_WEEK), where=means > 0)
        week = (factors / factors.mean() if factors.any() else np.ones(_WEEK))[weekday]
        # A single message is never outlying, however rare messages are.
        scatter = np.sqrt(np.maximum(expected * week, 1))
        rest = np.abs(values - expected * week) / scatter
        far = _OUTLYING * max(float(np.median(rest[recorded > 0])), _LEAST)
        trust = recorded * np.clip(1 - (rest / far) ** 2, 0, None) ** 2
    return trend, week


def _local_line(values: FloatArray, rhythm: FloatArray, trust: FloatArray) -> FloatArray:
    """Smooth the counts over their rhythm by lines through the days around each, never below zero.

    References
    ----------
    Cleveland W. S. (1979). Robust locally weighted regression and smoothing scatterplots. JASA 74.
    """
    away = np.arange(-_REACH, _REACH + 1)
    near = (1 - np.abs(away / (_REACH + 1)) ** 3) ** 3
    total, first, second = (
        np.convolve(trust * rhythm, near * (-away) ** power)[_REACH:-_REACH] for power in range(3)
    )
    of_counts, of_slope = (
        np.convolve(trust * values, near * (-away) ** power)[_REACH:-_REACH] for power in range(2)
    )
    spread = total * second - first**2
    place = np.arange(values.size)
    # A gap longer than the reach is bridged.
    enough = (total > 0) & (spread > 1e-6 * total**2)
    if not enough.any():
        return np.zeros(values.size)
    line = (second * of_counts - first * of_slope)[enough] / spread[enough]
    return np.asarray(np.maximum(np.interp(place, place[enough], line), 0.0))
