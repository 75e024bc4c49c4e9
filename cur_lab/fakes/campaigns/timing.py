"""Whether messages come closer together than the hour, or a shared event, explains."""

from __future__ import annotations

import math

import numpy as np

from cur_lab.fakes.campaigns.permutations import DRAWS, Reading, tail
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.inference import FloatArray, IntArray, sidak
from cur_lab.inference.overdispersed import at_least
from cur_lab.inference.overdispersed import dispersion as scatter
from cur_lab.inference.rhythm import WEEK

WINDOWS = (10.0, 60.0, 600.0)
# People who learn of one thing write about it this much earlier or later than each other.
SPREAD = 1800.0
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
    return _compared(stream, here, times, WINDOWS)


def tightness(
    stream: Stream,
    family: Family,
    rng: np.random.Generator,
    *,
    windows: tuple[float, ...] = WINDOWS,
    spread: float = SPREAD,
) -> Reading | None:
    """Compare pairs in time with what an event leaves when everyone writes in their own moment.

    Each message is moved within `spread` seconds, to where the other messages of its thread lie: an
    event that made everybody write stays as it is, a common start within minutes does not.
    """
    here = members(stream, family, rng)
    if len(here) < 2:
        return None
    times = moved(stream, here, family.members, spread, rng)
    return _compared(stream, here, times, windows)


def moved(
    stream: Stream, here: IntArray, family: IntArray, spread: float, rng: np.random.Generator
) -> FloatArray:
    """Move the messages within their thread: times, draws x messages."""
    times = np.empty((DRAWS, len(here)))
    threads = stream.threads[here]
    for thread in np.unique(threads):
        mine = np.flatnonzero(threads == thread)
        at = stream.times[here[mine]]
        others = np.setdiff1d(stream.by_thread[int(thread)], family, assume_unique=True)
        around = np.sort(stream.times[others])
        low, high = at.min() - spread, at.max() + spread
        around = around[(around > low) & (around < high)]
        knots = np.r_[low, around, high]
        # One message per window evenly on top of what was written, so that no time is empty.
        mass = np.r_[0, np.arange(1, len(around) + 1), len(around)]
        mass = mass + (knots - low) / (2 * spread)
        left = np.interp(at - spread, knots, mass)
        right = np.interp(at + spread, knots, mass)
        share = rng.uniform(0, 1, (DRAWS, len(mine)))
        times[:, mine] = np.interp(left + share * (right - left), mass, knots)
    return times


def _compared(
    stream: Stream, here: IntArray, times: FloatArray, windows: tuple[float, ...]
) -> Reading:
    accounts = stream.accounts[here]
    seen = joint(stream.times[here][None, :], accounts, windows)[0]
    drawn = joint(times, accounts, windows)
    mean = drawn.mean(axis=0)
    # Half a pair keeps a window in which nearly nothing happens from dividing by nought.
    deviation = np.maximum(drawn.std(axis=0), 0.5)
    scores = (seen - mean) / deviation
    best = int(scores.argmax())
    p = tail(float(scores[best]), ((drawn - mean) / deviation).max(axis=1))
    return Reading(float(seen[best]), float(mean[best]), p, window=windows[best])


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
    places = stream.by_channel[channel]
    hours = stream.hours[np.setdiff1d(places, family.members, assume_unique=True)]
    week = stream.hours[stream.hours >= 0]
    first, last = int(week.min()), int(week.max())
    span = last - first + 1
    if span < 2 or not len(hours):
        return len(hours), math.nan, math.nan
    shape = stream.rhythm
    level = (len(hours) - (hours == hour).sum()) / (span - 1)
    expected = max(level * shape[hour % WEEK], 1 / span)
    grid = np.bincount(hours - first, minlength=span).astype(float)
    usual = np.maximum(level * shape[np.arange(first, last + 1) % WEEK], 1e-9)
    grid[hour - first] = usual[hour - first]
    return int((hours == hour).sum()), float(expected), max(scatter(grid, usual), 1e-6)
