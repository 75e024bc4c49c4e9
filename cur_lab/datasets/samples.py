"""The sample region that comes with the package."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.datasets.regions import Region
from cur_lab.errors import ParameterError
from cur_lab.files import shipped
from cur_lab.readers.election import Election

NAMES = {"zarechye": "Заречье"}

_TABLES = {table.name: table for table in vars(c).values() if isinstance(table, c.Table)}


def read(name: str) -> Region:
    """Read a sample as an analyst sees it."""
    tables = {
        table: _TABLES[table].conform(frame) if table in _TABLES else frame
        for table, frame in _frames(_folder(name)).items()
    }
    votes, meta = tables["votes"], dict(tables["election"].rows())
    vote = Election(meta, tables["projects"], votes.select(c.VOTER_ID), votes)
    return Region(NAMES[name], tables, {meta["instance"]: vote}, fictional=True)


def truth(name: str = "zarechye") -> Region:
    """Load what was planted in a sample region, to judge a method by.

    Raises
    ------
    ParameterError
        If there is no such sample.
    """
    return Region(f"{name}, truth", _frames(_folder(name) / "truth"), fictional=True)


def unknown(what: str, name: str, known: Iterable[str]) -> ParameterError:
    """Make the error for a name that is none of the known ones."""
    known = list(known)
    guesses = get_close_matches(name, known, n=1)
    hint = f"Did you mean {guesses[0]}? " if guesses else ""
    return ParameterError(
        f"no {what} called {name!r}", where="name", remedy=f"{hint}There are: {', '.join(known)}"
    )


def _folder(name: str) -> Path:
    if name not in NAMES:
        raise unknown("sample region", name, NAMES)
    return shipped("datasets", name)


def _frames(folder: Path) -> dict[str, pl.DataFrame]:
    frames = {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    return frames | {path.stem: _csv(path) for path in sorted(folder.glob("*.csv"))}


def _csv(path: Path) -> pl.DataFrame:
    table = _TABLES.get(path.stem)
    types = dict(table.full_schema) if table else None
    return pl.read_csv(path, schema_overrides=types)
