"""What a word may be, by pymorphy3, and which reading of it is meant, without context."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeAlias

import pymorphy3
from pymorphy3.analyzer import Parse

# No word of the dictionary is longer; longer "words" are left alone.
LONGEST_WORD = 64
CYRILLIC_WORD = re.compile(r"[а-яёА-ЯЁ]+")


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=65536)
def known(word: str) -> bool:
    """Tell whether the dictionary has a word."""
    return bool(_morphology().word_is_known(word.lower()))


@lru_cache(maxsize=65536)
def parses(word: str) -> tuple[Parse, ...]:
    """Give all readings of a word by pymorphy, the likeliest first."""
    return tuple(_morphology().parse(word))


@lru_cache(maxsize=65536)
def has(word: str, *grammemes: str) -> bool:
    """Tell whether some reading of a word in lower case has all the grammemes."""
    return any(parse.tag.grammemes.issuperset(grammemes) for parse in parses(word))


def chosen(token: str) -> Parse:
    """Choose one reading of a word without its context."""
    readings: _Readings = _morphology().parse(token.lower())
    if len(readings) > 1:
        if token.istitle():
            readings = _surname(readings) or readings
        for rule in _RULES:
            readings = rule(readings) or readings
    return readings[0]


# pymorphy orders readings by P(tag | word) as counted in OpenCorpora. The rules below, in order,
# leave fewer readings where that estimate is known to be wrong for appeals, or is missing (all
# readings are then equally likely). An empty answer means that the rule has nothing to say. What
# they are worth is measured in tests/benchmarks/test_text.py.

_Readings: TypeAlias = list[Parse]


def _undecided(readings: _Readings) -> bool:
    return bool(readings[0].score == readings[-1].score)


def _where(readings: _Readings, *grammemes: str) -> _Readings:
    return [reading for reading in readings if reading.tag.grammemes.issuperset(grammemes)]


def _except(readings: _Readings, *grammemes: str) -> _Readings:
    return [reading for reading in readings if reading.tag.grammemes.isdisjoint(grammemes)]


def _surname(readings: _Readings) -> _Readings:
    """Read «Песков» as a surname; applied to capitalised words only."""
    return _where(readings, "Surn")


def _masculine_noun_if_unknown(readings: _Readings) -> _Readings:
    """Take a word outside the dictionary for a new noun or a name: «химфарм», «Стармер»."""
    return [] if readings[0].is_known else _where(readings, "NOUN", "masc")


def _to_be(readings: _Readings) -> _Readings:
    """Let «есть» say that something exists, not that somebody eats."""
    return [r for r in readings if r.word == "есть" and r.normal_form == "быть"]


def _verb_over_interjection(readings: _Readings) -> _Readings:
    """Bring «здравствуйте», «слушайте», «значит» to their verb."""
    return _except(readings, "INTJ", "Prnt") if _where(readings, "VERB") else []


def _past_over_imperative(readings: _Readings) -> _Readings:
    """Let «пришли» and «нашли» tell what happened."""
    return _except(readings, "impr") if _where(readings, "VERB", "past") else []


def _pronoun_over_participle(readings: _Readings) -> _Readings:
    """Keep «данной» from being something given, or a woman's name."""
    return _except(readings, "PRTF", "Name") if _where(readings, "ADJF", "Apro") else []


def _short_adjective_over_predicative(readings: _Readings) -> _Readings:
    """Bring «нужно», «страшно», «холодно» to «нужный», «страшный», «холодный»."""
    if _where(readings, "PRED") and _where(readings, "ADJS"):
        return _except(readings, "PRED", "ADVB")
    return []


_TIMES = frozenset({"утро", "день", "вечер", "ночь", "весна", "лето", "осень", "зима"})


def _time_noun_over_adverb(readings: _Readings) -> _Readings:
    """Bring «утром» to «утро»."""
    return [r for r in _where(readings, "NOUN", "ablt") if r.normal_form in _TIMES]


# Words of housing, roads and services that share a form with a rarer word.
_REGISTER = frozenset(
    {"выбор", "колонка", "котёл", "лесок", "люк", "опора", "осадок", "парк", "платить", "провод"}
    | {"спил", "столб", "труба", "узел", "яма"}
)


def _word_of_the_register(readings: _Readings) -> _Readings:
    """Let «ямы» be holes in the road, not post stations, and «проводов» wires, not farewells."""
    return [r for r in readings if r.normal_form in _REGISTER] if _undecided(readings) else []


def _participle_over_short_adjective(readings: _Readings) -> _Readings:
    """Let «разбита» tell what was done to the road."""
    if _undecided(readings) and _where(readings, "PRTS"):
        return _except(readings, "ADJS")
    return []


def _adjective_over_neuter_noun(readings: _Readings) -> _Readings:
    """Leave «холодное» and «наружное» to the noun they stand before."""
    if not (_undecided(readings) and _where(readings, "ADJF")):
        return []
    return [r for r in readings if r.tag.POS != "NOUN" or r.normal_form[-2:] not in ("ое", "ее")]


_RULES: list[Callable[[_Readings], _Readings]] = [
    _masculine_noun_if_unknown,
    _to_be,
    _verb_over_interjection,
    _past_over_imperative,
    _pronoun_over_participle,
    _short_adjective_over_predicative,
    _time_noun_over_adverb,
    _word_of_the_register,
    _participle_over_short_adjective,
    _adjective_over_neuter_noun,
]
