"""Votes of one region: ``.pb`` files and pairs of tables → elections in order of time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.datasets import unnamed
from cur_lab.datasets.settings import FILE, Campaign, Settings
from cur_lab.errors import CurLabError, InputError, SchemaError
from cur_lab.readers import Election
from cur_lab.readers.times import utc

_TABLES = (".csv", ".tsv", ".xlsx", ".ods")
_PROJECTS, _VOTES = ("project", "проект"), ("vote", "голос", "бюллет")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def gather(
    folder: Path, settings: Settings
) -> tuple[dict[str, Election], dict[str, list[Path]], list[CurLabError]]:
    """Read every vote of a folder.

    A ``.pb`` file is a vote; so are two tables, projects and votes, in the folder itself or in a
    folder of their own.

    Returns
    -------
    elections
        Name of the vote → election, in order of time; what has no date comes first.
    files
        Name of the vote → its files.
    problems
        What could not be read.
    """
    elections: dict[str, Election] = {}
    files: dict[str, list[Path]] = {}
    problems: list[CurLabError] = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix.casefold() == ".pb"):
        _add(path.stem, [path], elections, files, problems, settings)
    places = {path.parent for path in folder.rglob("*") if path.suffix.casefold() in _TABLES}
    for place in sorted(places):
        tables = sorted(path for path in place.iterdir() if path.suffix.casefold() in _TABLES)
        tables = [path for path in tables if not path.name.startswith((".", "~$"))]
        name = folder.name if place == folder else place.relative_to(folder).as_posix()
        if tables:
            _add(name, tables, elections, files, problems, settings)
    ordered = sorted(elections, key=lambda name: _when(name, elections[name]))
    return {name: elections[name] for name in ordered}, files, problems


def _add(
    name: str,
    paths: Sequence[Path],
    elections: dict[str, Election],
    files: dict[str, list[Path]],
    problems: list[CurLabError],
    settings: Settings,
) -> None:
    told = settings.votes.get(name, Campaign())
    try:
        if name in elections:
            raise InputError(
                "a vote of this name was read already",
                where=paths[0].name,
                remedy="Give every file of votes a name of its own",
            )
        if paths[0].suffix.casefold() == ".pb":
            election = readers.read_pabulib(paths[0])
        else:
            election = _of_tables(name, paths, told, settings.timezone)
    except CurLabError as error:
        where = error.where or paths[0].name
        for path in paths:
            where = where.replace(str(path), path.name)
        problems.append(type(error)(error.problem, where=f"votes, {where}", remedy=error.remedy))
    else:
        elections[name] = unnamed.election(election)
        files[name] = list(paths)


def _of_tables(name: str, tables: Sequence[Path], told: Campaign, timezone: str) -> Election:
    if len(tables) == 1 and tables[0].suffix.casefold() not in (".csv", ".tsv"):
        # A workbook may hold both, each on its sheet.
        tables = [tables[0], tables[0]]
    if len(tables) != 2:
        raise InputError(
            f"{len(tables)} tables, not two: projects and votes",
            where=name,
            remedy="Put the two tables of every vote into a folder of its own in votes",
        )
    if told.budget is None:
        raise InputError(
            "nobody says how much money there was to spend",
            where=name,
            remedy=f'Write into {FILE}: [votes."{name}"] and below it budget = 1000000',
        )
    first, second = sorted(tables, key=_is_of_votes)
    try:
        return _read(first, second, told, timezone)
    except SchemaError:
        if _is_of_votes(first) != _is_of_votes(second):
            raise
        # Their names do not say which is which.
        return _read(second, first, told, timezone)


def _read(projects: Path, votes: Path, told: Campaign, timezone: str) -> Election:
    return readers.read_election(
        projects,
        votes,
        budget=told.budget or 0,
        vote_type=told.vote_type,
        columns=told.columns,
        timezone=timezone,
    )


def _is_of_votes(path: Path) -> tuple[bool, bool]:
    name = path.stem.casefold()
    projects = any(word in name for word in _PROJECTS)
    votes = any(word in name for word in _VOTES)
    return (votes and not projects, not projects)


def _when(name: str, election: Election) -> tuple[str, str]:
    """When a vote was: by its own statement, its votes, its name."""
    said = [election.meta[key] for key in ("date_end", "date_begin") if election.meta.get(key)]
    if said and (at := utc(pl.Series([said[0]])).item()) is not None:
        return at.date().isoformat(), name
    if c.CAST_AT in election.votes.columns and election.votes[c.CAST_AT].count():
        return str(election.votes[c.CAST_AT].max())[:10], name
    years = _YEAR.findall(election.meta.get("instance", "")) or _YEAR.findall(name)
    return (years[-1] if years else ""), name
