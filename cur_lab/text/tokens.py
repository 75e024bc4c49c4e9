"""Tokens, exactly those of razdel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from razdel.segmenters.punct import DASHES, ENDINGS
from razdel.segmenters.tokenize import ATOM, INT, LAT, OTHER, PUNCT, PUNCTS, RU, SMILE

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
# Most chunks need no rules at all: words, also joined by dashes, numbers, runs of endings («?!»,
# «...») and of stars, single marks. Only dashes and underscores join a mark to a word, and what
# stands in decimals and fractions to a number.
_MARK = re.escape("".join(sorted(_PUNCTUATION - frozenset(DASHES + "_"))))
_WORD = rf"[а-яёА-ЯЁ]+(?:[{re.escape(DASHES)}][а-яёА-ЯЁ]+)*"
_PIECE = rf"{_WORD}|[a-zA-Z]+|[0-9]+|[{ENDINGS}]+|\*+|[{_MARK}]"
_JOINED = r"[=:;][)(]|[0-9][.,/\\]|[.,/\\][0-9]|(?i:yahoo)!"
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
    tokens = list(map(_chunk_tokens, others))
    places = np.repeat(np.arange(len(tokens)), list(map(len, tokens)))
    every = pl.Series(list(chain.from_iterable(tokens)), dtype=pl.String)
    ruled = pl.DataFrame({_CHUNK: others.gather(places), _TOKEN: every})
    return pl.concat([split.explode(_TOKEN), ruled])


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
    tokens: list[str | None] = list(_of_razdel(chunk))
    return tokens[chunk[0] != " " : len(tokens) - (chunk[-1] != " ")] if beside else tokens


Atom: TypeAlias = tuple[str, str, int]  # kind, characters, where they end
# Marks that join what stands around them, and what that must be.
_ANY = frozenset({INT, RU, LAT, OTHER})
_AROUND = ((DASHES, _ANY), ("_", _ANY), (".,", {INT}), ("/\\", {INT}))


def _of_razdel(chunk: str) -> Iterator[str]:
    """Tokens of ``razdel.tokenize``, which builds an object for every two neighbours."""
    found = list(ATOM.finditer(chunk))
    atoms = [(match.lastgroup or "", match[0], match.end()) for match in found]
    token = ""
    for place, match in enumerate(found):
        touches = place > 0 and match.start() == atoms[place - 1][2]
        if touches and _joins(token, *_neighbours(atoms, place)):
            token += match[0]
            continue
        if token:
            yield token
        token = match[0]
    if token:
        yield token


def _neighbours(atoms: Sequence[Atom], place: int) -> tuple[Atom | None, Atom, Atom, Atom | None]:
    before = atoms[place - 2] if place > 1 else None
    after = atoms[place + 1] if place + 1 < len(atoms) else None
    return before, atoms[place - 1], atoms[place], after


def _joins(token: str, before: Atom | None, left: Atom, right: Atom, after: Atom | None) -> bool:
    """Tell whether the rules of razdel join an atom to the token that ends with the last one."""
    for marks, kinds in _AROUND:
        sides: tuple[Atom | None, Atom | None] = (None, None)
        if left[1] in marks:
            sides = before, right
        elif right[1] in marks:
            sides = left, after
        if all(side is not None and side[0] in kinds for side in sides):
            return True
    if left[0] == right[0] == PUNCT:
        both = left[1] + right[1]
        endings = left[1] in ENDINGS and right[1] in ENDINGS
        return endings or both in ("--", "**") or bool(SMILE.match(token + right[1]))
    words = (OTHER, RU, LAT)
    if OTHER in (left[0], right[0]) and left[0] in words and right[0] in words:
        return True
    return left[1].lower() == "yahoo" and right[1] == "!"
