"""Intervals against known answers, peers and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import confint_poisson

from cur_lab.inference import design_effect, garwood, wilson


def test_wilson_of_a_textbook():
    # Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29.
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    np.testing.assert_allclose(low, [0.2553, 0.0624, 0.0, 0.0061], atol=5e-5)
    np.testing.assert_allclose(high, [0.3662, 0.1605, 0.1611, 0.1718], atol=5e-5)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
       st.floats(0.5, 0.999))  # fmt: skip
def test_wilson_equals_scipy(counts, level):
    successes, total = counts
    low, high = wilson(successes, total, level=level)
    peer = stats.binomtest(successes, total).proportion_ci(level, method="wilson")
    assert (low, high) == pytest.approx((peer.low, peer.high), abs=1e-9)


def test_wilson_of_nothing_says_nothing():
    low, high = wilson([0], [0])
    assert (low.item(), high.item()) == (0.0, 1.0)


def test_wilson_covers():
    rng = np.random.default_rng(0)
    share = rng.uniform(0.02, 0.98, 20_000)
    low, high = wilson(rng.binomial(80, share), np.full(share.size, 80))
    assert 0.94 <= np.mean((low <= share) & (share <= high)) <= 0.96


@pytest.mark.parametrize("dispersion", [1.0, 3.7])
def test_garwood_equals_statsmodels(dispersion):
    counts = np.r_[0:12, 100, 12_345]
    found = garwood(counts, dispersion=dispersion)
    peer = confint_poisson(counts / dispersion, 1 / dispersion, method="exact-c")
    np.testing.assert_allclose(found, peer, rtol=1e-12)


def test_garwood_of_nothing():
    low, high = garwood([0], dispersion=2.0)
    assert low.tolist() == [0.0]
    # The rule of three, for both sides: 3.69 with no event.
    assert high == pytest.approx([2 * -np.log(0.025)])


def test_garwood_covers():
    rng = np.random.default_rng(5)
    mean = rng.gamma(2, 4, 20_000)
    low, high = garwood(rng.poisson(mean))
    # Exact intervals of counts are conservative.
    assert 0.95 <= np.mean((low <= mean) & (mean <= high)) <= 0.985


def test_design_effect_of_copies_is_their_number():
    rng = np.random.default_rng(2)
    own = (rng.random((400, 2)) < [0.3, 0.7]).astype(float)
    copied = np.repeat(own, 5, axis=0)
    effect = design_effect(copied, np.ones(2000), np.repeat(np.arange(400), 5))
    # Five identical messages are worth one: the exact factor is 5 n / (n - 1).
    np.testing.assert_allclose(effect, 5 * 400 / 399)


def test_design_effect_of_independent_messages_is_one():
    rng = np.random.default_rng(3)
    hits = (rng.random((4000, 1)) < 0.4).astype(float)
    effect = design_effect(hits, np.ones(4000), rng.integers(0, 1000, 4000))
    assert 1.0 <= effect.item() < 1.2


def test_design_effect_of_what_never_or_always_happens_is_one():
    hits = np.column_stack([np.zeros(6), np.ones(6)])
    clusters = np.array([0, 0, 1, 1, 2, 2])
    np.testing.assert_array_equal(design_effect(hits, np.ones(6), clusters), [1.0, 1.0])


def test_interval_with_the_design_effect_covers_where_the_naive_one_does_not():
    rng = np.random.default_rng(4)
    share, people, each = 0.3, 120, 8
    naive, honest = [], []
    for _ in range(600):
        # A person who writes about it writes about it again: beta-binomial, correlation 0.5.
        leaning = rng.beta(share, 1 - share, people)
        hits = (rng.random((people, each)) < leaning[:, None]).astype(float).reshape(-1, 1)
        n = people * each
        effect = design_effect(hits, np.ones(n), np.repeat(np.arange(people), each)).item()
        for covered, size in ((naive, n), (honest, n / effect)):
            low, high = wilson(hits.mean() * size, size)
            covered.append(bool(low <= share <= high))
    assert np.mean(naive) < 0.75
    assert 0.92 <= np.mean(honest) <= 0.98
