"""A district that was not decided upon, put together from those that were not."""

from __future__ import annotations

import numpy as np
import scipy

from cur_lab.inference import FloatArray

# Fewer districts make no control.
FEWEST = 3
# Messages per bin the districts must hold together, and each of them.
_LEAST_TOGETHER, _LEAST_EACH = 3.0, 0.25
# Strength of the pull away from few and noisy districts. With Arkhangelsky's own (1) intervals
# covered 91-94 % in simulations: weights had followed the noise of the past.
_PULL = 10.0
_EXACTLY = 1000.0
# Messages the weighted districts should hold per bin, as one Poisson count would; fewer are
# averaged over neighbouring bins, so many on each side at most.
_STEADY, _FARTHEST = 30.0, 4


def synthetic(treated: FloatArray, donors: FloatArray, past: int) -> tuple[FloatArray, FloatArray]:
    """Weigh districts so that together they went the way of the treated one.

    Parameters
    ----------
    treated
        Shape (bins,), counts.
    donors
        Shape (bins, districts), counts.
    past
        How many bins lie before the decision; only they decide the weights.

    Returns
    -------
    tuple of arrays
        Exposure, shape (bins,): the weighted sum of the districts, each relative to its own past
        level; weights, shape (districts,), of sum one. Both empty where districts are too few.

    References
    ----------
    Arkhangelsky D. et al. (2021). Synthetic difference-in-differences. American Economic Review
    111, 4088-4118. Their unit weights with an intercept, here a factor: series are relative to
    their own mean.
    """
    level = donors[:past].mean(axis=0)
    usable = level >= _LEAST_EACH
    if usable.sum() < FEWEST or level[usable].sum() < _LEAST_TOGETHER:
        return np.empty(0), np.empty(0)
    relative = donors[:, usable] / level[usable]
    own = treated[:past] / max(float(treated[:past].mean()), 1e-9)
    ahead = len(treated) - past
    jitter = np.diff(relative[:past], axis=0).var(axis=0) / 2
    pull = np.sqrt(_PULL * np.sqrt(max(ahead, 1)) * past * jitter)
    system = np.vstack([relative[:past], np.diag(pull), np.full((1, len(pull)), _EXACTLY)])
    found, _ = scipy.optimize.nnls(system, np.concatenate([own, np.zeros(len(pull)), [_EXACTLY]]))
    found /= found.sum()
    weights = np.zeros(donors.shape[1])
    weights[usable] = found
    held = 1 / float((found**2 / level[usable]).sum())
    return _smooth(relative @ found, held), weights


def _smooth(exposure: FloatArray, held: float) -> FloatArray:
    """Average neighbouring bins until each rests on enough messages.

    The districts are untreated throughout, so that averaging over the decision is no leak.
    """
    reach = min(int(np.ceil(_STEADY / held)) // 2, _FARTHEST)
    if reach == 0:
        return exposure
    total = np.concatenate([[0.0], np.cumsum(exposure)])
    place = np.arange(len(exposure))
    first, last = np.maximum(place - reach, 0), np.minimum(place + reach + 1, len(exposure))
    return np.asarray((total[last] - total[first]) / (last - first))
