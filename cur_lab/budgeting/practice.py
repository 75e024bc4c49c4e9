"""How the practice works: who proposes and wins, what another split of the money would fund."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import campaign
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import wilson
from cur_lab.readers.pabulib import Election

__all__ = ["applicants", "counterfactuals", "indicators"]

AS_DECIDED, QUOTA, EQUAL_VOICE = "as_decided", "population_quota", "equal_voice"
BENEFICIARIES = "beneficiaries"
_WITHDRAWN = 999_999_999.0
_CENSUS = "полный подсчёт, не выборка: интервала нет"
_DRAWS = 999


def counterfactuals(
    election: Election, winners: pl.DataFrame, municipalities: pl.DataFrame
) -> pl.DataFrame:
    """Ask what the same votes would fund were the money split otherwise.

    Parameters
    ----------
    election
        Projects with cost and municipality, votes.
    winners
        Projects that are funded.
    municipalities
        Table ``municipalities``.

    Returns
    -------
    DataFrame
        A row per rule and municipality. ``population_quota`` is the rule of 2019: each municipality
        has the budget's part that is its part of the people, and spends it on its projects by
        votes, skipping what no longer fits. ``equal_voice`` evens out turnout: a voter of
        municipality m disposes of B·p_m/n_m, and projects are funded by how much of their cost
        their voters carry, from the highest down. For ballots with one choice this is the method of
        equal shares with these endowments and its completion; for other ballots it is not
        determined here.

    Raises
    ------
    NotEnoughDataError
        If no project has a municipality of the table.

    Notes
    -----
    Votes are taken as they are. Under another rule people would have proposed and voted
    differently; there is therefore no interval that would make this a forecast.
    """
    projects = _candidates(election, municipalities)
    people = municipalities.select(c.MUNICIPALITY, c.POPULATION).drop_nulls()
    share = pl.col(c.POPULATION) / pl.col(c.POPULATION).sum()
    quotas = people.with_columns((share * election.budget).alias(c.QUOTA))
    won = {AS_DECIDED: projects.filter(pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode()))}
    ranked = projects.sort(c.VOTES_COUNT, c.PROJECT_ID, descending=[True, False])
    budgets = dict(quotas.select(c.MUNICIPALITY, c.QUOTA).iter_rows())
    won[QUOTA] = pl.concat(
        [_affordable(part, budgets[name]) for (name,), part in _by_place(ranked)]
    )
    notes = {EQUAL_VOICE: ""}
    if election.votes[c.VOTER_ID].is_duplicated().any():
        notes[EQUAL_VOICE] = "в бюллетене несколько выборов: не определяется"
    else:
        won[EQUAL_VOICE] = _affordable(
            _by_carried_cost(election, projects, quotas), election.budget
        )
    parts = []
    for rule in (AS_DECIDED, QUOTA, EQUAL_VOICE):
        counted = (
            won.get(rule, projects.clear())
            .group_by(c.MUNICIPALITY)
            .agg(pl.len().cast(pl.Int64).alias(c.N_WINNERS), pl.col(c.COST).sum().alias(c.MONEY))
        )
        known = pl.lit(rule in won)
        table = people.join(counted, on=c.MUNICIPALITY, how="left").with_columns(
            pl.lit(rule).alias(c.RULE),
            *(pl.when(known).then(pl.col(n).fill_null(0)).alias(n) for n in (c.N_WINNERS, c.MONEY)),
            pl.lit(notes.get(rule, "")).alias(c.NOTE),
        )
        parts.append(
            table.with_columns((pl.col(c.MONEY) / pl.col(c.POPULATION)).alias(c.MONEY_PER_HEAD))
        )
    return c.COUNTERFACTUALS.conform(pl.concat(parts).sort(c.RULE, c.MUNICIPALITY))


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

    References
    ----------
    НИФИ Минфина России. Доклад о лучших практиках развития инициативного бюджетирования в
    субъектах Российской Федерации и муниципальных образованиях (yearly).
    """
    proposed = election.projects.filter(_alive()).sort(c.PROJECT_ID)
    funded = proposed.filter(pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode()))
    people = int(municipalities[c.POPULATION].sum())
    voters = election.votes[c.VOTER_ID].n_unique()
    money = float(funded[c.COST].sum())
    low, high = wilson(funded.height, proposed.height)
    won = (_ratio(funded.height, proposed.height), float(low), float(high))
    cost = _mean(funded[c.COST].to_numpy(), np.ones(funded.height), seed)
    rows = [
        ("won", "доля победивших среди допущенных проектов", *won, "доля", ""),
        ("cost", "средняя стоимость победившего проекта", *cost, "рублей", _why(cost)),
        (
            "participation",
            "голосовавшие на жителя",
            *(_ratio(voters, people), None, None),
            "доля",
            _CENSUS,
        ),
        (
            "money_per_voter",
            "стоимость победивших проектов на одного голосовавшего",
            *(_ratio(money, voters), None, None),
            "рублей",
            _CENSUS,
        ),
    ]
    for column, label, unit in (
        (c.CO_FINANCING, "доля софинансирования в стоимости победивших проектов", "доля"),
        (BENEFICIARIES, "благополучатели на рубль победивших проектов", "человек на рубль"),
    ):
        told = _numbers(funded, column)
        if told.is_empty():
            missing = f"в таблице проектов нет чисел в столбце {column}"
            rows.append((column, label, None, None, None, unit, missing))
        else:
            mean = _mean(told[column].to_numpy(), told[c.COST].to_numpy(), seed)
            rows.append((column, label, *mean, unit, _why(mean)))
    return c.INDICATORS.conform(pl.DataFrame(rows, schema=c.INDICATORS.schema, orient="row"))


