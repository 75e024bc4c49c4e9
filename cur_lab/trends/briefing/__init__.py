"""What a team reads before a live broadcast: one district, two pages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.columns import Absent, needs
from cur_lab.dispatch import by_type
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.statements.questions import questions
from cur_lab.trends.alarms import Alarms
from cur_lab.trends.alarms import alarms as find_alarms
from cur_lab.trends.answers import Resolution, resolution
from cur_lab.trends.briefing import backlog, problems
from cur_lab.trends.briefing.outcomes import outcomes
from cur_lab.trends.briefing.scope import WHERE, Scope, as_of, scope
from cur_lab.trends.promises import promises
from cur_lab.trends.promises.keeping import UNDONE

__all__ = ["Briefing", "briefing", "unusual"]

_QUOTES = 3
_OLDEST = 3


@dataclass(frozen=True, eq=False)
class Briefing:
    """What one district wrote in one window.

    Attributes
    ----------
    facts
        Table ``briefing facts``: how much was written by how many.
    problems
        Table ``briefing problems``: subjects of the window against the norm, redacted quotes apart.
    questions
        Table ``briefing questions``: what most people ask.
    alarms
        Table ``alarm episodes``: episodes of the district that touch the window.
    backlog
        Table ``briefing backlog``: messages without an answer, by agency.
    oldest
        Table ``briefing oldest``: cases that wait longest.
    quotes
        Table ``briefing quotes``: a message for each of the main problems.
    outcomes
        Table ``briefing outcomes``: what changed after earlier decisions.
    promises
        Table ``promises``: what was promised to the district, or the region, and is not done.
    answers
        How long answers of each agency to the district take and what they say.
    alarms_borne
        False alarms a year that were borne in the whole region; None where there was too little of
        a past to raise alarms at all.
    municipality, period
        District and window as a reader sees them.
    until
        End of the window.
    fdr
        Share of false findings the verdicts on problems hold to.
    """

    facts: pl.DataFrame
    problems: pl.DataFrame
    questions: pl.DataFrame
    alarms: pl.DataFrame
    backlog: pl.DataFrame
    oldest: pl.DataFrame
    quotes: pl.DataFrame
    outcomes: pl.DataFrame
    promises: pl.DataFrame | Absent
    answers: Resolution | Absent
    alarms_borne: float | None
    municipality: str
    period: str
    until: datetime
    fdr: float

    def to_html(self, *, source: str = "") -> str:
        """Return a self-contained page that prints on two sheets of A4; texts stay text.

        Parameters
        ----------
        source
            Where the messages come from, as the page names it; a page without one says so.
        """
        return page(self, source=source)


@by_type("cur_lab.report")
def page(briefing: Briefing, *, source: str = "") -> str:
    """Lay a briefing out as HTML."""
    raise NotImplementedError  # who does it registers here


@needs(c.PUBLISHED_AT, c.MUNICIPALITY, c.RUBRIC, c.TEXT)
def briefing(
    messages: pl.DataFrame,
    *,
    municipality: str | None = None,
    until: date | str | None = None,
    window: str = "30d",
    fdr: float = 0.05,
    alarms: Alarms | None = None,
    notices: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
    agencies: pl.DataFrame | None = None,
    commitments: pl.DataFrame | None = None,
) -> Briefing:
    """Put together what a team needs before a live broadcast about a district.

    Nothing that became known after ``until`` is used: later messages, answers and reopenings are
    left out, so a briefing for a day long past is the one that could have been written then; only
    which texts are copies of each other is found over all messages given.

    Parameters
    ----------
    messages
        Of all districts: the norm needs the others. Needs ``message_id``, ``published_at``,
        ``author_id``, ``municipality``, ``text`` and ``rubric``; what is waiting needs ``agency``
        and ``answered_at``.
    municipality
        Name of the district, or a part that only one name has; by default that of the latest
        alarm, or the one with most messages where there is none.
    until
        Last day of the window (Moscow time), or a moment; by default that on which the district's
        latest alarm ended, or the last one. Its alarms are then those of all messages given.
    window
        Length, such as ``"30d"`` or ``"4w"``.
    fdr
        Share of false findings among the problems called above or below the norm.
    alarms
        Found before, with the same ``until``, for several districts at once; found here if None.
    notices
        Table ``notices``: official announcements beside the alarms.
    decisions
        Table ``decisions``: what changed after those that concern the district.
    agencies
        Table ``agencies``: the rules a body answers by, where a message names none.
    commitments
        Table ``commitments``: what was promised, here or to the whole region.

    Returns
    -------
    Briefing

    Raises
    ------
    NotEnoughDataError
        If no message has a date before ``until``, there are no rubrics, or the district is silent
        in the window.
    ParameterError
        If the district, the date or the window cannot be understood.
    SchemaError
        If a column is missing.
    """
    needed = [c.MESSAGE_ID, c.PUBLISHED_AT, c.AUTHOR_ID, c.MUNICIPALITY, c.TEXT]
    c.MESSAGES.require(messages, [*needed, c.RUBRIC], where=WHERE)
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr} is not in (0, 1)", where=WHERE, remedy="Try 0.05")
    if alarms is None and until is None:
        alarms = _found(messages, notices)
    where = scope(
        messages, municipality, until, window, None if alarms is None else alarms.episodes
    )
    known = as_of(prepare.with_families(messages), where.until)
    local = problems.in_window(known, where)
    if local[c.RUBRIC].drop_nulls().is_empty():
        raise NotEnoughDataError(
            f"{where.municipality} has no message with a rubric in {where.words}"
            if local.height
            else f"nobody wrote about {where.municipality} in {where.words}",
            where=WHERE,
            remedy="Take a longer window or an earlier date"
            if local.is_empty()
            else "Assign rubrics first, with cur_lab.routing",
            code="no_rubrics_in_window",
        )
    if alarms is None:
        alarms = _found(known, notices)
    sent = backlog.due(known, where, agencies)
    return Briefing(
        facts=_facts(local, backlog.open_cases(sent)),
        problems=problems.problems(known, where, fdr=fdr),
        questions=_asked(questions(local, public=problems.PUBLIC, words=problems.WORDS_QUOTED)),
        alarms=c.ALARM_EPISODES.empty() if alarms is None else _touching(alarms.episodes, where),
        alarms_borne=None if alarms is None else alarms.budget,
        backlog=backlog.backlog(sent, where),
        oldest=backlog.oldest(sent, where, top=_OLDEST),
        quotes=problems.quotes(known, where, top=_QUOTES),
        outcomes=outcomes(known, decisions, where),
        promises=_promised(commitments, where),
        answers=_answers(sent, where),
        municipality=where.municipality,
        period=where.words,
        until=where.until,
        fdr=fdr,
    )


@needs(c.PUBLISHED_AT, c.MUNICIPALITY, c.RUBRIC)
def unusual(
    messages: pl.DataFrame, briefing: Briefing, *, windows: Sequence[str] = ("14d", "30d", "60d")
) -> pl.DataFrame:
    """Tell what is outside the norm of a district in windows of other lengths, of the same end.

    Parameters
    ----------
    messages
        Those of the briefing.
    briefing
        Whose district, end and ``fdr`` are taken.
    windows
        Lengths, such as ``"14d"``.

    Returns
    -------
    DataFrame
        ``columns.BRIEFING_UNUSUAL``: problems that are not within the norm, shortest window first.

    Raises
    ------
    NotEnoughDataError
        If no message has a date before the end.
    ParameterError
        If there is no such district, or a window cannot be understood.
    SchemaError
        If a column is missing.
    """
    needed = [c.MESSAGE_ID, c.PUBLISHED_AT, c.AUTHOR_ID, c.MUNICIPALITY, c.TEXT, c.RUBRIC]
    c.MESSAGES.require(messages, needed, where=WHERE)
    known = as_of(prepare.with_families(messages), briefing.until)
    found = [c.BRIEFING_UNUSUAL.empty()]
    for window in windows:
        where = scope(known, briefing.municipality, briefing.until, window)
        length = pl.lit(where.window.days, pl.Int64).alias(c.WINDOW_DAYS)
        of_window = problems.problems(known, where, fdr=briefing.fdr).with_columns(length)
        found.append(c.BRIEFING_UNUSUAL.conform(of_window))
    outside = pl.concat(found).filter(~pl.col(c.VERDICT).is_in(["within_norm", "short_history"]))
    return outside.sort(c.WINDOW_DAYS, pl.col(c.MESSAGES_COUNT) * -1, c.SUBJECT)


def _found(messages: pl.DataFrame, notices: pl.DataFrame | None) -> Alarms | None:
    # A source too short for alarms still has problems and questions.
    with suppress(NotEnoughDataError):
        return find_alarms(messages, notices=notices)
    return None


def _promised(commitments: pl.DataFrame | None, where: Scope) -> pl.DataFrame | Absent:
    """List what was promised to the district or the region and is not done by the end."""
    if commitments is None:
        return Absent.lacking("обещаний")
    place = pl.col(c.MUNICIPALITY)
    ours = commitments.filter(
        pl.col(c.MADE_AT) < where.until, place.is_null() | (place == where.municipality)
    )
    if ours.is_empty():
        return c.PROMISES.empty()
    return promises(ours, until=where.until).ledger.filter(pl.col(c.FATE).is_in(UNDONE))


def _answers(sent: pl.DataFrame, where: Scope) -> Resolution | Absent:
    try:
        return resolution(sent, by=(c.AGENCY,), until=where.until)
    except NotEnoughDataError:
        return Absent.lacking(*c.missing([c.AGENCY, c.ANSWERED_AT]))


def _touching(episodes: pl.DataFrame, where: Scope) -> pl.DataFrame:
    """Episodes of the district that reach into the window, latest first."""
    here = (pl.col(c.MUNICIPALITY) == where.municipality) | pl.col(
        c.MUNICIPALITIES_HIT
    ).list.contains(where.municipality)
    return episodes.filter(
        here.fill_null(False),
        pl.col(c.DETECTED_AT) < where.until,
        pl.col(c.ENDED_AT) >= where.since,
    ).sort(c.DETECTED_AT, c.EPISODE, descending=[True, False])


def _asked(found: pl.DataFrame) -> pl.DataFrame:
    """Hide the number of those who ask where they are few."""
    enough = pl.col(c.AUTHORS) >= problems.LEAST_AUTHORS
    hidden = (c.AUTHORS, c.SHARE, c.SHARE_LOW, c.SHARE_HIGH)
    return found.with_columns(pl.when(enough).then(pl.col(name)) for name in hidden)


def _facts(local: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    unlabelled = local[c.RUBRIC].null_count()
    rows: list[tuple[str, int, float | None]] = [
        ("messages", local.height, None),
        ("authors", local[c.AUTHOR_ID].n_unique(), None),
        ("unlabelled", unlabelled, unlabelled / local.height),
    ]
    if not waiting.is_empty():
        states = dict(waiting[c.STATE].value_counts().rows())
        rows.append(("waiting", states.get(backlog.UNANSWERED, 0), None))
        rows.append(("reopened", states.get(backlog.REOPENED, 0), None))
    return pl.DataFrame(rows, schema=c.BRIEFING_FACTS.schema, orient="row")
