"""Votes from outside the generator of the sample: gamma shocks, Dirichlet channels, planted surges.

Not a test module: the tests of the room and the benchmarks load it by path.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from cur_lab.readers.election import Election

# Monday 00:00 in Moscow.
OPENS = datetime(2025, 2, 2, 21, tzinfo=UTC)
CHANNELS = ("call_centre", "esia", "paper", "sms")
USUAL = np.array([0.22, 0.52, 0.05, 0.21])
HOURS = {
    "call_centre": [0] * 8 + [0.02] + [1.0] * 9 + [0.02] * 2 + [0] * 4,
    "esia": [0.2, 0.1, 0.05, 0.04, 0.04, 0.08, 0.2]
    + [0.6] * 3
    + [0.9] * 7
    + [1.2] * 5
    + [0.7, 0.4],
    "paper": [0] * 9 + [1.0] * 8 + [0] * 7,
    "sms": [0.06, 0.03, 0.02, 0.02, 0.02, 0.04, 0.15, 0.4] + [1.0] * 12 + [0.8, 0.5, 0.3, 0.1],
}
WEEKEND = {"call_centre": 0.01, "esia": 0.9, "paper": 0.05, "sms": 0.95}


@dataclass(frozen=True)
class Surge:
    """What was planted: a kind, the project it is for, how many votes."""

    kind: str
    project: str
    votes: int


def simulate(
    *,
    boostings: tuple[str, ...] = (),
    mobilisations: tuple[str, ...] = (),
    excess: tuple[int, int] = (50, 100),
    hours: int = 6,
    projects: int = 120,
    districts: int = 8,
    votes: int = 60_000,
    days: int = 20,
    noise: float = 0.3,
    tastes: float = 40.0,
    seed: int = 0,
) -> tuple[Election, list[Surge], pl.DataFrame]:
    """Draw an election with surges, each for a project of its own; return posts as well.

    ``noise`` is the standard deviation of the shocks of a project's share (lasting about six
    hours), ``tastes`` the concentration of its channels from day to day (larger is steadier).
    """
    draw = np.random.default_rng(seed)
    home = np.sort(draw.integers(districts, size=projects))
    size = draw.gamma(1.5, size=projects) + 0.15
    length = 24 * days
    local_share = draw.dirichlet(40 * USUAL, size=projects)
    rate = np.empty((projects, length, len(CHANNELS)))
    by_day = np.stack([draw.dirichlet(tastes * share, size=days) for share in local_share])
    level = size[:, None] * _shocks(draw, projects, length, noise, 6)
    level = level * _shocks(draw, projects, length, noise, 48)
    level = level * _shocks(draw, districts, length, noise, 24)[home]
    for index, channel in enumerate(CHANNELS):
        clock = np.tile(np.array(HOURS[channel]), days)
        clock = clock / np.mean(HOURS[channel])
        weekend = (np.arange(length) // 24) % 7 >= 5
        clock = clock * np.where(weekend, WEEKEND[channel], 1.0)
        rate[:, :, index] = level * clock * np.repeat(by_day[:, :, index], 24, axis=1)
    left = length - 1 - np.arange(length)
    rate *= (1 + 2 * np.exp(-np.arange(length) / 24) + 3 * np.exp(-left / 5))[None, :, None]
    counts = draw.poisson(rate * votes / rate.sum())
    project, hour, channel = (np.repeat(index, counts[counts > 0]) for index in np.nonzero(counts))
    second = 3600 * (hour + draw.random(len(hour)))
    number = draw.integers(3_000_000, size=len(hour))
    rows = [(project, second, channel, number)]
    surges, posts = [], []
    targets = draw.choice(projects, size=len(boostings) + len(mobilisations), replace=False)
    for kind, target in zip((*boostings, *mobilisations), targets, strict=True):
        many = int(draw.integers(excess[0], excess[1] + 1))
        if kind in mobilisations:
            many *= 2
        when, how, own = _plant(draw, kind, many, hours, days, local_share[target])
        numbers = draw.integers(3_000_000, size=many) if own is None else own
        rows.append((np.full(many, target), when, how, numbers))
        surges.append(Surge(kind, f"p{target:04}", many))
        if kind == "post":
            posts.append((f"p{target:04}", OPENS + timedelta(seconds=float(when.min()) - 900)))
    project, second, channel, number = (np.concatenate(part) for part in zip(*rows, strict=True))
    return _election(project, second, channel, number, home), surges, _posts(posts)


def _shocks(draw, rows: int, length: int, noise: float, hours: int) -> np.ndarray:
    """Gamma shocks of mean one, smoothed so that one fades into the next."""
    if noise == 0:
        return np.ones((rows, length))
    blocks = length // hours + 2
    raw = draw.gamma(1 / noise**2, noise**2, size=(rows, blocks))
    at = np.arange(length) / hours
    low = at.astype(int)
    part = at - low
    return raw[:, low] * (1 - part) + raw[:, low + 1] * part


def _plant(draw, kind: str, many: int, hours: int, days: int, tastes: np.ndarray):
    day = int(draw.integers(2, days - 2))
    weekday = day % 7
    start = 24 * day + int(draw.integers(9, 24 - hours - 2))
    spread = np.sort(draw.random(many)) * hours
    esia, numbers = np.full(many, CHANNELS.index("esia")), None
    match kind:
        case "night, even":
            start = 24 * day + int(draw.integers(0, max(1, 6 - hours) + 1))
            even = np.cumsum(1 + 0.25 * draw.standard_normal(many).clip(-2, 2))
            return 3600 * (start + hours * even / (even[-1] * 1.01)), esia, None
        case "day, even":
            even = np.cumsum(1 + 0.25 * draw.standard_normal(many).clip(-2, 2))
            return 3600 * (start + hours * even / (even[-1] * 1.01)), esia, None
        case "numbers in a row":
            numbers = 4_000_000 + np.arange(many)
            return 3600 * (start + spread), np.full(many, CHANNELS.index("sms")), numbers
        case "after work":
            start = 24 * day + (18 if hours <= 6 else 24 - hours)
            how = np.full(many, CHANNELS.index("call_centre"))
            return 3600 * (start + hours * draw.random(many)), how, None
        case "sms":
            return 3600 * (start + spread), np.full(many, CHANNELS.index("sms")), None
        case "esia":
            return 3600 * (start + spread), esia, None
        case "last evening":
            start, hours = 24 * days - 6, 5.9
    # Natural ones rise fast, ebb away, and come by the channels people are used to.
    when = start + hours * draw.random(many) ** 1.5
    if weekday >= 5 and kind != "last evening":
        when -= 48
    open_now = np.array([HOURS[name] for name in CHANNELS])[:, when.astype(int) % 24].T
    tilt = draw.dirichlet(40 * tastes)
    if kind == "post":
        # A link brings people to the internet.
        tilt = tilt * np.where(np.arange(4) == CHANNELS.index("esia"), 2.0, 1.0)
    chance = open_now / open_now.max(axis=1, keepdims=True) * tilt
    chance = np.cumsum(chance / chance.sum(axis=1, keepdims=True), axis=1)
    return 3600 * when, (draw.random(many)[:, None] > chance).sum(axis=1), None


def _election(project, second, channel, number, home) -> Election:
    called = np.isin(channel, (CHANNELS.index("sms"), CHANNELS.index("call_centre")))
    gap = np.full(len(project), -1)
    for index in (CHANNELS.index("sms"), CHANNELS.index("call_centre")):
        rows = np.flatnonzero(channel == index)
        rows = rows[np.argsort(number[rows], kind="stable")]
        step = np.diff(number[rows])
        gap[rows] = np.minimum(np.append(step, 10**7), np.insert(step, 0, 10**7))
    names = np.array([f"p{index:04}" for index in range(len(home))])
    votes = pl.DataFrame(
        {
            "voter_id": [f"v{index:07}" for index in range(len(project))],
            "project_id": names[project],
            "points": pl.Series([None] * len(project), dtype=pl.Float64),
            "rank": np.ones(len(project), dtype=np.int64),
            "cast_at": pl.Series(second.astype(np.int64)) * 1_000_000,
            "channel": np.array(CHANNELS)[channel],
            "number_gap": pl.Series(np.where(called, gap, -1)).replace(-1, None),
        }
    ).with_columns(
        (pl.lit(OPENS).cast(pl.Datetime("us", "UTC")) + pl.duration(microseconds="cast_at")).alias(
            "cast_at"
        )
    )
    projects = pl.DataFrame(
        {
            "project_id": names,
            "cost": [1_000_000.0 + 1_000 * (index % 17) for index in range(len(home))],
            "municipality": [f"округ {index:02}" for index in home],
        }
    )
    meta = {"budget": str(400_000 * len(home)), "vote_type": "choose-1"}
    return Election(meta, projects, votes.select("voter_id"), votes)


def _posts(posts: list[tuple[str, datetime]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "project_id": [project for project, _ in posts],
            "published_at": pl.Series([at for _, at in posts], dtype=pl.Datetime("us", "UTC")),
        },
        schema_overrides={"project_id": pl.String},
    )
