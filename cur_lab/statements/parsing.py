"""Texts read for what they state: sentences of content words, numbers, names, negation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from cur_lab import text
from cur_lab.families.sameness import Word

# What carries no content of its own, beside the parts of speech below.
_EMPTY_WORDS = """
    быть мочь можно нельзя нужно надо стать этот тот весь который свой наш ваш мой твой сам самый
    такой уже еще очень также сказать говорить сообщить писать слышать знать слух фейк правда
    неправда срочно внимание распространить переслать якобы действительно
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_FUNCTION = frozenset({"PREP", "CONJ", "PRCL", "NPRO", "INTJ"})
_VERBAL = frozenset({"VERB", "INFN", "PRTF", "PRTS", "GRND", "PRED"})
_NAMES = frozenset({"Geox", "Name", "Surn", "Patr", "Orgn", "Trad"})
_NOT = frozenset({"не", "нет", "ни", "никто", "никогда"})
_TO_TWELVE = """
    ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
"""
_NUMERALS = {word: number for number, word in enumerate(_TO_TWELVE.split())}
_NUMERALS |= {"первый": 1, "второй": 2, "третий": 3, "двадцать": 20, "тридцать": 30, "сто": 100}
_SCALES = {"тысяча": 10**3, "тыс": 10**3, "миллион": 10**6, "млн": 10**6}
_SCALES |= {"миллиард": 10**9, "млрд": 10**9}
_ROW, _SENTENCE = "row", "sentence"
# A claim buried deeper in a message is not what the message is about.
_SENTENCES = 60


@dataclass(frozen=True)
class Token:
    """A content word, its place among the tokens of the sentence, and what it is."""

    word: Word
    place: int
    predicate: bool = False
    name: bool = False


@dataclass(frozen=True)
class Sentence:
    """A sentence: all tokens, those with content, places of «не» and its like, of «нельзя»."""

    tokens: tuple[str, ...]
    content: tuple[Token, ...]
    negations: tuple[int, ...]
    bans: tuple[int, ...]


def read(texts: pl.Series) -> list[tuple[Sentence, ...]]:
    """Read texts without nulls, at most the first 60 sentences of each."""
    rows = pl.DataFrame(
        {_ROW: pl.int_range(len(texts), eager=True), _SENTENCE: text.sentences(text.clean(texts))}
    )
    parts = rows.with_columns(pl.col(_SENTENCE).list.head(_SENTENCES)).explode(_SENTENCE)
    parts = parts.drop_nulls()
    found: list[list[Sentence]] = [[] for _ in range(len(texts))]
    tokens, lemmas = (
        split(parts[_SENTENCE]).to_list() for split in (text.tokenize, text.lemmatize)
    )
    for row, words, roots in zip(parts[_ROW], tokens, lemmas, strict=True):
        found[row].append(_sentence(words, roots))
    return [tuple(one) for one in found]


def _sentence(tokens: Sequence[str], lemmas: Sequence[str]) -> Sentence:
    folded = [lemma.replace("ё", "е") for lemma in lemmas]
    content: list[Token] = []
    scaled = False
    for place, (token, lemma) in enumerate(zip(tokens, folded, strict=True)):
        if scaled or not token[0].isalnum():
            scaled = False
            continue
        value = _number(token, lemma)
        if value is not None:
            following = folded[place + 1] if place + 1 < len(folded) else ""
            scaled = following in _SCALES
            form = f"{value * _SCALES.get(following, 1):.12g}"
            content.append(Token(Word(form, form, True), place))
            continue
        grammemes = _grammemes(token)
        if lemma in _EMPTY or grammemes & _FUNCTION:
            continue
        capital = token[0].isupper() and not token.isupper()
        known = capital and bool(grammemes & _NAMES)
        # What stands first is capital anyway, and many write a full stop without a space.
        name = known or (capital and place > 0)
        predicate = not name and bool(grammemes & _VERBAL)
        word = Word(token.lower().replace("ё", "е"), lemma, False)
        content.append(Token(word, place, predicate, name))
    negations = tuple(place for place, lemma in enumerate(folded) if lemma in _NOT)
    bans = tuple(place for place, lemma in enumerate(folded) if lemma == "нельзя")
    return Sentence(tuple(tokens), tuple(content), negations, bans)


@lru_cache(maxsize=1 << 16)
def _grammemes(token: str) -> frozenset[str]:
    parses = text.parses(token)
    return frozenset(parses[0].tag.grammemes) if parses else frozenset()


@lru_cache(maxsize=1 << 16)
def _number(token: str, lemma: str) -> float | None:
    if lemma in _NUMERALS:
        return float(_NUMERALS[lemma])
    digits = token.split("-")[0].replace(",", ".")
    for space in "\u0020\u00a0\u202f":
        digits = digits.replace(space, "")
    if not digits[:1].isdecimal():
        return None
    try:
        return float(digits)
    except ValueError:
        return None
