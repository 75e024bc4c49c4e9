"""Rates of further reports per open incident and day, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import exact
from cur_lab.inference import FloatArray, IntArray, garwood
from cur_lab.trends.reporting.silence import Watched

GROUP, MIX, ENDING, HOME, SILENT_DAYS = "group", "mix", "ending", "home", "silent_days"
OTHERS = "others"
# A rubric of fewer duplicates has no rate of its own.
_FEWEST_DUPLICATES = 20
# Levels that are told apart by nothing stay where they are.
_HOLD = 1e-8
_LAST_STEPS = 2
# So much of what is known of a number may come from a single house.
_MOST_LEVERAGE = 0.95
_AT_ONCE = 256


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

    def spanned(self, other: Rates) -> Rates:
        """Widen the intervals to hold those of another reading of the same incidents."""
        return replace(
            self,
            low=np.fmin(self.low, other.low),
            high=np.fmax(self.high, other.high),
            ratio_low=np.fmin(self.ratio_low, other.ratio_low),
            ratio_high=np.fmax(self.ratio_high, other.ratio_high),
        )


def fit(incidents: pl.DataFrame, *, usual_days: float = 60) -> Rates:
    """Estimate the rate of every group at the mix of rubrics of all incidents.

    Parameters
    ----------
    incidents
        One row each: ``group`` (number), ``mix`` (rubric or null), ``ending`` (rubric or null),
        ``home`` (which incidents hang together), ``duplicates``, ``exposure_days`` watched,
        ``silent_days`` (the last of those, on which nobody knows whether it was open).
    usual_days
        How long an incident lasts before the data say anything, with the weight of one incident.

    Notes
    -----
    Groups without a single duplicate have no finite logarithm and are left out of the regression:
    their rate is zero, its upper end that of a Poisson zero over their exposure, widened by the
    dispersion of the others.
    """
    data = incidents.sort(c.INCIDENT_ID)
    groups = sorted(set(data[GROUP]))
    totals = data.group_by(GROUP).agg(pl.col(c.DUPLICATES).sum())
    silent = set(totals.filter(pl.col(c.DUPLICATES) == 0)[GROUP])
    found = np.full((6, len(groups)), np.nan)
    heard = [group for group in groups if group not in silent]
    dispersion, ending = 1.0, dict[str, float]()
    if heard:
        estimates, dispersion, ending = _regression(
            data.filter(pl.col(GROUP).is_in(heard)), heard, usual_days
        )
        found[:, [groups.index(group) for group in heard]] = estimates
    for place, group in enumerate(groups):
        if group in silent:
            own = data.filter(pl.col(GROUP) == group)
            usual = ending.get(OTHERS, 1 / usual_days)
            ends = np.array([ending.get(level or OTHERS, usual) for level in own[ENDING]])
            days = _watched(own).open_days(np.zeros(own.height), ends).sum()
            found[:3, place] = 0.0, 0.0, garwood(0, dispersion=dispersion)[1] / days
    return Rates(groups, *found)


@dataclass(frozen=True)
class _Model:
    """Rows of regressors of the rates of reporting and of ending, and what was watched."""

    watched: Watched
    design: FloatArray
    of_ending: FloatArray
    usual_days: float

    def logs(self, at: FloatArray) -> tuple[FloatArray, FloatArray]:
        reporting, ending = np.split(at, [self.design.shape[1]])
        return self.design @ reporting, self.of_ending @ ending

    def log_likelihood(self, at: FloatArray) -> float:
        ending = at[self.design.shape[1] :]
        prior = (ending - np.exp(ending) * self.usual_days).sum()
        return float(self.watched.log_likelihood(*self.logs(at)).sum() + prior)

    def scores(self, at: FloatArray) -> FloatArray:
        """Return one row per incident; the prior is of none."""
        of_reports, of_ending = self.watched.scores(*self.logs(at))
        return np.hstack([self.design * of_reports[:, None], self.of_ending * of_ending[:, None]])

    def total(self, at: FloatArray) -> FloatArray:
        total = self.scores(at).sum(axis=0)
        split = self.design.shape[1]
        total[split:] += 1 - np.exp(at[split:]) * self.usual_days
        return np.asarray(total)

    def information(self, at: FloatArray) -> FloatArray:
        twice, both, ending = self.watched.information(*self.logs(at))
        found = self.blocks(twice, both, ending)
        split = self.design.shape[1]
        places = np.arange(split, len(at))
        found[places, places] += np.exp(at[split:]) * self.usual_days
        return found

    def blocks(self, twice: FloatArray, both: FloatArray, ending: FloatArray) -> FloatArray:
        x, z = self.design, self.of_ending
        cross = x.T @ (both[:, None] * z)
        return np.block(
            [[x.T @ (twice[:, None] * x), cross], [cross.T, z.T @ (ending[:, None] * z)]]
        )


@exact.one_thread()
def _regression(
    data: pl.DataFrame, groups: list[int], usual_days: float
) -> tuple[FloatArray, float, dict[str, float]]:
    mix, ends = _pooled(data, MIX), _pooled(data, ENDING)
    levels = sorted(set(mix))
    of_group = data[GROUP].to_numpy()[:, None] == np.array(groups)[None, :]
    of_level = np.array(mix)[:, None] == np.array(levels[1:])[None, :]
    design = np.hstack([of_group, of_level.reshape(data.height, -1)]).astype(float)
    watched = _watched(data)
    unknown = sorted({end for end, days in zip(ends, watched.silent, strict=True) if days > 0})
    of_ending = (np.array(ends)[:, None] == np.array(unknown, dtype=str)[None, :]).astype(float)
    model = _Model(watched, design, of_ending.reshape(data.height, -1), usual_days)
    at = _most_likely(model, len(groups))
    reporting, ending = (np.exp(part) for part in model.logs(at))
    expected = reporting * watched.open_days(reporting, ending)
    pearson = ((watched.reports - expected) ** 2 / np.maximum(expected, 1e-9)).sum()
    dispersion = max(1.0, pearson / max(1, data.height - design.shape[1]))
    homes = data[HOME].rank("dense").to_numpy().astype(np.int64) - 1
    within = len(levels) - 1 + len(groups)
    variance = _jackknife(model, at, homes)[:within, :within]
    number = [data.filter(pl.col(GROUP) == group)[HOME].n_unique() for group in groups]
    reach = scipy.special.stdtrit(np.maximum(np.array(number) - 1, 1), 0.975)

    weights = np.array([mix.count(level) for level in levels], dtype=float) / len(mix)
    beta = at[:within]
    effects = np.append(0.0, beta[len(groups) :])
    parts = weights * np.exp(effects - effects.max())
    level_mean = np.log(parts.sum()) + effects.max()
    slopes = (parts / parts.sum())[1:]
    contrasts = np.hstack([np.eye(len(groups)), np.tile(slopes, (len(groups), 1))])
    log_rate = beta[: len(groups)] + level_mean
    centred = np.eye(len(groups)) - 1 / len(groups)
    relative = np.hstack([centred, np.zeros((len(groups), len(slopes)))])
    log_ratio = centred @ beta[: len(groups)]
    found = [
        *_ends(log_rate, contrasts, variance, reach),
        *_ends(log_ratio, relative, variance, reach),
    ]
    return np.stack(found), dispersion, dict(zip(unknown, np.exp(at[within:]), strict=True))


def _watched(data: pl.DataFrame) -> Watched:
    reports, days, silent = (
        data[name].to_numpy().astype(float) for name in (c.DUPLICATES, c.EXPOSURE_DAYS, SILENT_DAYS)
    )
    return Watched(reports, days - silent, silent)


def _most_likely(model: _Model, groups: int) -> FloatArray:
    days = model.watched.sure + model.watched.silent
    own = model.design[:, :groups]
    start = np.zeros(model.design.shape[1] + model.of_ending.shape[1])
    start[:groups] = np.log((own.T @ model.watched.reports) / (own.T @ days))
    start[model.design.shape[1] :] = -np.log(model.usual_days)
    found = scipy.optimize.minimize(
        lambda at: -model.log_likelihood(at),
        start,
        jac=lambda at: -model.total(at),
        hess=lambda at: model.information(at) + _HOLD * np.eye(len(at)),
        # Where the likelihood is not concave, a step of Newton's leads anywhere.
        method="trust-exact",
        options={"gtol": 1e-4 * np.sqrt(len(days)), "maxiter": 200},
    ).x
    for _ in range(_LAST_STEPS):
        information = model.information(found) + _HOLD * np.eye(len(found))
        found = found + np.linalg.solve(information, model.total(found))
    return np.asarray(found)


def _jackknife(model: _Model, at: FloatArray, homes: IntArray) -> FloatArray:
    """Covariance from leaving out one house after the other, by one step of Newton each (CR3).

    Incidents of one house share what is loud or quiet about it; leaving all of them out at once
    neither takes them for independent nor lets a house hide behind its own leverage.

    References
    ----------
    Bell R. M., McCaffrey D. F. (2002). Bias reduction in standard errors for linear regression with
    multi-stage samples. Survey Methodology 28, 169-181.
    """
    size, number = len(at), int(homes.max()) + 1
    whole = model.information(at) + _HOLD * np.eye(size)
    scores = np.zeros((number, size))
    np.add.at(scores, homes, model.scores(at))
    rows = np.hstack([model.design, model.of_ending])
    split = model.design.shape[1]
    twice, both, ending = model.watched.information(*model.logs(at))
    order = np.argsort(homes, kind="stable")
    starts = np.searchsorted(homes[order], np.arange(number + 1))
    moved = np.empty((number, size))
    for first in range(0, number, _AT_ONCE):
        chosen = range(first, min(first + _AT_ONCE, number))
        left = np.empty((len(chosen), size, size))
        for place, home in enumerate(chosen):
            own = order[starts[home] : starts[home + 1]]
            weights = np.empty((len(own), size, size))
            weights[:, :split, :split] = twice[own, None, None]
            weights[:, :split, split:] = both[own, None, None]
            weights[:, split:, :split] = both[own, None, None]
            weights[:, split:, split:] = ending[own, None, None]
            part = (weights * rows[own, :, None] * rows[own, None, :]).sum(axis=0)
            left[place] = whole - _MOST_LEVERAGE * part
        chosen_scores = scores[first : first + len(chosen), :, None]
        moved[first : first + len(chosen)] = np.linalg.solve(left, chosen_scores)[:, :, 0]
    return np.asarray(max(number - 1, 1) / number * moved.T @ moved)


def _ends(
    log_value: FloatArray, contrasts: FloatArray, variance: FloatArray, reach: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    spread = np.einsum("ij,jk,ik->i", contrasts, variance, contrasts)
    half = reach * np.sqrt(np.maximum(spread, 0))
    value, low, high = np.exp(log_value), np.exp(log_value - half), np.exp(log_value + half)
    return value, low, high


def _pooled(data: pl.DataFrame, of: str) -> list[str]:
    """Rubrics of the incidents; those with hardly a duplicate are one."""
    counted = data.group_by(of).agg(pl.col(c.DUPLICATES).sum()).drop_nulls()
    large = set(counted.filter(pl.col(c.DUPLICATES) >= _FEWEST_DUPLICATES)[of])
    mix = [level if level in large else OTHERS for level in data[of]]
    heard = {level for level, n in zip(mix, data[c.DUPLICATES], strict=True) if n}
    # What is left over and silent has no logarithm either.
    return [level if level in heard else OTHERS for level in mix] if OTHERS in heard else mix
