"""What changed after earlier decisions that concern the district."""

from __future__ import annotations

from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.trends.briefing.scope import WHERE, Scope
from cur_lab.trends.counts import counts
from cur_lab.trends.decisions import impact


def outcomes(messages: pl.DataFrame, decisions: pl.DataFrame | None, scope: Scope) -> pl.DataFrame:
    """Estimate the effect of each decision on the complaints about its rubric.

    Decisions without a rubric, such as the opening of a centre, have no complaints of their own and
    are left out.
    """
    if decisions is None:
        return c.BRIEFING_OUTCOMES.empty()
    c.DECISIONS.check(decisions, where=WHERE)
    concerning = decisions.filter(
        pl.col(c.DECIDED_AT) < scope.until,
        pl.col(c.RUBRIC).is_not_null(),
        pl.col(c.MUNICIPALITY).is_null() | (pl.col(c.MUNICIPALITY) == scope.municipality),
    ).sort(c.DECIDED_AT, c.DECISION_ID, descending=[True, False])
    if concerning.is_empty():
        return c.BRIEFING_OUTCOMES.empty()
    daily = counts(messages)
    rows = [_outcome(daily, decision) for decision in concerning.iter_rows(named=True)]
    return c.BRIEFING_OUTCOMES.conform(pl.DataFrame(rows, infer_schema_length=None))


def _outcome(daily: pl.DataFrame, decision: dict[str, Any]) -> dict[str, object]:
    known = {name: decision[name] for name in (c.DECISION_ID, c.TITLE, c.DECIDED_AT)}
    treated = {
        name: [decision[name]] for name in (c.RUBRIC, c.MUNICIPALITY) if decision[name] is not None
    }
    try:
        found = impact(daily, decided_at=decision[c.DECIDED_AT], treated=treated)
    except (NotEnoughDataError, ParameterError):
        # Too early, too late, or nobody has written about it.
        return known | {c.NOTE: "недостаточно данных до или после решения"}
    ends = (found.change, found.change_low, found.change_high)
    shares = [None if end is None else end / 100 for end in ends]
    names = (c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH)
    return known | dict(zip(names, shares, strict=True)) | {c.NOTE: found.verdict}
