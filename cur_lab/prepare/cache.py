"""Derived columns kept on disk, so that a text is read once and not once a notebook.

Two files, each an SQLite database of two columns. ``texts.sqlite`` has an entry for every text:
terms, street, house; one changed text costs one text. ``corpora.sqlite`` has one for every corpus:
family and template of its rows, whatever their order. Analyses are never kept.

What the files tell: how many texts and corpora there are and how long what was derived from each
is. An entry is found by a keyed hash (BLAKE2b with the user's pseudonym key) and sealed with a key
stream (SHAKE-256) of another keyed hash, both of the very text or corpus: only who holds both the
user's key and the text can find the entry or read it, and finds there what the text says anyway.
The hashes heed the source of the rooms that derive and the versions of the dictionary and the
libraries they use; what an older version made is never found again and goes as the oldest.

Two processes that need the same do not both derive it: the second waits for the first.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, shake_256
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import polars as pl

from cur_lab import entities, families, files, privacy, pseudonyms, text
from cur_lab.columns import HOUSE, STREET, TERM_LIST
from cur_lab.errors import InputError
from cur_lab.files import CACHE_VARIABLE as FOLDER_VARIABLE
from cur_lab.files import cache as folder
from cur_lab.progress import bar

__all__ = ["Held", "clear", "folder", "held", "of_corpus", "of_texts"]

TEXTS, CORPORA = "texts", "corpora"
MOST_BYTES = {TEXTS: 1 << 30, CORPORA: 1 << 28}
_CHUNK = 10_000
_WAIT = 60  # seconds for another process to finish writing
_PATIENCE = 1800  # and to finish deriving
_LOCK = "deriving"
_TABLE = "CREATE TABLE entries (name BLOB PRIMARY KEY, value BLOB NOT NULL)"
# Another process still writes, or the disk is full: the file itself is sound.
_SOUND = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL}
_ROOMS = (text, entities, privacy, families)
_LIBRARIES = ("polars", "pymorphy3", "pymorphy3-dicts-ru", "razdel", "rensa", "rumorph", "scipy")

Derive = Callable[[pl.Series], pl.DataFrame]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """What one of the files holds."""

    name: str
    entries: int
    bytes: int


def held() -> list[Held]:
    """Tell entries and bytes of each file; a file that is not there holds nothing.

    Where a study keeps bytecode here (see ``study.bytecode``), that is told too.
    """
    found = []
    for name in MOST_BYTES:
        size = _path(name).stat().st_size if _path(name).is_file() else 0
        entries = _with(name, _count, 0) if size else 0
        found.append(Held(name, entries, size))
    compiled = [path for path in (folder() / files.BYTECODE).rglob("*") if path.is_file()]
    if compiled:
        sizes = sum(path.stat().st_size for path in compiled)
        found.append(Held(files.BYTECODE, len(compiled), sizes))
    return found


def clear() -> None:
    """Remove the files.

    Raises
    ------
    InputError
        If they cannot be removed.
    """
    for name in (*MOST_BYTES, _LOCK, files.BYTECODE):
        try:
            if (folder() / name).is_dir():
                shutil.rmtree(folder() / name)
            else:
                _remove(name)
        except OSError as error:
            raise InputError(
                f"cannot be removed ({error})",
                where=str(folder()),
                remedy=f"Remove it by hand, or name another folder in {FOLDER_VARIABLE}",
            ) from error


def of_texts(texts: pl.Series, derive: Derive) -> pl.DataFrame:
    """Return ``terms``, ``street``, ``house`` of distinct texts; derive those not held."""
    starts = range(0, max(texts.len(), 1), _CHUNK)
    return pl.concat(
        [_of_some(texts[start : start + _CHUNK], derive) for start in bar(starts, name="Тексты")]
    )


def _of_some(texts: pl.Series, derive: Derive) -> pl.DataFrame:
    sealed = _sealed(content.encode("utf-8") for content in texts)
    lines: list[str | None] = [None] * texts.len()

    def look_up() -> list[int]:
        """Fill in what is held; return the places of what is not."""
        places = [place for place, line in enumerate(lines) if line is None]
        values = _read(TEXTS, [sealed[place] for place in places] if sealed else [])
        for place, value in zip(places, values, strict=False):
            lines[place] = None if value is None else value.decode("utf-8")
        return [place for place in places if lines[place] is None]

    if look_up():
        with _alone(wanted=bool(sealed)):
            if absent := look_up():
                made = _lines(derive(texts.gather(absent))).to_list()
                for place, line in zip(absent, made, strict=True):
                    lines[place] = line
                if sealed:
                    _write(TEXTS, [sealed[p] for p in absent], [line.encode() for line in made])
    return _columns(pl.Series(lines, dtype=pl.String))


def _lines(found: pl.DataFrame) -> pl.Series:
    """Write rows as lines: there is no white space in a term and no tab in an address."""
    terms = pl.col(TERM_LIST).list.join(" ")
    line = pl.concat_str(pl.col(STREET, HOUSE).fill_null(""), terms, separator="\t")
    return found.select(line).to_series()


def _columns(lines: pl.Series) -> pl.DataFrame:
    parts = lines.str.split_exact("\t", 2).struct.rename_fields([STREET, HOUSE, TERM_LIST])
    return parts.struct.unnest().select(
        pl.col(TERM_LIST).str.extract_all(r"\S+"),
        *(pl.when(pl.col(name) != "").then(name).alias(name) for name in (STREET, HOUSE)),
    )


def of_corpus(rows: pl.DataFrame, derive: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Return ``family`` and ``template`` of rows of ids, texts and what else decides on them."""
    digests = pl.Series(
        [blake2b(repr(row).encode(), digest_size=16).digest() for row in rows.iter_rows()],
        dtype=pl.Binary,
    )
    order = digests.arg_sort()
    whole = repr(rows.columns).encode() + b"".join(digests.gather(order))
    sealed = _sealed([whole])

    def look_up() -> pl.DataFrame | None:
        (value,) = _read(CORPORA, sealed) or [None]
        if value is None:
            return None
        found = pl.read_parquet(io.BytesIO(value))
        return found.select(pl.all().gather(order.arg_sort()))

    if (found := look_up()) is not None:
        return found
    with _alone(wanted=bool(sealed)):
        if (found := look_up()) is not None:
            return found
        made = derive(rows)
        buffer = io.BytesIO()
        made.select(pl.all().gather(order)).write_parquet(buffer)
        _write(CORPORA, sealed, [buffer.getvalue()])
        return made


