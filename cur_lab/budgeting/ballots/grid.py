"""Votes as counts by project, hour and channel, beside those of the rest of the district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import homes
from cur_lab.budgeting.ballots.hours import ZONE, hourly, hours_since, midnight, places
from cur_lab.errors import SchemaError
from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.readers.election import Election

# Test, reason, number of votes or projects it concerns: rows of the table ``checks``.
Checks = list[tuple[str, str, int | None]]

# Lengths of the windows that are looked at, and the hours between two that follow each other.
WINDOWS = {1: 1, 3: 1, 6: 2, 12: 4, 24: 8}
NIGHT = range(6)
# A vote of a season at most: one mistyped year would fill the memory with empty hours.
_LONGEST = 24 * 120
ALL_CHANNELS, UNNAMED = "all", "unnamed"


@dataclass(frozen=True)
class Ballots:
    """Votes that can be examined, in a fixed order, and what had to be left out.

    Attributes
    ----------
    votes
        One row per vote, its channel named: ``project`` and ``way`` (its channel) as numbers,
        ``hour`` since the first midnight (null without a time), ``number_gap`` where the source
        has it.
    projects
        Identifiers, sorted.
    titles
        Titles of the projects; identifiers where none is told.
    district
        Shape (projects,): number of the municipality of each project.
    districts, channels
        Names.
    opens
        Midnight before the first vote; None where no vote has a time.
    hours
        Length of the vote; 0 where no vote has a time.
    left_out
        What was left out of the votes or is odd about them, and why.
    """

    votes: pl.DataFrame
    projects: list[str]
    titles: list[str]
    district: IntArray
    districts: list[str]
    channels: list[str]
    opens: datetime | None
    hours: int
    left_out: Checks

    @cached_property
    def panel(self) -> Panel:
        """Counts of the votes that have a time."""
        timed = self.votes.drop_nulls(c.CAST_AT)
        assert self.opens is not None
        own = hourly(timed, self.projects, self.opens, self.hours, channels=self.channels)
        return Panel.of(own, self.district)

    def clock(self) -> tuple[IntArray, IntArray]:
        """Hour of the day and weekday (0 Monday) of each hour of the vote, by local time."""
        assert self.opens is not None
        hours = np.arange(self.hours)
        return hours % 24, (self.opens.astimezone(ZoneInfo(ZONE)).weekday() + hours // 24) % 7

    def moment(self, hour: int) -> datetime:
        """Beginning of an hour of the vote."""
        assert self.opens is not None
        return self.opens + timedelta(hours=int(hour))


@dataclass(frozen=True)
class Panel:
    """Counts of each project beside those of its district without it, and of the whole region.

    Attributes
    ----------
    own, rest
        Shape (projects, hours, categories).
    region
        Shape (hours, categories).
    """

    own: FloatArray
    rest: FloatArray
    region: FloatArray

    @classmethod
    def of(cls, own: FloatArray, district: IntArray) -> Panel:
        """Compare every project with the others of its district."""
        totals = np.zeros((int(district.max(initial=-1)) + 1, *own.shape[1:]))
        np.add.at(totals, district, own)
        return cls(own, totals[district] - own, own.sum(axis=0))

    @property
    def total(self) -> Panel:
        """The same without categories, as one."""
        return Panel(
            self.own.sum(axis=2, keepdims=True),
            self.rest.sum(axis=2, keepdims=True),
            self.region.sum(axis=1, keepdims=True),
        )

    def merged(self, groups: list[BoolArray]) -> Panel:
        """Sum the categories of each group; a group is a mask over (hours, categories)."""

        def merge(counts: FloatArray) -> FloatArray:
            return np.stack([(counts * group).sum(axis=-1) for group in groups], axis=-1)

        return Panel(merge(self.own), merge(self.rest), merge(self.region))

    def rows(self, index: IntArray, *, added: FloatArray) -> Panel:
        """Return some projects with votes added to them; their districts stay as they were."""
        return Panel(self.own[index] + added, self.rest[index], self.region)


def ballots(election: Election) -> Ballots:
    """Give numbers to projects, districts, channels and hours.

    Raises
    ------
    SchemaError
        If a column is missing, or two projects share an identifier.
    """
    known, votes = election.projects, election.votes
    c.PROJECTS.require(known, (c.PROJECT_ID,), where="projects")
    c.VOTES.require(votes, (c.VOTER_ID, c.PROJECT_ID), where="votes")
    for name in (c.CAST_AT, c.CHANNEL, c.NUMBER_GAP):
        if name in votes.columns:
            c.VOTES.require(votes, (name,), where="votes")
    twice = known.filter(pl.col(c.PROJECT_ID).is_duplicated())[c.PROJECT_ID].unique().sort()
    if len(twice):
        raise SchemaError(
            f"projects told twice: {', '.join(twice.head(3))}",
            where="projects",
            remedy="Votes for the two cannot be told apart: rename or remove one",
        )
    known = known.drop_nulls(c.PROJECT_ID).sort(c.PROJECT_ID)
    ids = known[c.PROJECT_ID].to_list()
    votes, left_out = _countable(votes, ids)
    if election.vote_type == "choose-1" and (more := votes.height - votes[c.VOTER_ID].n_unique()):
        left_out.append(("votes", "choices_beyond_one", more))
    at_home = [home or "" for home in homes(known)[c.MUNICIPALITY]]
    districts = sorted(set(at_home))
    channel = _column(votes, c.CHANNEL, pl.String)
    channel = channel.fill_null(ALL_CHANNELS if channel.null_count() == len(channel) else UNNAMED)
    channels = sorted(set(channel.to_list())) or [ALL_CHANNELS]
    cast = _column(votes, c.CAST_AT, pl.Datetime("us", "UTC"))
    first = cast.min()
    opens = midnight(first) if isinstance(first, datetime) else None
    hour = pl.Series([None] * len(cast), dtype=pl.Int64)
    if opens is not None:
        hour = hours_since(cast, opens)
    if isinstance(last := hour.max(), int) and last >= _LONGEST:
        raise SchemaError(
            f"votes are spread over {last // 24 + 1} days, the first on {opens:%d.%m.%Y}",
            where=f"votes, column {c.CAST_AT}",
            remedy="Correct or leave out votes with a wrong date",
        )
    numbered = votes.select(c.VOTER_ID, c.PROJECT_ID).with_columns(
        channel.alias(c.CHANNEL),
        cast.alias(c.CAST_AT),
        places(votes[c.PROJECT_ID], ids).alias("project"),
        places(channel, channels).alias("way"),
        hour.alias("hour"),
        _column(votes, c.NUMBER_GAP, pl.Int64).alias(c.NUMBER_GAP),
    )
    titles = _column(known, c.TITLE, pl.String)
    return Ballots(
        votes=numbered.sort(c.CAST_AT, c.VOTER_ID, c.PROJECT_ID),
        projects=ids,
        titles=[title or project for title, project in zip(titles, ids, strict=True)],
        district=places(pl.Series(at_home, dtype=pl.String), districts).to_numpy(),
        districts=districts,
        channels=channels,
        opens=opens,
        hours=24 * (last // 24 + 1) if isinstance(last, int) else 0,
        left_out=left_out,
    )


def _countable(votes: pl.DataFrame, ids: list[str]) -> tuple[pl.DataFrame, Checks]:
    """Keep one vote per voter and known project; say what was left out."""
    left_out: Checks = []
    of_known = votes.filter(pl.col(c.PROJECT_ID).is_in(ids))
    if strange := votes.height - of_known.height:
        left_out.append(("votes", "unknown_projects", strange))
    key = [c.VOTER_ID, c.PROJECT_ID]
    order = [*key, *(name for name in (c.CAST_AT, c.CHANNEL) if name in votes.columns)]
    once = of_known.sort(order, nulls_last=True).unique(key, keep="first", maintain_order=True)
    if again := of_known.height - once.height:
        left_out.append(("votes", "repeated_votes", again))
    return once, left_out


def _column(frame: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    if name in frame.columns:
        return frame[name].cast(dtype)
    return pl.Series(name, [None] * frame.height, dtype=dtype)
