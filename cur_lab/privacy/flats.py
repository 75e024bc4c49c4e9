"""Homes: an address down to the flat. A house is public, a flat is private.

The rules of :mod:`cur_lab.entities` find streets and houses; here the parts of a house that people
add in any order, in brackets and with fractions, are read on to the flat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

import polars as pl

from cur_lab import entities
from cur_lab.columns import FLAT, HOUSE, ROW, SETTLEMENT, START, STOP, STREET
from cur_lab.entities import settlements
from cur_lab.privacy.spans import Rule, Span

Keep: TypeAlias = Literal["house", "street", "municipality"]
KEPT = get_args(Keep)

_WORD_END = r"(?![а-яё])"
_NUMBERS = r"\d{1,4}(?: ?[а-г](?![а-яё]))?(?: ?(?:,|и|-|/) ?\d{1,4}(?!\d))*"
_FLAT_WORD = (
    rf"(?:кв(?:артир[а-я]{{0,3}}|-р[аыеу])?|комн?(?:ат[аыеу])?|офис|оф|помещ\w*|пом){_WORD_END}"
)
_PLACE = (
    rf"(?:{_FLAT_WORD}\.? ?(?:№ ?)?{_NUMBERS}"
    rf"|\d{{1,4}} ?(?:-?[яйе] )?(?:кв(?:артир[аеуы])?{_WORD_END}\.?(?! ?м)))"
)
_PART = (
    rf"(?:(?:корпус[аеу]?|корп|кор|к|строение|стр|литера?|лит|л|подъезд[ае]?|под|п|этаж[ае]?"
    rf"|эт|секция|блок)"
    rf"{_WORD_END}\.? ?(?:№ ?)?(?:\d{{1,3}} ?[а-яё]{{0,2}}|[а-яё]{{1,2}}){_WORD_END}"
    rf"|(?:к|с|стр|корп)\d{{1,2}}{_WORD_END}"
    rf"|\d{{1,2}}(?:-?[йимао]{{1,3}})? ?(?:подъезд[ае]?|этаж[ае]?|эт\.?){_WORD_END}"
    rf"|/ ?\d{{1,3}} ?[а-г]?{_WORD_END})"
)
_TAIL = re.compile(rf"(?:[ ,;.(]{{0,4}}(?:(?P<flat>{_PLACE})|{_PART})\)?){{1,8}}", re.I)
_DOUBLE = re.compile(r"[ ,]{0,2}(?P<first>\d{1,3}) ?- ?(?P<second>\d{1,3})(?!\d)")
_HEAD = re.compile(
    rf"(?:{_PLACE}|(?:в )?{_NUMBERS} ?-?[йя]? ?кв(?:артир[аеуы])?{_WORD_END})"
    rf"[ ,.(]{{1,3}}(?:{_PART}[ ,.(]{{1,3}})?(?:по |на |в )?$",
    re.I,
)
_BARE_HOME = (
    rf"(?<![а-яё])(?:д(?:ом[аеу]?)?){_WORD_END}\.? ?(?:№ ?)?\d{{1,3}}[а-г]?(?:"
    rf"[ ,;.(]{{0,4}}{_PART})?"
    rf"[ ,;.(]{{1,4}}{_FLAT_WORD}\.? ?(?:№ ?)?{_NUMBERS}\)?"
    rf"|{_FLAT_WORD}\.? ?(?:№ ?)?\d{{1,4}}[ ,;.]{{1,3}}д(?:ом[аеу]?)?{_WORD_END}\.? ?"
    rf"(?:№ ?)?\d{{1,3}}[а-г]?"
)
_BY_STREET = r"(?-i: по (?:ул(?:ице|\.)? ?)?[А-ЯЁ][а-яё]+(?: [А-ЯЁ][а-яё]+)?)"
_BARE = re.compile(rf"(?:{_BARE_HOME})(?:{_BY_STREET})?", re.I)
_INDEX = re.compile(r"(?<!\d)\d{6}[ ,]{1,3}$")
_BARE_BEFORE = re.compile(rf"(?:{_BARE_HOME})[ ,;.]{{1,3}}(?:по |на )?$", re.I)


def _houses_with_flats(content: str) -> Iterator[Span]:
    """«Дом 5 (кв. 12)», «кв. 12, дом 5»: a flat without a street is still somebody's home."""
    for match in _BARE.finditer(content):
        yield match.start(), match.end(), "address"


