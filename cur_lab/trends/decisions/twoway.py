"""Counts of districts and weeks as a product of two factors, fitted where nothing was decided."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cur_lab.inference import FloatArray

Mask = npt.NDArray[np.bool_]
_ROUNDS = 500
_CLOSE = 1e-9


def expected(counts: FloatArray, known: Mask, times: FloatArray | None = None) -> FloatArray:
    """Fit log E[count] = district + week to the known cells and extend it to all.

    Iterative proportional fitting: the maximum of the Poisson likelihood, which asks only for the
    mean to be right, not for counts to be Poisson.

    Parameters
    ----------
    counts
        Shape (weeks, districts).
    known
        Same shape: cells to fit.
    times
        Same shape: known factors of the mean; ones if None.

    Returns
    -------
    array
        Same shape; not-a-number where a district or a week has no known cell.
    """
    factor = np.where(known, 1.0 if times is None else times, 0.0)
    seen = np.where(known, counts, 0.0)
    by_week, by_district = seen.sum(axis=1), seen.sum(axis=0)
    district = np.ones(counts.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_ROUNDS):
            week = by_week / (factor @ district)
            before = district
            district = by_district / (np.nan_to_num(week) @ factor)
            # The scale is free between the two; district factors of mean one fix it.
            district /= np.nanmean(district)
            if np.nanmax(np.abs(district - before)) < _CLOSE:
                break
        week = by_week / (factor @ np.nan_to_num(district))
    return np.asarray(week[:, None] * district[None, :])


def two_way(counts: FloatArray, known: Mask, treated: Mask) -> float:
    """Fit one effect for all treated cells beside district and week: the usual two-way regression.

    Returns the coefficient, on the log scale. Where effects grow or differ it takes districts
    treated earlier for controls, and is wrong (Goodman-Bacon 2021).
    """
    effect = 0.0
    for _ in range(_ROUNDS):
        mean = expected(counts, known, np.where(treated, np.exp(effect), 1.0))
        cells = treated & known
        change = float(np.log(counts[cells].sum() / (mean[cells].sum() * np.exp(effect))))
        effect += change
        if abs(change) < 1e-7:
            break
    return effect
