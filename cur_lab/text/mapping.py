"""A function of texts over a series of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from typing import TypeAlias

import numpy as np
import polars as pl

from cur_lab.errors import ParameterError, SchemaError

Texts: TypeAlias = list[str | None]
# Texts that are worked on at once: more would only take memory.
_MOST = 50_000
_ROW, _PART = "row", "part"


def contents(texts: pl.Series, *, where: str) -> Texts:
    """Take the texts out of a series.

    Raises
    ------
    SchemaError
        If it holds anything but texts and nulls.
    """
    if texts.dtype not in (pl.String, pl.Null):
        raise SchemaError(
            f"texts are {texts.dtype}, expected String", where=where, remedy="Cast the series"
        )
    return texts.to_list()


def over(texts: pl.Series, function: Callable[[str], list[str]], *, where: str) -> pl.Series:
    """Split every text into one part or more; null stays null."""
    split = [[] if text is None else function(text) for text in contents(texts, where=where)]
    # Lists of strings become a series one by one; a series of all strings is grouped at once.
    rows = np.repeat(np.arange(len(split), dtype=np.uint32), list(map(len, split)))
    parts = pl.Series(list(chain.from_iterable(split)), dtype=pl.String)
    found = pl.DataFrame({_ROW: rows, _PART: parts}).group_by(_ROW, maintain_order=True).agg(_PART)
    every = pl.DataFrame({_ROW: pl.int_range(len(split), dtype=pl.UInt32, eager=True)})
    placed = every.join(found, on=_ROW, how="left", maintain_order="left")
    return placed[_PART].alias(texts.name)


def in_parts(
    texts: pl.Series, function: Callable[[Texts], pl.Series], *, where: str, workers: int = 1
) -> pl.Series:
    """Apply a function of many texts to a series, a part at a time.

    Raises
    ------
    ParameterError
        If ``workers`` is below 1.
    """
    if workers < 1:
        raise ParameterError("workers is the number of processes, 1 or more", where=where)
    strings = contents(texts, where=where)
    size = min(_MOST, max(1, -(-len(strings) // (4 * workers)))) if workers > 1 else _MOST
    parts = [strings[start : start + size] for start in range(0, max(1, len(strings)), size)]
    if workers == 1:
        results = [function(part) for part in parts]
    else:
        # A forked child of a process with polars' threads may hang: a fresh one does not.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(function, parts))
    return pl.concat(results).alias(texts.name)
