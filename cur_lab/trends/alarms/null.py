"""How often such a surprise comes when nothing is the matter: measured, not assumed.

A negative binomial is a model. How far its tail can be trusted is read off the past: the largest
surprise of every series and day, series of like volume together. The upper tenth of these, without
its upper fifth where real events sit, is an exponential in −ln p. Its slope (one if the model is
right, less if real clumps are worse, group by group) and its rate extrapolate to rare surprises.
The rate is per hour and over all series, so that the number of series, the overlap of windows and
the dependence of neighbouring hours are in it.

References
----------
Efron B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. JASA
99, 96-104 (empirical null from the bulk). Coles S. (2001). An Introduction to Statistical Modeling
of Extreme Values, ch. 4 (exceedances over a threshold).
"""

from __future__ import annotations

import numpy as np

from cur_lab.inference import FloatArray, IntArray
from cur_lab.trends.alarms.scan import SHARED, Scores

# Expected messages a day that part small series from middling and large ones; −1: all places.
_LEVELS = (0.1, 1.0)
_STRATA = len(_LEVELS) + 2
_BODY, _TAIL = 0.90, 0.98
_SLOPE_PRIOR = 10.0  # exceedances by which the slope is drawn to one
_GROUP_PRIOR = 20.0  # exceedances by which the slope of a group is drawn to that of all
_FEW = 40  # surprises that are too few for quantiles
_FEWEST_BLOCKS = 7


def chance_rates(scores: Scores, period_hours: int, first_hour: int) -> FloatArray:
    """Return how many chance surprises as strong are expected per period, over all series.

    Parameters
    ----------
    scores
        In order of time.
    period_hours
        Periods in a block; within a block only the largest surprise of a series counts.
    first_hour
        Period in which scoring began.

    Returns
    -------
    array
        One per score, from scores of earlier blocks only; infinite while these are too few.
    """
    rates = np.full(scores.hour.size, np.inf)
    if not rates.size:
        return rates
    stratum = np.searchsorted(_LEVELS, scores.level, side="right")
    stratum = np.where(scores.place == SHARED, _STRATA - 1, stratum)
    block = scores.hour // period_hours
    top = _block_tops(scores, block)
    present = np.unique(stratum).size
    for kind in range(_STRATA):
        mine = np.flatnonzero(stratum == kind)
        past = top[stratum[top] == kind]
        _fill(rates, scores, block, mine, past, first_hour // period_hours)
    return rates * present / period_hours


def _block_tops(scores: Scores, block: IntArray) -> IntArray:
    """Return where the largest surprise of each series in each block stands, in order of time."""
    order = np.lexsort((scores.surprise, scores.place, scores.group, block))
    key = np.stack([block[order], scores.group[order], scores.place[order]])
    last = np.append(np.any(key[:, 1:] != key[:, :-1], axis=0), True)
    return np.sort(order[last])


def _fill(
    rates: FloatArray,
    scores: Scores,
    block: IntArray,
    mine: IntArray,
    past: IntArray,
    first_block: int,
) -> None:
    """Set the rates of one stratum, its tail brought up to date block by block."""
    known = np.searchsorted(block[past], block[mine])  # tops of earlier blocks
    for number in np.unique(known):
        now, seen = mine[known == number], past[:number]
        body, slopes, beyond = _tail(scores.surprise[seen], scores.group[seen], scores.group[now])
        blocks = block[now] - first_block
        rates[now] = np.where(blocks < _FEWEST_BLOCKS, np.inf, beyond / np.maximum(blocks, 1))
        rates[now] *= np.exp(-slopes * (scores.surprise[now] - body))


def _tail(sample: FloatArray, group: IntArray, asked: IntArray) -> tuple[float, FloatArray, float]:
    """Where the tail begins, its slope in the groups asked for, and how many lie in it.

    The slope of a group is drawn to that of all groups, and that to one.
    """
    # A few surprises in all are counted as one more than they are, from nought on.
    few = sample.size < _FEW
    body, cap = (0.0, np.inf) if few else np.quantile(sample, (_BODY, _TAIL))
    tail = sample > body
    beyond, owner = sample[tail] - body, group[tail]
    exceeded = np.minimum(beyond, cap - body)
    size = int(max(owner.max(initial=0), asked.max(initial=0))) + 1
    inside_of = np.bincount(owner, weights=beyond < cap - body, minlength=size)
    exceeded_of = np.bincount(owner, weights=exceeded, minlength=size)
    common = (inside_of.sum() + _SLOPE_PRIOR) / (exceeded_of.sum() + _SLOPE_PRIOR)
    slope = (inside_of + _GROUP_PRIOR) / (exceeded_of + _GROUP_PRIOR / common)
    return float(body), np.minimum(1.0, slope[asked]), float(beyond.size + few)
