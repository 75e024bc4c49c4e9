"""Raise alarms within a budget; those of one series less than a day apart are one episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cur_lab.inference import BoolArray
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.scan import SHARED, Scores

FEWEST = 3  # messages without which nothing is raised


@dataclass
class Episode:
    """A discovery while it lasts; periods are numbers.

    ``score`` is the row that raised it in the look of this number, ``rate`` the number of chance
    episodes so strong in a period over all series.
    """

    group: int
    place: int
    look: int
    score: int
    detected: int
    last: int
    rate: float
    q: float
    places: set[int] = field(default_factory=set)


def discover(
    looks: Sequence[Scores],
    limit: float,
    *,
    first: int,
    quiet: int,
    block: int,
    run_in: int,
    refresh: int = 1,
    may_raise: BoolArray | None = None,
) -> list[Episode]:
    """Go through the scores in order of time and raise alarms.

    Parameters
    ----------
    looks
        Scores of the same periods and series, in order of time; each has its share of the budget.
    limit
        Chance episodes that a period may be expected to raise.
    first
        Period before which nothing is raised.
    quiet
        Periods without an alarm after which an episode is over.
    block
        Periods whose surprises count once, for the null.
    run_in
        Block in which scoring began.
    refresh
        Blocks after which the null is brought up to date.
    may_raise
        Of every score whether it may raise an alarm; all may by default.

    Returns
    -------
    list of Episode
        In order of detection. Series that a shared rise covers while it lasts are part of it.
    """
    scores = looks[0]
    nulls = [Null(look, block, run_in) for look in looks]
    allowed = scores.hour >= first
    if may_raise is not None:
        allowed &= may_raise
    at = scores.hour // block
    found: list[Episode] = []
    running: dict[tuple[int, int], Episode] = {}
    alarmed: set[tuple[int, int, int]] = set()
    for begin in range(run_in, int(at[-1]) + 1 if at.size else 0, refresh):
        rows = slice(*np.searchsorted(at, (begin, begin + refresh)).tolist())
        rates = np.stack(
            [
                np.where(look.observed[rows] >= FEWEST, null.rates(rows, begin), np.inf)
                for look, null in zip(looks, nulls, strict=True)
            ]
        ) * len(looks)
        which, best = rates.argmin(axis=0), rates.min(axis=0)
        for near in np.flatnonzero((best <= limit) & allowed[rows]).tolist():
            row = rows.start + near
            period, group, place = (
                int(part[row]) for part in (scores.hour, scores.group, scores.place)
            )
            episode = _running(running, group, place, period, quiet)
            if episode is None:
                rate = float(best[near])
                q = _q(rate, found, period - first + 1)
                episode = Episode(group, place, int(which[near]), row, period, period, rate, q)
                found.append(episode)
            episode.last = period
            if place != SHARED:
                episode.places.add(place)
            running[group, place] = episode
            alarmed |= {(group, place, int(at[row])), (group, place, int(at[row]) + 1)}
        for null in nulls:
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
