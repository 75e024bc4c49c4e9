"""Dates as people and programs write them → UTC.

One column may mix ISO dates, ``DD.MM.YYYY HH:MM``, unix seconds or milliseconds and Excel's day
numbers, with and without zones, and dates spelled out. A date without a zone is taken as time of
the place. ``03/05/2025`` is the third of May or the fifth of March: the column decides, not the
row, and where no row of it tells, the day comes first, as people write here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from functools import partial

import polars as pl

from cur_lab import columns as c
from cur_lab.clock import ZONE
from cur_lab.readers.spellings import plain

_CLOCK = (
    r"(?:[T\s,]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d+))?)?)?"
    r"\s*(?<zone>Z|UTC|GMT|(?:МСК|MSK)(?:\s?[+-]\d{1,2})?|[+-]\d{1,2}(?::?\d{2})?)?$"
)
_YEAR_FIRST = r"^(?<year>\d{4})[-./](?<month>\d{1,2})[-./](?<day>\d{1,2})" + _CLOCK
_DAY_FIRST = r"^(?<day>\d{1,2})[-./](?<month>\d{1,2})[-./](?<year>\d{4}|\d{2})" + _CLOCK
# Nobody parts a month that comes first by points.
_DAY_FIRST_BY_POINTS = r"^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4}|\d{2})" + _CLOCK
_MONTH_FIRST = r"^(?<month>\d{1,2})[-/](?<day>\d{1,2})[-/](?<year>\d{4}|\d{2})" + _CLOCK
_EITHER = r"^(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b"
_MONTHS = 12
# A year of two digits from here on is of the last century.
_CENTURY = 70

# Outside these years a date is a slip of the pen or an empty cell of a spreadsheet.
_FIRST = pl.datetime(1990, 1, 1, time_zone="UTC")
_LAST = pl.datetime(2100, 1, 1, time_zone="UTC")

_MOSCOW = r"^(?:МСК|MSK)\s?(.*)$"
_WIDEST_OFFSET = 14 * 60
_UTC = pl.Datetime("us", "UTC")
# Day numbers of a spreadsheet from 1982 to 2105, or from 1986 on where they count from 1904.
_FEWEST_DAYS, _MOST_DAYS = 30_000, 75_000


def utc(found: pl.Series, timezone: str = ZONE, *, since_1904: bool = False) -> pl.Series:
    """Read a column of dates; what cannot be read is null.

    Parameters
    ----------
    found
        Strings, numbers, dates or date-times with or without a zone.
    timezone
        Name of the zone that dates without one are in.
    since_1904
        Whether bare day numbers count from 1904, as in workbooks made on old Macs.

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
        texts = found.cast(pl.String, strict=False).str.strip_chars()
        return _written(texts, timezone, since_1904=since_1904)
    return found.to_frame().select(_plausible(times).alias(found.name)).to_series()


def _written(found: pl.Series, timezone: str, *, since_1904: bool) -> pl.Series:
    """Read strings, each by the first rule that understands it."""
    frame = found.alias("text").to_frame().with_row_index()
    left, read = frame.drop_nulls(), [frame.select("index", time=pl.lit(None, _UTC)).clear()]

    def tried(rule: Callable[[pl.Series], pl.DataFrame]) -> None:
        nonlocal left
        if left.is_empty():
            return
        times = rule(left["text"]).select(time=_plausible(pl.first()))
        read.append(left.select("index").hstack(times).drop_nulls())
        left = left.filter(times["time"].is_null())

    def of(pattern: str) -> Callable[[pl.Series], pl.DataFrame]:
        return partial(_calendar, pattern=pattern, timezone=timezone)

    tried(of(_YEAR_FIRST))
    order = (
        (_MONTH_FIRST, _DAY_FIRST_BY_POINTS) if _month_comes_first(left["text"]) else (_DAY_FIRST,)
    )
    for pattern in order:
        tried(of(pattern))
    tried(partial(_number, timezone=timezone, since_1904=since_1904))
    if not left.is_empty():
        # Its patterns take a while to compile, and most columns need none of them.
        left = left.with_columns(plain(left["text"]))
        for pattern in (_YEAR_FIRST, *order):
            tried(of(pattern))
    return frame.join(pl.concat(read), on="index", how="left", maintain_order="left")["time"].alias(
        found.name
    )


