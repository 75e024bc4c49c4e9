"""Poisson regression with unit and hour effects: known answers and honest intervals."""

import numpy as np
import pytest
from scipy import sparse

from cur_lab.budgeting.effects import hour_regression
from cur_lab.errors import NotEnoughDataError


def one_cell(shape: tuple[int, int], unit: int, hour: int) -> sparse.csr_matrix:
    row = sparse.lil_matrix((1, shape[0] * shape[1]))
    row[0, unit * shape[1] + hour] = 1
    return row.tocsr()


def noisy(seed: int, beta: float) -> tuple[np.ndarray, sparse.csr_matrix, np.ndarray]:
    """40 units in 14 clusters of unequal size, 72 hours, noise that lasts and is shared."""
    draw = np.random.default_rng(seed)
    cluster = np.sort(np.concatenate([np.arange(14), draw.choice(4, 26)]))
    noise = draw.normal(0, 0.3, (40, 6))[:, np.repeat(np.arange(6), 12)]
    noise += draw.normal(0, 0.2, (14, 6))[:, np.repeat(np.arange(6), 12)][cluster]
    treated = np.zeros((40, 72))
    for unit in draw.choice(40, 20, replace=False):
        start = draw.integers(5, 60)
        treated[unit, start : start + 20] = 1
    level = draw.normal(1, 0.6, (40, 1)) + np.sin(np.arange(72) / 4)
    expected = np.exp(level + noise + beta * treated)
    return draw.poisson(expected).astype(float), sparse.csr_matrix(treated.reshape(1, -1)), cluster


def test_two_by_two_is_the_odds_ratio():
    table = np.array([[8.0, 30.0], [5.0, 6.0]])
    fitted = hour_regression.fit(table, one_cell((2, 2), 0, 1), np.array([0, 1]))
    assert fitted.coefficients == pytest.approx([np.log(30 * 5 / (8 * 6))])
    assert fitted.expected == pytest.approx(table)
    # Variance of a log odds ratio (Woolf).
    assert 1 / fitted.information[0, 0] == pytest.approx((1 / table).sum())


def test_what_is_expected_adds_up_to_what_was_counted():
    table, regressor, cluster = noisy(0, 0.4)
    fitted = hour_regression.fit(table, regressor, cluster)
    left = table - fitted.expected
    assert np.abs(left.sum(axis=0)).max() < 1e-6
    assert np.abs(left.sum(axis=1)).max() < 1e-6
    assert abs((regressor @ left.ravel())[0]) < 1e-6
    assert np.abs(fitted.scores.sum(axis=0)).max() < 1e-6


def test_a_candidate_is_judged_as_if_it_were_fitted():
    table, regressor, cluster = noisy(1, 0.0)
    nothing = sparse.csr_matrix(np.roll(regressor.toarray().reshape(40, 72), 7, 0).reshape(1, -1))
    alone = hour_regression.fit(table, regressor, cluster)
    both = hour_regression.fit(table, sparse.vstack([regressor, nothing]).tocsr(), cluster)
    assert alone.one_more(nothing) == pytest.approx(both.coefficients[1:], abs=0.01)


def test_a_regressor_that_is_an_hour_effect_is_refused():
    table, _, cluster = noisy(2, 0.0)
    everybody = np.zeros((40, 72))
    everybody[:, 10:20] = 1
    with pytest.raises(NotEnoughDataError):
        hour_regression.fit(table, sparse.csr_matrix(everybody.reshape(1, -1)), cluster)


def test_a_regressor_nobody_voted_under_is_refused():
    table, regressor, cluster = noisy(3, 0.0)
    table = np.where(regressor.toarray().reshape(40, 72) > 0, 0, table)
    with pytest.raises(NotEnoughDataError, match="not determined"):
        hour_regression.fit(table, regressor, cluster)


@pytest.mark.parametrize("beta", [0.0, 0.5])
def test_intervals_cover_under_shared_lasting_noise(beta):
    covered = []
    for seed in range(60):
        fitted = hour_regression.fit(*noisy(seed, beta))
        low, high, p_value = fitted.intervals(draws=399)
        covered.append(low[0] <= beta <= high[0])
        assert (p_value[0] > 0.05) == (low[0] <= 0 <= high[0]) or 0.03 < p_value[0] < 0.07
    # 95 % of 60 is 57; a binomial leaves 52 with probability 0.03.
    assert sum(covered) >= 52
