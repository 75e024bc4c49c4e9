"""P-values of many hypotheses against known answers, peers and simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cur_lab.errors import ParameterError
from cur_lab.inference import cauchy, q_values, sidak


def test_q_values_of_the_original_example():
    # Benjamini & Hochberg (1995), section 3.1: four of fifteen rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
         0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert (q_values(p) <= 0.05).sum() == 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_q_values_do_not_depend_on_order(p, random):
    order = random.sample(range(len(p)), len(p))
    np.testing.assert_allclose(q_values(np.take(p, order)), np.take(q_values(p), order))


def test_q_values_hold_the_false_discovery_rate():
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(400):
        real = rng.random(60) < 0.2
        p = stats.norm.sf(rng.normal(np.where(real, 3.0, 0.0)))
        found = q_values(p) <= 0.1
        shares.append((found & ~real).sum() / max(found.sum(), 1))
    # 0.08 is the nominal rate times the share of true nulls; the standard error is below 0.006.
    assert np.mean(shares) < 0.1


@pytest.mark.parametrize("p", [[-0.1], [1.1], [0.5, float("inf")]])
def test_what_is_no_probability(p):
    with pytest.raises(ParameterError):
        q_values(p)


def test_q_values_of_nothing():
    assert q_values([]).size == 0


def test_what_was_not_tested_is_no_hypothesis():
    found = q_values([0.01, np.nan, 0.04, np.nan])
    np.testing.assert_array_equal(found, [0.02, np.nan, 0.04, np.nan])
    assert np.isnan(q_values([np.nan])).all()


def test_q_values_of_two_among_a_thousand():
    assert q_values([1e-6, 1e-3], hypotheses=1000) == pytest.approx([1e-3, 0.5])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=30), st.integers(0, 40))
def test_hypotheses_not_given_have_p_one(p, more):
    padded = q_values([*p, *[1.0] * more])[: len(p)]
    np.testing.assert_allclose(
        q_values(p, hypotheses=len(p) + more), padded, rtol=1e-12, atol=1e-300
    )


def test_sidak_of_one_try_is_the_p_value_and_of_many_their_union():
    assert sidak(0.2, 1) == pytest.approx(0.2)
    assert sidak([0.5, 1e-12], 2) == pytest.approx([0.75, 2e-12])
    assert sidak(1.0, 5) == pytest.approx(1.0)


def test_cauchy_of_equal_p_values_is_that_value():
    for p in (1e-14, 1e-6, 0.3):
        assert cauchy(np.full(3, p), most=0.95) == pytest.approx(p, rel=1e-9)


def test_cauchy_leaves_out_what_was_not_asked():
    assert cauchy([0.01, np.nan], most=0.9) == pytest.approx(0.01)
    assert np.isnan(cauchy([np.nan, np.nan], most=0.9))
    assert np.isnan(cauchy([], most=0.9))


def test_cauchy_survives_a_test_that_sees_nothing():
    assert cauchy([1e-6, 1.0], most=0.9) == pytest.approx(2e-6, rel=0.05)


def test_cauchy_holds_its_level_of_dependent_tests():
    rng = np.random.default_rng(6)
    z = rng.normal(size=(4, 20_000)) + rng.normal(size=20_000)
    combined = cauchy(stats.norm.sf(z / np.sqrt(2)), most=0.95)
    assert np.mean(combined <= 0.01) < 0.012
