"""Bank cards, bank accounts, accounts of housing services."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy import checksums
from cur_lab.privacy.spans import Rule, Span, digits_of, matches


def _cards(content: str) -> Iterator[Span]:
    """Sixteen digits with Luhn's checksum, or after the word."""
    for match in _SIXTEEN_DIGITS.finditer(content):
        before = max(0, match.start() - 30)
        if _CARD_WORD.search(content, before, match.start()) or (
            checksums.luhn(digits_of(match[0]))
            and match[0][0] in "23456"
            and not _YEARS.fullmatch(match[0])
        ):
            yield match.start(), match.end(), "card"


_SIXTEEN_DIGITS = re.compile(
    r"(?<![\d-])\d{4}(?P<mark>[ ,._/|\n-]{0,3})\d{4}[ ,._/|\n-]{0,3}\d{4}(?P=mark)\d{4}(?![\d-])"
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D*){4}")
_CARD_WORD = re.compile(r"(?<![а-яё])карт[аыеуо]", re.I)


def _bank_accounts(content: str) -> Iterator[Span]:
    """Twenty digits with a currency at their place; the budget's codes have none there."""
    for match in _TWENTY_DIGITS.finditer(content):
        number = digits_of(match[0])
        if len(number) != 20:
            continue
        named = _ACCOUNT_WORD.search(content, max(0, match.start() - 30), match.start())
        if named or (number[0] in "34" and number[5:8] in _CURRENCIES):
            yield match.start(), match.end(), "account"


_CURRENCIES = frozenset({"810", "643", "840", "978", "156", "933", "398"})
_TWENTY_DIGITS = re.compile(r"(?<!\d)\d(?:[ .-]?\d){19}(?!\d)")
_ACCOUNT_WORD = re.compile(r"(?<![а-яё])(?:сч[её]т|р/с|к/с|л/с)", re.I)


def _housing_accounts(content: str) -> Iterator[Span]:
    """«л/с 574744», «лицевой счёт № 123-456-78»."""
    yield from matches(_HOUSING_ACCOUNT, content, "account", group="number")
    yield from matches(_UNIFIED, content, "account")


_HOUSING_ACCOUNT = re.compile(
    r"(?<![а-яё])(?:абонент[а-яё]*(?: номер)?(?= ?(?:№|\d))|(?<!\d )л ?[/\\. ] ?сч?\.?"
    r"|л/счет|лс|лиц(?:ев[а-яё]{2,3}|\.)?(?: ?сч[её]т[а-яё]*)?"
    r"|р/сч?|сч[её]т(?!чик)\w* ?№)(?![а-яё])"
    r"[^\d\n]{0,12}(?P<number>\d[\d-]{4,22})",
    re.I,
)

# «46АЕ123456»: the single account of the state's system of housing.
_UNIFIED = re.compile(r"(?<!\w)\d{2}[А-ЯЁ]{2}\d{6}(?!\w)")

RULES = [
    Rule(_cards, r"(?:\d{4}[ ,._/|\n-]{0,3}){3}\d{4}"),
    Rule(_bank_accounts, r"\d(?:[ .-]?\d){19}"),
    Rule(
        _housing_accounts,
        r"\d[А-ЯЁ]{2}\d|(?i)(?:абонент|л ?[/\\. ] ?с|лс|лиц|р/с|сч[её]т[а-яё]* ?№)[^\d\n]*\d",
    ),
]
