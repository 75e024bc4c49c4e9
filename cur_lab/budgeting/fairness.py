"""How voters fare with the outcome, and whether groups got what their number entitles them to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.profile import CENT, FloatArray, IntArray, Profile, profile
from cur_lab.budgeting.rules import VOTES_AND_POINTS, PointsRule, winners
from cur_lab.errors import ParameterError
from cur_lab.readers.pabulib import Election

__all__ = ["compare", "proportionality", "satisfaction", "sensitivity"]

_LABELS = {
    "exclusion": "доля голосовавших, из чьих проектов не прошёл ни один",
    "funded_cost": "средняя доля бюджета, ушедшая на проекты голосовавшего",
    "fair_share": "средняя доля справедливой части, полученная голосовавшим",
}


def satisfaction(
    election: Election,
    winners: pl.DataFrame,
    *,
    budget: float | None = None,
    level: float = 0.95,
    repeats: int = 999,
    seed: int = 0,
) -> pl.DataFrame:
    """Measure what the outcome gives the average voter.

    Parameters
    ----------
    election
        Projects and votes; a voter who chose no project that stands is not counted.
    winners
        Projects that are funded, as :func:`winners` gives them or the organiser decided.
    budget
        Money there was to spend; by default the budget of the election.
    level, repeats, seed
        Of the percentile bootstrap over voters.

    Returns
    -------
    DataFrame
        Table ``satisfaction``, one row per metric, with the number of voters:

        ``exclusion``
            Share of voters with none of their projects funded.
        ``funded_cost``
            Mean of cost(A ∩ W) / B over voters, where A is what one chose and W what is funded.
        ``fair_share``
            Mean of min(1, s / f): s is the sum over A ∩ W of cost per vote, and f the lesser of
            the same sum over A and B / n.

        Empty without voters.

    References
    ----------
    Maly J., Rey S., Endriss U., Lackner M. (2023). Fairness in participatory budgeting via
    equality of resources. AAMAS, 2031-2039.
    """
    people = profile(election)
    won = _won(people, election, winners)
    limit = election.budget if budget is None else budget
    n = int(people.size.sum())
    if not n:
        return c.SATISFACTION.empty()
    funded_cost = _by_group(people, people.cost * won)
    per_vote = np.divide(
        people.cost, people.votes, out=np.zeros(len(people.cost)), where=people.votes > 0
    )
    received = _by_group(people, per_vote * won)
    entitled = np.minimum(_by_group(people, per_vote), limit / people.n_voters)
    values = {
        "exclusion": (_by_group(people, won.astype(float)) == 0).astype(float),
        "funded_cost": funded_cost / limit if limit else np.zeros(len(people.size)),
        "fair_share": np.minimum(
            1.0, np.divide(received, entitled, out=np.ones(len(received)), where=entitled > 0)
        ),
    }
    rows = []
    for metric, of_group in values.items():
        low, high = _bootstrap(of_group, people.size, level, repeats, seed)
        mean = float(people.size @ of_group) / n
        rows.append((metric, _LABELS[metric], mean, low, high, n))
    return pl.DataFrame(rows, schema=c.SATISFACTION.schema, orient="row")


def _won(people: Profile, election: Election, winners: pl.DataFrame) -> FloatArray:
    """One for each candidate that is funded, zero for the others."""
    c.WINNERS.require(winners, (c.PROJECT_ID,), where="winners")
    chosen = set(winners[c.PROJECT_ID])
    if strangers := chosen - set(election.projects[c.PROJECT_ID]):
        raise ParameterError(
            f"project {min(strangers)} is not in the election",
            where="winners",
            remedy="Pass the winners of this election",
        )
    return np.array([project in chosen for project in people.projects], dtype=float)


def _by_group(people: Profile, values: FloatArray) -> FloatArray:
    """Sum over the projects of each ballot of one value per project."""
    per_vote = np.repeat(values, np.diff(people.start))
    return np.bincount(people.groups, weights=per_vote, minlength=len(people.size)).astype(float)


def _bootstrap(
    values: FloatArray, size: IntArray, level: float, repeats: int, seed: int
) -> tuple[float, float]:
    """Percentile interval of the mean over voters."""
    # Voters with the same value are exchangeable, so only their numbers are drawn.
    distinct, group = np.unique(values, return_inverse=True)
    number = np.bincount(group, weights=size)
    n = int(size.sum())
    drawn = np.random.default_rng(seed).multinomial(n, number / n, size=repeats)
    means = drawn @ distinct / n
    low, high = np.quantile(means, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)


def proportionality(
    election: Election,
    winners: pl.DataFrame,
    *,
    budget: float | None = None,
    budgets: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Look for groups that could have paid for a project and got less than their money is worth.

    A group of k voters who all chose an unfunded project may dispose of k·B/n. It is wronged if
    even with the project nobody in it would see more than that spent on own choices (EJR+ up to
    one project, satisfaction by cost).

    Parameters
    ----------
    election
        Projects and votes; points and ranks are not used.
    winners
        Projects that are funded.
    budget
        Money there was to spend; by default the budget of the election.
    budgets
        Money of each ballot district by ``municipality`` of the projects, where each votes on its
        own projects with its own money: B, n and the groups are then those of the district.

    Returns
    -------
    DataFrame
        Table ``proportionality``: per unfunded candidate the group that misses most. It has no
        interval: all ballots are known, and the property holds of them or not. A rule of points
        does not promise it, so there the table only describes.

    References
    ----------
    Brill M., Peters J. (2023). Robust and verifiable proportionality axioms for multiwinner
    voting. EC, 301.
    """
    _won(profile(election), election, winners)
    if budgets is None:
        limit = election.budget if budget is None else budget
        return _missed(election, winners, limit, None)
    c.PROJECTS.require(election.projects, (c.MUNICIPALITY,), where="projects")
    parts = [
        _missed(_district(election, name), winners, money, name)
        for name, money in sorted(budgets.items())
    ]
    return pl.concat([c.PROPORTIONALITY.empty(), *parts])


