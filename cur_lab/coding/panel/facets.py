"""The many-facet Rasch model of scores: entry, judge, criterion, steps of the scale.

The log-odds of one step of the scale against the step below are the entry's quality less the
judge's severity, the criterion's difficulty and the step's own threshold (Linacre 1989). Qualities
are drawn from a normal distribution, so that an entry with few scores is pulled to the mean, and
are integrated out on a grid (marginal maximum likelihood): estimates of everything at once from few
scores an entry would be stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab import exact
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray, IntArray

# Qualities in units of their standard deviation.
_NODES = np.linspace(-5, 5, 161)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
# Keeps thresholds of steps nobody chose finite; weaker than a single score.
_LOOSE = 1 / 5.0**2
_STEP = 1e-4
_ROUNDS = 60
_NEAR, _CLOSE = 0.05, 1e-7
# Of parameters, so that what is drawn from them is the same on every machine.
_BITS = 16


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores as arrays of one length: numbers of entry, judge, criterion and step of the scale."""

    entry: IntArray
    judge: IntArray
    criterion: IntArray
    step: IntArray
    points: FloatArray
    entries: int
    judges: int
    criteria: int


@dataclass(frozen=True, slots=True)
class Fit:
    """What maximum likelihood finds.

    Attributes
    ----------
    parameters, covariance
        Severities, difficulties (both sum to zero, the last left out), thresholds, log spread.
    halo
        Correlation of residuals of one judge and entry.
    weights
        Of each score, below one where those of one judge and entry repeat each other.
    """

    parameters: FloatArray
    covariance: FloatArray
    halo: float
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class Reading:
    """Parameters by name, and what they make of every judge, criterion and quality."""

    severity: FloatArray
    difficulty: FloatArray
    quality: FloatArray
    # judges x criteria x qualities x steps
    log_odds: FloatArray

    def expected(self, points: FloatArray) -> FloatArray:
        """Mean score: judges x criteria x qualities."""
        return np.asarray(np.exp(self.log_odds) @ points)

    def variance(self, points: FloatArray) -> FloatArray:
        """Variance of a score."""
        odds = np.exp(self.log_odds)
        return np.asarray(odds @ points**2 - (odds @ points) ** 2)


def read(parameters: FloatArray, scores: Scores) -> Reading:
    """Name the parameters."""
    cut = scores.judges - 1
    severity = np.append(parameters[:cut], -parameters[:cut].sum())
    free = parameters[cut : cut + scores.criteria - 1]
    difficulty = np.append(free, -free.sum())
    thresholds = parameters[cut + scores.criteria - 1 : -1]
    quality = np.exp(parameters[-1]) * _NODES
    across = quality[None, None, :] - severity[:, None, None] - difficulty[None, :, None]
    sums = np.concatenate([[0.0], np.cumsum(thresholds)])
    logits = across[..., None] * np.arange(len(sums)) - sums
    logits -= logits.max(axis=-1, keepdims=True)
    return Reading(
        severity, difficulty, quality, logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    )


def log_likelihoods(scores: Scores, reading: Reading, weights: FloatArray) -> FloatArray:
    """Of an entry's scores under each quality: entries x qualities."""
    of_score = reading.log_odds[scores.judge, scores.criterion, :, scores.step]
    return _summed(weights[:, None] * of_score, scores.entry, scores.entries)


def _summed(rows: FloatArray, groups: IntArray, number: int) -> FloatArray:
    """Sum rows by group: groups x columns."""
    places = np.arange(len(groups))
    belongs = scipy.sparse.csr_array(
        (np.ones(len(groups)), (groups, places)), shape=(number, len(groups))
    )
    return np.asarray(belongs @ rows)


def posterior(table: FloatArray) -> FloatArray:
    """Probability of each quality, given log-likelihoods."""
    shifted = table - table.max(axis=1, keepdims=True)
    odds = np.exp(shifted) * _WEIGHTS
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit(scores: Scores) -> Fit:
    """Fit by maximum likelihood, twice where scores of one judge and entry repeat each other.

    Raises
    ------
    NotEnoughDataError
        If the scores cannot tell the facets apart.
    """
    weights = np.ones(len(scores.step))
    parameters, information = _maximised(scores, weights, _start(scores))
    halo = _halo(scores, parameters, weights)
    if halo > 0:
        pairs = scores.entry * scores.judges + scores.judge
        weights = 1 / (1 + (np.bincount(pairs)[pairs] - 1) * halo)
        parameters, information = _maximised(scores, weights, parameters)
    covariance = np.asarray(np.linalg.inv(information), dtype=float)
    return Fit(parameters, covariance, halo, weights)


