"""Exact products, logarithms and factors."""

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_info

from cur_lab import exact


def rows(n, m, *, seed=0):
    return np.random.default_rng(seed).normal(size=(n, m))


def test_a_grid_keeps_what_lies_on_it_and_makes_products_exact():
    one, other = (exact.grid(rows(50, 200, seed=seed) / 20, 20) for seed in (0, 1))
    assert np.array_equal(exact.grid(one, 20), one)
    order = np.random.default_rng(2).permutation(200)
    assert np.array_equal(one @ other.T, one[:, order] @ other[:, order].T)


def test_logarithm():
    values = np.concatenate([np.arange(1, 2_000), np.logspace(-300, 300, 1_001)])
    assert exact.log(values) == pytest.approx(np.log(values), rel=1e-15, abs=1e-15)
    assert exact.log([1.0]) == 0.0


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_eigenvectors(size):
    matrix = rows(size, size)
    matrix = matrix @ matrix.T
    values, vectors = exact.eigen(matrix)
    assert values == pytest.approx(np.linalg.eigvalsh(matrix)[::-1], abs=1e-9)
    assert vectors.T @ vectors == pytest.approx(np.eye(size), abs=1e-12)
    assert vectors * values @ vectors.T == pytest.approx(matrix, abs=1e-9)


@pytest.mark.parametrize("shape", [(300, 40), (40, 300), (1, 5), (5, 1)])
def test_factors(shape):
    matrix = rows(*shape) * np.linspace(1, 0.1, shape[1]) ** 2
    rank = min(10, *shape)
    vectors, strengths = exact.right_factors(sparse.csr_array(matrix), rank)
    _, expected, right = np.linalg.svd(matrix, full_matrices=False)
    assert strengths == pytest.approx(expected[:rank], rel=1e-3)
    assert np.abs((vectors * right[:rank].T).sum(axis=0)) == pytest.approx(1, abs=1e-2)
    assert vectors.T @ vectors == pytest.approx(np.eye(rank), abs=1e-5)


def test_factors_of_a_matrix_of_low_rank():
    vectors, strengths = exact.right_factors(sparse.csr_array(np.ones((9, 6))), 4)
    assert strengths[0] == pytest.approx(np.sqrt(54), rel=1e-5)
    assert not strengths[1:].any()
    assert vectors[:, 0] == pytest.approx(np.full(6, 6**-0.5), abs=1e-6)
    nothing, none = exact.right_factors(sparse.csr_array((9, 6)), 2)
    assert not nothing.any()
    assert not none.any()


def test_one_thread():
    with exact.one_thread():
        assert {
            pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"
        } == {1}
