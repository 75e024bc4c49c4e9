"""Event series with planted bursts, by models that share nothing with the one in the package.

Three backgrounds, from the fitted family outwards:

"negative binomial"
    Poisson given a gamma factor per series and week.
"clumped"
    Incidents with a geometric number of reports at exponential delays; the logarithm of the
    intensity of a series wanders (autoregressive, hour by hour); each district has a rhythm of its
    own.
"heavy"
    The same with Poisson-lognormal numbers of reports, a yearly season by group, a level that
    shifts for good half-way, and a month in which the source is silent.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns
from cur_lab.trends.alarms.events import DAY, Panel

FIRST = date(2024, 3, 4)
TEXTS = (
    "Нет воды в доме с самого утра",
    "Яма на дороге у школы, объехать нельзя",
    "Не убирают снег во дворе",
    "Фонари не горят, вечером темно",
    "Автобус опять не пришёл по расписанию",
)
BACKGROUNDS = ("negative binomial", "clumped", "heavy")
DAYTIME = np.array(
    [2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 8, 8, 8, 8, 9, 10, 11, 11, 10, 8, 6, 4], dtype=float
)


@dataclass(frozen=True)
class Planted:
    """A burst: its group, its places, first and last hour, number of messages, third message."""

    group: int
    places: tuple[int, ...]
    first: int
    last: int
    size: int
    third: int


def simulate(
    background: str,
    *,
    seed: int,
    days: int = 240,
    groups: int = 5,
    places: int = 8,
    bursts: int = 6,
    shocks: int = 3,
    sizes: tuple[int, int] = (6, 25),
) -> tuple[Panel, list[Planted]]:
    draw = np.random.default_rng(seed)
    hours = days * DAY
    level = draw.lognormal(-2.2, 1.2, groups)[:, None] * draw.lognormal(0, 1.0, places)[None, :]
    level = np.clip(level, 0.005, 6.0)
    rate = level[:, :, None] / DAY * rhythm(draw, background, places, hours)[None]
    rate = rate * swings(draw, background, groups, places, hours)
    events = background_events(draw, background, rate)
    planted = []
    for number in range(bursts + shocks):
        made, truth = plant(draw, hours, groups, places, sizes, shared=number >= bursts)
        events.append(made)
        planted.append(truth)
    hour, group, place = (np.concatenate(column) for column in zip(*events, strict=True))
    if background == "heavy":
        silent = (hour >= 70 * DAY) & (hour < 100 * DAY)
        hour, group, place = hour[~silent], group[~silent], place[~silent]
        planted = [p for p in planted if not 68 * DAY <= p.first < 100 * DAY]
    order = np.lexsort((place, group, hour))
    panel = Panel.of_events(
        FIRST, hour[order], group[order], place[order], groups=groups, places=places
    )
    return panel, planted


def rhythm(draw, background, places, hours):
    """Hours of the day and weekdays, mean one; districts differ outside the fitted family."""
    hour = np.arange(hours)
    shape = np.empty((places, hours))
    for place in range(places):
        late = 0 if background == "negative binomial" else int(draw.integers(-2, 3))
        weekend = 0.7 if background == "negative binomial" else draw.uniform(0.4, 1.0)
        shape[place] = np.roll(DAYTIME, late)[hour % DAY] / DAYTIME.mean()
        shape[place] *= np.where(hour // DAY % 7 >= 5, weekend, 1.0)
    return shape


def swings(draw, background, groups, places, hours):
    """What moves a series up and down: slow weather of its own, season, shift of level."""
    weeks = hours // (7 * DAY) + 1
    if background == "negative binomial":
        factor = draw.gamma(5, 1 / 5, (groups, places, weeks))
        return np.repeat(factor, 7 * DAY, axis=2)[:, :, :hours]
    steps = draw.standard_normal((groups, places, hours // 6 + 1))
    wave = np.zeros_like(steps)
    for step in range(1, wave.shape[2]):
        wave[:, :, step] = 0.95 * wave[:, :, step - 1] + np.sqrt(1 - 0.95**2) * steps[:, :, step]
    factor = np.exp(0.5 * np.repeat(wave, 6, axis=2)[:, :, :hours] - 0.125)
    if background == "heavy":
        phase = draw.uniform(0, 2 * np.pi, groups)[:, None, None]
        season = np.exp(0.6 * np.sin(2 * np.pi * np.arange(hours) / (365 * DAY) + phase))
        shift = np.where(np.arange(hours) > hours // 2, draw.uniform(0.7, 1.5), 1.0)
        factor = factor * season * shift
    return factor


def background_events(draw, background, rate):
    """Ordinary messages; outside the first background an incident may have several reports."""
    mean = 1.0 if background == "negative binomial" else 1.5
    starts = draw.poisson(rate / mean)
    group, place, hour = (np.repeat(axis, starts[starts > 0]) for axis in np.nonzero(starts))
    if background == "negative binomial":
        return [(hour, group, place)]
    if background == "clumped":
        reports = draw.geometric(1 / mean, hour.size)
    else:
        reports = 1 + draw.poisson(draw.lognormal(-1.2, 1.0, hour.size))
    which = np.repeat(np.arange(hour.size), reports)
    later = np.concatenate([[0.0], draw.exponential(18.0, max(which.size - 1, 0))])[: which.size]
    first = np.concatenate([[True], which[1:] != which[:-1]])[: which.size]
    when = hour[which] + np.where(first, 0, later).astype(int)
    kept = when < rate.shape[2]
    return [(when[kept], group[which][kept], place[which][kept])]


def plant(draw, hours, groups, places, sizes, *, shared):
    """A burst in one district within half a day, or a shock over several for two days."""
    group, first = int(draw.integers(groups)), int(draw.integers(35 * DAY, hours - 3 * DAY))
    if not shared:
        hit = (int(draw.integers(places)),)
        size, span = int(draw.integers(sizes[0], sizes[1] + 1)), 12
    else:
        hit = tuple(int(p) for p in draw.choice(places, size=max(places // 2, 2), replace=False))
        size, span = int(draw.integers(4, 9)) * len(hit), 36
    hour = np.sort(first + (span * draw.uniform(size=size) ** 2).astype(int))
    place = draw.choice(hit, size=size)
    truth = Planted(group, hit, first, first + span, size, int(hour[2]))
    return (hour, np.full(size, group), place), truth


def messages(panel, *, seed=0):
    """Messages with these events: Moscow hours, an author each, a plain text by group."""
    draw = np.random.default_rng(seed)
    size = panel.hour.size
    midnight = datetime(panel.first.year, panel.first.month, panel.first.day, tzinfo=UTC)
    second = panel.hour * 3600 + draw.integers(0, 3600, size) - 3 * 3600
    return columns.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{number:06}" for number in range(size)],
                "published_at": [midnight + timedelta(seconds=int(s)) for s in second],
                "author_id": [f"a{number:06}" for number in range(size)],
                "channel": "vk",
                "municipality": [f"Район {place}" for place in panel.place],
                "text": [TEXTS[group % len(TEXTS)] for group in panel.group],
                "rubric": [f"Рубрика {group}" for group in panel.group],
            }
        )
    )
