"""Passports, certificates, insurance accounts (СНИЛС), tax numbers (ИНН), medical policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy import checksums
from cur_lab.privacy.spans import Rule, Span, digits_of, matches


def _passports(content: str) -> Iterator[Span]:
    """«38 12 123456», «паспорт 3812123456», «серия 3812, номер 123456»."""
    yield from matches(_PASSPORT, content, "document")
    yield from matches(_NAMED_PASSPORT, content, "document", group="number")
    yield from matches(_IN_PARTS, content, "document", group="number")


_NUMBER_WORD = r"(?:№|N|номер|ном\.?|н\.)"
_PASSPORT = re.compile(
    rf"(?<![\d.,/-])(?<!\d )(?:\d{{2}}[ -]\d{{2}}|\d{{4}})(?: {_NUMBER_WORD} ?"
    rf"| ?{_NUMBER_WORD} ?| )\d{{6}}(?![\d-])"
)
_NAMED_PASSPORT = re.compile(
    r"(?<![а-яё])(?:загран[а-яё]*|паспорт[а-яё]*|пасп\.|п-т|п/п|сери[яию]|сер\.|с\.|удостоверя[а-яё]+"
    r"|вод[а-яё]* удостоверени[а-яё]+|в/у)"
    r"[^\d\n]{0,30}?(?P<number>\d{2} ?[ .-]? ?\d{2}[ .,;/_-]{0,3}"
    rf"{_NUMBER_WORD}?[: ]{{0,2}}\d{{6}}|\d{{2}} ?{_NUMBER_WORD}? ?\d{{7}})(?!\d)",
    re.I,
)


# «Серия паспорта 3812, номер паспорта 123456».
_IN_PARTS = re.compile(
    r"(?<![а-яё])сери[яию][^\d\n]{0,20}(?P<number>\d{2} ?\d{2}[^\d\n]{1,25}?\d{6})(?!\d)", re.I
)


def _certificates(content: str) -> Iterator[Span]:
    """«IV-ЖТ № 123456» of a birth; a certificate or permit after its name."""
    yield from matches(_CERTIFICATE, content, "document")
    yield from matches(_NAMED_DOCUMENT, content, "document", group="number")


_CERTIFICATE = re.compile(r"(?<!\w)[IVXХ1]{1,5} ?- ?[А-Я]{2} ?(?:№|N)? ?\d{6}(?!\d)")
_NAMED_DOCUMENT = re.compile(
    r"(?<![а-яё])(?:паспорт[а-яё]*|удостоверени[а-яё]+|свидетельств[а-яё]+ о (?:рожд|брак|смерт)\w+"
    r"|военн[а-яё]+ билет[а-яё]*)"
    r"[^\d\n]{0,25}?(?P<number>(?:[А-ЯIVX-]{1,6} ?(?:№|N)? ?)?\d[\d №N-]{4,22}\d)(?!\d)",
    re.I,
)


def _insured(content: str) -> Iterator[Span]:
    """«123-456-789 01», bare after the word or by its control number."""
    for match in _SNILS.finditer(content):
        grouped = match[0][3:4] == match[0][7:8] == "-"
        named = _SNILS_WORD.search(content, max(0, match.start() - 40), match.start())
        named = named or _SNILS_BEHIND.match(content, match.end())
        if named or grouped or (_is_bare(content, match) and checksums.snils(digits_of(match[0]))):
            yield match.start(), match.end(), "document"


_SNILS = re.compile(r"(?<![\d.,/+-])\d{3}([-. ]?)\d{3}\1\d{3}[-. /]{0,2}\d{2}(?![\d-])")
_SNILS_WORD = re.compile(r"снилс|страхов|пенсионн", re.I)
_SNILS_BEHIND = re.compile(r"[ ,(-]{1,3}(?:это )?(?:мой )?снилс", re.I)


def _is_bare(content: str, match: re.Match[str]) -> bool:
    # Of eleven digits in a row one in a hundred passes the check: phones start with 7, 8 or 9.
    return match[0][0] not in "789" and not content[: match.start()].rstrip().endswith("№")


def _taxpayers(content: str) -> Iterator[Span]:
    """Twelve digits with the control digits of a person's tax number, or after the word."""
    for match in _INN.finditer(content):
        number = digits_of(match[0])
        named = _INN_WORD.search(content, max(0, match.start() - 30), match.start())
        sure = checksums.inn(number) and (named or number == match[0])
        if len(number) == 12 and (sure or (named and number == match[0])):
            yield match.start(), match.end(), "document"