def _district(election: Election, name: str) -> Election:
    """Part of the election with the projects of one district and those who voted on them."""
    projects = election.projects.filter(pl.col(c.MUNICIPALITY) == name)
    votes = election.votes.join(projects.select(c.PROJECT_ID), on=c.PROJECT_ID, how="semi")
    voters = election.voters.join(votes.select(c.VOTER_ID), on=c.VOTER_ID, how="semi")
    return replace(election, projects=projects, voters=voters, votes=votes)


def _missed(
    election: Election, winners: pl.DataFrame, budget: float, district: str | None
) -> pl.DataFrame:
    people = profile(election)
    won = np.isin(people.projects, winners[c.PROJECT_ID].to_list())
    received = _by_group(people, people.cost * won)
    rows = []
    for j in np.flatnonzero(~won & (people.votes > 0)):
        groups, _ = people.supporters(int(j))
        order = np.argsort(received[groups], kind="stable")
        most = received[groups][order]
        number = np.cumsum(people.size[groups][order])
        worth = number * budget / people.n_voters
        missed = worth - most - people.cost[j]
        # Among equals in money the group is the whole of them: the last has the largest number.
        worst = len(missed) - 1 - int(np.argmax(missed[::-1]))
        rows.append(
            (
                people.projects[j],
                district,
                float(people.cost[j]),
                int(people.votes[j]),
                int(number[worst]),
                float(worth[worst]),
                float(most[worst]),
                float(missed[worst]),
                bool(missed[worst] >= -CENT),
            )
        )
    return pl.DataFrame(rows, schema=c.PROPORTIONALITY.schema, orient="row").sort(
        c.MISSED, c.PROJECT_ID, descending=[True, False]
    )


def compare(
    election: Election,
    *,
    rules: Sequence[str] = ("greedy", "mes", "mes-add1", "phragmen"),
    budgets: Sequence[float] | None = None,
    points: PointsRule = VOTES_AND_POINTS,
    seed: int = 0,
) -> pl.DataFrame:
    """Put the outcomes of several rules side by side.

    Parameters
    ----------
    election
        Projects and votes.
    rules
        As for :func:`winners`.
    budgets
        Amounts to spend; by default the budget of the election and twice as much, for budgets are
        raised after the vote.
    points
        Parameters of the rule ``"points"``.
    seed
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Table ``comparison``: per budget and rule the number of winners, the money spent, the three
        metrics of :func:`satisfaction` with intervals, and the number of projects with a wronged
        group (see :func:`proportionality`).
    """
    rows = []
    for budget in (election.budget, 2 * election.budget) if budgets is None else budgets:
        for rule in rules:
            chosen = winners(election, rule=rule, budget=budget, points=points)
            metrics = satisfaction(election, chosen, budget=budget, seed=seed).rows_by_key(
                c.METRIC, unique=True
            )
            wronged = proportionality(election, chosen, budget=budget)[c.VIOLATED].sum()
            none = (None, None, None, None)
            measured = [value for name in _LABELS for value in metrics.get(name, none)[1:4]]
            rows.append((budget, rule, chosen.height, chosen[c.COST].sum(), *measured, wronged))
    return pl.DataFrame(rows, schema=c.COMPARISON.schema, orient="row")


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
