"""What reading yields, and what all formats have in common once their rows are known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab import pseudonyms
from cur_lab.readers import answering
from cur_lab.readers.times import settled, utc

# Why a row was refused: codes of ``columns.CODES["reason"]``.
DUPLICATE = "duplicate"
NO_TEXT = "no_text"
TOO_LONG = "text_too_long"
NUL = "nul_character"
FIELDS = "wrong_number_of_fields"
QUOTE = "broken_quotes"
ABOVE = "above_header"
NO_COLUMN = "no_text_column"
SERVICE = "service_message"
DELETED = "deleted"
FORM = "not_a_message"
ERROR = "error_answer"
DAMAGED = "damaged"
CUT_OFF = "cut_off"
UNSUPPORTED = "unsupported"
UNREAD = "text_not_read"

# What is to be known of a source: codes of ``columns.CODES["note"]``.
FILE_CUT, FILE_DAMAGED, REPAIRED, NOT_READ, REPLIES_MISSING, MORE_PAGES = (
    "cut_off", "damaged", "repaired", "text_not_read", "replies_missing", "more_pages"
)  # fmt: skip

LONGEST_TEXT = 100_000
_RAW_CHARACTERS = 500
_SHOWN_ROWS = 200

FILE = "_file"
_OWNED = "_owned"
EDITED_AT = "_edited_at"
DRAFT: dict[str, Any] = {c.ROW: pl.Int64, EDITED_AT: pl.Int64}
# What a page says, post or reply: see ``answering``.
SAID = c.Table(
    "said",
    c.POSTS.columns,
    optional=(*c.POSTS.optional, c.Column(c.REPLY_TO_ID, pl.String, "what the page replies to")),
)

# Neither space nor control nor an invisible mark of direction or joining.
VISIBLE = re.compile(
    r"[^\s\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\x00-\x1f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables of what was read, and an account of what was not.

    ``messages``, ``posts``, ``answers`` and ``rejected`` together have as many rows as the source.

    Attributes
    ----------
    messages
        Schema ``columns.MESSAGES``, sorted by time and id.
    posts
        Schema ``columns.POSTS``, sorted by time and id.
    answers
        Schema ``columns.PAGE_ANSWERS``: what pages replied to citizens, each reply of theirs; the
        first to a message stands on the message too.
    rejected
        Schema ``columns.REJECTED``: rows that are in none of these, and why.
    unreadable
        Schema ``columns.UNREADABLE``: dates that could not be read, in rows that are there with a
        null instead.
    headers
        Header of the source → our column, null where the column is not used; empty for JSON.
    unused
        Schema ``columns.UNUSED``: columns of a table that became none of ours, and what their
        cells look like; a heading that begins with «Дата» is taken at its word.
    followers
        Schema ``columns.FOLLOWER_COUNTS``: followers of pages where the source states them.
    notes
        Schema ``columns.NOTES``: what is to be known though no row is lost by it.
    """

    messages: pl.DataFrame
    posts: pl.DataFrame
    answers: pl.DataFrame
    rejected: pl.DataFrame
    unreadable: pl.DataFrame
    headers: Mapping[str, str | None]
    unused: pl.DataFrame
    followers: pl.DataFrame
    notes: pl.DataFrame


@dataclass(slots=True)
class Draft:
    """The rows of one file before ids are keyed and repeats are found.

    ``messages`` and ``posts`` have their schema's columns plus the row and the time of the last
    edit; posts have ``reply_to_id`` where a page replied; ``refused`` holds row, reason and the row
    as found; ``unreadable`` row, id, column, value; ``noted`` code and detail → how often. Dates
    without a zone are in ``timezone``. ``owned``: ids name their owner and are unique over files.
    """

    timezone: str
    messages: list[pl.DataFrame] = field(default_factory=list)
    posts: list[pl.DataFrame] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    unreadable: list[pl.DataFrame] = field(default_factory=list)
    headers: dict[str, str | None] = field(default_factory=dict)
    unused: dict[str, str] = field(default_factory=dict)
    followers: list[pl.DataFrame] = field(default_factory=list)
    noted: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    owned: bool = False

    def note(self, code: str, detail: str | None = None, times: int = 1) -> None:
        """Say what is to be known of the source."""
        self.noted[code, detail] += times

    def refuse(self, row: int, reason: str, raw: object) -> None:
        """Put a row among the rejected."""
        # A little more than will be shown: a name at the edge is still seen whole by the redaction.
        self.refused.append((row, reason, sound(str(raw))[: 2 * _RAW_CHARACTERS]))


