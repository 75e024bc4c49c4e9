"""How streets are named: their kinds, the name in its normal form and its short one."""

from __future__ import annotations

import re
from functools import lru_cache

from cur_lab.text.readings import has

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

SHORT_KIND = "|".join(short for short, _ in _STREET_KINDS.values())
FULL_KIND = "|".join(full for _, full in _STREET_KINDS.values())
KIND = re.compile(
    rf"(?<![а-яёa-z0-9-])(?:(?P<short>{SHORT_KIND})|(?P<full>{FULL_KIND}))"
    r"(?:(?<=\.)|(?![а-яё-]))",
    re.I,
)


@lru_cache(maxsize=1024)
def kind_of(written: str) -> str:
    """Name the kind of street that an abbreviation or an inflected form stands for."""
    for kind, patterns in _STREET_KINDS.items():
        if any(re.fullmatch(pattern, written, re.I) for pattern in patterns):
            return kind
    raise AssertionError(written)


NAME_WORD = re.compile(r"\s?([А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*)")
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
NAME_ENDINGS = (
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


def street_name(content: str, place: int, *, trusted: bool) -> tuple[str, int]:
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
        word = NAME_WORD.match(content, place)
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
    if KIND.fullmatch(word) or len(word) < 3 or lower in NOT_NAMES:
        return False
    if word[0].isupper():
        return True
    # A word in lower case is a name after an abbreviation («ул ленина»), or after a capitalised or
    # numbered one («Красной армии», «1-я строительная»).
    if before:
        return has(lower, "NOUN", "gent") or has(lower, "ADJF")
    return trusted and lower.endswith(NAME_ENDINGS)


NOT_NAMES = frozenset(
    {"возле", "где", "города", "дом", "дома", "домам", "доме", "домов", "здравствуйте", "или"}
    | {"квартира", "когда", "мы", "напротив", "области", "около", "она", "они", "подъезд"}
    | {"посёлка", "просим", "прошу", "района", "села", "улица", "улицы"}
)


@lru_cache(maxsize=16384)
def _goes_on(word: str) -> bool:
    """Tell whether a word calls for another one: a rank, a first name, an adjective."""
    if word in _RANKS or word[0].isdigit():
        return True
    return has(word, "Name") or (
        has(word, "ADJF") and not word.endswith(("ая", "ого", "его", "ский"))
    )


# Endings of adjectives in the gender of their street, beside the nominative they are brought to.
_FEMININE_ENDINGS = {"ая": "ая", "ой": "ая", "ую": "ая", "яя": "яя", "ней": "няя", "юю": "яя"}
_MASCULINE_ENDINGS = {"ый": "ый", "ий": "ий", "ому": "ый", "ему": "ий", "ом": "ый", "ем": "ий"}
_GENITIVE_ENDINGS = {"ого": "ый", "его": "ий"}


def normal_name(name: str, kind: str, *, before_kind: bool = False) -> str:
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
        if stem != word and (stem.endswith("ск") or has(word, "ADJF")):
            if kind in _NEUTER:
                return stem + ("ее" if nominative == "ий" and stem[-1] not in "кгх" else "ое")
            return stem + ("ий" if nominative == "ый" and stem[-1] in "кгх" else nominative)
    return None


@lru_cache(maxsize=16384)
def short(name: str) -> str:
    """Leave out of a name what people leave out: «генерала Карла Маркса» → «маркса»."""
    words = name.split()
    kept = [word for word in words[:-1] if word not in _RANKS and not has(word, "Name")]
    return " ".join([*kept, words[-1]])
