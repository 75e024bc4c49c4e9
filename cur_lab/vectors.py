"""Texts as vectors: learnt from the corpus itself, or by a model the user brings.

An embedding turns a series of texts into a ``float32`` array of shape (n, d) with rows of length
one; a text it knows no word of gets a row of zeros. :func:`lexical` needs no download, gives the
same numbers on every machine, and is what the rest of the package uses unless told otherwise.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
from safetensors.numpy import load_file, save_file
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from cur_lab import exact, files, text
from cur_lab.errors import InputError, MissingExtraError, NotEnoughDataError, ParameterError

__all__ = ["Embedding", "Lexical", "Pretrained", "lexical", "load", "static", "transformer"]

Vectors = npt.NDArray[np.float32]


class Embedding(Protocol):
    """What every embedding offers; any object of this shape can be given to ``topics.fit``."""

    name: str

    def fit_transform(self, texts: pl.Series) -> Vectors:
        """Learn from the texts and return their vectors."""

    def transform(self, texts: pl.Series) -> Vectors:
        """Return vectors of texts, one by one independent of each other."""

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write what :func:`load` needs into a folder, without pickle."""


# --- learnt from the corpus ---------------------------------------------------------------------

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
        self._tensors: dict[str, npt.NDArray[np.float64]] = {}

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
        common, _ = exact.right_factors(sparse.csr_array(self._means(counts)), 1)
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
        themes = _unit(self._weighted(counts) @ self._tensors["components"])
        rows = _unit(np.hstack([themes, self._means(counts)]))
        return exact.grid(rows, _VECTOR_BITS).astype(np.float32)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the words (JSON) and the tensors (safetensors); return the folder."""
        folder = Path(folder)
        about = {"kind": "lexical", "dimensions": self.dimensions, "words": self._words}
        _save_about(folder, about)
        with files.replacing(folder / "embedding.safetensors") as path:
            save_file({key: np.ascontiguousarray(t) for key, t in self._tensors.items()}, path)
        return folder

    @classmethod
    def _restored(cls, folder: Path, about: dict[str, Any]) -> Lexical:
        embedding = cls(about["dimensions"])
        embedding._words = about["words"]
        embedding._index = {word: place for place, word in enumerate(embedding._words)}
        embedding._tensors = load_file(folder / "embedding.safetensors")
        return embedding

    def _counts(self, rows: list[list[str]]) -> sparse.csr_array:
        known = [
            [place for word in row if (place := self._index.get(word)) is not None] for row in rows
        ]
        bounds = np.concatenate([[0], np.cumsum([len(row) for row in known])])
        places = np.fromiter(chain.from_iterable(known), dtype=np.int32)
        counts = sparse.csr_array(
            (np.ones(len(places)), places, bounds), shape=(len(rows), len(self._words))
        )
        counts.sum_duplicates()
        return counts

    def _weighted(self, counts: sparse.csr_array) -> sparse.csr_array:
        weighted = counts.copy()
        weighted.data = 1 + exact.log(weighted.data)
        rows = _unit_rows(weighted @ sparse.diags_array(self._tensors["inverse_frequency"]))
        rows.data = exact.grid(rows.data, exact.MATRIX_BITS)
        return rows

    def _means(self, counts: sparse.csr_array) -> npt.NDArray[np.float64]:
        means = exact.grid(_unit(counts @ self._tensors["meanings"]), _DIRECTION_BITS)
        common = self._tensors["common"]
        return _unit(means - (means @ common.T) * common)


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
        )
    return common[:_LARGEST_VOCABULARY]


def _inverse_frequency(counts: sparse.csr_array) -> npt.NDArray[np.float64]:
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    return exact.log((1 + counts.shape[0]) / (1 + texts)) + 1


def _word_vectors(
    rows: Sequence[Sequence[str]], index: dict[str, int], dimensions: int
) -> npt.NDArray[np.float64]:
    information = _mutual_information(rows, index)
    if not information.nnz:  # texts of one word each
        return np.zeros((len(index), 1))
    left, strengths = exact.right_factors(
        sparse.csr_array(information.T), min(dimensions, len(index))
    )
    return np.asarray(left * np.sqrt(strengths))


def _mutual_information(rows: Sequence[Sequence[str]], index: dict[str, int]) -> sparse.csr_array:
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
    together = sparse.csr_array((size, size))
    for offset in range(1, _WINDOW + 1):
        left, right = line[:-offset], line[offset:]
        both = (left >= 0) & (right >= 0)
        pairs = (np.ones(both.sum()), (left[both], right[both]))
        together = together + sparse.coo_array(pairs, shape=(size, size)).tocsr()
    together = (together + together.T).tocoo()
    totals = np.asarray(together.sum(axis=1)).ravel()
    contexts = np.sqrt(totals) * np.sqrt(np.sqrt(totals))  # totals to the power of 3/4
    row, column = together.coords
    expected = totals[row] * (contexts / max(contexts.sum(), 1))[column]
    values = exact.log(together.data / expected)
    positive = values > 0
    return sparse.csr_array(
        (values[positive], (row[positive], column[positive])), shape=(size, size)
    )


def _unit(rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # Near-zero rows are what is left of nothing by rounding; they stay nothing.
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.where(lengths > 1e-9, rows / np.maximum(lengths, 1e-9), 0.0)


def _unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    lengths = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ matrix)


# --- models the user brings ---------------------------------------------------------------------


class Pretrained:
    """A model that was trained elsewhere, with its vectors kept on disk.

    See :func:`transformer` and :func:`static`.
    """

    def __init__(
        self,
        path_or_name: str,
        *,
        kind: str,
        encode: Callable[[list[str]], npt.NDArray[Any]],
        cache: str | os.PathLike[str] | None,
    ):
        self.name = f"{kind}-{Path(path_or_name).name}"
        self._source = path_or_name
        self._kind = kind
        self._encode = encode
        self._folder = None if cache is None else Path(cache)

    def fit_transform(self, texts: pl.Series) -> Vectors:
        """Return vectors; there is nothing to learn."""
        return self.transform(texts)

    def transform(self, texts: pl.Series) -> Vectors:
        """Return vectors of the cleaned texts, from the cache where they are known."""
        cleaned = text.clean(texts).fill_null("").to_list()
        keys = [hashlib.blake2b(one.encode(), digest_size=16).hexdigest() for one in cleaned]
        known = self._cached()
        new = {key: one for key, one in zip(keys, cleaned, strict=True) if one and key not in known}
        if new:
            vectors = _unit(np.asarray(self._encode(list(new.values())), dtype=float))
            known |= dict(zip(new, vectors.astype(np.float32), strict=True))
            self._store(known)
        width = len(next(iter(known.values()), ()))
        empty = np.zeros(width, dtype=np.float32)
        rows = [known[key] if one else empty for key, one in zip(keys, cleaned, strict=True)]
        return np.array(rows, dtype=np.float32).reshape(len(rows), width)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write which model it is; the model itself stays where it lies."""
        _save_about(Path(folder), {"kind": self._kind, "source": self._source})
        return Path(folder)

    def _file(self) -> Path | None:
        if self._folder is None:
            return None
        digest = hashlib.blake2b(self._identity().encode(), digest_size=8).hexdigest()
        readable = re.sub(r"[^\w.-]+", "-", self.name)
        return self._folder / f"{readable}-{digest}.safetensors"

    def _identity(self) -> str:
        """Name the model so that another one at the same place is another."""
        path = Path(self._source)
        if not path.exists():
            return f"{self._kind} {self._source}"
        parts = sorted(part for part in path.rglob("*") if part.is_file())
        states = [(part.name, part.stat().st_size, part.stat().st_mtime_ns) for part in parts]
        return f"{self._kind} {path.resolve()} {states}"

    def _cached(self) -> dict[str, Vectors]:
        file = self._file()
        if file is None or not file.exists():
            return {}
        tensors = load_file(file)
        return {
            bytes(key).hex(): vector
            for key, vector in zip(tensors["keys"], tensors["vectors"], strict=True)
        }

    def _store(self, known: dict[str, Vectors]) -> None:
        if (file := self._file()) is None:
            return
        keys = np.array([list(bytes.fromhex(key)) for key in known], dtype=np.uint8)
        with files.replacing(file) as path:
            save_file({"keys": keys, "vectors": np.stack(list(known.values()))}, path)


