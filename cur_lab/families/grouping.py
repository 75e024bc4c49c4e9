"""Complete-link families: every member is similar to every other, not only to a neighbour."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from cur_lab.families.candidates import Float64Array, Int64Array

# Larger components are first cut into balls: the full table of similarities would not fit.
_FULL_TABLE = 1_500

Similarities = Callable[[Int64Array], Float64Array]


def complete_link(
    size: int, pairs: Int64Array, similarities: Similarities, *, threshold: float
) -> list[tuple[Int64Array, Float64Array]]:
    """Group texts so that within a group every pair has similarity >= threshold.

    Parameters
    ----------
    size
        Number of texts.
    pairs
        Pairs known to be similar enough, n x 2.
    similarities
        Gives the full table of similarities among texts, m -> m x m.
    threshold
        Smallest similarity within a group.

    Returns
    -------
    list of tuple
        Members of each group of two or more, in order, and for each the smallest similarity to
        another member.
    """
    if not len(pairs):
        return []
    graph = sparse.coo_matrix((np.ones(len(pairs)), tuple(pairs.T)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    order = np.argsort(component, kind="stable")
    starts = np.flatnonzero(np.diff(component[order])) + 1
    groups = []
    for members in np.split(order, starts):
        if len(members) < 2:
            continue
        for block in _blocks(members):
            table = similarities(block)
            groups += _cut(block, table, threshold)
    return groups


def _blocks(members: Int64Array) -> list[Int64Array]:
    """Cut a component that is too large into blocks of texts that are neighbours in order."""
    return np.array_split(members, -(-len(members) // _FULL_TABLE))


def _cut(
    members: Int64Array, table: Float64Array, threshold: float
) -> list[tuple[Int64Array, Float64Array]]:
    distances = 1.0 - (table + table.T) / 2
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="complete")
    # Rounding must not part two texts whose similarity is the threshold itself.
    labels = fcluster(tree, 1 - threshold + 1e-9, criterion="distance")
    groups = []
    for label in np.unique(labels):
        inside = np.flatnonzero(labels == label)
        if len(inside) > 1:
            part = table[np.ix_(inside, inside)].copy()
            np.fill_diagonal(part, 1.0)
            groups.append((members[inside], part.min(axis=1)))
    return groups
