"""What the district still waits for: messages without an answer, problems reopened."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import privacy
from cur_lab.inference.survival import UNKNOWN, Survival
from cur_lab.trends.answers.legal import of_channels
from cur_lab.trends.briefing.scope import Scope

UNANSWERED, REOPENED = "unanswered", "reopened"
# Nobody owes an answer to thanks.
_NO_ANSWER_DUE = ("thanks", "other")
_DATES = (c.AGENCY, c.ANSWERED_AT)
# A median of fewer messages is not shown.
_FEWEST = 10


def due(messages: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Messages of the district that were sent on to an agency and call for an answer.

    Empty where the source does not say to whom messages were sent and when they were answered.
    """
    local = messages.filter(pl.col(c.MUNICIPALITY) == scope.municipality)
    if not set(_DATES) <= set(local.columns):
        return local.clear().with_columns(
            pl.lit(None, dtype=c.MESSAGES.full_schema[name]).alias(name) for name in _DATES
        )
    sent = local.filter(pl.col(c.AGENCY).is_not_null())
    if c.KIND in sent.columns:
        sent = sent.filter(pl.col(c.KIND).is_in(_NO_ANSWER_DUE).not_().fill_null(True))
    return sent


def backlog(sent: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Count the unanswered by agency, with the time an answer takes there.

    Counts are of all messages and have no interval; the median is Kaplan and Meier's.
    """
    timed = sent.filter(
        pl.col(c.AGENCY).is_not_null(),
        (pl.col(c.ANSWERED_AT) >= pl.col(c.PUBLISHED_AT)).fill_null(True),
    )
    waited = _days(pl.col(c.ANSWERED_AT).fill_null(scope.until), pl.col(c.PUBLISHED_AT))
    timed = timed.with_columns(waited.alias(c.AGE_DAYS), of_channels(timed[c.CHANNEL])[c.TERM_DAYS])
    rows = [_of_agency(agency, part) for (agency,), part in timed.group_by(c.AGENCY)]
    frame = pl.DataFrame(rows, schema=c.BRIEFING_BACKLOG.schema)
    return frame.filter(pl.col(c.WAITING) > 0).sort(pl.col(c.WAITING) * -1, c.AGENCY)


def _of_agency(agency: object, part: pl.DataFrame) -> dict[str, object]:
    open_now = part.filter(pl.col(c.ANSWERED_AT).is_null())
    median = UNKNOWN
    if part.height >= _FEWEST:
        times = Survival(part[c.AGE_DAYS].to_numpy(), part[c.ANSWERED_AT].is_not_null().to_numpy())
        median = times.quantile(0.5)
    return {
        c.AGENCY: agency,
        c.WAITING: open_now.height,
        c.OVERDUE: open_now.filter(pl.col(c.AGE_DAYS) > pl.col(c.TERM_DAYS)).height,
        c.OLDEST_DAYS: open_now[c.AGE_DAYS].max(),
    } | dict(zip((c.MEDIAN, c.MEDIAN_LOW, c.MEDIAN_HIGH), median, strict=True))


def _days(later: pl.Expr, earlier: pl.Expr) -> pl.Expr:
    return (later - earlier).dt.total_seconds() / 86_400


def oldest(sent: pl.DataFrame, scope: Scope, *, top: int) -> pl.DataFrame:
    """Show the cases that wait longest, unanswered or reopened, redacted."""
    if sent.is_empty():
        return c.BRIEFING_OLDEST.empty()
    cases = open_cases(sent).sort(c.PUBLISHED_AT, c.MESSAGE_ID).head(top)
    age = _days(pl.lit(scope.until), pl.col(c.PUBLISHED_AT))
    return c.BRIEFING_OLDEST.conform(
        cases.with_columns(
            pl.col(c.RUBRIC).alias(c.SUBJECT),
            age.alias(c.AGE_DAYS),
            # A case without a text waits all the same.
            privacy.excerpts(cases[c.TEXT], characters=140).fill_null("").alias(c.TEXT),
        )
    )


def open_cases(sent: pl.DataFrame) -> pl.DataFrame:
    """Messages that still wait, with their state."""
    reopened = c.REOPENED_AT in sent.columns and pl.col(c.REOPENED_AT).is_not_null()
    state = (
        pl.when(pl.col(c.ANSWERED_AT).is_null())
        .then(pl.lit(UNANSWERED))
        .when(reopened)
        .then(pl.lit(REOPENED))
    )
    return sent.with_columns(state.alias(c.STATE)).filter(pl.col(c.STATE).is_not_null())
