"""Topics that start from the names of official rubrics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import vectors
from cur_lab.topics import consensus

# How many texts the start of a rubric weighs: enough to hold the topic to its name, too few to keep
# the texts from moving it.
_WEIGHT_OF_START = 10.0
_ROUNDS = 10


def starts(
    rubrics: Sequence[str],
    messages: pl.DataFrame,
    rows: consensus.Vectors,
    embedding: vectors.Embedding,
) -> tuple[list[str], consensus.Vectors]:
    """Give the rubrics the corpus has words for, and where their topics start.

    A start is the mean direction of the rubric's name and of the messages that carry it.
    """
    names = list(dict.fromkeys(rubrics))
    spoken = embedding.transform(pl.Series(names, dtype=pl.String))
    carried = messages[c.RUBRIC].to_list() if c.RUBRIC in messages.columns else [None] * len(rows)
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([*range(len(names)), *(place.get(rubric or "", -1) for rubric in carried)])
    known = labels >= 0
    directions = consensus.means(
        np.vstack([spoken, rows])[known], np.ones(known.sum()), labels[known], len(names)
    )
    found = np.flatnonzero(np.abs(directions).sum(axis=1) > 0)
    return [names[number] for number in found], directions[found]


def centres(
    cloud: consensus.Points,
    runs: int,
    seed: consensus.Seed,
    *,
    starts: consensus.Vectors,
    k: int,
) -> consensus.Vectors:
    """Centres of the rubrics, moved by the texts, then of free topics up to k.

    Free topics are those of a consensus into k that are least like any rubric.
    """
    found = starts
    if (extra := k - len(starts)) > 0:
        free = consensus.centres(cloud, k, runs=runs, seed=seed)
        alike = consensus.coarse(free) @ consensus.coarse(starts).T
        unlike = np.argsort(alike.max(axis=1), kind="stable")[:extra]
        found = np.vstack([starts, free[np.sort(unlike)]])
    held = np.vstack([cloud.vectors, found])
    weights = np.append(cloud.weights, np.full(len(found), _WEIGHT_OF_START))
    moved = found
    for _ in range(_ROUNDS):
        texts = consensus.assign(cloud.vectors, consensus.coarse(moved))
        labels = np.append(texts, np.arange(len(found)))
        moved = consensus.means(held, weights, labels, len(found))
    return moved
