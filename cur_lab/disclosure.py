"""Small cells are kept out of published tables."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from cur_lab.columns import SUPPRESSED
from cur_lab.errors import ParameterError, SchemaError

__all__ = ["publishable"]


def publishable(
    frame: pl.DataFrame, *, quasi: Collection[str], count: str | None = None, k: int = 5
) -> pl.DataFrame:
    """Suppress what could single somebody out.

    A cell is a combination of values of the quasi-identifiers. In a table of people or messages a
    row whose cell has fewer than ``k`` rows loses its quasi-identifiers: they become null, the rest
    of the row stays. In a table of counts a cell that counts from 1 to ``k - 1`` loses everything
    but its quasi-identifiers; and so that nobody can subtract it from a total, where it would be
    the only one suppressed along a quasi-identifier the next smallest cell goes with it. No row is
    dropped, and the column ``suppressed`` says which rows were touched.

    Free text is not looked at: see :func:`cur_lab.privacy.redact`.

    Parameters
    ----------
    frame
        One row per person or message, or one row per cell.
    quasi
        Columns that together may single somebody out, such as municipality, age, month.
    count
        The column of counts, if the frame is a table of counts.
    k
        The smallest cell that may be shown.

    Returns
    -------
    DataFrame
        The rows in their order, with a column ``suppressed``.

    Raises
    ------
    ParameterError
        If ``quasi`` is empty or ``k`` below 2.
    SchemaError
        If a column is missing, or one named ``suppressed`` is there already.

    References
    ----------
    Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley. Chapters 3 and 4.
    """
    keys = list(dict.fromkeys(quasi))
    if not keys:
        raise ParameterError("no quasi-identifiers are named", where="disclosure.publishable")
    if k < 2:
        raise ParameterError(
            "k is the smallest cell to show, 2 or more", where="disclosure.publishable"
        )
    needed = [*keys, *([count] if count is not None else [])]
    if absent := set(needed) - set(frame.columns):
        raise SchemaError.missing(absent, frame.columns, where="disclosure.publishable")
    if SUPPRESSED in frame.columns:
        raise SchemaError(f"column {SUPPRESSED} is there already", where="disclosure.publishable")
    if count is None:
        return _local_suppression(frame, keys, k)
    return _cell_suppression(frame, keys, count, k)


def _local_suppression(frame: pl.DataFrame, keys: list[str], k: int) -> pl.DataFrame:
    size = pl.len().over(keys)
    sizes = frame.select(size.alias("size"))["size"]
    limit = k
    # The suppressed rows are a cell too: if they are fewer than k, the next smallest cells join.
    while 0 < (sizes < limit).sum() < k and (sizes >= limit).any():
        limit = int(sizes.filter(sizes >= limit).min()) + 1  # type: ignore[arg-type]
    suppressed = sizes < limit
    return frame.with_columns(
        *(pl.when(~suppressed).then(pl.col(key)).alias(key) for key in keys),
        suppressed.alias(SUPPRESSED),
    )


def _cell_suppression(frame: pl.DataFrame, keys: list[str], count: str, k: int) -> pl.DataFrame:
    size = pl.col(count).fill_null(0)
    place = "cur_lab place"
    table = frame.with_columns(
        size.is_between(1, k - 1).alias(SUPPRESSED),
        # From the smallest cell up; equal counts are told apart by their quasi-identifiers.
        pl.struct(size, *keys).rank("ordinal").alias(place),
    )
    while True:
        before = table[SUPPRESSED].sum()
        for key in keys:
            along = [other for other in keys if other != key]
            shown = pl.when(~pl.col(SUPPRESSED) & (size > 0)).then(place)
            lonely, smallest = pl.col(SUPPRESSED).sum() == 1, shown.min()
            if along:
                lonely, smallest = lonely.over(along), smallest.over(along)
            joins = lonely & (shown == smallest).fill_null(False)
            table = table.with_columns((pl.col(SUPPRESSED) | joins).alias(SUPPRESSED))
        if table[SUPPRESSED].sum() == before:
            break
    values = [name for name in frame.columns if name not in keys]
    return table.drop(place).with_columns(
        pl.when(~pl.col(SUPPRESSED)).then(pl.col(name)).alias(name) for name in values
    )
