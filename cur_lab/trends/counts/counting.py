"""Messages, incidents and authors side by side, over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import polars as pl

from cur_lab import clock, prepare
from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import FloatArray, IntArray, garwood, rhythm

__all__ = ["counts"]

Period = Literal["1h", "1d", "1w", "1mo"]
_WHERE = "trends.counts"
# Periods after which the rhythm of a source repeats: hours and days of a week.
_WEEK = {"1h": 168, "1d": 7, "1w": 1, "1mo": 1}
# One source in a hundred is taken for interrupted though it is not.
_GAP_ERROR = 0.01
# A frame beyond this does not fit the memory of the machine this is made for.
_MOST_ROWS = 20_000_000
_DISPERSION = "dispersion"
_EPOCH = date(1970, 1, 1).toordinal()


@c.needs(c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT)
def counts(
    messages: pl.DataFrame,
    by: Sequence[str] = (c.RUBRIC, c.MUNICIPALITY),
    every: Period = "1d",
    *,
    municipalities: pl.DataFrame | None = None,
    zone: str = "Europe/Moscow",
) -> pl.DataFrame:
    """Count messages, incidents and authors in every period.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``text`` and the columns of ``by``; uses
        ``author_id`` and ``family``. Messages without a date are in no period: the counts add up
        to those that have one.
    by
        Columns that make one series each: ``rubric``, ``rubric_group``, ``municipality``,
        ``channel``, ``topic``, ``agency``, ``kind``; none for the whole source. Messages that do
        not state one (null) form a series of their own.
    every
        Length of a period: ``"1h"``, ``"1d"``, ``"1w"`` (from Monday) or ``"1mo"``.
    municipalities
        Table ``municipalities``, for rates. Without ``municipality`` in ``by`` its sum is the
        number of residents.
    zone
        Days and hours are those of this time zone.

    Returns
    -------
    DataFrame
        ``columns.COUNTS``: every series that has a message, in every period from the first to the
        last of the source, zeros included. ``period_start`` is the instant at which the local hour
        or day begins. An incident is a family of texts, or a text that is in none; one with
        messages in several cells counts once in each, as does an author, so that only ``messages``
        may be added up. A message without an author counts as one author. The first and the last
        period may be incomplete. Cells are not suppressed: see
        :func:`cur_lab.disclosure.publishable` before they are shown.

    Raises
    ------
    NotEnoughDataError
        If no message has a date.
    ParameterError
        If ``by``, ``every`` or ``zone`` is unknown, or the frame would not fit into memory.
    SchemaError
        If a column is missing.

    Notes
    -----
    ``rate`` is messages per 10,000 residents. Its 95 % interval is Garwood's for a Poisson count
    at the effective size y/φ: messages come in bunches, and φ ≥ 1, the dispersion of the series,
    is the mean square of its second differences over six times its mean, which is one for a Poisson
    count and which a steady rise leaves alone. A series of fewer than three periods has φ = 1.

    ``recorded`` is false, and the rate null, in runs of periods without a message in the whole
    source whose probability under the source's own rhythm is below 0.01 divided by the number of
    periods: a Poisson zero of bunches of φ messages, with the shape of the week and the lower of
    the levels just before and just after the run. A period in which the source fell silent half
    way counts as recorded.

    References
    ----------
    Garwood F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    _checked(messages, by, every, zone)
    named = prepare.with_families(messages)
    return tally(named, by, every, municipalities=municipalities, zone=zone)


