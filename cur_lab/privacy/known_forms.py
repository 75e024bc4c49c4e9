"""Rules of data with a form of its own, such as phones, documents, cards and plates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cur_lab.privacy.spans import Span, matches


def _emails(content: str) -> Iterator[Span]:
    """«ivanova@example.org»."""
    if "@" in content:
        yield from matches(_EMAIL, content, "email")


_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")


def _profiles(content: str) -> Iterator[Span]:
    """«vk.com/id1», «@nick», «[id1|Мария]»; pages of communities are public."""
    yield from matches(_PROFILE, content, "profile")


_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?"
    r"(?:vk\.(?:com|ru)|vkontakte\.ru|ok\.ru|t\.me|instagram\.com|facebook\.com|fb\.com)"
    r"/(?!public|club|event|wall-|group)[\w./?=&%-]*\w"
    r"|(?<![\w@.])@[A-Za-z]\w{3,31}(?![\w@.]*@)"
    r"|\[id\w+\|[^\]\n]{1,100}\]"
)


def _documents(content: str) -> Iterator[Span]:
    """Passport, birth certificate, СНИЛС, policy by form or by the word before; ИНН by checksum."""
    yield from matches(_PASSPORT, content, "document")
    yield from matches(_CERTIFICATE, content, "document")
    yield from matches(_SNILS, content, "document")
    yield from matches(_NAMED_DOCUMENT, content, "document", group="number")
    for match in _TWELVE_DIGITS.finditer(content):
        if _is_inn(match[0]):
            yield match.start(), match.end(), "document"


_PASSPORT = re.compile(
    r"(?<![\d.,/-])(?:\d{2}\s\d{2}|\d{4})(?:\s(?:№|N|номер)\s?|\s?№\s?|\s)\d{6}(?![\d-])"
)
_CERTIFICATE = re.compile(r"(?<!\w)[IVXХ1]{1,5}\s?-\s?[А-Я]{2}\s?(?:№|N)?\s?\d{6}(?!\d)")
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)")
_NAMED_DOCUMENT = re.compile(
    r"(?<![а-яё])(?:паспорт\w*|снилс|полис\w*|омс|удостоверени\w+|свидетельств\w+|сери[яию])"
    r"[^\d\n]{0,25}?(?P<number>\d[\d\s№N-]{4,22}\d)(?!\d)",
    re.I,
)
_TWELVE_DIGITS = re.compile(r"(?<!\d)\d{12}(?!\d)")


def _is_inn(digits: str) -> bool:
    """Check the two control digits of a person's tax number."""

    def control(weights: tuple[int, ...]) -> int:
        return sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 % 10

    return control((7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[10]) and control(
        (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    ) == int(digits[11])


def _cards(content: str) -> Iterator[Span]:
    """Sixteen digits with Luhn's checksum, or after the word."""
    for match in _SIXTEEN_DIGITS.finditer(content):
        digits = re.sub(r"\D", "", match[0])
        if _luhn(digits) or _CARD_WORD.search(content, max(0, match.start() - 30), match.start()):
            yield match.start(), match.end(), "card"


_SIXTEEN_DIGITS = re.compile(r"(?<![\d-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\d-])")
_CARD_WORD = re.compile(r"(?<![а-яё])карт[аыеуо]", re.I)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _accounts(content: str) -> Iterator[Span]:
    """Twenty digits of a bank account; a housing account after its name."""
    yield from matches(_BANK_ACCOUNT, content, "account")
    yield from matches(_HOUSING_ACCOUNT, content, "account", group="number")


_BANK_ACCOUNT = re.compile(r"(?<!\d)(?:\d{20}|\d{5} ?\d{3} ?\d ?\d{4} ?\d{7})(?!\d)")
_HOUSING_ACCOUNT = re.compile(
    r"(?<![а-яё])(?:л\s?/\s?сч?|л/счет|лиц(?:евой|евого|евому|\.)?\s?сч[её]т\w*|р/сч?|сч[её]т\w*\s?№)"
    r"[^\d\n]{0,12}(?P<number>\d[\d-]{4,22})",
    re.I,
)


def _phones(content: str) -> Iterator[Span]:
    """Ten or eleven digits in any grouping; five to seven after a word that announces a phone."""
    for match in _LONG_NUMBER.finditer(content):
        # «Дома 10 12 14 16 18» are no phone: some group of a phone has three digits or more.
        grouped = any(len(group) > 2 for group in re.findall(r"\d+", match[0]))
        before = content[max(0, match.start() - 20) : match.start()]
        if grouped and not _NOT_PHONE.search(before):
            yield match.start(), match.end(), "phone"
    yield from matches(_LOCAL_PHONE, content, "phone", group="number")


_LONG_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[-.,:/])(?:\+\s?)?\d(?:[ \-–—()\u00a0]{0,3}\d){9,10}(?!\d|[.,:/-]\d)"
    r"|(?<!\d)\+?\d[. ]\d{3}[. ]\d{3}[. ]\d{2}[. ]\d{2}(?!\d)"
)
_NOT_PHONE = re.compile(
    r"(?<![а-яё])(?:инн|кпп|огрн|огрнип|бик|окпо|октмо|кадастр\w+)\W{0,12}$", re.I
)
_LOCAL_PHONE = re.compile(
    r"(?<![а-яё])(?:тел(?:ефон\w*)?|факс\w*|сот(?:овый)?|моб(?:ильн\w+)?|звон\w+)"
    r"[^\d\n]{0,20}?(?P<number>(?:\(\d{3,5}\)\s?)?(?:\d{1,3}(?:[ -]?\d{2}){2}|\d{6,7}))"
    r"(?!\d|[.:/]\d)",
    re.I,
)


def _plates(content: str) -> Iterator[Span]:
    """«М 123 ОР 46», «м123ор»; spaced lower case only with a region: «в 100 см» is none."""
    yield from matches(_PLATE, content, "plate")


_UPPER, _LOWER = "[АВЕКМНОРСТУХABEKMHOPCTYX]", "[авекмнорстухabekmhopctyx]"
_REGION = r" ?/? ?\d{2,3}(?!\d)(?: ?(?:rus|рус|RUS|РУС))?"
_PLATE = re.compile(
    rf"(?<!\w)(?:{_UPPER} ?\d{{3}} ?{_UPPER}{{2}}|{_LOWER}\d{{3}}{_LOWER}{{2}}"
    rf"|{_LOWER} ?\d{{3}} ?{_LOWER}{{2}}(?={_REGION}))(?:{_REGION})?(?![а-яёА-ЯЁa-zA-Z])"
)


def _birthdays(content: str) -> Iterator[Span]:
    """«01.02.1990 г. р.», «1990 года рождения»."""
    yield from matches(_BIRTHDAY, content, "birthday")


_BIRTHDAY = re.compile(
    r"(?<!\d)(?:\d{1,2}[./]\d{1,2}[./])?\d{4}\s?(?:г\.?\s?р(?![а-яё])\.?|г(?:ода|\.)?\s?рожд\w*)"
    r"|(?<=родилась )\d{1,2}[./]\d{1,2}[./]\d{4}|(?<=родился )\d{1,2}[./]\d{1,2}[./]\d{4}",
    re.I,
)


RULES: list[Callable[[str], Iterator[Span]]] = [_emails, _profiles]
OF_DIGITS: list[Callable[[str], Iterator[Span]]] = [
    _documents,
    _cards,
    _accounts,
    _phones,
    _plates,
    _birthdays,
]
