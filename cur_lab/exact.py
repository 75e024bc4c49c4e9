"""Arithmetic that gives the same bits on every machine.

The last digit of a matrix product depends on the processor (every kernel of a linear algebra
library adds in an order of its own) and on the number of threads; of a logarithm, on the
processor's vector instructions. Where something is chosen by such a number, the last digit becomes
another topic.

The remedy is a grid: if the entries of two matrices are multiples of powers of two, and no sum of
their products needs more bits than a floating-point number has, then every order of adding gives
the exact sum. By the Cauchy-Schwarz inequality no partial sum exceeds the product of the lengths of
row and column. Sums, products, quotients and square roots of single numbers are the same everywhere
by IEEE 754, and what is made of them step by step is, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import numpy.typing as npt
import scipy
from threadpoolctl import ThreadpoolController

Floats = npt.NDArray[np.float64]

# Bits after the point: of what is decomposed, of orthonormal columns (products of both stay exact
# for rows and columns shorter than 2^13), of columns of length one half multiplied with each other.
MATRIX_BITS, _BASIS_BITS, _COLUMN_BITS = 18, 22, 26
_ROTATION_BITS = 24
_OVERSAMPLING = 10
_ROUNDS = 5
_SWEEPS = 30
# A column that others make up but for this part of its squared length is left out.
_DEPENDENT = 1e-9
# A singular value below this part of the largest is rounding.
_NEGLIGIBLE = 1e-6


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread: of small matrices two only wait for each other.

    Also a decorator.
    """
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@cache
def _libraries() -> ThreadpoolController:
    """Find the libraries once: looking for them takes longer than a small product."""
    # Brings a library of its own beside NumPy's.

    return ThreadpoolController()


def grid(values: npt.ArrayLike, bits: int) -> Floats:
    """Round to multiples of 2 to the power of minus ``bits``."""
    return np.asarray(np.rint(np.asarray(values, dtype=float) * 2.0**bits) * 2.0**-bits)


def log(values: npt.ArrayLike) -> Floats:
    """Natural logarithm of positive numbers."""
    mantissa, exponent = np.frexp(np.asarray(values, dtype=float))
    small = mantissa < np.sqrt(0.5)
    mantissa = np.where(small, 2 * mantissa, mantissa)
    part = (mantissa - 1) / (mantissa + 1)
    square, series = part * part, np.zeros_like(part)
    for odd in range(23, 0, -2):
        series = series * square + 1 / odd
    return np.asarray(2 * part * series + (exponent - small) * np.log(2.0))


@one_thread()
def right_factors(matrix: scipy.sparse.csr_array, rank: int) -> tuple[Floats, Floats]:
    """Largest singular values of a matrix and their right vectors.

    Subspace iteration from random signs; a vector's largest entry is positive.

    Parameters
    ----------
    matrix
        Entries are rounded to 18 bits after the point; no row or column longer than 8,192.
    rank
        Number of values, at most the smaller side of the matrix.

    Returns
    -------
    tuple
        Vectors in columns, columns x rank, to about six decimals, zeros where the matrix has a
        lower rank; values, largest first.

    References
    ----------
    Halko N., Martinsson P., Tropp J. (2011). Finding structure with randomness. SIAM Review 53,
    217-288. Cholesky QR twice: Yamamoto Y. et al. (2015). ETNA 44, 306-326.
    """
    matrix = scipy.sparse.csr_array(
        (grid(matrix.data, MATRIX_BITS), matrix.indices, matrix.indptr), shape=matrix.shape
    )
    across = scipy.sparse.csr_array(matrix.T)
    width = min(rank + _OVERSAMPLING, *matrix.shape)
    signs = np.random.default_rng(0).integers(0, 2, (matrix.shape[0], width))
    basis = _orthonormal(across @ (2.0 * signs - 1))
    for _ in range(_ROUNDS):
        basis = _orthonormal(across @ _orthonormal(matrix @ basis))
    seen = matrix @ basis
    scale = 2 * np.sqrt((seen * seen).sum(axis=0).max(initial=0.0)) or 1.0
    halves = grid(seen / scale, _COLUMN_BITS)
    values, rotation = eigen(halves.T @ halves)
    vectors = (basis @ grid(rotation, _ROTATION_BITS))[:, :rank]
    largest = np.abs(vectors).argmax(axis=0)
    vectors *= np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1, 1)
    strengths = np.sqrt(np.maximum(values[:rank], 0))
    return grid(vectors, _BASIS_BITS), np.where(strengths > _NEGLIGIBLE, strengths, 0) * scale


