"""The span of a campaign: when voting opened and closed, and votes counted by hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.readers.election import Election

FloatArray = npt.NDArray[np.float64]

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
    opens = _midnight(election.meta.get("date_begin", "")) or _floor(first)
    closes = _midnight(election.meta.get("date_end", ""))
    closes = _floor(last) + _DAY if closes is None else closes + _DAY
    # META of real files may tell the dates of another round: then the votes are right.
    if not (opens <= first and last <= closes):
        opens, closes = min(opens, _floor(first)), max(closes, _floor(last) + _DAY)
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
        )
    c.VOTES.require(votes, (c.CAST_AT,), where="votes")
    return votes


def timed_within(election: Election) -> tuple[pl.DataFrame, datetime, int]:
    """Votes with a time, the opening of the campaign, and its length in hours."""
    votes = timed(election)
    opens, closes = span(election)
    return votes, opens, round((closes - opens) / HOUR)


def hourly(votes: pl.DataFrame, projects: list[str], opens: datetime, hours: int) -> FloatArray:
    """Count votes by project and hour.

    Returns
    -------
    array
        Shape (projects, hours); votes outside the hours or for other projects are left out.
    """
    place = {project: number for number, project in enumerate(projects)}
    row = votes[c.PROJECT_ID].replace_strict(place, default=-1, return_dtype=pl.Int64).to_numpy()
    since = (votes[c.CAST_AT] - opens).dt.total_microseconds().to_numpy()
    column = np.floor_divide(since, 3_600_000_000)
    inside = (row >= 0) & (column >= 0) & (column < hours)
    counts = np.bincount(row[inside] * hours + column[inside], minlength=len(projects) * hours)
    return counts.reshape(len(projects), hours).astype(np.float64)


def _midnight(date: str) -> datetime | None:
    try:
        day = datetime.strptime(date.strip(), "%d.%m.%Y")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return day.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def _floor(moment: datetime) -> datetime:
    local = moment.astimezone(ZoneInfo(ZONE))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
