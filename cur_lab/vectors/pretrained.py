"""Vectors of models the user brings."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from safetensors.numpy import load_file, save_file

from cur_lab import files, text
from cur_lab.errors import MissingExtraError
from cur_lab.vectors.embedding import Vectors, save_about, unit


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
            vectors = unit(np.asarray(self._encode(list(new.values())), dtype=float))
            known |= dict(zip(new, vectors.astype(np.float32), strict=True))
            self._store(known)
        width = len(next(iter(known.values()), ()))
        empty = np.zeros(width, dtype=np.float32)
        rows = [known[key] if one else empty for key, one in zip(keys, cleaned, strict=True)]
        return np.array(rows, dtype=np.float32).reshape(len(rows), width)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write which model it is; the model itself stays where it lies."""
        save_about(Path(folder), {"kind": self._kind, "source": self._source})
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
