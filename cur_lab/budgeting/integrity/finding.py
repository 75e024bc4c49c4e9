"""What one test says of every project: its most telling window, and limits of the expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cur_lab.budgeting.integrity.windows import Tails, beta_binomial_sf
from cur_lab.inference import FloatArray, IntArray
from cur_lab.inference.overdispersed import limits

RISE = "rise"
CHANNEL = "channel"
NIGHT_SHARE = "night"
OFF_HOURS = "off_hours"
NUMBERS = "numbers"
REGULARITY = "regularity"
IDENTICAL = "identical"
# A rise is what every lively campaign brings about; these are what it does not.
COMPOSITION = (CHANNEL, NIGHT_SHARE, OFF_HOURS, NUMBERS, REGULARITY, IDENTICAL)
NEAR = 2
# Windows with a larger p are not worth telling.
TOLD = 0.2


@dataclass(frozen=True)
class Finding:
    """One test of all projects.

    Attributes
    ----------
    p
        Shape (projects,), corrected for the number of windows looked at; 1 where nothing stands
        out, nan where the project has too few votes to be asked.
    start, length
        Shape (projects,): first hour and hours of the most telling window; length 0 where p is
        0.2 or more.
    channel
        Shape (projects,): number of the channel, -1 for all.
    observed, expected, low, high
        Shape (projects,): what was seen, and its expectation with 95 % limits.
    """

    test: str
    p: FloatArray
    start: IntArray
    length: IntArray
    channel: IntArray
    observed: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def nothing(cls, test: str, projects: int) -> Finding:
        """Return a finding in which no project stands out."""
        zero = np.zeros(projects, dtype=np.int64)
        unknown = (np.full(projects, np.nan) for _ in range(4))
        return cls(test, np.ones(projects), zero, zero.copy(), zero - 1, *unknown)


def rise_limits(expected: FloatArray, spread: FloatArray, _: FloatArray) -> FloatArray:
    """95 % limits of a negative binomial, stacked on the last axis."""
    between = limits(np.maximum(expected, 1e-9), 1 / np.maximum(spread, 1e-9))
    return np.stack(between, axis=-1)


def makeup_limits(expected: FloatArray, spread: FloatArray, number: FloatArray) -> FloatArray:
    """95 % limits of a beta-binomial, stacked on the last axis."""
    mean = np.clip(expected / np.maximum(number, 1), 1e-6, 1 - 1e-6)
    limits = []
    for tail in (0.975, 0.025):
        low, high = np.zeros_like(number), number.copy()
        # The largest k with at least this much of the tail at or above it.
        while (high - low > 0).any():
            middle = np.ceil((low + high) / 2)
            enough = beta_binomial_sf(middle, number, mean, spread) >= tail
            low, high = np.where(enough, middle, low), np.where(enough, high, middle - 1)
        limits.append(low)
    return np.stack(limits, axis=-1)


def telling(
    test: str,
    tails: list[Tails],
    adjusted: list[FloatArray],
    limits: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> Finding:
    """Keep the window and category with the smallest p of each project; limits where it matters."""
    best = Finding.nothing(test, len(adjusted[0]) if adjusted else 0)
    for tail, p in zip(tails, adjusted, strict=True):
        shape = p.shape[1:]
        flat = p.reshape(len(p), -1)
        at = flat.argmin(axis=1)
        window, category = np.unravel_index(at, shape)
        project = np.arange(len(p))
        seen = flat[project, at] < 1
        here = (project, window, category)
        observed, expected = tail.observed[here], tail.expected[here]
        number = tail.observed[project, window].sum(axis=1)
        between = np.full((len(p), 2), np.nan)
        told = seen & (flat[project, at] < TOLD)
        between[told] = limits(expected[told], tail.spread[here][told], number[told])
        finding = Finding(
            test,
            flat[project, at],
            tail.windows.starts[window],
            np.where(told, tail.windows.length, 0),
            np.where(told & (shape[1] > 1), category, -1),
            np.where(told, observed, np.nan),
            np.where(told, expected, np.nan),
            between[:, 0],
            between[:, 1],
        )
        best = better(best, finding)
    return best


def better(first: Finding, second: Finding) -> Finding:
    """Keep of two findings of one test, project by project, the one with the smaller p."""
    take = second.p < first.p
    names = ("p", "start", "length", "channel", "observed", "expected", "low", "high")
    chosen = (np.where(take, getattr(second, n), getattr(first, n)) for n in names)
    return Finding(first.test, *chosen)


def first_category(tails: Tails) -> Tails:
    """Keep only the tail of the first category; the counts of both stay."""
    p = tails.p.copy()
    p[..., 1:] = 1.0
    return Tails(tails.windows, p, *_fields(tails)[1:])


def _fields(tails: Tails) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    return tails.p, tails.observed, tails.expected, tails.spread, tails.pooled