def tally(
    messages: pl.DataFrame,
    by: Sequence[str],
    every: str,
    *,
    municipalities: pl.DataFrame | None = None,
    zone: str,
) -> pl.DataFrame:
    """As :func:`counts`, for those who do not ask for incidents: without families none is found."""
    series = _checked(messages, by, every, zone)
    dated = _dated(messages, series, every, zone=zone)
    periods = _periods(dated, every, zone=zone)
    keys = dated.select(series).unique() if series else pl.DataFrame({"": [None]})
    if periods.height * keys.height > _MOST_ROWS:
        raise ParameterError(
            f"{keys.height:,} series of {periods.height:,} periods do not fit into memory",
            where=_WHERE,
            remedy="Take longer periods, fewer columns in by, or messages of fewer years",
        )
    cells = dated.group_by(*series, c.PERIOD_START).agg(
        pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT),
        pl.col(c.FAMILY).n_unique().cast(pl.Int64).alias(c.INCIDENTS),
        pl.col(c.AUTHOR_ID).n_unique().cast(pl.Int64).alias(c.AUTHORS),
    )
    grid = (
        keys.join(periods, how="cross")
        .join(cells, on=[*series, c.PERIOD_START], how="left", nulls_equal=True, validate="1:1")
        .with_columns(pl.col(c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS).fill_null(0))
        .sort(*series, c.PERIOD_START)
    )
    return c.COUNTS.conform(_rated(_populated(grid, municipalities), series))


def _checked(messages: pl.DataFrame, by: Sequence[str], every: str, zone: str) -> list[str]:
    if every not in get_args(Period):
        remedy = f"Take {', '.join(get_args(Period))}"
        raise ParameterError(f"period {every!r} is not known", where=_WHERE, remedy=remedy)
    series = c.COUNTS.split_by(by, where=_WHERE)
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT], where=_WHERE)
    if absent := set(series) - set(messages.columns):
        raise SchemaError.missing(absent, messages.columns, where=_WHERE)
    clock.zone_of(zone, where=_WHERE)
    return series


def _dated(
    messages: pl.DataFrame,
    series: list[str],
    every: str,
    *,
    zone: str,
) -> pl.DataFrame:
    """Messages that have a date: series, period, author, family."""
    dated = messages.filter(pl.col(c.PUBLISHED_AT).is_not_null())
    if dated.is_empty():
        raise NotEnoughDataError(
            f"none of {messages.height} messages has a date",
            where=_WHERE,
            remedy="Name the column of dates when reading: readers.read(path, columns=…)",
            code="no_dates",
        )
    family, author = (
        pl.coalesce([column for column in (name, c.MESSAGE_ID) if column in messages.columns])
        for name in (c.FAMILY, c.AUTHOR_ID)
    )
    return dated.select(
        *(pl.col(name).cast(c.COUNTS.full_schema[name]) for name in series),
        clock.begin(c.PUBLISHED_AT, every, zone).alias(c.PERIOD_START),
        family.alias(c.FAMILY),
        author.alias(c.AUTHOR_ID),
    )


# --- periods in which the source itself is silent -----------------------------------------------


def _periods(dated: pl.DataFrame, every: str, *, zone: str) -> pl.DataFrame:
    """Every period from the first to the last, and whether the source was recorded in it."""
    start = clock.local(c.PERIOD_START, zone)
    grid = dated.select(
        pl.datetime_range(start.min(), start.max(), every).dt.convert_time_zone("UTC")
    )
    totals = grid.join(
        dated.group_by(c.PERIOD_START).len(), on=c.PERIOD_START, how="left", validate="1:1"
    ).sort(c.PERIOD_START)
    counted = totals["len"].fill_null(0).to_numpy().astype(float)
    recorded = _recorded(counted, _places(totals, every, zone), _WEEK[every])
    return totals.select(c.PERIOD_START, pl.Series(c.RECORDED, recorded, dtype=pl.Boolean))


def _places(periods: pl.DataFrame, every: str, zone: str) -> IntArray:
    """Where in its week each period stands."""
    local = periods.select(clock.local(c.PERIOD_START, zone))[c.PERIOD_START]
    if _WEEK[every] == 1:
        return np.zeros(local.len(), dtype=np.int64)
    days = local.dt.date().to_physical().to_numpy() + _EPOCH
    weekday = rhythm.weekdays(days.astype(np.int64))
    return weekday if every == "1d" else weekday * 24 + local.dt.hour().to_numpy()


