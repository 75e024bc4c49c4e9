"""Do two texts state the same? Words aligned by meaning and spelling, weighed by how rare they are.

Nothing is fitted to pairs and nothing is downloaded: word vectors and word counts are those of the
Navec archive that comes with natasha (250,000 words of Russian news).

References
----------
Mu J., Viswanath P. (2018). All-but-the-top: simple and effective postprocessing for word
representations. ICLR.
Corley C., Mihalcea R. (2005). Measuring the semantic similarity of texts. ACL workshop.
Winkler W. (1990). String comparator metrics and enhanced decision rules. ASA.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy
from navec import Navec
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from cur_lab import exact, text
from cur_lab.errors import CurLabError, ParameterError
from cur_lab.families.folding import fold

Floats = npt.NDArray[np.float64]

_ARCHIVE = Path("data", "emb", "navec_news_v1_1B_250K_300d_100q.tar")
# What all words share says nothing of any: the mean and d/100 leading directions (Mu 2018).
_COMMON = 3
_FREQUENT = 10_000
# Below these, likeness of meaning and of spelling is that of any two words.
_MEANING = 0.3
_SPELLING = 0.85
# Vectors lie on a grid: their products are the same on every machine (see cur_lab.exact).
_BITS = 20
_RAREST = 50  # counts below the archive's smallest are unknown
_WORDS = 300


@dataclass(frozen=True)
class Word:
    """A word of a text, ё folded to е, in lower case."""

    form: str
    lemma: str
    number: bool


def similarity(left: pl.Series, right: pl.Series) -> pl.Series:
    """Score how far two texts state the same.

    Every word looks for its nearest in the other text: 1 for the same lemma, else the larger of
    the cosine of word vectors and the Jaro-Winkler likeness of spelling (one root, a misspelling);
    numbers match only themselves. The score is the harmonic mean of the shares of each text's
    words, weighed by surprisal in Russian news, that the other text covers.

    Parameters
    ----------
    left, right
        Texts, of equal length. Only the first 300 words count.

    Returns
    -------
    Series
        In [0, 1], 1 for the same statement; null where a text is null. It does not matter which
        text is left.

    Raises
    ------
    ParameterError
        If the series differ in length.

    Notes
    -----
    Who did it and whether it was done weigh no more than other words: «суд отказал» and «суд
    рассмотрит» come out alike. A high score is a reason to read both texts.
    """
    if len(left) != len(right):
        raise ParameterError(
            f"{len(left)} texts on the left, {len(right)} on the right",
            where="families.similarity",
            remedy="Give the two texts of each pair at the same place",
        )
    absent = left.is_null() | right.is_null()
    equal = fold(left) == fold(right)
    scores = [
        None if none else 1.0 if same else _aligned(one, other)
        for none, same, one, other in zip(absent, equal, read(left), read(right), strict=True)
    ]
    return pl.Series("similarity", scores, dtype=pl.Float64)


def read(texts: pl.Series) -> list[list[Word]]:
    """Return the first 300 words of each text, marks left out; none where the text is null."""
    cleaned = text.clean(texts.cast(pl.String).fill_null(""))
    return [
        [
            Word(_plain(form), _plain(lemma), form[0].isdigit())
            for form, lemma in zip(forms, lemmas, strict=True)
            if form[0].isalnum()
        ][:_WORDS]
        for forms, lemmas in zip(text.tokenize(cleaned), text.lemmatize(cleaned), strict=True)
    ]


def _plain(word: str) -> str:
    return word.lower().replace("ё", "е")


def likeness(left: Sequence[Word], right: Sequence[Word]) -> Floats:
    """Compare words by meaning and spelling.

    Returns
    -------
    array
        Left x right, in [0, 1]: 1 for the same lemma or form, else the larger of the cosine of word
        vectors (0 below 0.3) and the Jaro-Winkler likeness (0 below 0.85); numbers match only
        themselves.
    """
    match = vectors(left) @ vectors(right).T
    match[match < _MEANING] = 0.0
    lemmas = [word.lemma for word in left], [word.lemma for word in right]
    spelling = process.cdist(
        *lemmas, scorer=JaroWinkler.normalized_similarity, score_cutoff=_SPELLING
    )
    match = np.maximum(match, spelling)
    numbers = [np.array([word.number for word in words]) for words in (left, right)]
    match[numbers[0][:, None] | numbers[1][None, :]] = 0.0
    same = np.equal.outer(*(np.array(words, dtype=object) for words in lemmas))
    forms = ([word.form for word in words] for words in (left, right))
    same |= np.equal.outer(*(np.array(words, dtype=object) for words in forms))
    match[same.astype(bool)] = 1.0
    return np.asarray(match)


def surprisals(words: Sequence[Word]) -> Floats:
    """Return minus the log of each word's share in Russian news, in nats; at least a half."""
    lexicon = _lexicon()
    return np.array([lexicon.surprisal(word) for word in words], dtype=float)


