"""What a briefing may know: one district, nothing after the moment it is written for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.parameters import ZONE, moment, place
from cur_lab.trends.decisions.panel import days_of

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
        return f"{self.since.astimezone(ZONE):%d.%m.%Y}–{last:%d.%m.%Y}"


def scope(messages: pl.DataFrame, municipality: str, until: date | str, window: str) -> Scope:
    """Find the district by name or a clear part of it, and the window.

    Raises
    ------
    ParameterError
        If the district, the date or the window cannot be understood.
    """
    end = moment(until, where=WHERE)
    length = timedelta(days=days_of(window, where=WHERE))
    known = messages[c.MUNICIPALITY].drop_nulls().unique()
    return Scope(place(municipality, known, where=WHERE), end - length, end)


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
        )
    # Each is asked of the time as it was: the answer's text goes with the time of the answer.
    return known.with_columns(
        pl.when(pl.col(when) < until).then(pl.col(name)).alias(name)
        for when, names in _LATER
        if when in known.columns
        for name in names
        if name in known.columns
    )
