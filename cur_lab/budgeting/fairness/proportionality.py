"""Whether groups got what their number entitles them to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import CENT, profile
from cur_lab.budgeting.fairness.satisfaction import funded
from cur_lab.readers.election import Election


@c.needs(c.PROJECT_ID, c.COST)
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
    funded(profile(election), election, winners)
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
    received = people.by_group(people.cost * won)
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
