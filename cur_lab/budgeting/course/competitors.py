"""Families of growth curves, each fitted to all projects of a campaign at once.

A family is a grid of shapes. A project weighs the shapes by their likelihood, and what is likely
beforehand is learned from all projects together, so that twenty votes do not bend a curve to their
noise.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np

from cur_lab.inference import FloatArray

_BINS = 12
_ROUNDS = 5
_RECENT = 0.25
# No forecast says that the pace will change more than sevenfold.
_MOST = 2.0


def _bass(time: FloatArray, p: float, q: float) -> FloatArray:
    decay = np.exp(-(p + q) * time)
    return np.asarray((1 - decay) / (1 + q / p * decay))


def _logistic(time: FloatArray, middle: float, width: float) -> FloatArray:
    return np.asarray(1 / (1 + np.exp((middle - time) / width)) - 1 / (1 + np.exp(middle / width)))


def _weibull(time: FloatArray, shape: float, scale: float) -> FloatArray:
    return np.asarray(1 - np.exp(-((time / scale) ** shape)))


def _decay(time: FloatArray, growth: float, decay: float) -> FloatArray:
    """Multiplicative growth whose rate decays (Yasseri et al. 2017)."""
    return np.asarray(np.exp(growth / decay * (1 - np.exp(-decay * time))) - 1)


def _steps(low: float, high: float, number: int) -> FloatArray:
    return np.asarray(np.geomspace(low, high, number))


# Time is measured in units of the target, so that one grid serves every origin.
_FAMILIES: dict[str, tuple[Callable[..., FloatArray], FloatArray, FloatArray]] = {
    "bass": (_bass, _steps(0.02, 8, 24), _steps(0.02, 25, 24)),
    "decay": (_decay, _steps(0.3, 60, 24), _steps(0.3, 60, 24)),
    "logistic": (_logistic, np.linspace(-0.5, 1.5, 25), _steps(0.04, 1, 20)),
    "weibull": (_weibull, _steps(0.4, 3, 20), _steps(0.15, 6, 24)),
}


def competitors(counts: FloatArray, share: float, noise: float) -> dict[str, FloatArray]:
    """Say how the pace will change until the target.

    Parameters
    ----------
    counts
        Shape (projects, steps + 1): cumulative votes at even steps from the opening until now.
    share
        Of the way to the target that is behind.
    noise
        Overdispersion of the counts.

    Returns
    -------
    dict
        Name of the model → log ratio of the later to the average earlier pace, by project. Beside
        the families: ``recent``, the pace of the last quarter; ``mean`` of all these.
    """
    usual = np.log((counts[:, -1] + 0.5) * (1 / share - 1))
    steps = counts.shape[1] - 1
    late = max(1, round(steps * _RECENT))
    recent = (counts[:, -1] - counts[:, -1 - late] + 0.5) / late
    said = {"recent": np.log(recent * steps * (1 / share - 1)) - usual}
    edges = np.unique(np.linspace(0, steps, _BINS + 1).round().astype(np.int64))
    cast = np.diff(counts[:, edges], axis=1)
    for family in _FAMILIES:
        growth = _expected_growth(family, cast, edges / steps * share, noise)
        said[family] = np.log(growth * (counts[:, -1] + 0.5)) - usual
    said = {name: np.clip(values, -_MOST, _MOST) for name, values in said.items()}
    return said | {"mean": np.mean(list(said.values()), axis=0)}


def overdispersion(counts: FloatArray) -> float:
    """Variance of counts in neighbouring bins over what Poisson counts would have; at least 1."""
    steps = counts.shape[1] - 1
    edges = np.unique(np.linspace(0, steps, _BINS + 1).round().astype(np.int64))
    cast = np.diff(counts[:, edges], axis=1)
    change, both = np.diff(cast, axis=1), cast[:, 1:] + cast[:, :-1]
    counted = both > 5
    return max(1.0, float((change[counted] ** 2 / both[counted]).mean())) if counted.any() else 1.0


def _expected_growth(family: str, cast: FloatArray, edges: FloatArray, noise: float) -> FloatArray:
    """Return the expected later votes per vote so far, by project."""
    curves = _curves(family, tuple(edges))
    shapes = np.maximum(np.diff(curves[:, :-1], axis=1) / curves[:, [-2]], 1e-9)
    later = np.maximum(curves[:, -1] / curves[:, -2] - 1, 1e-3)
    likelihood = cast @ np.log(shapes).T / noise
    prior = np.full(len(shapes), 1 / len(shapes))
    weights = np.empty_like(likelihood)
    for _ in range(_ROUNDS):
        weights = likelihood + np.log(prior + 1e-12)
        weights = np.exp(weights - weights.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        prior = weights.mean(axis=0)
    return np.asarray(np.exp(weights @ np.log(later)))


@cache
def _curves(family: str, edges: tuple[float, ...]) -> FloatArray:
    """Value of every shape at the edges and at the target, shape (shapes, edges + 1)."""
    curve, *grids = _FAMILIES[family]
    time = np.array([*edges, 1.0])
    time[0] = 1e-9
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.array([curve(time, *parameters) for parameters in product(*grids)])
    # Shapes too steep for floating point are no shapes of a month.
    usable = np.isfinite(values).all(axis=1) & (values[:, 1:] > 0).all(axis=1)
    return np.asarray(values[usable])
