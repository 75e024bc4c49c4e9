"""The indicators by which the practices of regions are compared."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import standing
from cur_lab.budgeting.ballots.residents import measure, residents
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import wilson
from cur_lab.readers.election import Election

BENEFICIARIES = "beneficiaries"
_CENSUS, _LIKE = "full_count", "like_projects"
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
        projects: what other projects of the same kind might give. Full counts have none: turnout,
        or votes per hundred residents where it is not known how many may vote or one person may
        cast several votes.

    Raises
    ------
    NotEnoughDataError
        If no project stands.
    SchemaError
        If a column is missing, or a municipality is told twice.

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
    places = residents(municipalities)
    voters = election.votes[c.VOTER_ID].n_unique()
    money = float(funded[c.COST].sum())
    low, high = wilson(funded.height, proposed.height)
    won = (_ratio(funded.height, proposed.height), float(low), float(high))
    told = measure(places, election)
    active = _participation(election, places, told)
    cost = _mean(funded[c.COST].to_numpy(), np.ones(funded.height), seed)
    rows = [
        ("won", *won, "share", _LIKE),
        ("cost", *cost, "money", _why(cost)),
        (
            told,
            *(active, None, None),
            "share" if told == c.TURNOUT else "votes",
            "residents_unknown" if active is None else _CENSUS,
        ),
        (
            "money_per_voter",
            *(_ratio(money, voters), None, None),
            "money",
            _CENSUS,
        ),
    ]
    for column, unit in ((c.CO_FINANCING, "share"), (BENEFICIARIES, "people_for_money")):
        numbers = _numbers(funded, column)
        if numbers.is_empty():
            rows.append((column, None, None, None, unit, "not_told"))
        else:
            mean = _mean(numbers[column].to_numpy(), numbers[c.COST].to_numpy(), seed)
            rows.append((column, *mean, unit, _why(mean)))
    return c.INDICATORS.conform(pl.DataFrame(rows, schema=c.INDICATORS.schema, orient="row"))


def _numbers(projects: pl.DataFrame, column: str) -> pl.DataFrame:
    """Projects that tell a number in a column, which a foreign file may hold as text."""
    if column not in projects.columns:
        return projects.clear()
    number = pl.col(column).cast(pl.Float64, strict=False)
    return projects.with_columns(number).drop_nulls(column)


def _why(interval: tuple[float | None, float | None, float | None]) -> str:
    return _LIKE if interval[1] is not None else "one_project"


def _participation(election: Election, places: pl.DataFrame, told: str) -> float | None:
    """Turnout of the region, or its votes per hundred residents; None where nobody counted them."""
    if told == c.TURNOUT:
        return _ratio(election.votes.height, int(places[c.POPULATION_ELIGIBLE].sum()))
    if places[c.POPULATION].null_count():
        return None
    return _ratio(100 * election.votes.height, int(places[c.POPULATION].sum()))


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
