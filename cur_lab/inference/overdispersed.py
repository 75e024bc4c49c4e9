"""Counts that scatter more than a Poisson count: the negative binomial by mean and size.

The variance is mean + mean² / size; one over size is the dispersion.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.inference.arrays import FloatArray


def at_least(counts: npt.ArrayLike, means: npt.ArrayLike, sizes: npt.ArrayLike) -> FloatArray:
    """Probability of at least so many; 1 where the count is 0 or nothing is known (NaN)."""
    k, mean, size = np.asarray(counts), np.asarray(means), np.asarray(sizes)
    # The beta function itself: scipy's distribution takes the complement of a chance near one and
    # loses seven digits where counts hardly scatter.
    tail = scipy.special.betainc(np.maximum(k, 0.5), size, mean / (mean + size))
    return np.asarray(np.where((k > 0) & ~np.isnan(tail), tail, 1.0), dtype=float)


def at_most(counts: npt.ArrayLike, means: npt.ArrayLike, sizes: npt.ArrayLike) -> FloatArray:
    """Probability of at most so many."""
    k, mean, size = np.asarray(counts), np.asarray(means), np.asarray(sizes)
    return np.asarray(scipy.special.betainc(size, k + 1, size / (mean + size)), dtype=float)


def limits(
    means: npt.ArrayLike, sizes: npt.ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Range in which a count lies with this probability."""
    mean, size = np.asarray(means, dtype=float), np.asarray(sizes, dtype=float)
    law = scipy.stats.nbinom(size, size / (size + mean))
    low, high = (np.asarray(law.ppf(p), dtype=float) for p in ((1 - level) / 2, (1 + level) / 2))
    return low, high


def dispersion(counts: FloatArray, means: FloatArray) -> float:
    """Dispersion by moments; below zero where counts scatter less than a Poisson count."""
    excess = ((counts - means) ** 2 - means).sum()
    return float(excess / np.maximum((means**2).sum(), 1e-12))
