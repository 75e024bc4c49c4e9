"""Slips of the pen: words no dictionary has, one slip away from a word everybody uses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cur_lab.entities.tagger import frequent
from cur_lab.privacy.person_names import named

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
# Of shorter words every other one is near to another.
_SHORTEST = 5


@lru_cache(maxsize=1 << 14)
def is_slip(word: str) -> bool:
    """Tell whether a word is a common one misspelt: a letter lost, added, changed or swapped.

    A word that may be a name counts as no common one, so that a misspelt name stays a name.

    References
    ----------
    Damerau F. (1964). A technique for computer detection and correction of spelling errors.
    Communications of the ACM 7.
    """
    lower = word.lower().replace("ё", "е")
    if len(lower) < _SHORTEST:
        return False
    near = {other for other in _slips(lower) if other in frequent()}
    return bool(near) and not any(named(other).any for other in near)


def _slips(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (f"{head}{letter}{tail}" for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (f"{head}{letter}{tail[1:]}" for letter in _LETTERS)
        if len(tail) > 1:
            yield f"{head}{tail[1]}{tail[0]}{tail[2:]}"
