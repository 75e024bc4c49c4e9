"""Votes by hour and channel, with the surges planted among them.

The rate of a project in an hour and channel is a product: district, appeal, opening and closing
rush, hour and weekday of the channel, shocks of the region, the district, the project and its
channels (so counts are overdispersed), posts, broadcasts. Six surges come on top: three boostings,
each of another kind, and three natural mobilisations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from cur_lab.inference import FloatArray, IntArray
from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.campaign import Broadcast, Post, opens, page
from cur_lab.synthetic.projects import Project
from cur_lab.synthetic.region import region
from cur_lab.synthetic.streams import identifier, stream

Timed = tuple[FloatArray, IntArray]

VOTES = 150_000
CHANNELS = ("esia", "sms", "call_centre", "paper")
_HOUR = timedelta(hours=1)
_BLOCK = 6
# Six million numbers in blocks of ten thousand: about as many as a region of two million uses.
_BLOCKS, _IN_BLOCK = 600, 10_000
_RELATIVES = 0.02


@dataclass(frozen=True, slots=True)
class Surge:
    """Votes planted on top of the background; times are local."""

    surge_id: str
    kind: str
    what: str
    project: int
    started_at: datetime
    ended_at: datetime
    votes: int


@dataclass(frozen=True, slots=True)
class Votes:
    """One row per vote, oldest first; ``surge`` is -1 for the background."""

    voter_id: list[str]
    project: IntArray
    seconds: FloatArray
    channel: IntArray
    number_gap: IntArray
    surge: IntArray
    surges: tuple[Surge, ...]
    broadcasts: list[Broadcast]


def votes(
    seed: int,
    scale: float,
    candidates: tuple[Project, ...],
    written: list[Post],
    spoken: list[Broadcast],
) -> Votes:
    """Draw all votes; one broadcast about a single project is added to those given."""
    rate = rates(seed, candidates, written, spoken)
    project, seconds, channel = _background(seed, round(VOTES * scale), rate)
    counts = np.bincount(project, minlength=len(candidates))
    chosen = _near_the_line(candidates, counts)
    surges, parts, talk = [], [], []
    for name, target in zip(_PLANTED, chosen, strict=True):
        when, how = _PLANTED[name][1](seed)
        surge = _surge(name, target, when)
        surges.append(surge)
        parts.append((np.full(len(when), target), when, how))
        if name == "broadcast":
            talk.append(_talk(seed, surge, candidates[target]))
    surge_of = np.concatenate(
        [np.full(len(project), -1)] + [np.full(s.votes, i) for i, s in enumerate(surges)]
    )
    project = np.concatenate([project, *(part[0] for part in parts)])
    seconds = np.concatenate([seconds, *(part[1] for part in parts)])
    channel = np.concatenate([channel, *(part[2] for part in parts)])
    consecutive = surge_of == list(_PLANTED).index("numbers")
    numbers = _numbers(seed, project, channel, consecutive)
    voter = [identifier(seed, "voter", row) for row in range(len(project))]
    order = np.lexsort((np.array(voter), seconds))
    return Votes(
        voter_id=[voter[row] for row in order],
        project=project[order],
        seconds=np.floor(seconds[order]),
        channel=channel[order],
        number_gap=gaps(numbers, channel)[order],
        surge=surge_of[order],
        surges=tuple(surges),
        broadcasts=sorted([*spoken, *talk], key=lambda b: (b.started_at, b.broadcast_id)),
    )


def rates(
    seed: int, candidates: tuple[Project, ...], written: list[Post], spoken: list[Broadcast]
) -> FloatArray:
    """Return relative rates of voting, shape (projects, hours, channels)."""
    source, hours = plans.read("voting"), 24 * plans.read("voting")["days"]
    home = np.array([p.municipality for p in candidates])
    districts, number = len(region().municipalities), len(candidates)
    size = np.array([m.population**0.8 * m.propensity**0.5 for m in region().municipalities])
    appeal = np.array([p.appeal for p in candidates])
    share = appeal / np.bincount(home, weights=appeal)[home]

    def shocks(name: str, rows: int, blocks: int, sigma: float) -> FloatArray:
        """Log-normal shocks that last for a block of hours and fade into the next."""
        noise = stream(seed, "votes", name).random((12, rows, blocks)).sum(axis=0) - 6.0
        for block in range(1, blocks):
            noise[:, block] = 0.5 * noise[:, block - 1] + np.sqrt(0.75) * noise[:, block]
        return np.repeat(np.exp(sigma * noise), -(-hours // blocks), axis=1)[:, :hours]

    days, blocks = hours // 24, hours // _BLOCK
    level = (
        shocks("region", 1, days, 0.15)
        * shocks("districts", districts, days, 0.25)[home]
        * shocks("projects", number, days, 0.3)
        * shocks("hours", number, blocks, 0.25)
        * (size[home] * share)[:, None]
    )
    mix = stream(seed, "votes", "mix").random((12, number, len(CHANNELS))).sum(axis=0) - 6.0
    rate = np.empty((number, hours, len(CHANNELS)))
    for index, channel in enumerate(CHANNELS):
        habit = source["channels"][channel] * np.exp(0.25 * mix[:, index])
        daily = shocks(f"channel {channel}", number, days, 0.2)
        rate[:, :, index] = level * daily * habit[:, None] * _rhythm(channel)
    for post in written:
        if post.project is not None and post.effect:
            since = _hours_since(post.published_at, hours)
            lift = post.effect * 0.5 ** (since / source["posts"]["half_life"])
            rate[post.project] *= np.exp(np.where(since >= 0, lift, 0.0))[:, None]
    for broadcast in spoken:
        since = _hours_since(broadcast.started_at, hours)
        during = (since >= 0) & (since < source["broadcasts"]["hours"])
        reached = (
            np.ones(number, dtype=bool)
            if broadcast.municipality is None
            else home == broadcast.municipality
        )
        rate[np.ix_(reached, during)] *= np.exp(broadcast.effect)
    return rate


def gaps(numbers: IntArray, channel: IntArray) -> IntArray:
    """Return the distance to the nearest other number of the channel; -1 where there is none."""
    found = np.full(len(numbers), -1)
    for index in np.unique(channel[numbers >= 0]):
        rows = np.flatnonzero((channel == index) & (numbers >= 0))
        if len(rows) < 2:
            continue
        rows = rows[np.argsort(numbers[rows], kind="stable")]
        step = np.diff(numbers[rows])
        far = step.max() + 1
        found[rows] = np.minimum(np.append(step, far), np.insert(step, 0, far))
    return found


def _rhythm(channel: str) -> FloatArray:
    """Return the rate of a channel by hour: hour of the day, weekday, both rushes."""
    source = plans.read("voting")
    hours = np.tile(np.array(source["hours"][channel]), source["days"])
    hours = hours / np.mean(source["hours"][channel])
    for day in range(source["days"]):
        when = (opens() + timedelta(days=day)).date()
        weekday = 6 if calendar.is_holiday(when) else when.weekday()
        hours[24 * day : 24 * day + 24] *= source["weekday"][channel][weekday]
    since = np.arange(len(hours)) - source["first_hour"]
    left = len(hours) - 1 - np.arange(len(hours))
    # Offices close at six; only telephones and the internet see the last evening.
    last = 5.0 if channel in ("esia", "sms") else 1.0
    rush = 1 + 2.2 * np.exp(-since / 30) + 0.9 * np.exp(-left / 48) + last * np.exp(-left / 5)
    return np.asarray(np.where(since >= 0, hours * rush, 0.0))


def _hours_since(moment: datetime, hours: int) -> FloatArray:
    """Hours from the moment to each hour's beginning; the hour of the moment itself counts as 0."""
    start = (moment - opens()) // _HOUR
    return np.arange(hours, dtype=float) - start


