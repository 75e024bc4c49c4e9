"""Amounts of money as people and programs write them → numbers.

Spaces and apostrophes only ever part thousands. A point or a comma parts thousands where it stands
more than once, where the other mark follows, or where exactly three digits follow it; it parts
kopecks where one or two do. What could be either is no amount: nobody notices 400 roubles in the
place of 400,000 until the winners are wrong.
"""

from __future__ import annotations

import re

from cur_lab import columns as c

# Columns of projects that are amounts.
MONEY = (
    c.COST, c.CO_FINANCING, c.ACTUAL_COST, c.PAID_BY_RESIDENTS, c.PAID_BY_MUNICIPALITY,
    c.PAID_BY_SPONSORS,
)  # fmt: skip

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’`]+")
_IN_WORDS = re.compile(r"\([^\d()]*\)")
_ROUBLES = r"(?:руб(?:лей|ля|ль)?|р(?![а-я])|₽|rub|rur)\.?"
_KOPECKS = re.compile(rf"(?<=\d)\s*{_ROUBLES}\s*(\d\d)\s*к(?:оп(?:еек|ейки|ейка)?)?\.?$")
# An accountant's 400000-00 or 400000=00.
_DASHED = re.compile(r"(?<=\d)[-–=](\d\d)$")
_UNIT = re.compile(rf"^{_ROUBLES}\s*|\s*{_ROUBLES}$")
_THOUSAND = 1e3
_GROUP = 3
_TIMES = (
    (re.compile(r"\s*(?:тыс(?:яч[аи]?)?|т\.)(?![а-я])\.?"), _THOUSAND),
    (re.compile(r"\s*(?:млн|миллион(?:а|ов)?)(?![а-я])\.?"), 1e6),
    (re.compile(r"\s*(?:млрд|миллиард(?:а|ов)?)(?![а-я])\.?"), 1e9),
)
_GROUPED = tuple(
    re.compile(rf"\d{{1,3}}(?:{mark}\d{{3}})+(?:{kopecks})?")
    for mark, kopecks in ((" ", r"[.,]\d{1,2}"), (",", r"\.\d+"), (r"\.", r",\d+"))
)
_PLAIN = re.compile(r"\d+(?:[.,](?:\d{1,2}|\d{4,}))?|0[.,]\d+")
_THREE_DECIMALS = re.compile(r"(?P<whole>\d{1,3}(?: \d{3})+|\d+)[.,](?P<rest>\d{3})")


def multiplier(heading: str) -> float:
    """Tell what the unit of a heading stands for: 1,000 for «Стоимость, тыс. руб.», else 1."""
    found = [value for unit, value in _TIMES if unit.search(heading.casefold())]
    return found[0] if len(found) == 1 else 1.0


def written(value: float) -> str:
    """Write an amount so that :func:`amount` reads the same: three decimals are never left alone.

    Examples
    --------
    >>> written(400000.0), written(400.5), written(400.125)
    ('400000', '400.5', '400.1250')
    """
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    _, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == _GROUP else text


def amount(text: str | None, times: float = 1.0) -> float | None:
    """Read an amount of money.

    Parameters
    ----------
    text
        As found.
    times
        What the heading says that one is: 1,000 for thousands. An amount with a unit of its own is
        not multiplied again.

    Returns
    -------
    float or None
        None for what is no amount, or could be two different ones.

    Examples
    --------
    >>> [amount(text) for text in ("400,000", "400000,50", "1.250.000,00", "1,5 млн руб.")]
    [400000.0, 400000.5, 1250000.0, 1500000.0]
    >>> amount("1250,000")
    """
    written = _IN_WORDS.sub(" ", (text or "").casefold()).strip()
    written = _UNIT.sub("", _KOPECKS.sub(r",\1", written)).strip()
    for unit, value in _TIMES:
        if found := unit.search(written):
            written, rest = written[: found.start()], written[found.end() :]
            if rest.strip():
                return None
            times = value
            break
    written = _SPACES.sub(" ", _DASHED.sub(r",\1", written)).strip()
    sign, written = (-1.0, written[1:]) if written[:1] in ("-", "−") else (1.0, written)
    digits = _digits(written, times)
    return None if digits is None else round(sign * times * float(digits), 6)


def _digits(written: str, times: float) -> str | None:
    """Digits with a point before the kopecks, if any; None for what is unclear."""
    if not written.isascii():
        return None
    if _PLAIN.fullmatch(written):
        return written.replace(",", ".")
    decimal = _THREE_DECIMALS.fullmatch(written) if times > 1.0 else None
    if decimal:
        # Of «2,375 млн» the digits are thousands; of «1,250 тыс.» nobody can tell.
        grouped = times == _THOUSAND and len(decimal["whole"]) <= 3
        return None if grouped else f"{decimal['whole'].replace(' ', '')}.{decimal['rest']}"
    for mark, pattern in zip(" ,.", _GROUPED, strict=True):
        if pattern.fullmatch(written):
            return written.replace(mark, "").replace(",", ".")
    return None