def sound(text: str) -> str:
    """Join surrogate pairs and replace lone ones, which no UTF-8 table can hold."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def objection(text: str) -> str | None:
    """Why a message of this text is refused, if it is; a table asks the same of its columns."""
    if not VISIBLE.search(text):
        return NO_TEXT
    if "\0" in text:
        return NUL
    return TOO_LONG if len(text) > LONGEST_TEXT else None


def as_found(item: Any, shown: Sequence[str]) -> str:
    """Write an item of JSON with only those of its members that may be shown."""
    if isinstance(item, dict):
        item = {name: item[name] for name in shown if name in item}
    try:
        return json.dumps(item, ensure_ascii=False)
    except RecursionError:
        return "too deep to be shown"


def whole(value: object) -> int | None:
    """Return a whole number that fits a table; None for anything else."""
    if type(value) is int:
        return value if -(2**63) < value < 2**63 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return None


def timed(rows: Sequence[Mapping[str, object]], table: c.Table, draft: Draft) -> pl.DataFrame:
    """Make a table of rows whose times are written as in the source; note unreadable ones."""
    written = {c.PUBLISHED_AT: pl.String, EDITED_AT: pl.String}
    schema: dict[str, Any] = {**table.full_schema, **DRAFT, **written}
    # Columns nobody told take as long as the others.
    told = {*table.schema, *DRAFT}.union(*rows)
    found = pl.DataFrame(rows, schema={name: schema[name] for name in schema if name in told})
    return dated(found, table, draft)


def dated(found: pl.DataFrame, table: c.Table, draft: Draft) -> pl.DataFrame:
    """Read the times of a table that are written as in the source; note unreadable ones."""
    read = found.with_columns(
        utc(found[c.PUBLISHED_AT], draft.timezone),
        utc(found[EDITED_AT], draft.timezone).dt.epoch("s"),
    )
    draft.unreadable.append(unreadable(found, read, c.PUBLISHED_AT))
    optional = [column.name for column in table.optional if column.name in read.columns]
    return read.drop(name for name in optional if read[name].is_null().all())


def unreadable(found: pl.DataFrame, read: pl.DataFrame, name: str) -> pl.DataFrame:
    """Dates that stand in the source and are null in what was read."""
    lost = read.filter(pl.col(name).is_null()).select(c.ROW)
    return (
        found.select(c.ROW, pl.col(name).cast(pl.String, strict=False).str.strip_chars())
        .join(lost, on=c.ROW, how="semi")
        .filter(pl.col(name) != "")
        .select(c.ROW, pl.lit(name).alias(c.COLUMN), pl.col(name).str.slice(0, 100).alias(c.RAW))
    )


def finish(drafts: Sequence[Draft], names: Sequence[str] | None, key: bytes) -> Reading:
    """Key the ids, set repeats aside, redact what was refused and sort.

    Parameters
    ----------
    drafts
        One for each file, in the order they were named.
    names
        Names of the files if there are several, so that a rejected row can be found.
    key
        For the pseudonyms.
    """
    dated = [
        ([settled(frame, draft.timezone) for frame in draft.messages], draft.owned)
        for draft in drafts
    ]
    messages = _gather(dated, c.MESSAGES)
    posts = _gather([(draft.posts, draft.owned) for draft in drafts], c.POSTS)
    posts, repeated_posts = _without_repeats(_pseudonymised(posts, key), c.POST_ID)
    messages, posts, answers = answering.settle(_pseudonymised(messages, key), posts)
    messages, repeated_messages = _without_repeats(_renumbered(_qualified(messages)), c.MESSAGE_ID)
    refused = pl.DataFrame(
        [(file, *row) for file, draft in enumerate(drafts) for row in draft.refused],
        schema={FILE: pl.Int64, **c.REJECTED.schema},
        orient="row",
    )
    rejected = pl.concat([_redacted(refused, c.REASON), repeated_messages, repeated_posts])
    lost = pl.concat(
        [
            pl.DataFrame(schema={FILE: pl.Int64, **c.UNREADABLE.schema}),
            *(
                frame.select(pl.lit(file, pl.Int64).alias(FILE), *c.UNREADABLE.schema)
                for file, draft in enumerate(drafts)
                for frame in draft.unreadable
            ),
        ]
    )
    return Reading(
        messages=c.MESSAGES.conform(messages.sort(c.PUBLISHED_AT, c.MESSAGE_ID, nulls_last=True)),
        posts=c.POSTS.conform(posts.sort(c.PUBLISHED_AT, c.POST_ID, nulls_last=True)),
        answers=answers,
        rejected=_named(rejected, names, c.REJECTED),
        unreadable=_named(_redacted(lost, c.COLUMN), names, c.UNREADABLE),
        headers={name: column for draft in drafts for name, column in draft.headers.items()},
        unused=_unused(drafts, names),
        followers=_followers(drafts),
        notes=_named(_notes(drafts), names, c.NOTES),
    )


def _followers(drafts: Sequence[Draft]) -> pl.DataFrame:
    counted = [c.FOLLOWER_COUNTS.conform(frame) for draft in drafts for frame in draft.followers]
    table = pl.concat([c.FOLLOWER_COUNTS.empty(), *counted]).unique()
    return table.sort(table.columns, nulls_last=True)


def _notes(drafts: Sequence[Draft]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (file, code, detail, times)
            for file, draft in enumerate(drafts)
            for (code, detail), times in draft.noted.items()
        ],
        schema={FILE: pl.Int64, **c.NOTES.schema},
        orient="row",
    )


def _gather(drafts: Sequence[tuple[Sequence[pl.DataFrame], bool]], table: c.Table) -> pl.DataFrame:
    numbered = [
        frame.with_columns(pl.lit(file, pl.Int64).alias(FILE), pl.lit(owned).alias(_OWNED))
        for file, (frames, owned) in enumerate(drafts)
        for frame in frames
    ]
    empty = pl.DataFrame(schema={**table.schema, **DRAFT, FILE: pl.Int64, _OWNED: pl.Boolean})
    return pl.concat([empty, *numbered], how="diagonal")


def _pseudonymised(frame: pl.DataFrame, key: bytes) -> pl.DataFrame:
    people = [name for name in (c.AUTHOR_ID, c.FORWARDED_FROM) if name in frame.columns]
    return frame.with_columns(pseudonyms.pseudonymise(frame[name], key) for name in people)


def _qualified(messages: pl.DataFrame) -> pl.DataFrame:
    """Put the channel before ids that are unique only within a channel."""
    number, channel = pl.col(c.MESSAGE_ID), pl.col(c.CHANNEL)
    shared = (
        messages.filter(number.is_duplicated() & ~pl.col(_OWNED))
        .group_by(number)
        .agg(channel.drop_nulls())
    )
    if not (shared[c.CHANNEL].list.n_unique() > 1).any():
        return messages
    ids = [name for name in (c.MESSAGE_ID, c.REPLY_TO_ID, c.THREAD_ID) if name in messages.columns]
    return messages.with_columns(
        pl.when(channel.is_null() | pl.col(_OWNED))
        .then(pl.col(name))
        .otherwise(pl.concat_str(channel, pl.col(name), separator="/"))
        for name in ids
    )


def _renumbered(messages: pl.DataFrame) -> pl.DataFrame:
    """Put the time behind numbers that begin anew on each sheet or in each month's file.

    The same number with another text at another time is another message: an edited one keeps its
    time.
    """
    number, when = pl.col(c.MESSAGE_ID), pl.col(c.PUBLISHED_AT)
    repeated = messages.filter(number.is_duplicated() & when.is_not_null() & ~pl.col(_OWNED))
    several = (
        repeated.group_by(number)
        .agg(when.n_unique().alias("times"), pl.col(c.TEXT).n_unique().alias("texts"))
        .filter(pl.min_horizontal("times", "texts") > 1)
    )
    if several.is_empty():
        return messages
    anew = number.is_in(several[c.MESSAGE_ID].implode()) & when.is_not_null() & ~pl.col(_OWNED)
    timed = pl.concat_str(number, when.dt.to_string("%Y-%m-%dT%H:%M:%SZ"), separator="/")
    return messages.with_columns(pl.when(anew).then(timed).otherwise(number).alias(c.MESSAGE_ID))


def _without_repeats(frame: pl.DataFrame, number: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep one row of each id: the last edited, then of the last file, then the fullest."""
    repeated = frame.filter(pl.col(number).is_duplicated())
    content = sorted(set(repeated.columns) - {FILE, EDITED_AT, c.ROW, _OWNED})
    order = [EDITED_AT, FILE, "_filled", *content, c.ROW]
    ranked = repeated.with_columns(
        pl.sum_horizontal(pl.col(content).is_not_null()).alias("_filled")
    ).sort(order, descending=[name == c.ROW for name in order], nulls_last=False)
    kept = ranked.unique(number, keep="last").select(FILE, c.ROW)
    rejected = repeated.join(kept, on=[FILE, c.ROW], how="anti").select(
        FILE,
        c.ROW,
        pl.lit(DUPLICATE).alias(c.REASON),
        # The row itself is among the messages; the id says where.
        pl.format("{}: {}", pl.lit(number), pl.col(number)).alias(c.RAW),
    )
    return frame.join(rejected, on=[FILE, c.ROW], how="anti"), rejected


