"""How houses, their parts and flats are written."""

from __future__ import annotations

import re
from dataclasses import replace

from cur_lab.entities.address import Address

# What a number counts when it is not the number of a house.
UNIT = (
    r"(?:\s*-?\s*(?:й|я|е|го|му|ый|ой|ая|ое|ти|ми|х|м)(?![а-яё])"
    r"|\s*-?\s*(?:этажн|летн|комнатн|подъездн|квартирн)"
    r"|[.:]\d"
    r"|\s*(?:%|°|лет|год|гг?\.|месяц|мес\b|недел|дн[еяй]|день|сут|час|мин|раз[а]?(?![а-яё])|челов|чел\b"
    r"|руб|р\.|тыс|млн|тонн|метр|км|см|мм|кв\.?\s*м|куб|процент|градус|этаж[еаио]|квартир[^аеу]"
    r"|подъезд[ао]|семе|дет|класс|дом|штук|шт\b|января|феврал|март|апрел|мая|июн|июл|август"
    r"|сентябр|октябр|ноябр|декабр|числ))"
)
_LETTER = r"\s?[-«\"`']?[а-гА-ГжЖaAbBcC][»\"`']?(?![а-яёa-z])(?!\.\s?\d)"
HOUSE_NUMBER = rf"\d{{1,3}}(?!\d)(?:{_LETTER})?(?:\s?/\s?\d{{1,3}}(?!\d)(?:{_LETTER})?)?"
HOUSE_WORD = r"(?:д(?:ом(?:а|у|е|ом|ами|ах|ов)?)?|домовладени[еяю])(?![а-яё])\.?\s*(?:№|n)?\s*|№\s*"
BUILDING = (
    r"(?:\s?,?\s?(?:корпус[аеу]?|корп|кор|к)\.?\s?(?P<block>\d{1,2}[а-г]?)(?![\dа-яё]))?"
    r"(?:\s?,?\s?(?:строение|стр|лит(?:ера?)?)\.?\s?(?P<part>\d{1,2}|[а-г](?![а-яё])))?"
)
_WAY_IN = r"(?:\s?,?\s?(?:подъезд|под|п)\.?\s?№?\s?\d{1,2}|\s?,?\s?\d{1,2}\s(?:подъезд|этаж))?"
_FLAT = (
    r"(?:\s?,?\s?(?:кв(?:артир[аыеу]|-р[аыеу])?(?![а-яё])\.?\s?(?:№\s?)?|(?<=\d)[ ]?-[ ]?)"
    r"(?P<flat>\d{1,4})(?!\d|\s?м\b|\s?кв|\s?-?\s?этаж))?"
)
_HOUSE = re.compile(
    rf"\s?[,.]?\s?(?P<word>{HOUSE_WORD})?(?P<house>{HOUSE_NUMBER})(?!{UNIT})"
    rf"{BUILDING}{_WAY_IN}{_FLAT}",
    re.I,
)


def house_at(content: str, place: int) -> re.Match[str] | None:
    """Match a house with its parts and flat at a place."""
    return _HOUSE.match(content, place)


def with_house(address: Address, house: re.Match[str] | None) -> Address:
    """Add a matched house to an address."""
    if house is None:
        return address
    stop, flat = house.end(), house["flat"]
    if flat and _SEVERAL.match(house["word"] or "") and "кв" not in house[0].lower():
        # «Дома 1-3» are three houses, «дом 1-3» is a house and a flat.
        stop, flat = house.end("house"), None
    return replace(address, stop=stop, house=house_number(house), flat=flat)


_SEVERAL = re.compile(r"дом(?:а|ов|ам|ах)(?![а-яё])", re.I)


def house_number(house: re.Match[str]) -> str:
    """Write one way: «5 А» and «5-а» as 5а, «5 корп. 2» as 5к2, «5, строение 1» as 5с1."""
    number = re.sub(r"[\s«»\"`'-]", "", house["house"].lower())
    number = number.translate(str.maketrans("abc", "авс"))
    block = f"к{house['block'].lower()}" if house["block"] else ""
    part = f"с{house['part'].lower()}" if house["part"] else ""
    return number + block + part
