"""The rules that find addresses: small named functions; the earlier one wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import polars as pl

from cur_lab import text
from cur_lab.entities import house_numbers as houses
from cur_lab.entities import settlements
from cur_lab.entities import street_names as streets
from cur_lab.entities.address import Address
from cur_lab.text.readings import has


def _house_of_street(content: str) -> Iterator[Address]:
    """«Дом №37 по улице Болговка»."""
    for match in _HOUSE_OF.finditer(content):
        for address in _kind_then_name(content, match.end(), once=True):
            if address.house is None and not content[match.end() : address.start].strip():
                yield replace(address, start=match.start(), house=houses.house_number(match))


_HOUSE_OF = re.compile(
    rf"(?<![а-яё])(?:{houses.HOUSE_WORD})(?P<house>{houses.HOUSE_NUMBER})(?!{houses.UNIT}){houses.BUILDING}"
    r"\s(?:по|на)\s(?=[а-я])",
    re.I,
)


def _name_then_kind(content: str) -> Iterator[Address]:
    """«Ленинский проспект, 12», «2-й Весенний пр-д д.22», «на Сумской улице»."""
    for match in _NAME_KIND.finditer(content):
        kind = streets.kind_of(match["kind"])
        number = re.match(r"\d+", match["number"] or "")
        name = f"{number[0]}-я {match['name']}" if number else match["name"]
        name = streets.normal_name(name.lower(), kind, before_kind=True)
        address = Address(match.start(), match.end(), kind, name)
        house = houses.house_at(content, match.end())
        follower = streets.NAME_WORD.match(content, match.end())
        # «По Садовой ул. Ленина» has no comma: a name that follows takes the kind.
        if house is None and follower and follower[1][0].isupper() and match["kind"][-1] == ".":
            continue
        yield houses.with_house(address, house)


_NAME_KIND = re.compile(
    r"(?<![а-яёА-ЯЁ\d-])(?P<number>\d{1,2}\s?-?(?:[йя]|ый|ой|ая|му|го|ом)\s)?"
    r"(?P<name>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+)*(?:ий|ый|ой|ая|яя|ую|ое|ее|ого|его|ому|ему|ом))"
    rf"\s(?P<kind>(?i:{streets.SHORT_KIND}|{streets.FULL_KIND}))(?![а-яё-])"
)


def _kind_then_name(content: str, place: int = 0, *, once: bool = False) -> Iterator[Address]:
    """«Ул.Харьковская,д.14», «на улице Ленина, дом 5», «мкр. Волокно, 3»."""
    matches = (
        [streets.KIND.match(content, place)] if once else streets.KIND.finditer(content, place)
    )
    for match in matches:
        if match is None:
            continue
        trusted = match["short"] is not None
        kind = streets.kind_of(match[0])
        name, stop = streets.street_name(content, match.end(), trusted=trusted)
        house = None
        if not name and not trusted:
            # In full and in lower case («на улице ленина 5»): only with a house number behind it.
            name, stop = streets.street_name(content, match.end(), trusted=True)
            house = houses.house_at(content, stop) if name else None
            if house is None:
                continue
        if name:
            address = Address(match.start(), stop, kind, streets.normal_name(name, kind))
            yield houses.with_house(address, house or houses.house_at(content, stop))


def _name_then_house(content: str) -> Iterator[Address]:
    """«По Ленина 5», «К.Маркса, д. 65», «на Харьковской 14»."""
    for match in _BARE_NAME.finditer(content):
        name = match["name"]
        house = houses.house_at(content, match.end())
        if house is None or (
            house["word"] is None
            and house["flat"] is None
            and (not _street_like(name) or not _ends(content, house.end()))
        ):
            continue
        if not _street_like(name) and not (name[0].isupper() and _may_be_street(name)):
            continue
        if (house["word"] or "").strip() == "№" and _is_counted(name.lower()):
            continue
        start = match.start("initials") if match["initials"] else match.start("name")
        address = Address(start, match.end(), "улица", streets.normal_name(name.lower(), "улица"))
        yield houses.with_house(address, house)


_BARE_NAME = re.compile(
    r"(?<![а-яёА-ЯЁ-])(?P<initials>(?:[А-ЯЁ]\.\s?){1,2})?"
    r"(?P<name>[А-ЯЁа-яё]?[а-яё]{2,}(?:-[А-ЯЁ]?[а-яё]+)?)"
    rf"(?=\s?[,.]?\s?(?i:{houses.HOUSE_WORD})?\d)"
)
_END_OF_HOUSE = re.compile(r"\s*(?:$|[,.;:!?)\n»\"]|[а-яё])", re.I)


def _ends(content: str, place: int) -> bool:
    return _END_OF_HOUSE.match(content, place) is not None


_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"})


def _is_common_noun(word: str) -> bool:
    return any(
        parse.is_known and parse.tag.POS == "NOUN" and parse.tag.grammemes.isdisjoint(_PROPER)
        for parse in text.parses(word)
    )


@lru_cache(maxsize=16384)
def _street_like(name: str) -> bool:
    """Tell whether a bare word is a street: a surname in the genitive, or «Харьковская»."""
    lower = name.lower()
    if lower.endswith(("ская", "ской", "скую")):
        return name[0].isupper()
    surname = lower.endswith(("ского", "цкого", "ова", "ева", "ёва", "ина", "ына", "кса", "нзе"))
    return surname and not _is_common_noun(lower) and not has(lower, "Geox")


@lru_cache(maxsize=16384)
def _is_counted(lower: str) -> bool:
    """Tell what has a number of its own: «водитель № 15», «гимназии № 3», «автобус № 7»."""
    likeliest = text.parses(lower)[0].tag
    counted = "NOUN" in likeliest and ("nomn" in likeliest or "anim" in likeliest)
    return counted and likeliest.grammemes.isdisjoint(_PROPER)


@lru_cache(maxsize=16384)
def _may_be_street(name: str) -> bool:
    """Tell whether a capitalised word before «д. 5» is a street: «Победы, д. 5»."""
    lower = name.lower()
    return (
        lower.endswith(streets.NAME_ENDINGS)
        and lower not in streets.NOT_NAMES
        and not streets.KIND.fullmatch(name)
    )


def _settlement_then_house(content: str) -> Iterator[Address]:
    """«Деревня Ивановка, дом 5»: a village without streets."""
    for match in settlements.VILLAGE.finditer(content):
        house = houses.house_at(content, match.end())
        if house is not None and house["word"]:
            settlement = settlements.settlement_name(match["settlement"])
            address = Address(match.start(), match.end(), settlement=settlement)
            yield houses.with_house(address, house)


def _house_and_flat(content: str) -> Iterator[Address]:
    """«Дом 5, кв. 12»: a flat without a street is still somebody's home."""
    for word in _HOUSE_WORDS.finditer(content):
        house = houses.house_at(content, word.start())
        if house is not None and house["flat"] and "кв" in house[0].lower():
            yield houses.with_house(Address(word.start(), word.end()), house)


