"""Pairs of texts that are copies: near-copies by MinHash, longer and shorter ones by their opening.

Candidates are always scored exactly, on sets of character 5-grams.

References
----------
Broder A. Z. (1997). On the resemblance and containment of documents. SEQUENCES'97.
Leskovec J., Rajaraman A., Ullman J. (2014). Mining of Massive Datasets, ch. 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
from rensa import RMinHash, RMinHashLSH

Int64Array = npt.NDArray[np.int64]
UInt64Array = npt.NDArray[np.uint64]
Float64Array = npt.NDArray[np.float64]
Key = npt.NDArray[np.integer[Any]]

SHINGLE = 5
# At most so many: as many as fill the bands.
_PERMUTATIONS = 128
# A pair exactly at the threshold is missed by the hash at most this often.
_MISSES = 1e-3
# As many letters in common at the start are no accident.
_OPENING = 150
# Buckets up to this size propose all their pairs, larger ones only neighbours.
_ALL_PAIRS = 64
_CHUNK = 20_000


def hashed(texts: Sequence[str]) -> tuple[UInt64Array, Int64Array]:
    """Give the :func:`shingles` of many texts, made a part at a time: it takes less memory."""
    parts = [shingles(texts[at : at + _CHUNK]) for at in range(0, max(len(texts), 1), _CHUNK)]
    lengths = np.concatenate([np.diff(offsets) for _, offsets in parts])
    return np.concatenate([hashes for hashes, _ in parts]), np.r_[0, np.cumsum(lengths)]


def shingles(texts: Sequence[str]) -> tuple[UInt64Array, Int64Array]:
    """Hash every run of five characters.

    Returns
    -------
    tuple of arrays
        Hashes of all texts one after another, and where each text begins (one more than texts).
        A text shorter than five characters has one shingle.
    """
    padded = [text.ljust(SHINGLE) for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded))
    hashes = np.zeros(max(len(codes) - SHINGLE + 1, 0), dtype=np.uint64)
    for place in range(SHINGLE):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += codes[place : place + len(hashes)]
    # The finaliser of MurmurHash3: neighbouring letters must not give neighbouring hashes.
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    inside = np.ones(len(codes), dtype=bool)
    ends = np.cumsum(lengths)
    for place in range(1, SHINGLE):
        inside[ends - place] = False
    offsets = np.concatenate([[0], np.cumsum(lengths - SHINGLE + 1)]).astype(np.int64)
    return hashes[inside[: len(hashes)]], offsets


def distinct(values: Int64Array) -> Int64Array:
    """As ``np.unique``, whose hashing takes twice the time and memory of a sort here."""
    ranked: Int64Array = np.sort(values)
    return np.asarray(ranked[np.r_[True, ranked[1:] != ranked[:-1]][: len(ranked)]])


def matrix(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """Return the sets of shingles as a binary sparse matrix, texts x 2^31 hash values."""
    hashes, offsets = shingles(texts)
    rows = np.repeat(np.arange(len(texts)), np.diff(offsets))
    columns = (hashes & np.uint64(0x7FFFFFFF)).astype(np.int64)
    unique = distinct((rows << 31) | columns)
    indptr = np.searchsorted(unique >> 31, np.arange(len(texts) + 1))
    indices = (unique & 0x7FFFFFFF).astype(np.int32)
    return scipy.sparse.csr_matrix(
        (np.ones(len(indices), dtype=np.float32), indices, indptr), shape=(len(texts), 2**31 - 1)
    )


def near(
    texts: Sequence[str], shingled: tuple[UInt64Array, Int64Array], *, threshold: float
) -> tuple[Int64Array, Float64Array]:
    """Find pairs of texts whose shingle sets have Jaccard similarity >= threshold.

    Parameters
    ----------
    texts
        Folded and distinct.
    shingled
        What :func:`hashed` gives of them, for any threshold.
    threshold
        In (0, 1].

    Returns
    -------
    tuple of arrays
        Pairs (n x 2, first < second) in order, and their exact similarity.
    """
    rows = _rows(threshold)
    bands = _PERMUTATIONS // rows
    hashes, offsets = shingled
    digests = _digests(hashes, offsets, rows * bands)
    # Most texts share no band with another. Who does is found without a signature leaving Rust.
    index = RMinHashLSH(threshold, rows * bands, bands)
    places = np.flatnonzero(index.query_duplicate_flags_matrix_one_shot(digests))
    several = [texts[place] for place in places.tolist()]
    signs = np.array(_digests(*hashed(several), rows * bands).to_rows(), dtype=np.uint32)
    signs = signs.reshape(len(several), rows * bands)
    # Ties of a band are ordered by other parts of the signature, so that in a crowded bucket the
    # nearest stand side by side.
    order = np.lexsort((signs[:, -1], signs[:, 0]))
    pairs = _bucket_mates(_bands(signs[order], rows), places[order], len(texts))
    scores = _scores(texts, pairs, contained=False)
    kept = scores >= threshold
    return pairs[kept], scores[kept]


def _digests(hashes: UInt64Array, offsets: Int64Array, permutations: int) -> Any:
    return RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, offsets.astype(np.uint64), permutations, 1
    )


def opening_alike(texts: Sequence[str], *, threshold: float) -> tuple[Int64Array, Float64Array]:
    """Find pairs of long texts that begin alike, where one holds nearly all of the other.

    A repost with a paragraph added or cut off is far from its source by Jaccard similarity.

    Parameters
    ----------
    texts
        Folded and distinct.
    threshold
        Smallest share of the shorter text's 5-grams that the longer has.

    Returns
    -------
    tuple of arrays
        Pairs whose first 150 characters are the same, n x 2, and that share.
    """
    long = np.array([i for i, text in enumerate(texts) if len(text) >= _OPENING], dtype=np.int64)
    number: dict[str, int] = {}
    buckets = [number.setdefault(texts[i][:_OPENING], len(number)) for i in long]
    pairs = _bucket_mates([np.array(buckets, dtype=np.int64)], long, len(texts))
    scores = _scores(texts, pairs, contained=True)
    kept = scores >= threshold
    return pairs[kept], scores[kept]


def _scores(texts: Sequence[str], pairs: Int64Array, *, contained: bool) -> Float64Array:
    """Exact similarity of pairs: Jaccard, or the share of the smaller set in the larger."""
    used, compact = np.unique(pairs, return_inverse=True)
    sets = matrix([texts[i] for i in used])
    sizes = np.diff(sets.indptr)
    scores = np.empty(len(pairs))
    for start in range(0, len(pairs), _CHUNK):
        left, right = compact.reshape(pairs.shape)[start : start + _CHUNK].T
        shared = np.asarray(sets[left].multiply(sets[right]).sum(axis=1)).ravel()
        whole = (
            np.minimum(sizes[left], sizes[right])
            if contained
            else sizes[left] + sizes[right] - shared
        )
        scores[start : start + _CHUNK] = shared / whole
    return scores


def table(texts: Sequence[str]) -> Float64Array:
    """Exact Jaccard similarity of every text with every other, n x n."""
    sets = matrix(texts)
    # The hash values in use only: a product over 2^31 columns would be as wide.
    _, columns = np.unique(sets.indices, return_inverse=True)
    compact = scipy.sparse.csr_matrix((sets.data, columns, sets.indptr))
    shared = np.asarray((compact @ compact.T).todense(), dtype=np.float64)
    sizes = np.diff(sets.indptr)
    return np.asarray(shared / (sizes[:, None] + sizes[None, :] - shared))


def _bucket_mates(keys: Iterable[Key], places: Int64Array, size: int) -> Int64Array:
    """Pairs of texts in one bucket, each once, in order.

    Parameters
    ----------
    keys
        The bucket of each text, time after time.
    places
        Numbers of the texts, in the order that decides who are neighbours in a bucket.
    size
        Larger than any number.
    """
    found = [np.empty(0, dtype=np.int64)]
    for key in keys:
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        edges = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1], True])
        sizes = np.diff(edges)
        # Quadratic in a small bucket, linear in a large one.
        reach = np.maximum(np.minimum(sizes - 1, _ALL_PAIRS**2 // sizes), sizes > 1)
        # For each text how far it reaches, and where its bucket ends.
        reaches, ends = np.repeat(reach, sizes), np.repeat(edges[1:], sizes)
        reaching, members = np.flatnonzero(reaches), places[order]
        step = 1
        while len(reaching):
            reaching = reaching[reaching + step < ends[reaching]]
            left, right = members[reaching], members[reaching + step]
            found.append(np.minimum(left, right) * max(size, 1) + np.maximum(left, right))
            step += 1
            reaching = reaching[reaches[reaching] >= step]
    codes = distinct(np.concatenate(found))
    return np.stack([codes // max(size, 1), codes % max(size, 1)], axis=1)


def _rows(threshold: float) -> int:
    """How wide bands may be at the recall wanted."""
    fitting = (
        rows for rows in range(1, 33) if (1 - threshold**rows) ** (_PERMUTATIONS // rows) <= _MISSES
    )
    return max(fitting, default=1)


def _bands(signs: npt.NDArray[np.uint32], rows: int) -> Iterator[UInt64Array]:
    """Hash the signatures band by band."""
    for start in range(0, signs.shape[1], rows):
        band = np.zeros(len(signs), dtype=np.uint64)
        for column in signs[:, start : start + rows].T:
            band = (band ^ column) * np.uint64(0xFF51AFD7ED558CCD)
            band ^= band >> np.uint64(32)
        yield band
