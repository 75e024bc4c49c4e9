"""What the file of a vote states and its own ballots deny."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cur_lab import columns as c
from cur_lab.readers.amounts import amount

_LENGTH = "_length"
_COST = "_cost"
_SAME = 1e-6
# Pabulib's marks of a project that was withdrawn, whatever it would have cost.
_WITHDRAWN = 999_999_999.0


def contradictions(
    meta: Mapping[str, str], projects: pl.DataFrame, voters: pl.DataFrame, votes: pl.DataFrame
) -> pl.DataFrame:
    """List statements of an election that its own rows deny.

    Parameters
    ----------
    meta, projects, voters, votes
        As in :class:`~cur_lab.readers.election.Election`.

    Returns
    -------
    DataFrame
        Schema ``columns.CONTRADICTIONS``, in the order of its codes, projects by id. A project
        listed twice on a ballot counts once; ballots that choose nothing break no rule.
    """
    rows: list[tuple[str, str | None, float, float, int | None]] = []
    stated = {key: value for key, text in meta.items() if (value := amount(text)) is not None}
    for key, counted in (("num_projects", projects.height), ("num_votes", voters.height)):
        if key in stated and stated[key] != counted:
            rows.append((key, None, stated[key], counted, None))
    kind = meta.get("vote_type", "").strip().lower()
    ballots = _ballots(projects, votes)
    limits = {name: stated[name] for name in _RULES if name in stated}
    for key, limit in ({"vote_type": 1.0} if kind == "choose-1" else {}).items() | limits.items():
        column, most = ("_length", True) if key == "vote_type" else _RULES[key]
        values = ballots[column].drop_nulls()
        broken = values.filter(values > limit + _SAME if most else values < limit - _SAME)
        if len(broken):
            worst = broken.max() if most else broken.min()
            rows.append((key, None, limit, float(str(worst)), len(broken)))
    rows += _of_projects(projects, _tally(kind, stated.get("max_length"), votes))
    if c.SELECTED in projects.columns and "budget" in stated:
        spent = projects.filter(pl.col(c.SELECTED) == 1, pl.col(c.COST) != _WITHDRAWN)[c.COST].sum()
        if spent > stated["budget"] * (1 + _SAME):
            rows.append(("budget", None, stated["budget"], float(spent), None))
    frame = pl.DataFrame(rows, schema=c.CONTRADICTIONS.schema, orient="row")
    order = pl.Enum(list(c.CODES[c.STATEMENT]))
    return c.CONTRADICTIONS.conform(frame.sort(pl.col(c.STATEMENT).cast(order), c.PROJECT_ID))


# Key of META → what of a ballot it limits, and whether from above.
_RULES = {
    "min_length": (_LENGTH, False),
    "max_length": (_LENGTH, True),
    "min_sum_points": ("_sum", False),
    "max_sum_points": ("_sum", True),
    "min_points": ("_least", False),
    "max_points": ("_most", True),
    "min_sum_cost": (_COST, False),
    "max_sum_cost": (_COST, True),
}


def _ballots(projects: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Length, points and cost of each ballot that chooses something."""
    points = pl.col(c.POINTS)
    return (
        votes.join(projects.select(c.PROJECT_ID, c.COST), on=c.PROJECT_ID, how="left")
        .group_by(c.VOTER_ID)
        .agg(
            pl.len().cast(pl.Float64).alias(_LENGTH),
            pl.when(points.is_not_null().any()).then(points.sum()).alias("_sum"),
            points.min().alias("_least"),
            points.max().alias("_most"),
            pl.col(c.COST).sum().alias(_COST),
        )
    )


def _tally(kind: str, longest: float | None, votes: pl.DataFrame) -> pl.DataFrame:
    """Votes and points of each project, withdrawn ones too; points null where nobody can tell."""
    score: pl.Expr = pl.lit(None, dtype=pl.Float64)
    if kind in ("approval", "choose-1"):
        score = pl.len().cast(pl.Float64)
    elif kind in ("cumulative", "scoring"):
        score = pl.col(c.POINTS).sum()
    elif kind == "ordinal" and longest is not None:
        score = (pl.lit(longest) + 1 - pl.col(c.RANK)).clip(lower_bound=0).sum()
    return votes.group_by(c.PROJECT_ID).agg(
        pl.len().cast(pl.Float64).alias(c.VOTES_COUNT), score.alias(c.SCORE)
    )


def _of_projects(
    projects: pl.DataFrame, tally: pl.DataFrame
) -> list[tuple[str, str | None, float, float, int | None]]:
    rows: list[tuple[str, str | None, float, float, int | None]] = []
    for name in (c.VOTES_COUNT, c.SCORE):
        if name not in projects.columns or tally[name].null_count():
            continue
        told = projects.select(c.PROJECT_ID, pl.col(name).cast(pl.Float64).alias(c.BY_FILE))
        counted = told.join(
            tally.select(c.PROJECT_ID, pl.col(name).alias(c.BY_VOTES)), on=c.PROJECT_ID, how="left"
        ).with_columns(pl.col(c.BY_VOTES).fill_null(0.0))
        wrong = (pl.col(c.BY_FILE) - pl.col(c.BY_VOTES)).abs() > _SAME * pl.max_horizontal(
            pl.lit(1.0), pl.col(c.BY_FILE).abs()
        )
        rows += [
            (name, project, stated, found, None)
            for project, stated, found in counted.filter(wrong).iter_rows()
        ]
    return rows