@contextmanager
def _alone(*, wanted: bool) -> Iterator[None]:
    """Derive while no other process does: who has waited finds what it waited for.

    The lock is a transaction of SQLite, which ends with the process, whatever ends that. Where
    there can be none, all derive: that costs time and nothing else.
    """
    with ExitStack() as stack:
        with suppress(OSError, sqlite3.Error):
            if wanted:
                connection = stack.enter_context(closing(_opened(_path(_LOCK), _PATIENCE)))
                connection.execute("BEGIN EXCLUSIVE")
        yield


# --- seals --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Name of an entry and the seed of what hides its value."""

    name: bytes
    seed: bytes

    def close(self, value: bytes) -> bytes:
        return self._turned(blake2b(value, digest_size=8).digest() + value)

    def open(self, hidden: bytes) -> bytes | None:
        """Return the value; None where the entry is damaged."""
        plain = self._turned(hidden)
        digest, value = plain[:8], plain[8:]
        return value if blake2b(value, digest_size=8).digest() == digest else None

    def _turned(self, content: bytes) -> bytes:
        stream = shake_256(self.seed).digest(len(content))
        mixed = int.from_bytes(content, "little") ^ int.from_bytes(stream, "little")
        return mixed.to_bytes(len(content), "little")


def _sealed(contents: Iterable[bytes]) -> list[_Sealed]:
    """Seal contents with the user's key; nothing where there is none to be had."""
    try:
        key = pseudonyms.load_key()
    except (OSError, InputError) as error:
        _warn(f"no key ({error})")
        return []

    def hashed(content: bytes, purpose: bytes) -> bytes:
        return blake2b(content, digest_size=16, key=key, salt=_code(), person=purpose).digest()

    return [_Sealed(hashed(content, b"name"), hashed(content, b"seal")) for content in contents]