def _numbers(projects: pl.DataFrame, column: str) -> pl.DataFrame:
    """Projects that tell a number in a column, which a foreign file may hold as text."""
    if column not in projects.columns:
        return projects.clear()
    number = pl.col(column).cast(pl.Float64, strict=False)
    return projects.with_columns(number).drop_nulls(column)


def _why(interval: tuple[float | None, float | None, float | None]) -> str:
    return "" if interval[1] is not None else "меньше двух проектов: интервала нет"


def applicants(election: Election, winners: pl.DataFrame) -> pl.DataFrame:
    """Count what each applicant proposed and won.

    Returns
    -------
    DataFrame
        Table ``applicants``, those with most projects first; names as the source spells them, so
        the same group under two spellings counts twice. Redact before publishing: an applicant may
        be a person.

    Raises
    ------
    NotEnoughDataError
        If no project names its applicant.
    """
    projects = election.projects
    if c.APPLICANT not in projects.columns or projects[c.APPLICANT].drop_nulls().is_empty():
        raise NotEnoughDataError("no project names its applicant", where="projects")
    won = pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode())
    counted = (
        projects.filter(_alive())
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
    low, high = wilson(counted[c.N_WINNERS].to_numpy(), counted[c.N_PROJECTS].to_numpy())
    return c.APPLICANTS.conform(
        counted.with_columns(
            pl.Series(c.WON_SHARE_LOW, low), pl.Series(c.WON_SHARE_HIGH, high)
        ).sort(c.N_PROJECTS, c.APPLICANT, descending=[True, False])
    )


def _alive() -> pl.Expr:
    return (pl.col(c.COST) > 0) & (pl.col(c.COST) != _WITHDRAWN)


def _candidates(election: Election, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Projects that can win, with municipality and number of votes."""
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST, c.MUNICIPALITY), where="projects")
    c.MUNICIPALITIES.require(municipalities, (c.MUNICIPALITY, c.POPULATION), where="municipalities")
    votes = election.votes.group_by(c.PROJECT_ID).agg(pl.len().cast(pl.Int64).alias(c.VOTES_COUNT))
    projects = (
        election.projects.select(c.PROJECT_ID, c.COST, c.MUNICIPALITY)
        .filter(_alive())
        .join(municipalities.select(c.MUNICIPALITY), on=c.MUNICIPALITY, how="semi")
        .join(votes, on=c.PROJECT_ID, how="left")
        .with_columns(pl.col(c.VOTES_COUNT).fill_null(0))
        .sort(c.PROJECT_ID)
    )
    if projects.is_empty():
        raise NotEnoughDataError(
            "no project lies in a municipality of the table",
            where="projects",
            remedy="Compare the names in both tables",
        )
    if not municipalities[c.POPULATION].sum() > 0:
        raise ParameterError("nobody lives in the municipalities", where="municipalities")
    return projects


def _by_place(projects: pl.DataFrame) -> list[tuple[tuple[str, ...], pl.DataFrame]]:
    grouped = projects.group_by(c.MUNICIPALITY, maintain_order=True)
    return [((str(name),), part) for (name,), part in grouped]


def _affordable(ranked: pl.DataFrame, budget: float) -> pl.DataFrame:
    """Take projects in their order as long as the money lasts, skipping those that do not fit."""
    left, taken = budget, []
    for cost in ranked[c.COST]:
        fits = cost <= left * (1 + 1e-12)
        taken.append(fits)
        left -= cost if fits else 0.0
    return ranked.filter(pl.Series(taken, dtype=pl.Boolean))


def _by_carried_cost(
    election: Election, projects: pl.DataFrame, quotas: pl.DataFrame
) -> pl.DataFrame:
    """Order projects by the part of their cost their voters' endowments carry."""
    votes = campaign.with_municipality(election, election.votes)
    voters = votes.group_by(c.MUNICIPALITY).agg(pl.col(c.VOTER_ID).n_unique().alias("voters"))
    purse = quotas.join(voters, on=c.MUNICIPALITY).select(
        c.MUNICIPALITY, (pl.col(c.QUOTA) / pl.col("voters")).alias("purse")
    )
    carried = (
        votes.group_by(c.PROJECT_ID, c.MUNICIPALITY)
        .len()
        .join(purse, on=c.MUNICIPALITY)
        .sort(c.PROJECT_ID, c.MUNICIPALITY)
        .group_by(c.PROJECT_ID, maintain_order=True)
        .agg((pl.col("len") * pl.col("purse")).sum().alias("carried"))
    )
    part = (pl.col("carried").fill_null(0.0) / pl.col(c.COST)).round(12)
    return (
        projects.join(carried, on=c.PROJECT_ID, how="left")
        .sort(part, c.PROJECT_ID, descending=[True, False])
        .select(projects.columns)
    )


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
