"""A function of texts over a series of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeAlias

import polars as pl

from cur_lab.errors import ParameterError, SchemaError

Texts: TypeAlias = list[str | None]
# Texts that are worked on at once: more would only take memory.
_PART = 50_000


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


def over(
    texts: pl.Series,
    function: Callable[[str], str | list[str]],
    dtype: pl.DataType | type[pl.DataType],
    *,
    where: str,
) -> pl.Series:
    """Apply a function to every text; null stays null."""
    strings = contents(texts, where=where)
    results = [None if text is None else function(text) for text in strings]
    return pl.Series(texts.name, results, dtype=dtype)


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
    size = min(_PART, max(1, -(-len(strings) // (4 * workers)))) if workers > 1 else _PART
    parts = [strings[start : start + size] for start in range(0, max(1, len(strings)), size)]
    if workers == 1:
        results = [function(part) for part in parts]
    else:
        # A forked child of a process with polars' threads may hang: a fresh one does not.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            results = list(pool.map(function, parts))
    return pl.concat(results).alias(texts.name)
