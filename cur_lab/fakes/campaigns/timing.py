"""Whether messages come closer together than the hour, or a shared event, explains."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cur_lab.fakes.campaigns.permutations import DRAWS, Reading, tail
from cur_lab.fakes.campaigns.stream import Family, Stream, week_places
from cur_lab.inference import FloatArray, IntArray, cauchy, sidak
from cur_lab.inference.overdispersed import at_least
from cur_lab.inference.overdispersed import dispersion as scatter

# Half an hour sees best what is dealt over one; ten minutes what is sent at a sign.
WINDOWS = (10.0, 60.0, 600.0, 1800.0)
# A window that says nothing must not outweigh one that says much.
_MOST = 0.9
# People who learn of one thing write about it this much earlier or later than each other.
SPREAD = 3600.0
# Members beyond this number hardly sharpen a permutation test, and a family may have a million.
_MEMBERS = 300
_HOUR = 3600.0


def members(stream: Stream, family: Family, rng: np.random.Generator) -> IntArray:
    """Messages of a family with a time, a random part of them where there are very many."""
    known = family.members[~np.isnan(stream.times[family.members])]
    if len(known) > _MEMBERS:
        known = np.sort(rng.choice(known, _MEMBERS, replace=False))
    return known


def joint(times: FloatArray, accounts: IntArray, windows: tuple[float, ...]) -> FloatArray:
    """Count pairs of messages of different accounts within each window.

    Parameters
    ----------
    times
        Draws x messages, seconds.
    accounts
        Messages; -1 is an account of its own.
    windows
        Seconds.

    Returns
    -------
    array
        Draws x windows. Sorted times are swept, so no pair is ever written down.
    """
    draws, size = times.shape
    start = times.min()
    step = times.max() - start + max(windows) + 1
    rows = np.arange(draws)[:, None]
    everyone = np.sort(times - start, axis=1) + rows * step
    alone = np.where(accounts < 0, -1 - np.arange(size), accounts)
    _, codes = np.unique(alone, return_inverse=True)
    repeated = len(np.unique(alone)) < size
    own = np.sort((times - start) + (rows * size + codes) * step, axis=1) if repeated else None
    counts = np.empty((draws, len(windows)))
    for column, window in enumerate(windows):
        counts[:, column] = _within(everyone, window)
        if own is not None:
            counts[:, column] -= _within(own, window)
    return counts


def _within(ordered: FloatArray, window: float) -> FloatArray:
    flat = ordered.ravel()
    reach = np.searchsorted(flat, flat + window, side="right") - np.arange(len(flat)) - 1
    return np.asarray(reach.reshape(ordered.shape).sum(axis=1), dtype=float)


def rhythm(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Compare pairs in time with messages of the same channel and hour of the week."""
    here = members(stream, family, rng)
    drawn = stream.strata.draw(here, family.members, DRAWS, rng) if len(here) > 1 else None
    if drawn is None:
        return None
    hours = stream.hours[drawn]
    if (hours < 0).any():
        return None
    # The hour of another message, the second at random: two draws of one message are no pair.
    times = hours * _HOUR + rng.uniform(0, _HOUR, drawn.shape)
    return _reading(*_counted(stream, here, times), WINDOWS)


