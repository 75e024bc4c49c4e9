"""Which topics would join first, were there fewer."""

from __future__ import annotations

import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.topics import consensus


def joins(centres: consensus.Vectors, table: pl.DataFrame) -> pl.DataFrame:
    """Join topics by average linkage of their centres, as ``TOPIC_HIERARCHY``."""
    k = len(centres)
    if k < 2:
        return c.TOPIC_HIERARCHY.empty()
    size = table[c.SIZE].to_list()
    largest = list(range(k))
    made = []
    tree = scipy.cluster.hierarchy.linkage(
        scipy.spatial.distance.squareform(consensus.distances(centres), checks=False), "average"
    )
    for number, (left, right, distance, _) in enumerate(tree):
        a, b = int(left), int(right)
        size.append(size[a] + size[b])
        largest.append(max(largest[a], largest[b], key=lambda topic: (size[topic], -topic)))
        made.append((k + number, a, b, float(distance), size[-1], table[c.LABEL][largest[-1]]))
    return c.TOPIC_HIERARCHY.conform(
        pl.DataFrame(made, schema=list(c.TOPIC_HIERARCHY.schema), orient="row")
    )
