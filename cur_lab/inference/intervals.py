"""Intervals of proportions and counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.inference.arrays import FloatArray, IntArray


def wilson(
    successes: npt.ArrayLike, totals: npt.ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Wilson score interval of a proportion.

    Parameters
    ----------
    successes, totals
        Counts of the same shape.
    level
        Coverage.

    Returns
    -------
    tuple of arrays
        Lower and upper ends, in [0, 1]; 0 and 1 where the total is zero.

    References
    ----------
    Wilson E. B. (1927). Probable inference, the law of succession, and statistical inference.
    JASA 22, 209-212.
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(totals, dtype=float)
    z = scipy.special.ndtri(0.5 + level / 2)
    safe = np.where(n > 0, n, 1.0)
    centre = (k + z**2 / 2) / (safe + z**2)
    half = z / (safe + z**2) * np.sqrt(k * (safe - k) / safe + z**2 / 4)
    # At 0 and n the ends are exactly 0 and 1; rounding would leave them a hair off.
    low = np.where((n > 0) & (k > 0), np.clip(centre - half, 0, 1), 0.0)
    high = np.where((n > 0) & (k < n), np.clip(centre + half, 0, 1), 1.0)
    return low, high


def garwood(
    counts: npt.ArrayLike, *, dispersion: npt.ArrayLike = 1.0, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Exact interval of the mean of a Poisson count, at its effective size if it scatters more.

    Parameters
    ----------
    counts
        What was counted.
    dispersion
        Variance of a count over its mean, at least one: messages come in bunches.
    level
        Coverage.

    Returns
    -------
    tuple of arrays
        Lower and upper ends; the lower end of nothing is 0.

    References
    ----------
    Garwood F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    # The numbers of statsmodels' confint_poisson (a test holds them to it), which would take longer
    # to load than all else here, and which gives a bare 0 for an array of a single zero.
    scale = np.asarray(dispersion, dtype=float)
    effective = np.asarray(counts, dtype=float) / scale
    low = scipy.special.gammaincinv(np.maximum(effective, 1e-9), (1 - level) / 2)
    high = scipy.special.gammaincinv(effective + 1, (1 + level) / 2)
    return np.where(effective > 0, low, 0.0) * scale, np.asarray(high * scale, dtype=float)


def design_effect(successes: FloatArray, totals: FloatArray, clusters: IntArray) -> FloatArray:
    """How much clustering of observations widens the variance of a proportion.

    Parameters
    ----------
    successes
        Shape (observations, proportions), zeros and ones: several proportions of one sample.
    totals
        Shape (observations,), the weight of each observation, usually ones.
    clusters
        Shape (observations,), number of the cluster (author, incident) of each observation.

    Returns
    -------
    array
        Shape (proportions,): variance of the ratio estimator over clusters, divided by the binomial
        variance; never below one, and one where the proportion is 0 or 1.

    References
    ----------
    Rao J. N. K., Scott A. J. (1992). A simple method for the analysis of clustered binary data.
    Biometrics 48, 577-585.
    """
    number = int(clusters.max()) + 1 if clusters.size else 0
    if number < 2:
        return np.ones(successes.shape[1])
    size = np.bincount(clusters, weights=totals, minlength=number)
    hits = np.stack(
        [np.bincount(clusters, weights=column, minlength=number) for column in successes.T], axis=1
    )
    n = size.sum()
    p = hits.sum(axis=0) / n
    residuals = hits - size[:, None] * p
    clustered = (residuals**2).sum(axis=0) / n**2 * number / (number - 1)
    binomial = p * (1 - p) / n
    safe = np.where(binomial > 0, binomial, 1.0)
    return np.maximum(1.0, np.where(binomial > 0, clustered / safe, 1.0))
