"""Votes as arrays: by project, hour and channel, beside those of the rest of the district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.hours import ZONE
from cur_lab.errors import SchemaError
from cur_lab.readers.election import Election

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Lengths of the windows that are looked at, and the hours between two that follow each other.
WINDOWS = {1: 1, 3: 1, 6: 2, 12: 4, 24: 8}
NIGHT = range(6)
# A vote of a season at most: one mistyped year would fill the memory with empty hours.
_LONGEST = 24 * 120
ALL_CHANNELS = "все каналы"
UNNAMED = "канал не указан"


@dataclass(frozen=True)
class Ballots:
    """Votes that can be examined, in a fixed order, and what had to be left out.

    Attributes
    ----------
    votes
        One row per vote: ``project`` and ``channel`` as numbers, ``hour`` since the first midnight
        (null without a time), ``cast_at``, ``number_gap`` where the source has it.
    projects
        Identifiers, sorted.
    district
        Shape (projects,): number of the municipality of each project.
    districts, channels
        Names.
    opens
        First midnight, local; None where no vote has a time.
    hours
        Length of the vote; 0 where no vote has a time.
    left_out
        What was left out of the votes or is odd about them, and why.
    """

    votes: pl.DataFrame
    projects: list[str]
    district: IntArray
    districts: list[str]
    channels: list[str]
    opens: datetime | None
    hours: int
    left_out: list[tuple[str, str]]

    @cached_property
    def panel(self) -> Panel:
        """Counts of the votes that have a time."""
        timed = self.votes.drop_nulls("hour")
        shape = (len(self.projects), self.hours, len(self.channels))
        cells = np.ravel_multi_index(
            (
                timed["project"].to_numpy(),
                timed["hour"].to_numpy(),
                timed["channel"].to_numpy(),
            ),
            shape,
        )
        own = np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape).astype(float)
        return Panel.of(own, self.district)

    def clock(self) -> tuple[IntArray, IntArray]:
        """Hour of the day and weekday (0 Monday) of each hour of the vote."""
        assert self.opens is not None
        hours = np.arange(self.hours)
        return hours % 24, (self.opens.weekday() + hours // 24) % 7

    def moment(self, hour: int) -> datetime:
        """Local time of an hour of the vote."""
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
            f"projects told twice: {_some(twice)}",
            where="projects",
            remedy="Votes for the two cannot be told apart: rename or remove one",
        )
    ids = known[c.PROJECT_ID].drop_nulls().sort().to_list()
    votes, left_out = _countable(votes, ids)
    if election.vote_type == "choose-1" and (more := votes.height - votes[c.VOTER_ID].n_unique()):
        text = f"голоса сверх одного на человека: {more}; засчитаны, хотя выбор один"
        left_out.append(("votes", text))
    homes = _homes(known, ids)
    districts = sorted(set(homes))
    channel = _column(votes, c.CHANNEL, pl.String)
    unnamed = ALL_CHANNELS if channel.null_count() == len(channel) else UNNAMED
    channel = channel.fill_null(unnamed)
    channels = sorted(set(channel.to_list())) or [ALL_CHANNELS]
    cast = _column(votes, c.CAST_AT, pl.Datetime("us", "UTC"))
    local = cast.dt.convert_time_zone(ZONE).dt.replace_time_zone(None)
    first = local.min()
    opens = datetime.combine(first, datetime.min.time()) if isinstance(first, datetime) else None
    since = pl.select(local - pl.lit(opens, dtype=pl.Datetime("us"))).to_series()
    hour = since.dt.total_hours()
    if isinstance(last := hour.max(), int) and last >= _LONGEST:
        raise SchemaError(
            f"votes are spread over {last // 24 + 1} days, the first on {opens:%d.%m.%Y}",
            where=f"votes, column {c.CAST_AT}",
            remedy="Correct or leave out votes with a wrong date",
        )
    numbered = pl.DataFrame(
        {
            c.VOTER_ID: votes[c.VOTER_ID],
            "project": _places(votes[c.PROJECT_ID], ids),
            "channel": _places(channel, channels),
            "hour": hour,
            "local": local,
            c.NUMBER_GAP: _column(votes, c.NUMBER_GAP, pl.Int64),
        }
    )
    return Ballots(
        votes=numbered.sort("local", c.VOTER_ID, "project"),
        projects=ids,
        district=np.array([districts.index(home) for home in homes], dtype=np.int64),
        districts=districts,
        channels=channels,
        opens=opens,
        hours=24 * (last // 24 + 1) if isinstance(last, int) else 0,
        left_out=left_out,
    )


def _countable(votes: pl.DataFrame, ids: list[str]) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Keep one vote per voter and known project; say what was left out."""
    left_out = []
    strange = votes.filter(~pl.col(c.PROJECT_ID).is_in(ids).fill_null(False))
    if strange.height:
        names = _some(strange[c.PROJECT_ID].fill_null("без проекта").unique().sort())
        left_out.append(("votes", f"голоса за неизвестные проекты: {strange.height} ({names})"))
        votes = votes.filter(pl.col(c.PROJECT_ID).is_in(ids).fill_null(False))
    key = [c.VOTER_ID, c.PROJECT_ID]
    order = [*key, *(name for name in (c.CAST_AT, c.CHANNEL) if name in votes.columns)]
    once = votes.sort(order, nulls_last=True).unique(key, keep="first", maintain_order=True)
    if again := votes.height - once.height:
        repeated = votes.filter(pl.struct(key).is_duplicated())[c.PROJECT_ID].unique().sort()
        text = f"повторные голоса того же человека: {again} (проекты {_some(repeated)})"
        left_out.append(("votes", text))
    return once, left_out


def _homes(projects: pl.DataFrame, ids: list[str]) -> list[str]:
    if c.MUNICIPALITY not in projects.columns:
        return [""] * len(ids)
    pairs = projects.select(c.PROJECT_ID, pl.col(c.MUNICIPALITY).cast(pl.String).fill_null(""))
    home = dict(pairs.drop_nulls(c.PROJECT_ID).rows())
    return [home[project] for project in ids]


def _column(frame: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    if name in frame.columns:
        return frame[name].cast(dtype)
    return pl.Series(name, [None] * frame.height, dtype=dtype)


def _places(values: pl.Series, names: list[str]) -> pl.Series:
    place = {name: number for number, name in enumerate(names)}
    # An empty mapping has no type to take the result's from.
    return values.replace_strict(place, default=None, return_dtype=pl.Int64).cast(pl.Int64)


def _some(values: pl.Series) -> str:
    shown = ", ".join(values.head(3).to_list())
    return f"{shown} и ещё {len(values) - 3}" if len(values) > 3 else shown
