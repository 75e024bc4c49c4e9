"""Who proposes and wins."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import privacy
from cur_lab.budgeting.ballots.profile import standing
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import wilson
from cur_lab.readers.election import Election


@c.needs(c.APPLICANT, c.COST)
def applicants(election: Election, winners: pl.DataFrame, *, least: int = 1) -> pl.DataFrame:
    """Count what each applicant proposed and won.

    Parameters
    ----------
    election, winners
        Projects with their applicants, and those that are funded.
    least
        Fewest projects of an applicant that is told: one with few may be a person.

    Returns
    -------
    DataFrame
        Table ``applicants``, those with most projects first; names as the source spells them, so
        the same group under two spellings counts twice.

    Raises
    ------
    NotEnoughDataError
        If no project names its applicant.
    """
    projects = election.projects
    c.PROJECTS.require(projects, (c.PROJECT_ID, c.COST), where="projects")
    if c.APPLICANT not in projects.columns or projects[c.APPLICANT].drop_nulls().is_empty():
        raise NotEnoughDataError(
            "no project names its applicant",
            where="projects",
            code="no_applicants",
        )
    won = pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode())
    counted = (
        projects.filter(standing())
        .drop_nulls(c.APPLICANT)
        .group_by(c.APPLICANT)
        .agg(
            pl.len().cast(pl.Int64).alias(c.N_PROJECTS),
            won.sum().cast(pl.Int64).alias(c.N_WINNERS),
            # In the order of the ids: sums of floats depend on their order.
            pl.col(c.COST)
            .filter(won)
            .sort_by(pl.col(c.PROJECT_ID).filter(won))
            .sum()
            .alias(c.MONEY),
        )
        .with_columns((pl.col(c.N_WINNERS) / pl.col(c.N_PROJECTS)).alias(c.WON_SHARE))
    )
    counted = counted.filter(pl.col(c.N_PROJECTS) >= least)
    low, high = wilson(counted[c.N_WINNERS].to_numpy(), counted[c.N_PROJECTS].to_numpy())
    ordered = counted.with_columns(
        pl.Series(c.WON_SHARE_LOW, low), pl.Series(c.WON_SHARE_HIGH, high)
    ).sort(c.N_PROJECTS, c.APPLICANT, descending=[True, False])
    # Counted apart as the source spells them; a person's name is not shown.
    return c.APPLICANTS.conform(ordered.with_columns(privacy.redact(ordered[c.APPLICANT])))
