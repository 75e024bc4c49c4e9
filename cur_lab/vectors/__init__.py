"""Texts as vectors: learnt from the corpus itself, or by a model the user brings.

An embedding turns a series of texts into a ``float32`` array of shape (n, d) with rows of length
one; a text it knows no word of gets a row of zeros. :func:`lexical` needs no download, gives the
same numbers on every machine, and is what the rest of the package uses unless told otherwise.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from cur_lab.errors import InputError
from cur_lab.vectors.embedding import Embedding
from cur_lab.vectors.embedding import Vectors as Vectors
from cur_lab.vectors.learnt import Lexical, lexical
from cur_lab.vectors.learnt import weighted as weighted
from cur_lab.vectors.pretrained import Pretrained, static, transformer

__all__ = ["Embedding", "Lexical", "Pretrained", "lexical", "load", "static", "transformer"]


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
        return Lexical.restored(Path(folder), about)
    if kind == "transformer":
        return transformer(about["source"])
    if kind == "static":
        return static(about["source"])
    raise InputError(f"an embedding of the unknown kind {kind}", where=str(file))
