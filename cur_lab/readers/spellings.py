"""Dates and clocks people spell out → the plain form that ``times`` reads.

«5 марта 2025 г. в 10:30 (МСК)», ``Mar 5, 2025 2:30 PM``, «10:30, 05.03.25», «02:30:00 ПП»,
``20250305T103000Z``. Only what the plain rules could not read comes here.
"""

from __future__ import annotations

import polars as pl

_MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8,
    "сен": 9, "окт": 10, "ноя": 11, "дек": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5,
    "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_NAME = rf"(?<month>{'|'.join(_MONTHS)})[a-zа-я]*\.?"
_OF_DAY = r"(?<day>\d{1,2})(?:-?го|st|nd|rd|th)?"
_DAY_MONTH = (
    rf"^(?<before>.*?)\b{_OF_DAY}[ .\-]+{_NAME}[ .,\-]+(?<year>\d{{4}}|\d{{2}})\b(?<after>.*)$"
)
_MONTH_DAY = rf"^(?<before>){_NAME} {_OF_DAY},? (?<year>\d{{4}})(?<after>.*)$"
_WEEKDAY = (
    r"^(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b[.,]*\s*"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m\b)?"
# In this order: each works on what the one before has left.
_PLAINER: tuple[tuple[str, str], ...] = (
    (r"[\u00a0\u2009\u202f\s]+", " "),
    ("[−–—]", "-"),
    (_WEEKDAY, ""),
    (r"(\d)\s*г(?:од[а-я]*\b|\.|\b)", "$1"),
    (r"([+-]\d{2}:?\d{2})\s*\([^)]*\)$", "$1"),
    (r"\s*[(\[]\s*([^)\]]*?)\s*[)\]]", " $1"),
    (r"(?:по )?моск[а-я]*(?: врем[а-я]*)?|\bпо мск\b|\bмск врем[а-я]*", "мск"),
    (r"\bmsk\b|\beurope/moscow\b", "мск"),
    (r"(?:\butc|\bgmt)\s?([+-])\s?(\d)", "$1$2"),
    (r"(\d)\s*ч(?:ас[а-я]*)?\.?\s*(\d{2})\s*м(?:ин[а-я]*)?\b\.?", "$1:$2"),
    (r"\ba\.\s?m\b\.?|\bдп\b|\bутра\b|\bночи\b", "am"),
    (r"\bp\.\s?m\b\.?|\bпп\b|\bдня\b|\bвечера\b", "pm"),
    (r"(\d)([ap]m)\b", "$1 $2"),
    (r",? (?:в|at|-) (\d)", " $1"),
    (r"(\d{4}|\.\d{2})[ ,]+(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?: |$)", "$1 $2:$3 "),
    (r"^(\d{4})(\d{2})(\d{2})[t ]?(\d{2})(\d{2})(?:\d{2})?(z?)$", "$1-$2-$3 $4:$5$6"),
)  # fmt: skip
_CLOCK_FIRST = rf"^({_CLOCK})((?: мск)?(?: ?[+-]\d{{1,2}})?),? (\S+)$"
_HALF = r"(\d{1,2})(:\d{2}(?::\d{2})?) ([ap])m\b"


def plain(texts: pl.Series) -> pl.Series:
    """Write spelled-out dates in digits; leave what is none as it is."""
    column = pl.col(texts.name)
    found = column.str.to_lowercase()
    for pattern, instead in _PLAINER:
        found = found.str.replace_all(pattern, instead)
    plainer = texts.to_frame().select(found.alias(texts.name))
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        plainer = plainer.select(_in_digits(column, pattern))
    clock_last = column.str.strip_chars(" ,.").str.replace(_CLOCK_FIRST, "$3 $1$2")
    # Step by step: within one, all that came before would be done for each mention of it.
    return plainer.select(clock_last).select(_of_24_hours(column).str.to_uppercase()).to_series()


def _in_digits(found: pl.Expr, pattern: str) -> pl.Expr:
    """Write the name of a month as its number, the day before it."""
    part = found.str.extract_groups(pattern).struct
    month = part.field("month").replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    date = pl.concat_str(
        part.field("day"), month.cast(pl.String).str.zfill(2), part.field("year"), separator="."
    )
    named = pl.concat_str(part.field("before"), date, part.field("after"))
    return pl.coalesce(named, found).alias(found.meta.output_name())


def _of_24_hours(found: pl.Expr) -> pl.Expr:
    hour = found.str.extract(_HALF, 1).cast(pl.Int64, strict=False)
    half = found.str.extract(_HALF, 3)
    told = (
        pl.when((half == "p") & (hour < 12))
        .then(hour + 12)
        .when((half == "a") & (hour == 12))
        .then(0)
        .otherwise(hour)
    )
    rest = found.str.extract(_HALF, 2)
    before, after = found.str.extract(rf"^(.*?){_HALF}", 1), found.str.extract(rf"{_HALF}(.*)$", 4)
    return (
        pl.when(half.is_not_null())
        .then(pl.concat_str(before, told.cast(pl.String).str.zfill(2), rest, after))
        .otherwise(found)
    )


def joined(dates: pl.Series, clocks: pl.Series) -> pl.Series:
    """Put the clock of one column behind the date of another.

    A date that has a clock keeps it, and a cell of the second column that is a date with a clock
    stands for both. A spreadsheet keeps an hour as a part of a day, or on its very first day.
    """
    frame = pl.DataFrame(
        {"date": dates.cast(pl.String, strict=False), "clock": clocks.cast(pl.String, strict=False)}
    )
    date = pl.col("date").str.strip_chars().str.replace(r"[T ]00:00(:00(\.0+)?)?$", "")
    clock = pl.col("clock").str.strip_chars().str.replace(r"^(?:1899|1900|1904)-\d\d-\d\d[T ]", "")
    part = clock.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    seconds = (part * 86_400).round().cast(pl.Int64, strict=False)
    of_part = pl.concat_str(
        (seconds // 3600).cast(pl.String).str.zfill(2),
        (seconds // 60 % 60).cast(pl.String).str.zfill(2),
        (seconds % 60).cast(pl.String).str.zfill(2),
        separator=":",
    )
    clock = (
        pl.when((part >= 0) & (part < 1))
        .then(of_part)
        .otherwise(clock.str.replace(r"^(\d{1,2})[.\-](\d{2})$", "$1:$2"))
    )
    serial = date.str.contains(r"^\d{5}(\.0+)?$")
    day = pl.date(1899, 12, 30) + pl.duration(
        days=pl.when(serial).then(date.str.slice(0, 5).cast(pl.Int64, strict=False))
    )
    date = pl.when(serial).then(day.dt.to_string("%Y-%m-%d")).otherwise(date)
    return frame.select(
        pl.when((clock == "").fill_null(value=True) | date.str.contains(r"\d:\d\d"))
        .then(date)
        .when(clock.str.contains(r"\d{4}.*\d:\d\d|\d:\d\d.*\d{4}"))
        .then(clock)
        .otherwise(date + " " + clock)
        .alias(dates.name)
    ).to_series()
