"""Complete-link families: every member is similar to every other, not only to a neighbour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy

from cur_lab.families import candidates
from cur_lab.families.candidates import Float64Array, Int64Array

# Larger components are cut into blocks: the full table of similarities would not fit.
_FULL_TABLE = 1_500

Group = tuple[Int64Array, Float64Array]


def complete_link(
    texts: Sequence[str], found: Sequence[tuple[Int64Array, Float64Array]], *, threshold: float
) -> list[Group]:
    """Group texts so that within a group every pair has similarity >= threshold.

    Parameters
    ----------
    texts
        Folded, distinct and sorted.
    found
        Pairs known to be similar enough (n x 2) and their similarity, by several measures: the
        largest counts. Pairs not among them have their Jaccard similarity.
    threshold
        Smallest similarity within a group.

    Returns
    -------
    list of tuple
        Members of each group of two or more, in order, and for each the smallest similarity to
        another member.
    """
    pairs = np.concatenate([pairs for pairs, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    known = scipy.sparse.coo_matrix((scores, tuple(pairs.T)), shape=(len(texts),) * 2)
    count, component = scipy.sparse.csgraph.connected_components(known, directed=False)
    order = np.argsort(component, kind="stable")
    sizes = np.bincount(component, minlength=count)
    component_of_pair = component[pairs[:, 0]]
    by_component = np.argsort(component_of_pair, kind="stable")
    starts = np.searchsorted(component_of_pair[by_component], np.arange(count + 1))
    groups = []
    for number, members in enumerate(np.split(order, np.cumsum(sizes)[:-1])):
        if len(members) < 2:
            continue
        inside = by_component[starts[number] : starts[number + 1]]
        if len(members) == 2:
            groups.append((members, np.full(2, scores[inside].max())))
            continue
        for block in _blocks(members):
            table = candidates.table([texts[place] for place in block])
            _raise_to(table, block, pairs[inside], scores[inside])
            groups += _cut(block, table, threshold)
    return groups


def _blocks(members: Int64Array) -> list[Int64Array]:
    """Cut a component that is too large into blocks; texts that begin alike are neighbours."""
    return np.array_split(members, -(-len(members) // _FULL_TABLE))


def _raise_to(
    table: Float64Array, block: Int64Array, pairs: Int64Array, scores: Float64Array
) -> None:
    """Write the similarity of known pairs into the table where it is larger."""
    here = np.isin(pairs, block).all(axis=1)
    left, right = np.searchsorted(block, pairs[here]).T
    np.maximum.at(table, (left, right), scores[here])
    np.maximum.at(table, (right, left), scores[here])


def _cut(members: Int64Array, table: Float64Array, threshold: float) -> list[Group]:
    distances = 1.0 - (table + table.T) / 2
    np.fill_diagonal(distances, 0.0)
    tree = scipy.cluster.hierarchy.linkage(
        scipy.spatial.distance.squareform(distances, checks=False), method="complete"
    )
    # Rounding must not part two texts whose similarity is the threshold itself.
    labels = scipy.cluster.hierarchy.fcluster(tree, 1 - threshold + 1e-9, criterion="distance")
    groups = []
    for label in np.unique(labels):
        inside = np.flatnonzero(labels == label)
        if len(inside) > 1:
            part = table[np.ix_(inside, inside)].copy()
            np.fill_diagonal(part, 1.0)
            groups.append((members[inside], part.min(axis=1)))
    return groups
