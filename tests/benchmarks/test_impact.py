"""Impact at length: coverage with chosen and with peak-triggered dates, power, roll-outs.

Backgrounds come from tests/simulations/simulated_counts.py: none is of the family that is fitted.
The peer is a segmented negative-binomial regression with HAC errors (statsmodels); beside it stands
a conformal interval around a change of level (Chernozhukov, Wüthrich, Zhu 2021). Replicates and
first seed: COVERAGE_REPLICATES (500), COVERAGE_SEED.
"""

import os
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest
import simulated_counts as simulation
import statsmodels.api as sm

from cur_lab.inference import wilson
from cur_lab.trends.decisions.compared import Panel
from cur_lab.trends.decisions.estimating import at_decision
from cur_lab.trends.decisions.staggered import Staggered, effects, jackknife, two_way

pytestmark = pytest.mark.benchmark


REPLICATES = int(os.environ.get("COVERAGE_REPLICATES", "500"))
SEED = int(os.environ.get("COVERAGE_SEED", "50000"))
HORIZON = 90
EARLIEST = 365


DATES = {"exogenous": simulation.exogenous, "peak": simulation.peak}


def panel(counts, day):
    """The panel :func:`cur_lab.trends.impact` would read; no other rubric, so no offset."""
    days, districts = counts.shape
    return Panel(
        datetime(2024, 1, 1, tzinfo=UTC),
        counts[:, 0],
        counts[:, 1:],
        [f"d{place:02}" for place in range(1, districts)],
        {},
        np.zeros(days),
        np.zeros(days),
        np.ones(days, dtype=bool),
        day,
        day,
    )


def replicate(kind, date, seed, *, volume, change):
    draw = np.random.default_rng([seed, 7])
    counts = simulation.simulate(kind, seed, volume=volume)
    day = DATES[date](draw, counts, earliest=EARLIEST, horizon=HORIZON)
    return simulation.decided(counts, day, change, draw), day


