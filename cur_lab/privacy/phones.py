"""Telephone numbers: Russian ones in any grouping, neighbours' ones, local ones after a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy import checksums
from cur_lab.privacy.spans import Rule, Span, digits_of, matches

_MARK = r"[ \-()_*\[\]]"
_NEAR = r"(?:37[345]|38[01]|99[2-68])"
_EXTENSION = r"(?:[ ,(]{0,3}(?:доб(?:авочный)?|вн(?:утр)?)[.: ]{0,2}№?\s?\d{1,6}\)?)?"


def _abroad(content: str) -> Iterator[Span]:
    """«+375 29 123-45-67», «8-10-380…»: a plus or the way out, ten to fifteen digits."""
    yield from matches(_ABROAD, content, "phone")


_ABROAD = re.compile(
    rf"(?:\+ ?|(?<![\d+])8[ -]?10[ -]?(?=[1-9]\d)|(?<!\d)00[ -]?(?={_NEAR}))"
    rf"\(?\d(?:[ \-().]{{0,3}}\d){{9,14}}(?!\d){_EXTENSION}",
    re.I,
)


def _of_eleven(content: str) -> Iterator[Span]:
    """«8 (910) 123-45-67», «89101234567», «кв.12,89101234567», «1.89101234567»."""
    seen: set[int] = set()
    for match in _ELEVEN.finditer(content):
        if _is_grouped(match["number"]) and not _is_other(content, match):
            seen.add(match.end())
            yield match.start(), match.end(), "phone"
    for pattern in (_DOTTED, _MARKED):
        for start, stop, kind in matches(pattern, content, "phone"):
            if stop not in seen:
                yield start, stop, kind


# A prefix of one digit, whatever it is where the rest is grouped as phones are: shared exports have
# the digits of phones scrambled, not their form.
_ELEVEN = re.compile(
    rf"(?<!\d)(?P<number>[78](?:{_MARK}{{0,3}}\d){{10}}"
    rf"|\d(?:{_MARK}{{1,3}}\d{{3,5}})(?:{_MARK}{{1,3}}\d{{2,4}}){{2,3}}"
    rf"|[1-9]\d{{10}})(?!\d){_EXTENSION}",
    re.I,
)
_DOTTED = re.compile(
    r"(?<!\d)(?:\+?\d[. ])?\(?[3489]\d\d\)?[. ]\d{3}[. ]\d{2}[. ]?\d{2}(?![\d]|\.\d)"
    r"|(?<!\d)[78][. ]\d{3}[. ]\d{3}[. ]\d{4}(?!\d)"
)

# Any marks between groups of 3, 3, 2 and 2: «8/910/123/45/67», «8.910.123-45-67».
_GAP = r"[^\w\n,;+]{1,3}"
_MARKED = re.compile(
    rf"(?<!\d)\+?[78]{_GAP}[3489]\d\d{_GAP}\d{{3}}{_GAP}\d\d{_GAP}\d\d(?!\d|[-.]\d)"
)


def _of_ten(content: str) -> Iterator[Span]:
    """«(4712) 34-56-78», «910-123-45-67», «9101234567»."""
    for match in _TEN.finditer(content):
        if not _is_other(content, match):
            yield match.start(), match.end(), "phone"


_TEN = re.compile(
    r"(?<![\d+])(?<!\d[-._])(?P<number>"
    r"\(\d{3,5}\)[ -]{0,3}\d{1,3}(?:[ -]{0,3}\d{2,4}){1,3}"
    r"|[3489]\d{2}[ -]{1,3}\d{3}[ -]{0,3}\d{2}[ -]{0,3}\d{2}"
    r"|[3489]\d{2} ?\d{7}|[348]\d{3}[ -]\d{6}|[348]\d{3}-\d{2}-\d{2}-\d{2}"
    rf"|[2-9]\d{{9}})(?!\d|[-_]\d){_EXTENSION}",
    re.I,
)


def _neighbours(content: str) -> Iterator[Span]:
    """«375291234567»: twelve digits of a neighbouring country without a plus."""
    for match in _TWELVE.finditer(content):
        number = digits_of(match["number"])
        if not checksums.inn(number) and not _is_other(content, match):
            yield match.start(), match.end(), "phone"


_TWELVE = re.compile(
    r"(?<!\d)(?P<number>(?:37[345]|38[01]"
    r"|99[2-68])[ -]?\(?\d{2,3}\)?[ -]?\d{2,3}[ -]?\d{2}[ -]?\d{2})(?!\d)"
)

_OTHER_NUMBER = re.compile(
    r"(?<![а-яё])(?:инн|кпп|огрн|огрнип|бик|окпо|октмо|окато|уин|шпи|кбк|снилс[а-яё]*|кадастр[а-яё]+"
    r"|сч[её]т[а-яё]*|прибор[а-яё]*|зав\.|заводск[а-яё]+|обращени[а-яё]+|заявк[а-яё]+|заявлени[а-яё]+|инцидент[а-яё]*"
    r"|договор[а-яё]*"
    r"|контракт[а-яё]*|закупк[а-яё]+|лицензи[а-яё]+|дел[оау]|трек[а-яё]*|л/сч?|лс|лицев[а-яё]+|код[а-яё]*"
    r"|артикул[а-яё]*|полис[а-яё]*"
    r"|паспорт[а-яё]*|штрихкод[а-яё]*|id|unix|date|time|timestamp|uid)"
    r"(?![а-яё])(?:[^\d\n]{0,14}|\W{0,3}(?:\d{1,3} ){1,5})$",
    re.I,
)
_HEX = re.compile(r"[a-f]$")
_WORD = re.compile(r"(?<![а-яё])(?:тел|т\.|моб|сот|звон|факс|ватсап|whatsapp|вайбер|viber)", re.I)


def _is_grouped(number: str) -> bool:
    """Turn «8 9 10 12 14 16 18» away: a phone has a group of three, or digits one by one."""
    groups = re.findall(r"\d+", number)
    if len(digits_of(number)) != 11:
        return False
    return any(len(group) > 2 for group in groups) or all(len(group) == 1 for group in groups)


def _is_other(content: str, match: re.Match[str]) -> bool:
    """Tell whether a number is announced as another, or is one by its control digits."""
    number = match["number"]
    before = content[max(0, match.start() - 30) : match.start()]
    if _WORD.search(before):
        return False
    if _OTHER_NUMBER.search(before):
        return True
    if not number.isdecimal():
        return False
    # Digits of a hash, such as «d44327336165a2db».
    if _HEX.search(before) and _HEX.match(content[match.end() : match.end() + 1]):
        return True
    mobile = re.match(r"[78]?9", number)
    # Ten digits of an organisation's tax number; a number after «№» is of something.
    return not mobile and (
        (len(number) == 10 and checksums.inn(number)) or before.rstrip().endswith("№")
    )


def _local(content: str) -> Iterator[Span]:
    """«тел. 34-56-78», «звонить 2-34-56»: five to seven digits after a word that says phone."""
    yield from matches(_LOCAL, content, "phone", group="number")


_LOCAL = re.compile(
    r"(?<![а-яё])(?:тел(?:ефон[а-яё]*)?|т\.|факс[а-яё]*|сот(?:овый)?|моб(?:ильн[а-яё]+)?|звон[а-яё]+)"
    r"[^\d\n]{0,20}?(?P<number>(?:\(\d{3,5}\) ?)?(?:\d{1,3}(?:[ -]?\d{2}){2}|\d{6,7}))"
    r"(?!\d|[.:/]\d)",
    re.I,
)


def _in_words(content: str) -> Iterator[Span]:
    """«восемь девятьсот десять сто двадцать три сорок пять шестьдесят семь»."""
    yield from matches(_SPOKEN, content, "phone")


_NUMERAL = (
    r"(?:ноль|один|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять|сорок|девяносто"
    r"|сто|двести"
    r"|триста|четыреста|(?:пять|шесть|семь|восемь|девять)сот|(?:пять|шесть|семь|восемь)десят"
    r"|(?:двад|трид)цать|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцать|\d{1,3})"
)
_SPOKEN = re.compile(
    rf"(?<![а-яё\d])(?:восемь|(?:плюс\s)?семь|\+7|8)(?:[ ,-]{{1,3}}{_NUMERAL}(?![а-яё\d])){{5,10}}",
    re.I,
)

_LONG = r"\d(?:[ \-()_.*\[\]]{0,3}\d){9}"
RULES = [
    Rule(_abroad, rf"\+ ?\(?{_LONG}|8[ -]?10[ -]?{_LONG}|00[ -]?{_NEAR}"),
    Rule(_of_eleven, rf"{_LONG}|[78]{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d"),
    Rule(_of_ten, _LONG),
    Rule(_neighbours, _NEAR),
    Rule(_local, r"(?i)(?:тел|т\.|факс|сот|моб|звон)[^\n]{0,40}\d"),
    Rule(
        _in_words,
        r"(?i)(?:восемь|семь|\+7|8)[ ,-]{1,3}(?:\d{1,3}[ ,-]{1,3}){0,3}[а-я]+[ ,-]{1,3}[а-я]",
    ),
]
