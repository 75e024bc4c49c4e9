"""The time of year as a few smooth waves, and whether one year repeats the other.

Weekly and yearly rhythms multiply the level of counts. Every year has waves of its own here, fitted
beside a level and a slope of its own, so that neither a slow rise nor a lasting change looks like a
season. If the years' waves agree by more than they differ among themselves, their mean is the
season.
"""

from __future__ import annotations

import numpy as np
import scipy

from cur_lab import exact
from cur_lab.inference import FloatArray, IntArray

YEAR = 365.25
_WAVES = 3
_ERROR = 0.05
_ROUNDS = 8
# Days that stand out by so many standard deviations count for less.
_OUTLYING = 2.5


@exact.one_thread()
def season(counts: FloatArray, recorded: FloatArray, days: IntArray) -> FloatArray | None:
    """Factor of every day of the season, of mean one; None where a year does not repeat.

    Parameters
    ----------
    counts
        Counts of the days.
    recorded
        1 where the source was recorded, else 0.
    days
        Ordinals of the days, one after the other; two years at least.

    Notes
    -----
    A quasi-Poisson regression by iterated weighted least squares. The test is that of an analysis
    of variance over years: F = agreement of the waves' coefficients over their disagreement, each
    in units of their covariance; random waves of independent years pass in one of twenty cases.
    """
    years = round(days.size / YEAR)
    of_year = np.minimum(np.arange(days.size) * years // days.size, years - 1)
    angle = 2 * np.pi * np.outer(days, np.arange(1, _WAVES + 1)) / YEAR
    waves = np.hstack([np.sin(angle), np.cos(angle)])
    place = np.linspace(-1, 1, days.size)[:, None]
    own = (of_year[:, None] == np.arange(years)[None, :]).astype(float)
    weekday = days % 7
    week = np.stack([(weekday == d).astype(float) - (weekday == 6) for d in range(6)], axis=1)
    of_waves = [own[:, [year]] * waves for year in range(years)]
    base = np.hstack([own, own * place, week])
    design = np.hstack([base, *of_waves])
    coefficients, weights = _regression(counts, recorded, design)

    first, each = base.shape[1], waves.shape[1]
    found = coefficients[first:].reshape(years, each)
    # Of waves beside all else: what they share with a slope tells nothing of them.
    information = design.T @ (weights[:, None] * design)
    inverse = np.linalg.pinv(information)
    covariance = np.mean(
        [
            inverse[first + year * each : first + (year + 1) * each][
                :, first + year * each : first + (year + 1) * each
            ]
            for year in range(years)
        ],
        axis=0,
    )
    mean = found.mean(axis=0)
    unit = np.linalg.pinv(covariance)
    agreement = years * (mean @ unit @ mean) / each
    apart = found - mean
    disagreement = np.einsum("ij,jk,ik->", apart, unit, apart) / (each * (years - 1))
    if agreement <= disagreement * scipy.special.fdtri(each, each * (years - 1), 1 - _ERROR):
        return None
    factor = np.exp(waves @ mean)
    return np.asarray(factor / factor.mean())


def _regression(
    counts: FloatArray, recorded: FloatArray, design: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return coefficients of the logarithm, and the weights of the days in the last round."""
    usual = counts[recorded > 0].mean()
    expected = (counts + usual) / 2 + 1e-9
    coefficients, weights = np.zeros(design.shape[1]), recorded * expected
    trust = np.ones(counts.size)
    for _ in range(_ROUNDS):
        working = np.log(expected) + (counts - expected) / expected
        weights = recorded * trust * expected
        root = np.sqrt(weights)[:, None]
        coefficients = np.linalg.lstsq(root * design, root[:, 0] * working, rcond=None)[0]
        expected = np.exp(np.clip(design @ coefficients, np.log(usual) - 7, np.log(usual) + 7))
        pearson = (counts - expected) / np.sqrt(expected)
        scatter = 1.4826 * np.median(np.abs(pearson[recorded > 0])) + 1e-9
        trust = np.minimum(1, _OUTLYING * scatter / np.maximum(np.abs(pearson), 1e-9))
    return np.asarray(coefficients), np.asarray(weights)
