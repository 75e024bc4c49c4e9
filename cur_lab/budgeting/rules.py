"""Which projects the money buys, by the rules organisers use and by those theory proposes.

Every rule says of each winner why it was taken, and every tie goes to the smaller ``project_id``
(by code point), which the explanation mentions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.profile import CENT, SAME, Allowed, FloatArray, Profile, profile
from cur_lab.budgeting.shares import Market, Outcome, equal_share
from cur_lab.budgeting.turns import Turns
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.readers.pabulib import Election

__all__ = ["Bonus", "PointsRule", "tally", "winners"]


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


def tally(election: Election) -> pl.DataFrame:
    """Count votes and points again.

    Returns
    -------
    DataFrame
        Per project ``votes`` (ballots that name it), ``score`` (their points; votes where ballots
        have none; Borda scores in ordinal elections) and what the organiser states of both, null
        where nothing is stated. Sorted by ``project_id``.
    """
    people = profile(election)
    named = election.votes.group_by(c.PROJECT_ID).len(c.VOTES_COUNT)
    score = pl.DataFrame(
        {c.PROJECT_ID: list(people.projects), c.SCORE: people.score},
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


def winners(
    election: Election,
    *,
    rule: str = "greedy",
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
        Table ``winners`` by ``order``; empty if nothing can be bought.

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
        bought = _in_turn(people, turns_by_points(election, people, limit, allowed, points))
    else:
        bought = _RULES[rule](people, limit, allowed)
    return pl.DataFrame(
        {
            c.PROJECT_ID: [people.projects[purchase.project] for purchase in bought],
            c.ORDER: range(1, len(bought) + 1),
            c.COST: [people.cost[purchase.project] for purchase in bought],
            c.WHY: [purchase.why for purchase in bought],
        },
        schema=c.WINNERS.schema,
    )


def terms(
    election: Election, rule: str, budget: float | None, threshold: float | None
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


def _threshold(election: Election, rule: str, threshold: float | None) -> float:
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


def _in_turn(people: Profile, turns: Turns) -> list[_Purchase]:
    left, bought = turns.budget, []
    places = {j: place for place, j in enumerate(turns.order, 1)}
    by_score: dict[float, list[int]] = {}
    for j in turns.order:
        by_score.setdefault(float(turns.score[j]), []).append(j)
    for j in turns.run().taken:
        left -= people.cost[j]
        why = (
            f"баллов {_words(turns.score[j])}, место {places[j]}; "
            f"после него остаётся {_words(left)}"
        )
        equals = [people.projects[k] for k in by_score[float(turns.score[j])] if k != j]
        bought.append(_Purchase(j, why + _tie(equals)))
    return bought


def _tie(equals: list[str]) -> str:
    if not equals:
        return ""
    others = f" и ещё {len(equals) - 3}" if len(equals) > 3 else ""
    return f"; поровну с {', '.join(equals[:3])}{others}: раньше меньший project_id"


def _words(value: float) -> str:
    """Return a number as Russian readers write it: spaces between thousands, decimal comma."""
    rounded = round(float(value), 2)
    shown = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}"
    return shown.replace(",", "\u00a0").replace(".", ",")


def _greedy(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return _in_turn(people, Turns(people.cost, people.score, allowed, budget))


def _greedy_no_skip(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return _in_turn(people, Turns(people.cost, people.score, allowed, budget, skip=False))


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
        _Purchase(
            j,
            f"сторонников {_words(people.votes[j])}, "
            f"голос обходится не дороже {_words(rate * people.cost[j])}"
            + _tie([people.projects[k] for k in tied]),
        )
        for j, rate, tied in zip(outcome.bought, outcome.rates, outcome.ties, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Round:
    """One purchase of Phragmén's rule, or the moment that ends it.

    Parameters
    ----------
    when
        Money each voter has earned.
    tied
        Projects that can be bought then; empty once none is left.
    raised
        What supporters of each project have spent on others before.
    left
        Money left before the purchase.
    """

    when: float
    tied: list[int]
    raised: FloatArray
    left: float

    def ends(self, cost: FloatArray) -> bool:
        """Whether nothing is bought: no project is left, or one that is due does not fit."""
        return not self.tied or bool((cost[self.tied] > self.left + CENT).any())


def phragmen_rounds(people: Profile, budget: float, allowed: Allowed) -> list[Round]:
    """Run Phragmén's rule; the last round is the one that ends it."""
    paid = np.zeros(len(people.size))
    votes, cost = people.votes, people.cost
    open_ = allowed & (votes > 0) & (cost <= budget + CENT)
    left, rounds = budget, []
    while True:
        raised = people.by_project(people.size * paid)
        when = np.divide(cost + raised, votes, out=np.full(len(votes), np.inf), where=open_)
        first = float(when.min(initial=np.inf))
        tied = np.flatnonzero(open_ & (when <= first * (1 + SAME))).tolist()
        rounds.append(Round(first, tied, raised, left))
        if rounds[-1].ends(cost):
            return rounds
        winner = tied[0]
        groups, _ = people.supporters(winner)
        paid[groups] = when[winner]
        left -= float(cost[winner])
        open_[winner] = False


def _phragmen(people: Profile, budget: float, allowed: Allowed) -> list[_Purchase]:
    return [
        _Purchase(
            turn.tied[0],
            f"сторонников {_words(people.votes[turn.tied[0]])}, собрали стоимость, когда каждый "
            f"избиратель получил {_words(turn.when)}"
            + _tie([people.projects[k] for k in turn.tied[1:]]),
        )
        for turn in phragmen_rounds(people, budget, allowed)[:-1]
    ]


_RULES: dict[str, Callable[[Profile, float, Allowed], list[_Purchase]]] = {
    "greedy": _greedy,
    "greedy-no-skip": _greedy_no_skip,
    "mes": _equal_shares,
    "mes-add1": _equal_shares_add1,
    "equalshares/add1": _equal_shares_completed,
    "phragmen": _phragmen,
}
