"""Intervals and false-discovery control shared by every room that answers a question."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from cur_lab.errors import ParameterError

FloatArray = npt.NDArray[np.float64]


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
    z = stats.norm.ppf(0.5 + level / 2)
    safe = np.where(n > 0, n, 1.0)
    centre = (k + z**2 / 2) / (safe + z**2)
    half = z / (safe + z**2) * np.sqrt(k * (safe - k) / safe + z**2 / 4)
    # At 0 and n the ends are exactly 0 and 1; rounding would leave them a hair off.
    low = np.where((n > 0) & (k > 0), np.clip(centre - half, 0, 1), 0.0)
    high = np.where((n > 0) & (k < n), np.clip(centre + half, 0, 1), 1.0)
    return low, high


def design_effect(
    successes: FloatArray, totals: FloatArray, clusters: npt.NDArray[np.int64]
) -> FloatArray:
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


def q_values(p_values: npt.ArrayLike) -> FloatArray:
    """Benjamini-Hochberg adjusted p-values.

    Parameters
    ----------
    p_values
        One-dimensional, each in [0, 1].

    Returns
    -------
    array
        The smallest false-discovery rate at which each hypothesis is rejected.

    Raises
    ------
    ParameterError
        If a value is not a probability.

    References
    ----------
    Benjamini Y., Hochberg Y. (1995). Controlling the false discovery rate. JRSS B 57, 289-300.
    """
    p = np.asarray(p_values, dtype=float)
    if p.size and not (np.all(p >= 0) and np.all(p <= 1)):
        raise ParameterError("p-values lie between 0 and 1", where="q_values")
    return np.asarray(stats.false_discovery_control(p) if p.size else p, dtype=float)
