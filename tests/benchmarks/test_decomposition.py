"""Trend, week, year and rest of planted daily counts: ours beside MSTL, same series.

What is planted: a weekday pattern, a slow trend, a season (or none, or one that comes in a single
year, or a lasting change in its place) and negative-binomial noise. What is scored: standard
deviation of the rest over that of the noise; root mean squared error of the season over the
standard deviation of the noise; how often a season is shown at all.

``pytest -m benchmark -s tests/benchmarks/test_decomposition.py``
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from statsmodels.tsa.seasonal import MSTL

from cur_lab import columns as c
from cur_lab import trends

pytestmark = pytest.mark.benchmark

FIRST_SEED, REPLICATES, OF_PEER = 300, 50, 2
# Season, days, whether it repeats.
WORLDS = {
    "a season of 30 %, two years": ("repeats", 731, True),
    "a season of 30 %, three years": ("repeats", 1096, True),
    "no season, two years": ("none", 731, False),
    "a wave in one of two years": ("once", 731, False),
    "a lasting change, no season, two years": ("step", 731, False),
}
WEEK = np.array([0.1, 0.1, 0.1, 0.05, 0.0, -0.2, -0.3])


def planted(
    kind: str, days: int, mean: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, their expectation, and the planted season in counts a day."""
    draw = np.random.default_rng(seed)
    day = np.arange(days)
    phase, second = draw.integers(0, 365), draw.integers(0, 365)
    wave = 0.3 * np.cos(2 * np.pi * (day - phase) / 365.25)
    wave += 0.1 * np.cos(4 * np.pi * (day - second) / 365.25)
    season = wave if kind == "repeats" else np.zeros(days)
    if kind == "once":
        season = np.where(day < 365, 0.4 * np.exp(-0.5 * ((day - phase) / 45) ** 2), 0.0)
    slow = draw.normal(0, 0.2) * day / days
    if kind == "step":
        slow = slow + 0.5 * (day >= draw.integers(200, days - 200))
    base = mean * np.exp(WEEK[day % 7] + slow)
    expected = base * np.exp(season)
    noise = draw.negative_binomial(20, 1 / (1 + expected / 20)).astype(float)
    return noise, expected, base * (np.exp(season) - 1) if kind == "repeats" else np.zeros(days)


def ours(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    begins = [
        datetime(2022, 12, 31, 21, tzinfo=UTC) + timedelta(days=n) for n in range(len(values))
    ]
    counts = pl.DataFrame(
        {
            c.PERIOD_START: begins,
            c.MESSAGES_COUNT: values.astype(np.int64),
            c.INCIDENTS: values.astype(np.int64),
            c.AUTHORS: values.astype(np.int64),
            c.RECORDED: True,
        }
    )
    parts = trends.decomposition(c.COUNTS.conform(counts))
    season = parts[c.SEASONAL_YEAR]
    shown = season.null_count() < len(season)
    return parts[c.REST].to_numpy(), season.fill_null(0.0).to_numpy(), shown


def peer(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    found = MSTL(values, periods=(7, 365), stl_kwargs={"robust": True}).fit()
    return np.asarray(found.resid), np.asarray(found.seasonal[:, 1]), True


@pytest.mark.parametrize("mean", [3, 20])
@pytest.mark.parametrize("world", WORLDS)
def test_the_rest_is_the_noise(world, mean, measured):
    kind, days, _ = WORLDS[world]
    said = []
    for split, size in ((ours, REPLICATES), (peer, OF_PEER)):
        rests, errors, shown = [], [], []
        for seed in range(FIRST_SEED, FIRST_SEED + size):
            values, expected, season = planted(kind, days, mean, seed)
            rest, found, seen = split(values)
            noise = np.std(values - expected)
            rests.append(np.std(rest) / noise)
            centred = found - found.mean() - (season - season.mean())
            errors.append(np.sqrt(np.mean(centred**2)) / noise)
            shown.append(seen)
        said.append([float(np.mean(part)) for part in (rests, errors, shown)])
    print(f"\n{world}, {mean} a day: rest, season's error, shown: ours {said[0]}, MSTL {said[1]}")
    if mean == 20:
        measured(
            f"decomposition-{list(WORLDS).index(world)}",
            what=f"decomposition, {world}, {mean} a day: spread of the rest over that of the "
            "noise; error of the season over it; season shown",
            ours="; ".join(f"{number:.2f}" for number in said[0]),
            peer="MSTL " + "; ".join(f"{number:.2f}" for number in said[1]),
        )
