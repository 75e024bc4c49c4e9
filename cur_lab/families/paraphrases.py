"""Pairs of texts that state the same in other words: near by vectors, alike word by word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from cur_lab import exact
from cur_lab.families.candidates import Float64Array, Int64Array
from cur_lab.families.sameness import similarity
from cur_lab.vectors import Vectors

_NEIGHBOURS = 5
_CHUNK = 1_000
# Drawn to learn how near five neighbours of an average text are: a text in a sparse part of the
# space has nearest neighbours too, but they are on another subject.
_DRAWN_PAIRS = 100_000
# Bits of vectors and of their cosines.
_BITS = 20
# Short statements come out alike too easily.
_WORDS = 6


def near(
    texts: Sequence[str], vectors: Vectors, *, threshold: float
) -> tuple[Int64Array, Float64Array]:
    """Find pairs of texts among nearest neighbours that state the same.

    Parameters
    ----------
    texts
        As found.
    vectors
        Of the texts, n x d, of length 1.
    threshold
        Smallest :func:`~cur_lab.families.similarity`.

    Returns
    -------
    tuple of arrays
        Pairs (n x 2, first < second) in order, and their similarity.
    """
    long = np.array([len(text.split()) >= _WORDS for text in texts]).nonzero()[0]
    # On a grid, so that the cosines of equal texts are equal on every machine.
    placed = exact.grid(vectors[long], _BITS)
    size = len(long)
    if size < 2:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    random = np.random.default_rng(0).integers(0, size, (2, _DRAWN_PAIRS))
    random = random[:, random[0] != random[1]]
    drawn = (placed[random[0]] * placed[random[1]]).sum(axis=1)
    usual = np.quantile(drawn, max(0.0, 1 - _NEIGHBOURS / size))
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, size, _CHUNK):
        cosines = placed[start : start + _CHUNK] @ placed.T
        rows = np.arange(len(cosines))
        cosines[rows, rows + start] = -1
        # Of equally near texts the first counts: no two keys of a row are equal.
        keys = np.rint(cosines * 2.0**_BITS).astype(np.int64) * size - np.arange(size)
        nearest = np.argpartition(-keys, min(_NEIGHBOURS, size) - 1, axis=1)[:, :_NEIGHBOURS]
        left = np.repeat(rows, nearest.shape[1])
        right = nearest.ravel()
        kept = cosines[left, right] >= usual
        left, right = left[kept] + start, right[kept]
        found.append(np.minimum(left, right) * size + np.maximum(left, right))
    codes = np.unique(np.concatenate(found))
    pairs = long[np.stack([codes // size, codes % size], axis=1)]
    left_texts, right_texts = (
        pl.Series([texts[i] for i in side], dtype=pl.String) for side in pairs.T
    )
    scores = similarity(left_texts, right_texts).to_numpy()
    kept = scores >= threshold
    return pairs[kept], scores[kept]
