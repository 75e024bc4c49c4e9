"""The messages as arrays, and drawing of like messages: same channel, same hour of the week."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.rhythm import WEEK, shape

_HOUR = 3600.0
# A stratum of fewer other messages is no picture of its hour; the whole channel stands in.
_STRATUM = 10


@dataclass(frozen=True, eq=False)
class Family:
    """Texts that are the same: name, template, and the places of its messages in the stream."""

    name: str
    template: str
    members: IntArray


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
    def hours(self) -> IntArray:
        """Hours since 1970; -1 without a time."""
        known = ~np.isnan(self.times)
        return np.where(known, np.where(known, self.times, 0) // _HOUR, -1).astype(np.int64)

    @cached_property
    def rhythm(self) -> FloatArray:
        """Relative activity of the hours of the week, all channels together."""
        hours = self.hours[self.hours >= 0]
        counts = np.bincount(hours - hours.min()).astype(float)
        places = np.arange(hours.min(), hours.max() + 1) % WEEK
        # A quarter of an average hour keeps hours that were hardly seen from being impossible.
        return shape(counts, places, prior=len(places) / WEEK / 4)

    @cached_property
    def strata(self) -> Strata:
        """Channel by hour of the week."""
        week = np.where(self.hours < 0, WEEK, self.hours % WEEK)
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
    def by_channel(self) -> dict[int, IntArray]:
        """Messages with a time of each channel, in the order of their times."""
        return _by(self.channels, self.times)

    @cached_property
    def by_thread(self) -> dict[int, IntArray]:
        """Messages with a time of each thread, in the order of their times."""
        return _by(self.threads, self.times)

    def knows(self, values: FloatArray | IntArray) -> bool:
        """Tell whether at least two messages have a value, so that they can be compared."""
        missing = np.isnan(values) | ((values < 0) & (values.dtype.kind == "i"))
        return bool((~missing).sum() > 1)


@dataclass(frozen=True, eq=False)
class Strata:
    """Which messages may stand for which under the null hypothesis."""

    fine: IntArray
    coarse: IntArray

    @cached_property
    def _fine(self) -> dict[int, IntArray]:
        return _groups(self.fine)

    @cached_property
    def _coarse(self) -> dict[int, IntArray]:
        return _groups(self.coarse)

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
            others = np.setdiff1d(self._fine[int(stratum)], family, assume_unique=True)
            if len(others) < _STRATUM:
                channel = int(self.coarse[members[here[0]]])
                others = np.setdiff1d(self._coarse[channel], family, assume_unique=True)
            if len(others) < _STRATUM:
                return None
            drawn[:, here] = others[rng.integers(0, len(others), (draws, len(here)))]
        return drawn


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


def _groups(codes: IntArray) -> dict[int, IntArray]:
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.r_[True, np.diff(codes[order]) != 0, True])
    return {int(codes[order[start]]): order[start:stop] for start, stop in pairwise(edges.tolist())}


def _by(codes: IntArray, times: FloatArray) -> dict[int, IntArray]:
    known = np.flatnonzero(~np.isnan(times))
    groups = _groups(codes[known]) if len(known) else {}
    return {
        code: (places := known[found])[np.argsort(times[places], kind="stable")]
        for code, found in groups.items()
    }
