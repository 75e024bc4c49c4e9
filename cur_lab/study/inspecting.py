"""What a careful colleague would look at in the folder of a region before anything is counted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cur_lab import columns as c
from cur_lab import datasets, parameters
from cur_lab.datasets import Region, own_sources
from cur_lab.readers import Reading
from cur_lab.readers.election import finite
from cur_lab.study import abilities
from cur_lab.study.execution import find


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read of a region, what was not, and what it can answer.

    Attributes
    ----------
    name, timezone
        Of the region.
    problems
        Schema ``columns.REGION_PROBLEMS``: what could not be taken at all.
    sources
        Schema ``columns.INSPECTED_SOURCES``: every export, ``rows = messages + posts + answers +
        rejected``; the voice of the authority is in posts and answers.
    reasons
        Schema ``columns.INSPECTED_REASONS``: why rows were not read, and where the first stands.
    headings
        Schema ``columns.INSPECTED_HEADINGS``: headings used, and unused with what they look like.
    cells
        Schema ``columns.INSPECTED_CELLS``: dates and numbers that could not be read.
    copies
        Schema ``columns.INSPECTED_COPIES``: messages of two files under different ids.
    notes
        Schema ``columns.NOTES``: what is to be known though no row is lost, such as replies that
        were not exported.
    places
        Schema ``columns.PLACE_NAMES``: every name of a municipality, and which of the list fits.
    tables
        Schema ``columns.INSPECTED_TABLES``: tables the user filled, empty ones too.
    votes
        Schema ``columns.INSPECTED_VOTES``: votes in order of time.
    statements
        Schema ``columns.INSPECTED_STATEMENTS``: what files of votes say and their own votes deny.
    sections
        Schema ``columns.INSPECTED_SECTIONS``: what each notebook can answer.
    needs
        Schema ``columns.INSPECTED_NEEDS``: tables and columns it still needs.
    """

    name: str
    timezone: str
    problems: pl.DataFrame
    sources: pl.DataFrame
    reasons: pl.DataFrame
    headings: pl.DataFrame
    cells: pl.DataFrame
    copies: pl.DataFrame
    notes: pl.DataFrame
    places: pl.DataFrame
    tables: pl.DataFrame
    votes: pl.DataFrame
    statements: pl.DataFrame
    sections: pl.DataFrame
    needs: pl.DataFrame

    def __str__(self) -> str:
        """Say all of it in Russian."""
        from cur_lab.study import saying

        return saying.of(self)


def check(folder: str | os.PathLike[str]) -> Inspection:
    """Look through the folder of a region.

    Nothing that is told holds personal data: rows and cells as found are redacted.

    Parameters
    ----------
    folder
        A folder as ``cur-lab new`` makes, or ``"zarechye"``.

    Returns
    -------
    Inspection
        Printed, it is a report in Russian.

    Raises
    ------
    ParameterError
        If there is no such folder.
    InputError
        If it is not the folder of a region.
    """
    region = datasets.load(folder)
    readings = {f"sources/{name}": reading for name, reading in region.readings.items()}
    sections, needs = _answers(region)
    messages = {name: reading.messages for name, reading in readings.items()}
    copies = own_sources.twice_told(messages).rename({"other": c.OTHER_SOURCE})
    return Inspection(
        region.name,
        region.timezone,
        pl.concat([region.problems, _strange_parameters(region)]),
        _sources(region, readings),
        _first_of_each(_rejected(region), c.REASON, c.INSPECTED_REASONS),
        _headings(readings),
        _first_of_each(region.unreadable, c.COLUMN, c.INSPECTED_CELLS),
        c.INSPECTED_COPIES.conform(copies),
        _notes(readings),
        region.places,
        _tables(region),
        _votes(region),
        _statements(region),
        sections,
        needs,
    )


def _sources(region: Region, readings: Mapping[str, Reading]) -> pl.DataFrame:
    dated = pl.DataFrame(
        [
            {c.SOURCE: name, c.UNDATED_COUNT: reading.messages[c.PUBLISHED_AT].null_count()}
            | _span(pl.concat([reading.messages[c.PUBLISHED_AT], reading.posts[c.PUBLISHED_AT]]))
            for name, reading in readings.items()
        ],
        schema={c.SOURCE: pl.String, c.UNDATED_COUNT: pl.Int64, **_SPAN},
    )
    return c.INSPECTED_SOURCES.conform(
        region.sources.join(dated, on=c.SOURCE, how="inner").sort(c.SOURCE)
    )


_SPAN = {name: c.INSPECTED_SOURCES.schema[name] for name in (c.FIRST_AT, c.LAST_AT)}


def _span(times: pl.Series) -> dict[str, object]:
    return {c.FIRST_AT: times.min(), c.LAST_AT: times.max()}


