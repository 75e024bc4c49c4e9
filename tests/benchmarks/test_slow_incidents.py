"""Reporting rates from bare messages: slow incidents, unknown ends, houses that write more.

What is planted: eight districts, two each that report an open trouble at .01, .05, .10 and .30 a
day; a trouble lasts as the world says. What is scored: the estimated rate over the true one of the
incidents anybody reported, by true rate (geometric mean); the contrast .30 : .01 over the true
one; coverage of 95 % intervals of rates, and of ratios to the mean of the districts. The peer takes
the same messages, links what follows within 30 days, counts 60 days open after the first report and
gives exact Poisson intervals.

``pytest -m benchmark -s tests/benchmarks/test_slow_incidents.py``
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.trends.reporting import rates

pytestmark = pytest.mark.benchmark

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PERIOD = 500
GAP, OPEN = 30, 60
RATES = np.array([0.01, 0.05, 0.10, 0.30] * 2)
FIRST_SEED, REPLICATES = 100, 40


@dataclass(frozen=True)
class World:
    """Days a trouble lasts, whether exactly so long; who marks its end; who differs in severity."""

    lasts: float
    exact: bool = False
    marked: float = 0.0
    severity: float | None = None
    house: float | None = None
    houses: int = 60
    each: int = 1


WORLDS = {
    "open 150 days": World(150, exact=True),
    "open 40 days on average": World(40),
    "open 40 days on average, half marked as fixed": World(40, marked=0.5),
    "open 150 days, severity differs": World(150, exact=True, severity=1.0),
    "marked as fixed, houses differ": World(30, marked=1.0, house=0.7, houses=15, each=5),
    "open 40 days on average, houses differ": World(40, house=0.7, houses=15, each=5),
}


def messages(world: World, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Messages of all districts, and the mean true rate of incidents somebody reported."""
    draw = np.random.default_rng(seed)
    rows, truth = [], []
    for district, rate in enumerate(RATES):
        seen = []
        for house in range(1, world.houses + 1):
            loud = draw.gamma(world.house, 1 / world.house) if world.house else 1.0
            for begins in PERIOD * 0.6 * np.sort(draw.random(world.each)):
                severe = draw.gamma(world.severity, 1 / world.severity) if world.severity else 1.0
                lasts = world.lasts if world.exact else draw.exponential(world.lasts)
                own = rate * loud * severe
                times = begins + np.sort(lasts * draw.random(draw.poisson(own * lasts)))
                fixed = draw.random() < world.marked
                seen += [own] if times.size else []
                rows += [
                    (f"район {district}", str(house), time, begins + lasts if fixed else None)
                    for time in times
                ]
        truth.append(np.mean(seen))
    places, houses, times, ends = zip(*rows, strict=True)
    frame = pl.DataFrame(
        {
            c.MESSAGE_ID: [f"m{number:06}" for number in range(len(rows))],
            c.PUBLISHED_AT: [START + time * DAY for time in times],
            c.RESOLVED_AT: [None if end is None else START + end * DAY for end in ends],
            c.MUNICIPALITY: places,
            c.RUBRIC: "Дороги",
            c.TEXT: "яма",
            c.STREET: "улица садовая",
            c.HOUSE: houses,
            c.FAMILY: None,
            c.TEMPLATE: None,
        },
        schema_overrides={
            c.RESOLVED_AT: pl.Datetime("us", "UTC"),
            c.FAMILY: pl.String,
            c.TEMPLATE: pl.String,
        },
    )
    return c.MESSAGES.conform(frame).with_columns(
        frame.select(c.STREET, c.HOUSE, c.FAMILY, c.TEMPLATE)
    ), np.array(truth)


