"""Consensus clustering: many cheap partitions, and how often they put two texts together.

One k-means run depends on its start; the share of many runs that keep a pair together hardly does
(Fred & Jain 2005). Large corpora are first summed up by a few thousand small clusters, which the
runs then treat as weighted points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab import exact

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
# More than one number where refits must differ from the fit and from each other.
Seed = int | tuple[int, ...]

UNASSIGNED = -1

# Up to here every text is a point of its own; time and memory grow with the square of points.
_MOST_POINTS = 2_000
_MICRO_CLUSTERS = 1_000
_MICRO_ROUNDS = 4
# Small clusters are found among so many texts and then take in all.
_MICRO_TEXTS = 10_000
_ROUNDS = 8
# k of a run is drawn between these multiples of the number of topics, so that the consensus does
# not inherit the one grain.
_FEWEST, _MOST = 0.7, 1.6
_LEAST_SIZE = 3
_CHUNK = 8_192
# So many rows at a time that they stay in the processor's own memory.
_PLACED = 1_024
_DECIMALS = 6
# Runs compare vectors on a grid so coarse that single precision adds their products exactly, on
# every processor (see cur_lab.exact): an error of 0.0002 in a cosine. Texts are placed on a finer.
_RUN_BITS, _PLACE_BITS = 11, 20


@dataclass(frozen=True, slots=True)
class Points:
    """What is clustered: coarse unit vectors, how many texts each stands for, and which texts."""

    vectors: Vectors
    weights: npt.NDArray[np.float64]
    of_text: Labels

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.weights)

    def reweighted(self, texts: Iterable[int] | Labels) -> Points:
        """Return the points as a sample of the texts sees them; repeated texts count again."""
        weights = np.bincount(self.of_text[np.asarray(texts)], minlength=self.count).astype(float)
        kept = np.flatnonzero(weights)
        return Points(self.vectors[kept], weights[kept], np.full(len(self.of_text), -1))


def points(vectors: Vectors, *, seed: int) -> Points:
    """Turn texts into points, summing up a large corpus by small clusters.

    Parameters
    ----------
    vectors
        Shape (n, d), rows of length one.
    seed
        Of the small clusters' start.
    """
    n = len(vectors)
    vectors = coarse(vectors)
    if n <= _MOST_POINTS:
        return Points(vectors, np.ones(n), np.arange(n))
    rng = np.random.default_rng(seed)
    some = np.sort(rng.choice(n, min(n, _MICRO_TEXTS), replace=False))
    centres = kmeans(
        vectors[some], np.ones(len(some)), _MICRO_CLUSTERS, rng=rng, rounds=_MICRO_ROUNDS
    )
    nearest = assign(vectors, centres)
    used, of_text, sizes = np.unique(nearest, return_inverse=True, return_counts=True)
    return Points(centres[used], sizes.astype(float), of_text)


def kmeans(
    vectors: Vectors,
    weights: npt.NDArray[np.float64],
    k: int,
    *,
    rng: np.random.Generator,
    rounds: int = _ROUNDS,
    start: Vectors | None = None,
) -> Vectors:
    """Spherical k-means; return the centres, shape (at most k, d), rows of length one."""
    if start is None:
        start = vectors[np.sort(rng.choice(len(vectors), min(k, len(vectors)), replace=False))]
    centres, labels = start, None
    for _ in range(rounds):
        nearest = assign(vectors, centres)
        if labels is not None and np.array_equal(nearest, labels):
            break
        labels = nearest
        centres = coarse(means(vectors, weights, labels, len(centres), empty=centres))
    return centres


def coarse(vectors: Vectors) -> Vectors:
    """Put vectors on the grid that runs compare them on."""
    return exact.grid(vectors, _RUN_BITS).astype(np.float32)


def assign(vectors: Vectors, centres: Vectors) -> Labels:
    """Index of the nearest centre of each vector, both coarse."""
    nearest = [
        (vectors[at : at + _CHUNK] @ centres.T).argmax(axis=1)
        for at in range(0, len(vectors), _CHUNK)
    ]
    return np.concatenate(nearest) if nearest else np.zeros(0, dtype=np.int64)


def means(
    vectors: Vectors,
    weights: npt.NDArray[np.float64],
    labels: Labels,
    k: int,
    *,
    empty: Vectors | None = None,
) -> Vectors:
    """Weighted mean direction of each label's vectors; ``empty`` stands in where there are none."""
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(k + 1))
    members = scipy.sparse.csr_array((weights[order], order, starts), shape=(k, len(labels)))
    sums = np.asarray(members @ vectors)
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    fallback = np.zeros_like(sums) if empty is None else empty
    directions = np.where(lengths > 1e-6, sums / np.maximum(lengths, 1e-6), fallback)
    return exact.grid(directions, _PLACE_BITS).astype(np.float32)


