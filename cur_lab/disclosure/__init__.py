"""Small cells are kept out of published tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, combinations

import numpy as np
import polars as pl

from cur_lab.columns import SUPPRESSED
from cur_lab.disclosure.attack import exposed
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.inference.arrays import BoolArray, IntArray

__all__ = ["publishable"]
_SIZE, _ROW = "cur_lab size", "cur_lab row"


def publishable(
    frame: pl.DataFrame, *, quasi: Collection[str], count: str | None = None, k: int = 5
) -> pl.DataFrame:
    """Suppress what could single somebody out.

    A cell is a combination of values of the quasi-identifiers. In a table of people or messages a
    row whose cell has fewer than ``k`` rows loses its quasi-identifiers: they become null, the rest
    of the row stays. In a table of counts a cell that counts from 1 to ``k - 1`` loses everything
    but its quasi-identifiers; and so that nobody can tell it from the totals, further cells go with
    it, the smallest first: whoever knows every cell that is shown and every total over some of the
    quasi-identifiers (small totals are hidden in the same way) must hold all of 1 to ``k - 1`` for
    possible. No row is dropped, and the column ``suppressed`` says which rows were touched; not
    why: whoever knew which of them are small would know more of the others.

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
    Fischetti M., Salazar J. J. (2001). Solving the cell suppression problem on tabular data with
    linear constraints. Management Science 47(7), 1008–1027.
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
    cells = frame.select(*keys, pl.col(count).fill_null(0).cast(pl.Int64).alias(_SIZE))
    # From the smallest cell up; equal counts are told apart by their quasi-identifiers.
    ordered = cells.with_row_index(_ROW).sort(_SIZE, *keys)
    hidden = pl.Series(SUPPRESSED, _hidden(ordered.drop(_ROW), keys, k))
    suppressed = ordered.with_columns(hidden).sort(_ROW)[SUPPRESSED]
    values = [name for name in frame.columns if name not in keys]
    return frame.with_columns(suppressed).with_columns(
        pl.when(~pl.col(SUPPRESSED)).then(pl.col(name)).alias(name) for name in values
    )


def _hidden(cells: pl.DataFrame, keys: Sequence[str], k: int) -> BoolArray:
    """Choose which cells to hide, of cells sorted from the smallest up."""
    sizes = cells[_SIZE].to_numpy()
    secrets = (sizes > 0) & (sizes < k)
    hidden = secrets.copy()
    if not hidden.any():
        return hidden
    published, detailed = [], []
    for names in chain.from_iterable(combinations(keys, n) for n in range(len(keys))):
        for total, shown in _totals(cells, names, k):
            # A total that is hidden must not be the sum of cells that are all shown.
            if not shown and not hidden[total].any():
                _hide([total], sizes, hidden)
            if shown:
                published.append(total)
            if shown and len(names) == len(keys) - 1:
                detailed.append(total)
    while True:
        lonely = [total for total in detailed if hidden[total].sum() == 1]
        if _hide(lonely, sizes, hidden):
            continue
        reach = exposed(sizes, hidden, published, secrets, k)
        # Where no total of a row or a column is shown, that of all may still tell.
        if not (
            _hide_near(reach, detailed, sizes, hidden)
            or _hide_near(reach, published, sizes, hidden)
        ):
            return hidden


def _hide_near(
    reach: BoolArray, totals: list[BoolArray], sizes: IntArray, hidden: BoolArray
) -> bool:
    """Hide one cell more in every total of what is given away, or else of its neighbours."""
    while reach.any():
        near = [total for total in totals if (total & reach).any()]
        if _hide(near, sizes, hidden):
            return True
        wider = hidden & np.any([reach, *near], axis=0)
        if (wider == reach).all():
            return False
        reach = wider
    return False


def _hide(totals: list[BoolArray], sizes: IntArray, hidden: BoolArray) -> bool:
    """Hide the smallest cell that is shown of every total; False if there is none in any."""
    found = False
    for total in totals:
        shown = np.flatnonzero(total & ~hidden & (sizes > 0))
        hidden[shown[:1]] = True
        found |= shown.size > 0
    return found


def _totals(cells: pl.DataFrame, names: Sequence[str], k: int) -> Iterator[tuple[BoolArray, bool]]:
    """Yield the cells of every total over ``names``, and whether it is shown in its own table."""
    if not names:
        total = cells[_SIZE].sum()
        yield np.ones(cells.height, dtype=bool), not 0 < total < k
        return
    margin = cells.group_by(names).agg(pl.col(_SIZE).sum()).sort(_SIZE, *names)
    # Where a name settles the others, as a day its month, its totals are the cells themselves.
    if margin.height == cells.height:
        return
    margin = margin.with_columns(pl.Series(SUPPRESSED, _hidden(margin, names, k))).with_row_index(
        _ROW
    )
    of = cells.join(margin, on=names, how="left", nulls_equal=True, maintain_order="left")[_ROW]
    for number, hidden in margin.select(_ROW, SUPPRESSED).rows():
        yield (of == number).to_numpy(), not hidden