def transformer(
    path_or_name: str | os.PathLike[str], *, cache: str | os.PathLike[str] | None = None
) -> Pretrained:
    """Embedding by a sentence-transformers model.

    Models of the E5 family get the prefix ``"query: "`` that their authors ask for where texts are
    compared with each other.

    Parameters
    ----------
    path_or_name
        Folder of the model, or its name on the hub, which is then downloaded.
    cache
        Folder for vectors, kept by model and hash of the text; none are kept without it.

    Raises
    ------
    MissingExtraError
        If sentence-transformers is not installed.

    References
    ----------
    Wang L. et al. (2022). Text embeddings by weakly-supervised contrastive pre-training.
    arXiv:2212.03533.
    """
    source = os.fspath(path_or_name)
    model = _optional("sentence_transformers").SentenceTransformer(source, device="cpu")
    prefix = "query: " if re.search(r"(?<![a-z0-9])e5(?![a-z0-9])", Path(source).name, re.I) else ""

    def encode(texts: list[str]) -> npt.NDArray[Any]:
        prefixed = [prefix + one for one in texts]
        return np.asarray(model.encode(prefixed, show_progress_bar=len(texts) > 1_000))

    return Pretrained(source, kind="transformer", encode=encode, cache=cache)


def static(
    path_or_name: str | os.PathLike[str], *, cache: str | os.PathLike[str] | None = None
) -> Pretrained:
    """Embedding by a model2vec model: one vector per word piece, no transformer at work.

    Parameters
    ----------
    path_or_name
        Folder of the model, or its name on the hub, which is then downloaded.
    cache
        Folder for vectors, kept by model and hash of the text; none are kept without it.

    Raises
    ------
    MissingExtraError
        If model2vec is not installed.
    """
    source = os.fspath(path_or_name)
    model = _optional("model2vec").StaticModel.from_pretrained(source)
    return Pretrained(source, kind="static", encode=model.encode, cache=cache)


def _optional(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise MissingExtraError.of(package.replace("_", "-"), "transformers") from error


# --- too few words for an embedding --------------------------------------------------------------


def weighted(terms: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Sublinear TF-IDF of lists of lemmas, rows of unit length; all zero where nothing is said."""
    if not any(terms):
        return sparse.csr_array((len(terms), 1))
    model = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    return sparse.csr_array(model.fit_transform(terms))


# --- on disk ------------------------------------------------------------------------------------


def load(folder: str | os.PathLike[str]) -> Embedding:
    """Read an embedding that was saved.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    file = Path(folder) / "embedding.json"
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        kind = about["kind"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "no saved embedding", where=str(folder), remedy="Give the folder that save wrote"
        ) from error
    if kind == "lexical":
        return Lexical._restored(Path(folder), about)
    if kind == "transformer":
        return transformer(about["source"])
    if kind == "static":
        return static(about["source"])
    raise InputError(f"an embedding of the unknown kind {kind}", where=str(file))


def _save_about(folder: Path, about: dict[str, Any]) -> None:
    files.write_text(folder / "embedding.json", json.dumps(about, ensure_ascii=False))
