"""How activity is spread over the hours of a week, or any other round of periods."""

from __future__ import annotations

import numpy as np

from cur_lab.inference.arrays import FloatArray, IntArray

WEEK = 168
"""Hours in a week."""


def shape(
    counts: FloatArray, places: IntArray, *, length: int = WEEK, prior: float = 0.0
) -> FloatArray:
    """Activity of every place of a round relative to the average.

    Parameters
    ----------
    counts
        What was counted in every period.
    places
        Where in the round each period stands.
    length
        Places of a round.
    prior
        Periods of average activity by which a place is drawn to the average: one seen a few times
        only is neither dead nor wild.

    Returns
    -------
    array
        Shape (length,).
    """
    average = max(float(counts.mean()), 1e-9)
    seen = np.bincount(places, minlength=length) + prior
    total = np.bincount(places, weights=counts, minlength=length) + prior * average
    return np.asarray(total / np.maximum(seen, 1e-9) / average, dtype=float)
