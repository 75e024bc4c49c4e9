"""False changes of level: ours beside MSTL and PELT as they stand in textbooks, same series."""

import numpy as np
import pytest
from ruptures import KernelCPD
from statsmodels.tsa.seasonal import MSTL

from cur_lab.trends.changes import steps

pytestmark = pytest.mark.benchmark

DAYS = np.arange(731)
SEASON = steps.Season(DAYS + 738_000, yearly=True)
PLANTED = 450
# Memory of the wandering level in days' correlation, its deviation.
WORLDS = ((0.0, 0.0), (0.4, 0.3), (0.7, 0.3), (0.9, 0.2), (0.9, 0.3))


def series(seed: int, *, mean: float, memory: float, deviation: float, step: float) -> np.ndarray:
    """Two years of counts: week, season, a wandering level, negative-binomial noise."""
    draw = np.random.default_rng(seed)
    wander = np.zeros(DAYS.size)
    for day in DAYS[1:]:
        shock = draw.normal(0, deviation * np.sqrt(1 - memory**2))
        wander[day] = memory * wander[day - 1] + shock
    week = np.array([0.1, 0.1, 0.1, 0.05, 0.0, -0.2, -0.3])[DAYS % 7]
    expected = mean * np.exp(week + 0.3 * np.cos(2 * np.pi * (DAYS - 80) / 365.25) + wander)
    expected[PLANTED:] *= 1 + step
    return draw.negative_binomial(20, 1 / (1 + expected / 20)).astype(float)


def textbook(values: np.ndarray) -> tuple[int, ...]:
    """MSTL of the roots, then PELT with 2σ²·ln n, σ from the differences of neighbours."""
    roots = np.sqrt(values)
    found = MSTL(roots, periods=(7, 365)).fit()
    rest = roots - found.seasonal.sum(axis=1)
    scale = 1.4826 * np.median(np.abs(np.diff(rest))) / np.sqrt(2)
    algorithm = KernelCPD(kernel="linear", min_size=7).fit(rest[:, None])
    return tuple(algorithm.predict(pen=2 * scale**2 * np.log(rest.size))[:-1])


def ours(values: np.ndarray) -> tuple[int, ...]:
    return steps.find(values, SEASON, error=0.05).at


@pytest.mark.parametrize("mean", [3, 20])
def test_false_changes_and_power(mean, measured):
    print(f"\n{mean} a day     false: ours  textbook   found of a rise by half: ours  textbook")
    figures = []
    for memory, deviation in WORLDS:
        world = {"mean": mean, "memory": memory, "deviation": deviation}
        quiet = [series(seed, **world, step=0) for seed in range(100)]
        changed = [series(1000 + seed, **world, step=0.5) for seed in range(40)]
        false = [
            np.mean([bool(method(one)) for one in quiet[:size]])
            for method, size in ((ours, 100), (textbook, 8))
        ]
        power = [
            np.mean([any(abs(at - PLANTED) <= 14 for at in method(one)) for one in changed[:size]])
            for method, size in ((ours, 40), (textbook, 8))
        ]
        print(
            f"ρ={memory} σ={deviation}   {false[0]:10.2f} {false[1]:9.2f}"
            f"   {power[0]:25.2f} {power[1]:9.2f}"
        )
        figures.append((*false, *power))
        # 5 % of 100 are exceeded by 12 with probability 0.001.
        assert false[0] <= 0.12
    worst, mean_power = np.max(figures, axis=0), np.mean(figures, axis=0)
    measured(
        f"changes-{mean}",
        what=f"changes of level at {mean} a day, five worlds: worst false rate at 5 %; a rise by "
        "half seen, mean",
        ours=f"{worst[0]:.2f}; {mean_power[2]:.2f}",
        peer=f"MSTL and PELT {worst[1]:.2f}; {mean_power[3]:.2f}",
    )
