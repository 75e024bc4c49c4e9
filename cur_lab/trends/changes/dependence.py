"""How much a series of days that hang together scatters in the long run."""

from __future__ import annotations

import numpy as np

from cur_lab.inference import FloatArray


def long_run(rest: FloatArray, *, parameters: int = 1) -> float:
    """Long-run variance of a stationary series: its variance plus twice all autocovariances.

    The larger of two estimates, for an underestimate makes changes out of noise: prewhitened
    Bartlett (Andrews and Monahan 1992), and that of a short memory under white noise (ARMA(1,1)),
    which counts make of a slowly moving intensity.

    Parameters
    ----------
    rest
        Residuals.
    parameters
        Number of regression coefficients; each takes its part off every autocovariance.
    """
    n = rest.size
    rest = rest - rest.mean()
    lags = min(10, n // 4)
    covariances = np.array([rest[lag:] @ rest[: n - lag] for lag in range(lags + 1)]) / n
    if covariances[0] <= 0:
        return 1e-9
    mixed = _short_memory(covariances, n)
    mixed = _short_memory(covariances + mixed * parameters / n, n)
    return max(mixed, _prewhitened(rest, covariances) * n / max(n - parameters, 1))


def _short_memory(covariances: FloatArray, n: int) -> float:
    first = covariances[1]
    if first < 2 / np.sqrt(n) * covariances[0]:
        return float(covariances[0] + 2 * max(first, 0.0))
    memory = np.clip(covariances[2:].sum() / covariances[1:-1].sum(), 0, 0.95)
    return float(covariances[0] + 2 * first / (1 - memory))


def _prewhitened(rest: FloatArray, covariances: FloatArray) -> float:
    n = rest.size
    memory = covariances[1] / covariances[0]
    # Kendall's correction of a bias that makes a long memory look shorter.
    memory = float(np.clip(memory + (1 + 3 * memory) / n, 0, 0.95))
    white = rest[1:] - memory * rest[:-1]
    variance = total = white @ white / white.size
    reach = int(np.ceil(4 * (n / 100) ** (2 / 9)))
    for lag in range(1, min(reach, white.size - 1) + 1):
        total += 2 * (1 - lag / (reach + 1)) * (white[lag:] @ white[:-lag]) / white.size
    return float(max(total, variance / 2) / (1 - memory) ** 2)


def robust_long_run(roots: FloatArray) -> float:
    """Long-run variance that few changes of level do not disturb: medians of differences."""
    estimates = [1e-9]
    for length in (1, 7, 14):
        if roots.size < 4 * length:
            break
        means = np.convolve(roots, np.ones(length) / length, "valid")
        difference = means[length:] - means[:-length]
        spread = 1.4826 * np.median(np.abs(difference - np.median(difference)))
        estimates.append(length * spread**2 / 2)
    return float(max(estimates))
