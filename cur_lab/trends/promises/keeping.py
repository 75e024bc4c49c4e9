"""The ledger of promises: promise → decision → money → fix → what people write afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, privacy
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.parameters import days_of
from cur_lab.trends.promises import follow_up

__all__ = ["Promises", "promises"]

KEPT, LATE, OVERDUE, OPEN = "kept", "late", "overdue", "open"
NO_TERM, NO_TERM_DONE = "no_term", "no_term_done"
FATES = (KEPT, LATE, OVERDUE, OPEN, NO_TERM, NO_TERM_DONE)
UNDONE = (OVERDUE, OPEN, NO_TERM)
_WHERE = "trends.promises"


@dataclass(frozen=True, eq=False)
class Promises:
    """What has become of promises.

    Attributes
    ----------
    ledger
        ``columns.PROMISES``: what is not done and longest overdue first.
    counts
        ``columns.PROMISE_COUNTS``: how many have which fate. Complete counts, no interval.
    rejected
        ``columns.PROMISES_REJECTED``: promises whose dates contradict each other, or of later.
    until
        The moment up to which anything is known.
    """

    ledger: pl.DataFrame
    counts: pl.DataFrame
    rejected: pl.DataFrame
    until: datetime


def promises(
    commitments: pl.DataFrame,
    messages: pl.DataFrame | None = None,
    *,
    decisions: pl.DataFrame | None = None,
    until: datetime | None = None,
    window: str = "30d",
) -> Promises:
    """Follow promises to what was decided, paid, done and written afterwards.

    A promise without a term is never overdue and never in time: that none was named is all that
    can be said. A decision that follows a promise about the same rubric and district need not have
    followed from it, and a change of complaints need not come from the fix.

    Parameters
    ----------
    commitments
        Table ``commitments``.
    messages
        Complaints with ``message_id``, ``published_at``, ``municipality``, ``rubric`` and
        ``text``: what people write before and afterwards. Nothing is said of it without them.
    decisions
        Table ``decisions``: the first about the same rubric, of the district or the region,
        between the promise and its end.
    until
        When the tables were made: what is done later is not done yet. By default the last time in
        them.
    window
        How long before the promise and after its end complaints are counted, such as ``"30d"``.

    Returns
    -------
    Promises

    Raises
    ------
    NotEnoughDataError
        If no promise has a date.
    ParameterError
        If ``until`` or ``window`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    Families of texts are counted, not messages. The change is a ratio of ratios: after to before
    in the district over after to before in all others, its interval that of a quasi-Poisson model
    with the scatter of the others (McCullagh & Nelder 1989, 6.2).

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from cur_lab import columns
    >>> made = datetime(2025, 3, 1, 12, tzinfo=UTC)
    >>> told = columns.COMMITMENTS.conform(pl.DataFrame({
    ...     "commitment_id": ["о-1"], "made_at": [made], "text": ["Заделать ямы"],
    ... }))
    >>> promises(told).counts.rows()
    [('no_term', 1)]
    """
    c.COMMITMENTS.check(commitments, where=_WHERE)
    length = timedelta(days=days_of(window, where=_WHERE, most=366))
    if until is not None and until.tzinfo is None:
        raise ParameterError(
            "until has no time zone", where=_WHERE, remedy="Give datetime(..., tzinfo=UTC)"
        )
    dated = commitments.filter(pl.col(c.MADE_AT).is_not_null())
    if dated.is_empty():
        raise NotEnoughDataError(
            "no promise has a date",
            where=_WHERE,
            remedy="Fill made_at in the table of commitments",
            code="no_dates",
        )
    end = until or _last(dated, messages)
    wrong = dated.with_columns(_contradiction(end).alias(c.REASON))
    sound = wrong.filter(pl.col(c.REASON).is_null()).drop(c.REASON)
    told = _fates(sound, end)
    told = told.join(_decided(told, decisions), on=c.COMMITMENT_ID, how="left")
    found = _cases(messages)
    changes = [_follow_up(row, found, length, end) for row in told.iter_rows(named=True)]
    ledger = told.with_columns(
        pl.Series(name, [row.get(name) for row in changes], dtype)
        for name, dtype in c.PROMISES.schema.items()
        if name in _OF_CHANGE
    )
    ledger = ledger.sort(
        _place(_SHOWN_FIRST), c.DUE_AT, c.MADE_AT, c.COMMITMENT_ID, nulls_last=True
    )
    counted = ledger[c.FATE].value_counts(name=c.N)
    rejected = wrong.filter(pl.col(c.REASON).is_not_null())
    return Promises(
        c.PROMISES.conform(ledger.with_columns(privacy.redact(ledger[c.TEXT])), digits=9),
        c.PROMISE_COUNTS.conform(counted).sort(_place(FATES)),
        c.PROMISES_REJECTED.conform(rejected).sort(c.COMMITMENT_ID, c.REASON),
        end,
    )


_SHOWN_FIRST = (OVERDUE, NO_TERM, OPEN, LATE, KEPT, NO_TERM_DONE)
_OF_CHANGE = (
    *(c.CASES_BEFORE, c.CASES_AFTER),
    *(c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH, c.REASON),
)


def _place(order: Sequence[str]) -> pl.Expr:
    """Place of a fate in an order."""
    return pl.col(c.FATE).replace_strict(order, range(len(order)), return_dtype=pl.Int64)


def _last(dated: pl.DataFrame, messages: pl.DataFrame | None) -> datetime:
    ends = pl.max_horizontal(pl.col(c.MADE_AT, c.DONE_AT).max())
    moments: list[datetime | None] = [dated.select(ends).item()]
    if messages is not None:
        moments.append(messages.select(pl.col(c.PUBLISHED_AT).max()).item())
    return max(moment for moment in moments if moment is not None)


def _contradiction(end: datetime) -> pl.Expr:
    rules = {
        "promised_later": pl.col(c.MADE_AT) > end,
        "due_before_made": pl.col(c.DUE_AT) < pl.col(c.MADE_AT),
        "done_before_made": pl.col(c.DONE_AT) < pl.col(c.MADE_AT),
    }
    return pl.coalesce(
        *(pl.when(wrong.fill_null(False)).then(pl.lit(reason)) for reason, wrong in rules.items()),
        pl.lit(None, pl.String),
    )


def _fates(sound: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """Tell what has become of each by the end; what is done later is not done yet."""
    due, done = pl.col(c.DUE_AT), pl.col(c.DONE_AT)
    fate = (
        pl.when(due.is_null())
        .then(pl.when(done.is_null()).then(pl.lit(NO_TERM)).otherwise(pl.lit(NO_TERM_DONE)))
        .when(done <= due)
        .then(pl.lit(KEPT))
        .when(done.is_not_null())
        .then(pl.lit(LATE))
        .when(due < end)
        .then(pl.lit(OVERDUE))
        .otherwise(pl.lit(OPEN))
    )
    known = sound.with_columns(pl.when(done <= end).then(done).alias(c.DONE_AT))
    return known.with_columns(
        fate.alias(c.FATE),
        ((done.fill_null(end) - due).dt.total_seconds() / 86_400).alias(c.DAYS_TO_DUE),
    )


def _decided(told: pl.DataFrame, decisions: pl.DataFrame | None) -> pl.DataFrame:
    """Find the first decision about the same, from the promise to its fix."""
    schema = {c.COMMITMENT_ID: pl.String, c.DECISION_ID: pl.String, c.BUDGET: pl.Float64}
    if decisions is None:
        return pl.DataFrame(schema=schema)
    c.DECISIONS.check(decisions, where=_WHERE)
    pairs = told.join(decisions, on=c.RUBRIC, suffix="_of_decision")
    place = pl.col(f"{c.MUNICIPALITY}_of_decision")
    return (
        pairs.filter(
            place.is_null() | (place == pl.col(c.MUNICIPALITY)).fill_null(False),
            pl.col(c.DECIDED_AT) >= pl.col(c.MADE_AT),
            (pl.col(c.DECIDED_AT) <= pl.col(c.DONE_AT)).fill_null(True),
        )
        .sort(c.DECIDED_AT, c.DECISION_ID)
        .unique(c.COMMITMENT_ID, keep="first", maintain_order=True)
        .select(schema.keys())
    )


def _cases(messages: pl.DataFrame | None) -> pl.DataFrame | None:
    if messages is None:
        return None
    needed = [c.MESSAGE_ID, c.PUBLISHED_AT, c.MUNICIPALITY, c.RUBRIC, c.TEXT]
    c.MESSAGES.require(messages, needed, where=_WHERE)
    return follow_up.cases(prepare.with_families(messages))


def _follow_up(
    row: dict[str, object], found: pl.DataFrame | None, window: timedelta, end: datetime
) -> follow_up.Row:
    """Compare what people write after a promise was done, or was due and was not."""
    ended = row[c.DONE_AT] or row[c.DUE_AT]
    if found is None or row[c.RUBRIC] is None:
        return {c.REASON: "promise_without_rubric" if found is not None else None}
    if not isinstance(ended, datetime):
        return {c.REASON: follow_up.NOT_FOLLOWED}
    made = row[c.MADE_AT]
    assert isinstance(made, datetime)
    municipality = row[c.MUNICIPALITY]
    place = municipality if isinstance(municipality, str) else None
    return follow_up.compared(found, str(row[c.RUBRIC]), place, made, ended, window, end)
