"""People by the NER of Natasha, which is asked only where the dictionaries are in doubt.

The tagger knows names by their capitals: a sentence is given to it in the case it would have in the
news, whatever case it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cur_lab.entities.tagger import PERSON, mentions
from cur_lab.privacy.person_names import WORD, is_named_after, is_title, named
from cur_lab.privacy.slips import is_slip
from cur_lab.privacy.spans import Span
from cur_lab.text.name_types import Naming

_END = re.compile(r"[.!?…]+[\s»\")]+(?=[А-ЯЁA-Z«\"(-])|\n+|[!?…]+\s+")
_ENDED = re.compile(r"[.!?…\n]")
_OFTEN = 0.5
_SHORTEST_PIECE = 150
_MANY = 3
_SELDOM = 0.05
_MOSTLY = 0.9999
_SHORTEST_UNKNOWN = 4


class Doubt(NamedTuple):
    """A piece of a text for the tagger, in the case of news, and where it begins."""

    row: int
    start: int
    told: str


def tagged(
    texts: Sequence[str], found: Sequence[Sequence[Span]], public: Sequence[Sequence[Span]]
) -> Iterator[tuple[int, Span]]:
    """Yield people that no rule has found: by the tagger, then wherever the same name stands."""
    doubts = [
        doubt
        for row, (content, spans, places) in enumerate(zip(texts, found, public, strict=True))
        for doubt in _doubts(row, content, [*spans, *places])
    ]
    people: dict[int, list[Span]] = {}
    others: dict[int, list[tuple[int, int]]] = {}
    caseless = {row: _is_caseless(list(WORD.finditer(texts[row]))) for row, *_ in doubts}
    for number, kind, start, stop in mentions([doubt.told for doubt in doubts]):
        row, offset, _ = doubts[number]
        start, stop = offset + start, offset + stop
        if kind != PERSON:
            others.setdefault(row, []).append((start, stop))
        elif _may_be_name(texts[row][start:stop], caseless=caseless[row]):
            people.setdefault(row, []).append((start, stop, PERSON))
    for row in {doubt.row for doubt in doubts}:
        people.setdefault(row, []).extend(_sure(texts[row], others.get(row, [])))
    for row, (content, spans) in enumerate(zip(texts, found, strict=True)):
        seen = [*people.get(row, []), *(span for span in spans if span[2] == PERSON)]
        if seen:
            people.setdefault(row, []).extend(_again(content, seen))
    for row, spans in people.items():
        yield from ((row, span) for span in spans)


def _doubts(row: int, content: str, settled: Sequence[Span]) -> Iterator[Doubt]:
    """Yield the pieces of a text with a word that may be a name and belongs to nothing found."""
    words = list(WORD.finditer(content))
    caseless = _is_caseless(words)
    pieces: list[tuple[bool, Doubt]] = []
    start = number = 0
    for stop in [*(match.end() for match in _END.finditer(content)), len(content)]:
        # A sentence alone says little: short ones go together.
        if stop - start < _SHORTEST_PIECE and stop < len(content):
            continue
        told, place, doubtful = [], start, False
        while number < len(words) and words[number].start() < stop:
            word = words[number]
            first = place == start or _ENDED.search(content, place, word.start()) is not None
            told += [content[place : word.start()], _in_case(word[0], first, caseless)]
            doubtful = doubtful or (
                _is_doubtful(word[0], first, caseless)
                and not any(a < word.end() and word.start() < b for a, b, _ in settled)
                and not is_named_after(content, word.start())
            )
            place, number = word.end(), number + 1
        pieces.append((doubtful, Doubt(row, start, "".join([*told, content[place:stop]]))))
        start = stop
    if len(pieces) < _MANY * sum(doubtful for doubtful, _ in pieces):
        # News are full of names: the tagger reads them better as a whole.
        yield Doubt(row, 0, "".join(piece.told for _, piece in pieces))
    else:
        yield from (piece for doubtful, piece in pieces if doubtful)


def _is_caseless(words: Sequence[re.Match[str]]) -> bool:
    """Tell whether the case of a text says nothing: all small letters, or all capitals."""
    titled = sum(is_title(word[0]) and len(word[0]) > 1 for word in words)
    capitals = sum(word[0].isupper() and len(word[0]) > 3 for word in words)
    return not titled or 2 * capitals > len(words)


def _is_doubtful(word: str, first: bool, caseless: bool) -> bool:
    name = named(word)
    if len(word) < 3:
        return False
    if is_title(word) and not caseless:
        if name.known:
            return name.any and (name.common < _OFTEN or not first)
        return not first or bool(name.surname)
    if caseless and not name.known:
        return _may_be_foreign(word)
    return name.any and name.common < _OFTEN


def _in_case(word: str, first: bool, caseless: bool) -> str:
    if is_title(word) and not caseless:
        return word
    name = named(word)
    if _is_named(word, name, caseless):
        return "-".join(part.capitalize() for part in word.split("-"))
    if not caseless:
        return word
    return word.capitalize() if first else word.lower()


def _is_named(word: str, name: Naming, caseless: bool) -> bool:
    if not name.known:
        return caseless and _may_be_foreign(word)
    return name.any and name.common < (_MOSTLY if caseless else _OFTEN)


def _may_be_foreign(word: str) -> bool:
    """Tell whether a word that no dictionary has may be a name: common endings are none."""
    return len(word) >= _SHORTEST_UNKNOWN and not _COMMON_ENDING.search(word)


_COMMON_ENDING = re.compile(
    r"(?:ств[оауе]?|ост[ьию]|ци[яиюей]{1,2}|ни[еяюй]|т[ьс]ся|л[аои]?сь|ать|ить|еть"
    r"|вш[а-я]{2,3}|ющ[а-я]{2,3}"
    r"|нн[а-я]{2,3}|ческ[а-я]{2,3}|(?:и[нй]ск|овск)(?:ую|их|ими)|альн[а-я]{2,3}|ированн?"
    r"|тор(?:ы|ов|ам))$",
    re.I,
)


def _may_be_name(mention: str, *, caseless: bool) -> bool:
    """Turn away a single word that can be no name: «Почему», «Вакцинировался», «Камнегорске».

    A word that no dictionary has is a slip of the pen where it is written small and others are not.
    """
    if " " in mention:
        return True
    if not mention.isalpha():
        return caseless or is_title(mention)
    name = named(mention)
    if not name.known:
        # A capital within a sentence is no slip; foreign names are near to many a word.
        if _OF_TOWNS.search(mention) or (not is_title(mention) and is_slip(mention)):
            return False
        return caseless or is_title(mention)
    return name.any or name.common < _OFTEN


# Surnames in -ский have other cases than towns in -ск.
_OF_TOWNS = re.compile(r"[а-яё]{3}(?:ск|град)(?:а|у|е|ом)?$", re.I)


def _sure(content: str, others: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield words that are names and nothing else, but for those of places and streets."""
    for word in WORD.finditer(content):
        name = named(word[0])
        if (
            name.known
            and name.any
            and name.common < _SELDOM
            and len(word[0]) > 3
            and (name.surname or is_title(word[0]))
            and not any(a < word.end() and word.start() < b for a, b in others)
            and not _OF_STREETS.search(content, max(0, word.start() - 12), word.start())
        ):
            yield word.start(), word.end(), PERSON


