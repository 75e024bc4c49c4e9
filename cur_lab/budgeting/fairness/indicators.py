"""The indicators by which the practices of regions are compared."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import standing
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import wilson
from cur_lab.readers.election import Election

BENEFICIARIES = "beneficiaries"
_CENSUS = "full_count"
_DRAWS = 999


@c.needs(c.PROJECT_ID, c.COST)
def indicators(
    election: Election, winners: pl.DataFrame, municipalities: pl.DataFrame, *, seed: int = 0
) -> pl.DataFrame:
    """Compute the indicators by which НИФИ compares the practices of regions.

    Parameters
    ----------
    election, winners, municipalities
        As for :func:`counterfactuals`; ``co_financing`` and ``beneficiaries`` of the projects are
        used where they are told.
    seed
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Table ``indicators``. Shares of projects have Wilson intervals and means bootstrap ones over
        projects: what another year's projects of the same kind might give. Full counts have none.

    Raises
    ------
    NotEnoughDataError
        If no project stands.

    References
    ----------
    НИФИ Минфина России. Доклад о лучших практиках развития инициативного бюджетирования в
    субъектах Российской Федерации и муниципальных образованиях (yearly).
    """
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST), where="projects")
    c.VOTES.require(election.votes, (c.VOTER_ID,), where="votes")
    proposed = election.projects.filter(standing()).sort(c.PROJECT_ID)
    if proposed.is_empty():
        raise NotEnoughDataError(
            "no project stands",
            where="projects",
            code="no_projects",
        )
    funded = proposed.filter(pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode()))
    people = int(municipalities[c.POPULATION].sum())
    voters = election.votes[c.VOTER_ID].n_unique()
    money = float(funded[c.COST].sum())
    low, high = wilson(funded.height, proposed.height)
    won = (_ratio(funded.height, proposed.height), float(low), float(high))
    cost = _mean(funded[c.COST].to_numpy(), np.ones(funded.height), seed)
    rows = [
        ("won", *won, "share", ""),
        ("cost", *cost, "roubles", _why(cost)),
        (
            "participation",
            *(_ratio(voters, people), None, None),
            "share",
            _CENSUS,
        ),
        (
            "money_per_voter",
            *(_ratio(money, voters), None, None),
            "roubles",
            _CENSUS,
        ),
    ]
    for column, unit in ((c.CO_FINANCING, "share"), (BENEFICIARIES, "people_per_rouble")):
        told = _numbers(funded, column)
        if told.is_empty():
            rows.append((column, None, None, None, unit, "not_told"))
        else:
            mean = _mean(told[column].to_numpy(), told[c.COST].to_numpy(), seed)
            rows.append((column, *mean, unit, _why(mean)))
    return c.INDICATORS.conform(pl.DataFrame(rows, schema=c.INDICATORS.schema, orient="row"))


def _numbers(projects: pl.DataFrame, column: str) -> pl.DataFrame:
    """Projects that tell a number in a column, which a foreign file may hold as text."""
    if column not in projects.columns:
        return projects.clear()
    number = pl.col(column).cast(pl.Float64, strict=False)
    return projects.with_columns(number).drop_nulls(column)


def _why(interval: tuple[float | None, float | None, float | None]) -> str:
    return "" if interval[1] is not None else "one_project"


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
    seed: int,
) -> tuple[float | None, float | None, float | None]:
    """Ratio of two sums with its bootstrap interval; none below two projects."""
    if not len(values):
        return None, None, None
    ratio = float(values.sum() / weights.sum())
    if len(values) < 2:
        return ratio, None, None
    drawn = np.random.default_rng(seed).integers(0, len(values), (_DRAWS, len(values)))
    again = values[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    low, high = np.quantile(again, [0.025, 0.975])
    return ratio, float(low), float(high)
