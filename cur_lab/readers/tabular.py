"""Tables of any portal, from CSV to Parquet → messages.

Columns are found by their headers (see ``headers``). A table without ids gets ids made of the
content, so that the same rows in another order have the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.readers import content, delimited, headers, reading, workbook
from cur_lab.readers.glance import Asked, Glance, Named
from cur_lab.readers.headers import Header
from cur_lab.readers.reading import Draft
from cur_lab.readers.times import utc
from cur_lab.readers.unused import EMPTY, looks

FORMATS = {
    content.CSV: frozenset({content.CSV, content.RECORDS, content.LINES}),
    content.TSV: frozenset({content.CSV, content.RECORDS, content.LINES}),
    content.XLSX: frozenset({content.XLSX}),
    content.PARQUET: frozenset({content.PARQUET}),
}

_CHUNK_ROWS = 100_000
_PEOPLE = (c.AUTHOR_ID, c.FORWARDED_FROM)
_TIMES = {name for name, dtype in c.MESSAGES.full_schema.items() if dtype == pl.Datetime}
_IDENTITY = (c.TEXT, c.PUBLISHED_AT, c.CHANNEL, c.MUNICIPALITY)
_ID_BYTES = 8


def sniff(file: Glance) -> str | None:
    """Tell a table: what is no JSON."""
    return file.container if file.container in FORMATS else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read a CSV, TSV, XLSX or Parquet file.

    Raises
    ------
    InputError
        If the file is broken as a whole.
    SchemaError
        If no column of texts is found, or a named column is not there.
    """
    draft, path, named = Draft(asked.timezone), file.path, asked.named
    if file.container == content.XLSX:
        chunks = _workbook(path, named, draft)
    elif file.container == content.PARQUET:
        chunks = _parquet(path, named)
    else:
        chunks = _delimited(path, asked.kind, named, draft)
    return _drafted(chunks, draft, path)


def read_cells(
    names: Sequence[str], cells: pl.DataFrame, named: Named, draft: Draft, path: Path
) -> Draft:
    """Read cells ``_0, _1, …`` beside their row, under headers that are known."""
    return _drafted(iter([(_located([names], named, path), cells)]), draft, path)


def check_named(named: Named) -> None:
    """Raise ParameterError unless every named column is one of ours."""
    if isinstance(named, str):
        raise ParameterError(
            "columns is a dictionary {header: our column}, or a list of headers", where="columns"
        )
    if not isinstance(named, Mapping):
        return
    known = c.MESSAGES.full_schema.names()
    if strange := sorted(set(named.values()) - set(known)):
        raise ParameterError(
            f"no column of ours is called {', '.join(strange)}",
            where="columns",
            remedy=f"Our columns: {', '.join(known)}",
        )
    if len(set(named.values())) < len(named):
        raise ParameterError("one of our columns is named twice", where="columns")


# --- sources → chunks of cells, columns named _0, _1, … beside the row number -------------------

Chunk = tuple[Header, pl.DataFrame]


def _delimited(path: Path, kind: str, named: Named, draft: Draft) -> Iterator[Chunk]:
    delimiters = ("\t",) if kind == content.TSV else delimited.DELIMITERS
    delimiter, header, first = delimited.layout(path, named, delimiters)
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
            row = place + 1 - (place >= header.lines > 0)
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


def _workbook(path: Path, named: Named, draft: Draft) -> Iterator[Chunk]:
    before, found = 0, False
    first: list[str] = []
    for name, sheet in workbook.sheets(path):
        sheet.columns = [f"_{place}" for place in range(sheet.width)]
        top = [["" if cell is None else cell for cell in row] for row in sheet.head(20).rows()]
        first = first or top[0]
        header = headers.locate(top, named)
        # A sheet of remarks has no header; a table cut over several sheets has one on each.
        lines = header.lines if header else 0
        for place, row in enumerate(sheet.rows() if header is None else top[: header.above]):
            cells = "\t".join(cell for cell in row if cell)
            draft.refuse(
                before + place + 1,
                reading.ABOVE if header else reading.NO_COLUMN,
                f"{name}: {cells}",
            )
        if header:
            _check_present(header, named, path)
            found = True
            start = before + lines + (lines == 0)
            yield header, sheet.slice(lines).with_row_index(c.ROW, offset=start)
        before += sheet.height - (lines > 0)
    if not found:
        raise _no_text(first, path)


def _parquet(path: Path, named: Named) -> Iterator[Chunk]:
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
    ) as error:
        raise InputError(
            f"cannot be read as Parquet ({str(error).splitlines()[0]})",
            where=str(path),
            remedy="The file was cut off or damaged: write or download it again",
        ) from None
    header = _located([frame.columns], named, path)
    frame.columns = [f"_{place}" for place in range(frame.width)]
    yield header, frame.with_row_index(c.ROW, offset=1)


def _located(rows: Sequence[Sequence[str]], named: Named, path: Path) -> Header:
    header = headers.locate(rows, named)
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


# --- cells → messages ---------------------------------------------------------------------------


def _drafted(chunks: Iterator[Chunk], draft: Draft, path: Path) -> Draft:
    for header, cells in chunks:
        used = {name: column for column, name in header.used.items()}
        draft.headers |= {name: used.get(name) for name in header.names}
        for place, name in enumerate(header.names):
            # Of a table cut into several pieces the first that has a value tells.
            if name not in used and draft.unused.get(name, EMPTY) == EMPTY:
                draft.unused[name] = looks(name, cells[f"_{place}"])
        draft.messages.append(_messages(header, cells, draft, path))
    if draft.messages:
        draft.messages = [_with_ids(pl.concat(draft.messages, how="diagonal"))]
    return draft