def tightness(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Compare pairs in time with what an event leaves when everyone writes in their own moment.

    Each message is moved by an hour at most, to where the other messages of its thread lie: an
    event that made everybody write stays as it is, a common start within minutes does not.
    """
    found = tightnesses(stream, family, rng, {"all": WINDOWS}, SPREAD)
    return found["all"] if found else None


def tightnesses(
    stream: Stream,
    family: Family,
    rng: np.random.Generator,
    choices: Mapping[str, tuple[float, ...]],
    spread: float,
) -> dict[str, Reading]:
    """As :func:`tightness`, within other seconds and with only some of the windows; none if alone.

    The messages are moved once for all choices.
    """
    here = members(stream, family, rng)
    if len(here) < 2:
        return {}
    seen, drawn = _counted(stream, here, moved(stream, here, family.members, spread, rng))
    places = {name: [WINDOWS.index(w) for w in windows] for name, windows in choices.items()}
    return {
        name: _reading(seen[places[name]], drawn[:, places[name]], windows)
        for name, windows in choices.items()
    }


def moved(
    stream: Stream, here: IntArray, family: IntArray, spread: float, rng: np.random.Generator
) -> FloatArray:
    """Move the messages within their thread: times, draws x messages."""
    times = np.empty((DRAWS, len(here)))
    threads = stream.threads[here]
    for thread in np.unique(threads):
        mine = np.flatnonzero(threads == thread)
        at = stream.times[here[mine]]
        low, high = at.min() - spread, at.max() + spread
        around = _around(stream, int(thread), family, low, high)
        knots = np.r_[low, around, high]
        # One message per window evenly on top of what was written, so that no time is empty.
        mass = np.r_[0, np.arange(1, len(around) + 1), len(around)]
        mass = mass + (knots - low) / (2 * spread)
        left = np.interp(at - spread, knots, mass)
        right = np.interp(at + spread, knots, mass)
        share = rng.uniform(0, 1, (DRAWS, len(mine)))
        times[:, mine] = np.interp(left + share * (right - left), mass, knots)
    return times


def _around(stream: Stream, thread: int, family: IntArray, low: float, high: float) -> FloatArray:
    """Give the times of a thread's other messages between two moments, in order."""
    known = stream.by_thread.times[thread]
    start, stop = np.searchsorted(known, low, side="right"), np.searchsorted(known, high)
    own = stream.by_thread.of_family(thread, family)
    inside = own[(own >= start) & (own < stop)]
    return np.delete(known[start:stop], inside - start)


def _counted(stream: Stream, here: IntArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pairs within each window, as they are and in every draw."""
    accounts = stream.accounts[here]
    seen = joint(stream.times[here][None, :], accounts, WINDOWS)[0]
    return seen, joint(times, accounts, WINDOWS)


def _reading(seen: FloatArray, drawn: FloatArray, windows: tuple[float, ...]) -> Reading:
    """Test every window by itself, and combine: counts in narrow ones are far more skewed.

    The largest of the standardised counts would be drawn by the narrow windows' long tails, and
    what only a wide one shows would drown in them.
    """
    p = np.array([tail(own, null) for own, null in zip(seen, drawn.T, strict=True)])
    mean = drawn.mean(axis=0)
    best = int(p.argmin())
    combined = float(cauchy(p, most=_MOST))
    return Reading(float(seen[best]), float(mean[best]), combined, window=windows[best])


def burst(stream: Stream, family: Family) -> tuple[Reading, Reading] | None:
    """Test the family's busiest hour of its channel, with the family and without it.

    The norm is the channel's level times the week's shape of all channels, the family left out;
    counts are negative binomial. The second reading tells whether others wrote more as well.
    """
    known = family.members[stream.hours[family.members] >= 0]
    if not len(known):
        return None
    cells, counts = np.unique(
        np.stack([stream.channels[known], stream.hours[known]]), axis=1, return_counts=True
    )
    channel, hour = (int(value) for value in cells[:, counts.argmax()])
    own = int(counts.max())
    rest, mean, dispersion = _norm(stream, family, channel, hour)
    if math.isnan(mean):
        return None
    total = rest + own
    alone, others = at_least([total, rest], mean, 1 / dispersion)
    p = float(sidak(alone, len(counts)))
    return Reading(total, mean, p), Reading(rest, mean, float(others))


def _norm(stream: Stream, family: Family, channel: int, hour: int) -> tuple[int, float, float]:
    """Others in this hour, how many are usual, and the overdispersion of hours of the channel."""
    first, last = stream.span
    span = last - first + 1
    own = stream.by_channel.of_family(channel, family.members)
    own_hours = stream.hours[stream.by_channel.members[channel][own]]
    counts = stream.hourly[channel] - np.bincount(own_hours - first, minlength=span)
    others, here = int(counts.sum()), int(counts[hour - first])
    if span < 2 or not others:
        return others, math.nan, math.nan
    level = (others - here) / (span - 1)
    week = stream.rhythm[week_places(np.arange(first, last + 1))]
    expected = max(level * float(week[hour - first]), 1 / span)
    grid = counts.astype(float)
    usual = np.maximum(level * week, 1e-9)
    grid[hour - first] = usual[hour - first]
    return here, float(expected), max(scatter(grid, usual), 1e-6)
