"""What a briefing may know: one district, nothing after the moment it is written for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.parameters import ZONE, days_of, moment, place
from cur_lab.wording import days

WHERE = "trends.briefing"
# What becomes known of a message later than the message itself.
_LATER = (
    (c.ANSWERED_AT, (c.ANSWERED_AT, c.ANSWER_TEXT)),
    (c.RESOLVED_AT, (c.RESOLVED_AT,)),
    (c.REOPENED_AT, (c.REOPENED_AT,)),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """District and window of a briefing.

    Attributes
    ----------
    municipality
        Name as it stands in the messages.
    since, until
        Window, until not included.
    """

    municipality: str
    since: datetime
    until: datetime

    @property
    def window(self) -> timedelta:
        """Length of the window."""
        return self.until - self.since

    @property
    def words(self) -> str:
        """The window as a reader sees it, last day included."""
        last = self.until.astimezone(ZONE) - timedelta(microseconds=1)
        return days(self.since, last)


def scope(
    messages: pl.DataFrame,
    municipality: str | None,
    until: date | str | None,
    window: str,
    episodes: pl.DataFrame | None = None,
) -> Scope:
    """Find the district by name or a clear part of it, and the window.

    Where one is not named it is that of the latest alarm; without alarms the district with most
    messages, the last day.

    Raises
    ------
    ParameterError
        If the district, the date or the window cannot be understood.
    """
    length = timedelta(days=days_of(window, where=WHERE, most=366))
    known = messages[c.MUNICIPALITY].drop_nulls()
    if municipality is not None:
        municipality = place(municipality, known.unique(), where=WHERE)
    episodes = c.ALARM_EPISODES.empty() if episodes is None else episodes
    raised = episodes.drop_nulls(c.MUNICIPALITY).sort(c.ENDED_AT, c.EPISODE)
    if municipality is not None:
        raised = raised.filter(pl.col(c.MUNICIPALITY) == municipality)
    if until is None:
        days = raised[c.ENDED_AT] if raised.height else messages[c.PUBLISHED_AT].drop_nulls().sort()
        if days.is_empty() or known.is_empty():
            raise NotEnoughDataError(
                "no message has a date" if days.is_empty() else "no message has a municipality",
                where=WHERE,
                code="no_dates" if days.is_empty() else "no_municipalities",
            )
        until = days[-1].astimezone(ZONE).date()
    end = moment(until, where=WHERE)
    if municipality is None:
        before = raised.filter(pl.col(c.ENDED_AT) < end)[c.MUNICIPALITY]
        municipality = before[-1] if len(before) else known.mode().sort()[0]
    return Scope(municipality, end - length, end)


def as_of(messages: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Leave out what was written, answered, fixed or reopened later.

    Raises
    ------
    NotEnoughDataError
        If no message has a date before ``until``.
    """
    known = messages.filter(pl.col(c.PUBLISHED_AT) < until)
    if known.is_empty():
        first = messages[c.PUBLISHED_AT].dt.strftime("%Y-%m-%d").min()
        raise NotEnoughDataError(
            "no message has a date"
            if first is None
            else f"no message was written before {until:%Y-%m-%d}; the first is of {first!s}",
            where=WHERE,
            remedy="Give messages with dates and a date after the first of them",
            code="no_dates",
        )
    # Each is asked of the time as it was: the answer's text goes with the time of the answer.
    return known.with_columns(
        pl.when(pl.col(when) < until).then(pl.col(name)).alias(name)
        for when, names in _LATER
        if when in known.columns
        for name in names
        if name in known.columns
    )
