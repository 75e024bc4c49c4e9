"""Raise alarms within a budget; those of one series less than a day apart are one episode.

The day of an alarm, and the next, teach nothing about chance, unless it may have been chance: where
days of every alarm were left out, a series of many small rises would be raised for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.scan import SHARED, Scores

FEWEST = 3  # messages without which nothing is raised
_SURELY = 1e-3  # of the budget: rarer alarms are no chance to be learnt from


@dataclass(frozen=True, eq=False)
class Stream:
    """Scores to be watched, and what is known of chance in them.

    Attributes
    ----------
    scores
        In order of time.
    null
        Of these scores; it learns as time goes on.
    share
        Of the budget, one for all scores or one for each.
    may_raise
        Of every score whether it may raise an alarm; all may by default.
    """

    scores: Scores
    null: Null
    share: float | FloatArray = 1.0
    may_raise: BoolArray | None = None

    def hits(self, begin: int, end: int, limit: float, first: int) -> tuple[IntArray, FloatArray]:
        """Rows of blocks that fit the budget, and how many chance episodes are as strong."""
        rows = slice(*np.searchsorted(self.null.block, (begin, end)).tolist())
        share = np.broadcast_to(self.share, self.scores.hour.shape)[rows]
        # So many in a period if all streams were asked for what is as rare in them.
        rates = self.null.rates(rows, begin) / share
        allowed = (self.scores.observed[rows] >= FEWEST) & (self.scores.hour[rows] >= first)
        if self.may_raise is not None:
            allowed &= self.may_raise[rows]
        near = np.flatnonzero((rates <= limit) & allowed)
        habits = [self.null.habit(rows.start + row) for row in near.tolist()]
        rates = np.maximum(rates[near], np.asarray(habits, dtype=float) / share[near])
        strange = rates <= limit
        return rows.start + near[strange], rates[strange]


@dataclass
class Episode:
    """A discovery while it lasts; periods are numbers.

    ``score`` is the row of the stream that raised it, ``rate`` the number of chance episodes so
    strong in a period over all series.
    """

    group: int
    place: int
    stream: int
    score: int
    detected: int
    last: int
    rate: float
    q: float
    places: set[int] = field(default_factory=set)


def discover(
    streams: Sequence[Stream], limit: float, *, first: int, quiet: int, refresh: int = 1
) -> list[Episode]:
    """Go through the scores in order of time and raise alarms.

    Parameters
    ----------
    streams
        What is watched beside one another, over the same series; their shares make one.
    limit
        Chance episodes that a period may be expected to raise.
    first
        Period before which nothing is raised.
    quiet
        Periods without an alarm after which an episode is over.
    refresh
        Blocks after which the null is brought up to date.

    Returns
    -------
    list of Episode
        In order of detection. Series that a shared rise covers while it lasts are part of it, and
        so are alarms of other streams.
    """
    found: list[Episode] = []
    running: dict[tuple[int, int], Episode] = {}
    alarmed: set[tuple[int, int, int]] = set()
    begin = min(stream.null.first for stream in streams)
    last = max(int(stream.null.block[-1]) if stream.null.block.size else -1 for stream in streams)
    for block in range(begin, last + 1, refresh):
        hits = []
        for number, stream in enumerate(streams):
            rows, rates = stream.hits(block, block + refresh, limit, first)
            periods = stream.scores.hour[rows].tolist()
            hits += [
                (period, number, row, rate)
                for period, row, rate in zip(periods, rows.tolist(), rates.tolist(), strict=True)
            ]
        for period, number, row, rate in sorted(hits):
            scores, null = streams[number].scores, streams[number].null
            group, place = int(scores.group[row]), int(scores.place[row])
            episode = _running(running, group, place, period, quiet)
            if episode is None:
                q = _q(rate, found, period - first + 1)
                episode = Episode(group, place, number, row, period, period, rate, q)
                found.append(episode)
            episode.last = period
            if place >= 0:
                episode.places.add(place)
            running[group, place] = episode
            if rate <= _SURELY * limit:
                at = int(null.block[row])
                alarmed |= {(group, place, at), (group, place, at + 1)}
        for stream in streams:
            stream.null.learn(block + refresh, alarmed)
    return found


def _q(rate: float, found: list[Episode], periods: int) -> float:
    """Return the expected share of chance among the episodes so far that are as strong."""
    stronger = 1 + sum(earlier.rate <= rate for earlier in found)
    return min(1.0, rate * periods / stronger)


def _running(
    running: dict[tuple[int, int], Episode], group: int, place: int, period: int, quiet: int
) -> Episode | None:
    """Find the episode an alarm belongs to: of its own series, or the shared one of its group."""
    for key in ((group, place), (group, SHARED)):
        episode = running.get(key)
        if episode is not None and period - episode.last < quiet:
            return episode
    return None