def _recorded(totals: FloatArray, places: IntArray, week: int) -> list[bool]:
    """Tell runs of zeros that are too long to be chance; the rule stands in :func:`counts`."""
    recorded = np.ones(totals.size, dtype=bool)
    shape = rhythm.shape(totals, places, length=week)[places]
    dispersion = _dispersion(totals, lag=week)
    least = -np.log(_GAP_ERROR / totals.size)
    filled = np.flatnonzero(totals > 0).tolist()
    for last, following in pairwise(filled):
        if following - last < 2:
            continue
        reach = max(following - last - 1, week)
        before = slice(max(0, last + 1 - reach), last + 1)
        after = slice(following, following + reach)
        level = min(totals[side].sum() / shape[side].sum() for side in (before, after))
        if level * shape[last + 1 : following].sum() / dispersion > least:
            recorded[last + 1 : following] = False
    return recorded.tolist()


def _dispersion(values: FloatArray, *, lag: int) -> float:
    if values.size <= lag:
        return 1.0
    squares = ((values[lag:] - values[:-lag]) ** 2).sum()
    return max(1.0, float(squares / max((values[lag:] + values[:-lag]).sum(), 1.0)))


# --- rates --------------------------------------------------------------------------------------


def _populated(grid: pl.DataFrame, municipalities: pl.DataFrame | None) -> pl.DataFrame:
    if municipalities is None:
        return grid.with_columns(pl.lit(None, dtype=pl.Int64).alias(c.POPULATION))
    everybody = residents(municipalities)
    if c.MUNICIPALITY not in grid.columns:
        return grid.with_columns(pl.lit(everybody, dtype=pl.Int64).alias(c.POPULATION))
    known = municipalities.select(c.MUNICIPALITY, c.POPULATION)
    return grid.join(known, on=c.MUNICIPALITY, how="left", validate="m:1", maintain_order="left")


def residents(municipalities: pl.DataFrame) -> int | None:
    """Count the residents of all municipalities; None where not all of them are known.

    A sum without those that nobody told would be too small, and every rate over it too large.
    """
    c.MUNICIPALITIES.require(municipalities, [c.MUNICIPALITY, c.POPULATION], where=_WHERE)
    c.check_once(municipalities, c.MUNICIPALITY, where=f"{_WHERE}(municipalities)")
    known = municipalities[c.POPULATION]
    return None if known.null_count() else int(known.sum())


def _rated(grid: pl.DataFrame, series: list[str]) -> pl.DataFrame:
    """Add the rate and its interval to a grid sorted by series and period."""
    count = pl.col(c.MESSAGES_COUNT)
    # A gap is not a fall to zero: only recorded neighbours are compared.
    before, after = count.shift(1), count.shift(-1)
    recorded = pl.col(c.RECORDED)
    whole = recorded & recorded.shift(1) & recorded.shift(-1)
    bend = pl.when(whole).then((before - 2 * count + after) ** 2).sum()
    total = pl.when(whole).then(before + 4 * count + after).sum()
    dispersion = pl.when(total > 0).then((bend / total).clip(1.0)).otherwise(1.0)
    grid = grid.with_columns((dispersion.over(series) if series else dispersion).alias(_DISPERSION))
    # Most cells are equal zeros, and the inverse of the gamma distribution is dear.
    distinct = grid.select(c.MESSAGES_COUNT, _DISPERSION).unique()
    low, high = garwood(distinct[c.MESSAGES_COUNT], dispersion=distinct[_DISPERSION])
    ends = distinct.with_columns(pl.Series(c.RATE_LOW, low), pl.Series(c.RATE_HIGH, high))
    grid = grid.join(
        ends,
        on=[c.MESSAGES_COUNT, _DISPERSION],
        how="left",
        validate="m:1",
        maintain_order="left",
    ).with_columns(count.cast(pl.Float64).alias(c.RATE))
    residents = pl.when(pl.col(c.POPULATION) > 0).then(pl.col(c.POPULATION))
    return grid.with_columns(
        pl.when(c.RECORDED).then(pl.col(name) * 10_000 / residents).alias(name)
        for name in (c.RATE, c.RATE_LOW, c.RATE_HIGH)
    ).drop(_DISPERSION)
