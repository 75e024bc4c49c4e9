"""Lasting changes of level in one series of daily counts: where, how sure, how large.

The work is done on square roots, whose scatter hardly depends on the level. What is proposed by
PELT is judged together with the season by a regression whose errors are long-run ones: complaints
of neighbouring days hang together, and whoever forgets it finds changes in pure noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import scipy

from cur_lab import exact
from cur_lab.inference import FloatArray, IntArray, rhythm, sidak
from cur_lab.trends.changes.dependence import long_run, robust_long_run

# A level that lasts less than a week is an episode, not a change.
SHORTEST = 7
YEAR = 365.25
_HARMONICS = 4
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Season:
    """Regressors of weekday and time of year for the days of a series, each of mean about zero.

    The time of year is there where two years are: of one year nobody can tell it from a change.
    """

    days: IntArray
    yearly: bool
    weekdays: FloatArray = field(init=False)
    harmonics: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        weekday = rhythm.weekdays(self.days)
        columns = [(weekday == d).astype(float) - (weekday == 6) for d in range(6)]
        object.__setattr__(self, "weekdays", np.stack(columns, axis=1))
        angle = 2 * np.pi * np.outer(self.days, np.arange(1, _HARMONICS + 1)) / YEAR
        waves = np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(
            self.days.size, 2 * _HARMONICS
        )
        object.__setattr__(self, "harmonics", waves if self.yearly else waves[:, :0])

    def regressors(self, harmonics: int) -> FloatArray:
        """Weekdays and the first waves of the year."""
        return np.hstack([self.weekdays, self.harmonics[:, : 2 * harmonics]])


@dataclass(frozen=True, slots=True)
class Fit:
    """Square roots of counts as level + season + rest, the level changing at given places."""

    at: tuple[int, ...]
    coefficients: FloatArray
    covariance: FloatArray
    roots: FloatArray
    seasonal: FloatArray
    rest: FloatArray
    long_run: float

    @property
    def levels(self) -> FloatArray:
        """Level before the first change, between the changes, after the last."""
        return np.cumsum(self.coefficients[: len(self.at) + 1])

    def p_values(self) -> FloatArray:
        """Probability of each change by chance somewhere in the series.

        A change could have been found at as many places as the shortest segment goes into the
        series (Šidák).
        """
        steps = slice(1, len(self.at) + 1)
        errors = np.sqrt(np.maximum(np.diag(self.covariance)[steps], 1e-12))
        single = 2 * scipy.stats.norm.sf(np.abs(self.coefficients[steps]) / errors)
        places = self.rest.size / SHORTEST
        return sidak(single, places)


@dataclass(frozen=True, slots=True)
class Level:
    """Counts per day in one segment at an average season, and where it may lie."""

    value: float
    log: float
    variance: float

    def interval(self) -> tuple[float, float]:
        """95 % interval."""
        half = 1.96 * np.sqrt(self.variance)
        return float(np.exp(self.log - half)), float(np.exp(self.log + half))


def find(counts: FloatArray, season: Season, *, error: float) -> Fit:
    """Find the places where the level changes for longer than a week.

    Season and changes are found in turns, each with the other taken off; then the weakest change
    is dropped until all that stand have an adjusted p of at most ``error``.

    Parameters
    ----------
    counts
        Counts of the days of ``season``.
    season
        Regressors.
    error
        Probability of a change in a series that has none.
    """
    # Many small systems of equations: threads would only wait for one another.
    with exact.one_thread():
        return _find(np.sqrt(counts), season, error=error)


def _find(roots: FloatArray, season: Season, *, error: float) -> Fit:
    harmonics = _harmonics(roots, season, ())
    seasonal = fit(roots, season, (), harmonics=harmonics).seasonal
    roots = seasonal + _without_bursts(roots - seasonal)
    fitted = fit(roots, season, (), harmonics=harmonics)
    noise = robust_long_run(roots - fitted.seasonal)
    seen: set[tuple[int, ...]] = set()
    for _ in range(_ROUNDS):
        at = _pelt(roots - fitted.seasonal, penalty=2 * noise * np.log(roots.size))
        harmonics = _harmonics(roots, season, at)
        fitted = fit(roots, season, at, harmonics=harmonics)
        noise = fitted.long_run
        if at in seen:
            break
        seen.add(at)
    return prune(fitted, season, error=error, harmonics=harmonics)


def prune(fitted: Fit, season: Season, *, error: float, harmonics: int | None = None) -> Fit:
    """Drop the weakest change until every one has an adjusted p of at most ``error``.

    A change whose interval holds no change at all is dropped too: of few counts, roots and
    logarithms need not agree.
    """
    while fitted.at:
        size, half = effects(fitted.roots**2, fitted)
        p_values = np.where(np.abs(size) < half, 1.0, fitted.p_values())
        weakest = int(np.argmax(p_values))
        if p_values[weakest] <= error:
            break
        at = fitted.at[:weakest] + fitted.at[weakest + 1 :]
        fitted = fit(fitted.roots, season, at, harmonics=harmonics)
    return fitted


def fit(
    roots: FloatArray, season: Season, at: Sequence[int], *, harmonics: int | None = None
) -> Fit:
    """Fit level and season with changes of level at the given places, by least squares."""
    if harmonics is None:
        harmonics = _harmonics(roots, season, at)
    steps = np.arange(roots.size)[:, None] >= np.asarray(at, dtype=float)[None, :]
    seasonal = season.regressors(harmonics)
    design = np.hstack([np.ones((roots.size, 1)), steps, seasonal])
    coefficients: FloatArray = np.linalg.lstsq(design, roots, rcond=None)[0].astype(float)
    rest = roots - design @ coefficients
    noise = long_run(rest, parameters=design.shape[1])
    inverse = np.linalg.pinv(design.T @ design)
    scatter = _scatter(rest, design @ coefficients)
    return Fit(
        at=tuple(int(place) for place in at),
        coefficients=coefficients,
        covariance=noise * inverse @ (design.T * scatter @ design) @ inverse,
        roots=roots,
        seasonal=seasonal @ coefficients[1 + len(at) :],
        rest=rest,
        long_run=noise,
    )


def _scatter(rest: FloatArray, fitted: FloatArray) -> FloatArray:
    """Variance of every day relative to the mean one.

    Roots even out the scatter of a Poisson count only: of a level that itself swings by so many
    per cent, days of a high season scatter more, and changes there would be believed too easily.
    """
    expected = fitted**2
    spread = expected - expected.mean()
    slope = (rest**2 @ spread) / max(spread @ spread, 1e-9)
    mean = (rest @ rest) / rest.size
    relative = np.clip(1 + slope * spread / max(mean, 1e-9), 0.3, 5)
    return np.asarray(relative / relative.mean())


def levels(counts: FloatArray, fitted: Fit) -> list[Level]:
    """Estimate the counts per day of every segment at an average season.

    The variance of the logarithm is the larger of two: of the regression, which knows that season
    and level are told apart with an error, and of the long-run dispersion of the counts.
    """
    average = max(float(np.sqrt(counts).mean()), 1e-6)
    weights = np.maximum(1 + fitted.seasonal / average, 0.2) ** 2
    weights /= weights.mean()
    edges = [0, *fitted.at, counts.size]
    segments = [slice(a, b) for a, b in pairwise(edges)]
    expected = np.concatenate(
        [weights[s] * counts[s].sum() / weights[s].sum() for s in segments]
    ).clip(1e-9)
    pearson = (counts - expected) / np.sqrt(expected)
    dispersion = max(1.0, long_run(pearson, parameters=len(segments)))
    found = []
    for number, segment in enumerate(segments):
        total, exposure = counts[segment].sum(), weights[segment].sum()
        gradient = np.zeros(fitted.coefficients.size)
        gradient[: number + 1] = 2 / max(fitted.levels[number], 0.3)
        regression = gradient @ fitted.covariance @ gradient
        # Half a count keeps the logarithm of nothing finite.
        variance = max(float(regression), dispersion / (total + 0.5))
        found.append(Level(total / exposure, float(np.log((total + 0.5) / exposure)), variance))
    return found


def effects(counts: FloatArray, fitted: Fit) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the ratios of levels after and before each change, and half a 95 % interval."""
    segments = levels(counts, fitted)
    logs = np.array([level.log for level in segments])
    variances = np.array([level.variance for level in segments])
    return np.diff(logs), 1.96 * np.sqrt(variances[1:] + variances[:-1])


