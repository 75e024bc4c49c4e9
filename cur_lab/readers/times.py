"""Dates as people and programs write them → UTC.

One column may mix ISO dates, ``DD.MM.YYYY HH:MM``, unix seconds or milliseconds and Excel's day
numbers, with and without zones. A date without a zone is taken as time of the place.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from cur_lab.clock import ZONE

_CLOCK = (
    r"(?:[T\s,]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?"
    r"\s*(?<zone>Z|UTC|GMT|МСК|MSK|[+-]\d{2}(?::?\d{2})?)?$"
)
_YEAR_FIRST = r"^(?<year>\d{4})[-./](?<month>\d{1,2})[-./](?<day>\d{1,2})" + _CLOCK
_DAY_FIRST = r"^(?<day>\d{1,2})[-./](?<month>\d{1,2})[-./](?<year>\d{4}|\d{2})" + _CLOCK

# Outside these years a date is a slip of the pen or an empty cell of a spreadsheet.
_FIRST = pl.datetime(1990, 1, 1, time_zone="UTC")
_LAST = pl.datetime(2100, 1, 1, time_zone="UTC")

_MOSCOW = "МСК"
_WIDEST_OFFSET = 14 * 60
_UTC = pl.Datetime("us", "UTC")


def utc(found: pl.Series, timezone: str = ZONE) -> pl.Series:
    """Read a column of dates; what cannot be read is null.

    Parameters
    ----------
    found
        Strings, numbers, dates or date-times with or without a zone.
    timezone
        Name of the zone that dates without one are in.

    Returns
    -------
    Series
        Same name and length, microseconds in UTC.
    """
    column = pl.col(found.name)
    if isinstance(found.dtype, pl.Datetime):
        times = column if found.dtype.time_zone else _in_zone(column, timezone)
    elif found.dtype == pl.Date:
        times = _in_zone(column.cast(pl.Datetime), timezone)
    else:
        return _written(found.cast(pl.String, strict=False).str.strip_chars(), timezone)
    return found.to_frame().select(_plausible(times).alias(found.name)).to_series()


def _written(found: pl.Series, timezone: str) -> pl.Series:
    """Read strings, each by the first rule that understands it."""
    rules = (
        partial(_calendar, pattern=_YEAR_FIRST, timezone=timezone),
        partial(_calendar, pattern=_DAY_FIRST, timezone=timezone),
        partial(_number, timezone=timezone),
    )
    frame = found.alias("text").to_frame().with_row_index()
    left, read = frame.drop_nulls(), [frame.select("index", time=pl.lit(None, _UTC)).clear()]
    for rule in rules:
        times = rule(left["text"]).select(time=_plausible(pl.first()))
        tried = left.select("index").hstack(times)
        read.append(tried.drop_nulls())
        left = left.filter(times["time"].is_null())
    return frame.join(pl.concat(read), on="index", how="left", maintain_order="left")["time"].alias(
        found.name
    )


def _plausible(times: pl.Expr) -> pl.Expr:
    moments = times.cast(_UTC)
    return pl.when(moments.is_between(_FIRST, _LAST)).then(moments)


def _in_zone(naive: pl.Expr, timezone: str) -> pl.Expr:
    """Clock of a zone → UTC; an hour the clocks skipped is null, of a repeated one the first."""
    return naive.dt.replace_time_zone(
        timezone, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")


def _calendar(texts: pl.Series, pattern: str, timezone: str) -> pl.DataFrame:
    """Year, month and day in the pattern's order, with or without a clock and a zone."""
    parts = texts.str.extract_groups(pattern).struct.unnest()
    year, zone = pl.col("year"), pl.col("zone")
    naive = pl.concat_str(
        pl.when(year.str.len_chars() == 2).then("20" + year).otherwise(year),
        pl.col("month").str.zfill(2),
        pl.col("day").str.zfill(2),
        pl.col("hour").fill_null("0").str.zfill(2),
        pl.col("minute").fill_null("00"),
        pl.col("second").fill_null("00"),
        separator=" ",
    ).str.to_datetime("%Y %m %d %H %M %S", time_unit="us", strict=False)
    fraction = pl.col("fraction").fill_null("0").str.pad_end(6, "0").str.slice(0, 6)
    naive = naive + pl.duration(microseconds=fraction.cast(pl.Int64))

    named = {"Z": "+00", "UTC": "+00", "GMT": "+00", "MSK": _MOSCOW}
    parts = parts.with_columns(
        zone.replace(named).str.replace(":", "", literal=True), naive=naive
    ).with_columns(
        minutes=zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60
        + zone.str.slice(3, 2).replace("", "0").cast(pl.Int64, strict=False)
    )
    minutes = pl.col("minutes")
    offset = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return parts.select(
        pl.when(zone.is_null())
        .then(_in_zone(pl.col("naive"), timezone))
        .when(zone == _MOSCOW)
        .then(_in_zone(pl.col("naive"), ZONE))
        .when(minutes <= _WIDEST_OFFSET)
        .then((pl.col("naive") - pl.duration(minutes=offset)).dt.replace_time_zone("UTC"))
    )


def _number(texts: pl.Series, timezone: str) -> pl.DataFrame:
    """Unix seconds or milliseconds, YYYYMMDD, or Excel's days since 30 December 1899."""
    numbers = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    value, text = pl.col("value"), pl.col("text")
    unix = pl.when(value < 1e11).then(value * 1e6).otherwise(value * 1e3)
    days = pl.datetime(1899, 12, 30) + pl.duration(
        # Excel keeps a moment as a float: a whole second comes back a microsecond off.
        milliseconds=(pl.when(value < 1e6).then(value).otherwise(0) * 86_400_000).round()
    )
    compact = text.str.to_datetime("%Y%m%d", time_unit="us", strict=False)
    return pl.DataFrame({"text": texts, "value": numbers}).select(
        pl.when(value.is_between(1e8, 4.2e9) | value.is_between(1e11, 4.2e12))
        .then(unix.cast(pl.Int64, strict=False).cast(_UTC))
        .when(value.is_between(30_000, 75_000))
        .then(_in_zone(days, timezone))
        .when(text.str.len_chars() == 8)
        .then(_in_zone(compact, timezone))
    )
