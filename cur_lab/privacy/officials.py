"""Officials in office, whose names may stay: a letter to the governor says whom it is to."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from cur_lab.errors import ParameterError
from cur_lab.privacy.person_names import named
from cur_lab.text.lemmas import analyzer


class Official(NamedTuple):
    """The words of a name as «Иванов Иван Иванович» lists them; the patronymic may be missing."""

    surname: str
    others: tuple[str, ...]


_WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*")
_NAMES = (2, 3)
_ENDING = re.compile(r"(?:ым|ому|ого|ой|ом|ем|ей|ую|ая|ий|а|у|е|ы|я|ю|и|й)$")


def parsed(names: Collection[str]) -> list[Official]:
    """Read a list of names, each the surname first."""
    told = [_WORD.findall(name) for name in ([names] if isinstance(names, str) else names)]
    if any(len(words) not in _NAMES for words in told):
        raise ParameterError(
            "an official is a surname, a first name and a patronymic", where="privacy"
        )
    return [Official(words[0], tuple(words[1:])) for words in told]


def is_official(mention: str, officials: Collection[Official]) -> bool:
    """Tell whether a mention is that of an official, in any case of declension.

    The surname must stand there and a first name or initials that agree: a surname alone may be a
    citizen's.
    """
    words = _WORD.findall(mention)
    return bool(officials) and any(_agrees(words, official) for official in officials)


def _agrees(words: list[str], official: Official) -> bool:
    surnames = [word for word in words if _is_same(word, official.surname)]
    if not surnames:
        return False
    # «Петру Петрову»: the first word that may be the surname is it, or the last.
    place = words.index(surnames[-1] if _is_same(words[-1], official.surname) else surnames[0])
    rest = [word for number, word in enumerate(words) if number != place]
    initials = [letter for word in rest if _is_initials(word) for letter in word.lower()]
    full = [word for word in rest if not _is_initials(word)]
    if initials and [other[0].lower() for other in official.others][: len(initials)] != initials:
        return False
    names = [word for word in full if named(word).any or not named(word).known]
    agree = [any(_is_same(word, other) for other in official.others) for word in names]
    return all(agree) and bool(initials or any(_is_same(w, official.others[0]) for w in names))


def _is_initials(word: str) -> bool:
    return len(word) == 1 or (len(word) == 2 and word.isupper())


def _is_same(word: str, name: str) -> bool:
    return bool(_forms(word.lower()) & _forms(name.lower()))


@lru_cache(maxsize=1 << 14)
def _forms(word: str) -> frozenset[str]:
    """Give what a word may be a form of: its lemmas as a name, and its stem."""
    plain = word.replace("ё", "е")
    lemmas = {
        reading.lemma.lower().replace("ё", "е")
        for reading in analyzer().analyze(word)
        if reading.feats.get("NameType")
    }
    return frozenset(lemmas | {_ENDING.sub("", plain)})
