"""Texts of a few words as weighted words: too few of them for an embedding."""

from __future__ import annotations

from collections.abc import Sequence

from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer


def weighted(terms: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Sublinear TF-IDF of lists of lemmas, rows of unit length; all zero where nothing is said."""
    if not any(terms):
        return sparse.csr_array((len(terms), 1))
    model = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    return sparse.csr_array(model.fit_transform(terms))