def _start(scores: Scores) -> FloatArray:
    steps = int(scores.step.max())
    return np.concatenate(
        [np.zeros(scores.judges - 1 + scores.criteria - 1), np.linspace(-1, 1, steps), [0.0]]
    )


def _gradient(parameters: FloatArray, scores: Scores, weights: FloatArray) -> FloatArray:
    """Slope of the log-likelihood."""
    reading = read(parameters, scores)
    believed = posterior(log_likelihoods(scores, reading, weights))
    odds = np.exp(reading.log_odds)
    steps = odds.shape[-1]
    # How often each judge and criterion meets each quality, by belief.
    cells = scores.judge * scores.criteria + scores.criterion
    number = scores.judges * scores.criteria
    met = _summed(weights[:, None] * believed[scores.entry], cells, number)
    at_least = odds[..., ::-1].cumsum(axis=-1)[..., ::-1].reshape(-1, len(_NODES), steps)
    expected = (met[..., None] * at_least[..., 1:]).sum(axis=1)
    reached = scores.step[:, None] >= np.arange(1, steps)
    observed = _summed(weights[:, None] * reached, cells, number)
    beyond = (observed - expected).reshape(scores.judges, scores.criteria, steps - 1)
    of_judge, of_criterion = -beyond.sum(axis=(1, 2)), -beyond.sum(axis=(0, 2))
    # The slope along the spread: each entry's residual times its quality.
    mean = (at_least[..., 1:].sum(axis=-1))[cells]
    beside = weights[:, None] * (scores.step[:, None] - mean)
    residual = _summed(beside, scores.entry, scores.entries)
    slope = np.concatenate(
        [
            of_judge[:-1] - of_judge[-1],
            of_criterion[:-1] - of_criterion[-1],
            -beyond.sum(axis=(0, 1)),
            [(believed * residual * reading.quality).sum()],
        ]
    )
    return np.asarray(slope - _LOOSE * parameters)


def _information(parameters: FloatArray, scores: Scores, weights: FloatArray) -> FloatArray:
    columns = []
    for place in range(len(parameters)):
        shift = np.zeros_like(parameters)
        shift[place] = _STEP
        up, down = parameters + shift, parameters - shift
        columns.append(
            (_gradient(down, scores, weights) - _gradient(up, scores, weights)) / (2 * _STEP)
        )
    found = np.stack(columns)
    return np.asarray((found + found.T) / 2)


def _maximised(
    scores: Scores, weights: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Climb by Newton's steps, damped while the surface is not yet a bowl."""
    parameters, longest = start, np.inf
    for _ in range(_ROUNDS):
        slope = _gradient(parameters, scores, weights)
        # Near the top the bowl hardly changes its form.
        if longest > _NEAR:
            values, vectors = np.linalg.eigh(_information(parameters, scores, weights))
        step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 0.1))
        longest = np.abs(step).max()
        parameters = parameters + step * min(1.0, 1.0 / max(longest, 1.0))
        if longest < _CLOSE:
            break
    else:
        raise NotEnoughDataError(
            "the scores do not tell judges, criteria and entries apart",
            where="coding.panel",
            remedy="Judges need entries in common, and scores that differ",
            code="few_scores",
        )
    parameters = exact.grid(parameters, _BITS)
    return parameters, _information(parameters, scores, weights)


def _residuals(scores: Scores, parameters: FloatArray, weights: FloatArray) -> FloatArray:
    """Compare each score with what is expected of it, in standard deviations."""
    reading = read(parameters, scores)
    believed = posterior(log_likelihoods(scores, reading, weights))[scores.entry]
    steps = np.arange(reading.log_odds.shape[-1], dtype=float)
    cell = (scores.judge, scores.criterion)
    mean = (believed * reading.expected(steps)[cell]).sum(axis=1)
    spread = (believed * reading.variance(steps)[cell]).sum(axis=1)
    return np.asarray((scores.step - mean) / np.sqrt(np.maximum(spread, 1e-9)))


def _halo(scores: Scores, parameters: FloatArray, weights: FloatArray) -> float:
    """Mean correlation of residuals of one judge and entry across criteria."""
    if scores.criteria < 2:
        return 0.0
    residual = _residuals(scores, parameters, weights)
    # The entry's quality was fitted to these very scores, which makes residuals of one entry go
    # apart; those of two judges tell by how much.
    pairs = scores.entry * scores.judges + scores.judge
    within, of_one = _products(residual, pairs)
    entry, of_all = _products(residual, scores.entry)
    between = (entry - within) / max(of_all - of_one, 1)
    shared = within / max(of_one, 1) - between
    return float(np.clip(shared / (np.mean(residual**2) - between), 0, 1))