def _first_of_each(frame: pl.DataFrame, of: str, table: c.Table) -> pl.DataFrame:
    """Count rows of each kind in each file, and show the first of them."""
    counted = (
        table.complete(frame, c.SOURCE)
        .with_columns(pl.col(c.SOURCE).fill_null(""))
        .sort(c.SOURCE, of, c.ROW)
        .group_by(c.SOURCE, of, maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias(c.N_ROWS), pl.col(c.ROW, c.RAW).first())
    )
    return table.conform(counted.sort(c.SOURCE, c.N_ROWS, of, descending=[False, True, False]))


def _rejected(region: Region) -> pl.DataFrame:
    """Put what was not read of votes beside what was not read of exports and tables."""
    # A line of a ballot names a voter.
    votes = [
        vote.rejected.with_columns(pl.lit(f"votes/{name}").alias(c.SOURCE), pl.lit("").alias(c.RAW))
        for name, vote in region.elections.items()
    ]
    return pl.concat([region.rejected, *votes], how="diagonal")


def _headings(readings: Mapping[str, Reading]) -> pl.DataFrame:
    rows = []
    for name, reading in readings.items():
        looks = dict(reading.unused.select(c.HEADING, c.LOOKS_LIKE).rows())
        rows += [
            (name, heading, column, None if column else looks.get(heading))
            for heading, column in reading.headers.items()
        ]
    return pl.DataFrame(rows, schema=c.INSPECTED_HEADINGS.schema, orient="row")


def _notes(readings: Mapping[str, Reading]) -> pl.DataFrame:
    told = [
        reading.notes.with_columns(pl.lit(name).alias(c.SOURCE))
        for name, reading in readings.items()
    ]
    empty = c.NOTES.empty().with_columns(pl.lit(None, pl.String).alias(c.SOURCE))
    return c.NOTES.conform(pl.concat([empty, *told], how="diagonal"))


def _tables(region: Region) -> pl.DataFrame:
    rows = [(name, one.rows, one.frame.height) for name, one in region.filled.items()]
    return pl.DataFrame(rows, schema=c.INSPECTED_TABLES.schema, orient="row")


def _votes(region: Region) -> pl.DataFrame:
    rows = []
    for name, vote in region.elections.items():
        timed = c.CAST_AT in vote.votes.columns
        times = vote.votes[c.CAST_AT] if timed else pl.Series([None], dtype=_SPAN[c.FIRST_AT])
        rows.append(
            {
                c.NAME: name,
                c.N_PROJECTS: vote.projects.height,
                c.N_VOTERS: vote.voters.height,
                c.VOTES_COUNT: vote.votes.height,
                c.BUDGET: finite(vote.meta.get("budget", "")),
                c.REJECTED_COUNT: vote.rejected.height,
                **_span(times),
            }
        )
    return pl.DataFrame(rows, schema=c.INSPECTED_VOTES.schema)


def _statements(region: Region) -> pl.DataFrame:
    denied = [
        vote.contradictions.with_columns(pl.lit(name).alias(c.NAME))
        for name, vote in region.elections.items()
    ]
    if not denied:
        return c.INSPECTED_STATEMENTS.empty()
    counted = (
        pl.concat(denied)
        .group_by(c.NAME, c.STATEMENT, maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias(c.N_ROWS), pl.col(c.BY_FILE, c.BY_VOTES).first())
    )
    return c.INSPECTED_STATEMENTS.conform(counted)


def _answers(region: Region) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tell what every curated notebook can answer, section by section."""
    sections: list[tuple[str, str, str, int, int]] = []
    needs: list[tuple[str, str | None, str, str | None, bool]] = []
    for path in find():
        ability = abilities.of(path, region)
        by_section: dict[str, list[abilities.Shown]] = {}
        for shown in ability.shown:
            by_section.setdefault(shown.section, []).append(shown)
        for section, results in by_section.items():
            answered = sum(not shown.lacking for shown in results)
            sections.append((path.stem, ability.title, section, len(results), answered))
            lacking = sorted(set().union(*(shown.lacking for shown in results)))
            needs += [
                (path.stem, section, table, column or None, False) for table, column in lacking
            ]
        needs += [(path.stem, None, table, None, True) for table in ability.fuller]
    return (
        pl.DataFrame(sections, schema=c.INSPECTED_SECTIONS.schema, orient="row"),
        pl.DataFrame(needs, schema=c.INSPECTED_NEEDS.schema, orient="row"),
    )


def _strange_parameters(region: Region) -> pl.DataFrame:
    """Tell parameters that no notebook has."""
    if not region.parameters:
        return c.REGION_PROBLEMS.empty()
    # Papermill reads the cells of parameters, and takes seconds to load.
    from cur_lab.study import arguments

    known = {name for path in find() for name in arguments.of(path)}
    errors = [parameters.unknown(name, known) for name in region.parameters if name not in known]
    rows = [
        (f"region.toml, parameters, {error.where}", error.problem, error.remedy) for error in errors
    ]
    return pl.DataFrame(rows, schema=c.REGION_PROBLEMS.schema, orient="row")
