"""Whether a family is about one place, or under one post."""

from __future__ import annotations

import numpy as np

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.fakes.campaigns.permutations import DRAWS, Reading, tail
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.timing import members
from cur_lab.inference import FloatArray, IntArray

# A family may have a million texts.
_ADDRESSES = 100


def place(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Compare how concentrated the municipalities are with the same channel and hour."""
    here = members(stream, family, rng)
    here = here[stream.places[here] >= 0]
    return (
        _concentration(stream, family, here, stream.places, rng) if stream.several_places else None
    )


def target(stream: Stream, family: Family, rng: np.random.Generator) -> Reading | None:
    """Compare how concentrated the threads are with the same channel and hour."""
    here = members(stream, family, rng)
    return (
        _concentration(stream, family, here, stream.threads, rng)
        if stream.several_threads
        else None
    )


def addresses(stream: Stream, family: Family) -> int:
    """Count the different addresses that the texts of a family name."""
    texts = stream.frame[family.members[:_ADDRESSES]]
    return prepare.with_address_keys(texts)[c.ADDRESS].drop_nulls().n_unique()


def _concentration(
    stream: Stream, family: Family, here: IntArray, codes: IntArray, rng: np.random.Generator
) -> Reading | None:
    """Share of the commonest code in per cent, and what it is among like messages."""
    if len(here) < 3:
        return None
    drawn = stream.strata.draw(here, family.members, DRAWS, rng)
    if drawn is None:
        return None
    seen = np.unique(codes[here], return_counts=True)[1].max() / len(here)
    shares = _largest(codes[drawn])
    return Reading(100 * float(seen), 100 * float(shares.mean()), tail(seen, shares))


def _largest(codes: IntArray) -> FloatArray:
    """Share of the commonest code of each row; unknown ones are nobody's."""
    ordered = np.sort(codes, axis=1)
    rows, width = ordered.shape
    edge = np.ones((rows, width + 1), dtype=bool)
    edge[:, 1:-1] = ordered[:, 1:] != ordered[:, :-1]
    row, column = np.nonzero(edge)
    inside = np.r_[row[1:] == row[:-1], False]
    runs = np.zeros(len(row))
    runs[:-1] = np.where(inside[:-1], np.diff(column), 0)
    known = np.zeros(len(row), dtype=bool)
    known[inside] = ordered[row[inside], column[inside]] >= 0
    best = np.zeros(rows)
    np.maximum.at(best, row, np.where(known, runs, 0))
    return np.asarray(best / width)
