"""Forecasts and effects of posts on simulated campaigns whose truth is known.

Run with ``pytest -m benchmark -s``. The curves come from none of the families that compete in the
forecast: mixtures of waves, broken lines, two waves, a wandering pace, a rush before the deadline;
all with noise that is overdispersed and lasts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.budgeting import backtest, forecast, post_effects
from cur_lab.budgeting.ballots.hours import timed_within
from cur_lab.readers.election import Election

pytestmark = pytest.mark.benchmark

DAYS = 30
HOURS = 24 * DAYS
OPENS = datetime(2025, 10, 14, 21, tzinfo=UTC)
KINDS = ("waves", "broken", "two waves", "wandering", "deadline")
BY_HOUR = 0.05 + np.clip(np.sin((np.arange(24) - 7) / 24 * 2 * np.pi) + 0.4, 0, None)
TIME = (np.arange(HOURS) + 0.5) / HOURS


def lasting(draw: np.random.Generator, rows: int, memory: float, spread: float) -> np.ndarray:
    steps = draw.normal(0, spread * np.sqrt(1 - memory**2), (rows, HOURS))
    path = np.zeros((rows, HOURS))
    path[:, 0] = draw.normal(0, spread, rows)
    for hour in range(1, HOURS):
        path[:, hour] = memory * path[:, hour - 1] + steps[:, hour]
    return path


def curve(kind: str, draw: np.random.Generator) -> np.ndarray:
    if kind == "waves":
        waves = [
            draw.gamma(1, 1)
            * np.exp(-0.5 * ((TIME - draw.uniform(0, 1)) / draw.uniform(0.05, 0.3)) ** 2)
            for _ in range(draw.integers(2, 5))
        ]
        return 0.3 + np.sum(waves, axis=0)
    if kind == "broken":
        breaks = np.sort(draw.uniform(0, 1, draw.integers(3, 8)))
        return np.exp(draw.normal(0, 0.6, len(breaks) + 1))[np.searchsorted(breaks, TIME)]
    if kind == "two waves":
        first, second, share = draw.uniform(0.05, 0.25), draw.uniform(0.6, 0.95), draw.beta(3, 3)
        early = np.exp(-0.5 * ((TIME - first) / 0.1) ** 2) / 0.1
        late = np.exp(-0.5 * ((TIME - second) / 0.12) ** 2) / 0.12
        return 0.3 + 0.4 * share * early + 0.4 * (1 - share) * late
    if kind == "wandering":
        return np.exp(lasting(draw, 1, 0.99, 0.5)[0])
    rush = draw.gamma(4, 0.3) * np.exp(-(1 - TIME) / 0.07)
    return 1 + draw.gamma(2, 0.4) * np.exp(-TIME / 0.1) + rush


def campaign(expected: np.ndarray, draw: np.random.Generator, district: np.ndarray) -> Election:
    counted = draw.poisson(expected)
    unit, hour = (np.repeat(place, counted[counted > 0]) for place in np.nonzero(counted))
    seconds = hour * 3600 + draw.integers(0, 3600, len(hour))
    votes = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{number}" for number in range(len(unit))],
            c.PROJECT_ID: [f"p{number:03}" for number in unit],
            c.POINTS: pl.Series([None] * len(unit), dtype=pl.Float64),
            c.RANK: pl.Series([1] * len(unit), dtype=pl.Int64),
            c.CAST_AT: pl.Series(OPENS.timestamp() * 1e6 + seconds * 1e6)
            .cast(pl.Int64)
            .cast(pl.Datetime("us", "UTC")),
        }
    )
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: [f"p{number:03}" for number in range(len(expected))],
            c.COST: [1e6] * len(expected),
            c.MUNICIPALITY: [f"округ {number:02}" for number in district],
        }
    )
    meta = {
        "budget": "1e8",
        "vote_type": "choose-1",
        "date_begin": "15.10.2025",
        "date_end": "13.11.2025",
    }
    return Election(meta, projects, votes.select(c.VOTER_ID), votes)


def outside(kind: str, seed: int, *, projects: int = 60, votes: float = 300) -> Election:
    """One kind of curve, another curve for each project."""
    draw = np.random.default_rng(seed)
    shape = np.array([curve(kind, draw) for _ in range(projects)])
    shape *= np.exp(lasting(draw, projects, 0.97, 0.35) + lasting(draw, 1, 0.97, 0.15))
    shape *= BY_HOUR[np.arange(HOURS) % 24]
    shape /= shape.mean(axis=1, keepdims=True)
    size = votes * np.exp(draw.normal(0, 1, (projects, 1))) / HOURS
    return campaign(shape * size, draw, np.arange(projects) % 12)


def interval_score(low: np.ndarray, high: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Width plus twenty times what it missed by: least for honest intervals of 90 %, in logarithms.

    Gneiting T., Raftery A. E. (2007). Strictly proper scoring rules. JASA 102, 359-378.
    """
    low, high, came = np.log(low), np.log(high), np.log(came)
    return high - low + 20 * (np.maximum(low - came, 0) + np.maximum(came - high, 0))