_INN = re.compile(
    r"(?<!\d)(?<!\d-)\d{3,4}(?P<mark>[ -]?)\d{2,4}(?:(?P=mark)\d{2,4}){1,2}(?<=\d)(?![\d-])"
)
_INN_WORD = re.compile(
    r"(?<![а-яё])(?:и\.?н\.?н\.?|налогов[а-яё]+ номер|идентификационн[а-яё]+ номер)[^\d\n]{0,20}$",
    re.I,
)


def _policies(content: str) -> Iterator[Span]:
    """Sixteen digits of a medical policy after its name; not the insurer's own number."""
    for match in _POLICY.finditer(content):
        if not checksums.ogrn(match["number"]):
            yield match.start("number"), match.end("number"), "document"


_POLICY = re.compile(
    r"(?<![а-яё])(?:мед)?(?:полис[а-яё]*|омс|енп)[^\d\n]{0,40}?"
    r"(?P<number>\d[\d №N-]{4,22}\d)(?!\d)",
    re.I,
)


def _entrepreneurs(content: str) -> Iterator[Span]:
    """Fifteen digits of a person in the register of entrepreneurs; a firm's thirteen are public."""
    for match in _OGRNIP.finditer(content):
        if checksums.ogrn(match[0]):
            yield match.start(), match.end(), "document"


_OGRNIP = re.compile(r"(?<!\d)3\d{14}(?!\d)")


def _announced(content: str) -> Iterator[Span]:
    """«снилс 123/456/789/01»: as many digits as its name says, whatever marks are between."""
    for pattern in _ANNOUNCED:
        yield from matches(pattern, content, "document", group="number")


_BETWEEN = r"[ .,;:/\\_|~\n-]{0,3}"
_ANNOUNCED = [
    re.compile(
        rf"(?<![а-яё]){word}[^\d\n]{{0,20}}(?P<number>\d(?:{_BETWEEN}\d){{{digits - 1}}})(?!\d)",
        re.I,
    )
    for word, digits in (
        (r"с ?н ?и ?л ?с[а-яё]*", 11),
        (r"и\.?н\.?н[а-яё.]*", 12),
        (r"(?:полис[а-яё]*|омс|енп)", 16),
    )
]

_SIX = r"\d{6}"
RULES = [
    Rule(
        _passports, rf"\d{{2}} ?[ -]? ?\d{{2}}.{{0,12}}{_SIX}|(?i)пасп|загран|п-т|в/у|сери|удостов"
    ),
    Rule(
        _certificates,
        rf"[А-Я]{{2}} ?(?:№|N)? ?{_SIX}|(?i)(?:паспорт|удостовер|свидетельств|военн)[^\d\n]*\d",
    ),
    Rule(_insured, r"\d{3}[-. ]?\d{3}[-. ]?\d{3}[-. /]{0,2}\d{2}"),
    Rule(_taxpayers, r"\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}|\d{4}[ -]\d{4}[ -]\d{4}|\d{2}[ -]\d{2}"),
    Rule(_policies, r"(?i)(?:полис|омс|енп)[^\d\n]*\d"),
    Rule(_entrepreneurs, r"3\d{14}"),
    Rule(_announced, r"(?i)(?:с ?н ?и ?л ?с|и\.?н\.?н|полис|омс|енп)[^\d\n]*\d"),
]