_OF_STREETS = re.compile(
    r"(?<![а-яё])(?:на|по|с|со|до|от|у|к|угол|угла|ул|улицы|и)[. ]{1,2}[«\"]?$", re.I
)


def _again(content: str, people: Sequence[Span]) -> Iterator[Span]:
    """Yield the names of people found once wherever else they stand, in another form too."""
    stems = {
        _stem(word[0])
        for start, stop, _ in people
        for word in WORD.finditer(content, start, stop)
        if len(word[0]) > 3 and (is_title(word[0]) or _is_surname(named(word[0])))
    }
    if not stems:
        return
    for word in WORD.finditer(content):
        if len(word[0]) > 3 and _stem(word[0]) in stems:
            # A capital within a sentence makes a name of any word that was one already.
            within = is_title(word[0]) and _WITHIN.search(
                content[max(0, word.start() - 4) : word.start()]
            )
            if within or _is_surname(named(word[0])):
                yield word.start(), word.end(), PERSON


_WITHIN = re.compile(r"[а-яё,;0-9»)][ \t]{1,2}[«(\"]?$")


def _is_surname(name: Naming) -> bool:
    return (bool(name.surname) or not name.known) and name.common < _OFTEN


def _stem(word: str) -> str:
    lower = word.lower().replace("ё", "е")
    return re.sub(r"(?:ым|ому|ого|ой|ом|ем|ей|ую|ая|ий|а|у|е|ы|я|ю|и)$", "", lower)