def _background(seed: int, number: int, rate: FloatArray) -> tuple[IntArray, FloatArray, IntArray]:
    draw = stream(seed, "votes", "background")
    totals = np.cumsum(rate.ravel())
    cell = np.searchsorted(totals, draw.random(number) * totals[-1], side="right")
    project, hour, channel = np.unravel_index(np.minimum(cell, rate.size - 1), rate.shape)
    seconds = 3600 * (hour + draw.random(number))
    return project.astype(np.int64), seconds, channel.astype(np.int64)


def _near_the_line(candidates: tuple[Project, ...], counts: IntArray) -> list[int]:
    """Choose where to plant: three that nearly won, three others, each in a district of its own."""
    order = np.lexsort((np.arange(len(counts)), -counts))
    left, funded = budget(candidates), set()
    for index in order:
        if candidates[index].cost <= left:
            left -= candidates[index].cost
            funded.add(int(index))
    taken: set[int] = set()
    chosen: list[int] = []
    near = [int(i) for i in order if int(i) not in funded]
    usual = [int(i) for i in order[len(order) // 4 :: 3]]
    for pool, end in ((near, 3), (usual, 6)):
        for index in pool:
            if len(chosen) < end and candidates[index].municipality not in taken:
                taken.add(candidates[index].municipality)
                chosen.append(index)
    return chosen


def budget(candidates: tuple[Project, ...]) -> float:
    """Return the money to spend: two fifths of what all projects cost together, in millions."""
    return float(round(0.4 * sum(p.cost for p in candidates), -6))


def _regular(seed: int) -> Timed:
    """Draw a burst through ESIA at night, one vote every hundred seconds or so."""
    gaps_between = 97 + 8 * stream(seed, "surge", "night").random(88)
    return _at(12, 2, 10) + np.cumsum(gaps_between), np.full(88, 0)


def _in_a_row(seed: int) -> Timed:
    """Draw messages from consecutive telephone numbers, by day and at odd times."""
    when = _at(17, 12, 0) + 5 * 3600 * np.sort(stream(seed, "surge", "numbers").random(72))
    return when, np.full(72, 1)


def _after_work(seed: int) -> Timed:
    """Draw a block of calls entered on a Sunday evening."""
    when = _at(20, 20, 0) + 3 * 3600 * np.sort(stream(seed, "surge", "off hours").random(64))
    return when, np.full(64, 2)


def _school(seed: int) -> Timed:
    """Let parents of a school vote after classes by whatever way they are used to."""
    return _mobilised(seed, "school", _at(10, 14, 0), 6, 170, (0.55, 0.2, 0.22, 0.03))


def _broadcast(seed: int) -> Timed:
    """Let viewers of a live stream about the project vote at once."""
    return _mobilised(seed, "broadcast", _at(16, 14, 0), 3, 140, (0.5, 0.22, 0.26, 0.02))


def _last_evening(seed: int) -> Timed:
    """Let a team call its neighbours in the last hours: only ESIA and SMS still take votes."""
    evening = _at(plans.read("voting")["days"] - 1, 18, 0)
    return _mobilised(seed, "last evening", evening, 5.9, 190, (0.7, 0.3))


_PLANTED: dict[str, tuple[str, Callable[[int], Timed]]] = {
    "night": ("boosting", _regular),
    "numbers": ("boosting", _in_a_row),
    "off hours": ("boosting", _after_work),
    "school": ("mobilisation", _school),
    "broadcast": ("mobilisation", _broadcast),
    "last evening": ("mobilisation", _last_evening),
}


def _mobilised(
    seed: int, what: str, start: float, hours: float, number: int, mix: tuple[float, ...]
) -> Timed:
    """Votes that rise fast, ebb away, and come by all channels as votes of that hour do."""
    draw = stream(seed, "surge", what)
    when = np.sort(start + 3600 * hours * draw.random(number) ** 1.6)
    how = np.searchsorted(np.cumsum(mix), draw.random(number) * sum(mix), side="right")
    # Whoever finds the call centre closed votes on the internet.
    closed = (how >= CHANNELS.index("call_centre")) & (when % 86400 >= 18 * 3600)
    return when, np.where(closed, CHANNELS.index("esia"), how).astype(np.int64)


def _surge(what: str, project: int, when: FloatArray) -> Surge:
    first, last = (opens() + timedelta(seconds=int(t)) for t in (when.min(), when.max()))
    kind = _PLANTED[what][0]
    return Surge(identifier("surge", what), kind, what, project, first, last, len(when))


def _at(day: int, hour: int, minute: int) -> float:
    return float(86400 * day + 3600 * hour + 60 * minute)


def _talk(seed: int, surge: Surge, project: Project) -> Broadcast:
    return Broadcast(
        broadcast_id=identifier(seed, "broadcast", surge.what),
        started_at=surge.started_at.replace(minute=0, second=0),
        page_id=page(project.municipality),
        municipality=project.municipality,
        speaker_role=plans.read("voting")["broadcasts"]["roles"][0],
        project=surge.project,
        effect=0.0,
    )


def _numbers(
    seed: int, project: IntArray, channel: IntArray, consecutive: npt.NDArray[np.bool_]
) -> IntArray:
    """Give telephone numbers to SMS and calls; a few relatives hold neighbouring ones."""
    draw = stream(seed, "votes", "numbers")
    called = np.flatnonzero(np.isin(channel, (1, 2)))
    numbers = np.full(len(project), -1)
    # The space is a hundred times the votes; the few numbers drawn twice become neighbours.
    drawn = np.sort((draw.random(len(called)) * _BLOCKS * _IN_BLOCK).astype(np.int64))
    while (np.diff(drawn) == 0).any():
        drawn[1:][np.diff(drawn) == 0] += 1
        drawn.sort()
    numbers[called] = drawn[np.argsort(draw.random(len(called)), kind="stable")]
    follow = draw.random(len(called)) < _RELATIVES
    by_project = called[np.lexsort((channel[called], project[called]))]
    first, second = by_project[:-1], by_project[1:]
    alike = (project[first] == project[second]) & (channel[first] == channel[second])
    related = alike & follow[np.searchsorted(called, second)]
    numbers[second[related]] = numbers[first[related]] + 1
    bought = np.flatnonzero(consecutive)
    numbers[bought] = _BLOCKS * _IN_BLOCK // 2 + np.arange(len(bought))
    return numbers