def tree(cloud: Points, k: int, *, runs: int, seed: Seed) -> npt.NDArray[np.float64]:
    """Join at least two points by how seldom the runs put them together, average linkage.

    Each run clusters one half of the points and assigns the other to the centres found. Two points
    are alike as far as the runs put them together with the same others: the share of runs alone is
    as rough as the runs are few.

    References
    ----------
    Iam-On N. et al. (2011). A link-based approach to the cluster ensemble problem. IEEE TPAMI 33,
    2396-2409.
    """
    n = cloud.count
    votes, clusters_so_far = [], 0
    for run in range(runs):
        rng = np.random.default_rng([*np.atleast_1d(seed), run])
        clusters = min(int(rng.uniform(_FEWEST, _MOST) * k) + 1, n)
        half = np.sort(rng.choice(n, min(n, max(n // 2, 2 * clusters)), replace=False))
        found = kmeans(cloud.vectors[half], cloud.weights[half], clusters, rng=rng)
        votes.append(clusters_so_far + assign(cloud.vectors, found))
        clusters_so_far += clusters
    # Row i holds a one for the cluster of point i in every run.
    ballots = scipy.sparse.csr_array(
        (
            np.ones(n * runs, dtype=np.float32),
            np.stack(votes, axis=1).ravel(),
            np.arange(0, n * runs + 1, runs),
        ),
        shape=(n, clusters_so_far),
    )
    together = (ballots @ ballots.T).toarray()
    # Whole numbers: their sums are exact in single precision up to 2^24, and so on every processor.
    shared = together if n * runs**2 < 1 << 24 else together.astype(float)
    common = (shared @ shared).astype(float)
    lengths = np.sqrt(np.diag(common))
    apart = np.clip(1 - common / lengths / lengths[:, None], 0, 1)
    apart = np.maximum(apart, apart.T)
    np.fill_diagonal(apart, 0)
    return np.asarray(
        scipy.cluster.hierarchy.linkage(
            scipy.spatial.distance.squareform(apart, checks=False), "average"
        ),
        dtype=float,
    )


def cut(joins: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], k: int) -> Labels:
    """Cut the tree into k branches of some weight; what hangs beside them gets -1.

    A branch of one or two texts is an anecdote, not a topic: the cut goes on until there are k
    branches of more, as many as there can be.
    """
    least = np.clip(weights.sum() // (4 * k), 1, _LEAST_SIZE)
    best, most = np.zeros(len(weights), dtype=np.int64), 0
    for branches in range(k, min(len(weights), 4 * k) + 1):
        labels = scipy.cluster.hierarchy.fcluster(joins, branches, "maxclust") - 1
        large = np.bincount(labels, weights=weights) >= least
        if most < large.sum() <= k:
            numbers = np.where(large, np.cumsum(large) - 1, UNASSIGNED)
            best, most = numbers[labels], int(large.sum())
        if large.sum() >= k:
            break
    return best


def centres(cloud: Points, k: int, *, runs: int, seed: Seed) -> Vectors:
    """Centres of k topics, fewer where fewer can be told apart; shape (k, d), rows of length one.

    Parameters
    ----------
    cloud
        What to cluster.
    k
        Number of topics.
    runs
        Number of k-means runs that vote.
    seed
        Of the runs.

    References
    ----------
    Fred A., Jain A. (2005). Combining multiple clusterings using evidence accumulation. IEEE TPAMI
    27, 835-850.
    """
    if k == 1 or cloud.count == 1:
        return branches(cloud, np.zeros(cloud.count, dtype=np.int64))
    return branches(cloud, cut(tree(cloud, k, runs=runs, seed=seed), cloud.weights, k))


def branches(cloud: Points, labels: Labels) -> Vectors:
    """Centres of what was cut, without what hangs beside."""
    branch = labels >= 0
    return means(
        cloud.vectors[branch], cloud.weights[branch], labels[branch], int(labels.max()) + 1
    )


def distances(found: Vectors) -> npt.NDArray[np.float64]:
    """Cosine distances of centres from each other."""
    placed = exact.grid(found, _PLACE_BITS)
    apart = np.clip(1 - placed @ placed.T, 0, 2)
    np.fill_diagonal(apart, 0)
    return apart


def nearest(
    rows: Vectors,
    found: Vectors,
    *,
    least_margin: float = 0.0,
    owner: tuple[int, ...] | None = None,
) -> tuple[Labels, npt.NDArray[np.float64]]:
    """Topic and margin of each row: how much nearer its topic is than the next one.

    The margin is 1 - d1/d2 of the cosine distances to the nearest and the next centre. A row of
    zeros, or one below the least margin, belongs to none. Where centres have an owner, the nearest
    of its centres speaks for a topic.
    """
    places = exact.grid(found, _PLACE_BITS).T
    parts = [
        _nearest(rows[at : at + _PLACED], places, owner)
        for at in range(0, max(len(rows), 1), _PLACED)
    ]
    topics, margins, known = (np.concatenate(part) for part in zip(*parts, strict=True))
    return np.where(known & (margins >= least_margin), topics, UNASSIGNED), margins


def _nearest(
    rows: Vectors, places: npt.NDArray[np.float64], owner: tuple[int, ...] | None
) -> tuple[Labels, npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Nearest centre and margin of some rows, and whether they are more than zeros."""
    alike = exact.grid(rows, _PLACE_BITS) @ places
    if owner is not None:
        best = np.full((max(owner) + 1, len(rows)), -np.inf)
        np.maximum.at(best, np.asarray(owner), alike.T)
        alike = best.T
    if alike.shape[1] == 1:
        alike = np.hstack([alike, np.zeros_like(alike)])
    every, topics = np.arange(len(rows)), alike.argmax(axis=1)
    first = alike[every, topics]
    alike[every, topics] = -np.inf
    second = alike.max(axis=1)
    margins = np.clip((first - second) / np.maximum(1 - second, 1e-9), 0, 1).round(_DECIMALS)
    known = np.abs(rows).sum(axis=1) > 0
    return topics, np.where(known, margins, 0.0), known
