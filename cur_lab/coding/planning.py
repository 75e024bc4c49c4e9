"""How many texts to code for an interval of a wanted length."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.coding.difference import bounds
from cur_lab.errors import ParameterError

__all__ = ["plan"]

_WHERE = "coding.plan"
_FEWEST = 20


def plan(
    messages: int,
    *,
    width: float = 0.1,
    share: float = 0.5,
    correlation: float = 0.0,
    assurance: float = 0.9,
    level: float = 0.95,
) -> pl.DataFrame:
    """Tell how many texts must be coded until the interval of a share is short enough.

    Parameters
    ----------
    messages
        How many there are.
    width
        Length of the interval that is wanted, a share: 0.1 is ten percentage points.
    share
        What is expected of the code; 0.5 is the worst case.
    correlation
        Of a model's forecasts with the codes, as ``correlation`` of :func:`prevalence` tells it of
        a pilot; 0 without a model.
    assurance
        How often the interval is to be as short: its length hangs on which texts are drawn.
    level
        Coverage of the interval.

    Returns
    -------
    DataFrame
        ``columns.CODING_PLAN``, one row; ``n_coded_texts`` is that of a plain random sample. Null
        where coding all messages would not do.

    Raises
    ------
    ParameterError
        If a number is out of its range.

    Notes
    -----
    A variance estimated of n texts scatters by the kurtosis of what model and codes leave
    (Mood, Graybill & Boes 1974, VI.2.4); the length promised is that of its upper quantile.
    Which texts next: :func:`sample` with ``allocation="optimal"`` draws where the model is unsure,
    and its probabilities keep the estimate right.

    Examples
    --------
    >>> plan(20_000, width=0.1, share=0.3)["n_coded_texts"].item()
    338
    """
    ranges = {
        "width": (width, 0, 1),
        "share": (share, 0, 1),
        "assurance": (assurance, 0, 1),
        "level": (level, 0, 1),
        "correlation": (correlation, -1, 1),
    }
    for name, (value, low, high) in ranges.items():
        if not low < value < high:
            raise ParameterError(
                f"{name} {value} is not between {low} and {high}",
                where=_WHERE,
                remedy="Give a number within them",
            )
    if messages < _FEWEST:
        raise ParameterError(
            f"messages = {messages}: too few to draw from",
            where=_WHERE,
            remedy="Code all of them",
        )
    low, high = _FEWEST, messages
    while low < high:
        n = (low + high) // 2
        if _length(n, messages, share, correlation, assurance, level) <= width:
            high = n
        else:
            low = n + 1
    row = {c.SHARE: share, c.CORRELATION: correlation, c.WIDTH: width, c.N_CODED_TEXTS: low}
    return c.CODING_PLAN.conform(pl.DataFrame([row]))


def _length(
    n: int, messages: int, share: float, correlation: float, assurance: float, level: float
) -> float:
    """Length of the interval that is not exceeded as often as the assurance says."""
    part, z = 1 - n / messages, scipy.special.ndtri(assurance)
    if not correlation:
        # The variance is that of the share, which may come out nearer to a half.
        away = z * np.sqrt(part * share * (1 - share) / n) + 2 / n
        nearer = min(share + away, 0.5) if share < 0.5 else max(share - away, 0.5)
        low, high = bounds(nearer, part * nearer * (1 - nearer) / (n - 1), n - 2, level)
        return high - low
    left = share * (1 - share) * (1 - correlation**2)
    scatter = np.sqrt(max(1 / left - 4, 0.0) / n)
    low, high = bounds(share, part * (left * (1 + z * scatter) / (n - 1) + 2 / n**2), n - 2, level)
    return high - low
