"""Exports of one region, each read by itself → one table of messages and one of posts.

A file that cannot be read loses nothing of the others. A message of two files, such as two exports
of one chat that overlap, is taken once, from the later file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.datasets.settings import Settings, Source
from cur_lab.errors import CurLabError
from cur_lab.readers import Reading

# What people keep beside an export, and what chats carry, is no source.
_NO_SOURCES = {
    ".bmp", ".css", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".m4a", ".md", ".mov", ".mp3", ".mp4",
    ".oga", ".ogg", ".opus", ".png", ".svg", ".tgs", ".wav", ".webm", ".webp",
}  # fmt: skip
_FILE = "_file"
_IDS = (c.MESSAGE_ID, c.POST_ID, c.REPLY_TO_ID, c.THREAD_ID)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What several sources hold together.

    Attributes
    ----------
    messages, posts, answers, followers
        Of all files, each message once.
    readings
        File → what was read of it, before the files were put together.
    repeated
        File → messages and posts of it that another file has too.
    problems
        Files that could not be read.
    """

    messages: pl.DataFrame
    posts: pl.DataFrame
    answers: pl.DataFrame
    followers: pl.DataFrame
    readings: Mapping[str, Reading]
    repeated: Mapping[str, int]
    problems: Sequence[CurLabError]


def files(folder: Path) -> list[Path]:
    """List the exports of a folder and of the folders in it, in the order of their names."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if path.suffix.casefold() not in _NO_SOURCES
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        and path.name.casefold() not in ("thumbs.db", "desktop.ini")
    )


def gather(folder: Path, settings: Settings) -> Gathered:
    """Read every export of a folder."""
    readings: dict[str, Reading] = {}
    problems: list[CurLabError] = []
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        told = settings.sources.get(name, Source())
        try:
            reading = readers.read(path, told.format, told.columns, timezone=settings.timezone)
        except CurLabError as error:
            # The whole path of somebody's folder is nobody's business.
            where = (error.where or name).replace(str(path), name)
            where = where if name in where else f"{name}, {where}"
            where = f"sources/{where}"
            problems.append(type(error)(error.problem, where=where, remedy=error.remedy))
        else:
            readings[name] = reading
    messages, posts, answers, followers = (
        _one(readings, settings, table)
        for table in (c.MESSAGES, c.POSTS, c.PAGE_ANSWERS, c.FOLLOWER_COUNTS)
    )
    messages, again_messages = _once(messages, c.MESSAGE_ID, c.CHANNEL, settings.timezone)
    posts, again_posts = _once(posts, c.POST_ID, c.PAGE_ID, settings.timezone)
    names = list(readings)
    alike = _alike(messages, c.MESSAGE_ID) | _alike(posts, c.POST_ID)
    messages, posts, answers = (_owned(part, names, alike) for part in (messages, posts, answers))
    again = pl.concat([again_messages, again_posts])
    return Gathered(
        c.MESSAGES.conform(messages.sort(c.PUBLISHED_AT, c.MESSAGE_ID, nulls_last=True)),
        c.POSTS.conform(posts.sort(c.PUBLISHED_AT, c.POST_ID, nulls_last=True)),
        c.PAGE_ANSWERS.conform(answers).unique().sort(c.ANSWERED_AT, c.POST_ID, c.MESSAGE_ID),
        c.FOLLOWER_COUNTS.conform(followers).unique().sort(c.PAGE_ID, c.AT, c.FOLLOWERS),
        readings,
        {name: int((again == place).sum()) for place, name in enumerate(names)},
        problems,
    )


def twice_told(messages: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Count messages of two files that agree in text, time and author and have other ids.

    They are counted and not removed: two records of one event may both be meant.

    Returns
    -------
    DataFrame
        ``source, other, n_rows``, one row per pair of files.
    """
    columns = [c.TEXT, c.PUBLISHED_AT, c.AUTHOR_ID]
    files = [
        frame.select(pl.lit(name).alias(c.SOURCE), c.MESSAGE_ID, *columns)
        for name, frame in messages.items()
    ]
    schema = {c.SOURCE: pl.String, "other": pl.String, c.N_ROWS: pl.Int64}
    if len(files) < 2:
        return pl.DataFrame(schema=schema)
    every = pl.concat(files).drop_nulls([c.TEXT, c.PUBLISHED_AT])
    pairs = every.join(every, on=columns, nulls_equal=True, suffix="_other").filter(
        pl.col(c.SOURCE) < pl.col("source_other"),
        pl.col(c.MESSAGE_ID) != pl.col("message_id_other"),
    )
    counted = pairs.group_by(c.SOURCE, pl.col("source_other").alias("other")).agg(
        pl.col(c.MESSAGE_ID).n_unique().cast(pl.Int64).alias(c.N_ROWS)
    )
    return counted.sort(c.SOURCE, "other")


def _one(readings: Mapping[str, Reading], settings: Settings, table: c.Table) -> pl.DataFrame:
    """Put a table of all files together, each row with the number of its file."""
    frames = []
    for place, (name, reading) in enumerate(readings.items()):
        frame: pl.DataFrame = getattr(reading, table.name)
        channel = settings.sources.get(name, Source()).channel
        if channel is not None and c.CHANNEL in table.schema:
            frame = frame.with_columns(pl.lit(channel).alias(c.CHANNEL))
        frames.append(frame.with_columns(pl.lit(place, pl.Int64).alias(_FILE)))
    empty = table.empty().with_columns(pl.lit(None, pl.Int64).alias(_FILE))
    return pl.concat([empty, *frames], how="diagonal")


def _once(
    frame: pl.DataFrame, number: str, owner: str, timezone: str
) -> tuple[pl.DataFrame, pl.Series]:
    """Keep the last of what two files have under one id; return the files of the others.

    An id names a message only within its owner. Where owner and moment agree it is one message,
    edited perhaps; where the owner is not told, or the moment is no more than a day, the text has
    to agree too.
    """
    several = frame.filter(pl.col(number).is_duplicated())
    clock = pl.col(c.PUBLISHED_AT).dt.convert_time_zone(timezone).dt.time()
    told = (pl.col(owner).is_not_null() & (clock != time())).fill_null(False)
    same = [number, owner, c.PUBLISHED_AT]
    lost = []
    for part, keys in ((several.filter(told), same), (several.filter(~told), [*same, c.TEXT])):
        kept = part.sort(_FILE).unique(keys, keep="last", maintain_order=True)
        lost.append(part.join(kept, on=[number, _FILE], how="anti").select(number, _FILE))
    repeats = pl.concat(lost)
    return frame.join(repeats, on=[number, _FILE], how="anti"), repeats[_FILE]


def _alike(frame: pl.DataFrame, number: str) -> set[int]:
    """Files that use an id another file uses for something else."""
    return set(frame.filter(pl.col(number).is_duplicated())[_FILE])


def _owned(frame: pl.DataFrame, names: Sequence[str], files: set[int]) -> pl.DataFrame:
    """Put the file before the ids of files that share some, so that links within one hold."""
    if not files:
        return frame
    own = pl.Series([Path(name).with_suffix("").as_posix() for name in names])
    frame = frame.with_columns(own.gather(frame[_FILE]).alias("_own"))
    return frame.with_columns(
        pl.when(pl.col(_FILE).is_in(sorted(files)))
        .then(pl.concat_str("_own", name, separator="/"))
        .otherwise(pl.col(name))
        .alias(name)
        for name in _IDS
        if name in frame.columns
    )
