"""What models count: lemmas without stop words, numbers, lone letters."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from cur_lab.text import mapping, tokens
from cur_lab.text.cleaning import all_cleaned, cleaned
from cur_lab.text.lemmas import lemmas_of, part_of_speech
from cur_lab.text.stop_words import GROUPS, STOP_WORDS

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
    return mapping.in_parts(texts, _terms, where="text.terms", workers=workers)


def _terms(texts: mapping.Texts) -> pl.Series:
    return tokens.lists(all_cleaned(texts), of=_terms_of)


def _terms_of(words: pl.Series) -> pl.Series:
    lemmas = lemmas_of(words)
    kept = [lemma if _kept(lemma) == _KEPT else None for lemma in lemmas]
    return pl.Series(kept, dtype=pl.String)


_KEPT = "counted"


@lru_cache(maxsize=1 << 18)
def _kept(lemma: str) -> str:
    """Say whether a lemma is a term, or why it is not."""
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
        ``token``, ``start`` and ``stop`` in the clean text, ``lemma``, ``part_of_speech`` (of
        Universal Dependencies) and ``term``: "counted", or why the token is not.
    """
    content = cleaned(text)
    words = tokens.lists([content]).explode(empty_as_null=False)
    rows, place = [], 0
    for token, lemma in zip(words, lemmas_of(words), strict=True):
        place = content.index(token, place)
        speech = part_of_speech(token, lemma)
        rows.append((token, place, place + len(token), lemma, speech, _kept(lemma)))
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
