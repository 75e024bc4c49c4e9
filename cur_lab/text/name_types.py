"""Which personal names a word may be, by the dictionary of rumorph."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cur_lab.text.lemmas import analyzer
from cur_lab.text.readings import LONGEST_WORD


class Naming(NamedTuple):
    """The forms («NomFem») in which a word is a name, and the share of what it is else."""

    given: frozenset[str]
    surname: frozenset[str]
    patronymic: frozenset[str]
    common: float
    known: bool

    @property
    def any(self) -> bool:
        """Whether it may be a name of a person at all."""
        return bool(self.given or self.surname or self.patronymic)


_ANY = frozenset({"any"})
_NOTHING = Naming(frozenset(), frozenset(), frozenset(), 1.0, False)
_PATRONYMIC = re.compile(
    r".{2,}(?:[оеё]в|[ьи])ич(?:а|у|[еоё]м|е)?|.{2,}(?:[оеё]вн|[иы]чн|инишн)(?:а|ы|е|у|[оеё]й|ою)"
    r"|.{2,}[ео]в[еи]?н(?:а|ы|е|у|ой)"
)
_SURNAME = re.compile(
    r".{2,}(?:[оеё]в|[иы]н)(?:а|у|ым|[ое]м|е|ой|ы|ых)?|.{2,}[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую)"
    r"|.{2,}(?:енко|чук|юк|дзе|швили|ян(?:а|у|ом|е)?)"
)


@lru_cache(maxsize=1 << 17)
def naming(word: str) -> Naming:
    """Tell which names a word in lower case may be.

    A word that the dictionary lacks may be a patronymic or a surname by its ending, in any form.
    """
    if len(word) > LONGEST_WORD:
        return _NOTHING
    forms: dict[str, set[str]] = {"Giv": set(), "Sur": set(), "Pat": set()}
    common = total = 0.0
    for reading in analyzer().analyze(word):
        if reading.source != "dictionary":
            continue
        total += reading.prob
        kind = reading.feats.get("NameType")
        if kind in forms:
            number = reading.feats.get("Number")
            gender = reading.feats.get("Gender", "") if number == "Sing" else "Plur"
            forms[kind].add(f"{reading.feats.get('Case')}{gender}")
        elif not (reading.pos == "ADJ" and "Poss" in reading.labels):
            common += reading.prob
    if not total:
        patronymic = _ANY if _PATRONYMIC.fullmatch(word) else frozenset()
        surname = _ANY if not patronymic and _SURNAME.fullmatch(word) else frozenset()
        return Naming(frozenset(), surname, patronymic, 0.0, False)
    return Naming(
        frozenset(forms["Giv"]), frozenset(forms["Sur"]), frozenset(forms["Pat"]), common, True
    )


def ends_like_surname(word: str) -> bool:
    """Tell whether a word ends as Russian surnames do: the dictionary knows «щеглов» as birds."""
    return _SURNAME.fullmatch(word.lower()) is not None


def agree(left: frozenset[str], right: frozenset[str]) -> bool:
    """Tell whether two names have a form in common."""
    return bool(left & right) or (bool(left and right) and "any" in left | right)
