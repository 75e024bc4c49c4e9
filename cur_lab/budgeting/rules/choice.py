"""Which projects the money buys, by the rules organisers use and by those theory proposes.

Every rule says of each winner why it was taken, and every tie goes to the smaller ``project_id``
(by code point); those it was tied with are named.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import Allowed, Profile, profile, withdrawn
from cur_lab.budgeting.rules.equal_shares import Market, Outcome, equal_share
from cur_lab.budgeting.rules.phragmen import phragmen_rounds
from cur_lab.budgeting.rules.points import VOTES_AND_POINTS, PointsRule, turns_by_points
from cur_lab.budgeting.rules.turns import Turns
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.readers.election import Election

Rule = Literal[
    "greedy", "greedy-no-skip", "mes", "mes-add1", "equalshares/add1", "phragmen", "points"
]


@c.needs(c.PROJECT_ID, c.COST)
def tally(election: Election) -> pl.DataFrame:
    """Count votes and points again.

    Returns
    -------
    DataFrame
        Per project ``votes`` (ballots that name it), ``score`` (their points; votes where ballots
        have none; Borda scores in ordinal elections) and what the organiser states of both, null
        where nothing is stated. A withdrawn project keeps what people gave it. Sorted by
        ``project_id``.
    """
    people = profile(election)
    named = election.votes.group_by(c.PROJECT_ID).len(c.VOTES_COUNT)
    fallen = withdrawn(election)
    score = pl.DataFrame(
        {
            c.PROJECT_ID: [*people.projects, *fallen],
            c.SCORE: [*people.score, *(points for _, points in fallen.values())],
        },
        schema={c.PROJECT_ID: pl.String, c.SCORE: pl.Float64},
    )
    stated = [
        (pl.col(name) if name in election.projects.columns else pl.lit(None, dtype=dtype)).alias(
            f"{name}_stated"
        )
        for name, dtype in ((c.VOTES_COUNT, pl.Int64), (c.SCORE, pl.Float64))
    ]
    return (
        election.projects.select(c.PROJECT_ID, *stated)
        .join(named, on=c.PROJECT_ID, how="left", validate="1:1")
        .join(score, on=c.PROJECT_ID, how="left", validate="1:1")
        .select(
            c.PROJECT_ID,
            pl.col(c.VOTES_COUNT).fill_null(0).cast(pl.Int64),
            pl.col(c.SCORE).fill_null(0),
            f"{c.VOTES_COUNT}_stated",
            f"{c.SCORE}_stated",
        )
        .sort(c.PROJECT_ID)
    )


@c.needs(c.PROJECT_ID, c.COST)
def winners(
    election: Election,
    *,
    rule: Rule = "greedy",
    budget: float | None = None,
    threshold: float | None = None,
    points: PointsRule = VOTES_AND_POINTS,
) -> pl.DataFrame:
    """Choose the projects to fund.

    Parameters
    ----------
    election
        Projects and votes. Withdrawn projects (cost 0 or 999999999) never win.
    rule
        ``"greedy"``
            By score, passing over what does not fit. The score is the number of votes, the sum of
            points, or the Borda score of ordinal ballots (``max_length`` points for the first).
        ``"greedy-no-skip"``
            By score, ending with the first project that does not fit.
        ``"mes"``
            The method of equal shares: every voter holds an equal share of the budget, and the
            project whose supporters pay the least per unit of satisfaction is bought, as long as
            they can. Satisfaction is the cost of the project times the weight of the vote (1, the
            points, the Borda score). What is left is not spent.
        ``"mes-add1"``
            Shares are raised by 1 at a time until nothing more fits or the budget is exceeded; the
            last outcome within the budget counts.
        ``"equalshares/add1"``
            The same as organisers count it (the name is Pabulib's): shares are raised until the
            budget is exceeded, fits or not; what is left then goes by score.
        ``"phragmen"``
            Voters earn money at equal speed; a project is bought when its supporters can pay.
            The first purchase beyond the budget ends the rule. Points and ranks are not used.
        ``"points"``
            By votes plus bonuses with limits, see `points`.
    budget
        Money to spend; by default the budget of the election.
    threshold
        Least score a project needs. By default the greedy rules take the
        ``min_project_score_threshold`` the organiser states, the others none.
    points
        Parameters of the rule ``"points"``.

    Returns
    -------
    DataFrame
        Table ``winners`` by ``order``, with what made the rule take each; empty if nothing can be
        bought.

    Raises
    ------
    ParameterError
        If there is no such rule, or the budget is no amount.
    SchemaError
        If tables lack columns or contradict each other.

    References
    ----------
    Peters D., Pierczyński G., Skowron P. (2021). Proportional participatory budgeting with additive
    utilities. NeurIPS 34. Los M., Christoff Z., Grossi D. (2022). Proportional budget allocations:
    towards a systematization. IJCAI, 398-404. Rey S., Schmidt F., Maly J. (2025). The
    (computational) social choice take on indivisible participatory budgeting. arXiv:2303.00621.
    """
    people, limit, least = terms(election, rule, budget, threshold)
    allowed = people.score >= least
    if rule == "points":
        bought = _in_turn(turns_by_points(election, people, limit, allowed, points))
    else:
        bought = _RULES[rule](people, limit, allowed)
    return pl.DataFrame(
        {
            c.PROJECT_ID: [people.projects[purchase.project] for purchase in bought],
            c.ORDER: range(1, len(bought) + 1),
            c.COST: [people.cost[purchase.project] for purchase in bought],
            c.WHY: [purchase.why for purchase in bought],
            c.DECIDING: [purchase.deciding for purchase in bought],
            c.TIED: [[people.projects[k] for k in purchase.tied] for purchase in bought],
        },
        schema=c.WINNERS.schema,
    )


def terms(
    election: Election, rule: Rule, budget: float | None, threshold: float | None
) -> tuple[Profile, float, float]:
    """Return what every rule starts from: the ballots, the money and the least score."""
    limit = election.budget if budget is None else budget
    if not (math.isfinite(limit) and limit >= 0):
        raise ParameterError(f"budget {limit!r}", where="budget", remedy="An amount of 0 or more")
    if rule not in (*_RULES, "points"):
        raise ParameterError(
            f"no rule {rule!r}", where="rule", remedy=f"One of {', '.join((*_RULES, 'points'))}"
        )
    return profile(election), limit, _threshold(election, rule, threshold)


def _threshold(election: Election, rule: Rule, threshold: float | None) -> float:
    if threshold is not None:
        return threshold
    stated = election.meta.get("min_project_score_threshold", "").strip()
    if not stated or not rule.startswith("greedy"):
        return 0.0
    try:
        return float(stated)
    except ValueError as error:
        raise SchemaError(
            f"min_project_score_threshold {stated!r} is no number",
            where="meta",
            remedy="Correct it, or pass threshold",
        ) from error


@dataclass(frozen=True, slots=True)
class _Purchase:
    project: int
    why: str
    deciding: float
    tied: list[int]


def _in_turn(turns: Turns) -> list[_Purchase]:
    by_score: dict[float, list[int]] = {}
    for j in turns.order:
        by_score.setdefault(float(turns.score[j]), []).append(j)
    bought = []
    for j in turns.run().taken:
        score = float(turns.score[j])
        equals = [k for k in by_score[score] if k != j]
        bought.append(_Purchase(j, "by_score", score, equals))
    return bought


def _greedy(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return _in_turn(Turns(people.cost, people.score, allowed, budget))


def _greedy_no_skip(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return _in_turn(Turns(people.cost, people.score, allowed, budget, skip=False))


def _equal_shares(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return _paid(people, Market(people, allowed).buy(equal_share(people, budget)))


def _equal_shares_add1(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    market = Market(people, allowed)
    return _paid(people, market.buy(market.raised_share(budget, until_exhausted=True)))


def _equal_shares_completed(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    market = Market(people, allowed)
    outcome = market.buy(market.raised_share(budget, until_exhausted=False))
    rest = allowed.copy()
    rest[outcome.bought] = False
    left = budget - float(people.cost[outcome.bought].sum())
    return _paid(people, outcome) + _greedy(people, left, rest)


def _paid(people: Profile, outcome: Outcome) -> list[_Purchase]:
    return [
        _Purchase(j, "cheapest_voice", rate * float(people.cost[j]), tied)
        for j, rate, tied in zip(outcome.bought, outcome.rates, outcome.ties, strict=True)
    ]


def _phragmen(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    rounds = phragmen_rounds(people, budget, allowed)[:-1]
    return [_Purchase(turn.tied[0], "earned_first", turn.when, turn.tied[1:]) for turn in rounds]


_RULES: dict[str, Callable[[Profile, float, Allowed], list[_Purchase]]] = {
    "greedy": _greedy,
    "greedy-no-skip": _greedy_no_skip,
    "mes": _equal_shares,
    "mes-add1": _equal_shares_add1,
    "equalshares/add1": _equal_shares_completed,
    "phragmen": _phragmen,
}
