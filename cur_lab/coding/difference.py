"""The difference estimator of a share: a model's count, put right by what people coded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from cur_lab.inference import FloatArray, IntArray, wilson

# Fewer coded texts with a code, or without it, leave the normal approximation.
EXACT_BELOW = 10


@dataclass(frozen=True, slots=True)
class Coded:
    """Coded texts: what people said, what the model says, and how each was drawn.

    Attributes
    ----------
    said, forecast
        Share of coders who gave the code, and the model's forecast of it, in [0, 1].
    alike
        Messages each text stands for.
    inclusion
        Probability of each text to be drawn.
    stratum
        Number of its stratum, from 0.
    """

    said: FloatArray
    forecast: FloatArray
    alike: FloatArray
    inclusion: FloatArray
    stratum: IntArray

    def of(self, chosen: IntArray) -> Coded:
        """Keep some of the texts; their strata are numbered anew."""
        return Coded(
            self.said[chosen],
            self.forecast[chosen],
            self.alike[chosen],
            self.inclusion[chosen],
            np.unique(self.stratum[chosen], return_inverse=True)[1],
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its interval, and what it rests on."""

    share: float
    low: float
    high: float
    variance: float
    tuning: float
    exact: bool


def estimated(
    coded: Coded, messages: float, forecast: float, *, coders: float = 0.0, level: float = 0.95
) -> Estimate:
    """Estimate the share of a code among messages.

    Parameters
    ----------
    coded
        Texts people coded.
    messages
        Number of all messages.
    forecast
        Mean forecast over all of them.
    coders
        Variance that comes of who codes.
    level
        Coverage of the interval.
    """
    positive = int((coded.said >= 0.5).sum())
    plain = _total(coded, coded.said) / messages
    spread = variance(coded, coded.said) / messages**2
    if min(positive, len(coded.said) - positive) < EXACT_BELOW:
        share = float(np.clip(plain, 0, 1))
        low, high = _exact(share, spread + coders, coded, level)
        return Estimate(share, low, high, spread + coders, 0.0, exact=True)
    tuning = tuned(coded)
    left = coded.said - tuning * coded.forecast
    share = float(np.clip(tuning * forecast + _total(coded, left) / messages, 0, 1))
    # Without a model there is nothing it could part from what people say.
    spread = variance(coded, left) / messages**2 + (_unseen(coded) if tuning else 0.0) + coders
    low, high = bounds(share, spread, len(coded.said) - int(coded.stratum.max()) - 2, level)
    return Estimate(share, low, high, spread, tuning, exact=False)


def _unseen(coded: Coded) -> float:
    """Variance of two disagreements more, one each way: of a good model few were drawn to be seen.

    The plus-four rule of Agresti and Caffo (2000) for what model and people say apart.
    """
    weight = coded.alike / coded.inclusion
    n = len(weight)
    uneven = n * (weight**2).sum() / weight.sum() ** 2
    return float(2 * uneven * (1 - coded.inclusion.mean()) / n**2)


def _total(coded: Coded, values: FloatArray) -> float:
    return float((coded.alike * values / coded.inclusion).sum())


def tuned(coded: Coded) -> float:
    """Weigh the forecast by the slope of what was said on it, between not at all and fully."""
    weight = coded.alike / coded.inclusion
    weight = weight / weight.sum()
    said, forecast = (x - (weight * x).sum() for x in (coded.said, coded.forecast))
    spread = float((weight * forecast**2).sum())
    if spread < 1e-12:
        return 0.0
    return float(np.clip((weight * said * forecast).sum() / spread, 0.0, 1.0))


def variance(coded: Coded, values: FloatArray) -> float:
    """Variance of the estimated total of ``values``, drawn without putting back.

    Within strata where a stratum has two texts and more, else as if drawn with unequal
    probabilities, one after the other, corrected for the part of all that was drawn.
    """
    drawn = np.bincount(coded.stratum)
    shares = np.bincount(coded.stratum, weights=coded.inclusion) / np.maximum(drawn, 1)
    one_each = coded.alike * values
    if drawn[drawn > 0].min() < 2:
        n = len(values)
        scaled = n * one_each / coded.inclusion
        return float((1 - coded.inclusion.mean()) * scaled.var(ddof=1) / n) if n > 1 else np.inf
    means = np.bincount(coded.stratum, weights=one_each) / np.maximum(drawn, 1)
    squares = np.bincount(coded.stratum, weights=(one_each - means[coded.stratum]) ** 2)
    there = drawn > 0
    count, share, square = drawn[there], shares[there], squares[there] / (drawn[there] - 1)
    return float(((count / share) ** 2 * (1 - share) * square / count).sum())


def bounds(share: float, spread: float, freedom: int, level: float) -> tuple[float, float]:
    """Wilson's interval at the effective number of texts, as wide as few of them make it."""
    if spread <= 0 or not 0 < share < 1:
        return _around(share, spread)
    z = scipy.special.ndtri(0.5 + level / 2)
    t = scipy.special.stdtrit(max(freedom, 1), 0.5 + level / 2)
    effective = share * (1 - share) / spread * (z / t) ** 2
    low, high = wilson(share * effective, effective, level=level)
    return float(low), float(high)


def _around(share: float, spread: float) -> tuple[float, float]:
    reach = 2 * float(np.sqrt(max(spread, 0.0)))
    return max(0.0, share - reach), min(1.0, share + reach)


def _exact(share: float, spread: float, coded: Coded, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval at the effective number of texts (Korn and Graubard)."""
    weight = coded.alike / coded.inclusion
    n = len(weight)
    even = weight.sum() ** 2 / (weight**2).sum()
    effective = even
    if 0 < share < 1 and spread > 0:
        t_all, t_left = (
            scipy.special.stdtrit(max(freedom, 1), 0.5 + level / 2)
            for freedom in (n - 1, n - int(coded.stratum.max()) - 1)
        )
        effective = min(share * (1 - share) / spread * (t_all / t_left) ** 2, even)
    hits = share * effective
    tail = (1 - level) / 2
    low = scipy.stats.beta.ppf(tail, hits, effective - hits + 1) if hits > 0 else 0.0
    high = scipy.stats.beta.ppf(1 - tail, hits + 1, effective - hits) if share < 1 else 1.0
    return float(low), float(high)
