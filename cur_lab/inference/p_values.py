"""P-values of many hypotheses: false discoveries, the best of several tries, one out of many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.errors import ParameterError
from cur_lab.inference.arrays import FloatArray


def q_values(p_values: npt.ArrayLike, *, hypotheses: int | None = None) -> FloatArray:
    """Benjamini-Hochberg adjusted p-values.

    Parameters
    ----------
    p_values
        One-dimensional, each in [0, 1]; NaN is no hypothesis and stays NaN.
    hypotheses
        How many there are, if those not given have p = 1.

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
    q = np.array(p_values, dtype=float)
    tested = ~np.isnan(q)
    p = q[tested]
    if not (np.all(p >= 0) and np.all(p <= 1)):
        raise ParameterError("p-values lie between 0 and 1", where="q_values")
    if p.size:
        more = 1.0 if hypotheses is None else hypotheses / p.size
        q[tested] = np.minimum(more * scipy.stats.false_discovery_control(p), 1.0)
    return q


def sidak(p_values: npt.ArrayLike, tries: npt.ArrayLike) -> FloatArray:
    """Probability that the best of so many independent tries is as good as this by chance."""
    p = np.minimum(p_values, 1 - 1e-16)
    return np.asarray(-np.expm1(tries * np.log1p(-p)), dtype=float)


def cauchy(p_values: npt.ArrayLike, *, most: float) -> FloatArray:
    """Combine the p-values along the first axis, dependent or not.

    Parameters
    ----------
    p_values
        NaN is no hypothesis and is left out; where there is none, NaN stays.
    most
        Where p-values are cut from above: a test that sees nothing at all (p = 1) must not outweigh
        one that sees much.

    References
    ----------
    Liu Y., Xie J. (2020). Cauchy combination test. JASA 115, 393-402.
    Fang Y. et al. (2023). Heavy-tailed distribution for combining dependent p-values with
    asymptotic robustness. Statistica Sinica 33, 1115-1142.
    """
    p = np.asarray(p_values, dtype=float)
    asked = ~np.isnan(p)
    # cot(πp) is exact where tan((0.5 − p)π) would lose a tiny p.
    weights = 1 / np.tan(np.pi * np.clip(np.where(asked, p, 0.5), 1e-15, most))
    number = asked.sum(axis=0)
    statistic = np.where(asked, weights, 0.0).sum(axis=0) / np.maximum(number, 1)
    return np.asarray(np.where(number > 0, scipy.stats.cauchy.sf(statistic), np.nan), dtype=float)
