"""People, places, organisations and addresses in texts.

People, places and organisations are found by the NER of Natasha. Addresses are found by own rules:
small named functions in one ordered list, where the earlier rule wins; :func:`debug` shows which
rule found what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import polars as pl
import razdel

from cur_lab import columns, text
from cur_lab.columns import (
    ADDRESS,
    KIND,
    ROW,
    START,
    STOP,
    TEXT,
)

__all__ = ["addresses", "debug", "find"]

PERSON = "person"
PLACE = "place"
ORGANISATION = "organisation"
_KINDS = {"PER": PERSON, "LOC": PLACE, "ORG": ORGANISATION}

# The tagger works on one padded matrix per batch; a longer piece is cut, so that a text of a
# million characters takes no more memory than a thousand short ones.
_PIECE = 1000


def find(texts: pl.Series) -> pl.DataFrame:
    """Find people, places, organisations and addresses.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.

    Returns
    -------
    DataFrame
        Table ``spans``: one row per mention, with its kind ("person", "place", "organisation",
        "address"). An address may cover a place or a person it is named after; spans of the other
        kinds do not overlap.

    References
    ----------
    Natasha and slovnet, https://github.com/natasha/slovnet: F1 on factRuEval PER 0.96, LOC 0.92,
    ORG 0.83.
    """
    contents = text.contents(texts, where="entities.find")
    found = [
        (row, kind, start, stop, (contents[row] or "")[start:stop])
        for spans in (mentions(contents), _address_spans(contents))
        for row, kind, start, stop in spans
    ]
    frame = pl.DataFrame(found, schema=columns.SPANS.schema, orient="row")
    return frame.sort(ROW, START, STOP, KIND)


def _address_spans(contents: list[str | None]) -> Iterator[tuple[int, str, int, int]]:
    for row, content in enumerate(contents):
        for address in _addresses(content or ""):
            yield row, ADDRESS, address.start, address.stop


# --- people, places, organisations --------------------------------------------------------------


@cache
def _tagger() -> Any:
    from natasha import NewsEmbedding, NewsNERTagger

    return NewsNERTagger(NewsEmbedding())


def mentions(contents: list[str | None]) -> Iterator[tuple[int, str, int, int]]:
    """Yield row, kind, start and stop of people, places, organisations; in no order."""
    pieces = [
        (row, start, piece)
        for row, content in enumerate(contents)
        for start, piece in _pieces(content or "")
        # The tagger finds nothing where nothing is capitalised.
        if any(map(str.isupper, piece))
    ]
    if not pieces:
        return
    # Pieces of like length share a batch, so that little of it is padding; the result is the same.
    pieces.sort(key=lambda piece: len(piece[2]))
    markups = _tagger().map(piece for _, _, piece in pieces)
    for (row, start, _), markup in zip(pieces, markups, strict=True):
        for span in markup.spans:
            yield row, _KINDS[span.type], start + span.start, start + span.stop


def _pieces(content: str) -> Iterator[tuple[int, str]]:
    """Cut a text between sentences into pieces of at most ``_PIECE`` characters, or nearly so."""
    if len(content) <= _PIECE:
        yield 0, content
        return
    start = stop = 0
    # Sentence by sentence would cost more than the whole: they are packed into pieces.
    for sentence in _sentences(content):
        if sentence[1] - start > _PIECE and stop > start:
            yield start, content[start:stop]
            start = sentence[0]
        stop = sentence[1]
    if stop > start:
        yield start, content[start:stop]


def _sentences(content: str) -> Iterator[tuple[int, int]]:
    for sentence in razdel.sentenize(content):
        start = sentence.start
        while sentence.stop - start > _PIECE:
            # A sentence without end is cut at a space, or anywhere if it has none.
            space = content.rfind(" ", start + 1, start + _PIECE)
            stop = space if space > 0 else start + _PIECE
            yield start, stop
            start = stop
        yield start, sentence.stop


# --- addresses ----------------------------------------------------------------------------------


def addresses(texts: pl.Series) -> pl.DataFrame:
    """Find addresses: inflected, abbreviated, in lower case, without commas.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.

    Returns
    -------
    DataFrame
        Table ``addresses``: one row per mention, spans do not overlap. ``settlement``, ``street``,
        ``house`` and ``flat`` are null where they are not named. ``address`` is a key in which two
        spellings of one house meet («на улице Ленина, дом 5», «ул ленина 5»). It names neither
        the settlement, which people leave out, nor the flat: group by municipality and address.

    Examples
    --------
    >>> found = addresses(pl.Series(["г. Курск, ул.Харьковская,д.14, кв 3", "на Харьковской 14"]))
    >>> found["address"].to_list()
    ['улица харьковская, 14', 'улица харьковская, 14']
    """
    rows = [
        (
            row,
            address.start,
            address.stop,
            content[address.start : address.stop],
            address.settlement,
            address.street,
            address.house,
            address.flat,
            address.key,
        )
        for row, content in enumerate(text.contents(texts, where="entities.addresses"))
        if content
        for address in _addresses(content)
    ]
    return pl.DataFrame(rows, schema=columns.ADDRESSES.schema, orient="row")


def debug(content: str) -> pl.DataFrame:
    """Show every address the rules propose for one text, kept or covered by an earlier rule.

    Returns
    -------
    DataFrame
        ``rule``, ``start``, ``stop``, ``text``, ``address``, ``kept``, in the order of the rules.
    """
    kept = set(_addresses(content))
    rows = [
        (
            rule.__name__.lstrip("_"),
            address.start,
            address.stop,
            content[address.start : address.stop],
            address.key,
            _settled(content, address) in kept,
        )
        for rule in _RULES
        for address in rule(content)
    ]
    schema = {
        "rule": pl.String,
        START: pl.Int64,
        STOP: pl.Int64,
        TEXT: pl.String,
        ADDRESS: pl.String,
        "kept": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


@dataclass(frozen=True, slots=True)
class _Address:
    start: int
    stop: int
    kind: str = ""
    name: str = ""
    house: str | None = None
    flat: str | None = None
    settlement: str | None = None

    @property
    def street(self) -> str | None:
        return f"{self.kind} {self.name}" if self.name else None

    @property
    def key(self) -> str:
        street = f"{self.kind} {_short(self.name)}" if self.name else ""
        place = street or (self.settlement or "").lower().replace("ё", "е")
        return ", ".join(part for part in (place, self.house) if part)


def _addresses(content: str) -> list[_Address]:
    found: list[_Address] = []
    for rule in _RULES:
        for address in rule(content):
            if all(address.stop <= other.start or other.stop <= address.start for other in found):
                found.append(address)
    found.sort(key=lambda address: address.start)
    return [_settled(content, address) for address in found]


# --- fragments ----------------------------------------------------------------------------------

# Kinds of streets: how they are written, abbreviations with their dot. A kind written in full is
# also a common word, so more is asked of what follows it.
_STREET_KINDS = {
    "улица": (r"ул\.?|ул-ц[аыеу]", r"улиц(?:а|ы|е|у|ей)"),
    "проспект": (r"просп\.?|пр[-. ]?к?т\.?|пр\.", r"проспект(?:а|у|е|ом)?"),
    "переулок": (r"пер\.?|пер-к", r"переул(?:ок|ка|ку|ке|ком)"),
    "бульвар": (r"б-р|бул\.", r"бульвар(?:а|у|е|ом)?"),
    "шоссе": (r"ш\.", r"шоссе"),
    "площадь": (r"пл\.", r"площад(?:ь|и|ью)"),
    "набережная": (r"наб\.", r"набережн(?:ая|ой|ую)"),
    "проезд": (r"пр-д[аеу]?", r"проезд(?:а|у|е|ом)?"),
    "тупик": (r"туп\.", r"тупик(?:а|у|е|ом)?"),
    "тракт": (r"тр-т", r"тракт(?:а|у|е|ом)?"),
    "аллея": (r"ал\.", r"алле(?:я|и|е|ю|ей)"),
    "микрорайон": (r"мкрн?\.?|ми?кр?-н[аеу]?\.?|м-н", r"микрорайон(?:а|у|е|ом)?"),
}
_MASCULINE = frozenset(
    {"проспект", "переулок", "бульвар", "проезд", "тупик", "тракт", "микрорайон"}
)
_NEUTER = frozenset({"шоссе"})

_SHORT_KIND = "|".join(short for short, _ in _STREET_KINDS.values())
_FULL_KIND = "|".join(full for _, full in _STREET_KINDS.values())
_KIND = re.compile(
    rf"(?<![а-яёa-z0-9-])(?:(?P<short>{_SHORT_KIND})|(?P<full>{_FULL_KIND}))"
    r"(?:(?<=\.)|(?![а-яё-]))",
    re.I,
)


@lru_cache(maxsize=1024)
def _kind(written: str) -> str:
    for kind, patterns in _STREET_KINDS.items():
        if any(re.fullmatch(pattern, written, re.I) for pattern in patterns):
            return kind
    raise AssertionError(written)


# What a number counts when it is not the number of a house.
_UNIT = (
    r"(?:\s*-?\s*(?:й|я|е|го|му|ый|ой|ая|ое|ти|ми|х|м)(?![а-яё])"
    r"|\s*-?\s*(?:этажн|летн|комнатн|подъездн|квартирн)"
    r"|[.:]\d"
    r"|\s*(?:%|°|лет|год|гг?\.|месяц|мес\b|недел|дн[еяй]|день|сут|час|мин|раз[а]?(?![а-яё])|челов|чел\b"
    r"|руб|р\.|тыс|млн|тонн|метр|км|см|мм|кв\.?\s*м|куб|процент|градус|этаж[еаио]|квартир[^аеу]"
    r"|подъезд[ао]|семе|дет|класс|дом|штук|шт\b|января|феврал|март|апрел|мая|июн|июл|август"
    r"|сентябр|октябр|ноябр|декабр|числ))"
)
_LETTER = r"\s?[-«\"`']?[а-гА-ГжЖaAbBcC][»\"`']?(?![а-яёa-z])(?!\.\s?\d)"
_HOUSE_NUMBER = rf"\d{{1,3}}(?!\d)(?:{_LETTER})?(?:\s?/\s?\d{{1,3}}(?!\d)(?:{_LETTER})?)?"
_HOUSE_WORD = (
    r"(?:д(?:ом(?:а|у|е|ом|ами|ах|ов)?)?|домовладени[еяю])(?![а-яё])\.?\s*(?:№|n)?\s*|№\s*"
)
_BUILDING = (
    r"(?:\s?,?\s?(?:корпус[аеу]?|корп|кор|к)\.?\s?(?P<block>\d{1,2}[а-г]?)(?![\dа-яё]))?"
    r"(?:\s?,?\s?(?:строение|стр|лит(?:ера?)?)\.?\s?(?P<part>\d{1,2}|[а-г](?![а-яё])))?"
)
_WAY_IN = r"(?:\s?,?\s?(?:подъезд|под|п)\.?\s?№?\s?\d{1,2}|\s?,?\s?\d{1,2}\s(?:подъезд|этаж))?"
_FLAT = (
    r"(?:\s?,?\s?(?:кв(?:артир[аыеу]|-р[аыеу])?(?![а-яё])\.?\s?(?:№\s?)?|(?<=\d)[ ]?-[ ]?)"
    r"(?P<flat>\d{1,4})(?!\d|\s?м\b|\s?кв|\s?-?\s?этаж))?"
)
_HOUSE = re.compile(
    rf"\s?[,.]?\s?(?P<word>{_HOUSE_WORD})?(?P<house>{_HOUSE_NUMBER})(?!{_UNIT})"
    rf"{_BUILDING}{_WAY_IN}{_FLAT}",
    re.I,
)
_NAME_WORD = re.compile(r"\s?([А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*)")
_ORDINAL = re.compile(r"\s?(\d{1,2})\s?-?\s?(?:я|й|ая|ый|ой|ую|го|му|ом|ей)(?![а-яё])", re.I)
_YEARS = re.compile(
    r"\s?(\d{1,3})\s?(?:-?ти\s)?\s?(лет|летия|марта|мая|января|августа)(?![а-яё])", re.I
)
_INITIALS = re.compile(r"\s?(?:(?:[А-ЯЁ]\.\s?){1,2}|им\.?\s|имени\s)")

_NUMBERED = re.compile(r"\s(\d{1,3})-?\s?(?:й|я|ой|го)\s([А-ЯЁ][а-яё]+)")

_RANKS = frozenset(
    {"адмирала", "академика", "генерала", "героя", "доктора", "капитана", "князя", "комиссара"}
    | {"космонавта", "летчика", "лейтенанта", "майора", "маршала", "полковника", "профессора"}
    | {"сержанта", "святого", "братьев", "писателя", "художника"}
)
_NAME_ENDINGS = (
    *(
        "а",
        "я",
        "ы",
        "и",
        "ь",
        "ой",
        "ей",
        "ую",
        "юю",
        "ый",
        "ий",
        "ого",
        "его",
        "ых",
        "их",
        "ов",
        "ев",
    ),
    *("ому", "ому", "ому", "ко", "во", "но"),
)


def _house(content: str, place: int) -> re.Match[str] | None:
    return _HOUSE.match(content, place)


def _with_house(address: _Address, house: re.Match[str] | None) -> _Address:
    if house is None:
        return address
    stop, flat = house.end(), house["flat"]
    if flat and _SEVERAL.match(house["word"] or "") and "кв" not in house[0].lower():
        # «Дома 1-3» are three houses, «дом 1-3» is a house and a flat.
        stop, flat = house.end("house"), None
    return replace(address, stop=stop, house=_house_number(house), flat=flat)


_SEVERAL = re.compile(r"дом(?:а|ов|ам|ах)(?![а-яё])", re.I)


def _house_number(house: re.Match[str]) -> str:
    """Write one way: «5 А» and «5-а» as 5а, «5 корп. 2» as 5к2, «5, строение 1» as 5с1."""
    number = re.sub(r"[\s«»\"`'-]", "", house["house"].lower())
    number = number.translate(str.maketrans("abc", "авс"))
    block = f"к{house['block'].lower()}" if house["block"] else ""
    part = f"с{house['part'].lower()}" if house["part"] else ""
    return number + block + part


def _street_name(content: str, place: int, *, trusted: bool) -> tuple[str, int]:
    """Read the name of a street from a place on.

    ``trusted`` says that a street surely follows (an abbreviation stands before), so that a name in
    lower case will do.

    Returns
    -------
    tuple
        The name in its normal form and where it ends; an empty name if there is none.
    """
    start, words = place, []
    if number := _ORDINAL.match(content, place):
        words.append(f"{number[1]}-я")
        place = number.end()
    elif number := _YEARS.match(content, place):
        words += [number[1], number[2].lower()]
        place = number.end()
        if number[2].lower() not in ("лет", "летия"):
            return " ".join(words), place
    if initials := _INITIALS.match(content, place):
        place = initials.end()
    for _ in range(3):
        word = _NAME_WORD.match(content, place)
        if word is None or "\n" in word[0] or not _fits(word[1], words, trusted=trusted):
            break
        words.append(word[1].lower())
        place = word.end()
        if numbered := _NUMBERED.match(content, place):
            words += [f"{numbered[1]}-й", numbered[2].lower()]
            place = numbered.end()
            break
        if not _goes_on(word[1].lower()):
            break
        if initials := _INITIALS.match(content, place):
            place = initials.end()
    if not any(word[0].isalpha() for word in words):
        return "", start
    return " ".join(words), place


def _fits(word: str, before: list[str], *, trusted: bool) -> bool:
    lower = word.lower()
    if _KIND.fullmatch(word) or len(word) < 3 or lower in _NOT_NAMES:
        return False
    if word[0].isupper():
        return True
    # A word in lower case is a name after an abbreviation («ул ленина»), or after a capitalised or
    # numbered one («Красной армии», «1-я строительная»).
    if before:
        return _has(lower, "NOUN", "gent") or _has(lower, "ADJF")
    return trusted and lower.endswith(_NAME_ENDINGS)


_NOT_NAMES = frozenset(
    {"возле", "где", "города", "дом", "дома", "домам", "доме", "домов", "здравствуйте", "или"}
    | {"квартира", "когда", "мы", "напротив", "области", "около", "она", "они", "подъезд"}
    | {"посёлка", "просим", "прошу", "района", "села", "улица", "улицы"}
)


@lru_cache(maxsize=16384)
def _goes_on(word: str) -> bool:
    """Tell whether a word calls for another one: a rank, a first name, an adjective."""
    if word in _RANKS or word[0].isdigit():
        return True
    return _has(word, "Name") or (
        _has(word, "ADJF") and not word.endswith(("ая", "ого", "его", "ский"))
    )


# Endings of adjectives in the gender of their street, beside the nominative they are brought to.
_FEMININE_ENDINGS = {"ая": "ая", "ой": "ая", "ую": "ая", "яя": "яя", "ней": "няя", "юю": "яя"}
_MASCULINE_ENDINGS = {"ый": "ый", "ий": "ий", "ому": "ый", "ему": "ий", "ом": "ый", "ем": "ий"}
_GENITIVE_ENDINGS = {"ого": "ый", "его": "ий"}


def _normal_name(name: str, kind: str, *, before_kind: bool = False) -> str:
    """Put a name into one form; a name in the genitive («Ленина», «Победы») is one already."""
    words = name.replace("ё", "е").split()
    if number := re.fullmatch(r"(\d+)-\w+", words[0]):
        words[0] = f"{number[1]}-{'й' if kind in _MASCULINE else 'я'}"
    endings = _FEMININE_ENDINGS
    if kind in _MASCULINE or kind in _NEUTER:
        # «Проспект Маяковского» is a surname, «Ленинского проспекта» an adjective.
        endings = _MASCULINE_ENDINGS | (_GENITIVE_ENDINGS if before_kind else {})
    if _adjective(words[-1], tuple(endings.items()), kind) is None:
        return " ".join(words)
    return " ".join(_adjective(word, tuple(endings.items()), kind) or word for word in words)


@lru_cache(maxsize=16384)
def _adjective(word: str, endings: tuple[tuple[str, str], ...], kind: str) -> str | None:
    """Put an adjective into the nominative: «Харьковской» → «харьковская»."""
    for ending, nominative in endings:
        stem = word.removesuffix(ending)
        if stem != word and (stem.endswith("ск") or _has(word, "ADJF")):
            if kind in _NEUTER:
                return stem + ("ее" if nominative == "ий" and stem[-1] not in "кгх" else "ое")
            return stem + ("ий" if nominative == "ый" and stem[-1] in "кгх" else nominative)
    return None


@lru_cache(maxsize=16384)
def _short(name: str) -> str:
    """Leave out of a name what people leave out: «генерала Карла Маркса» → «маркса»."""
    words = name.split()
    kept = [word for word in words[:-1] if word not in _RANKS and not _has(word, "Name")]
    return " ".join([*kept, words[-1]])


def _has(word: str, *grammemes: str) -> bool:
    return any(parse.tag.grammemes.issuperset(grammemes) for parse in text.parses(word))


_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"})


def _is_common_noun(word: str) -> bool:
    return any(
        parse.is_known and parse.tag.POS == "NOUN" and parse.tag.grammemes.isdisjoint(_PROPER)
        for parse in text.parses(word)
    )


# --- rules --------------------------------------------------------------------------------------


def _house_of_street(content: str) -> Iterator[_Address]:
    """«Дом №37 по улице Болговка»."""
    for match in _HOUSE_OF.finditer(content):
        for address in _kind_then_name(content, match.end(), once=True):
            if address.house is None and not content[match.end() : address.start].strip():
                yield replace(address, start=match.start(), house=_house_number(match))


_HOUSE_OF = re.compile(
    rf"(?<![а-яё])(?:{_HOUSE_WORD})(?P<house>{_HOUSE_NUMBER})(?!{_UNIT}){_BUILDING}"
    r"\s(?:по|на)\s(?=[а-я])",
    re.I,
)


def _name_then_kind(content: str) -> Iterator[_Address]:
    """«Ленинский проспект, 12», «2-й Весенний пр-д д.22», «на Сумской улице»."""
    for match in _NAME_KIND.finditer(content):
        kind = _kind(match["kind"])
        number = re.match(r"\d+", match["number"] or "")
        name = f"{number[0]}-я {match['name']}" if number else match["name"]
        name = _normal_name(name.lower(), kind, before_kind=True)
        address = _Address(match.start(), match.end(), kind, name)
        house = _house(content, match.end())
        follower = _NAME_WORD.match(content, match.end())
        # «По Садовой ул. Ленина» has no comma: a name that follows takes the kind.
        if house is None and follower and follower[1][0].isupper() and match["kind"][-1] == ".":
            continue
        yield _with_house(address, house)


_NAME_KIND = re.compile(
    r"(?<![а-яёА-ЯЁ\d-])(?P<number>\d{1,2}\s?-?(?:[йя]|ый|ой|ая|му|го|ом)\s)?"
    r"(?P<name>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+)*(?:ий|ый|ой|ая|яя|ую|ое|ее|ого|его|ому|ему|ом))"
    rf"\s(?P<kind>(?i:{_SHORT_KIND}|{_FULL_KIND}))(?![а-яё-])"
)


def _kind_then_name(content: str, place: int = 0, *, once: bool = False) -> Iterator[_Address]:
    """«Ул.Харьковская,д.14», «на улице Ленина, дом 5», «мкр. Волокно, 3»."""
    matches = [_KIND.match(content, place)] if once else _KIND.finditer(content, place)
    for match in matches:
        if match is None:
            continue
        trusted = match["short"] is not None
        kind = _kind(match[0])
        name, stop = _street_name(content, match.end(), trusted=trusted)
        house = None
        if not name and not trusted:
            # In full and in lower case («на улице ленина 5»): only with a house number behind it.
            name, stop = _street_name(content, match.end(), trusted=True)
            house = _house(content, stop) if name else None
            if house is None:
                continue
        if name:
            address = _Address(match.start(), stop, kind, _normal_name(name, kind))
            yield _with_house(address, house or _house(content, stop))


def _name_then_house(content: str) -> Iterator[_Address]:
    """«По Ленина 5», «К.Маркса, д. 65», «на Харьковской 14»."""
    for match in _BARE_NAME.finditer(content):
        name = match["name"]
        house = _house(content, match.end())
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
        address = _Address(start, match.end(), "улица", _normal_name(name.lower(), "улица"))
        yield _with_house(address, house)


_BARE_NAME = re.compile(
    r"(?<![а-яёА-ЯЁ-])(?P<initials>(?:[А-ЯЁ]\.\s?){1,2})?"
    r"(?P<name>[А-ЯЁа-яё]?[а-яё]{2,}(?:-[А-ЯЁ]?[а-яё]+)?)"
    rf"(?=\s?[,.]?\s?(?i:{_HOUSE_WORD})?\d)"
)
_END_OF_HOUSE = re.compile(r"\s*(?:$|[,.;:!?)\n»\"]|[а-яё])", re.I)


def _ends(content: str, place: int) -> bool:
    return _END_OF_HOUSE.match(content, place) is not None


@lru_cache(maxsize=16384)
def _street_like(name: str) -> bool:
    """Tell whether a bare word is a street: a surname in the genitive, or «Харьковская»."""
    lower = name.lower()
    if lower.endswith(("ская", "ской", "скую")):
        return name[0].isupper()
    surname = lower.endswith(("ского", "цкого", "ова", "ева", "ёва", "ина", "ына", "кса", "нзе"))
    return surname and not _is_common_noun(lower) and not _has(lower, "Geox")


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
    return lower.endswith(_NAME_ENDINGS) and lower not in _NOT_NAMES and not _KIND.fullmatch(name)


def _settlement_then_house(content: str) -> Iterator[_Address]:
    """«Деревня Ивановка, дом 5»: a village without streets."""
    for match in _VILLAGE.finditer(content):
        house = _house(content, match.end())
        if house is not None and house["word"]:
            settlement = _settlement_name(match["settlement"])
            address = _Address(match.start(), match.end(), settlement=settlement)
            yield _with_house(address, house)


def _house_and_flat(content: str) -> Iterator[_Address]:
    """«Дом 5, кв. 12»: a flat without a street is still somebody's home."""
    for word in _HOUSE_WORDS.finditer(content):
        house = _house(content, word.start())
        if house is not None and house["flat"] and "кв" in house[0].lower():
            yield _with_house(_Address(word.start(), word.end()), house)