def plain_conformal(election: Election, at: float) -> pl.DataFrame:
    """Votes so far over elapsed share, within the quantiles of its errors at the origin before."""
    votes, opens, hours = timed_within(election)
    cast = (pl.col(c.CAST_AT) - opens).dt.total_seconds() / (3600 * hours)
    known = (
        votes.filter(cast < at)
        .group_by(c.PROJECT_ID)
        .agg(pl.len().alias("now"), (cast < at**2).sum().alias("before"))
    )
    early = known.filter(pl.col("before") >= 5)
    missed = np.log(early["now"].to_numpy() / (early["before"].to_numpy() / at))
    low, high = np.exp(np.quantile(missed, [0.05, 0.95]))
    naive = pl.col("now") / at
    return known.select(c.PROJECT_ID, (naive * low).alias("low"), (naive * high).alias("high"))


def figures(low: np.ndarray, high: np.ndarray, final: np.ndarray) -> tuple[float, ...]:
    """Covered share, width, interval score."""
    inside = ((low <= final) & (final <= high)).mean()
    return inside, np.log(high / low).mean(), interval_score(low, high, final).mean()


def judged(election: Election, at: float, past: Sequence[Election] = ()) -> tuple[float, ...]:
    """Figures of ours and of the peer, mean errors of log votes (ours, naive), covered total."""
    made = forecast(election, at=at, past=past)
    final = election.votes.group_by(c.PROJECT_ID).agg(pl.len().alias("final"))
    table = made.projects.drop_nulls(c.FORECAST).join(final, on=c.PROJECT_ID)
    peer = plain_conformal(election, at).join(final, on=c.PROJECT_ID)
    ours = figures(*table.select(c.FORECAST_LOW, c.FORECAST_HIGH, "final").to_numpy().T)
    theirs = figures(*peer.select("low", "high", "final").to_numpy().T)
    error = (table[c.FORECAST] / table["final"]).log().abs().mean()
    naive = (table[c.NAIVE] / table["final"]).log().abs().mean()
    total = made.total.row(0, named=True)
    hit = total[c.FORECAST_LOW] <= election.votes.height <= total[c.FORECAST_HIGH]
    return *ours, *theirs, error, naive, float(hit)


def said(covered: float, width: float, score: float) -> str:
    return f"{covered:.3f}; {width:.2f}; {score:.2f}"


def test_forecast_covers_and_beats_naive_on_curves_of_no_competing_family(measured):
    print("\n   at  kind        covered  width  score  (plain conformal)     error  naive  total")
    for at in (0.25, 0.5, 0.75):
        found = {kind: [judged(outside(kind, s), at) for s in range(100, 112)] for kind in KINDS}
        found["all"] = [row for rows in found.values() for row in rows]
        for kind, rows in found.items():
            inside, width, score, *peer, error, naive, hit = np.mean(rows, axis=0)
            print(
                f"{at:5}  {kind:10} {inside:8.3f} {width:6.2f} {score:6.2f}  ({said(*peer)})"
                f" {error:8.3f} {naive:6.3f} {hit:6.2f}"
            )
        if at == 0.5:
            measured(
                "forecast",
                what="forecast at half time, curves of foreign families: mean error of log votes",
                ours=f"{error:.3f}",
                peer=f"votes so far over elapsed share {naive:.3f}",
            )
            assert 0.85 <= inside <= 0.95
            assert error < naive
        measured(
            f"forecast-{at}",
            what=f"forecast at {at:.0%} of the time, curves of foreign families: coverage of 90 %; "
            "log width; interval score",
            ours=said(inside, width, score),
            peer=f"plain conformal {said(*peer)}",
        )


def test_forecast_with_finished_campaigns_holds_what_it_promises(measured):
    """Three finished campaigns of the same kind, each project's curve its own; seeds from 5,000.

    Settled before it was run, after the widening of one campaign was dropped on seeds from 4,000.
    """
    lines, of_peer, covered = [], [], {}
    for at in (0.25, 0.5, 0.75):
        rows = []
        for kind in KINDS:
            made = [outside(kind, seed) for seed in range(5_000, 5_008)]
            rows += [
                judged(made[n], at, [made[(n + k) % len(made)] for k in (1, 2, 3)])
                for n in range(len(made))
            ]
        inside, width, score, *peer, _, _, _ = np.mean(rows, axis=0)
        lines.append(said(inside, width, score))
        of_peer.append(said(*peer))
        covered[at] = inside
    print("\nthree finished campaigns given:", lines, of_peer)
    measured(
        "forecast-past",
        what="forecast at 25 / 50 / 75 % of the time, three finished campaigns given, curves of "
        "foreign families: coverage of 90 %; log width; interval score",
        ours=" / ".join(lines),
        peer=f"plain conformal, own campaign alone {' / '.join(of_peer)}",
    )
    assert all(0.87 <= inside <= 0.94 for inside in covered.values())