def uncertainty(fitted: Fit, place: int) -> int:
    """Days either side of a change within which it lies with 95 % confidence.

    References
    ----------
    Bai J. (1997). Estimation of a change point in multiple regression models. Review of Economics
    and Statistics 79, 551-563.
    """
    step = fitted.coefficients[1 + fitted.at.index(place)]
    return int(11 * fitted.long_run / max(step**2, 1e-9)) + 1


def _without_bursts(level: FloatArray) -> FloatArray:
    """Cut what stands out of the median of the two weeks around it.

    A few wild days are an episode; they must neither make a week's level nor hide one.
    """
    usual = scipy.ndimage.median_filter(level, size=2 * SHORTEST - 1, mode="nearest")
    around = level - usual
    # Half is the scatter of the root of a Poisson count.
    scatter = max(1.4826 * float(np.median(np.abs(around))), 0.5)
    return np.asarray(usual + np.clip(around, -2 * scatter, 2 * scatter))


def _harmonics(roots: FloatArray, season: Season, at: Sequence[int]) -> int:
    """Choose the number of waves of the year by Mallows' criterion with the long-run variance."""
    most = season.harmonics.shape[1] // 2
    if not most:
        return 0
    fits = [fit(roots, season, at, harmonics=number) for number in range(most + 1)]
    noise = fits[-1].long_run
    criterion = [(f.rest @ f.rest) / noise + 4 * number for number, f in enumerate(fits)]
    return int(np.argmin(criterion))


def _pelt(values: FloatArray, *, penalty: float) -> tuple[int, ...]:
    """Places of change by PELT with the sum of squares as cost.

    References
    ----------
    Killick R., Fearnhead P., Eckley I. A. (2012). Optimal detection of changepoints with a linear
    computational cost. JASA 107, 1590-1598.
    """
    # The C version of the same algorithm: a linear kernel is the cost "l2". Imported late, for it
    # brings much that counts alone do not need.
    from ruptures import KernelCPD

    algorithm = KernelCPD(kernel="linear", min_size=SHORTEST).fit(values[:, None])
    return tuple(algorithm.predict(pen=penalty)[:-1])