_HOUSE_WORDS = re.compile(rf"(?<![а-яёa-z\d])(?:{_HOUSE_WORD})(?=\d)", re.I)


_RULES: list[Callable[[str], Iterator[_Address]]] = [
    _house_of_street,
    _name_then_kind,
    _kind_then_name,
    _settlement_then_house,
    _name_then_house,
    _house_and_flat,
]


# --- settlements --------------------------------------------------------------------------------

_SETTLEMENT_KIND = (
    r"(?:г|гор|город(?:а|у|е|ом)?|с|сел[оаеу]|д|дер|деревн[яиею]|п|пос|пос[её]л(?:ок|ка|ке|ку)"
    r"|пгт|рп|р\.\s?п|х|хутор(?:а|е|у)?|ст|станиц[аыеу]|ст-ц[аыеу]|сл|слобод[аыеу])"
)
_SETTLEMENT_NAME = r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ][а-яё]+|-на-[А-ЯЁ][а-яё]+)?"
_VILLAGE = re.compile(
    rf"(?<![а-яёА-ЯЁ])(?P<kind>(?i:{_SETTLEMENT_KIND}))\.?\s?(?P<settlement>{_SETTLEMENT_NAME})"
)
_SETTLEMENT_BEFORE = re.compile(rf"{_VILLAGE.pattern}\s?[,.]?\s?$")
_TOWN_BEFORE = re.compile(
    rf"(?<![а-яёА-ЯЁ])(?P<kind>(?!))?(?P<settlement>{_SETTLEMENT_NAME})\s?,\s?$"
)


def _settled(content: str, address: _Address) -> _Address:
    """Add the settlement named right before an address."""
    if address.settlement is not None:
        return address
    start = max(0, address.start - 60)
    before = content[start : address.start]
    match = _SETTLEMENT_BEFORE.search(before) or _TOWN_BEFORE.search(before)
    if match is None or (match["kind"] is None and not _is_place(match["settlement"])):
        return address
    settlement = _settlement_name(match["settlement"])
    return replace(address, start=start + match.start(), settlement=settlement)


def _is_place(name: str) -> bool:
    return all(_has(word.lower(), "Geox") for word in re.split("[- ]", name))


@lru_cache(maxsize=16384)
def _settlement_name(written: str) -> str:
    """Put a known settlement into the nominative: «Курске» → «Курск»."""
    words = []
    for word in re.split(r"([- ])", written):
        names = [parse for parse in text.parses(word.lower()) if "Geox" in parse.tag]
        words.append(names[0].normal_form.capitalize() if names else word)
    return "".join(words)
