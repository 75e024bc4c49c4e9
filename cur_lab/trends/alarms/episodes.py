"""Raise alarms within a budget; those of one series less than a day apart are one episode."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cur_lab.inference import BoolArray
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.scan import SHARED, Scores

FEWEST = 3  # messages without which nothing is raised


@dataclass
class Episode:
    """A discovery while it lasts; periods are numbers.

    ``score`` is the row that raised it, ``rate`` the number of chance episodes so strong in a
    period over all series.
    """

    group: int
    place: int
    score: int
    detected: int
    last: int
    rate: float
    q: float
    places: set[int] = field(default_factory=set)


def discover(
    scores: Scores,
    null: Null,
    limit: float,
    *,
    first: int,
    quiet: int,
    refresh: int = 1,
    may_raise: BoolArray | None = None,
) -> list[Episode]:
    """Go through the scores in order of time and raise alarms.

    Parameters
    ----------
    scores
        In order of time.
    null
        Of these scores; it learns as time goes on.
    limit
        Chance episodes that a period may be expected to raise.
    first
        Period before which nothing is raised.
    quiet
        Periods without an alarm after which an episode is over.
    refresh
        Blocks after which the null is brought up to date.
    may_raise
        Of every score whether it may raise an alarm; all may by default.

    Returns
    -------
    list of Episode
        In order of detection. Series that a shared rise covers while it lasts are part of it.
    """
    allowed = (scores.observed >= FEWEST) & (scores.hour >= first)
    if may_raise is not None:
        allowed &= may_raise
    at = null.block
    found: list[Episode] = []
    running: dict[tuple[int, int], Episode] = {}
    alarmed: set[tuple[int, int, int]] = set()
    for begin in range(null.first, int(at[-1]) + 1 if at.size else 0, refresh):
        rows = slice(*np.searchsorted(at, (begin, begin + refresh)).tolist())
        rates = null.rates(rows, begin)
        for near in np.flatnonzero((rates <= limit) & allowed[rows]).tolist():
            row = rows.start + near
            period, group, place = (
                int(part[row]) for part in (scores.hour, scores.group, scores.place)
            )
            episode = _running(running, group, place, period, quiet)
            if episode is None:
                rate = float(rates[near])
                q = _q(rate, found, period - first + 1)
                episode = Episode(group, place, row, period, period, rate, q)
                found.append(episode)
            episode.last = period
            if place >= 0:
                episode.places.add(place)
            running[group, place] = episode
            alarmed |= {(group, place, int(at[row])), (group, place, int(at[row]) + 1)}
        null.learn(begin + refresh, alarmed)
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
