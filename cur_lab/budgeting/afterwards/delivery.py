"""What became of the winners: built, late, dearer, and who paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.hours import span
from cur_lab.columns.table import TIME
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import wilson
from cur_lab.readers.election import Election
from cur_lab.readers.times import utc

if TYPE_CHECKING:
    from cur_lab.inference.survival import Survival

BUILT, BUILT_LATE, OVERDUE, UNDER_WAY, CANCELLED, UNKNOWN = (
    "built", "built_late", "overdue", "under_way", "cancelled", "unknown"
)  # fmt: skip
_TIMES = (c.CONTRACTED_AT, c.DUE_AT, c.COMPLETED_AT)
_PAYERS = {
    "residents": c.PAID_BY_RESIDENTS,
    "municipality": c.PAID_BY_MUNICIPALITY,
    "sponsors": c.PAID_BY_SPONSORS,
}
_REST = "_rest"
# Amounts are told in roubles and kopecks: what differs by less is the same.
_DEARER = 1.01
_FEW = 5
_DRAWS = 999
_DAY = timedelta(days=1)
_Value = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, eq=False)
class Delivery:
    """What became of the funded projects.

    Attributes
    ----------
    projects
        Table ``projects after the vote``.
    states
        Table ``states of delivery``.
    overall
        Table ``delivery``: shares, waiting, costs, with intervals.
    curve
        Table ``delivery over time``; empty where the end of the vote or every completion is
        unknown.
    payers
        Table ``payers``; empty where no project tells who pays.
    checks
        What contradicts itself or could not be used, and why.
    at
        Until when the projects were followed; None where no date is told.
    """

    projects: pl.DataFrame
    states: pl.DataFrame
    overall: pl.DataFrame
    curve: pl.DataFrame
    payers: pl.DataFrame
    checks: pl.DataFrame
    at: datetime | None


@c.needs(c.PROJECT_ID, c.COST)
def delivery(
    election: Election, winners: pl.DataFrame, *, at: datetime | None = None, seed: int = 0
) -> Delivery:
    """Follow the funded projects after the vote.

    Parameters
    ----------
    election
        Projects with what is known of them: ``status``, ``contracted_at``, ``due_at``,
        ``completed_at``, ``actual_cost`` and who paid; any of them may be absent.
    winners
        Projects that are funded.
    at
        Until when they were followed, a moment with a zone. By default the last day on which
        anything of them is told: what was finished later is not known to be unfinished.
    seed
        Of the bootstrap over projects.

    Returns
    -------
    Delivery
        A project is ``built`` or ``built_late`` where a day of completion not after `at` is told,
        or its status says so; ``overdue`` where the promised day is past and it is not. Waiting is
        counted from the end of the vote; projects not yet built are censored at `at`
        (Kaplan-Meier), cancelled ones when followed last. All winners are counted, so the
        intervals say what another campaign like this might give, not what is unknown of this one.

    Raises
    ------
    NotEnoughDataError
        If nothing is told of any funded project after the vote.

    Examples
    --------
    >>> import polars as pl
    >>> from cur_lab.readers import Election
    >>> projects = pl.DataFrame({
    ...     "project_id": ["1", "2"], "cost": [100.0, 200.0],
    ...     "status": ["completed", "cancelled"], "actual_cost": [150.0, None],
    ... })
    >>> votes = pl.DataFrame({"voter_id": ["a"], "project_id": ["1"]})
    >>> meta = {"budget": "300", "vote_type": "choose-1"}
    >>> done = delivery(Election(meta, projects, votes.select("voter_id"), votes), projects)
    >>> done.states.select("delivery", "projects").rows()
    [('built', 1), ('cancelled', 1)]
    """
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST), where="projects")
    won = pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode())
    funded = _typed(election.projects.filter(won).sort(c.PROJECT_ID))
    told = (c.STATUS, *_TIMES, c.ACTUAL_COST, *_PAYERS.values())
    if funded.select(told).null_count().row(0) == (funded.height,) * len(told):
        raise NotEnoughDataError(
            "nothing is told of the projects after the vote",
            where="projects",
            remedy=f"Add some of {', '.join(told)}",
            code="not_followed",
        )
    ended = _ended(election)
    at = at or _last_told(funded) or ended
    projects = _states(funded, ended, at)
    followed = _followed(projects, ended, at)
    return Delivery(
        projects=c.DELIVERED_PROJECTS.conform(projects),
        states=_summed(projects),
        overall=_overall(projects, followed, seed),
        curve=_curve(followed),
        payers=_payers(funded, seed),
        checks=_checks(funded, at),
        at=at,
    )


def _typed(projects: pl.DataFrame) -> pl.DataFrame:
    """Give the columns that a file may hold as text, or lack, their types."""
    for name in (*_TIMES, c.ACTUAL_COST, *_PAYERS.values(), c.STATUS, c.TITLE, c.MUNICIPALITY):
        if name not in projects.columns:
            projects = projects.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    return projects.with_columns(
        *(utc(projects[name]) for name in _TIMES),
        pl.col(c.ACTUAL_COST, *_PAYERS.values()).cast(pl.Float64, strict=False),
        pl.col(c.STATUS, c.TITLE, c.MUNICIPALITY).cast(pl.String),
    )


def _ended(election: Election) -> datetime | None:
    try:
        return span(election)[1]
    except NotEnoughDataError:
        return None


def _last_told(funded: pl.DataFrame) -> datetime | None:
    """Last day on which something had happened; a promised day lies ahead."""
    days = pl.concat([funded[c.CONTRACTED_AT], funded[c.COMPLETED_AT].alias(c.CONTRACTED_AT)])
    last = days.max()
    return last if isinstance(last, datetime) else None


def _states(funded: pl.DataFrame, ended: datetime | None, at: datetime | None) -> pl.DataFrame:
    completed, due, status = pl.col(c.COMPLETED_AT), pl.col(c.DUE_AT), pl.col(c.STATUS)
    now = pl.lit(at, dtype=TIME)
    done = (completed <= now).fill_null(False) | (
        status.eq_missing("completed") & completed.is_null()
    )
    late = (completed > due).fill_null(False)
    state = (
        pl.when(status.eq_missing("cancelled"))
        .then(pl.lit(CANCELLED))
        .when(done & late)
        .then(pl.lit(BUILT_LATE))
        .when(done)
        .then(pl.lit(BUILT))
        .when((due < now).fill_null(False))
        .then(pl.lit(OVERDUE))
        .when(
            status.is_in(["planned", "contracted", "under_way"]).fill_null(False)
            | pl.any_horizontal(pl.col(*_TIMES).is_not_null())
        )
        .then(pl.lit(UNDER_WAY))
        .otherwise(pl.lit(UNKNOWN))
    )
    waited = pl.lit(None, dtype=pl.Float64)
    if ended is not None:
        waited = _days(completed - ended)
    ratio = pl.when(pl.col(c.COST) > 0).then(pl.col(c.ACTUAL_COST) / pl.col(c.COST))
    return funded.with_columns(
        state.alias(c.STATE_OF_DELIVERY), ratio.alias(c.COST_RATIO)
    ).with_columns(
        pl.when(done).then(waited).alias(c.DAYS_TAKEN),
        pl.when(pl.col(c.STATE_OF_DELIVERY) == BUILT_LATE)
        .then(_days(completed - due))
        .when(pl.col(c.STATE_OF_DELIVERY) == OVERDUE)
        .then(_days(now - due))
        .alias(c.DAYS_LATE),
    )


def _days(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_seconds() / _DAY.total_seconds()


def _summed(projects: pl.DataFrame) -> pl.DataFrame:
    order = {
        state: place
        for place, state in enumerate((BUILT, BUILT_LATE, OVERDUE, UNDER_WAY, CANCELLED, UNKNOWN))
    }
    counted = projects.group_by(c.STATE_OF_DELIVERY).agg(
        pl.len().cast(pl.Int64).alias(c.PROJECTS_COUNT),
        # In the order of the ids: sums of floats depend on their order.
        pl.col(c.COST).sort_by(c.PROJECT_ID).sum().alias(c.MONEY),
    )
    return c.DELIVERY_STATES.conform(
        counted.sort(pl.col(c.STATE_OF_DELIVERY).replace_strict(order, return_dtype=pl.Int64))
    )


def _followed(
    projects: pl.DataFrame, ended: datetime | None, at: datetime | None
) -> tuple[Survival, int] | None:
    """Estimate the waiting, of how many projects; None where no completion has a day."""
    if ended is None or at is None or at <= ended:
        return None
    # A completed project without a day says only that its day is not known.
    built = pl.col(c.STATE_OF_DELIVERY).is_in([BUILT, BUILT_LATE])
    undated = built & pl.col(c.DAYS_TAKEN).is_null()
    known = projects.filter(~undated, pl.col(c.STATE_OF_DELIVERY) != UNKNOWN)
    if not known[c.DAYS_TAKEN].count():
        return None
    from cur_lab.inference.survival import Survival

    days = known[c.DAYS_TAKEN].fill_null((at - ended) / _DAY).clip(lower_bound=0.0)
    happened = known[c.DAYS_TAKEN].is_not_null()
    return Survival(days.to_numpy(), happened.to_numpy()), known.height


def _curve(followed: tuple[Survival, int] | None) -> pl.DataFrame:
    if followed is None:
        return c.DELIVERY_CURVE.empty()
    fit, _ = followed
    return c.DELIVERY_CURVE.conform(
        pl.DataFrame(
            {
                c.DAYS: fit.times,
                c.SHARE: 1 - fit.share,
                c.SHARE_LOW: 1 - fit.high,
                c.SHARE_HIGH: 1 - fit.low,
                c.AT_RISK: fit.at_risk,
            }
        ).fill_nan(None)
    )


def _overall(
    projects: pl.DataFrame, followed: tuple[Survival, int] | None, seed: int
) -> pl.DataFrame:
    state = projects[c.STATE_OF_DELIVERY]
    known = state != UNKNOWN
    due = (projects[c.DUE_AT].is_not_null() & state.is_in([BUILT, BUILT_LATE, OVERDUE])) & (
        projects[c.COMPLETED_AT].is_not_null() | (state == OVERDUE)
    )
    priced = projects.drop_nulls(c.COST_RATIO)
    rows = [
        _share("completed", state.is_in([BUILT, BUILT_LATE]), known),
        _share("late", state.is_in([BUILT_LATE, OVERDUE]), due),
        _share("cancelled", state == CANCELLED, known),
        _waiting(followed),
        ("cost_ratio", *_ratio(priced, c.ACTUAL_COST, seed), "times", priced.height),
        _share("dearer", priced[c.COST_RATIO] > _DEARER, priced[c.COST_RATIO].is_not_null()),
    ]
    return c.DELIVERY.conform(
        pl.DataFrame([(*row, _why(row)) for row in rows], schema=c.DELIVERY.schema, orient="row")
    )


_Row = tuple[str, float | None, float | None, float | None, str, int]


def _share(metric: str, hit: pl.Series, among: pl.Series) -> _Row:
    number, hits = int(among.sum()), int((hit & among).sum())
    if not number:
        return metric, None, None, None, "share", 0
    low, high = wilson(hits, number)
    return metric, hits / number, float(low), float(high), "share", number


def _waiting(followed: tuple[Survival, int] | None) -> _Row:
    if followed is None:
        return "days_taken", None, None, None, "days", 0
    fit, number = followed
    return "days_taken", *fit.quantile(0.5), "days", number


def _why(row: _Row) -> str:
    metric, value, low, _, _, number = row
    if value is None:
        return "not_half" if metric == "days_taken" and number else "not_told"
    return "" if low is not None or metric == "days_taken" else "few_projects"


def _ratio(projects: pl.DataFrame, column: str, seed: int) -> _Value:
    """Ratio of a sum to the sum of the costs voted on, with its bootstrap interval."""
    if projects.is_empty() or not projects[c.COST].sum():
        return None, None, None
    parts, costs = projects[column].to_numpy(), projects[c.COST].to_numpy()
    ratio = float(parts.sum() / costs.sum())
    if len(parts) < _FEW:
        return ratio, None, None
    drawn = np.random.default_rng(seed).integers(0, len(parts), (_DRAWS, len(parts)))
    again = parts[drawn].sum(axis=1) / costs[drawn].sum(axis=1)
    low, high = np.quantile(again, [0.025, 0.975])
    return ratio, float(low), float(high)


def _payers(funded: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Parts of the cost; the budget pays what the others do not, where all three are told."""
    parts = {name: funded.drop_nulls(column) for name, column in _PAYERS.items()}
    rest = pl.col(c.COST) - pl.sum_horizontal(*_PAYERS.values())
    parts["budget"] = funded.drop_nulls(list(_PAYERS.values())).with_columns(rest.alias(_REST))
    rows = []
    for payer, told in parts.items():
        if not told.is_empty():
            column = _PAYERS.get(payer, _REST)
            ratio = _ratio(told, column, seed)
            if ratio[0] is not None:
                rows.append((payer, float(told[column].sum()), *ratio, told.height))
    return c.PAYERS.conform(pl.DataFrame(rows, schema=c.PAYERS.schema, orient="row"))


def _checks(funded: pl.DataFrame, at: datetime | None) -> pl.DataFrame:
    known = ["planned", "contracted", "under_way", "completed", "cancelled"]
    status, completed = pl.col(c.STATUS), pl.col(c.COMPLETED_AT)
    now = pl.lit(at, dtype=TIME)
    found = {
        "strange_status": status.is_not_null() & ~status.is_in(known),
        "built_before_contract": completed < pl.col(c.CONTRACTED_AT),
        "completed_undated": status.eq_missing("completed") & completed.is_null(),
        "dated_not_completed": (completed <= now) & status.is_in(["planned", "cancelled"]),
        "completed_later": completed > now,
    }
    numbers = funded.select(
        rule.fill_null(False).sum().cast(pl.Int64).alias(reason) for reason, rule in found.items()
    ).row(0)
    rows = [("delivery", reason, n) for reason, n in zip(found, numbers, strict=True) if n]
    return c.CHECKS.conform(pl.DataFrame(rows, schema=c.CHECKS.schema, orient="row"))
