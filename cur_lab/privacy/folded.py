"""A text in plain characters, and where each of them stood: no rule then asks for the exact mark.

Dashes, spaces and digits of Unicode become those of the keyboard; what cannot be seen goes; marks
over a letter join it; Latin and Greek look-alikes inside Cyrillic words become Cyrillic; an О
between digits is a zero. Case stays: the rules tell it apart or not.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in plain characters; ``starts`` and ``stops`` are None where no place has moved."""

    text: str
    starts: Sequence[int] | None = None
    stops: Sequence[int] | None = None

    def original(self, start: int, stop: int) -> tuple[int, int]:
        """Give the places in the text as found of a stretch of the folded one."""
        if self.starts is None or self.stops is None:
            return start, stop
        return self.starts[start], self.stops[stop - 1]


# What most texts are without: anything that is not plain already, mixtures, an О between digits.
_PLAIN = r"\n -%'-~А-Яа-яЁё«»№…“”„₽"
_TROUBLE = (
    rf"[^{_PLAIN}]|&#?\w{{1,30}};|[А-Яа-яЁё][A-Za-z]|[A-Za-z][А-Яа-яЁё]|[0-9]-?[ОоOoЗзlI]-?[0-9]"
)
_ENTITY = re.compile(r"&#?\w{1,30};")
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[bfnrt"\\/])')
# Asked of whole words: a pattern that looks for a mixture from every letter on takes the square of
# the time over a long run of letters.
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_MIXED = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_OF_DIGITS = re.compile(r"(?<=\d)(-?)([ОоOoЗзlI])(?=-?\d)")
_AS_DIGIT = str.maketrans("ОоOoЗзlI", "00003311")

_CYRILLIC = str.maketrans("aceopxyukmnhtbABCEHKMOPTXYÉé", "асеорхуикмпнтьАВСЕНКМОРТХУЕе")
_LATIN = str.maketrans("асеорхуАВСЕНКМОРТХУ", "aceopxyABCEHKMOPTXY")
_GREEK = dict(zip("ΑΒΕΗΚΜΝΟΡΤΥΧαεκορυχΙι", "АВЕНКМNОРТУХаекорухIi", strict=True))
_LINE = "\r\x85\x0b\x0c\u2028\u2029"


def all_folded(contents: Sequence[str | None]) -> list[Folded]:
    """Fold texts; most are plain as they are."""
    series = pl.Series(contents, dtype=pl.String).fill_null("")
    trouble = series.str.contains(_TROUBLE).to_list()
    return [
        folded(content or "") if troubled else Folded(content or "")
        for content, troubled in zip(contents, trouble, strict=True)
    ]


def folded(content: str, *, escaped: bool = False) -> Folded:
    """Fold one text; ``escaped`` says that it stands inside a JSON string."""
    characters: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for character, start, stop in _characters(content, escaped=escaped):
        plain = _plain(character)
        if plain is None:
            # A mark joins its letter: «и» and a breve are «й».
            if characters and stops[-1] == start and unicodedata.combining(character):
                joined = unicodedata.normalize("NFC", characters[-1] + character)
                if len(joined) == 1 and joined in "йЙёЁ":
                    characters[-1] = joined
            if stops and stops[-1] == start:
                stops[-1] = stop
            continue
        characters.append(plain)
        starts.append(start)
        stops.append(stop)
    text = "".join(characters)
    text = _LETTERS.sub(
        lambda word: _one_alphabet(word[0]) if _MIXED.search(word[0]) else word[0], text
    )
    text = _OF_DIGITS.sub(lambda found: found[1] + found[2].translate(_AS_DIGIT), text)
    return Folded(text, starts, stops)


def _characters(content: str, *, escaped: bool) -> Iterator[tuple[str, int, int]]:
    pattern, place = _ESCAPE if escaped else _ENTITY, 0
    for match in pattern.finditer(content):
        meant = _unescaped(match[0]) if escaped else html.unescape(match[0])
        if len(meant) != 1:
            continue
        yield from ((content[at], at, at + 1) for at in range(place, match.start()))
        yield meant, match.start(), match.end()
        place = match.end()
    yield from ((content[at], at, at + 1) for at in range(place, len(content)))


def _unescaped(escape: str) -> str:
    if escape[1] == "u":
        return chr(int(escape[2:], 16))
    return {"n": "\n", "r": "\n", "t": " ", "b": " ", "f": "\n"}.get(escape[1], escape[1])


@lru_cache(maxsize=8192)
def _plain(character: str) -> str | None:
    """Give the plain character that one stands for; None where nothing is to be seen of it."""
    if character in _LINE:
        return "\n"
    if character == "\t" or character.isspace():
        return "\n" if character == "\n" else " "
    if character in _GREEK:
        return _GREEK[character]
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Mn", "Me"):
        return None
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character in "−⁃˗➖":
        return "-"
    wide = unicodedata.normalize("NFKC", character)
    # Full-width and mathematical letters; «²» and «½» say something else than their digits.
    if len(wide) == 1 and category in ("Lu", "Ll", "Po", "Sm", "Ps", "Pe", "Pc"):
        return wide
    return character


@lru_cache(maxsize=65536)
def _one_alphabet(word: str) -> str:
    """Return a word of two alphabets in the one whose letters it has more of, where it can be."""
    latin = sum(letter.isascii() for letter in word)
    ways = (_CYRILLIC, _LATIN) if 2 * latin <= len(word) else (_LATIN, _CYRILLIC)
    for way in ways:
        told = word.translate(way)
        if told.isascii() or not any(letter.isascii() for letter in told):
            return told
    return word
