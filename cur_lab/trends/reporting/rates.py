"""Rates of further reports per open incident and day, by a Poisson regression."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import exact
from cur_lab.inference import FloatArray, garwood

GROUP, MIX = "group", "mix"
OTHERS = "others"
# A rubric of fewer duplicates has no rate of its own.
_FEWEST_DUPLICATES = 20


@dataclass(frozen=True, eq=False)
class Rates:
    """Estimates per group, in the order of ``groups``; NaN where there is none."""

    groups: list[int]
    rate: FloatArray
    low: FloatArray
    high: FloatArray
    ratio: FloatArray
    ratio_low: FloatArray
    ratio_high: FloatArray


def fit(incidents: pl.DataFrame) -> Rates:
    """Estimate the rate of every group at the mix of rubrics of all incidents.

    Parameters
    ----------
    incidents
        One row each: ``group`` (number), ``mix`` (rubric or null), ``duplicates``,
        ``exposure_days``.

    Notes
    -----
    Groups without a single duplicate have no finite logarithm and are left out of the regression:
    their rate is zero, its upper end that of a Poisson zero over their exposure, widened by the
    dispersion of the others.
    """
    data = incidents.sort(c.INCIDENT_ID)
    groups = sorted(set(data[GROUP]))
    totals = data.group_by(GROUP).agg(pl.col(c.DUPLICATES).sum(), pl.col(c.EXPOSURE_DAYS).sum())
    silent = set(totals.filter(pl.col(c.DUPLICATES) == 0)[GROUP])
    exposure = dict(totals.select(GROUP, c.EXPOSURE_DAYS).iter_rows())
    shape = (6, len(groups))
    found = np.full(shape, np.nan)
    heard = [group for group in groups if group not in silent]
    dispersion = 1.0
    if heard:
        estimates, dispersion = _regression(data.filter(pl.col(GROUP).is_in(heard)), heard)
        found[:, [groups.index(group) for group in heard]] = estimates
    for place, group in enumerate(groups):
        if group in silent:
            zero = garwood(0, dispersion=dispersion)[1] / exposure[group]
            found[:3, place] = 0.0, 0.0, zero
    return Rates(groups, *found)


@exact.one_thread()
def _regression(data: pl.DataFrame, groups: list[int]) -> tuple[FloatArray, float]:
    # Their room alone loads in a part of the time of ``statsmodels.api``.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    mix = _pooled(data)
    levels = sorted(set(mix))
    of_group = data[GROUP].to_numpy()[:, None] == np.array(groups)[None, :]
    of_level = np.array(mix)[:, None] == np.array(levels[1:])[None, :]
    design = np.hstack([of_group, of_level.reshape(data.height, -1)]).astype(float)
    counted = data[c.DUPLICATES].to_numpy().astype(float)
    days = data[c.EXPOSURE_DAYS].to_numpy()
    with warnings.catch_warnings():
        # Levels that fit perfectly have huge intervals, which is what they deserve.
        warnings.simplefilter("ignore")
        model = GLM(counted, design, family=Poisson(), offset=np.log(days))
        result = model.fit(maxiter=100)
    beta = np.asarray(result.params, dtype=float)
    expected = np.asarray(result.mu, dtype=float)
    variance = _sandwich(design, counted, expected)
    pearson = ((counted - expected) ** 2 / np.maximum(expected, 1e-9)).sum()
    dispersion = max(1.0, pearson / max(1, data.height - design.shape[1]))
    weights = np.array([mix.count(level) for level in levels], dtype=float) / len(mix)
    effects = np.append(0.0, beta[len(groups) :])
    parts = weights * np.exp(effects - effects.max())
    level_mean = np.log(parts.sum()) + effects.max()
    slopes = (parts / parts.sum())[1:]
    contrasts = np.hstack([np.eye(len(groups)), np.tile(slopes, (len(groups), 1))])
    log_rate = beta[: len(groups)] + level_mean
    ends = _ends(log_rate, contrasts, variance)
    centred = np.eye(len(groups)) - 1 / len(groups)
    relative = np.hstack([centred, np.zeros((len(groups), len(slopes)))])
    log_ratio = centred @ beta[: len(groups)]
    return np.stack([*ends, *_ends(log_ratio, relative, variance)]), dispersion


def _ends(
    log_value: FloatArray, contrasts: FloatArray, variance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    spread = np.einsum("ij,jk,ik->i", contrasts, variance, contrasts)
    half = scipy.special.ndtri(0.975) * np.sqrt(np.maximum(spread, 0))
    value, low, high = np.exp(log_value), np.exp(log_value - half), np.exp(log_value + half)
    return value, low, high


def _sandwich(design: FloatArray, counted: FloatArray, expected: FloatArray) -> FloatArray:
    """HC3 covariance: every incident is a cluster, and none may hide behind its own leverage."""
    information = design.T @ (expected[:, None] * design)
    bread: FloatArray = np.asarray(np.linalg.pinv(information), dtype=float)
    leverage = expected * np.einsum("ij,jk,ik->i", design, bread, design)
    scores = design * ((counted - expected) / np.maximum(1 - leverage, 0.05))[:, None]
    return np.asarray(bread @ (scores.T @ scores) @ bread)


def _pooled(data: pl.DataFrame) -> list[str]:
    """Rubrics of the incidents; those with hardly a duplicate are one."""
    counted = data.group_by(MIX).agg(pl.col(c.DUPLICATES).sum()).drop_nulls()
    large = set(counted.filter(pl.col(c.DUPLICATES) >= _FEWEST_DUPLICATES)[MIX])
    mix = [level if level in large else OTHERS for level in data[MIX]]
    heard = {level for level, n in zip(mix, data[c.DUPLICATES], strict=True) if n}
    # What is left over and silent has no logarithm either.
    return [level if level in heard else OTHERS for level in mix] if OTHERS in heard else mix
