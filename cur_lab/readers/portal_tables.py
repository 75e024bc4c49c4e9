"""The two tables of a portal, every sheet of them, as strings under our names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError
from cur_lab.readers import content, delimited, workbook
from cur_lab.readers.amounts import multiplier
from cur_lab.readers.headings import Header, Known, locate

# Codes of ``columns.CODES["reason"]``.
BROKEN, ABOVE, NO_HEADER = "broken_row", "above_header", "no_header"
NUMBER, UNIT = " is a number", " unit"

_TOP_ROWS = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one sheet, or of the file, and which of its cells are numbers by their type."""

    name: str
    rows: Sequence[Sequence[str]]
    numbers: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True, slots=True)
class PortalTable:
    """A table under our names.

    Attributes
    ----------
    frame
        Row and our columns as strings; beside each amount whether the cell is a number by its type
        (``NUMBER``) and what one is by its heading (``UNIT``).
    lost
        Rows that are no part of it: row, reason, raw.
    starts
        Name of each sheet and the row below its header.
    """

    frame: pl.DataFrame
    lost: list[tuple[int, str, str]]
    starts: list[tuple[str, int]]

    def where(self, path: Path, row: int) -> str:
        """Name the place of a row in words."""
        name, start = next((one for one in reversed(self.starts) if one[1] <= row), ("", 1))
        sheet = f", sheet «{name}»" if name else ""
        return f"{path}{sheet}, row {row - start + 1} below the header"


def table(
    path: Path,
    known: Known,
    needed: tuple[str, ...],
    named: Mapping[str, str],
    *,
    amounts: tuple[str, ...] = (),
) -> PortalTable:
    """Read a table; rows are numbered through all sheets, headers left out.

    Parameters
    ----------
    path
        CSV, TSV, XLSX or ODS.
    known, named
        Headings we know and those the user named.
    needed
        Our columns it cannot do without.
    amounts
        Our columns that are amounts.

    Raises
    ------
    SchemaError
        If no sheet names the needed columns.
    InputError
        If it is empty or none of these formats.
    """
    before, frames, lost = 0, [], list[tuple[int, str, str]]()
    starts: list[tuple[str, int]] = []
    first: Sequence[str] | None = None
    for sheet, header in _sheets(path, known, needed, named, numbers=bool(amounts)):
        first = first or sheet.rows[0]
        above = sheet.rows if header is None else sheet.rows[: header.above]
        lost += [
            (before + place, NO_HEADER if header is None else ABOVE, _shown(sheet.name, row))
            for place, row in enumerate(above, start=1)
        ]
        before += len(above)
        if header is None:
            continue
        starts.append((sheet.name, before + 1))
        frame, torn = _frame(sheet, header, before, amounts)
        frames.append(frame)
        lost += torn
        before += len(sheet.rows) - header.lines
    if first is None:
        raise InputError(
            "the table is empty", where=str(path), remedy="Name the file that has the rows"
        )
    if not frames:
        raise _missing(path, known, needed, named, first)
    return PortalTable(pl.concat(frames, how="diagonal"), lost, starts)


def _frame(
    sheet: Sheet, header: Header, before: int, amounts: tuple[str, ...]
) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    width, body = len(header.names), sheet.rows[header.lines :]
    whole = {
        row: cells
        for row, cells in enumerate(body, start=before + 1)
        if len(cells) >= width and not any(cells[width:])
    }
    places = {name: header.names.index(heading) for name, heading in header.used.items()}
    cells = pl.DataFrame(
        [
            [row, *(found[at].strip() or None for at in places.values())]
            for row, found in whole.items()
        ],
        schema={c.ROW: pl.Int64, **dict.fromkeys(places, pl.String)},
        orient="row",
    )
    there = [name for name in amounts if name in places]
    told = sheet.numbers.slice(header.lines)
    typed = [
        (pl.lit(told[f"_{places[name]}"]) if told.height else pl.lit(value=False)).alias(
            name + NUMBER
        )
        for name in there
    ]
    typed += [pl.lit(multiplier(header.used[name])).alias(name + UNIT) for name in there]
    torn = sorted(set(range(before + 1, before + 1 + len(body))) - set(whole))
    # What stands in a broken row may be a telephone number: it is not shown.
    return cells.with_columns(typed), [(row, BROKEN, "") for row in torn]


def _sheets(
    path: Path,
    known: Known,
    needed: tuple[str, ...],
    named: Mapping[str, str],
    *,
    numbers: bool,
) -> Iterator[tuple[Sheet, Header | None]]:
    kind = content.find(path)
    if kind in (content.XLSX, content.ODS):
        for found in workbook.sheets(path, numbers=numbers):
            sheet = Sheet(found.name, found.rows(), found.numbers)
            yield sheet, locate(sheet.rows[:_TOP_ROWS], named, known, needed)
        return
    if kind not in (content.CSV, content.TSV):
        raise InputError(
            "neither CSV, XLSX nor ODS", where=str(path), remedy="Save it as one of these"
        )
    delimiter, header, _ = delimited.layout(path, named, delimited.DELIMITERS, known, needed)
    rows = [
        record if isinstance(record, list) else [] for record in delimited.records(path, delimiter)
    ]
    if rows:
        yield Sheet("", rows), header


def _missing(
    path: Path,
    known: Known,
    needed: tuple[str, ...],
    named: Mapping[str, str],
    first: Sequence[str],
) -> SchemaError:
    best: set[str] = set()
    for name in needed:
        for _, header in _sheets(path, known, (name,), named, numbers=False):
            if header:
                best |= set(header.used)
                # Where nothing needed is told, the delimiter is not known either.
                first = header.names
    return SchemaError.missing(
        set(needed) - best or set(needed), [cell for cell in first if cell], where=str(path)
    )


def _shown(name: str, row: Sequence[str]) -> str:
    cells = "\t".join(cell for cell in row if cell)
    return f"{name}: {cells}" if name else cells
