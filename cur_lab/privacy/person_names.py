"""Rules of people's names in a telling form, and what only looks like a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cur_lab import text
from cur_lab.entities.tagger import PERSON, mentions
from cur_lab.privacy.spans import Rule, Span, matches
from cur_lab.text.readings import has

_CAPITALISED = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:(?:[оеё]в|[ьи])ич(?:а|у|ем|е)?|(?:[оеё]вн|ичн)(?:а|ы|е|у|ой|ою))"


def _initials(content: str) -> Iterator[Span]:
    """«Иванова А. П.», «А. П. Иванова»."""
    yield from matches(_INITIALS_BEFORE, content, "person")
    for match in _INITIALS_BEHIND.finditer(content):
        surname = match["surname"]
        if _is_surname(surname) or not text.parses(surname.lower())[0].is_known:
            yield match.start(), match.end(), "person"


_INITIALS_BEFORE = re.compile(rf"(?<![а-яёА-ЯЁ])[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_CAPITALISED}")
_INITIALS_BEHIND = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?P<surname>{_CAPITALISED})\s[А-ЯЁ]\.\s?[А-ЯЁ](?:\.|(?![а-яёА-ЯЁ]))"
)


def _patronymics(content: str) -> Iterator[Span]:
    """«Иванова Мария Петровна», «Мария Петровна», «Петровна»."""
    for match in _WITH_PATRONYMIC.finditer(content):
        if not has(match["patronymic"].lower(), "Patr"):
            continue
        start, stop = match.start("patronymic"), match.end("patronymic")
        if match["first"]:
            start = match.start("first")
            # The word before is a surname, or begins the sentence: «Уважаемый Иван Петрович».
            if match["before"] and _is_surname(match["before"]):
                start = match.start("before")
        if match["after"] and _is_surname(match["after"]):
            stop = match.end("after")
        yield start, stop, "person"


_WITH_PATRONYMIC = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?:(?:(?P<before>{_CAPITALISED})[ \t]+)?(?P<first>{_CAPITALISED})[ \t]*)?"
    rf"(?<![а-яё])(?P<patronymic>{_PATRONYMIC})(?![а-яё])(?:[ \t]+(?P<after>{_CAPITALISED}))?"
)


def _lower_case_names(content: str) -> Iterator[Span]:
    """«иванова мария петровна», «мария петровна»: a patronymic after a first name."""
    for match in _LOWER_CASE_NAME.finditer(content):
        if has(match["first"].lower(), "Name") and has(match["patronymic"].lower(), "Patr"):
            surname = match["before"] and _is_surname(match["before"])
            yield match.start("before" if surname else "first"), match.end(), "person"


_LOWER_CASE_NAME = re.compile(
    r"(?<![а-яё-])(?:(?P<before>[а-яё]{3,})[ \t]+)?(?P<first>[а-яё]{3,})[ \t]+"
    r"(?P<patronymic>[а-яё]+(?:[ьи]ич|[оеё]вич|[оеё]вн|ичн)(?:а|у|ем|е|ы|ой|ою)?)(?![а-яё])"
)


def _signatures(content: str) -> Iterator[Span]:
    """«С уважением, Мария», «меня зовут Иван Петров»."""
    for match in _SIGNED.finditer(content):
        words = match["name"].split()
        if any(has(word.lower(), "Name") or has(word.lower(), "Surn") for word in words):
            yield match.start("name"), match.end("name"), "person"


_SIGNED = re.compile(
    r"(?i:с\s+уважением|меня\s+зовут|моё имя|мое имя|подпись|фио|ф\.\s?и\.\s?о\.?)[\s,:;!.–—-]*"
    rf"(?P<name>{_CAPITALISED}(?:[ \t]+{_CAPITALISED}){{0,2}})"
)


def _full_names(content: str) -> Iterator[Span]:
    """«Мария Иванова», «Иванов Пётр»: a first name and a surname side by side."""
    for match in _TWO_CAPITALISED.finditer(content):
        left, right = match["left"], match["right"]
        if (has(left.lower(), "Name") and _is_surname(right)) or (
            _is_surname(left) and has(right.lower(), "Name")
        ):
            yield match.start("left"), match.end("right"), "person"


_TWO_CAPITALISED = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?P<left>{_CAPITALISED})(?=[ \t]+(?P<right>{_CAPITALISED}))"
)


@lru_cache(maxsize=65536)
def _is_surname(word: str) -> bool:
    return any(
        "Surn" in parse.tag.grammemes and (parse.is_known or parse.score >= 0.1)
        for parse in text.parses(word.lower())
    )


_CAPITAL = r"[А-ЯЁ]"
RULES = [
    Rule(_initials, rf"{_CAPITAL}\."),
    Rule(_patronymics, r"(?:[оеё]в|[ьи])ич|(?:[оеё]вн|ичн)"),
    Rule(_lower_case_names, r"(?:[оеё]в|[ьи])ич|(?:[оеё]вн|ичн)"),
    Rule(_signatures, r"(?i)уваж|зовут|мо[её] имя|подпись|фио|ф\. ?и"),
    Rule(_full_names, rf"{_CAPITAL}[а-яё]+[ \t]+{_CAPITAL}[а-яё]"),
]


def tagged(texts: Sequence[str]) -> Iterator[tuple[int, Span]]:
    """Find people by NER."""
    for row, kind, start, stop in mentions(list(texts)):
        if kind == PERSON and may_be_name(texts[row][start:stop]):
            yield row, (start, stop, kind)


def may_be_name(mention: str) -> bool:
    """Turn away a single word that can be no name: «Почему», «Вакцинировался»."""
    if not mention.isalpha() or not text.parses(mention.lower())[0].is_known:
        return True
    return has(mention.lower(), "NOUN") or has(mention.lower(), "ADJF")


def without_namesakes(content: str, spans: list[Span], public: list[Span]) -> list[Span]:
    """Leave out people who gave their name to a place: «улица Ленина», «парк им. Гагарина»."""
    return [
        (start, stop, kind)
        for start, stop, kind in spans
        if kind != "person"
        or not (
            any(start < end and begin < stop for begin, end, _ in public)
            or _NAMED_AFTER.search(content, max(0, start - 25), start)
        )
    ]


_NAMED_AFTER = re.compile(
    r"(?<![а-яё])(?:им\.|имени|ул\.?|улиц\w+|площад\w+|пл\.|проспект\w*|пр-т\w?|пер\."
    r"|переул\w+|бульвар\w*"
    r"|памятник\w*|парк\w*|сквер\w*|мкр\.?|микрорайон\w*|ост\.|остановк\w+)\s?[«\"]?$",
    re.I,
)
