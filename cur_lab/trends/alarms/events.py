"""Messages as events of many series, in local hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import holidays
import numpy as np
import polars as pl

from cur_lab import clock
from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import BoolArray, IntArray, rhythm

DAY = 24
WEEK = 7 * DAY
AT, HOUR, ROW, ROW_GROUP, ROW_PLACE = "_at", "_hour", "_row", "_group", "_place"
# What is seen later than this after it was written was loaded, not watched.
_WATCHED = timedelta(days=7)
# A stretch without any message is a gap of the source when so many were due (chance 0.03 %).
_DUE = 8.0
_SHORTEST_GAP = 3
_RECENT = 28


@dataclass(frozen=True, eq=False)
class Panel:
    """Events of all series, a series being a group (rubric …) in a place (district).

    Attributes
    ----------
    first
        Local day of hour 0.
    hour, group, place
        One entry per event, in order of time; hours are local, counted from ``first``.
    groups, places
        Numbers of groups and places.
    silent
        One entry per hour: true where the whole source is silent though messages were due.
    """

    first: date
    hour: IntArray
    group: IntArray
    place: IntArray
    groups: int
    places: int
    silent: BoolArray

    @property
    def days(self) -> int:
        """Days from the first to the last event, both included."""
        return int(self.silent.size // DAY)

    @property
    def weekday(self) -> int:
        """Weekday of the first day, Monday 0."""
        return self.first.weekday()

    @classmethod
    def of_events(
        cls,
        first: date,
        hour: IntArray,
        group: IntArray,
        place: IntArray,
        *,
        groups: int,
        places: int,
    ) -> Panel:
        """Make a panel of events in order of time."""
        days = int(hour[-1]) // DAY + 1
        return cls(first, hour, group, place, groups, places, silent_hours(hour, days * DAY))


def dated(messages: pl.DataFrame, by: Sequence[str], zone: str) -> pl.DataFrame:
    """Dated messages in order of time, each with local hour and day since the first day.

    Their time is when they were seen, where that is known: before, nothing could be raised.

    Raises
    ------
    NotEnoughDataError
        If no message has a date, or all are of one day.
    """
    frame = messages.filter(pl.col(c.PUBLISHED_AT).is_not_null()).with_columns(
        _known_at(messages).alias(AT)
    )
    if frame.is_empty():
        raise NotEnoughDataError(
            "no message has a date",
            where="trends.alarms",
            remedy="Give messages with published_at",
            code="no_dates",
        )
    wall = frame.select(clock.local(AT, zone).dt.replace_time_zone(None).alias(HOUR))[HOUR]
    first = wall.dt.date().min()
    since = (wall - pl.Series([first]).cast(pl.Datetime("us"))[0]).dt.total_hours()
    frame = frame.with_columns(since.cast(pl.Int64).alias(HOUR)).sort(AT, c.MESSAGE_ID)
    if frame[HOUR].max() - frame[HOUR].min() < DAY:  # type: ignore[operator]
        raise NotEnoughDataError(
            "all messages are of one day: nothing to compare with",
            where="trends.alarms",
            remedy="Give some weeks of messages",
            code="one_day",
        )
    keys = [name for name in by if name != c.MUNICIPALITY]
    group = pl.struct(keys).rank("dense") if keys else pl.lit(1)
    place = (
        pl.col(c.MUNICIPALITY).fill_null("").rank("dense") if c.MUNICIPALITY in by else pl.lit(1)
    )
    return frame.with_columns(
        pl.int_range(pl.len()).alias(ROW),
        (group.cast(pl.Int64) - 1).alias(ROW_GROUP),
        (place.cast(pl.Int64) - 1).alias(ROW_PLACE),
    )


def _known_at(messages: pl.DataFrame) -> pl.Expr:
    published = pl.col(c.PUBLISHED_AT)
    if c.SEEN_AT not in messages.columns:
        return published
    seen = pl.col(c.SEEN_AT)
    return (
        pl.when((seen - published).is_between(timedelta(0), _WATCHED))
        .then(seen)
        .otherwise(published)
    )


def first_day(messages: pl.DataFrame, zone: str) -> date:
    """Local day of the first dated message."""
    found = messages.select(clock.local(AT, zone).dt.date().min()).item()
    assert isinstance(found, date)
    return found


def one_per_author(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the first message an author writes to a series in a day: forty by one are not forty."""
    if c.AUTHOR_ID not in frame.columns:
        return frame
    known = pl.col(c.AUTHOR_ID).is_not_null()
    return frame.filter(
        ~known
        | pl.struct(ROW_GROUP, ROW_PLACE, c.AUTHOR_ID, pl.col(HOUR) // DAY).is_first_distinct()
    )


def silent_hours(hour: IntArray, hours: int) -> BoolArray:
    """Mark the gaps of the source: nothing for hours in which eight messages were due.

    What was due is counted over the four weeks before the gap, hour of the day by hour of the day,
    so that a quiet night is no gap and nothing after its end is needed to see one.
    """
    silent = np.zeros(hours, dtype=bool)
    totals = np.bincount(hour, minlength=hours)
    busy: list[int] = np.flatnonzero(totals).tolist()
    for last, following in pairwise(busy):
        if following - last <= _SHORTEST_GAP:
            continue
        begin = max(0, last + 1 - _RECENT * DAY)
        heard = np.flatnonzero(~silent[begin : last + 1]) + begin
        due_by_hour = np.bincount(heard % DAY, weights=totals[heard], minlength=DAY) / np.maximum(
            np.bincount(heard % DAY, minlength=DAY), 1
        )
        due = due_by_hour[np.arange(last + 1, following) % DAY].sum()
        if due >= _DUE:
            silent[last + 1 : following] = True
    return silent


HOLIDAY = 7


def weekdays(first: date, days: int) -> IntArray:
    """Tell which weekday each day is like: Monday 0, Sunday 6, a public holiday of Russia 7."""
    calendar = holidays.country_holidays("RU")
    kinds = rhythm.weekdays(first.toordinal() + np.arange(days))
    free = [first + timedelta(days=number) in calendar for number in range(days)]
    return np.where(free, HOLIDAY, kinds)
