"""Impact at length: coverage with chosen and with peak-triggered dates, power, roll-outs.

Backgrounds come from tests/trends/simulated_counts.py: none is of the family that is fitted. The
peer is a segmented negative-binomial regression with HAC errors (statsmodels), as in the anchors;
beside it a conformal interval (Chernozhukov, Wüthrich, Zhu 2021) around the same forecast-free
level model. Replicates: COVERAGE_REPLICATES, 500 unless told; seeds: COVERAGE_SEED.
"""

import importlib.util
import os
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from cur_lab.inference import wilson
from cur_lab.trends.decisions.estimating import at_decision
from cur_lab.trends.decisions.panel import Panel

pytestmark = pytest.mark.benchmark

REPLICATES = int(os.environ.get("COVERAGE_REPLICATES", "500"))
SEED = int(os.environ.get("COVERAGE_SEED", "50000"))
HORIZON = 90
EARLIEST = 365


def load_simulation():
    path = Path(__file__).parents[1] / "trends" / "simulated_counts.py"
    spec = importlib.util.spec_from_file_location("simulated_counts", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["simulated_counts"] = module
    spec.loader.exec_module(module)
    return module


simulation = load_simulation()
DATES = {"exogenous": simulation.exogenous, "peak": simulation.peak}


def panel(counts, day):
    """The panel :func:`cur_lab.trends.impact` would read; no other rubric, so no offset."""
    days, districts = counts.shape
    return Panel(
        datetime(2024, 1, 1, tzinfo=UTC),
        counts[:, 0],
        counts[:, 1:],
        [f"d{place:02}" for place in range(1, districts)],
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
    accepted = []
    centre = rate[after].mean() - rate[~after].mean()
    grid = centre + np.linspace(-1.5, 1.5, 121)
    for change in grid:
        rest = rate - change * after
        rest = rest - rest.mean()
        circle = np.concatenate([rest, rest])
        sums = np.convolve(circle, np.ones(ahead), "valid")[: len(rest)]
        statistic = abs(rest[after].sum())
        if (np.abs(sums) >= statistic - 1e-9).mean() > 0.05:
            accepted.append(change)
    return centre, min(accepted), max(accepted)


def estimates(counts, day):
    found = {
        estimate.method: (estimate.forecast.centre, *estimate.forecast.interval)
        for estimate in at_decision(panel(counts, day), HORIZON)
    }
    return found | {"ITS-HAC": hac(counts, day), "conformal": conformal(counts, day)}


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
@pytest.mark.parametrize("kind", simulation.KINDS)
def test_coverage(kind, date):
    """No effect in half of the replicates, −30 % in the other half; 2 and 8 messages a day."""
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
        print(text)
    for name in ("synthetic_control", "interrupted_series"):
        assert len(inside[name]) == REPLICATES
        low, high = wilson(inside[name].sum(), REPLICATES)
        # 92-98 % may not be refuted.
        assert high >= 0.92, name
        assert low <= 0.98, name
