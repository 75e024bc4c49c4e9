"""Farrington Flexible: for series that know their seasons, years of days or weeks.

References
----------
Noufaily A., Enki D., Farrington P., Garthwaite P., Andrews N., Charlett A. (2013). An improved
algorithm for outbreak detection in multiple surveillance systems. Statistics in Medicine 32,
1206-1222. Farrington C. P. et al. (1996). A statistical algorithm for the early detection of
outbreaks of infectious disease. JRSS A 159, 547-563.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab.inference import FloatArray
from cur_lab.inference.overdispersed import at_least

_SKIPPED_WEEKS = 26
_LEVELS = 10  # of the seasonal factor: the season now, and nine further parts of the year
_HALF_WINDOW = 3  # weeks to both sides of the season now
_OUTLYING = 2.58
_ITERATIONS = 12
_RIDGE = 1e-8


@dataclass(frozen=True, eq=False)
class Forecast:
    """Expected count and dispersion (variance / mean, at least one) of each series."""

    expected: FloatArray
    dispersion: FloatArray

    def tail(self, counts: FloatArray) -> FloatArray:
        """Return P(N ≥ count) by a negative binomial with this mean and dispersion."""
        size = self.expected / np.maximum(self.dispersion - 1, 1e-6)
        return at_least(counts, self.expected, size)


def history_needed(per_year: float) -> int:
    """Return the periods without which there is no season: a year and what is skipped."""
    return round(per_year) + round(per_year * _SKIPPED_WEEKS / 52)


def farrington(counts: FloatArray, offset: FloatArray, now: int, *, per_year: float) -> Forecast:
    """Forecast one period of several series from the periods before it.

    Quasi-Poisson regression on a trend and a seasonal factor, twice: the second time with past
    outbreaks weighed down by their Anscombe residuals. The last 26 weeks are left out, so that a
    growing outbreak does not hide itself; so are periods in which the source was silent.

    Parameters
    ----------
    counts
        Shape (periods, series), NaN where the source was silent.
    offset
        Shape (periods,): logarithm of what the counts are proportional to.
    now
        The period to forecast.
    per_year
        Periods in a year: 365.25 or 52.18.
    """
    last = now - round(per_year * _SKIPPED_WEEKS / 52)
    past = np.flatnonzero(np.isfinite(counts[:last]).all(axis=1))
    design = _design(past, now, per_year)
    y, base = counts[past], offset[past]
    used = design[:-1].any(axis=0)
    design, goal = design[:-1][:, used], design[-1][used]
    weights = np.ones_like(y)
    for _ in range(2):
        coefficients, mean, inverse = _fit(design, y, base, weights)
        dispersion = _dispersion(y, mean, weights, design.shape[1])
        leverage = np.einsum("ni,sij,nj->ns", design, inverse, design) * weights * mean
        residual = _anscombe(y, mean, dispersion, leverage)
        weights = np.where(residual > _OUTLYING, 1 / np.maximum(residual, 1e-9) ** 2, 1.0)
        weights *= weights.shape[0] / weights.sum(axis=0)
    coefficients, mean, _ = _fit(design, y, base, weights)
    dispersion = _dispersion(y, mean, weights, design.shape[1])
    ahead = np.exp(np.clip(coefficients @ goal + offset[now], -20, 20))
    return Forecast(np.maximum(ahead, 1e-6), dispersion)


def _design(past: np.ndarray, now: int, per_year: float) -> FloatArray:
    """Intercept, trend and seasonal levels of the past and, in the last row, of now."""
    periods = np.append(past, now)
    away = (periods - now) / per_year
    away = away - np.floor(away)  # part of the year since the last season like now
    near = _HALF_WINDOW * 7 / 365.25
    level = 1 + np.floor((away - near) / (1 - 2 * near) * (_LEVELS - 1)).astype(int)
    level = np.where((away <= near) | (away >= 1 - near), 0, np.clip(level, 1, _LEVELS - 1))
    seasonal = np.eye(_LEVELS)[level][:, 1:]
    trend = (periods - periods[:-1].mean()) / per_year
    return np.column_stack([np.ones(periods.size), trend, seasonal])


def _fit(
    design: FloatArray, y: FloatArray, offset: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted Poisson regressions of all series at once, by iterated least squares."""
    ridge = _RIDGE * np.eye(design.shape[1])
    level = np.log((y * weights).sum(0) / (np.exp(offset)[:, None] * weights).sum(0) + 1e-4)
    coefficients = np.zeros((y.shape[1], design.shape[1]))
    coefficients[:, 0] = level
    for _ in range(_ITERATIONS):
        linear = np.clip(design @ coefficients.T + offset[:, None], -12, 12)
        mean = np.exp(linear)
        working = (linear - offset[:, None]) + (y - mean) / mean
        information = np.einsum("ni,ns,nj->sij", design, weights * mean, design, optimize=True)
        score = (design.T @ (weights * mean * working)).T
        coefficients = np.linalg.solve(information + ridge, score[:, :, None])[:, :, 0]
    mean = np.exp(np.clip(design @ coefficients.T + offset[:, None], -12, 12))
    return coefficients, mean, np.linalg.inv(information + ridge)


def _dispersion(y: FloatArray, mean: FloatArray, weights: FloatArray, terms: int) -> FloatArray:
    chi = (weights * (y - mean) ** 2 / mean).sum(axis=0) / max(y.shape[0] - terms, 1)
    return np.asarray(np.maximum(1.0, chi), dtype=float)


def _anscombe(
    y: FloatArray, mean: FloatArray, dispersion: FloatArray, leverage: FloatArray
) -> FloatArray:
    spread = np.sqrt(dispersion * np.clip(1 - leverage, 0.01, None))
    return np.asarray(1.5 * (y ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean)) / spread)
