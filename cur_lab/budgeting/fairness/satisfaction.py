"""How voters fare with the outcome."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import Profile, profile
from cur_lab.errors import ParameterError
from cur_lab.inference import FloatArray, IntArray
from cur_lab.readers.election import Election

METRICS = "exclusion", "funded_cost", "fair_share"


@c.needs(c.PROJECT_ID, c.COST)
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
        Of the percentile bootstrap over voters. What is random there is who came to vote; the votes
        of those who did are counted in full.

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
    won = funded(people, election, winners)
    limit = election.budget if budget is None else budget
    n = int(people.size.sum())
    if not n:
        return c.SATISFACTION.empty()
    funded_cost = people.by_group(people.cost * won)
    per_vote = np.divide(
        people.cost, people.votes, out=np.zeros(len(people.cost)), where=people.votes > 0
    )
    received = people.by_group(per_vote * won)
    entitled = np.minimum(people.by_group(per_vote), limit / people.n_voters)
    values = {
        "exclusion": (people.by_group(won.astype(float)) == 0).astype(float),
        "funded_cost": funded_cost / limit if limit else np.zeros(len(people.size)),
        "fair_share": np.minimum(
            1.0, np.divide(received, entitled, out=np.ones(len(received)), where=entitled > 0)
        ),
    }
    rows = []
    for metric, of_group in values.items():
        low, high = _bootstrap(of_group, people.size, level, repeats, seed)
        mean = float((people.size * of_group).sum()) / n
        rows.append((metric, mean, low, high, n))
    return pl.DataFrame(rows, schema=c.SATISFACTION.schema, orient="row")


def funded(people: Profile, election: Election, winners: pl.DataFrame) -> FloatArray:
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


def _bootstrap(
    values: FloatArray, size: IntArray, level: float, repeats: int, seed: int
) -> tuple[float, float]:
    """Percentile interval of the mean over voters."""
    # Voters with the same value are exchangeable, so only their numbers are drawn.
    distinct, group = np.unique(values, return_inverse=True)
    number = np.bincount(group, weights=size)
    n = int(size.sum())
    drawn = np.random.default_rng(seed).multinomial(n, number / n, size=repeats)
    # Summed row by row: the order of a matrix product hangs on the processor.
    means = (drawn * distinct).sum(axis=1) / n
    low, high = np.quantile(means, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)