def _month_comes_first(texts: pl.Series) -> bool:
    """Tell whether more dates of the column make sense with the month first than the day."""
    written = texts.filter(texts.str.contains(_EITHER))
    if written.is_empty():
        return False
    parts = written.str.extract_groups(_EITHER).struct.unnest()
    one, other = (parts[name].cast(pl.Int64) for name in parts.columns)
    return int(((one <= _MONTHS) & (other > _MONTHS)).sum()) > int(
        ((one > _MONTHS) & (other <= _MONTHS)).sum()
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
        pl.when(year.str.len_chars() == 4)
        .then(year)
        .when(year.cast(pl.Int64) < _CENTURY)
        .then("20" + year)
        .otherwise("19" + year),
        pl.col("month").str.zfill(2),
        pl.col("day").str.zfill(2),
        pl.col("hour").fill_null("0").str.zfill(2),
        pl.col("minute").fill_null("00"),
        pl.col("second").fill_null("00"),
        separator=" ",
    ).str.to_datetime("%Y %m %d %H %M %S", time_unit="us", strict=False)
    fraction = pl.col("fraction").fill_null("0").str.pad_end(6, "0").str.slice(0, 6)
    naive = naive + pl.duration(microseconds=fraction.cast(pl.Int64))

    # «МСК+2» is Moscow's clock two hours on, with the offset Moscow had on that day.
    moscow = zone.str.extract(_MOSCOW, 1).str.replace_all(" ", "", literal=True)
    offset = zone.replace({"Z": "+00", "UTC": "+00", "GMT": "+00"})
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    digits = offset.str.slice(1).str.replace(":", "", literal=True)
    hours = pl.when(digits.str.len_chars() > 2).then(digits.str.head(-2)).otherwise(digits)
    minutes = pl.when(digits.str.len_chars() > 2).then(digits.str.tail(2))
    parts = parts.with_columns(
        naive=naive,
        moscow=moscow.replace("", "0").cast(pl.Int64, strict=False),
        minutes=sign
        * (
            hours.cast(pl.Int64, strict=False) * 60
            + minutes.cast(pl.Int64, strict=False).fill_null(0)
        ),
    )
    local = pl.col("naive")
    return parts.select(
        pl.when(zone.is_null())
        .then(_in_zone(local, timezone))
        .when(pl.col("moscow").is_not_null())
        .then(_in_zone(local - pl.duration(hours=pl.col("moscow")), ZONE))
        .when(pl.col("minutes").abs() <= _WIDEST_OFFSET)
        .then((local - pl.duration(minutes=pl.col("minutes"))).dt.replace_time_zone("UTC"))
    )


def _number(texts: pl.Series, timezone: str, *, since_1904: bool) -> pl.DataFrame:
    """Unix seconds or milliseconds, YYYYMMDD, or Excel's days since the end of 1899 or 1904."""
    numbers = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    value, text = pl.col("value"), pl.col("text")
    unix = pl.when(value < 1e11).then(value * 1e6).otherwise(value * 1e3)
    first = pl.datetime(1904, 1, 1) if since_1904 else pl.datetime(1899, 12, 30)
    days = first + pl.duration(
        # Excel keeps a moment as a float: a whole second comes back a microsecond off.
        milliseconds=(pl.when(value < 1e6).then(value).otherwise(0) * 86_400_000).round()
    )
    compact = text.str.to_datetime("%Y%m%d", time_unit="us", strict=False)
    return pl.DataFrame({"text": texts, "value": numbers}).select(
        pl.when(value.is_between(1e8, 4.2e9) | value.is_between(1e11, 4.2e12))
        .then(unix.cast(pl.Int64, strict=False).cast(_UTC))
        .when(value.is_between(_FEWEST_DAYS, _MOST_DAYS))
        .then(_in_zone(days, timezone))
        .when(text.str.len_chars() == 8)
        .then(_in_zone(compact, timezone))
    )


def settled(messages: pl.DataFrame, timezone: str = ZONE) -> pl.DataFrame:
    """Place what is dated without a clock within its day.

    A table often dates the answer by its day alone. Read as the midnight before, it would come
    before a message of the same day. Such an event is taken at the first moment of its day that the
    other dates of the message allow: an answer and a fix not before the message, a return not
    before what it returns to. So an answer of the same day counts as 0 days; where the message has
    a clock, waits of messages answered on later days come out shorter than they were by less than
    a day, half a day on average, and with them the medians; where neither has one, waits are whole
    calendar days. A term without a clock runs to the end of its day.

    Parameters
    ----------
    messages
        With ``published_at`` and whatever it has of ``answered_at``, ``resolved_at``,
        ``reopened_at`` and ``due_at``.
    timezone
        Whose midnight tells that there is no clock.
    """
    there = set(messages.columns)

    def day(of: pl.Expr) -> pl.Expr:
        return of.dt.convert_time_zone(timezone).dt.date()

    def no_clock(of: pl.Expr) -> pl.Expr:
        return of.dt.convert_time_zone(timezone).dt.time() == time(0)

    def after(name: str, *earlier: str) -> pl.Expr:
        event, there_before = pl.col(name), [pl.col(one) for one in earlier if one in there]
        if not there_before:
            return event
        before = pl.min_horizontal(there_before)
        same_day = no_clock(event) & (day(event) == day(before))
        return pl.when(same_day).then(pl.max_horizontal(event, before)).otherwise(event).alias(name)

    if c.DUE_AT in there:
        due = pl.col(c.DUE_AT)
        end = due.dt.convert_time_zone(timezone).dt.offset_by("1d").dt.convert_time_zone("UTC")
        messages = messages.with_columns(
            pl.when(no_clock(due)).then(end - pl.duration(microseconds=1)).otherwise(due)
        )
    closings = [name for name in (c.ANSWERED_AT, c.RESOLVED_AT) if name in there]
    messages = messages.with_columns(after(name, c.PUBLISHED_AT) for name in closings)
    if c.REOPENED_AT in there:
        messages = messages.with_columns(after(c.REOPENED_AT, *closings or [c.PUBLISHED_AT]))
    return messages
