"""Vectors learnt from the corpus itself; nothing is downloaded."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import scipy
from safetensors.numpy import load_file, save_file

from cur_lab import exact, files, text
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray
from cur_lab.vectors.embedding import Vectors, save_about, unit

_WINDOW = 8
_SIF = 1e-3
# Words beyond this rank are too rare to place and make the co-occurrence matrix slow.
_LARGEST_VOCABULARY = 20_000
# Numbers are kept on grids (see cur_lab.exact) so fine that float32 still holds a text's vector.
_VECTOR_BITS, _MEANING_BITS, _DIRECTION_BITS = 20, 22, 24


class Lexical:
    """Latent semantic analysis beside weighted means of word vectors, both of the corpus itself.

    See :func:`lexical`.
    """

    def __init__(self, dimensions: int = 100):
        self.name = f"lexical-{dimensions}"
        self.dimensions = dimensions
        self._words: list[str] = []
        self._index: dict[str, int] = {}
        self._tensors: dict[str, FloatArray] = {}

    def fit_transform(self, texts: pl.Series) -> Vectors:
        """Learn from the texts and return their vectors.

        Raises
        ------
        NotEnoughDataError
            If no word occurs in two texts.
        """
        return self.fit_terms(text.terms(texts))

    def transform(self, texts: pl.Series) -> Vectors:
        """Return vectors of texts in the space learnt.

        Raises
        ------
        NotEnoughDataError
            If nothing was learnt yet.
        """
        return self.transform_terms(text.terms(texts))

    def fit_terms(self, terms: pl.Series) -> Vectors:
        """As :meth:`fit_transform`, from the lists that ``text.terms`` gives."""
        rows = _lists(terms)
        self._words = _vocabulary(rows)
        self._index = {word: place for place, word in enumerate(self._words)}
        counts = self._counts(rows)
        self._tensors = {"inverse_frequency": _inverse_frequency(counts)}
        self._tensors["components"], _ = exact.right_factors(
            self._weighted(counts), min(self.dimensions, *counts.shape)
        )
        frequency = np.asarray(counts.sum(axis=0)).ravel() / counts.sum()
        meanings = _word_vectors(rows, self._index, self.dimensions)
        self._tensors["meanings"] = exact.grid(
            meanings * (_SIF / (_SIF + frequency))[:, None], _MEANING_BITS
        )
        # What all texts of a corpus share says nothing about any of them.
        self._tensors["common"] = np.zeros((1, meanings.shape[1]))
        common, _ = exact.right_factors(scipy.sparse.csr_array(self._means(counts)), 1)
        self._tensors["common"] = common.T
        return self.transform_terms(terms)

    def transform_terms(self, terms: pl.Series) -> Vectors:
        """As :meth:`transform`, from the lists that ``text.terms`` gives."""
        if not self._words:
            raise NotEnoughDataError(
                "the embedding has learnt nothing yet",
                where=self.name,
                remedy="Call fit_transform on a corpus first",
            )
        counts = self._counts(_lists(terms))
        themes = unit(self._weighted(counts) @ self._tensors["components"])
        rows = unit(np.hstack([themes, self._means(counts)]))
        return exact.grid(rows, _VECTOR_BITS).astype(np.float32)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the words (JSON) and the tensors (safetensors); return the folder."""
        folder = Path(folder)
        about = {"kind": "lexical", "dimensions": self.dimensions, "words": self._words}
        save_about(folder, about)
        with files.replacing(folder / "embedding.safetensors") as path:
            save_file({key: np.ascontiguousarray(t) for key, t in self._tensors.items()}, path)
        return folder

    @classmethod
    def restored(cls, folder: Path, about: dict[str, Any]) -> Lexical:
        """Read what :meth:`save` wrote."""
        embedding = cls(about["dimensions"])
        embedding._words = about["words"]
        embedding._index = {word: place for place, word in enumerate(embedding._words)}
        embedding._tensors = load_file(folder / "embedding.safetensors")
        return embedding

    def _counts(self, rows: list[list[str]]) -> scipy.sparse.csr_array:
        known = [
            [place for word in row if (place := self._index.get(word)) is not None] for row in rows
        ]
        bounds = np.concatenate([[0], np.cumsum([len(row) for row in known])])
        places = np.fromiter(chain.from_iterable(known), dtype=np.int32)
        counts = scipy.sparse.csr_array(
            (np.ones(len(places)), places, bounds), shape=(len(rows), len(self._words))
        )
        counts.sum_duplicates()
        return counts

    def _weighted(self, counts: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
        weighted = counts.copy()
        weighted.data = 1 + exact.log(weighted.data)
        rows = _unit_rows(weighted @ scipy.sparse.diags_array(self._tensors["inverse_frequency"]))
        rows.data = exact.grid(rows.data, exact.MATRIX_BITS)
        return rows

    def _means(self, counts: scipy.sparse.csr_array) -> FloatArray:
        means = exact.grid(unit(counts @ self._tensors["meanings"]), _DIRECTION_BITS)
        common = self._tensors["common"]
        return unit(means - (means @ common.T) * common)


def lexical(dimensions: int = 100) -> Lexical:
    """Embedding learnt from the corpus itself; nothing is downloaded.

    Two halves of equal weight: latent semantic analysis (sublinear TF-IDF of lemmas, truncated
    SVD), and smooth-inverse-frequency means of word vectors (positive pointwise mutual information
    within 8 words, truncated SVD) less what all texts share. The first keeps the words apart, the
    second brings synonyms together. Words of fewer than three texts are left out (of fewer than two
    in a corpus below 300 texts).

    Parameters
    ----------
    dimensions
        Of each half; less where the corpus is small.

    Raises
    ------
    ParameterError
        If ``dimensions`` is below 1.

    References
    ----------
    Deerwester S. et al. (1990). Indexing by latent semantic analysis. JASIS 41, 391-407.
    Levy O., Goldberg Y., Dagan I. (2015). Improving distributional similarity with lessons learned
    from word embeddings. TACL 3, 211-225.
    Arora S., Liang Y., Ma T. (2017). A simple but tough-to-beat baseline for sentence embeddings.
    ICLR.

    Examples
    --------
    >>> texts = pl.Series(["Нет воды", "Воды нет второй день", "Яма на дороге", "Дорога, яма"])
    >>> lexical(2).fit_transform(texts).shape
    (4, 4)
    """
    if dimensions < 1:
        raise ParameterError("dimensions is 1 or more", where="vectors.lexical")
    return Lexical(dimensions)


def _lists(terms: pl.Series) -> list[list[str]]:
    return [row or [] for row in terms.to_list()]


def _vocabulary(rows: Sequence[Sequence[str]]) -> list[str]:
    fewest = 3 if len(rows) >= 300 else 2
    found = Counter(chain.from_iterable(set(row) for row in rows))
    common = sorted(
        (word for word, n in found.items() if n >= fewest), key=lambda word: (-found[word], word)
    )
    if not common:
        raise NotEnoughDataError(
            "no word occurs in two texts",
            where="vectors.lexical",
            remedy="Give more texts, in Russian and with words",
            code="no_shared_words",
        )
    return common[:_LARGEST_VOCABULARY]


def _inverse_frequency(counts: scipy.sparse.csr_array) -> FloatArray:
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    return exact.log((1 + counts.shape[0]) / (1 + texts)) + 1


def _word_vectors(
    rows: Sequence[Sequence[str]], index: dict[str, int], dimensions: int
) -> FloatArray:
    information = _mutual_information(rows, index)
    if not information.nnz:  # texts of one word each
        return np.zeros((len(index), 1))
    left, strengths = exact.right_factors(
        scipy.sparse.csr_array(information.T), min(dimensions, len(index))
    )
    return np.asarray(left * np.sqrt(strengths))


def _mutual_information(
    rows: Sequence[Sequence[str]], index: dict[str, int]
) -> scipy.sparse.csr_array:
    """Positive pointwise mutual information of words within a window, contexts smoothed."""
    # Texts stand in one line with a window of blanks between, so that no pair crosses a border.
    blanks = [-1] * _WINDOW
    line = np.fromiter(
        chain.from_iterable(
            chain((index[word] for word in row if word in index), blanks) for row in rows
        ),
        dtype=np.int32,
    )
    size = len(index)
    together = scipy.sparse.csr_array((size, size))
    for offset in range(1, _WINDOW + 1):
        left, right = line[:-offset], line[offset:]
        both = (left >= 0) & (right >= 0)
        pairs = (np.ones(both.sum()), (left[both], right[both]))
        together = together + scipy.sparse.coo_array(pairs, shape=(size, size)).tocsr()
    together = (together + together.T).tocoo()
    totals = np.asarray(together.sum(axis=1)).ravel()
    contexts = np.sqrt(totals) * np.sqrt(np.sqrt(totals))  # totals to the power of 3/4
    row, column = together.coords
    expected = totals[row] * (contexts / max(contexts.sum(), 1))[column]
    values = exact.log(together.data / expected)
    positive = values > 0
    return scipy.sparse.csr_array(
        (values[positive], (row[positive], column[positive])), shape=(size, size)
    )


def _unit_rows(matrix: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    lengths = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return scipy.sparse.csr_array(
        scipy.sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ matrix
    )


def weighted(terms: Sequence[Sequence[str]]) -> scipy.sparse.csr_array:
    """Sublinear TF-IDF of lists of lemmas, rows of unit length; all zero where nothing is said."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(terms):
        return scipy.sparse.csr_array((len(terms), 1))
    model = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    return scipy.sparse.csr_array(model.fit_transform(terms))
