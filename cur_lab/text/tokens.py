"""Tokens, exactly those of razdel."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import razdel
from razdel.segmenters.punct import DASHES, ENDINGS
from razdel.segmenters.tokenize import PUNCTS

from cur_lab.text import mapping


def tokenize(texts: pl.Series) -> pl.Series:
    """Split texts into tokens, exactly those of ``razdel.tokenize``.

    The text is taken as it is: :func:`clean` comes first where it is wanted.

    Returns
    -------
    Series of lists
        Words, numbers and marks in order; null stays null.

    Examples
    --------
    >>> tokenize(pl.Series(["Кв.5, нет воды"])).to_list()
    [['Кв', '.', '5', ',', 'нет', 'воды']]
    """
    return mapping.in_parts(texts, lists, where="text.tokenize")


# razdel never joins over white space, so a text may be cut there and every distinct chunk split
# once. But its rules for these marks look one atom further than the pair they judge, over a space
# too («5, 6» → «5,» «6»): a chunk that begins or ends with one is split beside its neighbours.
_FAR_SIGHTED = frozenset(DASHES + "_.,/\\")
_PUNCTUATION = frozenset(PUNCTS)
# Most chunks need no rules at all: words, also joined by dashes, runs of endings («?!», «...») and
# single marks. Only dashes and underscores join a mark to a word.
_MARK = re.escape("".join(sorted(_PUNCTUATION - frozenset(DASHES + "_"))))
_PIECE = rf"[а-яёА-ЯЁ]+(?:[{re.escape(DASHES)}][а-яёА-ЯЁ]+)*|[a-zA-Z]+|[{ENDINGS}]+|[{_MARK}]"
_JOINED = r"[=:;][)(]|\*\*|(?i:yahoo)!"
_ROW, _CHUNK, _TOKEN, _VALUE = "row", "chunk", "token", "value"
_STRINGS = pl.List(pl.String)

Meaning: TypeAlias = Callable[[pl.Series], pl.Series]


def lists(texts: mapping.Texts, *, of: Meaning | None = None) -> pl.Series:
    """Give the tokens of each text, or what a function makes of them.

    Parameters
    ----------
    texts
        Texts; null stays null.
    of
        Called once, with the distinct tokens; one that becomes null is left out.
    """
    split = [[] if text is None else text.split() for text in texts]
    rows = np.repeat(np.arange(len(split), dtype=np.uint32), list(map(len, split)))
    chunks = list(chain.from_iterable(split))
    placed = pl.DataFrame({_ROW: rows, _CHUNK: pl.Series(chunks, dtype=pl.String)})
    known = _known(placed[_CHUNK].unique())
    alone = known[_TOKEN].is_not_null()
    far = placed[_CHUNK].is_in(known.filter(~alone)[_CHUNK].implode()).arg_true().to_list()
    if far:
        beside = pl.Series([_beside(chunks, rows, place) for place in far])
        placed = placed.with_columns(placed[_CHUNK].scatter(far, beside))
        known = pl.concat([known.filter(alone), _known(beside.unique())])
    if of is not None:
        tokens = known[_TOKEN].unique()
        meant = pl.DataFrame({_TOKEN: tokens, _VALUE: of(tokens)}).drop_nulls()
        known = known.join(meant, on=_TOKEN, maintain_order="left").drop(_TOKEN)
    known = known.rename({known.columns[-1]: _VALUE})
    found = placed.join(known, on=_CHUNK, maintain_order="left_right")
    found = found.group_by(_ROW, maintain_order=True).agg(_VALUE)
    every = pl.DataFrame({_ROW: pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    given = pl.Series([text is not None for text in texts], dtype=pl.Boolean)
    listed = every.join(found, on=_ROW, how="left", maintain_order="left")[_VALUE]
    empty = pl.Series([[]], dtype=_STRINGS)
    return listed.zip_with(listed.is_not_null() | ~given, empty)


def _known(chunks: pl.Series) -> pl.DataFrame:
    """Give the tokens of distinct chunks, one a row; null where the neighbours have a say."""
    pieces = chunks.str.extract_all(_PIECE)
    plain = (pieces.list.join("") == chunks) & ~chunks.str.contains(_JOINED)
    split = pl.DataFrame({_CHUNK: chunks.filter(plain), _TOKEN: pieces.filter(plain)})
    others = chunks.filter(~plain)
    tokens = pl.Series(list(map(_chunk_tokens, others)), dtype=pl.List(pl.String))
    return pl.concat([split, pl.DataFrame({_CHUNK: others, _TOKEN: tokens})]).explode(_TOKEN)


def _beside(chunks: Sequence[str], rows: np.ndarray[Any, Any], place: int) -> str:
    """Give a chunk with what razdel would see of its neighbours; no other chunk holds spaces."""
    chunk, before, after = chunks[place], place - 1, place + 1
    left = right = ""
    if chunk[0] in _FAR_SIGHTED and place and rows[before] == rows[place]:
        left = _like(chunks[before][-1])
    if chunk[-1] in _FAR_SIGHTED and after < len(rows) and rows[after] == rows[place]:
        right = _like(chunks[after][0])
    return f"{left} {chunk} {right}"


def _like(character: str) -> str:
    """Return one character to stand for all that razdel treats alike as neighbours."""
    if character in _PUNCTUATION:
        return "!"
    return "0" if character.isdecimal() else "а"


@lru_cache(maxsize=1 << 16)
def _chunk_tokens(chunk: str) -> list[str | None]:
    """Split a chunk, alone or beside its neighbours."""
    beside = " " in chunk
    if not beside and not _FAR_SIGHTED.isdisjoint((chunk[0], chunk[-1])):
        return [None]
    tokens: list[str | None] = [token.text for token in razdel.tokenize(chunk)]
    return tokens[chunk[0] != " " : len(tokens) - (chunk[-1] != " ")] if beside else tokens
