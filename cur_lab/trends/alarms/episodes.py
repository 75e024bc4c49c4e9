"""Alarms of one series less than a day apart are one episode: one discovery."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cur_lab.inference import FloatArray
from cur_lab.trends.alarms.online import Budget
from cur_lab.trends.alarms.scan import SHARED, Scores


@dataclass
class Episode:
    """A discovery while it lasts. Periods are numbers; ``score`` is the row that raised it."""

    group: int
    place: int
    score: int
    detected: int
    last: int
    level: float
    p: float
    q: float
    places: set[int] = field(default_factory=set)


def discover(
    scores: Scores,
    rates: FloatArray,
    *,
    fdr: float,
    first: int,
    quiet: int,
    periods_per_day: float,
) -> list[Episode]:
    """Go through the scores in order of time and raise alarms.

    Parameters
    ----------
    scores, rates
        In order of time, and how many chance surprises as strong each period expects.
    fdr
        Rate of false episodes to keep.
    first
        Period before which nothing is raised.
    quiet
        Periods without an alarm after which an episode is over.
    periods_per_day
        For the budget.

    Returns
    -------
    list of Episode
        In order of detection. Districts that a shared rise covers while it lasts are part of it.
    """
    budget = Budget(fdr, periods_per_day)
    found: list[Episode] = []
    running: dict[tuple[int, int], Episode] = {}
    for row in np.flatnonzero((rates < fdr) & (scores.hour >= first)):
        period, group, place = int(scores.hour[row]), int(scores.group[row]), int(scores.place[row])
        episode = _running(running, group, place, period, quiet)
        level = budget.level(period - first)
        if episode is None and rates[row] <= level:
            p = float(min(rates[row], 1.0))
            q = fdr * p / level
            episode = Episode(group, place, int(row), period, period, level, p, q)
            found.append(episode)
            budget.found(period - first)
        # To go on, a rise need not be as sure as to begin.
        if episode is not None:
            episode.last = period
            if place != SHARED:
                episode.places.add(place)
            running[group, place] = episode
    return found


def _running(
    running: dict[tuple[int, int], Episode], group: int, place: int, period: int, quiet: int
) -> Episode | None:
    """Find the episode an alarm belongs to: of its own series, or the shared one of its group."""
    for key in ((group, place), (group, SHARED)):
        episode = running.get(key)
        if episode is not None and period - episode.last < quiet:
            return episode
    return None
