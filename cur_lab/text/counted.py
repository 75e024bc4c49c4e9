"""What models count: lemmas without stop words, numbers, lone letters."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from cur_lab.text import mapping
from cur_lab.text.cleaning import cleaned
from cur_lab.text.lemmas import lemma_of
from cur_lab.text.readings import CYRILLIC_WORD, chosen
from cur_lab.text.stop_words import GROUPS, STOP_WORDS
from cur_lab.text.tokens import split

_TERM = re.compile(r"[а-яёa-z]+(?:-[а-яёa-z]+)*")


def terms(texts: pl.Series, *, workers: int = 1) -> pl.Series:
    """Give what models count: lemmas of the clean text without stop words, numbers, lone letters.

    Parameters
    ----------
    texts
        Texts as found.
    workers
        Processes that share the work.

    Returns
    -------
    Series of lists
        Lemmas in lower case, ё folded to е; null stays null.

    Examples
    --------
    >>> terms(pl.Series(["Здравствуйте! Прошу убрать мусор во дворе дома 5."])).to_list()
    [['убрать', 'мусор', 'двор', 'дом']]
    """
    return mapping.over(texts, _terms, pl.List(pl.String), workers=workers, where="text.terms")


def _terms(text: str) -> list[str]:
    lemmas = (_folded(lemma_of(token)) for token in split(cleaned(text)))
    return [lemma for lemma in lemmas if _kept(lemma) == _KEPT]


def _folded(lemma: str) -> str:
    return lemma.replace("ё", "е")


_KEPT = "counted"


@lru_cache(maxsize=1 << 18)
def _kept(lemma: str) -> str:
    """Say whether a folded lemma is a term, or why it is not."""
    if not _TERM.fullmatch(lemma):
        return "not a word"
    if len(lemma) == 1:
        return "lone letter"
    if lemma in STOP_WORDS:
        return next(
            f"stop word: {group}" for group, words in GROUPS.items() if lemma in words.split()
        )
    return _KEPT


def debug(text: str) -> pl.DataFrame:
    """Show what becomes of one text, token by token.

    Parameters
    ----------
    text
        One text; it is cleaned first, as for :func:`terms`.

    Returns
    -------
    DataFrame
        ``token``, ``start`` and ``stop`` in the clean text, ``lemma``, ``part_of_speech`` (a tag of
        OpenCorpora) and ``term``: "counted", or why the token is not.
    """
    content = cleaned(text)
    rows, place = [], 0
    for token in split(content):
        place = content.index(token, place)
        lemma = lemma_of(token)
        rows.append(
            (token, place, place + len(token), lemma, _part_of_speech(token), _kept(_folded(lemma)))
        )
        place += len(token)
    schema = {
        "token": pl.String,
        "start": pl.Int64,
        "stop": pl.Int64,
        "lemma": pl.String,
        "part_of_speech": pl.String,
        "term": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _part_of_speech(token: str) -> str | None:
    word = token.lower()
    return chosen(token).tag.POS if CYRILLIC_WORD.match(word) else None
