"""What every embedding offers, and what all of them need."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import files
from cur_lab.inference import FloatArray

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


def unit(rows: FloatArray) -> FloatArray:
    """Make rows of length one."""
    # Near-zero rows are what is left of nothing by rounding; they stay nothing.
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.where(lengths > 1e-9, rows / np.maximum(lengths, 1e-9), 0.0)


def save_about(folder: Path, about: dict[str, Any]) -> None:
    """Write what :func:`cur_lab.vectors.load` reads first."""
    files.write_text(folder / "embedding.json", json.dumps(about, ensure_ascii=False))
