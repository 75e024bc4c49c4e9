"""The folder of a user's region → its tables and votes; what cannot be read loses nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from hashlib import file_digest
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.datasets import own_sources, own_tables, own_votes, place_names, settings
from cur_lab.datasets.own_sources import Gathered
from cur_lab.datasets.own_tables import Filled
from cur_lab.datasets.regions import Region
from cur_lab.errors import CurLabError, InputError, SchemaError
from cur_lab.readers import Reading
from cur_lab.readers.election import Election

_SOURCES, _VOTES = "sources", "votes"


def read(folder: Path) -> Region:
    """Read the folder of a region.

    Raises
    ------
    InputError
        If neither settings nor exports, tables or votes lie in it.
    """
    found = own_tables.files(folder) if folder.is_dir() else []
    parts = (settings.FILE, _SOURCES, _VOTES)
    if not found and not any((folder / part).exists() for part in parts):
        raise InputError(
            "not the folder of a region",
            where=str(folder),
            remedy=f"It has {settings.FILE}, sources and votes: cur-lab new NAME makes one",
        )
    told, problems = settings.read(folder)
    gathered = own_sources.gather(folder / _SOURCES, told)
    elections, files, of_votes = own_votes.gather(folder / _VOTES, told)
    problems += [*gathered.problems, *of_votes]
    problems += [*_strangers(folder, told, files), *own_tables.strangers(folder)]
    problems += _wanting(gathered.messages, gathered.posts, elections)
    filled: dict[str, Filled] = {}
    read: dict[str, Path] = {}
    for table, path in found:
        try:
            filled[table.name] = own_tables.read(path, table, told.timezone)
        except CurLabError as error:
            where = (error.where or path.name).replace(str(path), path.name)
            problems.append(type(error)(error.problem, where=where, remedy=error.remedy))
        else:
            read[table.name] = path
    tables = {
        c.MESSAGES.name: gathered.messages,
        c.POSTS.name: gathered.posts,
        c.PAGE_ANSWERS.name: gathered.answers,
        c.FOLLOWER_COUNTS.name: gathered.followers,
    }
    tables |= {name: _joined(tables.get(name), one.frame) for name, one in filled.items()}
    tables, elections, places, of_places = _placed(tables, elections)
    rejected, unreadable = _accounts(gathered.readings, filled, read)
    return Region(
        told.name,
        {name: frame for name, frame in tables.items() if frame.height},
        elections,
        rejected,
        unreadable,
        dict(told.parameters),
        told.timezone,
        folder,
        sources=_sources(folder, gathered, elections, files, filled, read),
        problems=_told([*problems, *of_places]),
        places=places,
        readings=gathered.readings,
        filled=filled,
    )


def _wanting(
    messages: pl.DataFrame, posts: pl.DataFrame, elections: Mapping[str, Election]
) -> list[CurLabError]:
    """Tell what a region can hardly be studied without."""
    if messages.is_empty() and posts.is_empty() and not elections:
        return [
            InputError(
                "neither messages nor votes",
                where=f"{_SOURCES}, {_VOTES}",
                remedy=f"Put exports as they came into {_SOURCES}, .pb files into {_VOTES}",
            )
        ]
    if messages.height and not messages[c.PUBLISHED_AT].count():
        return [
            InputError(
                "no message has a date",
                where=_SOURCES,
                remedy=f"If a column holds dates, name it in {settings.FILE}: "
                f'[{_SOURCES}."file.csv"] and below it columns = {{ "heading" = '
                f'"{c.PUBLISHED_AT}" }}; without dates only topics and copies can be told',
            )
        ]
    return []


def _joined(of_exports: pl.DataFrame | None, own: pl.DataFrame) -> pl.DataFrame:
    """Put what exports state and what the user wrote together; the user's is told once."""
    return own if of_exports is None else pl.concat([of_exports, own]).unique(maintain_order=True)


def _strangers(
    folder: Path, told: settings.Settings, files: Mapping[str, Sequence[Path]]
) -> list[CurLabError]:
    """Tell settings of files and votes that are not there."""
    sources = folder / _SOURCES
    present = [path.relative_to(sources).as_posix() for path in own_sources.files(sources)]
    votes = [
        path.stem if path.suffix.casefold() == ".pb" else path.parent.relative_to(folder).as_posix()
        for path in sorted((folder / _VOTES).rglob("*.*"))
    ]
    votes = [*files, *(name.removeprefix(f"{_VOTES}/") for name in votes)]
    lost: list[CurLabError] = []
    for section, asked, known in (
        (_SOURCES, told.sources, present),
        (_VOTES, told.votes, votes),
    ):
        for name in asked:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}? " if near else ""
                lost.append(
                    InputError(
                        f"{section} has no {name!r}, settings not used",
                        where=settings.FILE,
                        remedy=f"{hint}There are: {', '.join(sorted(set(known))) or 'none'}",
                    )
                )
    return lost


