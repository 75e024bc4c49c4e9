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