_HOUSE_WORDS = re.compile(rf"(?<![а-яёa-z\d])(?:{houses.HOUSE_WORD})(?=\d)", re.I)


RULES: list[Callable[[str], Iterator[Address]]] = [
    _house_of_street,
    _name_then_kind,
    _kind_then_name,
    _settlement_then_house,
    _name_then_house,
    _house_and_flat,
]


def _loose(pattern: str) -> str:
    """Leave out what a pattern asks of its surroundings: polars has no words for it."""
    return re.sub(r"\(\?<?[!=][^()]*\)", "", pattern)


# What a text must have for a rule to find anything in it. Each rule takes longer to find nothing
# than all of these together.
_HOUSE = _loose(houses.HOUSE_WORD)
_KIND = f"{streets.SHORT_KIND}|{streets.FULL_KIND}"
_DOTTED = "|".join(kind for kind in streets.SHORT_KIND.split("|") if kind.endswith(r"\."))
_STREET_ENDINGS = "ская|ской|скую|ского|цкого|ова|ева|ёва|ина|ына|кса|нзе"
_NEEDED: dict[Callable[[str], Iterator[Address]], str] = {
    _house_of_street: rf"(?is)(?:{_HOUSE})\d.*\s(?:по|на)\s[а-я]",
    _name_then_kind: _loose(_NAME_KIND.pattern),
    _kind_then_name: rf"(?i)(?:^|[^а-яёa-z0-9-])(?:(?:{_KIND})(?:[^а-яё-]|$)|(?:{_DOTTED}))",
    _settlement_then_house: rf"{_loose(settlements.VILLAGE.pattern)}\s?[,.]?\s?(?i:{_HOUSE})\d",
    _name_then_house: (
        rf"(?:[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+)?|(?i:{_STREET_ENDINGS}))\s?[,.]?\s?(?i:{_HOUSE})?\d"
    ),
    _house_and_flat: rf"(?is)(?:{_HOUSE})\d.*кв",
}


def find_all(contents: Sequence[str | None]) -> list[list[Address]]:
    """Find the addresses of many texts, as :func:`find` does of each."""
    texts = pl.Series(contents, dtype=pl.String)
    wanted: list[list[Callable[[str], Iterator[Address]]]] = [[] for _ in contents]
    for rule in RULES:
        for place in texts.str.contains(_NEEDED[rule]).arg_true():
            wanted[place].append(rule)
    return [
        find(content or "", rules) if rules else []
        for content, rules in zip(contents, wanted, strict=True)
    ]


def find(
    content: str, rules: Sequence[Callable[[str], Iterator[Address]]] = RULES
) -> list[Address]:
    """Find the addresses of one text, in their order."""
    found: list[Address] = []
    for rule in rules:
        for address in rule(content):
            if all(address.stop <= other.start or other.stop <= address.start for other in found):
                found.append(address)
    found.sort(key=lambda address: address.start)
    return [settlements.settled(content, address) for address in found]