def _redacted(frame: pl.DataFrame, of: str) -> pl.DataFrame:
    """Redact what was found; of many rows of one kind only the first are shown.

    Looking for names takes milliseconds a row, and a file of which everything is refused has
    hundreds of thousands of rows that nobody would read.
    """
    if frame.is_empty():
        return frame
    # Natasha takes a second to load; most files have nothing to refuse.
    from cur_lab import privacy

    distinct = frame.select(of, c.RAW).unique(maintain_order=True)
    shown = distinct.filter(pl.int_range(pl.len()).over(of) < _SHOWN_ROWS)
    # A row without a text shows dates and rubrics: nothing to look for names in.
    wordless = pl.col(of) == NO_TEXT
    parts = ((shown.filter(wordless), False), (shown.filter(~wordless), True))
    shown = pl.concat(
        part.with_columns(
            privacy.redact(part[c.RAW], names=names)
            .str.slice(0, _RAW_CHARACTERS)
            .alias("_redacted")
        )
        for part, names in parts
        if not part.is_empty()
    )
    return (
        frame.join(shown, on=[of, c.RAW], how="left", maintain_order="left")
        .with_columns(pl.col("_redacted").fill_null("").alias(c.RAW))
        .drop("_redacted")
    )


def _unused(drafts: Sequence[Draft], names: Sequence[str] | None) -> pl.DataFrame:
    rows = [
        (heading, looks_like, file)
        for file, draft in enumerate(drafts)
        for heading, looks_like in draft.unused.items()
    ]
    schema = {c.HEADING: pl.String, c.LOOKS_LIKE: pl.String, FILE: pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if names is not None:
        file = pl.Series(names, dtype=pl.String)
        frame = frame.with_columns(file.gather(frame[FILE]).alias(c.SOURCE))
    return c.UNUSED.conform(frame)


def _named(frame: pl.DataFrame, names: Sequence[str] | None, table: c.Table) -> pl.DataFrame:
    first = [FILE, *(name for name in table.schema if name == c.ROW)]
    ordered = frame.sort(*first, *(name for name in table.schema if name != c.ROW))
    if names is not None:
        file = pl.Series(names, dtype=pl.String)
        ordered = ordered.with_columns(file.gather(ordered[FILE]).alias(c.SOURCE))
    return table.conform(ordered)
