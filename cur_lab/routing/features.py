"""Terms of a message as a sparse vector: lemmas, pairs of lemmas, letter runs inside lemmas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

Float64Array = npt.NDArray[np.float64]
Documents = Sequence[Sequence[str]]


@lru_cache(maxsize=1 << 17)
def _runs(lemma: str) -> tuple[str, ...]:
    """Cut a lemma, its borders included, into runs of three to five letters."""
    bounded = f"_{lemma}_"
    return tuple(
        bounded[start : start + size]
        for size in (3, 4, 5)
        for start in range(len(bounded) - size + 1)
    )


def words(lemmas: Sequence[str]) -> list[str]:
    """Take lemmas and pairs of neighbouring lemmas."""
    return [*lemmas, *(f"{left} {right}" for left, right in pairwise(lemmas))]


def letters(lemmas: Sequence[str]) -> list[str]:
    """Take letter runs: one root in several parts of speech, misspelt words."""
    return [run for lemma in lemmas for run in _runs(lemma)]


# With the fewest messages a term must be in: a letter run met once adds nothing to its lemma.
_BLOCKS = ((words, 1), (letters, 2))


@dataclass(frozen=True)
class Features:
    """TF-IDF in two blocks of equal weight.

    Attributes
    ----------
    vocabularies
        Of each block, term to column.
    idf
        Of each block, inverse document frequencies by column.
    """

    vocabularies: tuple[dict[str, int], ...]
    idf: tuple[Float64Array, ...]

    @classmethod
    def fit(cls, documents: Documents) -> Features:
        """Learn the terms of lists of lemmas and how rare they are; some list is not empty."""
        vocabularies, idf = [], []
        for analyzer, rarest in _BLOCKS:
            terms = Counter(term for lemmas in documents for term in set(analyzer(lemmas)))
            kept = sorted(term for term, count in terms.items() if count >= rarest) or [""]
            vocabularies.append({term: place for place, term in enumerate(kept)})
            counts = _counts(analyzer, vocabularies[-1], documents)
            idf.append(np.asarray(TfidfTransformer().fit(counts).idf_))
        return cls(tuple(vocabularies), tuple(idf))

    def transform(self, documents: Documents) -> scipy.sparse.csr_matrix:
        """Return a row of length 1 for each list of lemmas, of length 0 if none is known."""
        blocks = []
        for (analyzer, _), vocabulary, idf in zip(
            _BLOCKS, self.vocabularies, self.idf, strict=True
        ):
            counts = _counts(analyzer, vocabulary, documents)
            counts.data = 1 + np.log(counts.data)
            blocks.append(normalize(counts @ scipy.sparse.diags(idf)))
        return normalize(scipy.sparse.hstack(blocks, format="csr"))

    def shares(self, lemmas: Sequence[str], weights: Float64Array) -> dict[str, float]:
        """Share the weights of a message's terms (columns of ``transform``) out to its lemmas.

        Half of a pair's weight goes to each lemma; that of a letter run to the lemmas it is in.
        """
        totals: dict[str, float] = defaultdict(float)
        first = 0
        for (analyzer, _), vocabulary in zip(_BLOCKS, self.vocabularies, strict=True):
            owners: dict[str, list[str]] = defaultdict(list)
            if analyzer is words:
                for term in words(lemmas):
                    owners[term] = term.split(" ")
            else:
                for lemma in dict.fromkeys(lemmas):
                    for run in dict.fromkeys(_runs(lemma)):
                        owners[run].append(lemma)
            for term, lemmas_of in owners.items():
                if term in vocabulary:
                    weight = float(weights[first + vocabulary[term]])
                    for lemma in lemmas_of:
                        totals[lemma] += weight / len(lemmas_of)
            first += len(vocabulary)
        return dict(totals)


def _counts(
    analyzer: object, vocabulary: dict[str, int], documents: Documents
) -> scipy.sparse.csr_matrix:
    counter = CountVectorizer(analyzer=analyzer, vocabulary=vocabulary, dtype=np.float64)
    return counter.transform(documents).tocsr()
