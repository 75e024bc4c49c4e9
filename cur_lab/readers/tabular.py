"""Tables of any portal, from CSV to ODS, as cells under their headers.

Columns are found by the words of their headers (see ``headers`` and ``headings``); how cells become
messages stands in ``cells``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.readers import content, delimited, reading, workbook
from cur_lab.readers.cells import Chunk, drafted
from cur_lab.readers.glance import Asked, Glance, Named
from cur_lab.readers.headers import KNOWN
from cur_lab.readers.headings import Header, Known, locate
from cur_lab.readers.reading import Draft

FORMATS = {
    content.CSV: frozenset({content.CSV, content.RECORDS, content.LINES}),
    content.TSV: frozenset({content.CSV, content.RECORDS, content.LINES}),
    content.XLSX: frozenset({content.XLSX, content.ODS}),
    content.ODS: frozenset({content.ODS}),
    content.PARQUET: frozenset({content.PARQUET}),
}

_CHUNK_ROWS = 100_000
_TOP_ROWS = 30


class Wanted(NamedTuple):
    """Headings of a kind of table, and our columns it cannot do without."""

    known: Known
    needed: tuple[str, ...]


MESSAGES = Wanted(KNOWN, (c.TEXT,))


def sniff(file: Glance) -> str | None:
    """Tell a table: what is no JSON."""
    return file.container if file.container in FORMATS else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read a CSV, TSV, XLSX, ODS or Parquet file.

    Raises
    ------
    InputError
        If the file is broken as a whole.
    SchemaError
        If no column of texts is found, or a named column is not there.
    """
    draft = Draft(asked.timezone)
    return drafted(chunks(file, asked, draft, MESSAGES), draft, file.path)


def chunks(file: Glance, asked: Asked, draft: Draft, wanted: Wanted) -> Iterator[Chunk]:
    """Yield the cells of a table piece by piece, under the headers wanted.

    Raises
    ------
    InputError
        If the file is broken as a whole.
    SchemaError
        If a needed column is not found, or a named one is not there.
    """
    if file.container in (content.XLSX, content.ODS):
        return _workbook(file.path, asked.named, draft, wanted)
    if file.container == content.PARQUET:
        return _parquet(file.path, asked.named, wanted)
    return _delimited(file.path, asked.kind, asked.named, draft, wanted)


def glimpse(file: Glance, wanted: Wanted) -> Header | None:
    """Find the header of a table, if it names what is needed."""
    if file.container == content.CSV:
        kinds = (delimited.DELIMITERS, wanted.known, wanted.needed)
        return delimited.layout(file.path, {}, *kinds)[1]
    found = (
        locate(sheet.rows(_TOP_ROWS), {}, wanted.known, wanted.needed)
        for sheet in workbook.sheets(file.path)
    )
    return next((header for header in found if header), None)


def read_cells(
    names: Sequence[str], cells: pl.DataFrame, named: Named, draft: Draft, path: Path
) -> Draft:
    """Read cells ``_0, _1, …`` beside their row, under headers that are known."""
    return drafted(iter([(_located([names], named, path, MESSAGES), cells)]), draft, path)


def check_named(named: Named) -> None:
    """Raise ParameterError unless every named column is one of ours."""
    if isinstance(named, str):
        raise ParameterError(
            "columns is a dictionary {header: our column}, or a list of headers", where="columns"
        )
    if not isinstance(named, Mapping):
        return
    known = list(dict.fromkeys([*c.MESSAGES.full_schema, *c.POSTS.full_schema]))
    if strange := sorted(set(named.values()) - set(known)):
        raise ParameterError(
            f"no column of ours is called {', '.join(strange)}",
            where="columns",
            remedy=f"Our columns: {', '.join(known)}",
        )
    if len(set(named.values())) < len(named):
        raise ParameterError("one of our columns is named twice", where="columns")


# --- sources → chunks of cells, columns named _0, _1, … beside the row number -------------------