def _products(values: FloatArray, groups: IntArray) -> tuple[float, float]:
    """Sum the products of every two values of one group; and how many they are."""
    n = np.bincount(groups)
    total, squares = np.bincount(groups, values), np.bincount(groups, values**2)
    return float((total**2 - squares).sum()), float((n * (n - 1)).sum())


def misfit(found: Fit, scores: Scores) -> FloatArray:
    """Mean squared residual of each judge: near one where he scatters as the model expects."""
    squares = _residuals(scores, found.parameters, found.weights) ** 2
    return np.asarray(np.bincount(scores.judge, squares) / np.bincount(scores.judge))


def draws(found: Fit, scores: Scores, *, number: int, each: int, seed: int) -> Drawn:
    """Draw parameters and qualities from what the scores leave open."""
    random = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(found.covariance)
    # The symmetric root: no sign of an eigenvector is left to the machine.
    root = exact.grid((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, _BITS)
    severity, difficulty, fair, spread = [], [], [], []
    for _ in range(number):
        parameters = found.parameters + root @ random.standard_normal(len(found.parameters))
        reading = read(parameters, scores)
        believed = posterior(log_likelihoods(scores, reading, found.weights))
        # The average judge is one whose severity is zero: his scores by quality.
        average = _average(parameters, scores)
        mean = np.exp(average.log_odds[0]) @ scores.points
        by_quality = mean.mean(axis=0)
        centre = believed.mean(axis=0)
        expected = reading.expected(scores.points)
        severity.append(((by_quality - expected.mean(axis=1)) * centre).sum(axis=1))
        difficulty.append(((by_quality - mean) * centre).sum(axis=1))
        chances = np.cumsum(believed, axis=1)
        places = random.random((each, scores.entries, 1))
        chosen = (places * chances[:, -1:] > chances).sum(axis=2)
        fair.append(by_quality[np.minimum(chosen, len(_NODES) - 1)])
        spread.append((believed @ by_quality, believed @ by_quality**2))
    means, squares = (np.stack(part) for part in zip(*spread, strict=True))
    within = (squares - means**2).mean(axis=1)
    between = means.var(axis=1)
    return Drawn(
        np.stack(severity), np.stack(difficulty), np.concatenate(fair), between / (between + within)
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws in rows: severities and difficulties in points, fair scores, reliability."""

    severity: FloatArray
    difficulty: FloatArray
    fair: FloatArray
    reliability: FloatArray


def _average(parameters: FloatArray, scores: Scores) -> Reading:
    """Read the parameters as if one judge, of no severity, had scored."""
    alone = Scores(
        scores.entry,
        np.zeros_like(scores.judge),
        scores.criterion,
        scores.step,
        scores.points,
        scores.entries,
        1,
        scores.criteria,
    )
    return read(parameters[scores.judges - 1 :], alone)


def surprises(found: Fit, scores: Scores) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Compare each judge's scores of an entry with what the others and his severity foretell.

    Returns
    -------
    tuple
        Number of the pair (entry x judges + judge), mean score, foretold mean, p-value; pairs whose
        entry has no other judge are left out.
    """
    reading = read(found.parameters, scores)
    pairs = scores.entry * scores.judges + scores.judge
    names, place = np.unique(pairs, return_inverse=True)
    of_score = (
        found.weights[:, None] * reading.log_odds[scores.judge, scores.criterion, :, scores.step]
    )
    whole = _summed(of_score, scores.entry, scores.entries)
    own = _summed(of_score, place, len(names))
    believed = posterior(whole[names // scores.judges] - own)
    n = np.bincount(place)
    mean_given = np.bincount(place, scores.points[scores.step]) / n
    cell = (scores.judge, scores.criterion)
    mean = _summed(reading.expected(scores.points)[cell], place, len(names)) / n[:, None]
    noise = _summed(reading.variance(scores.points)[cell], place, len(names)) / n[:, None] ** 2
    foretold = (believed * mean).sum(axis=1)
    # Scores of one pair that repeat each other scatter more than their number says.
    repeated = 1 + (n - 1) * found.halo
    variance = (believed * (noise * repeated[:, None] + mean**2)).sum(axis=1) - foretold**2
    p = 2 * scipy.special.ndtr(-np.abs(mean_given - foretold) / np.sqrt(variance))
    others = np.bincount(names // scores.judges, minlength=scores.entries)[names // scores.judges]
    kept = others > 1
    return names[kept], mean_given[kept], foretold[kept], p[kept]
