"""The messages as arrays, and drawing of like messages: same channel, same hour of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import NotEnoughDataError
from cur_lab.families.folding import fold
from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.rhythm import WEEK, shape, weekdays

_HOUR = 3600.0
_EPOCH = date(1970, 1, 1).toordinal()
_WORD = r"\p{L}+"
# A stratum of fewer other messages is no picture of its hour; the whole channel stands in.
_STRATUM = 10


@dataclass(frozen=True, eq=False)
class Family:
    """Texts that are the same: name, template, and the places of its messages in the stream."""

    name: str
    template: str
    members: IntArray

    @property
    def key(self) -> tuple[str, bytes]:
        """What tells it from any other family of the stream."""
        return self.name, self.members.tobytes()


@dataclass(frozen=True, eq=False)
class Stream:
    """Messages in the order of their ids; codes are -1 and numbers NaN where nothing is known.

    Attributes
    ----------
    frame
        ``message_id``, ``text``, ``family``, ``template`` and what else was given.
    times
        Seconds since 1970.
    accounts, channels, threads, places
        Codes; a message of no thread stands in the thread of its channel.
    ages
        Days between registration and message.
    """

    frame: pl.DataFrame
    times: FloatArray
    accounts: IntArray
    channels: IntArray
    threads: IntArray
    places: IntArray
    ages: FloatArray

    @property
    def size(self) -> int:
        """Number of messages."""
        return self.frame.height

    @cached_property
    def folded(self) -> pl.Series:
        """Texts in one spelling."""
        return fold(self.frame[c.TEXT])

    @cached_property
    def words(self) -> pl.Series:
        """Words of the folded texts."""
        return self.folded.str.extract_all(_WORD)

    @cached_property
    def several_places(self) -> bool:
        """Whether there is more than one municipality."""
        return len(np.unique(self.places[self.places >= 0])) > 1

    @cached_property
    def several_threads(self) -> bool:
        """Whether there is more than one thread."""
        return len(np.unique(self.threads)) > 1

    @cached_property
    def hours(self) -> IntArray:
        """Hours since 1970; -1 without a time."""
        known = ~np.isnan(self.times)
        return np.where(known, np.where(known, self.times, 0) // _HOUR, -1).astype(np.int64)

    @cached_property
    def rhythm(self) -> FloatArray:
        """Relative activity of the hours of the week, all channels together."""
        hours = self.hours[self.hours >= 0]
        counts = np.bincount(hours - hours.min()).astype(float)
        places = week_places(np.arange(hours.min(), hours.max() + 1))
        # A quarter of an average hour keeps hours that were hardly seen from being impossible.
        return shape(counts, places, prior=len(places) / WEEK / 4)

    @cached_property
    def strata(self) -> Strata:
        """Channel by hour of the week."""
        week = np.where(self.hours < 0, WEEK, week_places(np.maximum(self.hours, 0)))
        return Strata(self.channels * (WEEK + 1) + week, self.channels)

    @cached_property
    def first(self) -> BoolArray:
        """Whether the message is the first of its account in these data."""
        order = np.lexsort((np.arange(self.size), self.times, self.accounts))
        change = np.r_[True, np.diff(self.accounts[order]) != 0]
        found = np.zeros(self.size, dtype=bool)
        found[order] = change
        return found & (self.accounts >= 0)

    @cached_property
    def by_channel(self) -> Groups:
        """Messages with a time of each channel, in the order of their times."""
        return Groups.of(self.channels, self.times)

    @cached_property
    def by_thread(self) -> Groups:
        """Messages with a time of each thread, in the order of their times."""
        return Groups.of(self.threads, self.times)

    @cached_property
    def written_first(self) -> dict[int, IntArray]:
        """How many of a channel's first messages with an account are the first of theirs."""
        return {
            code: np.r_[0, np.cumsum(self.first[here])]
            for code, here in self.written.members.items()
        }

    @cached_property
    def written(self) -> Groups:
        """Messages with a time and an account of each channel, in the order of their times."""
        return Groups.of(self.channels, np.where(self.accounts < 0, np.nan, self.times))

    @cached_property
    def span(self) -> tuple[int, int]:
        """First and last hour."""
        known = self.hours[self.hours >= 0]
        return int(known.min()), int(known.max())

    @cached_property
    def hourly(self) -> dict[int, IntArray]:
        """Messages of each channel by hour, from the first hour to the last."""
        first, last = self.span
        return {
            channel: np.bincount(self.hours[here] - first, minlength=last - first + 1)
            for channel, here in self.by_channel.members.items()
        }

    def knows(self, values: FloatArray | IntArray) -> bool:
        """Tell whether at least two messages have a value, so that they can be compared."""
        missing = np.isnan(values) | ((values < 0) & (values.dtype.kind == "i"))
        return bool((~missing).sum() > 1)