def naive(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count reports within 60 days of the first, linked by gaps of 30 days; Poisson intervals."""
    place = [c.MUNICIPALITY, c.HOUSE]
    written = pl.col(c.PUBLISHED_AT)
    ordered = frame.sort(*place, c.PUBLISHED_AT, c.MESSAGE_ID)
    late = (written - written.shift(1).over(place)) > GAP * DAY
    fixed = (written > pl.col(c.RESOLVED_AT).shift(1).over(place)).fill_null(False)
    chain = (late.fill_null(True) | fixed).cum_sum().over(place).alias("chain")
    incidents = (
        ordered.with_columns(chain)
        .group_by(*place, "chain")
        .agg(
            pl.min_horizontal(
                written.min() + OPEN * DAY,
                pl.col(c.RESOLVED_AT).first(),
                pl.lit(START + PERIOD * DAY),
            ).alias("end"),
            written.alias("times"),
        )
        .with_columns(days=(pl.col("end") - pl.col("times").list.min()).dt.total_seconds() / 86_400)
        .explode("times")
        .group_by(*place, "chain")
        .agg(pl.col("days").first(), ((pl.col("times") <= pl.col("end")).sum() - 1).alias("n"))
    )
    total = incidents.group_by(c.MUNICIPALITY).agg(pl.col("n", "days").sum()).sort(c.MUNICIPALITY)
    n, days = total["n"].cast(pl.Int64).to_numpy(), total["days"].to_numpy()
    low = np.where(n > 0, stats.chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0.0)
    return n / days, low / days, stats.chi2.ppf(0.975, 2 * (n + 1)) / 2 / days


def log_error(rate: np.ndarray, truth: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.where(rate > 0, np.log(rate / truth), np.nan)


def by_true_rate(log_errors: np.ndarray) -> str:
    means = [np.nanmean(log_errors[:, rate == RATES]) for rate in np.unique(RATES)]
    return " / ".join(f"{np.exp(mean):.2f}" for mean in means)


@pytest.mark.parametrize("name", WORLDS)
def test_rates_of_incidents_without_a_known_end(name, measured):
    ours, peer, covered, covered_ratio, covered_peer = [], [], [], [], []
    drawn = [messages(WORLDS[name], FIRST_SEED + number) for number in range(REPLICATES)]
    # What another sample of houses and incidents of the same districts would show on the average.
    mean = np.mean([seen for _, seen in drawn], axis=0)
    truth = np.array([mean[rate == RATES].mean() for rate in RATES])
    for frame, _ in drawn:
        found = trends.reporting(frame, until=START + PERIOD * DAY).rates.sort(c.MUNICIPALITY)
        rate, low, high = (found[n].to_numpy() for n in (c.RATE, c.RATE_LOW, c.RATE_HIGH))
        ours.append(log_error(rate, truth))
        covered.append((low <= truth) & (truth <= high))
        ratio, ratio_low, ratio_high = (
            found[n].to_numpy() for n in (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH)
        )
        known = np.isfinite(ratio)
        share = truth[known] / np.exp(np.log(truth[known]).mean())
        covered_ratio += ((ratio_low[known] <= share) & (share <= ratio_high[known])).tolist()
        alone, alone_low, alone_high = naive(frame)
        peer.append(log_error(alone, truth))
        covered_peer.append((alone_low <= truth) & (truth <= alone_high))
    made = [np.array(errors) for errors in (ours, peer)]
    texts = [by_true_rate(errors) for errors in made]
    contrasts = [
        np.exp(np.nanmean(e[:, RATES == 0.30]) - np.nanmean(e[:, RATES == 0.01])) for e in made
    ]
    print(
        f"\n{name}: estimate over truth {texts[0]}, contrast {contrasts[0]:.2f}, covered: rate "
        f"{np.mean(covered):.3f}, ratio {np.mean(covered_ratio):.3f}\n  naive linking {texts[1]}, "
        f"contrast {contrasts[1]:.2f}, covered {np.mean(covered_peer):.3f}"
    )
    measured(
        f"slow-{list(WORLDS).index(name)}",
        what=f"reporting rates from messages, {name}: estimate over truth at .01 / .05 / .10 / .30 "
        "a day; coverage of 95 % intervals of rates; of ratios",
        ours=f"{texts[0]}; {np.mean(covered):.3f}; {np.mean(covered_ratio):.3f}",
        peer=f"linked within 30 days, 60 days open, exact Poisson {texts[1]}; "
        f"{np.mean(covered_peer):.3f}; –",
    )


def clustered(seed: int, *, homes: int = 20, each: int = 4, shape: float = 0.7) -> pl.DataFrame:
    """Incidents with known ends, four to a house; how readily a house writes is its own."""
    draw = np.random.default_rng(seed)
    home = np.repeat(np.arange(len(RATES) * homes), each)
    days = np.minimum(draw.exponential(20, home.size), 60) + 0.01
    loud = draw.gamma(shape, 1 / shape, len(RATES) * homes)[home]
    group = home // homes
    return pl.DataFrame(
        {
            c.INCIDENT_ID: [f"{number:06}" for number in range(home.size)],
            rates.GROUP: group,
            rates.MIX: pl.Series([None] * home.size, dtype=pl.String),
            rates.ENDING: pl.Series([None] * home.size, dtype=pl.String),
            rates.HOME: [f"{number:06}" for number in home],
            c.DUPLICATES: draw.poisson(RATES[group] * loud * days),
            c.EXPOSURE_DAYS: days,
            rates.SILENT_DAYS: np.zeros(home.size),
        }
    )


def test_intervals_know_that_houses_differ(measured):
    ratios = RATES / np.exp(np.log(RATES).mean())
    covered = {"house": ([], []), "incident": ([], [])}
    for seed in range(FIRST_SEED, FIRST_SEED + 200):
        data = clustered(seed)
        for kind, frame in (
            ("house", data),
            ("incident", data.with_columns(pl.col(c.INCIDENT_ID).alias(rates.HOME))),
        ):
            found = rates.fit(frame)
            known = np.isfinite(found.ratio)
            inside = (found.low <= RATES) & (found.high >= RATES)
            covered[kind][0].extend(inside.tolist())
            inside = (found.ratio_low <= ratios) & (found.ratio_high >= ratios)
            covered[kind][1].extend(inside[known & (known.sum() == len(RATES))].tolist())
    said = {
        kind: f"{np.mean(one):.3f}; {np.mean(ratio):.3f}" for kind, (one, ratio) in covered.items()
    }
    print(f"\ncoverage of rates; of ratios: {said}")
    measured(
        "reporting-houses",
        what="reporting rates, 20 houses a district, four incidents each, houses differ (gamma "
        "0.7): coverage of 95 % intervals of rates; of ratios",
        ours=said["house"],
        peer=f"incidents taken as independent {said['incident']}",
    )