@cache
def _code() -> bytes:
    """Hash of what decides what is derived: our source, the libraries, the dictionary."""
    digest = blake2b(digest_size=16)
    for room in (*_ROOMS, None):
        inside = Path(__file__ if room is None else str(room.__file__)).parent
        for path in sorted(inside.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(inside).as_posix().encode() + path.read_bytes())
    digest.update(repr([(name, version(name)) for name in _LIBRARIES]).encode())
    return digest.digest()


# --- files --------------------------------------------------------------------------------------


def _read(name: str, sealed: Sequence[_Sealed]) -> list[bytes | None]:
    def look_up(connection: sqlite3.Connection) -> dict[bytes, bytes]:
        marks = ", ".join("?" * len(sealed))
        rows = connection.execute(
            # A damaged page may call a value a number.
            f"SELECT name, value FROM entries WHERE name IN ({marks}) AND typeof(value) = 'blob'",
            [one.name for one in sealed],
        )
        return dict(rows.fetchall())

    nothing: dict[bytes, bytes] = {}
    found = _with(name, look_up, nothing) if sealed else nothing
    return [one.open(found[one.name]) if one.name in found else None for one in sealed]


def _write(name: str, sealed: Sequence[_Sealed], values: Sequence[bytes]) -> None:
    def put(connection: sqlite3.Connection) -> None:
        rows = [(one.name, one.close(value)) for one, value in zip(sealed, values, strict=True)]
        with connection:
            connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)
        _shrink(connection, MOST_BYTES[name])

    if sealed:
        _with(name, put, None)


def _shrink(connection: sqlite3.Connection, most: int) -> None:
    """Drop the oldest entries, a tenth at a time, until the file is small enough."""
    while _size(connection) > most and (number := _count(connection)):
        with connection:
            connection.execute(
                "DELETE FROM entries WHERE rowid IN "
                "(SELECT rowid FROM entries ORDER BY rowid LIMIT ?)",
                [-(-number // 10)],
            )


def _size(connection: sqlite3.Connection) -> int:
    pages, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return int(pages * size)


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])


def _path(name: str) -> Path:
    return folder() / f"{name}.sqlite"


def _with(name: str, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
    """Work on a file; one that is damaged is made anew, one that cannot be used is told of."""
    problem = ""
    for _ in range(2):
        try:
            with closing(_connected(_path(name))) as connection:
                return work(connection)
        except OSError as error:
            problem = str(error)
            break
        # The driver raises ValueError where it cannot decode what it read or its own message.
        except (sqlite3.Error, ValueError) as error:
            problem = str(error)
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _SOUND:
                break
            try:
                _remove(name)
            except OSError:
                break
    _warn(problem)
    return otherwise


def _remove(name: str) -> None:
    path = _path(name)
    # A journal left behind would be played back into the next file of this name.
    for end in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _connected(path: Path) -> sqlite3.Connection:
    connection = _opened(path, _WAIT)
    try:
        # The file shrinks with what is deleted from it.
        connection.execute("PRAGMA auto_vacuum = FULL")
        connection.execute(_TABLE.replace("TABLE", "TABLE IF NOT EXISTS"))
        found = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'entries'")
        if found.fetchone() != (_TABLE,):
            raise sqlite3.DatabaseError("another table of that name")
    except (sqlite3.Error, ValueError):
        connection.close()
        raise
    return connection


def _opened(path: Path, patience: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Made here, since SQLite would make it readable by all; its journal takes after it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return sqlite3.connect(path, timeout=patience)


@cache
def _warn(problem: str) -> None:
    """Say once that nothing is kept; the work goes on."""
    warnings.warn(
        f"nothing derived is kept in {folder()}: {problem}; "
        f"name a folder that can be written in {FOLDER_VARIABLE}",
        stacklevel=2,
    )
