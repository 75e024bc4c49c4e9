"""Tokens to their lemmas by rumorph, each word alone.

Its model of a word's neighbours finds a few more (tests/benchmarks/test_text.py), but reads «банки
с мусором» as banks, takes longer than all else together, and gives one word another lemma from text
to text: topics, alarms and families count on a word being the same wherever it stands.
"""

from __future__ import annotations

from functools import cache, partial

import polars as pl
import rumorph

from cur_lab.text import mapping, tokens
from cur_lab.text.readings import LONGEST_WORD

# Words of housing, roads and services that share a form with another: «ряд люков», not something
# «люковый»; «защита прав», not somebody in the right.
_REGISTER = ("колонка", "люк", "наружный", "осадок", "право", "провод", "прошлый", "спил")
# A word so short is mostly an abbreviation, by the dictionary («см») or not («тц»).
_SHORT = 3


def lemmatize(texts: pl.Series, *, workers: int = 1) -> pl.Series:
    """Give each token of :func:`tokenize` its lemma.

    Parameters
    ----------
    texts
        Texts, cleaned where that is wanted.
    workers
        Processes that share the work; worth it from about 500,000 texts. The result is the same.

    Returns
    -------
    Series of lists
        One lemma per token, in lower case, ё folded to е; null stays null. Lemmas follow Universal
        Dependencies: a participle is brought to its verb, «людей» to «человек». An abbreviation
        that may stand for several words («г», «д») stays what it is.

    Raises
    ------
    ParameterError
        If ``workers`` is below 1.

    References
    ----------
    Shkarin S. (2026). ruMorph, a fast morphological analyzer for Russian, version 0.4.0.
    https://doi.org/10.5281/zenodo.23520738

    Examples
    --------
    >>> lemmatize(pl.Series(["Ямы на дорогах, мусорку не вывозят"])).to_list()
    [['яма', 'на', 'дорога', ',', 'мусорка', 'не', 'вывозить']]
    """
    function = partial(tokens.lists, of=lemmas_of)
    return mapping.in_parts(texts, function, where="text.lemmatize", workers=workers)


@cache
def analyzer() -> rumorph.Analyzer:
    """Give the dictionary, loaded once."""
    return rumorph.Analyzer()


@cache
def _register() -> dict[str, str]:
    """Forms of the register's words that would get another lemma."""
    return {
        form.word.replace("ё", "е"): lemma
        for lemma in _REGISTER
        for reading in analyzer().analyze(lemma)
        if reading.lemma == lemma
        for form in reading.forms()
        if analyzer().lemmatize([form.word]) != [lemma]
    }


def lemmas_of(words: pl.Series) -> pl.Series:
    """Give each word its lemma, whatever the others are."""
    form, size = _folded(words), words.str.len_chars()
    is_word = form.str.contains("^[а-я]") & size.is_between(2, LONGEST_WORD)
    asked = words.zip_with(is_word, pl.Series([""]))
    lemma = _folded(pl.Series(analyzer().lemmatize(asked.to_list()), dtype=pl.String))
    short = words.filter(is_word & (size <= _SHORT) & (form != lemma))
    kept = short.filter(pl.Series(map(_stays, short), dtype=pl.Boolean))
    left = ~is_word | words.is_in(kept.implode())
    return form.zip_with(left, form.replace_strict(_register(), default=lemma))


def _folded(words: pl.Series) -> pl.Series:
    return words.str.to_lowercase().str.replace_all("ё", "е", literal=True)


def _stays(word: str) -> bool:
    """Tell whether a short word is an acronym, or may be short for several words."""
    readings = analyzer().analyze(word)
    if readings[0].source == "guess":
        return True
    return "Abbr" in readings[0].feats and len({reading.lemma for reading in readings}) > 1


def part_of_speech(word: str, lemma: str) -> str | None:
    """Give the part of speech, by Universal Dependencies, of the reading that has the lemma."""
    readings = analyzer().analyze(word)
    named = (reading.pos for reading in readings if reading.lemma.replace("ё", "е") == lemma)
    return next(named, readings[0].pos if readings else None)
