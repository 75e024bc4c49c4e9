"""What the district still waits for: messages without an answer, problems reopened."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.inference.survival import UNKNOWN, Survival
from cur_lab.trends.answers.deadlines import WAITING_UNKNOWN, required, states
from cur_lab.trends.briefing.scope import Scope

UNANSWERED, REOPENED = "unanswered", "reopened"
# Sent on to another body, or answered to others with the same text: it does not wait here.
_WAITING = (c.NOT_YET_DUE, c.OVERDUE, WAITING_UNKNOWN)
_DUE_STATE = "_due_state"
_DATES = (c.AGENCY, c.ANSWERED_AT)
# A median of fewer messages is not shown.
_FEWEST = 10


def due(messages: pl.DataFrame, scope: Scope, agencies: pl.DataFrame | None = None) -> pl.DataFrame:
    """Messages of the district that were sent on to an agency and call for an answer.

    A comment nobody had to answer does not wait, where the source tells which those are. Empty
    where the source does not say to whom messages were sent and when they were answered.
    """
    local = messages.filter(pl.col(c.MUNICIPALITY) == scope.municipality)
    if not set(_DATES) <= set(local.columns):
        absent = (*_DATES, _DUE_STATE)
        types = c.MESSAGES.full_schema | {_DUE_STATE: pl.String}
        return local.clear().with_columns(pl.lit(None, types[name]).alias(name) for name in absent)
    sent = c.MESSAGES.complete(prepare.with_families(local), c.KIND, c.ANSWER_REQUIRED).filter(
        pl.col(c.AGENCY).is_not_null(),
        required(),
        (pl.col(c.ANSWERED_AT) >= pl.col(c.PUBLISHED_AT)).fill_null(True),
    )
    return sent.with_columns(states(sent, agencies, scope.until)[c.STATE].alias(_DUE_STATE))


def backlog(sent: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Count the unanswered by agency, with the time an answer takes there.

    Counts are of all messages and have no interval; the median is Kaplan and Meier's.
    """
    waited = _days(pl.col(c.ANSWERED_AT).fill_null(scope.until), pl.col(c.PUBLISHED_AT))
    timed = sent.with_columns(waited.alias(c.AGE_DAYS))
    rows = [_of_agency(agency, part) for (agency,), part in timed.group_by(c.AGENCY)]
    frame = pl.DataFrame(rows, schema=c.BRIEFING_BACKLOG.schema)
    return frame.filter(pl.col(c.WAITING) > 0).sort(pl.col(c.WAITING) * -1, c.AGENCY)


def _of_agency(agency: object, part: pl.DataFrame) -> dict[str, object]:
    open_now = part.filter(pl.col(_DUE_STATE).is_in(_WAITING))
    unknown = open_now.filter(pl.col(_DUE_STATE) == WAITING_UNKNOWN).height
    overdue = open_now.filter(pl.col(_DUE_STATE) == c.OVERDUE).height
    median = UNKNOWN
    if part.height >= _FEWEST:
        times = Survival(part[c.AGE_DAYS].to_numpy(), part[c.ANSWERED_AT].is_not_null().to_numpy())
        median = times.quantile(0.5)
    return {
        c.AGENCY: agency,
        c.WAITING: open_now.height,
        c.OVERDUE: overdue if unknown < open_now.height else None,
        c.UNDETERMINED: unknown,
        c.OLDEST_DAYS: open_now[c.AGE_DAYS].max(),
    } | dict(zip((c.MEDIAN, c.MEDIAN_LOW, c.MEDIAN_HIGH), median, strict=True))


def _days(later: pl.Expr, earlier: pl.Expr) -> pl.Expr:
    return (later - earlier).dt.total_seconds() / 86_400


def oldest(sent: pl.DataFrame, scope: Scope, *, top: int) -> pl.DataFrame:
    """Name the cases that wait longest, unanswered or reopened, without a word of theirs."""
    if sent.is_empty():
        return c.BRIEFING_OLDEST.empty()
    cases = prepare.with_addresses(open_cases(sent).sort(c.PUBLISHED_AT, c.MESSAGE_ID).head(top))
    age = _days(pl.lit(scope.until), pl.col(c.PUBLISHED_AT))
    return c.BRIEFING_OLDEST.conform(
        cases.with_columns(
            pl.col(c.RUBRIC).alias(c.SUBJECT),
            age.alias(c.AGE_DAYS),
        )
    )


def open_cases(sent: pl.DataFrame) -> pl.DataFrame:
    """Messages that still wait here, with their state."""
    reopened = c.REOPENED_AT in sent.columns and pl.col(c.REOPENED_AT).is_not_null()
    state = (
        pl.when(pl.col(_DUE_STATE).is_in(_WAITING))
        .then(pl.lit(UNANSWERED))
        .when(reopened)
        .then(pl.lit(REOPENED))
    )
    return sent.with_columns(state.alias(c.STATE)).filter(pl.col(c.STATE).is_not_null())
