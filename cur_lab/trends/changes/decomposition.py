"""Counts split into a slow part, the week, the year and the rest."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray
from cur_lab.trends.changes.daily import Daily, Unit, daily

__all__ = ["decomposition"]

_WHERE = "trends.decomposition"
_WEEK, _YEAR = 7, 365
_FEWEST_DAYS = 3 * _WEEK


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
    MSTL with periods of 7 and, where there are more than two years, 365 days, robust to single
    days. Two years give the time of year two looks only: it takes noise and lasting changes in.
    Days on which the source was silent are bridged by a straight line, and their rest is null.

    References
    ----------
    Bandara K., Hyndman R., Bergmeir C. (2021). MSTL: a seasonal-trend decomposition algorithm for
    time series with multiple seasonal patterns. arXiv:2107.13462.
    """
    data = daily(counts, of, zone=zone, where=_WHERE)
    if data.days.size < _FEWEST_DAYS:
        raise NotEnoughDataError(
            f"{data.days.size} days cannot tell the week from the rest",
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
    return c.DECOMPOSITION.conform(pl.concat(parts))


def _parts(values: FloatArray, data: Daily) -> pl.DataFrame:
    # Imported late: it takes longer than everything else here.
    from statsmodels.tsa.seasonal import MSTL

    place = np.arange(values.size)
    bridged = np.interp(place, place[data.recorded], values[data.recorded])
    yearly = values.size > 2 * _YEAR
    periods = (_WEEK, _YEAR) if yearly else (_WEEK,)
    found = MSTL(bridged, periods=periods, stl_kwargs={"robust": True}).fit()
    seasonal = found.seasonal.reshape(values.size, -1)
    recorded = pl.Series(data.recorded)
    frame = pl.DataFrame(
        {
            c.PERIOD_START: data.starts,
            c.OBSERVED: values,
            c.TREND: found.trend,
            c.SEASONAL_WEEK: seasonal[:, 0],
            c.SEASONAL_YEAR: seasonal[:, 1] if yearly else [None] * values.size,
            c.REST: bridged - found.trend - seasonal.sum(axis=1),
        },
        schema=c.DECOMPOSITION.schema,
    )
    return frame.with_columns(
        pl.when(recorded).then(name).alias(name) for name in (c.OBSERVED, c.REST)
    )
