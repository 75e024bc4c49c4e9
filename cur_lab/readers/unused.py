"""What a column that nobody asked for looks like, so that a date left unused is noticed."""

from __future__ import annotations

import polars as pl

from cur_lab.readers.times import utc

DATE, NUMBER, TEXT, WORD, EMPTY = "date", "number", "text", "word", "empty"

_SAMPLE = 200
_MOSTLY = 0.8
# Names and rubrics are shorter, what people write is longer.
_LONG = 60
_OF_DATES = r"^\W*(?:дата|время|date|time)(?:$|\W|_)"


def looks(heading: str, cells: pl.Series) -> str:
    """Tell what the cells of a column look like.

    Parameters
    ----------
    heading
        Of the column; one that begins with «Дата» is a date whatever its cells look like.
    cells
        Of any scalar type.

    Returns
    -------
    str
        ``date``, ``number``, ``text``, ``word`` or ``empty``.
    """
    found = cells.drop_nulls().head(_SAMPLE)
    if found.dtype.is_nested() or found.dtype in (pl.Binary, pl.Object):
        return WORD if len(found) else EMPTY
    if found.dtype.is_temporal():
        return DATE if len(found) else EMPTY
    texts = found.cast(pl.String, strict=False).str.strip_chars().replace("", None).drop_nulls()
    if texts.is_empty():
        return EMPTY
    if pl.Series([heading.casefold()]).str.contains(_OF_DATES).item():
        return DATE
    # A bare number may be a day of a spreadsheet as well as a count: it is no date by itself.
    numbers = texts.str.replace_all(r"[\s\u00a0\u202f]", "").str.replace(",", ".", literal=True)
    if _share(numbers.cast(pl.Float64, strict=False).is_not_null()) >= _MOSTLY:
        return NUMBER
    if _share(utc(texts).is_not_null()) >= _MOSTLY:
        return DATE
    long = texts.str.len_chars() > _LONG
    return TEXT if 2 * long.sum() > len(texts) else WORD


def _share(of: pl.Series) -> float:
    return float(of.sum()) / len(of)
