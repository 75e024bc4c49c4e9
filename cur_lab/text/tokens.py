"""Sentences and tokens, exactly those of razdel."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl
import razdel
from razdel.segmenters.punct import DASHES, ENDINGS
from razdel.segmenters.tokenize import PUNCTS

from cur_lab.text import mapping


def sentences(texts: pl.Series) -> pl.Series:
    """Split texts into sentences by razdel.

    Returns
    -------
    Series of lists
        Sentences without the white space between them; null stays null.
    """
    return mapping.over(
        texts,
        lambda text: [sentence.text for sentence in razdel.sentenize(text)],
        pl.List(pl.String),
        where="text.sentences",
    )


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
    return mapping.over(texts, split, pl.List(pl.String), where="text.tokenize")


# razdel never joins over white space, so a text may be cut there and every distinct chunk split
# once. But its rules for these marks look one atom further than the pair they judge, over a space
# too («5, 6» → «5,» «6»): a chunk that begins or ends with one is split beside its neighbour.
_FAR_SIGHTED = frozenset(DASHES + "_.,/\\")
_PUNCTUATION = frozenset(PUNCTS)
# The commonest chunks need no rules at all: a word or two joined by a dash, with one mark or none
# before it, one mark or a run of endings («?!», «...») behind it. Only dashes and underscores join
# a mark to a word.
_MARK = re.escape("".join(sorted(_PUNCTUATION - frozenset(DASHES) - {"_"})))
_PLAIN_CHUNK = re.compile(
    rf"([{_MARK}]?)([а-яёА-ЯЁ]+(?:[{re.escape(DASHES)}][а-яёА-ЯЁ]+)*)([{ENDINGS}]+|[{_MARK}]?)"
    rf"|([{ENDINGS}]+)"
)


def split(text: str) -> list[str]:
    """Split one text into tokens."""
    chunks = text.split()
    tokens: list[str] = []
    for place, chunk in enumerate(chunks):
        parts = _chunk_tokens(chunk)
        if not parts:
            before = _like(chunks[place - 1][-1]) if place else ""
            after = _like(chunks[place + 1][0]) if place + 1 < len(chunks) else ""
            parts = _chunk_tokens_beside(before, chunk, after)
        tokens += parts
    return tokens


def _like(character: str) -> str:
    """Return one character to stand for all that razdel treats alike as neighbours."""
    if character in _PUNCTUATION:
        return "!"
    return "0" if character.isdecimal() else "а"


@lru_cache(maxsize=1 << 18)
def _chunk_tokens(chunk: str) -> tuple[str, ...]:
    """Split a chunk; nothing where the neighbours have a say."""
    if match := _PLAIN_CHUNK.fullmatch(chunk):
        return tuple(filter(None, match.groups()))
    if chunk[0] in _FAR_SIGHTED or chunk[-1] in _FAR_SIGHTED:
        return ()
    return _chunk_tokens_beside("", chunk, "")


@lru_cache(maxsize=1 << 18)
def _chunk_tokens_beside(before: str, chunk: str, after: str) -> tuple[str, ...]:
    tokens = [token.text for token in razdel.tokenize(f"{before} {chunk} {after}")]
    return tuple(tokens[bool(before) : len(tokens) - bool(after)])
