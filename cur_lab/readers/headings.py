"""Which row of a table is its header, and which heading stands for which of our columns.

Headings are told by their words: case, ё, brackets, units, the order of words and «обращения»
beside another word do not tell two of them apart. The header is the row, or the two rows under one
another, that name most columns; exports often put a title, a period or groups of columns above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Named = Mapping[str, str] | Sequence[str]

_WITHIN_ROWS = 20
# A longer cell is a title or a text, no heading.
_LONGEST = 120

_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_ZONE = re.compile(r"[(\[,]\s*((?:мск|msk|utc|gmt)\s*(?:[+\-−]\s*\d{1,2}(?::?\d{2})?)?)\s*[)\]]?$")
_ENDING = re.compile(
    r"(?:иями|ием|иям|иях|ия|ие|ий|ию|ии|ыми|ими|ами|ями|ого|его|ому|ему|ов|ев|ей|ой|ый|ая|яя|ое"
    r"|ее|ые|ую|юю|ом|ем|ам|ям|ах|ях|[аяоеыиуюьй])$"
)
_SAME = {"date": "дат", "time": "врем", "времен": "врем", "datetime": "дат", "n": "номер"}
DAY, CLOCK = "дат", "врем"
# What every column of such a table is of, and words that say nothing by themselves.
_EMPTY_WORDS = frozenset(
    (
        "обращен", "сообщен", "инцидент", "заявк", "заявок", "заявлен", "жалоб", "вопрос",
        "и", "на", "по", "из", "от", "к", "с", "о", "об", "для", "систем", "мск", "msk",
        "руб", "рубл", "тыс", "млн", "of", "the", "in",
    )
)  # fmt: skip


class Known:
    """The headings of a kind of table: our column → headings, best first."""

    def __init__(self, headings: Mapping[str, tuple[str, ...]]):
        self.folded = {
            column: [fold(name) for name in (column, *names)] for column, names in headings.items()
        }
        self.exact = {name for names in self.folded.values() for name in names}
        self.words = {name: words(name) for name in self.exact}


@dataclass(frozen=True, slots=True)
class Header:
    """Names of a table's columns, what they stand for, and where its rows begin.

    Attributes
    ----------
    names
        One for each column of the source, no two alike.
    used
        Our column → name.
    clocks
        Our column of dates → name of the column that has the time of day, where one has.
    zones
        Our column of dates → zone its heading names: «Дата (UTC)».
    above, lines
        So many rows stand before the header; the data begin after so many.
    since_1904
        Whether bare numbers of days count from 1904, as in some workbooks.
    """

    names: list[str]
    used: dict[str, str]
    clocks: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    above: int = 0
    lines: int = 0
    since_1904: bool = False


def locate(
    rows: Sequence[Sequence[str]], named: Named, known: Known, needed: Sequence[str]
) -> Header | None:
    """Find the header: of the top rows that name all needed columns the one that names most.

    Parameters
    ----------
    rows
        The first rows of the source.
    named
        Header → our column; or the header itself, for a source that has none.
    known
        Headings of this kind of table.
    needed
        Our columns the table cannot do without.

    Returns
    -------
    Header or None
        None if no row names what is needed.
    """
    if not isinstance(named, Mapping):
        names = _distinct(named)
        return _header(names, match(names, {}, known), above=0, lines=0)
    best: Header | None = None
    best_rank = (0, 0)
    top = list(rows[:_WITHIN_ROWS])
    for place, row in enumerate(top):
        for names, lines in _candidates(row, top[place + 1 :]):
            used = match(names, named, known)
            # Two rows only where they name more than either does.
            rank = (len(used), -lines)
            if rank > best_rank and set(needed) <= set(used):
                best_rank = rank
                best = _header(names, used, above=place, lines=place + lines)
    return best


def _candidates(row: Sequence[str], below: Sequence[Sequence[str]]) -> list[tuple[list[str], int]]:
    """Take a row as a header, and as the groups above the row that follows."""
    single = (_distinct(row), 1)
    if not below or len(below[0]) < len(row) or not any(cell.strip() for cell in row):
        return [single]
    return [single, (_joined(row, below[0]), 2)]


def _joined(groups: Sequence[str], under: Sequence[str]) -> list[str]:
    """Name columns by the group and the name under it: «Ответ», «Дата» → «Ответ: Дата»."""
    names: list[str] = []
    group = ""
    for place, name in enumerate(under):
        above = groups[place].strip() if place < len(groups) else ""
        group = above or group
        alone = name.strip()
        if alone and above == alone:
            names.append(alone)
        elif alone:
            names.append(f"{group}: {alone}" if group else alone)
        else:
            names.append(above)
    return _distinct(names)


def _header(names: list[str], used: dict[str, str], *, above: int, lines: int) -> Header:
    taken = set(used.values())
    clocks: dict[str, str] = {}
    zones: dict[str, str] = {}
    for column, name in used.items():
        if zone := _ZONE.search(name.casefold().strip()):
            zones[column] = zone.group(1)
        of = words(name)
        if DAY not in of:
            continue
        wanted = (of - {DAY}) | {CLOCK}
        clock = next((one for one in names if one not in taken and words(one) == wanted), None)
        if clock is not None:
            clocks[column] = clock
            taken.add(clock)
    return Header(names, used, clocks, zones, above, lines)


def match(names: Sequence[str], named: Mapping[str, str], known: Known) -> dict[str, str]:
    """Find which header stands for which of our columns; what the user named goes first.

    Returns
    -------
    dict
        Our column → header.
    """
    found = {
        column: name for name, column in named.items() if name in names and column in known.folded
    }
    short = [name for name in reversed(names) if name not in named and len(name) <= _LONGEST]
    exact = {fold(name): name for name in short}
    # A heading that is known letter by letter means nothing else by its words.
    alike = {
        frozenset(told): name
        for name in short
        if fold(name) not in known.exact and (told := words(name))
    }
    taken: set[str] = set(found.values())
    for column, headings in known.folded.items():
        if column in found:
            continue
        for heading in headings:
            name = exact.get(heading) or alike.get(known.words[heading])
            if name is not None and name not in taken:
                found[column] = name
                taken.add(name)
                break
    return found


@lru_cache(maxsize=10_000)
def fold(name: str) -> str:
    """Case, ё, underscores, quotes and spaces do not tell two headers apart."""
    return re.sub(r"[_\s«»\"'*:.,()]+", " ", name.casefold().replace("ё", "е")).strip()


@lru_cache(maxsize=10_000)
def words(name: str) -> frozenset[str]:
    """Return the words that tell a heading apart, without their endings."""
    plain = name.casefold().replace("ё", "е").replace("№", " номер ")
    plain = _BRACKETS.sub(" ", plain) if _BRACKETS.sub("", plain).strip() else plain
    stems = {_stem(word) for word in re.findall(r"[^\W_]+", plain)}
    told = stems - _EMPTY_WORDS
    # «Дата и время» is a date; «Время» beside it holds the clock alone.
    return frozenset(told - {CLOCK} if DAY in told else told)


def _stem(word: str) -> str:
    stem = _ENDING.sub("", word) if len(word) > 3 else word
    return _SAME.get(stem, stem)


def _distinct(row: Sequence[str]) -> list[str]:
    """Name the nameless and tell apart the namesakes."""
    names: list[str] = []
    for place, found in enumerate(row, start=1):
        name = found.strip("\ufeff \t\r\n") or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names