def hac(counts, day):
    """log E[y] = level + trend + step + change of slope + weekday + season, HAC with 14 lags."""
    y = counts[: day + HORIZON, 0]
    t = np.arange(len(y))
    after = (t >= day).astype(float)
    angle = 2 * np.pi * t / 365.25
    design = np.column_stack(
        [np.ones(len(y)), t / 365, after, after * (t - day - HORIZON / 2) / 365]
        + [(t % 7 == weekday).astype(float) for weekday in range(6)]
        + [np.sin(angle), np.cos(angle)]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        family = sm.families.NegativeBinomial(alpha=0.2)
        fitted = sm.GLM(y, design, family=family).fit(cov_type="HAC", cov_kwds={"maxlags": 14})
    step, error = fitted.params[2], fitted.bse[2]
    return step, step - 1.96 * error, step + 1.96 * error


def conformal(counts, day):
    """Invert the moving-block permutation test of a change of level on weekly logarithms."""
    past, ahead = day // 7, HORIZON // 7
    series = np.concatenate([counts[day - 7 * past : day, 0], counts[day : day + 7 * ahead, 0]])
    rate = np.log(series.reshape(-1, 7).sum(axis=1) + 0.5)
    after = np.arange(len(rate)) >= past
    centre = rate[after].mean() - rate[~after].mean()
    change = centre + np.linspace(-1.5, 1.5, 121)[:, None]
    rest = rate - change * after
    rest -= rest.mean(axis=1, keepdims=True)
    total = np.cumsum(np.hstack([np.zeros((121, 1)), rest, rest]), axis=1)
    sums = np.abs(total[:, ahead : ahead + len(rate)] - total[:, : len(rate)])
    actual = np.abs(rest[:, after].sum(axis=1, keepdims=True))
    accepted = change[(sums >= actual - 1e-9).mean(axis=1) > 0.05]
    return centre, accepted.min(), accepted.max()


def estimates(counts, day):
    known = at_decision(panel(counts, day), HORIZON)
    found = {
        estimate.method: (estimate.forecast.centre, *estimate.forecast.interval)
        for estimate in known
    }
    return (
        {"headline": found[known[0].method]}
        | found
        | {"ITS-HAC": hac(counts, day), "conformal": conformal(counts, day)}
    )


def line(name, rows, truth):
    rows = np.array(rows)
    inside = (rows[:, 1] <= truth) & (truth <= rows[:, 2])
    low, high = wilson(inside.sum(), len(rows))
    return (
        f"  {name:18} {inside.mean():.3f} ({float(low):.3f}–{float(high):.3f})"
        f"  ложный спад {(rows[:, 2] < truth).mean():.3f}"
        f"  ложный рост {(rows[:, 1] > truth).mean():.3f}"
        f"  ширина {np.median(rows[:, 2] - rows[:, 1]):.2f}"
        f"  смещение {(rows[:, 0] - truth).mean():+.3f}"
    ), inside


@pytest.mark.parametrize("date", DATES)
def test_coverage(date, measured):
    """No effect in half of the replicates, −30 % in the other half; 2 and 8 messages a day."""
    covered = {}
    for kind in simulation.KINDS:
        found = {}
        for number in range(REPLICATES):
            change = (0.0, -0.3)[number % 2]
            counts, day = replicate(
                kind, date, SEED + number, volume=(2.0, 8.0)[number // 2 % 2], change=change
            )
            for name, row in estimates(counts, day).items():
                found.setdefault(name, []).append(np.array(row) - np.log1p(change))
        print(f"\n{kind}, {date}: доля накрытий 95 %-х интервалов, n = {REPLICATES}")
        inside = {}
        for name, rows in found.items():
            text, inside[name] = line(name, rows, 0.0)
            covered.setdefault(name, []).append(inside[name].mean())
            print(text)
        for name in ("headline", "synthetic_control", "interrupted_series"):
            assert len(inside[name]) == REPLICATES
            low, high = wilson(inside[name].sum(), REPLICATES)
            # 92-98 % may not be refuted.
            assert high >= 0.92, name
            assert low <= 0.98, name
    ends = {name: f"{min(shares):.3f}–{max(shares):.3f}" for name, shares in covered.items()}
    measured(
        f"impact-{date}",
        what=f"effect of a decision, {len(simulation.KINDS)} backgrounds, {date} dates: coverage "
        "of 95 % intervals",
        ours=ends["headline"],
        peer=f"ITS with HAC errors {ends['ITS-HAC']}; conformal {ends['conformal']}",
    )


def test_power():
    """Share of replicates whose interval lies below zero, by change and volume a day."""
    volumes = (1.0, 3.0, 10.0, 30.0)
    print("\nмощность: доля найденных спадов (60 повторов на клетку, 4 вида фона, даты без пика)")
    print("  спад     " + "".join(f"{volume:>8g}/день" for volume in volumes))
    table = {}
    for change in (0.0, -0.1, -0.2, -0.3, -0.4, -0.5):
        for volume in volumes:
            hits = []
            for number in range(60):
                kind = simulation.KINDS[number % 4]
                counts, day = replicate(
                    kind, "exogenous", SEED + 9000 + number, volume=volume, change=change
                )
                hits.append(at_decision(panel(counts, day), HORIZON)[0].forecast.interval[1] < 0)
            table[change, volume] = np.mean(hits)
        cells = "".join(f"{table[change, volume]:13.2f}" for volume in volumes)
        print(f"  {100 * change:+4.0f} % {cells}")
    # The same backgrounds at every volume: the cells are no independent trials.
    assert np.mean([table[0.0, volume] for volume in volumes]) <= 0.1
    assert table[-0.5, 30.0] >= 0.8
    assert table[-0.5, 10.0] > table[-0.1, 10.0]


def staggered(kind, seed, *, effect, districts_with):
    """Weekly counts of 18 districts; the effect grows over 180 days from a third to its whole."""
    draw = np.random.default_rng([seed, 11])
    counts = simulation.simulate(kind, seed, volume=5.0)
    days, districts = counts.shape
    begins = np.full(districts, np.inf)
    begins[1 : districts_with + 1] = np.sort(draw.integers(190, 540, districts_with))
    since = np.arange(days)[:, None] - begins
    fall = np.where(since >= 0, effect * (0.3 + 0.7 * np.clip(since, 0, 180) / 180), 0.0)
    thinned = draw.binomial(counts.astype(int), 1 - fall).astype(float)
    weeks = days // 7

    def weekly(daily):
        return daily[: weeks * 7].reshape(weeks, 7, -1).sum(axis=1)

    data = Staggered(weekly(thinned), np.ceil(begins / 7), np.ones(weeks))
    cells = (data.since >= 0) & (data.since < 26)
    expected = weekly(counts * (1 - fall))[cells].sum() / weekly(counts)[cells].sum()
    return data, np.log(expected)


@pytest.mark.parametrize("districts_with", [9, 14])
def test_rollout_coverage(districts_with):
    """Imputation with jackknife intervals; the two-way regression beside it."""
    inside, error, peer = [], [], []
    number = max(REPLICATES // 2, 20)
    for place in range(number):
        kind, effect = simulation.KINDS[place % 4], (0.0, 0.5)[place // 4 % 2]
        data, truth = staggered(kind, SEED + place, effect=effect, districts_with=districts_with)
        ends = jackknife(data, lambda part: effects(part, [(0, 26)]))[0]
        inside.append(ends[1] <= truth <= ends[2])
        error.append(ends[0] - truth)
        if effect:
            peer.append((two_way(data, 26)[0] - truth, ends[0] - truth))
    low, high = wilson(sum(inside), number)
    ours, theirs = np.mean(peer, axis=0)[::-1]
    print(f"\nвведено в {districts_with} районах из 18, n = {number}")
    print(f"  накрытие {np.mean(inside):.3f} ({float(low):.3f}–{float(high):.3f})")
    print(f"  смещение при эффекте: перенос {ours:+.3f}, обычная регрессия {theirs:+.3f}")
    assert high >= 0.92
    assert low <= 0.98
    assert abs(np.mean(error)) < 0.05
