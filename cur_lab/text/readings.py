"""What a word may be by the dictionary of pymorphy3: names, places, grammar; never its lemma."""

from __future__ import annotations

import re
from functools import cache, lru_cache

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
