"""Two questions asked of every window of every project, against overdispersed backgrounds.

*Did its share of the district's votes rise?* A negative binomial tail, because shares of real
projects move by themselves. *Is the make-up of its votes (channels, night and day) another than
usual?* A beta-binomial tail given how many votes it had, so that a rise by itself, however steep,
is no answer to the second question.

Level and overdispersion of a project are estimated without the window in question and shrunk to
those of all projects, so a surge hides neither itself nor, much, another.

References
----------
Kulldorff M. (1997). A spatial scan statistic. Comm. Statist. Theory Methods 26, 1481-1496.
Mantel N., Haenszel W. (1959). Statistical aspects of the analysis of data from retrospective
studies of disease. JNCI 22, 719-748 (expected counts given the margins of each stratum).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.budgeting.ballots.grid import WINDOWS, Panel
from cur_lab.inference import FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least

# A rest of the district this small borrows as many votes from the whole region.
_BORROWED = 20.0
_PRIOR = 10.0
_OUTLYING = 0.1
_LEAST_SPREAD = 1e-3
_SHRINKING = 4.0
_CHI_MEDIAN = 0.455
_LOOK = 3.0
_TERMS = 2_000_000


@dataclass(frozen=True)
class Windows:
    """Windows of one length.

    Attributes
    ----------
    starts
        Shape (windows,): first hour of each.
    length
        In hours.
    """

    starts: IntArray
    length: int

    def sums(self, counts: FloatArray) -> FloatArray:
        """Sum over each window; the hours are the last axis but one."""
        zero = np.zeros_like(counts[..., :1, :])
        running = np.concatenate([zero, np.cumsum(counts, axis=-2)], axis=-2)
        return np.asarray(running[..., self.starts + self.length, :] - running[..., self.starts, :])

    def tiles(self, hours: int) -> Windows:
        """Windows of the same length side by side."""
        return Windows(np.arange(0, hours - self.length + 1, self.length), self.length)

    def without(self, per_tile: FloatArray) -> FloatArray:
        """Sum over all tiles but those a window touches and their neighbours; tiles are axis 1.

        Neighbours too, because a surge seldom ends with the window it is seen in.
        """
        running = np.concatenate(
            [np.zeros_like(per_tile[:, :1]), np.cumsum(per_tile, axis=1)], axis=1
        )
        tiles = per_tile.shape[1]
        first = np.maximum(self.starts // self.length - 1, 0)
        after = np.minimum((self.starts + self.length - 1) // self.length + 2, tiles)
        return np.asarray(
            running[:, -1:] - running[:, after] + running[:, np.minimum(first, tiles)]
        )


def all_windows(hours: int) -> list[Windows]:
    """Windows of every length that fits."""
    return [
        Windows(np.arange(0, hours - length + 1, step), length)
        for length, step in WINDOWS.items()
        if hours >= 2 * length
    ]


def looks(hours: int) -> float:
    """How many independent looks the overlapping windows are worth, taken generously."""
    return sum(1.5 * hours / length for length in WINDOWS if hours >= 2 * length)


@dataclass(frozen=True)
class Tails:
    """What was seen in windows of one length.

    Attributes
    ----------
    windows
        The windows.
    p, observed, expected, spread
        Shape (projects, windows, categories); ``spread`` is the overdispersion. Windows that do not
        stand out at all have p = 1.
    pooled
        Shape (categories,): overdispersion of all projects together.
    """

    windows: Windows
    p: FloatArray
    observed: FloatArray
    expected: FloatArray
    spread: FloatArray
    pooled: FloatArray


def rises(panel: Panel, windows: Windows, *, pooled: FloatArray | None = None) -> Tails:
    """Compare each window of a project with its usual share of the district.

    Parameters
    ----------
    panel
        Counts with a single category.
    windows
        Where to look.
    pooled
        Overdispersion of all projects; by default estimated from the panel.
    """
    hours = panel.own.shape[1]
    own, rest = windows.sums(panel.own), windows.sums(panel.rest)
    all_own, all_rest = panel.own.sum(axis=1)[:, None], panel.rest.sum(axis=1)[:, None]
    tiles = windows.tiles(hours)
    usual = all_own / np.maximum(all_rest, 1.0)
    expected = usual * tiles.sums(panel.rest)
    excess = (tiles.sums(panel.own) - expected) ** 2 - expected
    level = expected**2
    pooled = _pooled(excess, level) if pooled is None else pooled
    spread = _shrunk(windows, excess, level, pooled)
    others = all_own - own
    share = (others + 0.5) / np.maximum(all_rest - rest, 1.0)
    expected = share * rest
    # The share itself is an estimate from finitely many votes.
    spread = spread + 1 / (others + 0.5)
    # Without others in the district there is no share to shift.
    comparable = (all_rest > 0) & (expected > 0)
    z = (own - expected) / np.sqrt(expected + spread * expected**2 + 1e-9)
    look = comparable & (z > _LOOK) & (own >= 3)
    p = np.ones_like(own)
    p[look] = at_least(own[look], expected[look], 1 / spread[look])
    return Tails(windows, p, own, expected, spread, pooled)


def makeup(panel: Panel, windows: Windows, *, pooled: FloatArray | None = None) -> Tails:
    """Compare the make-up of a project's votes in each window with that expected there.

    Expected is what the rest of the district did in the same hours, bent by the project's own habit
    in all other hours. This is the Cochran–Mantel–Haenszel expectation with hours as strata.

    Parameters
    ----------
    panel
        Counts by category.
    windows
        Where to look.
    pooled
        Overdispersion of all projects by category; by default estimated from the panel.
    """
    hours = panel.own.shape[1]
    tiles = windows.tiles(hours)
    whole = len(tiles.starts) == 1
    own, mix = windows.sums(panel.own), _mix(panel, windows)
    number = own.sum(axis=2, keepdims=True)
    tile_own, tile_mix = tiles.sums(panel.own), _mix(panel, tiles)
    tile_number = tile_own.sum(axis=2, keepdims=True)
    # The mix is itself an estimate from finitely many votes of the rest and, below, of the project.
    unsure = 1 / (windows.sums(panel.rest).sum(axis=2, keepdims=True) + _BORROWED)
    if not whole:
        known = windows.without(tile_own)
        awaited = windows.without(tile_number * tile_mix)
        unsure = unsure + 1 / (known.sum(axis=2, keepdims=True) + _PRIOR)
        mix = _normalised(mix * (known + _PRIOR * mix) / (awaited + _PRIOR * mix))
        habit = (tile_own.sum(axis=1) + 1.0) / ((tile_number * tile_mix).sum(axis=1) + 1.0)
        tile_mix = _normalised(tile_mix * habit[:, None])
    binomial = tile_mix * (1 - tile_mix)
    squared = (tile_own - tile_number * tile_mix) ** 2
    excess = squared - tile_number * binomial
    level = tile_number * (tile_number - 1) * binomial
    if pooled is None:
        pooled = (
            _median_spread(squared[:, 0], (tile_number * binomial)[:, 0], level[:, 0])
            if whole
            else _pooled(excess, level)
        )
    # Of a single window nothing is left to estimate a project's own spread from.
    spread = (
        np.broadcast_to(pooled, own.shape).copy()
        if whole
        else _shrunk(windows, excess, level, pooled)
    )
    spread = np.clip(spread + unsure, _LEAST_SPREAD, 0.9)
    mix = np.clip(mix, 1e-6, 1 - 1e-6)
    expected = number * mix
    widened = 1 + (number - 1) * spread
    z = (own - expected) / np.sqrt(expected * (1 - mix) * np.maximum(widened, 1) + 1e-9)
    look = (z > _LOOK) & (own >= 3)
    p = np.ones_like(own)
    p[look] = beta_binomial_sf(
        own[look], np.broadcast_to(number, own.shape)[look], mix[look], spread[look]
    )
    return Tails(windows, p, own, expected, spread, pooled)


def beta_binomial_sf(k: FloatArray, n: FloatArray, mean: FloatArray, rho: FloatArray) -> FloatArray:
    """Probability of at least ``k`` of ``n`` when the probability itself varies.

    Parameters
    ----------
    k, n, mean, rho
        Shape (cells,); ``rho`` is the correlation of two votes of the same window.
    """
    # SciPy's tail is one less the head, so nothing is left of p-values below 1e-16.
    a, b = mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1)
    p = np.empty(len(k))
    longest = int((n - k).max(initial=0)) + 1
    step = max(1, _TERMS // longest)
    for start in range(0, len(k), step):
        part = slice(start, start + step)
        terms = k[part, None] + np.arange(int((n - k)[part].max(initial=0)) + 1)
        m, alpha, beta = n[part, None], a[part, None], b[part, None]
        inside = terms <= m
        terms = np.minimum(terms, m)
        log = (
            scipy.special.gammaln(m + 1)
            - scipy.special.gammaln(terms + 1)
            - scipy.special.gammaln(m - terms + 1)
            + scipy.special.betaln(terms + alpha, m - terms + beta)
            - scipy.special.betaln(alpha, beta)
        )
        p[part] = (np.exp(log) * inside).sum(axis=1)
    return np.clip(p, 0.0, 1.0)


def _mix(panel: Panel, windows: Windows) -> FloatArray:
    """Make-up of the votes of the rest of the district; small rests borrow from the region."""
    rest, region = windows.sums(panel.rest), windows.sums(panel.region[None])
    overall = panel.region.sum(axis=0) + 0.5
    borrowed = _normalised(region + overall / overall.sum())
    return _normalised(rest + _BORROWED * borrowed)


def _normalised(counts: FloatArray) -> FloatArray:
    return np.asarray(counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1e-12))


def _pooled(excess: FloatArray, level: FloatArray) -> FloatArray:
    """Overdispersion of all projects by moments, the most outlying tenth drawn in to the others."""
    over, under = excess.sum(axis=1), level.sum(axis=1)
    if not len(over):
        return np.full(over.shape[1:], _LEAST_SPREAD)
    ratio = np.divide(over, under, out=np.zeros_like(over), where=under > 0)
    limit = np.quantile(ratio, 1 - _OUTLYING, axis=0)
    # Beyond some size a project tells no more of the spread between projects than another.
    weight = under / (under + np.median(under, axis=0) + 1e-9)
    mean = (np.minimum(ratio, limit) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-9)
    return np.asarray(np.maximum(mean, _LEAST_SPREAD))


def _median_spread(squared: FloatArray, noise: FloatArray, level: FloatArray) -> FloatArray:
    """Overdispersion from one window per project, by the median: half of them may be odd.

    A squared deviation has its median at 0.455 of its mean (chi-square with one degree of freedom).
    """
    spread = np.full(level.shape, np.nan)
    np.divide(squared / _CHI_MEDIAN - noise, level, out=spread, where=level > 0)
    known = np.where(np.isnan(spread).all(axis=0), _LEAST_SPREAD, spread)
    return np.asarray(np.maximum(np.nanmedian(known, axis=0), _LEAST_SPREAD))


def _shrunk(
    windows: Windows, excess: FloatArray, level: FloatArray, pooled: FloatArray
) -> FloatArray:
    """Overdispersion of each project without the window, drawn towards that of all."""
    # A project alone has few busy windows, and moments of few are noise.
    weight = _SHRINKING * np.median(level.sum(axis=1), axis=0) + 1e-9
    spread = (windows.without(excess) + weight * pooled) / (windows.without(level) + weight)
    return np.asarray(np.maximum(spread, 0.5 * pooled))
