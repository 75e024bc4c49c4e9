"""What a losing project would have needed to win."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Protocol

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import CENT, SAME, Allowed, Profile, withdrawn
from cur_lab.budgeting.rules.choice import Rule, terms
from cur_lab.budgeting.rules.equal_shares import Market, equal_share
from cur_lab.budgeting.rules.phragmen import Round, phragmen_rounds
from cur_lab.budgeting.rules.points import VOTES_AND_POINTS, PointsRule, turns_by_points
from cur_lab.budgeting.rules.turns import Run, Turns
from cur_lab.errors import ParameterError
from cur_lab.readers.election import Election


@c.needs(c.PROJECT_ID, c.COST)
def losses(
    election: Election,
    winners: pl.DataFrame,
    *,
    rule: Rule = "greedy",
    budget: float | None = None,
    threshold: float | None = None,
    points: PointsRule = VOTES_AND_POINTS,
) -> pl.DataFrame:
    """Tell of every losing project what it lacked.

    Parameters
    ----------
    election
        Projects and votes.
    winners
        The projects :func:`winners` chose with the same options.
    rule, budget, threshold, points
        As for :func:`winners`. Under ``"mes-add1"`` the shares stay where the rule ended; under
        ``"equalshares/add1"`` the two stages together have no such figures.

    Returns
    -------
    DataFrame
        Table ``losses`` by falling score: the least cut of the cost, in whole units of money, and
        the least number of additional voters for this project alone (each gives as much as the
        most generous vote found), with everything else as it was; the winners any one of which
        would have left it the place by withdrawing; why it lost, as a code. Null where no cut or no
        number would do. Under ``"mes"`` voters to add are found by bisection: shares shrink with
        every voter, so that in rare cases a smaller number would do as well.

    Raises
    ------
    ParameterError
        If `winners` are not those of the rule.

    References
    ----------
    Boehmer N. et al. (2024). Evaluation of project performance in participatory budgeting. IJCAI,
    2678-2686.
    """
    people, limit, least = terms(election, rule, budget, threshold)
    allowed = people.score >= least
    case = _case(election, people, limit, allowed, rule, points)
    won = set(winners[c.PROJECT_ID])
    if won != {people.projects[j] for j in case.winners()}:
        raise ParameterError(
            f"these are not the winners of the rule {rule!r}",
            where="winners",
            remedy="Pass the rule, budget, threshold and points they were chosen with",
        )
    place = {project: j for j, project in enumerate(people.projects)}
    rivals: dict[int, list[str]] = {}
    for w in case.winners():
        for j in set(case.winners(without=w)) - set(case.winners()):
            rivals.setdefault(j, []).append(people.projects[w])
    rows: list[tuple[object, ...]] = []
    fallen = withdrawn(election)
    for project, cost in election.projects.select(c.PROJECT_ID, c.COST).iter_rows():
        if project in won:
            continue
        if project not in place:
            rows.append((project, *fallen[project], cost, None, None, [], "withdrawn"))
            continue
        j = place[project]
        fits_at = case.cost_to_win(j) if allowed[j] else None
        rows.append(
            (
                project,
                int(people.votes[j]),
                float(people.score[j]),
                cost,
                None if fits_at is None else cost - fits_at,
                _votes_to_add(people, case, j, least),
                sorted(rivals.get(j, [])),
                _why(people, j, limit, allowed, fits_at),
            )
        )
    return pl.DataFrame(rows, schema=c.LOSSES.schema, orient="row").sort(
        c.SCORE, c.PROJECT_ID, descending=[True, False]
    )


def _votes_to_add(people: Profile, case: _Case, j: int, least: float) -> int | None:
    """Return votes enough for the rule and for the threshold."""
    votes = case.votes_to_add(j)
    below = math.ceil((least - float(people.score[j])) / _generous(people) * (1 - SAME))
    return None if votes is None else max(votes, below)


def _why(people: Profile, j: int, budget: float, allowed: Allowed, fits_at: float | None) -> str:
    if not people.votes[j]:
        return "no_votes"
    if not allowed[j]:
        return "below_threshold"
    if people.cost[j] > budget + CENT:
        return "above_budget"
    if fits_at is None:
        return "at_no_cost"
    return "too_dear"


class _Case(Protocol):
    """A rule with its data, ready for questions about one project."""

    def winners(self, without: int | None = None) -> list[int]: ...

    def cost_to_win(self, j: int) -> float | None: ...

    def votes_to_add(self, j: int) -> int | None: ...


def _case(
    election: Election,
    people: Profile,
    budget: float,
    allowed: Allowed,
    rule: Rule,
    points: PointsRule,
) -> _Case:
    if rule in ("greedy", "greedy-no-skip"):
        turns = Turns(people.cost, people.score, allowed, budget, skip=rule == "greedy")
        return _TurnsCase(people, turns, 1.0)
    if rule == "points":
        turns = turns_by_points(election, people, budget, allowed, points)
        return _TurnsCase(people, turns, points.points_per_vote)
    if rule in ("mes", "mes-add1"):
        market = Market(people, allowed)
        share = equal_share(people, budget)
        if rule == "mes-add1":
            share = market.raised_share(budget, until_exhausted=True)
        return _SharesCase(people, allowed, market, share)
    if rule == "phragmen":
        return _PhragmenCase(people, allowed, budget)
    raise ParameterError(
        f"what projects lack under {rule!r} is not defined", where="rule", remedy="Use 'mes-add1'"
    )


def _whole(cost: float) -> float | None:
    """Return the amount in whole units of money; None if less than one."""
    amount = math.floor(cost + CENT)
    return float(amount) if amount >= 1 else None


def _generous(people: Profile) -> float:
    """Return the weight of the most generous vote."""
    return float(people.weight.max(initial=1.0))


class _TurnsCase:
    def __init__(self, people: Profile, turns: Turns, per_point: float):
        self._people, self._turns = people, turns
        self._per_vote = per_point * _generous(people)
        self._run = turns.run()

    def winners(self, without: int | None = None) -> list[int]:
        return self._run.taken if without is None else self._turns.run(without=without).taken

    def _without(self, j: int) -> Run:
        run = self._run
        ended_it = run.seen < len(run.order) and run.order[run.seen] == j
        return self._turns.run(without=j) if ended_it else run

    def _places(self, j: int) -> tuple[list[int], list[float]]:
        """Others in the order looked at, and the room for ``j`` before each and after the last."""
        run = self._without(j)
        others = [k for k in run.order[: run.seen + 1] if k != j]
        room = self._turns.room(run, j).tolist()
        if j in run.order[: run.seen]:
            del room[run.order.index(j)]
        return others, room

    def cost_to_win(self, j: int) -> float | None:
        others, room = self._places(j)
        ahead = sum(self._beats(k, j) for k in others)
        return _whole(room[ahead]) if ahead < len(room) else None

    def _beats(self, k: int, j: int) -> bool:
        score = self._turns.score
        return bool(score[k] > score[j] or (score[k] == score[j] and k < j))

    def votes_to_add(self, j: int) -> int | None:
        score, cost = self._turns.score, self._people.cost[j]
        others, room = self._places(j)
        fitting = [place for place, amount in enumerate(room) if amount >= cost - CENT]
        if not fitting or self._per_vote <= 0:
            return None
        last = fitting[-1]
        lacking = 0.0
        if last < len(others):
            k = others[last]
            lacking = float(score[k] - score[j])
        votes = math.ceil(lacking / self._per_vote * (1 - SAME))
        if last < len(others) and votes * self._per_vote <= lacking * (1 + SAME) and k < j:
            votes += 1
        return max(votes, 0)


class _SharesCase:
    def __init__(self, people: Profile, allowed: Allowed, market: Market, share: float):
        self._people, self._allowed, self._market, self._share = people, allowed, market, share
        self._outcome = market.buy(share)

    def winners(self, without: int | None = None) -> list[int]:
        if without is None:
            return self._outcome.bought
        if self._people.single:
            # Nobody who paid for the one can pay for another.
            return [j for j in self._outcome.bought if j != without]
        return self._market.buy(self._share, without=without).bought

    def cost_to_win(self, j: int) -> float | None:
        people, market = self._people, self._market
        if not people.votes[j]:
            return None
        purse = np.full(len(people.size), self._share)
        best = 0.0
        for winner, rate in zip(self._outcome.bought, self._outcome.rates, strict=True):
            # Just cheaper than the winner, or as cheap if ties go to this project.
            nearly = rate * (1 + 2 * SAME if j < winner else 1 - 2 * SAME)
            due = market.dearest(j, purse, nearly)
            if j > winner and market.ties(j, purse, rate, cost=math.floor(due + CENT)):
                due -= 1
            best = max(best, due)
            groups = market.groups[winner]
            purse[groups] -= np.minimum(purse[groups], rate * market.unit[winner])
        groups, _ = people.supporters(j)
        return _whole(max(best, float(people.size[groups] @ purse[groups])))

    def votes_to_add(self, j: int) -> int | None:
        people = self._people
        n, cost = people.n_voters, float(people.cost[j])
        budget = self._share * n
        takes_all = cost >= budget - CENT
        if cost > budget + CENT or (takes_all and people.votes[j] < n):
            return None
        if people.single:
            lacking = cost * n - float(people.votes[j]) * budget
            # Nothing is lacking where only the threshold stood in the way.
            return 1 if lacking <= 0 else math.ceil(lacking / (budget - cost) * (1 - SAME))
        # So many newcomers pay for it alone; or, where it takes all money, let everyone pay first.
        enough = n + 1 if takes_all else math.ceil(cost * n / (budget - cost))
        few = 0
        while enough - few > 1:
            middle = (few + enough) // 2
            if self._wins_with(j, middle):
                enough = middle
            else:
                few = middle
        return enough

    def _wins_with(self, j: int, voters: int) -> bool:
        people = self._people
        end = people.start[j + 1]
        start = people.start.copy()
        start[j + 1 :] += 1
        more = replace(
            people,
            n_voters=people.n_voters + voters,
            size=np.append(people.size, voters),
            start=start,
            groups=np.insert(people.groups, end, len(people.size)),
            weight=np.insert(people.weight, end, _generous(people)),
        )
        share = self._share * people.n_voters / more.n_voters
        allowed = self._allowed.copy()
        allowed[j] = True
        return j in Market(more, allowed).buy(share).bought


class _PhragmenCase:
    def __init__(self, people: Profile, allowed: Allowed, budget: float):
        self._people, self._allowed, self._budget = people, allowed, budget
        self._rounds = phragmen_rounds(people, budget, allowed)

    def winners(self, without: int | None = None) -> list[int]:
        rounds = self._rounds if without is None else self._run_without(without)
        return [turn.tied[0] for turn in rounds[:-1]]

    def _run_without(self, j: int) -> list[Round]:
        allowed = self._allowed.copy()
        allowed[j] = False
        return phragmen_rounds(self._people, self._budget, allowed)

    def _others(self, j: int) -> list[Round]:
        return self._run_without(j) if j in self._rounds[-1].tied else self._rounds

    def cost_to_win(self, j: int) -> float | None:
        votes = float(self._people.votes[j])
        best = 0.0
        for turn in self._others(j) if votes else ():
            due = turn.when * votes - float(turn.raised[j])
            # At the end a project that is due with the one that does not fit is not bought either.
            if turn.ends(self._people.cost) or j > turn.tied[0]:
                due *= 1 - SAME
                due = math.ceil(due) - 1 if math.isfinite(due) else due
            best = max(best, min(due, turn.left))
        return _whole(best)

    def votes_to_add(self, j: int) -> int | None:
        votes, cost = int(self._people.votes[j]), float(self._people.cost[j])
        enough = None
        for turn in self._others(j):
            if cost > turn.left + CENT:
                break
            needed = 1
            if math.isfinite(turn.when):
                exact = (cost + float(turn.raised[j])) / turn.when - votes
                needed = math.ceil(exact * (1 - SAME))
                strict = turn.ends(self._people.cost) or j > turn.tied[0]
                if strict and needed <= exact * (1 + SAME):
                    needed += 1
            enough = min(needed, needed if enough is None else enough)
        return None if enough is None else max(enough, 1)
