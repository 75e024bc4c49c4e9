"""The span of a campaign: when voting opened and closed, and votes counted by hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray
from cur_lab.readers.election import Election

# Campaigns open and close at midnight where the voters live.
ZONE = "Europe/Moscow"
HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def span(election: Election) -> tuple[datetime, datetime]:
    """Find when voting opened and closed.

    Returns
    -------
    tuple of datetime
        Midnights in UTC: the beginning of ``date_begin`` and the end of ``date_end`` of META. Where
        they are absent or only a year, the days of the first and the last vote.

    Raises
    ------
    NotEnoughDataError
        If no vote has a time.
    """
    votes = timed(election)[c.CAST_AT]
    first, last = votes.min(), votes.max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    opens = _midnight(election.meta.get("date_begin", "")) or midnight(first)
    closes = _midnight(election.meta.get("date_end", ""))
    closes = midnight(last) + _DAY if closes is None else closes + _DAY
    # META of real files may tell the dates of another round: then the votes are right.
    if not (opens <= first and last <= closes):
        opens, closes = min(opens, midnight(first)), max(closes, midnight(last) + _DAY)
    return opens, closes


def timed(election: Election) -> pl.DataFrame:
    """Votes that have a time, one row per voter and project.

    Raises
    ------
    NotEnoughDataError
        If there is none.
    """
    votes = election.votes
    c.VOTES.require(votes, (c.VOTER_ID, c.PROJECT_ID), where="votes")
    if c.CAST_AT in votes.columns:
        votes = votes.drop_nulls([c.CAST_AT, c.PROJECT_ID])
    if c.CAST_AT not in votes.columns or votes.is_empty():
        raise NotEnoughDataError(
            "no vote has a time",
            where="votes",
            remedy=f"Read the votes with their {c.CAST_AT}, such as the .votes.parquet file beside",
            code="no_vote_times",
        )
    c.VOTES.require(votes, (c.CAST_AT,), where="votes")
    return votes


def timed_within(election: Election) -> tuple[pl.DataFrame, datetime, int]:
    """Votes with a time, the opening of the campaign, and its length in hours."""
    votes = timed(election)
    opens, closes = span(election)
    return votes, opens, round((closes - opens) / HOUR)


def hourly(
    votes: pl.DataFrame,
    names: Sequence[str],
    opens: datetime,
    hours: int,
    *,
    by: str = c.PROJECT_ID,
    channels: Sequence[str] | None = None,
) -> FloatArray:
    """Count votes by project (or another column) and hour, and by channel where asked.

    Returns
    -------
    array
        Shape (names, hours) or (names, hours, channels); other votes are left out.
    """
    row, hour = places(votes[by], names), hours_since(votes[c.CAST_AT], opens)
    way = places(votes[c.CHANNEL], channels) if channels else pl.zeros(votes.height, eager=True)
    cells = pl.DataFrame({"row": row, "hour": hour, "way": way.cast(pl.Int64)}).filter(
        pl.col("row") >= 0, pl.col("way") >= 0, pl.col("hour").is_between(0, hours, closed="left")
    )
    shape = (len(names), hours, len(channels or "-"))
    counted = np.bincount(
        np.ravel_multi_index(tuple(cells.get_columns()), shape), minlength=int(np.prod(shape))
    )
    return counted.reshape(shape if channels else shape[:2]).astype(np.float64)


def places(values: pl.Series, names: Sequence[str]) -> pl.Series:
    """Return the place of each value among the names; -1 for other values and nulls."""
    place = {name: number for number, name in enumerate(names)}
    # An empty mapping has no type to take the result's from.
    return values.replace_strict(place, default=-1, return_dtype=pl.Int64).cast(pl.Int64)


def hours_since(times: pl.Series, opens: datetime) -> pl.Series:
    """Whole hours since the opening, below zero before it."""
    return (times - opens).dt.total_microseconds() // 3_600_000_000


def _midnight(date: str) -> datetime | None:
    try:
        day = datetime.strptime(date.strip(), "%d.%m.%Y")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return day.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def midnight(moment: datetime) -> datetime:
    """Beginning, in UTC, of the voters' day of a moment."""
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
