"""Whether answers come by the day they are due, and what cannot be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.trends.answers import legal

__all__ = ["Deadlines", "deadlines"]

STATE = c.STATE
ANSWERED_UNKNOWN, WAITING_UNKNOWN = "answered_unknown", "waiting_unknown"
# Nobody owes an answer to thanks.
_NO_ANSWER_DUE = ("thanks", "other")
# One text of so many people and words is an appeal they make together.
_COLLECTIVE = 10
_AT_LENGTH = 8
_WHERE = "trends.deadlines"
_COUNTED = {
    c.IN_TIME: (c.IN_TIME,),
    c.LATE: (c.LATE,),
    c.NOT_YET_DUE: (c.NOT_YET_DUE,),
    c.OVERDUE: (c.OVERDUE,),
    c.REDIRECTED: (c.REDIRECTED,),
    c.WITH_OTHERS: (c.WITH_OTHERS,),
    c.UNDETERMINED: (ANSWERED_UNKNOWN, WAITING_UNKNOWN),
    c.UNANSWERED: (WAITING_UNKNOWN,),
}
_WITH_TERM = (c.IN_TIME, c.LATE, c.NOT_YET_DUE, c.OVERDUE)


@dataclass(frozen=True, eq=False)
class Deadlines:
    """Whether answers came in time.

    Attributes
    ----------
    summary
        ``columns.DEADLINES``: counts of messages by what became of them. Complete counts of what
        the source holds, without an interval; most messages first.
    reasons
        ``columns.DEADLINE_REASONS``: why the term of the others is not known.
    rejected
        ``columns.RESOLUTION_REJECTED``: messages whose entries contradict each other, in no other
        table.
    until
        The moment up to which answers are known.
    """

    summary: pl.DataFrame
    reasons: pl.DataFrame
    rejected: pl.DataFrame
    until: datetime


def required() -> pl.Expr:
    """Whether a message calls for an answer.

    As the source says; where it does not, of what was sent on to an agency all but thanks.
    """
    assumed = pl.col(c.AGENCY).is_not_null() & pl.col(c.KIND).is_in(
        _NO_ANSWER_DUE
    ).not_().fill_null(True)
    return pl.col(c.ANSWER_REQUIRED).fill_null(assumed)


def states(messages: pl.DataFrame, agencies: pl.DataFrame | None, until: datetime) -> pl.DataFrame:
    """Add ``due_at``, ``reason`` and the state at ``until`` to messages that call for an answer.

    Redirection is a state of its own and no delay: the term of the next body begins with a
    registration the export does not hold. So is an appeal made together, one text of ten people
    and more to one body, of which another copy was answered.
    """
    names = (c.KIND, c.ANSWER_REQUIRED, c.ANSWERED_AT, *legal.USED)
    known = c.MESSAGES.complete(messages, *names)
    known = known.with_columns(
        pl.when(pl.col(name) < until).then(pl.col(name)).alias(name)
        for name in (c.ANSWERED_AT, c.REDIRECTED_AT)
    )
    known = known.drop(c.DUE_AT).with_columns(
        legal.due(known, agencies).select(c.DUE_AT, c.REASON).get_columns()
    )
    answered = pl.col(c.ANSWERED_AT)
    due = pl.col(c.DUE_AT)
    group = [c.FAMILY, c.AGENCY]
    collective = (
        pl.col(c.FAMILY).is_not_null()
        & (pl.col(c.AUTHOR_ID).n_unique().over(group) >= _COLLECTIVE)
        & (pl.col(c.TEMPLATE).str.count_matches(r"\S+") >= _AT_LENGTH)
    )
    to_others = collective & (answered.max().over(group) >= pl.col(c.PUBLISHED_AT))
    return known.with_columns(
        pl.when(answered.is_not_null() & due.is_null())
        .then(pl.lit(ANSWERED_UNKNOWN))
        .when(answered <= due)
        .then(pl.lit(c.IN_TIME))
        .when(answered.is_not_null())
        .then(pl.lit(c.LATE))
        .when(pl.col(c.REDIRECTED_AT).is_not_null())
        .then(pl.lit(c.REDIRECTED))
        .when(to_others.fill_null(False))
        .then(pl.lit(c.WITH_OTHERS))
        .when(due.is_null())
        .then(pl.lit(WAITING_UNKNOWN))
        .when(due < until)
        .then(pl.lit(c.OVERDUE))
        .otherwise(pl.lit(c.NOT_YET_DUE))
        .alias(STATE)
    )


@needs(c.PUBLISHED_AT, c.ANSWERED_AT)
def deadlines(
    messages: pl.DataFrame,
    agencies: pl.DataFrame | None = None,
    *,
    by: Sequence[str] = (c.AGENCY,),
    until: datetime | None = None,
) -> Deadlines:
    """Count answers by the day they were due.

    Overdue is only what was registered under known rules, or has a term in the export; of all
    else the term is not known, and no channel stands in for it.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``answered_at``, ``text`` and the columns of
        ``by``; uses ``regime``, ``registered_at``, ``due_at``, ``extended_until``,
        ``redirected_at``, ``answer_required``, ``agency``, ``kind`` and ``channel``.
    agencies
        Table ``agencies``: the rules a body answers by where the message names none, its level,
        and since when it has been connected.
    by
        Groups: ``agency``, ``municipality``, ``channel``, ``rubric``, ``rubric_group``, ``kind``.
    until
        When the data were extracted: what happened later is not known. By default the last time
        in the data.

    Returns
    -------
    Deadlines

    Raises
    ------
    NotEnoughDataError
        If no message has a date.
    ParameterError
        If ``by`` or ``until`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    Terms of the law: :func:`cur_lab.trends.terms`.
    """
    groups = c.DEADLINES.split_by(by, where=_WHERE)
    c.MESSAGES.require(
        messages, [c.MESSAGE_ID, c.PUBLISHED_AT, c.ANSWERED_AT, c.TEXT, *groups], where=_WHERE
    )
    if agencies is not None:
        c.AGENCIES.check(agencies, where=_WHERE)
    if until is not None and until.tzinfo is None:
        raise ParameterError(
            "until has no time zone", where=_WHERE, remedy="Give datetime(..., tzinfo=UTC)"
        )
    known_times = messages.select(pl.max_horizontal(pl.col(c.PUBLISHED_AT, c.ANSWERED_AT).max()))
    end = until or known_times.item()
    written = messages.clear() if end is None else messages.filter(pl.col(c.PUBLISHED_AT) <= end)
    if written.is_empty():
        raise NotEnoughDataError(
            "no message has a date" if until is None else "no message is as old as until",
            where=_WHERE,
            remedy="See that published_at was read from the right column",
            code="no_dates",
        )
    names = (c.KIND, c.ANSWER_REQUIRED, *legal.USED)
    known = c.MESSAGES.complete(prepare.with_families(written), *names)
    known = known.with_columns(_contradiction().alias(c.REASON))
    sound = (
        known.filter(pl.col(c.REASON).is_null())
        .drop(c.REASON)
        .with_columns(required().alias(c.ANSWER_REQUIRED))
    )
    told = states(sound.filter(c.ANSWER_REQUIRED), agencies, end)
    counts = [pl.len().alias(c.N)]
    counts += [pl.col(STATE).is_in(of).sum().alias(name) for name, of in _COUNTED.items()]
    extended = pl.col(c.EXTENDED_UNTIL).is_not_null() & pl.col(STATE).is_in(_WITH_TERM)
    counts.append(extended.sum().alias(c.EXTENDED))
    spared = sound.filter(~pl.col(c.ANSWER_REQUIRED))
    summary = (
        _grouped(told, groups, counts).join(
            _grouped(spared, groups, [pl.len().alias(c.N_NOT_REQUIRED)]),
            on=groups,
            how="full",
            coalesce=True,
            nulls_equal=True,
        )
        if groups
        else pl.concat(
            [told.select(counts), spared.select(pl.len().alias(c.N_NOT_REQUIRED))], how="horizontal"
        )
    )
    numbers = [name for name in c.DEADLINES.schema if name in summary.columns]
    unknown = told.filter(pl.col(STATE).is_in(_COUNTED[c.UNDETERMINED]))
    reasons = unknown[c.REASON].value_counts(name=c.N).sort(pl.col(c.N) * -1, c.REASON)
    rejected = known.filter(pl.col(c.REASON).is_not_null())
    return Deadlines(
        c.DEADLINES.conform(summary.with_columns(pl.col(numbers).fill_null(0)))
        .select(*groups, *c.DEADLINES.schema)
        .sort(pl.col(c.N) * -1, *groups),
        c.DEADLINE_REASONS.conform(reasons),
        c.RESOLUTION_REJECTED.conform(rejected.sort(c.MESSAGE_ID, c.REASON)),
        end,
    )


def _grouped(frame: pl.DataFrame, groups: list[str], counts: list[pl.Expr]) -> pl.DataFrame:
    return frame.group_by(groups).agg(counts) if groups else frame.select(counts)


def _contradiction() -> pl.Expr:
    """Name what does not fit together in a message's terms; null if nothing."""
    registered, due = pl.col(c.REGISTERED_AT), pl.col(c.DUE_AT)
    rules = {
        "two_regimes": pl.col(c.REGIME).drop_nulls().n_unique().over(c.MESSAGE_ID) > 1,
        "due_before_registered": due < registered,
        "extended_before_due": pl.col(c.EXTENDED_UNTIL) < due,
        "redirected_before_registered": pl.col(c.REDIRECTED_AT) < registered,
    }
    return pl.coalesce(
        *(pl.when(wrong.fill_null(False)).then(pl.lit(reason)) for reason, wrong in rules.items()),
        pl.lit(None, pl.String),
    )
