"""Cells of a table under known headers → messages.

A table without ids gets ids made of the content, so that the same rows in another order have the
same ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import SchemaError
from cur_lab.readers import monitoring, reading
from cur_lab.readers.headers import KINDS, REGIMES
from cur_lab.readers.headings import Header
from cur_lab.readers.reading import Draft
from cur_lab.readers.spellings import joined
from cur_lab.readers.times import utc
from cur_lab.readers.unused import EMPTY, looks

Chunk = tuple[Header, pl.DataFrame]

_PEOPLE = (c.AUTHOR_ID, c.FORWARDED_FROM)
_TIMES = {name for name, dtype in c.MESSAGES.full_schema.items() if dtype == pl.Datetime}
_IDENTITY = (c.TEXT, c.PUBLISHED_AT, c.CHANNEL, c.MUNICIPALITY)
_ID_BYTES = 8


def drafted(chunks: Iterator[Chunk], draft: Draft, path: Path) -> Draft:
    """Make messages of the cells of a file, piece by piece."""
    of_pages: list[pl.Series] = []
    for header, found in chunks:
        header, cells = _readable(header, found)
        told_by = monitoring.heading(header)
        of_pages.append(monitoring.of_pages(header, cells))
        used = {name: column for column, name in header.used.items()}
        used |= {name: column for column, name in header.clocks.items()}
        draft.headers |= {name: used.get(name) for name in header.names}
        for place, name in enumerate(header.names):
            # Of a table cut into several pieces the first that has a value tells.
            if name not in {*used, told_by} and draft.unused.get(name, EMPTY) == EMPTY:
                draft.unused[name] = looks(name, cells[f"_{place}"])
        draft.messages.append(_messages(header, cells, draft, path))
    if draft.messages:
        messages = _with_ids(pl.concat(draft.messages, how="diagonal"))
        rows = pl.concat(of_pages)
        if len(rows):
            messages, posts = monitoring.split(messages, rows)
            draft.posts.append(posts)
        draft.messages = [messages]
    return draft


def _readable(header: Header, cells: pl.DataFrame) -> tuple[Header, pl.DataFrame]:
    """Leave unused what holds lists or bytes: one such column does not lose the file its texts."""
    strange = {
        name
        for place, name in enumerate(header.names)
        if (dtype := cells[f"_{place}"].dtype).is_nested() or dtype in (pl.Binary, pl.Object)
    } - {header.used[c.TEXT]}
    used = {column: name for column, name in header.used.items() if name not in strange}
    return replace(header, used=used), cells


def _messages(header: Header, cells: pl.DataFrame, draft: Draft, path: Path) -> pl.DataFrame:
    def of(name: str) -> pl.Series:
        return cells[f"_{header.names.index(name)}"]

    columns = [of(name).alias(column) for column, name in header.used.items()]
    found = pl.DataFrame([cells[c.ROW].cast(pl.Int64), *columns])
    try:
        written = found.with_columns(
            joined(found[column], of(name)) for column, name in header.clocks.items()
        ).with_columns(_in_zone_of_heading(column, zone) for column, zone in header.zones.items())
        frame = written.with_columns(
            utc(written[name], draft.timezone, since_1904=header.since_1904)
            if name in _TIMES
            else _strings(written[name])
            for name in header.used
        )
        # A clock nobody can read does not lose the day beside it; that it was lost is said.
        days = [
            utc(found[column], draft.timezone, since_1904=header.since_1904)
            for column in header.clocks
        ]
    except pl.exceptions.PolarsError as error:
        raise SchemaError(
            f"a column holds neither texts, numbers nor dates ({str(error).splitlines()[0]})",
            where=str(path),
        ) from None
    if c.KIND in frame.columns:
        frame = frame.with_columns(_kind())
    frame = frame.with_columns(
        reads().alias(name) for name, reads in _WORDS.items() if name in frame.columns
    )
    frame = frame.with_columns(_reason())
    shown = [name for name in header.used if name not in (*_PEOPLE, c.ANSWER_TEXT)]
    refused = frame.filter(pl.col(c.REASON).is_not_null())
    for row, reason, *values in refused.select(c.ROW, c.REASON, *shown).rows():
        pairs = zip(shown, values, strict=True)
        draft.refuse(row, reason, "; ".join(f"{name}: {value}" for name, value in pairs if value))
    kept = frame.filter(pl.col(c.REASON).is_null())
    for name in _TIMES & set(header.used):
        draft.unreadable.append(reading.unreadable(written, kept, name))
    frame = frame.with_columns(
        pl.coalesce(pl.col(day.name), pl.lit(day)).alias(day.name) for day in days
    )
    return frame.filter(pl.col(c.REASON).is_null()).drop(c.REASON)


def _in_zone_of_heading(column: str, zone: str) -> pl.Expr:
    """Put the zone a heading names behind each date that is written out without one."""
    text = pl.col(column).cast(pl.String, strict=False).str.strip_chars()
    plain = text.str.contains(r"\d[.:/\-]\d+$") & ~text.str.contains(r"^\d+[.,]?\d*$")
    return pl.when(plain).then(text + f" {zone}").otherwise(text).alias(column)


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


def _regime() -> pl.Expr:
    """Translate the export's word for the rules of an answer; an unknown word stays as it is."""
    word = pl.col(c.REGIME).str.to_lowercase()
    regime: pl.Expr = pl.col(c.REGIME)
    for name, beginnings in REGIMES.items():
        regime = (
            pl.when(word.str.contains(f"^(?:{'|'.join(beginnings)})"))
            .then(pl.lit(name))
            .otherwise(regime)
        )
    return regime


def _required() -> pl.Expr:
    """Whether an answer is called for; a word that is neither yes nor no says nothing."""
    word = pl.col(c.ANSWER_REQUIRED).str.to_lowercase()
    yes, no = word.is_in(["да", "true", "1", "yes"]), word.is_in(["нет", "false", "0", "no"])
    return pl.when(yes).then(pl.lit(True)).when(no).then(pl.lit(False))


def _rating() -> pl.Expr:
    """Take a grade of 1 to 5; anything else says nothing."""
    grade = pl.col(c.RATING).str.extract(r"^([1-5])(?:[.,]0+)?(?:\s*/\s*5)?$")
    return grade.cast(pl.Int64)


_WORDS = {c.REGIME: _regime, c.ANSWER_REQUIRED: _required, c.RATING: _rating}


def _kind() -> pl.Expr:
    """Translate the export's word for the kind of a message; an unknown word is "other".

    «Пост», «комментарий», «репост» of a monitoring table are no kind of what is asked.
    """
    word = pl.col(c.KIND).str.to_lowercase()
    form = word.str.contains("^(?:пост|коммент|репост|статья|запись|post|comment|repost)")
    kind: pl.Expr = pl.when(word.is_not_null() & ~form).then(pl.lit("other"))
    for name, beginnings in KINDS.items():
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