def _orthonormal(columns: Floats) -> Floats:
    """Columns of length one, at right angles, that span the same; zeros for superfluous ones."""
    for _ in range(2):
        lengths = 2 * np.sqrt((columns * columns).sum(axis=0))
        columns = columns / np.where(lengths > 0, lengths, 1)
        halves = grid(columns, _COLUMN_BITS)
        inverse = _inverse_factor(halves.T @ halves)
        # Each column of the inverse on a grid as fine as its sum leaves bits for.
        reach = np.exp2(np.frexp(np.abs(inverse).sum(axis=0))[1])
        columns = grid(columns, _BASIS_BITS) @ (grid(inverse / reach, 29) * reach)
    return grid(columns, _BASIS_BITS)


def _inverse_factor(gram: Floats) -> Floats:
    """Inverse of the upper Cholesky factor; zero columns where a column depends on earlier ones."""
    size = len(gram)
    rest, inverse, diagonal = gram.copy(), np.eye(size), np.diag(gram).copy()
    for place in range(size):
        pivot = rest[place, place]
        if pivot <= _DEPENDENT * diagonal[place]:
            rest[place, :] = rest[:, place] = 0.0
            inverse[:, place] = 0.0
            continue
        row = rest[place, place + 1 :] / pivot
        rest[place + 1 :, place + 1 :] -= rest[place + 1 :, place, None] * row
        inverse[:, place + 1 :] -= inverse[:, place, None] * row
        inverse[:, place] /= np.sqrt(pivot)
    return inverse


def eigen(matrix: Floats) -> tuple[Floats, Floats]:
    """Eigenvalues of a symmetric matrix, largest first, and its eigenvectors in columns.

    Jacobi rotations of disjoint pairs at a time, in the order of a round-robin tournament.

    References
    ----------
    Brent R., Luk F. (1985). The solution of singular-value and symmetric eigenvalue problems on
    multiprocessor arrays. SIAM J. Sci. Stat. Comput. 6, 69-84.
    """
    size = len(matrix)
    even = size + size % 2
    work = np.zeros((even, even))
    work[:size, :size] = matrix
    vectors = np.eye(even)
    order = np.arange(even)
    negligible = 1e-17 * np.trace(np.abs(matrix))
    for _ in range(_SWEEPS):
        turned = False
        for _ in range(even - 1):
            one, other = order[: even // 2], order[: even // 2 - 1 : -1]
            across = work[one, other]
            loose = np.abs(across) > negligible
            turned |= bool(loose.any())
            ratio = (work[other, other] - work[one, one]) / np.where(loose, 2 * across, 1.0)
            tangent = np.where(ratio < 0, -1, 1) / (np.abs(ratio) + np.sqrt(1 + ratio * ratio))
            tangent = np.where(loose, tangent, 0.0)
            cosine = 1 / np.sqrt(1 + tangent * tangent)
            sine = tangent * cosine
            for table in (work.T, work, vectors):  # columns of its transpose are a matrix's rows
                left, right = table[:, one], table[:, other]
                table[:, one] = cosine * left - sine * right
                table[:, other] = sine * left + cosine * right
            order = np.concatenate([order[:1], order[-1:], order[1:-1]])
        if not turned:
            break
    values = np.diag(work)[:size]
    ranked = np.argsort(-values, kind="stable")
    return values[ranked], vectors[:size, ranked]
