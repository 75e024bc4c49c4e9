"""Where a voter is at home: one rule for turnout, money and curves."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.readers.election import Election


def with_homes(election: Election, votes: pl.DataFrame) -> pl.DataFrame:
    """Give each vote the district of its voter; where that is not told, of its project."""
    c.VOTES.require(votes, (c.VOTER_ID, c.PROJECT_ID), where="votes")
    if c.MUNICIPALITY not in election.projects.columns:
        return votes
    place = dict(homes(election.projects).iter_rows())
    of_project = pl.col(c.PROJECT_ID).replace_strict(place, default=None, return_dtype=pl.String)
    told = [pl.col(c.MUNICIPALITY)] if c.MUNICIPALITY in votes.columns else []
    return votes.with_columns(pl.coalesce([*told, of_project]).alias(c.MUNICIPALITY))


def homes(projects: pl.DataFrame) -> pl.DataFrame:
    """Return projects and their districts; null where none is told."""
    told = c.MUNICIPALITY in projects.columns
    home = pl.col(c.MUNICIPALITY).cast(pl.String) if told else pl.lit(None, dtype=pl.String)
    return projects.select(c.PROJECT_ID, home.alias(c.MUNICIPALITY))
