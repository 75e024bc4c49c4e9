"""What would have been counted: a forecast of a series from its past, and how far it may miss.

The logarithm of the rate goes through a Gaussian process with three parts: counting noise, a
wandering level, a yearly rhythm. How strong and how lasting they are is not guessed: the forecast
is averaged over a grid of strengths, each weighted by how well it explains the past. A forecast
given the past stays right when the date of the decision was itself chosen by the past, say, at a
peak of complaints: the return from the peak is part of the forecast and not taken for an effect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np
import scipy

from cur_lab import exact
from cur_lab.inference import FloatArray

LEVEL = 0.95
_WEEKS_PER_YEAR = 365.25 / 7
# Persistence of the wandering level from week to week: from days to a quarter of a year.
_PERSISTENCE = (0.5, 0.8, 0.95)
# Variances in units of the counting noise of a usual bin.
_WANDERING = (0.15, 0.7, 4.0)
_RHYTHM = (0.0, 0.3, 3.0)
_HARMONICS = (1, 2)
# A bin in which next to nothing is expected says little, one of many messages is no oracle.
_NOISE = (0.3, 10.0)
# The change may make counts rarer and their noise stronger, up to this.
_MOST_NOISE = 20.0


def relative(logarithm: float) -> float:
    """Turn the logarithm of observed over expected into a change: −0.5 is half."""
    return float(np.expm1(logarithm))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The change as a mixture of t distributions, and the path behind it.

    Attributes
    ----------
    weights, centres, scales
        Of the components; natural logarithm of observed over expected, mean over the horizon.
    freedom
        Degrees of freedom of every component.
    path, spread
        Shape (bins of the horizon,): logarithm of the expected count and its standard deviation.
    uncertainty
        Standard deviation of the mean expected logarithm: known before anything is counted.
    """

    weights: FloatArray
    centres: FloatArray
    scales: FloatArray
    freedom: int
    path: FloatArray
    spread: FloatArray
    uncertainty: float

    @property
    def centre(self) -> float:
        """Mean of the logarithm of the change."""
        return float(self.weights @ self.centres)

    @property
    def error(self) -> float:
        """Its standard deviation."""
        inner = self.scales**2 * self.freedom / max(self.freedom - 2, 1)
        return float(np.sqrt(self.weights @ (inner + (self.centres - self.centre) ** 2)))

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval of the logarithm of the change."""
        return self.quantile((1 - LEVEL) / 2), self.quantile((1 + LEVEL) / 2)

    def quantile(self, share: float) -> float:
        """Quantile of the logarithm of the change."""
        reach = 60 * float(self.scales.max()) + float(np.ptp(self.centres))
        low, high = self.centre - reach, self.centre + reach
        for _ in range(50):
            middle = (low + high) / 2
            below = self.weights @ scipy.special.stdtr(
                self.freedom, (middle - self.centres) / self.scales
            )
            low, high = (middle, high) if below < share else (low, middle)
        return (low + high) / 2


def forecast(counts: FloatArray, exposure: FloatArray, weeks: FloatArray, past: int) -> Forecast:
    """Forecast the bins after ``past`` and set what was counted against it.

    Parameters
    ----------
    counts
        Shape (bins,), those before the decision first.
    exposure
        Same shape: what the count is proportional to; positive in all but a few bins.
    weeks
        Same shape: the middle of each bin, in weeks.
    past
        How many bins lie before the decision.

    Notes
    -----
    The change is the mean of the logarithms of observed over expected, weighted by exposure. With
    half a message added to each count its bias is below 2 % from five messages per bin on.

    References
    ----------
    Rasmussen C. E., Williams C. K. I. (2006). Gaussian Processes for Machine Learning. MIT Press,
    sections 2.7 (unknown mean) and 5.2 (averaging over hyperparameters).
    """
    exposure = np.maximum(exposure, 0.02 * exposure[:past].mean())
    rate = np.log(counts + 0.5) - np.log(exposure)
    noise = np.clip(exposure[:past].mean() / exposure, *_NOISE)
    target = exposure[past:] / exposure[past:].sum()
    with exact.one_thread():
        found = _mixture(rate, noise, _kernels(tuple(weeks - weeks[0])), past, target)
    return replace(found, path=found.path + np.log(exposure[past:]))


def _mixture(
    rate: FloatArray, noise: FloatArray, kernels: FloatArray, past: int, target: FloatArray
) -> Forecast:
    grid, ahead, freedom = len(kernels), len(target), past - 1
    known = np.empty((grid, past, 2 + ahead))
    known[:, :, 0], known[:, :, 1], known[:, :, 2:] = 1.0, rate[:past], kernels[:, :past, past:]
    lower = np.linalg.cholesky(kernels[:, :past, :past] + np.diag(noise[:past]))
    whitened = np.linalg.solve(lower, known)
    one, seen, crossed = whitened[:, :, 0], whitened[:, :, 1], whitened[:, :, 2:]
    information = (one**2).sum(1)
    mean = (one * seen).sum(1) / information
    rest = seen - mean[:, None] * one
    squares = np.maximum((rest**2).sum(1), 1e-9)
    likelihood = (
        -np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(1)
        - np.log(information) / 2
        - freedom / 2 * np.log(squares)
    )
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    variance = squares / freedom
    expected = mean[:, None] + np.einsum("gpa,gp->ga", crossed, rest)
    leftover = 1 - np.einsum("gpa,gp->ga", crossed, one)
    covariance = variance[:, None, None] * (
        kernels[:, past:, past:]
        - np.einsum("gpa,gpb->gab", crossed, crossed)
        + leftover[:, :, None] * leftover[:, None, :] / information[:, None, None]
    )
    centres = float(rate[past:] @ target) - expected @ target
    # Counting noise follows what was counted, not what was expected.
    counting = variance * float(target**2 @ noise[past:]) * np.exp(-centres)
    limit = variance * float(target**2 @ noise[past:]) * _MOST_NOISE
    of_mean = np.einsum("a,gab,b->g", target, covariance, target)
    total = of_mean + np.minimum(counting, limit)
    prior = np.sqrt(weights @ (of_mean + (centres - weights @ centres) ** 2))
    average = weights @ expected
    inside = np.diagonal(covariance, axis1=1, axis2=2) + variance[:, None] * noise[past:]
    spread = np.sqrt(weights @ ((expected - average) ** 2 + inside))
    return Forecast(weights, centres, np.sqrt(total), freedom, average, spread, float(prior))


@lru_cache(maxsize=64)
def _kernels(weeks: tuple[float, ...]) -> FloatArray:
    """Shape (grid, bins, bins): covariance without the counting noise."""
    place = np.array(weeks)
    apart = np.abs(place[:, None] - place[None, :])
    angle = 2 * np.pi * apart / _WEEKS_PER_YEAR
    rhythm = sum(np.cos(k * angle) / k**2 for k in _HARMONICS) / sum(k**-2 for k in _HARMONICS)
    wandering = [np.zeros_like(apart)]
    wandering += [a * p**apart for p, a in product(_PERSISTENCE, _WANDERING)]
    return np.stack([w + r * rhythm for w in wandering for r in _RHYTHM])
