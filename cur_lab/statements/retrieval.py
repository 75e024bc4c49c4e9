"""Which claims a message may be about: BM25 on lemmas and vectors, ranks fused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import polars as pl
import scipy

from cur_lab import exact, vectors
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import FloatArray, IntArray

_DAMPING = 60
_DEPTH = 10
_CHUNK = 2_000
# Texts beyond these hardly change what words go together.
_LEARNT_FROM = 12_000
# A pair with less in common than both is not worth reading: few of the claim's words, other theme.
_SHARED = 0.12
_COSINE = 0.4

TEXT_NUMBER = "text_number"
CLAIM_NUMBER = "claim_number"
LEXICAL_RANK = "lexical_rank"
DENSE_RANK = "dense_rank"
FUSED = "fused"
LEXICAL = "lexical"
DENSE = "dense"
WORTH = "worth"


def pairs(texts: pl.Series, claims: pl.Series, *, depth: int = _DEPTH) -> pl.DataFrame:
    """Pair texts with claims they may be about.

    Parameters
    ----------
    texts, claims
        Lists of lemmas that ``text.terms`` gives.
    depth
        Claims kept of each of the two lists.

    Returns
    -------
    DataFrame
        ``text_number``, ``claim_number``, ``lexical_rank``, ``dense_rank`` (null beyond the depth),
        ``fused``, ``lexical`` (BM25 as a share of what the claim itself would get), ``dense``
        (cosine), ``worth`` (there is enough in common to read both); sorted by text, best first.

    References
    ----------
    Robertson S., Zaragoza H. (2009). The probabilistic relevance framework: BM25 and beyond. FnTIR.
    Cormack G., Clarke C., Buettcher S. (2009). Reciprocal rank fusion outperforms Condorcet and
    individual rank learning methods. SIGIR.
    """
    terms, claim_terms = (texts.to_list(), claims.to_list())
    lexical, dense = _Lexical(claim_terms), _Dense(terms, claim_terms)
    shared = _Shared(terms, claim_terms)
    depth = min(depth, len(claim_terms))
    parts = [
        _fused(rows.start, depth, lexical, terms[rows], dense.scores(rows), shared.of(rows))
        for rows in (slice(start, start + _CHUNK) for start in range(0, max(1, len(terms)), _CHUNK))
    ]
    return pl.concat(parts)


def _fused(
    start: int,
    depth: int,
    index: _Lexical,
    terms: Sequence[list[str]],
    dense: FloatArray,
    shared: FloatArray,
) -> pl.DataFrame:
    """Pairs of some texts, of which the first has the number ``start``."""
    lexical = index.scores(terms)
    ranks = [_ranks(scores, depth) for scores in (lexical, dense)]
    one, other = (np.where(rank > 0, 1 / (_DAMPING + rank), 0.0) for rank in ranks)
    fused = one + other
    rows, columns = np.nonzero(fused)
    of_pair = pl.DataFrame(
        {
            TEXT_NUMBER: rows + start,
            CLAIM_NUMBER: columns,
            LEXICAL_RANK: ranks[0][rows, columns],
            DENSE_RANK: ranks[1][rows, columns],
            FUSED: fused[rows, columns],
            LEXICAL: np.minimum(lexical[rows, columns] / index.own[columns], 1.0),
            DENSE: np.maximum(dense[rows, columns], 0.0),
            WORTH: (shared >= _SHARED)[rows, columns] | (dense >= _COSINE)[rows, columns],
        },
        schema={
            TEXT_NUMBER: pl.Int64,
            CLAIM_NUMBER: pl.Int64,
            LEXICAL_RANK: pl.Int64,
            DENSE_RANK: pl.Int64,
            FUSED: pl.Float64,
            LEXICAL: pl.Float64,
            DENSE: pl.Float64,
            WORTH: pl.Boolean,
        },
    )
    return of_pair.with_columns(
        pl.when(pl.col(rank) > 0).then(pl.col(rank)) for rank in (LEXICAL_RANK, DENSE_RANK)
    ).sort(TEXT_NUMBER, FUSED, CLAIM_NUMBER, descending=[False, True, False])


def _ranks(scores: FloatArray, depth: int) -> IntArray:
    """Ranks from 1 within each row, 0 beyond the depth and for a score of 0 or less."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    ranks = np.zeros(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
    return np.where(scores > 0, ranks, 0)


class _Lexical:
    """BM25 with the claims as documents; a word said twice in a text asks once."""

    def __init__(self, claims: Sequence[list[str]]):
        import bm25s

        self._index = bm25s.BM25()
        # An empty list would not make a document; no text asks for a word that is a space.
        self._index.index([words or [" "] for words in claims], show_progress=False)
        self._nothing = np.zeros(len(claims))
        self.own = np.array(
            [max(self.scores([words])[0, place], 1e-9) for place, words in enumerate(claims)]
        )

    def scores(self, terms: Sequence[list[str]]) -> FloatArray:
        return np.array(
            [
                self._index.get_scores(sorted(set(words))) if words else self._nothing
                for words in terms
            ],
            dtype=float,
        ).reshape(len(terms), len(self._nothing))


class _Dense:
    """Cosines in the space that texts and claims span together; zeros where there is none."""

    def __init__(self, terms: Sequence[list[str]], claims: Sequence[list[str]]):
        lists = pl.Series([*terms, *claims], dtype=pl.List(pl.String))
        # Distinct texts in their order: a step through them is a sample of them.
        step = -(-len(terms) // _LEARNT_FROM) or 1
        taught = pl.Series([*terms[::step], *claims], dtype=pl.List(pl.String))
        embedding = vectors.lexical()
        try:
            space = embedding.fit_terms(taught)
            space = space if step == 1 else embedding.transform_terms(lists)
        except NotEnoughDataError:
            space = np.zeros((len(lists), 1), dtype=np.float32)
        # On a grid and in double precision: exact products, so that equal ones are equal.
        self._texts, self._claims = space[: len(terms)], space[len(terms) :].astype(float)

    def scores(self, rows: slice) -> FloatArray:
        return np.asarray(np.round(self._texts[rows] @ self._claims.T, 5))


class _Shared:
    """Share of each claim's terms that a text has, weighed by how few texts have them."""

    def __init__(self, terms: Sequence[list[str]], claims: Sequence[list[str]]):
        names = {name: n for n, name in enumerate(sorted(set(chain.from_iterable(claims))))}
        self._there = _incidence(terms, names)
        frequency = np.asarray(self._there.sum(axis=0)).ravel()
        weights = exact.log((1 + len(terms)) / (1 + frequency)) + 1
        self._wanted = scipy.sparse.csr_array(_incidence(claims, names).multiply(weights[None, :]))
        self._totals = np.maximum(np.asarray(self._wanted.sum(axis=1)).ravel(), 1e-9)

    def of(self, rows: slice) -> FloatArray:
        return np.asarray((self._there[rows] @ self._wanted.T).toarray() / self._totals)


def _incidence(rows: Sequence[list[str]], names: dict[str, int]) -> scipy.sparse.csr_array:
    places = [sorted({names[word] for word in row if word in names}) for row in rows]
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in places])]).astype(np.int64)
    columns = np.fromiter(chain.from_iterable(places), dtype=np.int64, count=int(bounds[-1]))
    return scipy.sparse.csr_array(
        (np.ones(len(columns)), columns, bounds), shape=(len(rows), len(names))
    )
