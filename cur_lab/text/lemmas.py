"""Tokens to their lemmas."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from cur_lab.text import mapping
from cur_lab.text.readings import CYRILLIC_WORD, LONGEST_WORD, chosen
from cur_lab.text.tokens import split


def lemmatize(texts: pl.Series, *, workers: int = 1) -> pl.Series:
    """Give each token of :func:`tokenize` its lemma.

    Parameters
    ----------
    texts
        Texts, cleaned where that is wanted.
    workers
        Processes that share the work; worth it from about 100,000 texts. The result is the same.

    Returns
    -------
    Series of lists
        One lemma per token, in lower case with pymorphy's ё; null stays null.

    Raises
    ------
    ParameterError
        If ``workers`` is below 1.

    References
    ----------
    Korobov M. (2015). Morphological analyzer and generator for Russian and Ukrainian languages.
    AIST 2015, 320-332.
    """
    return mapping.over(texts, _lemmas, pl.List(pl.String), workers=workers, where="text.lemmatize")


def _lemmas(text: str) -> list[str]:
    return [lemma_of(token) for token in split(text)]


@lru_cache(maxsize=1 << 19)
def lemma_of(token: str) -> str:
    """Give one token its lemma."""
    word = token.lower()
    if not 1 < len(word) <= LONGEST_WORD or not CYRILLIC_WORD.match(word):
        return word
    reading = chosen(token)
    # «д» is not «далее», «см» is not «смотреть»: an abbreviation stays what it is.
    return word if "Abbr" in reading.tag else str(reading.normal_form)
