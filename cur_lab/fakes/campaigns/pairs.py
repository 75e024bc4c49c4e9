"""Pairs of accounts that write the same on the same days more often than their activity explains.

References
----------
Saracco F. et al. (2017). Inferring monopartite projections of bipartite networks: an entropy-based
approach. New Journal of Physics 19, 053022.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.fakes.campaigns.permutations import COULD, Reading
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.inference import FloatArray, IntArray, q_values

# Shorter texts are written by many on any day.
_WORDS = 5
# A text of more accounts than this says nothing of a pair, and has too many pairs to list.
_ACCOUNTS = 300
_STEPS = 2000


@dataclass(frozen=True, eq=False)
class Ties:
    """Who wrote what: accounts x objects, and what the configuration model expects of them.

    An object is a text on one day: writing it again tomorrow is another joint act.

    Attributes
    ----------
    accounts
        Codes, one per row.
    families
        Of each object, place in the list of families; in order.
    acts
        Sparse, accounts x objects, zeros and ones.
    expected
        Classes x classes: joint acts expected of two accounts of these classes of activity.
    classes
        Class of each account.
    """

    accounts: IntArray
    families: IntArray
    acts: scipy.sparse.csr_array
    expected: FloatArray
    classes: IntArray

    @cached_property
    def _by_object(self) -> scipy.sparse.csc_array:
        return scipy.sparse.csc_array(self.acts)

    def within(self, number: int) -> Reading | None:
        """Joint acts of a family's accounts beyond the one that made them members.

        Not tested where they act so seldom that no number of joint acts would stand out.
        """
        start, stop = np.searchsorted(self.families, [number, number + 1])
        if start == stop or self.acts.shape[1] < 2:
            return None
        by_object = self._by_object
        members = np.unique(by_object.indices[by_object.indptr[start] : by_object.indptr[stop]])
        if not 3 <= len(members) <= _ACCOUNTS:
            return None
        acts = self.acts[members]
        together = (acts @ acts.T).toarray()
        here = (acts[:, start:stop] @ acts[:, start:stop].T).toarray() > 0
        upper = np.triu_indices(len(members), 1)
        more = float((together - here)[upper].sum())
        kind = self.classes[members]
        expected = float(self.expected[np.ix_(kind, kind)][upper].sum())
        degrees = np.asarray(acts.sum(axis=1))
        most = float((np.minimum.outer(degrees, degrees) - here)[upper].sum())
        if scipy.stats.poisson.sf(most - 1, expected) > COULD:
            return Reading(more, expected, math.nan, note="no_history")
        p = float(scipy.stats.poisson.sf(more - 1, expected)) if more else 1.0
        return Reading(more, expected, max(p, 1e-12))


def ties(stream: Stream, families: list[Family]) -> tuple[Ties | None, int]:
    """Lay out who wrote what; families of too many accounts are left out and counted."""
    texts = stream.frame[c.TEXT]
    records: list[tuple[IntArray, IntArray, IntArray]] = []
    left_out = 0
    for number, family in enumerate(families):
        words = len(str(texts[int(family.members[0])]).split())
        members = family.members[stream.accounts[family.members] >= 0]
        writers = len(np.unique(stream.accounts[members]))
        if words < _WORDS or writers < 2:
            continue
        if writers > _ACCOUNTS:
            left_out += 1
            continue
        days = stream.hours[members] // 24
        records.append((stream.accounts[members], np.full(len(members), number), days))
    if not records:
        return None, left_out
    accounts, numbers, days = (np.concatenate(part) for part in zip(*records, strict=True))
    codes, rows = np.unique(accounts, return_inverse=True)
    objects, columns = np.unique(np.stack([numbers, days]), axis=1, return_inverse=True)
    acts = scipy.sparse.csr_array(
        (np.ones(len(rows)), (rows, columns.ravel())), shape=(len(codes), objects.shape[1])
    )
    acts.data[:] = 1.0  # twice on one day is one act
    expected, classes = expected_joint(acts)
    return Ties(codes, objects[0], acts, expected, classes), left_out


def chances(rows: IntArray, columns: IntArray) -> tuple[FloatArray, FloatArray]:
    """Solve the bipartite configuration model for the fitness of rows and columns.

    Parameters
    ----------
    rows, columns
        Degrees; both sum to the number of links.

    Returns
    -------
    tuple of arrays
        x and y, so that the chance of a link is x·y / (1 + x·y) and expected degrees are these.
    """
    kinds, row = np.unique(rows, return_inverse=True)
    sorts, column = np.unique(columns, return_inverse=True)
    many, much = np.bincount(row), np.bincount(column)
    links = float(rows.sum())
    x, y = kinds / np.sqrt(links), sorts / np.sqrt(links)
    for _ in range(_STEPS):
        new_x = kinds / (much * y / (1 + np.outer(x, y))).sum(axis=1)
        new_y = sorts / (many * new_x / (1 + np.outer(y, new_x))).sum(axis=1)
        done = np.allclose(new_x, x, rtol=1e-10) and np.allclose(new_y, y, rtol=1e-10)
        x, y = new_x, new_y
        # Someone who wrote everything has no finite fitness; the chance of one comes close enough.
        if done or max(x.max(), y.max()) > 1e12:
            break
    return x[row], y[column]


def expected_joint(acts: scipy.sparse.csr_array) -> tuple[FloatArray, IntArray]:
    """Return expected joint acts of two accounts by class of activity, and the classes."""
    rows = np.asarray(acts.sum(axis=1)).astype(np.int64)
    columns = np.asarray(acts.sum(axis=0)).astype(np.int64)
    x, y = chances(rows, columns)
    _, first, classes = np.unique(rows, return_index=True, return_inverse=True)
    _, column, many = np.unique(columns, return_index=True, return_counts=True)
    link = np.outer(x[first], y[column])
    link = link / (1 + link)
    return (link * many) @ link.T, classes


def table(found: Ties | None, *, fdr: float) -> pl.DataFrame:
    """Count pairs with two or more joint acts, q over all pairs that could be; none is named."""
    if found is None:
        return c.CAMPAIGN_PAIRS.empty()
    together = scipy.sparse.triu(found.acts @ found.acts.T, k=1).tocoo()
    kept = together.data >= 2
    left, right = (side[kept] for side in together.coords)
    count = together.data[kept]
    expected = found.expected[found.classes[left], found.classes[right]]
    number = len(found.accounts) * (len(found.accounts) - 1) // 2
    q = q_values(scipy.stats.poisson.sf(count - 1, expected), hypotheses=number)
    pairs = pl.DataFrame({c.TOGETHER: count.astype(np.int64), c.FLAGGED: q <= fdr})
    counted = pairs.group_by(c.TOGETHER).agg(
        pl.len().alias(c.PAIRS_COUNT), pl.col(c.FLAGGED).sum().cast(pl.Int64)
    )
    return c.CAMPAIGN_PAIRS.conform(counted).sort(c.TOGETHER, descending=True)
