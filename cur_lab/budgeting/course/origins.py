"""What was known of a campaign at an earlier moment, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.hours import ZONE, hourly, timed_within
from cur_lab.budgeting.course import competitors
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray
from cur_lab.readers.election import Election

_FEWEST_HOURS = 24
FEWEST_PROJECTS = 8
FEWEST_VOTES = 5
STEPS = 48
_FEWEST_STEPS = 4
# Shares of what is known so far, at the end of which an earlier forecast is judged.
_JUDGED = (1.0, 0.9, 0.8, 0.7, 0.6)


@dataclass(frozen=True)
class Course:
    """Cumulative votes by project on a grid of the voters' clock that ends where knowledge ends.

    ``counts`` has shape (projects, steps + 1); ``share`` is the known share of the campaign by that
    clock; ``final`` are the votes at the end, for campaigns that are over.
    """

    projects: list[str]
    counts: FloatArray
    share: float
    final: FloatArray


def course_until(election: Election, at: float) -> Course:
    """Count the votes by the voters' clock until a share of the campaign is over."""
    votes, opens, hours = timed_within(election)
    projects = sorted(election.projects[c.PROJECT_ID].drop_nulls().unique())
    known = at * hours
    if known < _FEWEST_HOURS:
        raise NotEnoughDataError(
            f"{known:.0f} hours of the campaign are known",
            where="forecast",
            remedy=f"At least {_FEWEST_HOURS} are needed",
            code="short_campaign",
        )
    grid = hourly(votes, projects, opens, hours)
    start = opens.astimezone(ZoneInfo(ZONE)).hour
    clock = _clock(grid.sum(axis=0), int(known), start)
    end = float(np.interp(known, np.arange(hours + 1), clock))
    moments = np.interp(np.linspace(0, end, STEPS + 1), clock, np.arange(hours + 1))
    whole = np.floor(moments).astype(np.int64)
    cumulative = np.concatenate([np.zeros((len(projects), 1)), grid.cumsum(axis=1)], axis=1)
    after = np.minimum(whole + 1, hours)
    counts = cumulative[:, whole] + (moments - whole) * (
        cumulative[:, after] - cumulative[:, whole]
    )
    # An origin within an hour: count the votes cast until that moment and no others.
    cut = votes.filter(pl.col(c.CAST_AT) < opens + timedelta(hours=known))
    counts[:, -1] = hourly(cut, projects, opens, hours).sum(axis=1)
    counts = np.minimum(counts, counts[:, -1:])
    return Course(projects, counts, end, cumulative[:, -1])


def _clock(votes: FloatArray, known: int, start: int) -> FloatArray:
    """Elapsed share of the campaign at each hour, by how busy that hour of day has been so far."""
    hour = (start + np.arange(len(votes))) % 24
    seen = np.bincount(hour[:known], weights=votes[:known], minlength=24)
    often = np.bincount(hour[:known], minlength=24)
    mean = votes[:known].sum() / max(known, 1)
    # An average day is mixed in: a night hour with no votes yet still takes time.
    pace = (seen + mean) / (often + 1)
    busy = pace[hour] + 0.02 * mean + 1e-12
    return np.concatenate([[0.0], busy.cumsum() / busy.sum()])


@dataclass(frozen=True)
class Origin:
    """An earlier forecast and what came of it, both as log ratio of the later to the usual pace."""

    share: float
    counts: FloatArray
    said: dict[str, FloatArray]
    came: FloatArray


def _origin(course: Course, start: int, stop: int | None, noise: float) -> Origin:
    """Stand at step ``start`` and look at step ``stop``, or at the end of the hours."""
    known = course.counts[:, start]
    share = start / stop if stop is not None else course.share * start / STEPS
    later = (course.counts[:, stop] if stop is not None else course.final) - known
    usual = (known + 0.5) * (1 / share - 1)
    said = competitors.competitors(course.counts[:, : start + 1], share, noise)
    return Origin(share, known, said, np.log((later + 0.5) / usual))


def _enough(course: Course, start: int) -> Course:
    chosen = course.counts[:, start] >= FEWEST_VOTES
    names = [name for name, ok in zip(course.projects, chosen, strict=True) if ok]
    return Course(names, course.counts[chosen], course.share, course.final[chosen])


def origins(now: Course, past: Sequence[Course], noise: float) -> list[Origin]:
    """Earlier moments of this campaign, or the same moment of finished ones."""
    stands: list[tuple[Course, int, int | None, float]] = [
        (_enough(other, STEPS), STEPS, None, competitors.overdispersion(other.counts))
        for other in past
    ]
    for judged in () if past else _JUDGED:
        stop = round(STEPS * judged)
        start = round(stop * now.share)
        if _FEWEST_STEPS <= start < stop:
            stands.append((_enough(now, start), start, stop, noise))
    return [_origin(*stand) for stand in stands if len(stand[0].projects) >= FEWEST_PROJECTS]
