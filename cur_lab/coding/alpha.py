"""Krippendorff's alpha: agreement of coders beyond what their codes' frequencies make by chance."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cur_lab.inference import FloatArray

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(values: FloatArray, *, level: Level = "nominal") -> float:
    """Agreement of coders: one where they always agree, zero where they agree as chance would.

    Parameters
    ----------
    values
        Units x coders; NaN where a coder did not code a unit. Nominal codes are numbers, ordinal
        ones in their order.
    level
        What differences between two values mean.

    Returns
    -------
    float
        NaN where no unit has two codes, or where all codes are the same: then nothing tells
        agreement from coders who never look.

    References
    ----------
    Krippendorff K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
    """
    counts, scale = tallies(values)
    return of_tallies(counts, scale, np.ones(len(counts)), level=level)


def tallies(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Count how often each value was given to each unit with two codes or more; and the values."""
    seen = ~np.isnan(values)
    values, seen = values[seen.sum(axis=1) > 1], seen[seen.sum(axis=1) > 1]
    scale = np.unique(values[seen])
    counts = np.zeros((len(values), len(scale)))
    rows, _ = np.nonzero(seen)
    np.add.at(counts, (rows, np.searchsorted(scale, values[seen])), 1)
    return counts, scale


def of_tallies(
    counts: FloatArray, scale: FloatArray, times: FloatArray, *, level: Level = "nominal"
) -> float:
    """Alpha of tallied units, each taken so many ``times`` (a bootstrap draws them anew)."""
    coded = counts.sum(axis=1)
    totals = times @ counts
    if totals.sum() < 2 or (totals > 0).sum() < 2:
        return float("nan")
    # Pairs within a unit weigh as one over its other codes, so that every code counts once.
    paired = np.where(coded > 1, times / np.maximum(coded - 1, 1), 0.0)
    together = (counts * paired[:, None]).T @ counts - np.diag(paired @ counts)
    difference = _differences(scale, totals, level)
    n = totals.sum()
    by_chance = np.outer(totals, totals) - np.diag(totals)
    return float(1 - (n - 1) * (together * difference).sum() / (by_chance * difference).sum())


def _differences(scale: FloatArray, totals: FloatArray, level: Level) -> FloatArray:
    """Squared difference of every two values."""
    one, other = scale[:, None], scale[None, :]
    if level == "nominal":
        return np.asarray(one != other, dtype=float)
    if level == "interval":
        return np.asarray((one - other) ** 2)
    if level == "ratio":
        both = np.where(one + other == 0, 1.0, one + other)
        return np.asarray(((one - other) / both) ** 2)
    # Between two ranks lie the codes of both, halved, and all between.
    middle = np.cumsum(totals) - totals / 2
    return np.asarray((middle[:, None] - middle[None, :]) ** 2)
