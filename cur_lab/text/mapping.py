"""A function of one text over a series of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import polars as pl

from cur_lab.errors import ParameterError, SchemaError


def contents(texts: pl.Series, *, where: str) -> list[str | None]:
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
    workers: int = 1,
) -> pl.Series:
    """Apply a function to every text; null stays null.

    Raises
    ------
    ParameterError
        If ``workers`` is below 1.
    """
    if workers < 1:
        raise ParameterError("workers is the number of processes, 1 or more", where=where)
    strings = contents(texts, where=where)
    if workers == 1:
        results = _apply(function, strings)
    else:
        size = max(1, -(-len(strings) // (4 * workers)))
        chunks = [strings[start : start + size] for start in range(0, len(strings), size)]
        # A forked child of a process with polars' threads may hang: a fresh one does not.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = pool.map(_apply, itertools.repeat(function), chunks)
            results = list(itertools.chain.from_iterable(parts))
    return pl.Series(texts.name, results, dtype=dtype)


def _apply(
    function: Callable[[str], str | list[str]], rows: Iterable[str | None]
) -> list[str | list[str] | None]:
    return [None if row is None else function(row) for row in rows]
