"""Outcomes of several rules side by side, and of one rule without one of its bonuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.fairness.equity import equity
from cur_lab.budgeting.fairness.proportionality import proportionality
from cur_lab.budgeting.fairness.satisfaction import METRICS, satisfaction
from cur_lab.budgeting.rules.choice import Rule, winners
from cur_lab.budgeting.rules.points import VOTES_AND_POINTS, PointsRule
from cur_lab.readers.election import Election

_USUAL: tuple[Rule, ...] = ("greedy", "mes", "mes-add1", "phragmen")


@c.needs(c.PROJECT_ID, c.COST)
def compare(
    election: Election,
    *,
    rules: Sequence[Rule] | None = None,
    budgets: Sequence[float] | None = None,
    points: PointsRule = VOTES_AND_POINTS,
    municipalities: pl.DataFrame | None = None,
    seed: int = 0,
) -> pl.DataFrame:
    """Put the outcomes of several rules side by side.

    Parameters
    ----------
    election
        Projects and votes.
    rules
        As for :func:`winners`; by default ``greedy``, ``mes``, ``mes-add1``, ``phragmen``, and
        ``points`` where the projects tell points.
    budgets
        Amounts to spend; by default the budget of the election and twice as much, for budgets are
        raised after the vote.
    points
        Parameters of the rule ``"points"``.
    municipalities
        Table ``municipalities``: how unevenly would the money lie over its people? Null where the
        projects have no municipality.
    seed
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Table ``comparison``: per budget and rule the number of winners, the money spent, the three
        metrics of :func:`satisfaction` with intervals, and the number of projects with a wronged
        group (see :func:`proportionality`). Empty without projects.
    """
    if election.projects.is_empty():
        return c.COMPARISON.empty()
    if rules is None:
        told = c.POINTS in election.projects.columns
        rules = (*_USUAL, "points") if told else _USUAL
    rows: list[tuple[object, ...]] = []
    for budget in (election.budget, 2 * election.budget) if budgets is None else budgets:
        for rule in rules:
            chosen = winners(election, rule=rule, budget=budget, points=points)
            metrics = satisfaction(election, chosen, budget=budget, seed=seed).rows_by_key(
                c.METRIC, unique=True
            )
            wronged = proportionality(election, chosen, budget=budget)[c.VIOLATED].sum()
            none = (None, None, None)
            measured = [value for name in METRICS for value in metrics.get(name, none)[:3]]
            gini = _gini(election, chosen, municipalities, seed)
            spent = chosen[c.COST].sum()
            rows.append((budget, rule, chosen.height, spent, *measured, wronged, *gini))
    return pl.DataFrame(rows, schema=c.COMPARISON.schema, orient="row")


def _gini(
    election: Election, chosen: pl.DataFrame, municipalities: pl.DataFrame | None, seed: int
) -> tuple[float | None, ...]:
    """Gini of money per head with its interval; nulls without money or municipalities."""
    if municipalities is None or c.MUNICIPALITY not in election.projects.columns:
        return None, None, None
    indices = equity(election, chosen, municipalities, seed=seed).indices
    found = indices.filter(pl.col(c.METRIC) == c.GINI).select(c.VALUE, c.VALUE_LOW, c.VALUE_HIGH)
    return found.row(0) if found.height else (None, None, None)


@c.needs(c.PROJECT_ID, c.COST, c.POINTS)
def sensitivity(
    election: Election, *, budget: float | None = None, points: PointsRule = VOTES_AND_POINTS
) -> pl.DataFrame:
    """Tell which projects win or lose only because of one bonus of the rule «баллы».

    Parameters
    ----------
    election
        Projects and votes.
    budget
        Money to spend; by default the budget of the election.
    points
        The rule; each of its bonuses is left out in turn.

    Returns
    -------
    DataFrame
        Table ``sensitivity``: bonus, project and whether it is funded with the bonus; without it
        the contrary holds. Empty if no bonus matters.
    """
    with_all = set(winners(election, rule="points", budget=budget, points=points)[c.PROJECT_ID])
    rows = []
    for left_out in points.bonuses:
        rest = tuple(bonus for bonus in points.bonuses if bonus is not left_out)
        fewer = replace(points, bonuses=rest)
        without = winners(election, rule="points", budget=budget, points=fewer)[c.PROJECT_ID]
        rows += [
            (left_out.column, project, project in with_all)
            for project in with_all.symmetric_difference(without)
        ]
    return pl.DataFrame(rows, schema=c.SENSITIVITY.schema, orient="row").sort(c.BONUS, c.PROJECT_ID)
