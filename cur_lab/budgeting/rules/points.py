"""The rule «баллы»: votes and bonuses added up, limits per municipality."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import Allowed, Profile
from cur_lab.budgeting.rules.turns import Turns
from cur_lab.errors import SchemaError
from cur_lab.inference import FloatArray
from cur_lab.readers.election import Election


@dataclass(frozen=True)
class Bonus:
    """Points for something other than votes.

    Parameters
    ----------
    column
        Numeric column of ``projects`` that earns them; an empty cell earns none.
    points
        Points per unit of the column.
    at_most
        Most points a project can earn this way.
    """

    column: str
    points: float = 1.0
    at_most: float = math.inf


@dataclass(frozen=True)
class PointsRule:
    """The rule «баллы»: votes and bonuses added up, limits per municipality.

    Parameters
    ----------
    points_per_vote
        Points one vote is worth (1 in Нижегородская область since order № 877 of 09.10.2021).
    bonuses
        What else earns points; by default the column ``points``, as the organiser states them.
    winners_per_municipality
        Most winners of one municipality.
    money_per_municipality
        Most money for the winners of one municipality; one amount for all.
    skip
        Whether the next project is tried when one does not fit.
    """

    points_per_vote: float = 1.0
    bonuses: tuple[Bonus, ...] = (Bonus(c.POINTS),)
    winners_per_municipality: int | None = None
    money_per_municipality: float | None = None
    skip: bool = True


VOTES_AND_POINTS = PointsRule()


def turns_by_points(
    election: Election, people: Profile, budget: float, allowed: Allowed, rule: PointsRule
) -> Turns:
    """Return the turns of the rule «баллы», with its limits."""
    score = points_of(election, people, rule)
    most, purse = rule.winners_per_municipality, rule.money_per_municipality
    if most is None and purse is None:
        return Turns(people.cost, score, allowed, budget, skip=rule.skip)
    projects = _candidates_of(election, people)
    c.PROJECTS.require(projects, (c.MUNICIPALITY,), where="projects")
    _, home = np.unique(projects[c.MUNICIPALITY].fill_null("").to_numpy(), return_inverse=True)
    return Turns(
        people.cost,
        score,
        allowed,
        budget,
        skip=rule.skip,
        home=home,
        most=math.inf if most is None else most,
        purse=math.inf if purse is None else purse,
    )


def _candidates_of(election: Election, people: Profile) -> pl.DataFrame:
    """Rows of ``projects`` in the order of the profile."""
    known = pl.Series(people.projects, dtype=pl.String)
    return election.projects.filter(pl.col(c.PROJECT_ID).is_in(known.implode())).sort(c.PROJECT_ID)


def points_of(election: Election, people: Profile, rule: PointsRule) -> FloatArray:
    """Points of each candidate under the rule «баллы»: votes and capped bonuses."""
    projects = _candidates_of(election, people)
    score = rule.points_per_vote * people.score
    for bonus in rule.bonuses:
        if bonus.column not in projects.columns:
            raise SchemaError.missing([bonus.column], projects.columns, where="projects")
        try:
            units = projects[bonus.column].cast(pl.Float64).fill_null(0).to_numpy()
        except pl.exceptions.PolarsError as error:
            raise SchemaError(
                f"column {bonus.column} is not numeric", where="projects", remedy="Use numbers"
            ) from error
        score = score + np.minimum(bonus.points * units, bonus.at_most)
    return np.asarray(score, dtype=float)
