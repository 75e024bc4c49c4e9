"""Poisson regression of counts on a grid of units × hours, with an effect of each unit and hour.

Both sets of effects are solved exactly: those of the units are eliminated by hand, the rest is one
dense system of hours, so there is no alternating projection to wait for.

References
----------
Correia S., Guimarães P., Zylkin T. (2020). Fast Poisson estimation with high-dimensional fixed
effects. Stata Journal 20, 95-115.
Kline P., Santos A. (2012). A score based approach to wild bootstrap inference. Journal of
Econometric Methods 1, 23-41.
MacKinnon J. G., Nielsen M. Ø., Webb M. D. (2023). Fast and reliable jackknife and bootstrap methods
for cluster-robust inference. Journal of Applied Econometrics 38, 671-694.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray, IntArray

_ITERATIONS = 60
_BATCH = 8
_TOLERANCE = 1e-9
_LONGEST_STEP = 3.0
# Information below this is rounding: the regressor is a sum of unit and hour effects.
_NOTHING = 1e-9
# A rate ratio of e^12 is no effect but a regressor whose hours saw no votes.
_RUNAWAY = 12.0
# Below this many clusters two-point weights give too few different draws; Webb's six points do not.
_FEW_CLUSTERS = 12
_WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])


@dataclass(frozen=True, eq=False)
class Fit:
    """Estimates, and the pieces that tell how far to trust them.

    Attributes
    ----------
    coefficients
        Shape (regressors,): log rate ratios.
    expected, residuals
        Shape (units, hours).
    information
        Shape (regressors, regressors), with the effects of units and hours partialled out.
    scores
        Shape (clusters, regressors).
    """

    coefficients: FloatArray
    expected: FloatArray
    residuals: FloatArray
    information: FloatArray
    scores: FloatArray
    _regressors: scipy.sparse.csr_matrix
    _cluster: IntArray
    _unit_loads: FloatArray
    _hour_loads: FloatArray

    @property
    def errors(self) -> FloatArray:
        """Cluster-robust standard errors (CV1), shape (regressors,)."""
        influence = self.scores @ np.linalg.inv(self.information)
        clusters = len(self.scores)
        return np.asarray(np.sqrt(clusters / (clusters - 1) * (influence**2).sum(axis=0)))

    def intervals(
        self, *, level: float = 0.95, draws: int = 1999, seed: int = 0
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Wild cluster bootstrap of the scores, each null hypothesis imposed, and inverted.

        Returns
        -------
        tuple of arrays
            Lower and upper ends of the log rate ratios (infinite where no value is rejected) and
            p-values against zero, each of shape (regressors,).
        """
        clusters = len(self.scores)
        draw = np.random.default_rng(seed)
        signs = (
            draw.choice(_WEBB, size=(draws, clusters))
            if clusters < _FEW_CLUSTERS
            else draw.choice([-1.0, 1.0], size=(draws, clusters))
        )
        own = self._cluster_information()
        tests = [self._test(place, own, signs) for place in range(len(self.coefficients))]
        found, alpha = self.coefficients, 1 - level
        reach = [
            [_edge(test, sign, alpha, error) for sign in (1.0, -1.0)]
            for test, error in zip(tests, self.errors, strict=True)
        ]
        low, high = found - np.array([r[0] for r in reach]), found - np.array([r[1] for r in reach])
        return low, high, np.array([test(b) for test, b in zip(tests, found, strict=True)])

    def _test(self, place: int, own: FloatArray, signs: FloatArray) -> Callable[[float], float]:
        """Return the p-value of the hypothesis that lies a distance below the estimate.

        All is linear in that distance: the other coefficients, the scores of the clusters, and
        what a draw makes of both.
        """
        total, bread = self.information, np.linalg.inv(self.information)
        others = np.arange(len(total)) != place
        change = np.zeros(len(total))
        change[place] = 1.0
        change[others] = -np.linalg.solve(total[np.ix_(others, others)], total[others, place])
        parts = []
        for scores in (self.scores, own @ change):
            moved = signs @ scores @ bread
            left = signs * (scores @ bread[:, place]) - moved @ (own @ bread[:, place]).T
            parts.append((moved[:, place], left))
        (moved, left), (moved_by, left_by) = parts
        error, clusters = self.errors[place], len(own)

        def p_value(distance: float) -> float:
            spread = ((left + distance * left_by) ** 2).sum(axis=1) * clusters / (clusters - 1)
            drawn = np.abs(moved + distance * moved_by) / np.sqrt(np.maximum(spread, 1e-300))
            # A draw of equal signs repeats the data; it must count as equal.
            reached = drawn >= abs(distance) / error * (1 - 1e-9)
            return float((1 + reached.sum()) / (len(signs) + 1))

        return p_value

    def one_more(self, candidates: scipy.sparse.csr_matrix) -> FloatArray:
        """Estimate what each candidate's coefficient would be, added alone to this fit.

        Parameters
        ----------
        candidates
            Shape (candidates, units · hours).

        Returns
        -------
        array
            Shape (candidates,): one Newton step away from zero, close where the effect is small.
        """
        # In small batches: products of all candidates with each other are not wanted.
        parts = [
            self._steps(candidates[start : start + _BATCH])
            for start in range(0, candidates.shape[0], _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _steps(self, candidates: scipy.sparse.csr_matrix) -> FloatArray:
        known = self._regressors.shape[0]
        system = _System(
            self.expected,
            self.residuals,
            scipy.sparse.vstack([self._regressors, candidates]).tocsr(),
        )
        inner, outer = system.information[:known, :known], system.information[:known, known:]
        left = np.diag(system.information)[known:] - np.einsum(
            "ij,ij->j", outer, np.linalg.solve(inner, outer)
        )
        scores = np.asarray(candidates @ self.residuals.ravel())
        steps = np.full(len(scores), np.nan)
        np.divide(scores, left, out=steps, where=left > _NOTHING)
        return steps

    def _cluster_information(self) -> FloatArray:
        """Share of each cluster in the information, shape (clusters, regressors, regressors)."""
        units, hours = self.expected.shape
        regressors = self._regressors.shape[0]
        own = np.zeros((len(self.scores), regressors, regressors))
        for unit in range(units):
            columns = self._regressors[:, unit * hours : (unit + 1) * hours].toarray()
            columns -= self._unit_loads[:, [unit]] + self._hour_loads
            own[self._cluster[unit]] += (columns * self.expected[unit]) @ columns.T
        return own


def _edge(p_value: Callable[[float], float], sign: float, alpha: float, error: float) -> float:
    """Distance from the estimate at which a hypothesis begins to be rejected."""
    inner, outer = 0.0, 2.0 * error
    while p_value(sign * outer) > alpha:
        inner, outer = outer, 2.0 * outer
        if outer > 200.0 * error:
            return sign * np.inf
    while outer - inner > 1e-3 * error:
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if p_value(sign * middle) > alpha else (inner, middle)
    return sign * outer


def fit(counts: FloatArray, regressors: scipy.sparse.csr_matrix, cluster: IntArray) -> Fit:
    """Fit ``counts ~ exp(unit + hour + regressors)`` by Newton's method.

    Parameters
    ----------
    counts
        Shape (units, hours); every unit and every hour has at least one.
    regressors
        Shape (regressors, units · hours).
    cluster
        Shape (units,): number of the cluster of each unit.

    Raises
    ------
    NotEnoughDataError
        If an estimate runs away: the regressor is a sum of unit and hour effects, or nobody was
        counted where it is not zero.
    """
    units, hours = counts.shape
    number = regressors.shape[0]
    if not regressors.getnnz(axis=1).all():
        raise NotEnoughDataError("an effect has no hours to show in", where="fit")
    by_unit, by_hour, total = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    unit, hour = np.log(by_unit), np.log(by_hour / total)
    beta = np.zeros(number)
    for _ in range(_ITERATIONS):
        extra = np.asarray(regressors.T @ beta).reshape(units, hours)
        expected = np.exp(unit[:, None] + hour + extra)
        system = _System(expected, counts - expected, regressors)
        if not system.determined:
            break
        step_unit, step_hour, step = system.step()
        longest = max(np.abs(step).max(initial=0.0), np.abs(step_hour).max())
        if longest < _TOLERANCE:
            return system.fit(beta, cluster)
        # A long step may jump over the maximum of this concave likelihood; shorter ones reach it.
        size = min(1.0, _LONGEST_STEP / longest)
        unit, hour, beta = unit + size * step_unit, hour + size * step_hour, beta + size * step
        if not np.abs(beta).max(initial=0.0) < _RUNAWAY:
            break
    raise NotEnoughDataError("an effect is not determined by these counts", where="fit")


def _summed(
    row: IntArray, column: IntArray, values: FloatArray, shape: tuple[int, int]
) -> FloatArray:
    cells = row.astype(np.int64) * shape[1] + column
    total = np.bincount(cells, weights=values, minlength=shape[0] * shape[1])
    return np.asarray(total, dtype=np.float64).reshape(shape)


class _System:
    """The normal equations at one point, units eliminated."""

    def __init__(
        self, expected: FloatArray, residuals: FloatArray, regressors: scipy.sparse.csr_matrix
    ):
        units, hours = expected.shape
        self.expected, self.residuals, self.regressors = expected, residuals, regressors
        weighted = regressors.multiply(expected.ravel()).tocsr()
        number = regressors.shape[0]
        cells = weighted.tocoo()
        self.by_unit = _summed(cells.row, cells.col // hours, cells.data, (number, units))
        self.by_hour = _summed(cells.row, cells.col % hours, cells.data, (number, hours))
        self.of_unit = self.expected.sum(axis=1)
        shares = self.expected / self.of_unit[:, None]
        block = np.diag(self.expected.sum(axis=0)) - self.expected.T @ shares
        # Raising all hours and lowering all units changes nothing: hold their mean.
        block += self.expected.sum() / hours**2
        self.factor = scipy.linalg.cho_factor(block)
        self.mixed = self.by_hour - self.by_unit @ shares
        self.shares = shares
        self.hour_loads = scipy.linalg.cho_solve(self.factor, self.mixed.T).T
        own = np.asarray((weighted @ regressors.T).todense())
        size = np.sqrt(np.diag(own))
        own -= (self.by_unit / self.of_unit) @ self.by_unit.T
        self.information = own - self.mixed @ self.hour_loads.T
        # Of regressors scaled to one, what is left when all the others are taken out.
        left = np.linalg.eigvalsh(self.information / np.outer(size, size))
        self.determined = bool(left.min(initial=1.0) > _NOTHING)

    def step(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Newton step of unit effects, hour effects and coefficients."""
        score_unit = self.residuals.sum(axis=1)
        score_hour = self.residuals.sum(axis=0) - score_unit @ self.shares
        score = np.asarray(self.regressors @ self.residuals.ravel())
        score = score - self.by_unit @ (score_unit / self.of_unit)
        beta = np.linalg.solve(self.information, score - self.hour_loads @ score_hour)
        hour = scipy.linalg.cho_solve(self.factor, score_hour - beta @ self.mixed)
        unit = (score_unit - self.expected @ hour - beta @ self.by_unit) / self.of_unit
        return unit, hour, beta

    def fit(self, beta: FloatArray, cluster: IntArray) -> Fit:
        units, hours = self.expected.shape
        clusters = int(cluster.max()) + 1
        unit_loads = (self.by_unit - self.hour_loads @ self.expected.T) / self.of_unit
        member = scipy.sparse.csr_matrix(
            (np.ones(units), (cluster, np.arange(units))), shape=(clusters, units)
        )
        cells = self.regressors.multiply(self.residuals.ravel()).tocoo()
        of_regressor = _summed(
            cluster[cells.col // hours], cells.row, cells.data, (clusters, len(beta))
        )
        residuals = member @ self.residuals
        by_unit = member @ (unit_loads.T * self.residuals.sum(axis=1)[:, None])
        scores = of_regressor - residuals @ self.hour_loads.T - by_unit
        return Fit(
            beta,
            self.expected,
            self.residuals,
            self.information,
            np.asarray(scores),
            self.regressors,
            cluster,
            unit_loads,
            self.hour_loads,
        )
