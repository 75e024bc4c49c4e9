"""What another split of the money would fund."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import with_homes
from cur_lab.budgeting.ballots.profile import standing
from cur_lab.budgeting.ballots.residents import residents
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.readers.election import Election

AS_DECIDED, QUOTA, EQUAL_VOICE = "as_decided", "population_quota", "equal_voice"


@dataclass(frozen=True, eq=False)
class Counterfactuals:
    """What each way to split the money gives each municipality, and the region as a whole.

    Attributes
    ----------
    municipalities
        Table ``counterfactuals``.
    rules
        Table ``counterfactual_rules``: winners, money, municipalities with nothing.
    """

    municipalities: pl.DataFrame
    rules: pl.DataFrame


@c.needs(c.COST, c.MUNICIPALITY)
def counterfactuals(
    election: Election, winners: pl.DataFrame, municipalities: pl.DataFrame
) -> Counterfactuals:
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
    Counterfactuals
        A row per rule and municipality, and one per rule. ``population_quota`` is the rule of
        2019: each municipality has the budget's part that is its part of the people, and spends it
        on its projects by votes, skipping what no longer fits. ``equal_voice`` evens out turnout: a
        voter of municipality m disposes of B·p_m/n_m, and projects are funded by how much of their
        cost their voters carry, from the highest down. For ballots with one choice this is the
        method of equal shares with these endowments and its completion; for other ballots it is
        not determined here.

    Raises
    ------
    NotEnoughDataError
        If no project has a municipality of the table.
    SchemaError
        If a column is missing, or a municipality is told twice.

    Notes
    -----
    Votes are taken as they are. Under another rule people would have proposed and voted
    differently; there is therefore no interval that would make this a forecast.
    """
    projects = _candidates(election, municipalities)
    people = residents(municipalities).select(c.MUNICIPALITY, c.POPULATION).drop_nulls()
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
        notes[EQUAL_VOICE] = "several_choices"
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
    places = c.COUNTERFACTUALS.conform(pl.concat(parts).sort(c.RULE, c.MUNICIPALITY))
    known = pl.col(c.N_WINNERS).is_not_null().all()
    rules = places.group_by(c.RULE, c.NOTE).agg(
        pl.when(known).then(pl.col(c.N_WINNERS, c.MONEY).sum()),
        pl.when(known).then((pl.col(c.N_WINNERS) == 0).sum().cast(pl.Int64)).alias(c.EMPTY_HANDED),
    )
    return Counterfactuals(places, c.COUNTERFACTUAL_RULES.conform(rules.sort(c.RULE)))


def _candidates(election: Election, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Projects that can win, with municipality and number of votes."""
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST, c.MUNICIPALITY), where="projects")
    c.MUNICIPALITIES.require(municipalities, (c.MUNICIPALITY, c.POPULATION), where="municipalities")
    votes = election.votes.group_by(c.PROJECT_ID).agg(pl.len().cast(pl.Int64).alias(c.VOTES_COUNT))
    projects = (
        election.projects.select(c.PROJECT_ID, c.COST, c.MUNICIPALITY)
        .filter(standing())
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
            code="no_project_places",
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
    votes = with_homes(election, election.votes)
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
