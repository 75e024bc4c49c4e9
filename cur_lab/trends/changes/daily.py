"""Daily counts as series of equal length over the same days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import clock
from cur_lab import columns as c
from cur_lab.errors import ParameterError
from cur_lab.inference import FloatArray, IntArray
from cur_lab.trends.changes.steps import YEAR

Unit = Literal["messages", "incidents", "authors"]


@dataclass(frozen=True, slots=True)
class Daily:
    """Counts of every series on the same days.

    Attributes
    ----------
    by
        Columns that name a series.
    values
        Key of a series → counts, one for each day; in the order of the keys, nulls first.
    days
        Ordinals of the local dates.
    starts
        The instants at which the days begin.
    recorded
        Whether the source was recorded on each day.
    years
        From the first day to the last, those left out included.
    """

    by: list[str]
    values: dict[tuple[Any, ...], FloatArray]
    days: IntArray
    starts: list[datetime]
    recorded: npt.NDArray[np.bool_]
    years: float


def daily(
    counts: pl.DataFrame, of: str, *, zone: str, where: str, working_days: bool = False
) -> Daily:
    """Lay counts out as series.

    Parameters
    ----------
    counts
        Frame of :func:`cur_lab.trends.counts` by day.
    of
        Column of counts.
    zone
        Time zone the days were counted in.
    where
        Function that asks, for errors.
    working_days
        Leave out public holidays and days on which the source was silent: a level is that of
        ordinary days.

    Raises
    ------
    ParameterError
        If the periods are not local days.
    SchemaError
        If a column is missing.
    """
    c.COUNTS.require(counts, [c.PERIOD_START, of, c.RECORDED], where=where)
    clock.zone_of(zone, where=where)
    by = c.COUNTS.splits(counts)
    kept = counts.drop_nulls([c.PERIOD_START, of]).sort(*by, c.PERIOD_START)
    grid = (
        kept.select(c.PERIOD_START, c.RECORDED)
        .unique(c.PERIOD_START)
        .sort(c.PERIOD_START)
        .with_columns(clock.local(c.PERIOD_START, zone).dt.date().alias("day"))
    )
    _check_daily(grid, zone=zone, where=where)
    chosen = np.ones(grid.height, dtype=bool)
    if working_days:
        chosen = grid[c.RECORDED].to_numpy() & ~_holidays(grid["day"])
    values = {
        key: part[of].to_numpy().astype(float)[chosen]
        for key, part in _series(kept, by, grid.height, where=where)
    }
    days = np.array([day.toordinal() for day in grid["day"]], dtype=np.int64)[chosen]
    return Daily(
        by,
        values,
        days,
        grid.filter(pl.Series(chosen))[c.PERIOD_START].to_list(),
        grid[c.RECORDED].to_numpy()[chosen],
        # The anniversary itself need not be there.
        years=(grid.height + 1) / YEAR,
    )


def _series(
    counts: pl.DataFrame, by: list[str], days: int, *, where: str
) -> Iterator[tuple[tuple[Any, ...], pl.DataFrame]]:
    if not by:
        yield (), counts
        return
    for key, part in counts.group_by(by, maintain_order=True):
        if part.height != days:
            raise ParameterError(
                f"{', '.join(map(str, key))} has {part.height} of {days} days",
                where=where,
                remedy="Give all rows of trends.counts: a day without messages is a zero",
            )
        yield key, part


def _check_daily(grid: pl.DataFrame, *, zone: str, where: str) -> None:
    local = grid[c.PERIOD_START].dt.convert_time_zone(zone)
    steps = grid["day"].diff().drop_nulls()
    if (steps != timedelta(days=1)).any() or (local.dt.hour() != 0).any():
        raise ParameterError(
            f"the periods are not days of {zone}",
            where=where,
            remedy='Count with every="1d" and give the same zone',
        )


def _holidays(days: pl.Series) -> npt.NDArray[np.bool_]:
    """Tell public holidays of Russia, days off moved to workdays among them."""
    if days.is_empty():
        return np.zeros(0, dtype=bool)
    # Imported late: it takes longer than counting.
    from holidays import country_holidays

    years = days.dt.year().unique().to_list()
    return days.is_in(sorted(country_holidays("RU", years=years))).to_numpy()