def test_forecast_of_the_sample(measured):
    election = datasets.election()
    final = timed_within(election)[0].group_by(c.PROJECT_ID).agg(pl.len().alias(c.FINAL))
    lines, of_peer = [], []
    for at in (0.25, 0.5, 0.75):
        table = backtest(election, at=[at]).projects
        rows = table.select(c.FORECAST_LOW, c.FORECAST_HIGH, c.FINAL).to_numpy().T
        lines.append(said(*figures(*rows)))
        peer = plain_conformal(election, at).join(final, on=c.PROJECT_ID)
        of_peer.append(said(*figures(*peer.select("low", "high", c.FINAL).to_numpy().T)))
    print("\nsample: covered, width, score at 25, 50, 75 %:", lines, of_peer)
    measured(
        "forecast-sample",
        what="forecast of the sample's vote at 25 / 50 / 75 % of the time: coverage of 90 %; log "
        "width; interval score",
        ours=" / ".join(lines),
        peer=f"plain conformal {' / '.join(of_peer)}",
    )


def with_posts(seed: int, *, own: float, others: float) -> tuple[Election, pl.DataFrame, float]:
    """150 projects in 18 districts of very unequal size; 60 posts whose effect fades by the hour.

    The truth is the ratio of votes expected with and without the posts in the 72 hours after.
    """
    draw = np.random.default_rng(seed)
    weight = np.geomspace(1, 0.1, 18)
    district = np.concatenate([np.arange(18), draw.choice(18, 132, p=weight / weight.sum())])
    level = draw.normal(0, 0.8, (150, 1)) + np.log(BY_HOUR)[np.arange(HOURS) % 24]
    level += 0.8 * np.exp(-(1 - TIME) / 0.06) + lasting(draw, 150, 0.95, 0.4)
    level += lasting(draw, 18, 0.97, 0.15)[district]
    about, at = draw.integers(0, 150, 60), draw.integers(0, HOURS, 60)
    mine, theirs = np.zeros((2, 150, HOURS))
    window = np.zeros((150, HOURS), dtype=bool)
    for unit, hour in zip(about, at, strict=True):
        since = np.arange(len(TIME[hour : hour + 73]))
        mine[unit, hour : hour + 73] += own * np.exp(-since / 24)
        near = (district == district[unit]) & (np.arange(150) != unit)
        theirs[near, hour : hour + 73] += others
        window[unit, hour : hour + 73] = True
    base = np.exp(level + theirs)
    base *= 60_000 / base.sum()
    election = campaign(base * np.exp(mine), draw, district)
    posts = pl.DataFrame(
        {
            c.POST_ID: [f"post{number}" for number in range(60)],
            c.PUBLISHED_AT: [OPENS + timedelta(hours=int(hour), minutes=1) for hour in at],
            c.KIND: "text",
            c.PROJECT_ID: [f"p{unit:03}" for unit in about],
        },
        schema_overrides={c.PUBLISHED_AT: pl.Datetime("us", "UTC")},
    )
    return election, posts, float((base * np.exp(mine))[window].sum() / base[window].sum())


@pytest.mark.parametrize(("own", "others"), [(0.0, 0.0), (0.6, -0.05)])
def test_effects_of_posts_cover_the_truth(own, others):
    hits = {"own 0-72": [], "own before": [], "others 0-72": []}
    for seed in range(100):
        election, posts, ratio = with_posts(seed, own=own, others=others)
        effects = post_effects(election, posts, placebos=0).effects
        truth = {"own 0-72": ratio, "own before": 1.0, "others 0-72": np.exp(others)}
        for name, value in truth.items():
            target, phase = name.split()
            row = effects.filter(target=target, phase=phase, kind="all").row(0, named=True)
            hits[name].append(row[c.RATIO_LOW] <= value <= row[c.RATIO_HIGH])
    covered = {name: float(np.mean(hit)) for name, hit in hits.items()}
    print(f"\nplanted {own} own, {others} others; covered: {covered}")
    # 92-98 %, give or take what a hundred campaigns can tell (two standard errors).
    assert 0.88 <= covered["own 0-72"] <= 1.0
