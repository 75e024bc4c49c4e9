"""Whether the accounts of a family are newer than those that write in the same hours."""

from __future__ import annotations

import math

import numpy as np
import scipy

from cur_lab.fakes.campaigns.permutations import COULD, DRAWS, Reading, tail
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.timing import members
from cur_lab.inference import FloatArray, IntArray

# Messages nearest in time whose accounts tell how many are usually new at that moment.
_NEAREST = 200
_FEW = 20
# What happens brings new people: odds of a first message up to so many times the usual are not held
# against a family (Rosenbaum's sensitivity bound).
_BROUGHT = 3.0
_ONE_DAY = 0.8


def one_each(stream: Stream, here: IntArray) -> IntArray:
    """First message of every account."""
    order = here[np.lexsort((here, stream.times[here]))]
    _, first = np.unique(stream.accounts[order], return_index=True)
    return np.sort(order[first])


def ages(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Compare ages of accounts with those of the same channel and hour of the week."""
    here = members(stream, family, rng)
    here = one_each(stream, here[(stream.accounts[here] >= 0) & ~np.isnan(stream.ages[here])])
    if len(here) < 3:
        return None
    drawn = stream.strata.draw(here, family.members, DRAWS, rng)
    if drawn is None:
        return None
    usual = _logarithm(stream.ages[drawn])
    if np.isnan(usual).all(axis=1).any():
        return None
    means = np.nanmean(usual, axis=1)
    own = _logarithm(stream.ages[here])
    typical, expected = math.exp(np.median(own)), math.exp(float(np.median(means)))
    return Reading(typical, expected, tail(-float(own.mean()), -means))


def newcomers(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Count accounts never seen before in these data, against the messages nearest in time.

    At the beginning of the data every account is new; the neighbours in time are as well, so
    nothing follows from it there. Newcomers who come over days are how a petition spreads: only
    those of one day are tested.

    References
    ----------
    Rosenbaum P. (2002). Observational Studies, 2nd ed. Springer. Chapter 4.
    """
    here = members(stream, family, rng)
    here = one_each(stream, here[stream.accounts[here] >= 0])
    if len(here) < 3:
        return None
    shares = np.empty(len(here))
    for channel in np.unique(stream.channels[here]):
        mine = np.flatnonzero(stream.channels[here] == channel)
        found = _near(stream, here[mine], int(channel), family.members)
        if found is None:
            return None
        shares[mine] = found
    new = int(stream.first[here].sum())
    if _busiest(stream.times[here]) < _ONE_DAY:
        return Reading(float(new), float(shares.sum()), math.nan, note="over_days")
    raised = _BROUGHT * shares / (1 + (_BROUGHT - 1) * shares)
    if float(np.prod(raised)) > COULD:
        return Reading(float(new), float(shares.sum()), math.nan, note="all_new")
    # Its tail is one minus the rest, good to 1e-16: enough for what is cut at 1e-12.
    p = float(np.clip(scipy.stats.poisson_binom.sf(new - 1, raised), 1e-12, 1.0))
    return Reading(float(new), float(shares.sum()), p)


def _busiest(times: FloatArray) -> float:
    """Share of the messages in the busiest 24 hours."""
    ordered = np.sort(times)
    reach = np.searchsorted(ordered, ordered + 86_400, side="right") - np.arange(len(ordered))
    return float(reach.max() / len(ordered))


def _near(stream: Stream, here: IntArray, channel: int, family: IntArray) -> FloatArray | None:
    """Share of first messages among a channel's others nearest in time; null if they are few."""
    others = stream.written.others(channel, family)
    if len(others) < _FEW:
        return None
    own = stream.written.members[channel][others.without]
    earlier = np.searchsorted(stream.times[own], stream.times[here])
    place = np.searchsorted(stream.written.times[channel], stream.times[here]) - earlier
    low = np.clip(place - _NEAREST // 2, 0, max(0, len(others) - _NEAREST))
    high = np.minimum(low + _NEAREST, len(others))
    own_new = np.r_[0, np.cumsum(stream.first[own])]

    def new(number: IntArray) -> IntArray:
        """How many of so many first others are new: of all that far, less the family's."""
        end = others.standing(number)
        family_before = np.searchsorted(others.without, end)
        return np.asarray(stream.written_first[channel][end] - own_new[family_before])

    return np.asarray((new(high) - new(low) + 0.5) / (high - low + 1))


def _logarithm(days: FloatArray) -> FloatArray:
    # An hour is as new as anything; a registration after the message is a mistake of the source.
    return np.asarray(np.log(np.maximum(days, 1 / 24)))
