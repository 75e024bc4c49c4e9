"""What changed after earlier decisions that concern the district."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.trends.briefing.scope import WHERE, Scope
from cur_lab.trends.counts import counts
from cur_lab.trends.decisions import impacts


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
    )
    if concerning.is_empty():
        return c.BRIEFING_OUTCOMES.empty()
    overview = impacts(counts(messages), concerning).overview
    return c.BRIEFING_OUTCOMES.conform(overview).sort(
        c.DECIDED_AT, c.DECISION_ID, descending=[True, False]
    )
