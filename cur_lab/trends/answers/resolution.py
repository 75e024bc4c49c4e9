"""How long an answer and a fix take, and what becomes of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import survival
from cur_lab.trends.answers import quality, stamps
from cur_lab.trends.answers.legal import NOT_KNOWN, due
from cur_lab.trends.answers.states import ANSWER, TOO_FEW, days
from cur_lab.trends.answers.states import risks as risks_of

__all__ = ["Resolution", "resolution"]

RESOLVED = "resolution"
FIX_TERM = "no_fix_term"
_WHERE = "trends.resolution"
_EVENTS = {ANSWER: c.ANSWERED_AT, RESOLVED: c.RESOLVED_AT}
_POINTS = 150
_Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Resolution:
    """Time to answer and to fix, and what became of the messages, by group.

    Attributes
    ----------
    summary
        ``columns.RESOLUTION``: median, 90th percentile and share within the legal term.
    curves
        ``columns.RESOLUTION_CURVES``: Kaplan-Meier curves, thinned for drawing.
    risks
        ``columns.RESOLUTION_RISKS``: what comes first. Since a message was ``written``: an answer
        alone, or a fix (reported with the answer or before it). Since it was ``answered``: a fix,
        or the citizen's return. Since it was reported ``fixed``: the citizen's return.
    quality
        ``columns.ANSWER_QUALITY``.
    backlog
        ``columns.BACKLOG``: messages without answer or fix at ``until``, oldest first.
    rejected
        ``columns.RESOLUTION_REJECTED``: messages whose dates contradict each other. They are in
        no other table.
    until
        The moment up to which events are known.
    """

    summary: pl.DataFrame
    curves: pl.DataFrame
    risks: pl.DataFrame
    quality: pl.DataFrame
    backlog: pl.DataFrame
    rejected: pl.DataFrame
    until: datetime

    def waiting(
        self, event: Literal["answer", "resolution"] = "answer", *, days: float = 60
    ) -> pl.DataFrame:
        """Tell how many messages of each group still wait after so many days.

        Parameters
        ----------
        event
            For what they wait.
        days
            Since they were written.

        Returns
        -------
        DataFrame
            Group, ``n``, ``still_open`` with its interval; groups with most messages first, those
            without a curve left out.
        """
        groups = self.summary.columns[: self.summary.columns.index(c.EVENT)]
        about = pl.col(c.EVENT) == event
        left = self.curves.filter(about, pl.col(c.DAYS) <= days)
        sizes = self.summary.filter(about).select(*groups, c.N)
        ends = (c.STILL_OPEN, c.STILL_OPEN_LOW, c.STILL_OPEN_HIGH)
        waiting = pl.col(ends).sort_by(c.DAYS).last()
        found = (
            sizes.join(left.group_by(groups).agg(waiting), on=groups, nulls_equal=True)
            if groups
            else sizes.join(left.select(waiting), how="cross")
        )
        return found.drop_nulls(c.STILL_OPEN).sort(pl.col(c.N) * -1, *groups)


@needs(c.PUBLISHED_AT, c.ANSWERED_AT)
def resolution(
    messages: pl.DataFrame,
    by: Sequence[str] = (c.AGENCY,),
    *,
    until: datetime | None = None,
    k: int = 10,
) -> Resolution:
    """Estimate how long answers and fixes take, messages without them being censored.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``answered_at`` and the columns of ``by``; uses
        ``resolved_at``, ``reopened_at``, ``regime``, ``registered_at``, ``due_at`` and
        ``extended_until`` (for the term), ``text``, ``answer_text`` and ``rubric`` (for the
        quality of answers), and ``to_point``, a boolean column of people's judgements whether the
        answer is to the point.
    by
        Groups: ``agency``, ``municipality``, ``channel``, ``rubric``, ``rubric_group``, ``kind``;
        none for all messages together. Messages that do not state one (null) are a group.
    until
        When the data were extracted: a later event has not happened yet, a later message is not
        there. By default the last time in the data.
    k
        Groups of fewer messages get no estimates; ``reason`` says ``too_few``.

    Returns
    -------
    Resolution
        Frames sorted by group.

    Raises
    ------
    NotEnoughDataError
        If no message has a date, or all have dates that contradict each other.
    ParameterError
        If ``by``, ``until`` or ``k`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    Quantiles are those of the Kaplan-Meier estimator with intervals from its log-log band
    (Brookmeyer & Crowley 1982), incidences those of Aalen and Johansen with log-log intervals, all
    by lifelines. Intervals take messages for independent; answers sent in batches make them
    narrower than they should be. Nobody knows of an unanswered message whether it ever will be
    answered: the mean of the answered alone is not given anywhere.

    The share within the term is that of messages whose term is known: named by the export, or set
    by an act for the rules the message is answered by, from its registration. Terms differ, so
    waits are counted in parts of the term, and censored as they are.

    References
    ----------
    Kaplan E. L., Meier P. (1958). Nonparametric estimation from incomplete observations. JASA 53.
    Aalen O. O., Johansen S. (1978). An empirical transition matrix. Scand. J. Statistics 5.
    """
    groups = _checked(messages, by, until, k)
    known = stamps.known(messages, groups)
    until = (
        until or known.select(pl.max_horizontal(pl.col(c.PUBLISHED_AT, *stamps.TIMES).max())).item()
    )
    if until is not None:
        known = known.filter(pl.col(c.PUBLISHED_AT).is_null() | (pl.col(c.PUBLISHED_AT) <= until))
    known = known.with_columns(stamps.contradiction().alias(c.REASON))
    sound = known.filter(pl.col(c.REASON).is_null())
    if until is None or sound.is_empty():
        raise NotEnoughDataError(
            f"none of {messages.height} messages has dates that fit together",
            where=_WHERE,
            remedy="See that published_at and answered_at were read from the right columns",
            code="no_fitting_dates",
        )
    sound = sound.with_columns(
        # An event after the extraction has not happened yet.
        *(pl.when(pl.col(name) <= until).then(pl.col(name)).alias(name) for name in stamps.TIMES),
    )
    sound = sound.drop(c.DUE_AT).with_columns(
        due(sound).select(c.TERM_DAYS, c.SOURCE, c.DUE_AT).get_columns()
    )
    keys = sound.select(groups).unique(maintain_order=True).rows(named=True) if groups else [{}]
    parts = sound.partition_by(groups, maintain_order=True) if groups else [sound]
    cells = list(zip(keys, parts, strict=True))
    events = [name for name, column in _EVENTS.items() if column in messages.columns]
    returns = c.REOPENED_AT in messages.columns
    rejected = known.filter(pl.col(c.REASON).is_not_null())
    summary, curves = [], []
    for key, part in cells:
        for event in events:
            fit = _survival(part, event, until, k)
            term = _within_term(part, event, until, k)
            summary.append(key | _summary(part, event, fit) | term)
            curves += [key | point for point in _curve(event, fit)]
    risks = [key | row for key, part in cells for row in risks_of(part, until, k, returns=returns)]
    return Resolution(
        _table(c.RESOLUTION, groups, summary),
        _table(c.RESOLUTION_CURVES, groups, curves),
        _table(c.RESOLUTION_RISKS, groups, risks),
        _table(c.ANSWER_QUALITY, groups, quality.of_texts(cells, k=k)),
        _backlog(sound, groups, events, until),
        c.RESOLUTION_REJECTED.conform(rejected.sort(c.MESSAGE_ID, c.REASON)),
        until,
    )


def _checked(
    messages: pl.DataFrame, by: Sequence[str], until: datetime | None, k: int
) -> list[str]:
    groups = c.RESOLUTION.split_by(by, where=_WHERE)
    c.MESSAGES.require(
        messages, [c.MESSAGE_ID, c.PUBLISHED_AT, c.ANSWERED_AT, *groups], where=_WHERE
    )
    if k < 2:
        raise ParameterError(f"k = {k} hides nothing", where=_WHERE, remedy="Take 5 or more")
    if until is not None and until.tzinfo is None:
        raise ParameterError(
            "until has no time zone", where=_WHERE, remedy="Give datetime(..., tzinfo=UTC)"
        )
    return groups


def _table(table: c.Table, groups: list[str], rows: list[_Row]) -> pl.DataFrame:
    """Make the rows, which come in order of the groups, a table that has the groups first."""
    order = [*groups, *table.schema.names()]
    frame = pl.DataFrame(rows, schema={name: table.full_schema[name] for name in order})
    # The last digits of the steps of a curve hang on the processor.
    digits = 9 if table is c.RESOLUTION_CURVES else None
    return table.conform(frame, digits=digits).select(order)


# --- time to an event ---------------------------------------------------------------------------


def _survival(part: pl.DataFrame, event: str, until: datetime, k: int) -> survival.Survival | None:
    """Fit the time from writing to the event; None for a group that is too small."""
    if part.height < k:
        return None
    happened = pl.col(_EVENTS[event])
    times = part.select(days(happened.fill_null(until) - pl.col(c.PUBLISHED_AT)).alias("days"))
    return survival.Survival(
        times["days"].to_numpy(), part[_EVENTS[event]].is_not_null().to_numpy()
    )


def _summary(part: pl.DataFrame, event: str, fit: survival.Survival | None) -> _Row:
    row: _Row = {
        c.EVENT: event,
        c.N: part.height,
        c.N_OPEN: part[_EVENTS[event]].null_count(),
        c.REASON: TOO_FEW,
    }
    if fit is None:
        return row
    median, p90 = fit.quantile(0.5), fit.quantile(0.9)
    reason = "p90_not_reached" if p90[0] is None else None
    if median[0] is None:
        reason = "median_not_reached"
    row |= dict(zip((c.MEDIAN, c.MEDIAN_LOW, c.MEDIAN_HIGH), median, strict=True))
    row |= dict(zip((c.P90, c.P90_LOW, c.P90_HIGH), p90, strict=True))
    return row | {c.REASON: reason}


def _within_term(part: pl.DataFrame, event: str, until: datetime, k: int) -> _Row:
    """Estimate the share answered within the term, among messages whose term is known."""
    if event == RESOLVED:
        return {c.N_WITH_TERM: 0, c.SOURCE: FIX_TERM}
    begun = pl.col(c.REGISTERED_AT).fill_null(pl.col(c.PUBLISHED_AT))
    with_term = part.filter(pl.col(c.DUE_AT) > begun)
    if with_term.is_empty():
        known = part[c.SOURCE].unique()
        return {c.N_WITH_TERM: 0, c.SOURCE: known[0] if len(known) == 1 else NOT_KNOWN}
    row: _Row = {
        c.N_WITH_TERM: with_term.height,
        c.SOURCE: "; ".join(with_term[c.SOURCE].unique().sort()),
    }
    terms = with_term[c.TERM_DAYS].unique()
    row |= {c.TERM_DAYS: terms[0] if len(terms) == 1 else None}
    if with_term.height < k:
        return row
    happened = pl.col(_EVENTS[event])
    waited = with_term.select(
        (days(happened.fill_null(until) - begun) / days(pl.col(c.DUE_AT) - begun)).clip(0)
    ).to_series()
    within = survival.Survival(
        waited.to_numpy(), with_term[_EVENTS[event]].is_not_null().to_numpy()
    )
    names = (c.WITHIN_TERM, c.WITHIN_TERM_LOW, c.WITHIN_TERM_HIGH)
    return row | dict(zip(names, within.happened_by(1.0), strict=True))


def _curve(event: str, fit: survival.Survival | None) -> list[_Row]:
    """Thin the curve to steps of equal height, so that neither end is lost."""
    if fit is None:
        return []
    steps = np.linspace(fit.share[0], fit.share[-1], _POINTS)
    places = np.searchsorted(-fit.share, -steps)
    kept = np.unique(np.append(places, fit.share.size - 1))
    return [
        {
            c.EVENT: event,
            c.DAYS: float(fit.times[place]),
            c.STILL_OPEN: float(fit.share[place]),
            c.STILL_OPEN_LOW: float(fit.low[place]),
            c.STILL_OPEN_HIGH: float(fit.high[place]),
            c.AT_RISK: int(fit.at_risk[place]),
        }
        for place in kept
    ]


def _backlog(
    sound: pl.DataFrame, groups: list[str], events: list[str], until: datetime
) -> pl.DataFrame:
    age = days(pl.lit(until) - pl.col(c.PUBLISHED_AT))
    parts = [
        sound.filter(pl.col(_EVENTS[event]).is_null()).select(
            *groups,
            c.MESSAGE_ID,
            pl.lit(event).alias(c.EVENT),
            c.PUBLISHED_AT,
            age.alias(c.AGE_DAYS),
            (until > pl.col(c.DUE_AT) if event == ANSWER else pl.lit(None, pl.Boolean)).alias(
                c.OVERDUE
            ),
        )
        for event in events
    ]
    order = [*groups, *c.BACKLOG.schema.names()]
    table = c.BACKLOG.conform(pl.concat(parts))
    return table.select(order).sort(c.EVENT, c.PUBLISHED_AT, c.MESSAGE_ID)