def _aligned(left: Sequence[Word], right: Sequence[Word]) -> float:
    if not left or not right:
        return 0.0
    match = likeness(left, right)
    covered = [
        float((best * weights).sum() / weights.sum())
        for best, weights in (
            (match.max(axis=1), surprisals(left)),
            (match.max(axis=0), surprisals(right)),
        )
    ]
    total = sum(covered)
    return min(1.0, 2 * covered[0] * covered[1] / total) if total else 0.0


def vectors(words: Sequence[Word]) -> Floats:
    """Return a row per word, of length one; zeros for an unknown word."""
    return np.stack([_lexicon().vector(word) for word in words])


class _Lexicon:
    """Word vectors and counts of Russian news."""

    def __init__(self) -> None:
        spec = find_spec("natasha")
        folders = spec.submodule_search_locations if spec is not None else None
        if not folders:
            raise CurLabError("natasha is not installed", remedy="Reinstall cur-lab")
        self._navec = Navec.load(Path(folders[0]) / _ARCHIVE)
        words, counts = self._navec.vocab.words, np.array(self._navec.vocab.counts)
        self.total = int(counts.sum())
        self._counts: dict[str, int] = {}
        self._places: dict[str, str] = {}
        for word, count in zip(words, counts.tolist(), strict=False):
            plain = _plain(word)
            self._places.setdefault(plain, word)
            self._counts[plain] = self._counts.get(plain, 0) + count
        frequent = np.argsort(-counts, kind="stable")[:_FREQUENT]
        sample = np.stack([_unit(self._navec[words[place]]) for place in frequent])
        self._mean = sample.mean(axis=0)
        # Columns of the sample are shorter than 8.
        centred = exact.grid((sample - self._mean) / 16, 26)
        common, _ = exact.right_factors(scipy.sparse.csr_array(centred.T @ centred), _COMMON)
        self._common = common.T
        self._cache: dict[Word, Floats] = {}
        self._surprisals: dict[Word, float] = {}

    def count(self, word: Word) -> int:
        """How often the word stands in the news, at least as often as the rarest known."""
        return max(self._counts.get(word.form, 0), self._counts.get(word.lemma, 0), _RAREST)

    def surprisal(self, word: Word) -> float:
        """Minus the log of the word's share in the news, at least a half."""
        if word not in self._surprisals:
            nats = float(exact.log(self.total)) - float(exact.log(self.count(word)))
            self._surprisals[word] = max(nats, 0.5)
        return self._surprisals[word]

    def vector(self, word: Word) -> Floats:
        """Return the lemma's vector, else the form's, of length 1; zeros for an unknown word."""
        if word not in self._cache:
            known = self._places.get(word.lemma) or self._places.get(word.form)
            vector = np.zeros(len(self._mean))
            if known is not None:
                vector = _unit(self._navec[known]) - self._mean
                parts = (self._common * vector).sum(axis=1, keepdims=True) * self._common
                vector = _unit(vector - parts.sum(axis=0))
            self._cache[word] = vector
        return self._cache[word]


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()


def _unit(vector: npt.NDArray[np.floating[Any]]) -> Floats:
    exactly = vector.astype(float)
    length = np.sqrt((exactly * exactly).sum())
    return exact.grid(exactly / max(length, 1e-9), _BITS)
