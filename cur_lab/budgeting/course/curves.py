"""Votes cast until each moment of a hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import with_homes
from cur_lab.budgeting.ballots.hours import timed_within
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.readers.election import Election

By = Literal["project_id", "channel", "municipality"]
EVERYBODY = "all"
_POINTS = 100


@c.needs(c.CAST_AT)
def curves(election: Election, *, by: By | None = None) -> pl.DataFrame:
    """Count votes cast until each hundredth of the campaign.

    Parameters
    ----------
    election
        Votes with ``cast_at``.
    by
        ``project_id``, ``channel`` or ``municipality``; all votes together by default. Without
        a municipality of the voter, that of the project.

    Returns
    -------
    DataFrame
        Table ``curves``, sorted by group and time. Counts of all votes: they have no interval.

    Raises
    ------
    NotEnoughDataError
        If no vote has a time, or none has the column.
    ParameterError
        If ``by`` is something else.
    """
    votes, opens, hours = timed_within(election)
    votes = _grouped(election, votes, by)
    grid = np.linspace(0, 1, _POINTS + 1)
    span = timedelta(hours=hours)
    moments = [opens + span * float(share) for share in grid]
    edges = pl.Series(moments).dt.cast_time_unit("us").dt.timestamp("us").to_numpy()
    groups = votes[c.GROUP].unique().sort()
    number = votes[c.GROUP].replace_strict(
        groups, pl.int_range(len(groups), eager=True), return_dtype=pl.Int64
    )
    # A vote at the very moment counts as cast; the last moment takes what came after it.
    cast = votes[c.CAST_AT].dt.timestamp("us").to_numpy()
    reached = np.minimum(np.searchsorted(edges, cast, side="left"), len(grid) - 1)
    counted = np.bincount(
        number.to_numpy() * len(grid) + reached, minlength=len(groups) * len(grid)
    ).reshape(len(groups), len(grid))
    counted = counted.cumsum(axis=1)
    table = pl.DataFrame(
        {
            c.GROUP: np.repeat(groups.to_numpy(), len(grid)),
            c.ELAPSED: np.tile(grid, len(groups)),
            c.AT: np.tile(edges, len(groups)),
            c.VOTES_COUNT: counted.ravel(),
            c.SHARE: (counted / counted[:, [-1]]).ravel(),
        },
        schema_overrides={c.GROUP: pl.String},
    )
    at = pl.col(c.AT).cast(pl.Datetime("us", "UTC"))
    return c.CURVES.conform(table.with_columns(at))


def _grouped(election: Election, votes: pl.DataFrame, by: By | None) -> pl.DataFrame:
    if by is None:
        return votes.with_columns(pl.lit(EVERYBODY).alias(c.GROUP))
    if by not in (c.PROJECT_ID, c.CHANNEL, c.MUNICIPALITY):
        raise ParameterError(
            f"by = {by!r}",
            where="curves",
            remedy=f"Name {c.PROJECT_ID}, {c.CHANNEL} or {c.MUNICIPALITY}",
        )
    if by == c.MUNICIPALITY:
        votes = with_homes(election, votes)
    if by not in votes.columns or votes[by].null_count() == votes.height:
        raise NotEnoughDataError(
            f"no vote has a {by}",
            where="votes",
            remedy="Name another column",
            code="no_vote_groups",
        )
    return votes.drop_nulls(by).with_columns(pl.col(by).alias(c.GROUP))