RULES = [Rule(_houses_with_flats, r"(?i)(?:кв|ком|оф|пом)[^\n]*\d")]


def places(contents: Sequence[str]) -> list[list[Place]]:
    """Find every address, read on to the flat where one follows."""
    found: list[list[Place]] = [[] for _ in contents]
    every = entities.addresses(pl.Series(contents, dtype=pl.String))
    columns = (ROW, START, STOP, SETTLEMENT, STREET, HOUSE, FLAT)
    for row, start, stop, settlement, street, house, flat in every.select(columns).iter_rows():
        found[row].append(
            _whole(contents[row], Place(start, stop, settlement, street, house, flat is not None))
        )
    return found


class Place(NamedTuple):
    """An address in a text, and whether it leads to somebody's door."""

    start: int
    stop: int
    settlement: str | None
    street: str | None
    house: str | None
    home: bool


def _whole(content: str, place: Place) -> Place:
    """Read the parts of a house behind an address and before it."""
    start, stop, home = place.start, place.stop, place.home
    before = content[max(0, start - 60) : start]
    if place.house is None:
        # «Кв. 12, дом 5, ул. Садовая»: the house stands before its street.
        bare = _BARE_BEFORE.search(before)
        return place._replace(start=start - len(bare[0]), home=True) if bare else place
    written = content[start:stop]
    double = _DOUBLE.search(written)
    if (
        double
        and home
        and "кв" not in written.lower()
        and re.search(r"\bд(?:ом)?\b", written, re.I)
    ):
        # «д. 178-180» is one house with two numbers, «д. 5-12» a flat.
        home = not 0 < int(double["second"]) - int(double["first"]) <= 4
    tail = _TAIL.match(content, stop)
    while tail is not None and tail.end() > stop:
        home = home or tail["flat"] is not None
        stop = tail.end()
        tail = _TAIL.match(content, stop)
    head = _HEAD.search(before)
    if head is not None:
        start, home = start - len(head[0]), True
        stop += content.startswith(")", stop)
    if home and (index := _INDEX.search(content, max(0, start - 10), start)):
        start = index.start()
    return place._replace(start=start, stop=stop, home=home)


def personal(content: str, place: Place, keep: Keep) -> Span | None:
    """Give what of an address is personal.

    Parameters
    ----------
    content
        The folded text.
    place
        An address in it.
    keep
        "house": only homes, down to the flat, are personal. "street": the house is too.
        "municipality": so is the street.
    """
    start, stop = place.start, place.stop
    if place.home and keep == "house":
        return start, stop, "address"
    if keep == "house" or (keep == "street" and place.house is None):
        return None
    town = settlements.VILLAGE.match(content, start) if place.settlement else None
    if town is None and place.settlement:
        town = _TOWN.match(content, start)
    begin = town.end() if town and town.end() < stop else start
    begin = _MARKS.match(content, begin).end()  # type: ignore[union-attr]
    if keep == "municipality":
        return (begin, stop, "address") if place.street or place.house else None
    number = re.match(r"\d+", place.house or "")
    street = (place.street or "").split()[-1:]
    named = content.lower().find(street[0][:4], begin, stop) if street else -1
    if number is None or named < 0:
        return begin, stop, "address"
    at = content.find(number[0], named, stop)
    if at < 0:
        # «Дом 5 по улице Садовой»: the house stands before its street.
        at = content.find(number[0], start, named)
        return start, at + len(number[0]) if at >= 0 else stop, "address"
    return at, stop, "address"


_TOWN = re.compile(r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ][а-яё]+|-на-[А-ЯЁ][а-яё]+)?(?=\s?,)")
_MARKS = re.compile(r"[\s,]*")
