"""Negative-binomial tails against scipy and against numbers of any length."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from cur_lab.inference import overdispersed


def test_tails_and_limits_equal_scipy():
    rng = np.random.default_rng(0)
    counts, means, sizes = rng.integers(0, 60, 500), rng.gamma(1, 12, 500), rng.gamma(1, 3, 500)
    law = stats.nbinom(sizes, sizes / (sizes + means))
    found = overdispersed.at_least(counts, means, sizes)
    np.testing.assert_allclose(found, law.sf(counts - 1), rtol=1e-9)
    found = overdispersed.at_most(counts, means, sizes)
    np.testing.assert_allclose(found, law.cdf(counts), rtol=1e-9)
    low, high = overdispersed.limits(means, sizes)
    np.testing.assert_array_equal([low, high], [law.ppf(0.025), law.ppf(0.975)])


def test_nearly_poisson_counts_lose_no_digits():
    size, mean, count = 10**9, 3, 12
    # P(N = k) by its recurrence, in fractions: P(0) = (size / (size + mean)) ^ size.
    chance, mass = Fraction(mean, mean + size), [Fraction(1)]
    for k in range(200):
        mass.append(mass[-1] * chance * (size + k) / (k + 1))
    exact = float(sum(mass[count:]) / sum(mass))
    assert overdispersed.at_least(count, mean, size) == pytest.approx(exact, rel=1e-11)


def test_nothing_and_the_unknown_surprise_nobody():
    assert overdispersed.at_least([0, 3], [2.0, np.nan], 1.0).tolist() == [1.0, 1.0]


def test_dispersion_is_found_again():
    rng = np.random.default_rng(1)
    means = rng.gamma(4, 5, 40_000)
    counts = rng.poisson(means * rng.gamma(1 / 0.3, 0.3, means.size)).astype(float)
    assert overdispersed.dispersion(counts, means) == pytest.approx(0.3, abs=0.02)
    assert overdispersed.dispersion(means, means) < 0
