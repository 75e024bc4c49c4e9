"""What a line of evidence says of a family, and how several lines become one p-value.

References
----------
Knijnenburg T. et al. (2009). Fewer permutations, more accurate p-values. Bioinformatics 25, i161.
Efron B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null. JASA 99, 96-104.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.inference import FloatArray

DRAWS = 999
# So many draws beyond the observed are enough to count them.
_ENOUGH = 10
_TAIL = 100
# Nothing is known of a tail farther out than this.
_LEAST = 1e-12
# A line whose p-value could not fall to this, whatever accounts did, is no test of them.
COULD = 0.05
# Fewer ordinary families say nothing of what is usual here.
POOL = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of evidence about one family.

    Attributes
    ----------
    statistic, expected
        What was seen, and what the null hypothesis lets expect.
    p
        NaN where the line describes and does not test.
    note
        Code of why it does not.
    window
        Seconds within which pairs were counted.
    words, verbatim
        Words that the texts share, and the share of texts that are wholly the same.
    """

    statistic: float
    expected: float
    p: float
    note: str | None = None
    window: float | None = None
    words: int | None = None
    verbatim: float | None = None


def tail(observed: float, draws: npt.ArrayLike) -> float:
    """P-value of a statistic among draws of the null, large values being extreme.

    Counted while at least ten draws reach the observed value; farther out a generalised Pareto tail
    is fitted to the largest tenth of the draws by probability-weighted moments. A shape below
    zero is taken as zero: that the null has an end nobody has seen.
    """
    drawn = np.sort(np.asarray(draws, dtype=float))
    size = len(drawn)
    beyond = size - int(np.searchsorted(drawn, observed, side="left"))
    counted = (1 + beyond) / (size + 1)
    count = min(_TAIL, size // 10)
    if beyond >= _ENOUGH or count < _ENOUGH:
        return counted
    threshold = (drawn[-count - 1] + drawn[-count]) / 2
    excess = drawn[-count:] - threshold
    mean = float(excess.mean())
    if mean <= 0:
        # Most draws are equal: a statistic that is nearly always nought.
        return counted if observed <= drawn[-1] else 1 / (size + 1)
    weighted = float((excess * (count - 1 - np.arange(count)) / (count - 1)).mean())
    shape = max(0.0, 2 - mean / (mean - 2 * weighted)) if mean > 2 * weighted else 0.0
    scale = mean * (1 - shape)
    if scale <= 0:
        return counted
    fitted = count / size * float(scipy.stats.genpareto.sf(observed - threshold, shape, 0, scale))
    return float(np.clip(fitted, _LEAST, counted))


def recalibrated(p: FloatArray) -> FloatArray:
    """Judge by the ordinary families of the same data: the null is what most of them look like.

    Where the middle half of the families lies farther out than chance would have it, all are
    measured by that; never the other way.
    """
    known = ~np.isnan(p)
    if known.sum() < POOL:
        return p
    z = scipy.stats.norm.isf(np.clip(p[known], _LEAST, 1 - _LEAST))
    middle, low = np.quantile(z, [0.5, 0.25])
    spread = max(1.0, (middle - low) / scipy.stats.norm.ppf(0.75))
    found = p.copy()
    found[known] = np.maximum(p[known], scipy.stats.norm.sf((z - max(0.0, middle)) / spread))
    return found


def conformal(scores: FloatArray, sizes: FloatArray, pool: npt.NDArray[np.bool_]) -> FloatArray:
    """Rank of each family among families of the pool of similar size.

    Parameters
    ----------
    scores
        Large is unusual; NaN are left out.
    sizes
        Messages; similar is within a factor of two, or the twenty nearest.
    pool
        Which families are ordinary. A family is never compared with itself.

    Returns
    -------
    array
        (1 + pool families that score as high) / (1 + pool families); NaN where the pool is smaller
        than twenty.

    References
    ----------
    Vovk V. et al. (2005). Algorithmic Learning in a Random World. Springer. Chapter 4.
    """
    found = np.full(len(scores), np.nan)
    known = ~np.isnan(scores)
    ordinary = pool & known
    candidates = np.flatnonzero(ordinary)
    # Families of one size and standing share their rivals, but for themselves.
    for size in np.unique(sizes[known]):
        distance = np.abs(np.log(sizes[candidates] / size))
        ranked = np.sort(distance)
        for itself in (False, True):
            places = np.flatnonzero(known & (sizes == size) & (ordinary == itself))
            if not len(places) or len(candidates) - itself < POOL:
                continue
            # Its own distance, nought, is the first.
            reach = max(np.log(2), ranked[POOL - 1 + itself])
            rivals = np.sort(scores[candidates[distance <= reach]])
            beyond = len(rivals) - np.searchsorted(rivals, scores[places]) - itself
            found[places] = (1 + beyond) / (1 + len(rivals) - itself)
    return found