def _delimited(
    path: Path, kind: str, named: Named, draft: Draft, wanted: Wanted
) -> Iterator[Chunk]:
    delimiters = ("\t",) if kind == content.TSV else delimited.DELIMITERS
    delimiter, header, first = delimited.layout(path, named, delimiters, *wanted)
    if header is None:
        raise _no_text(first, path)
    _check_present(header, named, path)
    width = len(header.names)
    schema = {c.ROW: pl.Int64, **{f"_{place}": pl.String for place in range(width)}}
    author = header.names.index(header.used[c.AUTHOR_ID]) if c.AUTHOR_ID in header.used else None
    records = enumerate(delimited.records(path, delimiter))
    while batch := list(islice(records, _CHUNK_ROWS)):
        rows: list[list[Any]] = []
        for place, record in batch:
            row = place + 1 - (header.lines - header.above if place >= header.lines else 0)
            if place < header.above:
                draft.refuse(row, reading.ABOVE, record)
            elif place < header.lines:
                continue
            elif isinstance(record, delimited.Broken):
                draft.refuse(row, reading.QUOTE, record.line)
            elif len(record) == width or (len(record) > width and not any(record[width:])):
                rows.append([row, *record[:width]])
            else:
                shown = ["" if column == author else field for column, field in enumerate(record)]
                draft.refuse(row, reading.FIELDS, delimiter.join(shown))
        yield header, pl.DataFrame(rows, schema=schema, orient="row")


def _workbook(path: Path, named: Named, draft: Draft, wanted: Wanted) -> Iterator[Chunk]:
    before, found = 0, False
    first: list[str] = []
    for sheet in workbook.sheets(path):
        top = sheet.rows(_TOP_ROWS)
        first = first or top[0]
        header = locate(top, named, *wanted)
        # A sheet of remarks has no header; a table cut over several sheets has one on each.
        lost = sheet.rows() if header is None else top[: header.above]
        for place, row in enumerate(lost, start=1):
            reason = reading.ABOVE if header else reading.NO_COLUMN
            cells = "\t".join(cell for cell in row if cell)
            draft.refuse(before + place, reason, f"{sheet.name}: {cells}")
        own = 0
        if header:
            _check_present(header, named, path)
            found, own = True, header.lines - header.above
            numbered = sheet.cells.slice(header.lines).with_row_index(
                c.ROW, offset=before + header.above + 1
            )
            yield replace(header, since_1904=sheet.since_1904), numbered
        before += sheet.cells.height - own
    if not found:
        raise _no_text(first, path)


def _parquet(path: Path, named: Named, wanted: Wanted) -> Iterator[Chunk]:
    # On a damaged file polars' own reader ends the process; that of Arrow raises.
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    try:
        table = pq.read_table(path)
        table.validate(full=True)
        frame = pl.DataFrame(pl.from_arrow(table))
    except (
        pa.ArrowException,
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        OSError,
        ValueError,
    ):
        raise InputError(
            "cannot be read as Parquet",
            where=str(path),
            remedy="The file was cut off or damaged: copy it again from where it came",
        ) from None
    header = _located([frame.columns], named, path, wanted)
    frame.columns = [f"_{place}" for place in range(frame.width)]
    yield header, frame.with_row_index(c.ROW, offset=1)


def _located(rows: Sequence[Sequence[str]], named: Named, path: Path, wanted: Wanted) -> Header:
    header = locate(rows, named, *wanted)
    if header is None:
        raise _no_text(rows[0], path)
    _check_present(header, named, path)
    return header


def _no_text(first: Sequence[str], path: Path) -> SchemaError:
    shown = [
        name if len(name) <= 40 else f"{name[:40]}…" for name in map(reading.sound, first[:30])
    ]
    return SchemaError(
        "no column of texts",
        where=str(path),
        remedy=f"Available columns: {', '.join(shown) or 'none'}. Name the one that holds the "
        "texts: columns={'header': 'text'}; for a table without a header give the list of headers",
    )


def _check_present(header: Header, named: Named, path: Path) -> None:
    if isinstance(named, Mapping) and (absent := set(named) - set(header.names)):
        raise SchemaError.missing(absent, header.names, where=f"{path}, columns")
    if c.TEXT not in header.used:
        raise _no_text(header.names, path)
