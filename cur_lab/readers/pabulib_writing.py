"""Elections written as ``.pb`` files that read back the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import polars as pl

from cur_lab import columns as c
from cur_lab import files
from cur_lab.errors import SchemaError
from cur_lab.readers.amounts import MONEY, written
from cur_lab.readers.election import Election
from cur_lab.readers.pabulib import BALLOT, NAME, VOTE_COLUMNS, sidecar_of


def write_pabulib(election: Election, path: str | os.PathLike[str]) -> None:
    """Write a ``.pb`` file that reads back as the same election; complete or not at all.

    Parameters
    ----------
    election
        Columns of ``votes`` that the format has no place for (time, channel, municipality) go to
        ``name.votes.parquet`` beside ``name.pb``. Rejected rows are not written.
    path
        Where to.

    Raises
    ------
    SchemaError
        If budget or kind of vote is missing, or the identifier of a project cannot stand in a list
        of votes (a comma, or blanks around it).
    """
    path = Path(path)
    if "vote_type" not in election.meta:
        raise SchemaError("META has no vote_type", where="election", remedy="Set meta['vote_type']")
    _ = election.budget
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST), where="projects")
    c.VOTERS.require(election.voters, (c.VOTER_ID,), where="voters")
    c.VOTES.require(election.votes, VOTE_COLUMNS, where="votes")
    ids = election.projects[c.PROJECT_ID]
    unfit = ids.filter(ids.str.contains(",") | (ids != ids.str.strip_chars()) | (ids == ""))
    if len(unfit):
        raise SchemaError(
            f"project id {unfit[0]!r} cannot stand in a list of votes",
            where="projects",
            remedy="Take out commas and blanks around it",
        )
    meta = pl.DataFrame(
        {"key": list(election.meta), "value": list(election.meta.values())},
        schema={"key": pl.String, "value": pl.String},
    )
    projects = election.projects
    if NAME not in projects.columns:
        projects = projects.rename({c.TITLE: NAME}, strict=False)
    extra = [name for name in election.votes.columns if name not in VOTE_COLUMNS]
    sidecar = sidecar_of(path)
    if extra:
        with files.replacing(sidecar) as temporary:
            election.votes.select(c.VOTER_ID, c.PROJECT_ID, *extra).write_parquet(temporary)
    with files.replacing(path) as temporary, temporary.open("wb") as stream:
        for section, frame in (
            (b"META", meta),
            (b"PROJECTS", projects),
            (b"VOTES", _votes_to_ballots(election)),
        ):
            stream.write(section + b"\n")
            _write_rows(frame, stream)
    if not extra:
        # One left from an earlier election would be joined to these votes.
        sidecar.unlink(missing_ok=True)


def _votes_to_ballots(election: Election) -> pl.DataFrame:
    """One row per voter, in the order of ``voters``, with the choices in the order of ``rank``."""
    # What counts for nothing keeps its place: without it every later rank would move.
    standing = pl.concat([election.votes.select(VOTE_COLUMNS), election.uncounted])
    listed = standing.sort(c.VOTER_ID, c.RANK, c.PROJECT_ID)
    lists = [pl.col(c.PROJECT_ID).str.join(",").alias(BALLOT)]
    if standing[c.POINTS].is_not_null().any():
        lists.append(_plain(c.POINTS).str.join(",").alias(c.POINTS))
    ballots = listed.group_by(c.VOTER_ID, maintain_order=True).agg(lists)
    others = [name for name in election.voters.columns if name != c.VOTER_ID]
    return election.voters.join(
        ballots, on=c.VOTER_ID, how="left", validate="1:1", maintain_order="left"
    ).select(c.VOTER_ID, *(name for name in ballots.columns if name != c.VOTER_ID), *others)


def _plain(name: str) -> pl.Expr:
    """Numbers as Pabulib writes them: no decimals where there are none."""
    number = pl.col(name)
    whole = number.round() == number
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.cast(pl.String))
    )


def _write_rows(frame: pl.DataFrame, stream: IO[bytes]) -> None:
    """Write header and rows, quoting whatever a reader could take for something else."""
    mark = pl.lit('"')

    def cell(name: str) -> pl.Expr:
        if name in MONEY and frame.schema[name].is_float():
            amounts = [None if value is None else written(value) for value in frame[name]]
            text = pl.lit(pl.Series(name, amounts, dtype=pl.String))
        else:
            text = _plain(name) if frame.schema[name].is_float() else pl.col(name).cast(pl.String)
        quoted = pl.concat_str(mark, text.str.replace_all('"', '""', literal=True), mark)
        return pl.when(text.str.contains('[;"\r\n]')).then(quoted).otherwise(text).alias(name)

    frame.select(cell(name) for name in frame.columns).write_csv(
        stream, separator=";", quote_style="never"
    )