@dataclass(frozen=True, eq=False)
class Groups:
    """Messages by a code, each group in an order, and where in it a message stands.

    A family is looked for by where its members stand: what it costs does not grow with the stream.
    """

    codes: IntArray
    members: dict[int, IntArray]
    times: dict[int, FloatArray]  # of the members, in the same order
    standing: IntArray  # -1 for a message of no group

    @classmethod
    def of(cls, codes: IntArray, times: FloatArray | None = None) -> Groups:
        """Group in the order of times, those without one left out; else in the order given."""
        known = np.arange(len(codes)) if times is None else np.flatnonzero(~np.isnan(times))
        order = np.argsort(codes[known], kind="stable")
        if times is not None:
            order = np.lexsort((times[known], codes[known]))
        ranked = codes[known][order]
        edges = np.flatnonzero(np.r_[True, np.diff(ranked) != 0, True][: len(ranked) + 1])
        standing = np.full(len(codes), -1, dtype=np.int64)
        members, moments = {}, {}
        for start, stop in pairwise(edges.tolist()):
            here = known[order[start:stop]]
            standing[here] = np.arange(stop - start)
            code = int(ranked[start])
            members[code] = here
            if times is not None:
                moments[code] = times[here]
        return cls(codes, members, moments, standing)

    def of_family(self, code: int, family: IntArray) -> IntArray:
        """Where in a group the members of a family stand, in order."""
        stand = self.standing[family[self.codes[family] == code]]
        return np.sort(stand[stand >= 0])

    def others(self, code: int, family: IntArray) -> Others:
        """Messages of a group that are not in a family."""
        return Others(self.members[code], self.of_family(code, family))


class Others:
    """What is left of a group without the places of some, without writing it down."""

    def __init__(self, group: IntArray, without: IntArray):
        self._group, self.without = group, without
        self._before = without - np.arange(len(without))

    def __len__(self) -> int:
        return len(self._group) - len(self.without)

    def standing(self, numbers: IntArray) -> IntArray:
        """Where in the whole group those of these numbers stand."""
        return numbers + np.searchsorted(self._before, numbers, side="right")

    def __getitem__(self, numbers: IntArray) -> IntArray:
        return self._group[self.standing(numbers)]


@dataclass(frozen=True, eq=False)
class Strata:
    """Which messages may stand for which under the null hypothesis."""

    fine: IntArray
    coarse: IntArray

    @cached_property
    def _fine(self) -> Groups:
        return Groups.of(self.fine)

    @cached_property
    def _coarse(self) -> Groups:
        return Groups.of(self.coarse)

    def draw(
        self, members: IntArray, family: IntArray, draws: int, rng: np.random.Generator
    ) -> IntArray | None:
        """Draw messages of the members' strata that are not in the family.

        Returns
        -------
        array or None
            Places of messages, draws x members; None where the channel has nothing else.
        """
        drawn = np.empty((draws, len(members)), dtype=np.int64)
        strata = self.fine[members]
        for stratum in np.unique(strata):
            here = np.flatnonzero(strata == stratum)
            others = self._fine.others(int(stratum), family)
            if len(others) < _STRATUM:
                channel = int(self.coarse[members[here[0]]])
                others = self._coarse.others(channel, family)
            if len(others) < _STRATUM:
                return None
            drawn[:, here] = others[rng.integers(0, len(others), (draws, len(here)))]
        return drawn


def week_places(hours: IntArray) -> IntArray:
    """Tell where in the week hours since 1970 stand; a Saturday that Russia works is a Friday."""
    day, hour = np.divmod(hours, 24)
    return np.asarray(weekdays(day + _EPOCH) * 24 + hour, dtype=np.int64)


def stream(messages: pl.DataFrame) -> Stream:
    """Order and encode messages; rows without an id or a text are left out.

    Raises
    ------
    SchemaError
        If ``message_id`` or ``text`` is missing, or a column has another type.
    NotEnoughDataError
        If no message has a text.
    """
    where = "fakes.campaigns"
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=where)
    used = (c.PUBLISHED_AT, c.AUTHOR_ID, c.CHANNEL, c.MUNICIPALITY)
    more = (c.THREAD_ID, c.ACCOUNT_CREATED_AT, c.RUBRIC)
    given = [name for name in (*used, *more) if name in messages.columns]
    c.MESSAGES.require(messages, given, where=where)
    schema = c.MESSAGES.full_schema
    messages = prepare.with_families(messages)
    named = (
        pl.col(name).cast(schema[name])
        if name in messages.columns
        else pl.lit(None, dtype=schema[name]).alias(name)
        for name in (c.MESSAGE_ID, c.TEXT, *used, *more)
    )
    frame = (
        messages.select(*named, *prepare.given(messages))
        .drop_nulls([c.MESSAGE_ID, c.TEXT])
        .unique(c.MESSAGE_ID, keep="any")
        .sort(c.MESSAGE_ID)
    )
    if frame.is_empty():
        raise NotEnoughDataError(
            "no message has a text",
            where=where,
            remedy="Give messages with message_id and text",
            code="no_texts",
        )
    times = _seconds(frame[c.PUBLISHED_AT])
    thread = pl.struct(c.CHANNEL, c.THREAD_ID)
    return Stream(
        frame=frame,
        times=times,
        accounts=_codes(frame[c.AUTHOR_ID]),
        channels=_codes(frame[c.CHANNEL]) + 1,
        threads=frame.select(thread.rank("dense")).to_series().to_numpy().astype(np.int64),
        places=_codes(frame[c.MUNICIPALITY]),
        ages=(times - _seconds(frame[c.ACCOUNT_CREATED_AT])) / 86_400,
    )


def _codes(values: pl.Series) -> IntArray:
    ranks = values.rank("dense").cast(pl.Int64).fill_null(0)
    return ranks.to_numpy().astype(np.int64) - 1


def _seconds(values: pl.Series) -> FloatArray:
    micro = values.dt.timestamp("us").cast(pl.Float64).fill_null(float("nan"))
    return np.asarray(micro.to_numpy(), dtype=float) / 1e6