def _messages(header: Header, cells: pl.DataFrame, draft: Draft, path: Path) -> pl.DataFrame:
    found = cells.select(
        pl.col(c.ROW).cast(pl.Int64),
        *(
            pl.col(f"_{header.names.index(name)}").alias(column)
            for column, name in header.used.items()
        ),
    )
    try:
        frame = found.with_columns(
            utc(found[name], draft.timezone) if name in _TIMES else _strings(found[name])
            for name in header.used
        )
    except pl.exceptions.PolarsError as error:
        raise SchemaError(
            f"a column holds neither texts, numbers nor dates ({str(error).splitlines()[0]})",
            where=str(path),
        ) from None
    if c.KIND in frame.columns:
        frame = frame.with_columns(_kind())
    frame = frame.with_columns(_reason())
    shown = [name for name in header.used if name not in (*_PEOPLE, c.ANSWER_TEXT)]
    refused = frame.filter(pl.col(c.REASON).is_not_null())
    for row, reason, *values in refused.select(c.ROW, c.REASON, *shown).rows():
        pairs = zip(shown, values, strict=True)
        draft.refuse(row, reason, "; ".join(f"{name}: {value}" for name, value in pairs if value))
    frame = frame.filter(pl.col(c.REASON).is_null()).drop(c.REASON)
    for name in _TIMES & set(header.used):
        draft.unreadable.append(reading.unreadable(found, frame, name))
    return frame


def _strings(found: pl.Series) -> pl.Series:
    """Any scalar column as strings; a blank is null, except in a text, which stays as found."""
    if found.dtype.is_float():
        # A spreadsheet keeps the id 17 as 17.0.
        whole = (found.is_nan() | (found == found.floor())).all()
        found = found.fill_nan(None).cast(pl.Int64, strict=False) if whole else found
    texts = found.cast(pl.String)
    if found.name == c.TEXT:
        return texts
    return texts.str.strip_chars().replace("", None)


def _kind() -> pl.Expr:
    """Translate the export's word for the kind of a message; an unknown word is "other"."""
    word = pl.col(c.KIND).str.to_lowercase()
    kind: pl.Expr = pl.when(word.is_not_null()).then(pl.lit("other"))
    for name, beginnings in headers.KINDS.items():
        known = pl.any_horizontal(word.str.starts_with(beginning) for beginning in beginnings)
        kind = pl.when(known).then(pl.lit(name)).otherwise(kind)
    return kind.alias(c.KIND)


def _reason() -> pl.Expr:
    """Why a row is refused, null for the others."""
    text = pl.col(c.TEXT)
    return (
        pl.when(~text.str.contains(reading.VISIBLE.pattern).fill_null(value=False))
        .then(pl.lit(reading.NO_TEXT))
        .when(pl.any_horizontal(pl.col(pl.String).str.contains("\0", literal=True)))
        .then(pl.lit(reading.NUL))
        .when(text.str.len_chars() > reading.LONGEST_TEXT)
        .then(pl.lit(reading.TOO_LONG))
        .alias(c.REASON)
    )


def _with_ids(messages: pl.DataFrame) -> pl.DataFrame:
    """Name the nameless rows by a digest of what they say, when and where.

    Rows that agree in all of it are told apart by the rest of their content, then numbered. Rows
    that agree in everything are one message repeated if author and time are known, for nobody
    sends the same words twice in one moment; else they are counted as several.
    """
    if c.MESSAGE_ID not in messages.columns:
        messages = messages.with_columns(pl.lit(None, pl.String).alias(c.MESSAGE_ID))
    nameless = messages.filter(pl.col(c.MESSAGE_ID).is_null())
    if nameless.is_empty():
        return messages
    identity = [name for name in _IDENTITY if name in messages.columns]
    rest = [name for name in messages.columns if name not in (*identity, c.ROW, c.MESSAGE_ID)]
    content_of = pl.concat_str(pl.col(identity).cast(pl.String).fill_null(""), separator="\0")
    digests = [_digest(content) for content in nameless.select(content_of).to_series()]
    nameless = nameless.with_columns(pl.Series(c.MESSAGE_ID, digests, dtype=pl.String))

    number = pl.col(c.MESSAGE_ID)
    known = [name for name in (c.AUTHOR_ID, c.PUBLISHED_AT) if name in messages.columns]
    signed = pl.all_horizontal(pl.col(known).is_not_null()) if len(known) == 2 else pl.lit(False)
    same = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift()) for name in (c.MESSAGE_ID, *rest)
    )
    alike = nameless.filter(number.is_duplicated()).sort(c.MESSAGE_ID, *rest, c.ROW)
    alike = alike.with_columns(_step=~(same & signed))
    alike = alike.with_columns(_occurrence=pl.col("_step").cum_sum().over(c.MESSAGE_ID))
    alike = alike.with_columns(
        pl.when(pl.col("_occurrence") > 1)
        .then(pl.format("{}-{}", number, "_occurrence"))
        .otherwise(number)
        .alias(c.MESSAGE_ID)
    )
    return pl.concat(
        [
            messages.filter(number.is_not_null()),
            nameless.filter(~number.is_duplicated()),
            alike.drop("_step", "_occurrence"),
        ]
    )


def _digest(content: str) -> str:
    return blake2b(content.encode(), digest_size=_ID_BYTES).hexdigest()