def _placed(
    tables: Mapping[str, pl.DataFrame], elections: Mapping[str, Election]
) -> tuple[dict[str, pl.DataFrame], dict[str, Election], pl.DataFrame, list[CurLabError]]:
    """Give municipalities the names of the list; a list that fits nobody is left out."""
    listed = tables.get(c.MUNICIPALITIES.name, c.MUNICIPALITIES.empty())
    if listed.is_empty():
        return dict(tables), dict(elections), c.PLACE_NAMES.empty(), []
    frames = {name: frame for name, frame in tables.items() if frame is not listed}
    for vote, election in elections.items():
        frames |= {f"{_VOTES}/{vote}/projects": election.projects}
        frames |= {f"{_VOTES}/{vote}/votes": election.votes}
    counted = pl.concat(
        [
            pl.DataFrame(schema={c.TABLE: pl.String, c.NAME: pl.String, c.N_ROWS: pl.Int64}),
            *(
                frame.drop_nulls(c.MUNICIPALITY)
                .group_by(pl.col(c.MUNICIPALITY).alias(c.NAME))
                .agg(pl.len().cast(pl.Int64).alias(c.N_ROWS))
                .select(pl.lit(name).alias(c.TABLE), c.NAME, c.N_ROWS)
                for name, frame in frames.items()
                if c.MUNICIPALITY in frame.columns
            ),
        ]
    )
    fitted = place_names.fit(counted[c.NAME], listed)
    places = c.PLACE_NAMES.conform(
        counted.join(fitted, on=c.NAME, how="left").sort(c.TABLE, c.NAME)
    )
    if fitted.height and fitted[c.MUNICIPALITY].null_count() == fitted.height:
        nobody = SchemaError(
            "no municipality of the data is in this list, so it is not used",
            where=c.MUNICIPALITIES.name,
            remedy="Give the list of the same region, or write the names the data have into its "
            f"column «{c.HEADINGS[c.OTHER_NAMES].text}»: {', '.join(fitted[c.NAME].head(5))}",
        )
        kept = {name: frame for name, frame in tables.items() if frame is not listed}
        return kept, dict(elections), places, [nobody]
    names = fitted.drop_nulls(c.MUNICIPALITY)
    renamed = {name: _renamed(frame, names) for name, frame in tables.items()}
    votes = {
        vote: replace(
            election,
            projects=_renamed(election.projects, names),
            votes=_renamed(election.votes, names),
        )
        for vote, election in elections.items()
    }
    return renamed, votes, places, []


def _renamed(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    if c.MUNICIPALITY not in frame.columns:
        return frame
    return frame.with_columns(pl.col(c.MUNICIPALITY).replace(names[c.NAME], names[c.MUNICIPALITY]))


# --- the account --------------------------------------------------------------------------------


def _accounts(
    readings: Mapping[str, Reading], filled: Mapping[str, Filled], read: Mapping[str, Path]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put together what was rejected and what could not be read, each with its file."""
    of_files: list[tuple[str, Reading | Filled]] = [
        (f"{_SOURCES}/{name}", reading) for name, reading in readings.items()
    ]
    of_files += [(read[name].name, table) for name, table in filled.items()]
    parts: list[list[pl.DataFrame]] = [[c.REJECTED.empty()], [c.UNREADABLE.empty()]]
    for name, account in of_files:
        for part, frame in zip(parts, (account.rejected, account.unreadable), strict=True):
            part.append(frame.with_columns(pl.lit(name).alias(c.SOURCE)))
    rejected, unreadable = (pl.concat(part, how="diagonal") for part in parts)
    return c.REJECTED.conform(rejected), c.UNREADABLE.conform(unreadable)


def _sources(
    folder: Path,
    gathered: Gathered,
    elections: Mapping[str, Election],
    files: Mapping[str, Sequence[Path]],
    filled: Mapping[str, Filled],
    read: Mapping[str, Path],
) -> pl.DataFrame:
    """Every file that was read, with the hash of its bytes and its rows."""
    found: list[tuple[Path, dict[str, int]]] = []
    for name, reading in gathered.readings.items():
        counts = {
            c.MESSAGES_COUNT: reading.messages.height,
            c.POSTS_COUNT: reading.posts.height,
            c.ANSWERS_COUNT: reading.answers.height,
            c.REJECTED_COUNT: reading.rejected.height,
        }
        counts |= {c.ROWS_COUNT: sum(counts.values()), c.REPEATED_COUNT: gathered.repeated[name]}
        found.append((folder / _SOURCES / name, counts))
    for name, one in filled.items():
        rows = {c.ROWS_COUNT: one.rows, c.REJECTED_COUNT: one.rejected.height}
        found.append((read[name], rows))
    found += [(path, {}) for vote in elections for path in files[vote]]
    found += [(path, {}) for path in [folder / settings.FILE] if path.is_file()]
    frame = pl.DataFrame(
        [
            {c.SOURCE: path.relative_to(folder).as_posix(), c.SHA256: _hash(path)} | counts
            for path, counts in found
        ],
        schema=c.REGION_SOURCES.schema,
    )
    return frame.sort(c.SOURCE)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _told(problems: Sequence[CurLabError]) -> pl.DataFrame:
    rows = [(error.where or "", error.problem, error.remedy or "") for error in problems]
    return pl.DataFrame(rows, schema=c.REGION_PROBLEMS.schema, orient="row")
