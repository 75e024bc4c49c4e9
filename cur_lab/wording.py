"""Numbers, dates and nouns as Russian prose and tables print them.

The one place where a number becomes words: Babel's rules for Russian (decimal comma, no-break
spaces between thousands and before signs), the mathematical minus, and never a number that says
nothing: «0,0000», «−0,0», «nan».
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_scientific

NOT_SHOWN = "—"
_LOCALE = Locale("ru")
_HYPHEN_MINUS, _MINUS = "-", "\u2212"
_NO_BREAK = "\u00a0"
_LESS = f"<{_NO_BREAK}"
# Nobody reads longer numbers, and Babel refuses those of more than 28 digits.
_LARGEST = 1e15
# What people read on their own clocks.
_MOSCOW = ZoneInfo("Europe/Moscow")

# Words of a name that no capital begins: «улица 50 лет Октября».
_SMALL = frozenset({"лет", "летия", "имени", "и"})


def decimal(value: float | None, *, digits: int) -> str:
    r"""Write a number with so many digits after the comma, thousands apart.

    A number too small for the digits is told as a bound, and none as a dash.

    Examples
    --------
    >>> decimal(1234.5, digits=1), decimal(0.0004, digits=3), decimal(-0.0004, digits=1)
    ('1\xa0234,5', '<\xa00,001', '0')
    """
    if value is None or not math.isfinite(value):
        return NOT_SHOWN
    written = _plain(value, digits)
    if written.strip(f"{_MINUS}0,"):
        return written
    # A small negative number is as good as none; a small positive one is not zero.
    return f"{_LESS}{_plain(10**-digits, digits)}" if value > 0 and digits else "0"


def _plain(value: float, digits: int) -> str:
    if abs(value) >= _LARGEST:
        written = format_scientific(value, format="0.0E0", locale=_LOCALE)
    else:
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        written = format_decimal(value, format=pattern, locale=_LOCALE)
    return written.replace(_HYPHEN_MINUS, _MINUS)


def grouped(number: float) -> str:
    """Write a whole number with its thousands apart."""
    return decimal(number, digits=0)


def count(number: float | None, *, digits: int = 1) -> str:
    r"""Write a number of things: a whole one without digits, an average with them.

    Examples
    --------
    >>> count(58.0), count(34.76)
    ('58', '34,8')
    """
    whole = number is not None and math.isfinite(number) and float(number).is_integer()
    return decimal(number, digits=0 if whole else digits)


def percent(share: float | None, *, finer: int = 0) -> str:
    r"""Write a share with a no-break space; no digits nobody needs, or so many more.

    Examples
    --------
    >>> percent(0.0744), percent(0.2016), percent(0.2016, finer=1)
    ('7,4\xa0%', '20\xa0%', '20,2\xa0%')
    """
    if share is None or not math.isfinite(share):
        return NOT_SHOWN
    value = 100 * share
    usual = 0 if abs(value) >= 9.95 else 1
    return f"{decimal(value, digits=usual + finer)}{_NO_BREAK}%"


# For an interval whose ends read the same with the usual digits.
FINER_SHARES = tuple(partial(percent, finer=more) for more in (1, 2))


def probability(p: float | None) -> str:
    """Write a p- or q-value: three digits, ``< 0,001`` below."""
    return decimal(p, digits=3)


def change(ratio: float | None) -> str:
    """Write a relative change with its sign: 0.34 is ``+34 %``, beyond threefold ``×3,9``."""
    if ratio is None or not math.isfinite(ratio):
        return NOT_SHOWN
    if ratio >= 2:
        return f"×{decimal(1 + ratio, digits=0 if ratio >= 9 else 1)}"
    # A change of less than half a per cent has no direction.
    whole = round(100 * ratio)
    return f"{'+' if whole > 0 else ''}{grouped(whole)}{_NO_BREAK}%"


def percentage_points(difference: float | None) -> str:
    """Write a difference of two shares with its sign, in percentage points without their name.

    Examples
    --------
    >>> percentage_points(0.46), percentage_points(-0.052)
    ('+46', '−5,2')
    """
    if difference is None or not math.isfinite(difference):
        return NOT_SHOWN
    value = 100 * difference
    digits = 0 if abs(value) >= 9.95 else 1
    return f"{'+' if round(value, digits) > 0 else ''}{decimal(value, digits=digits)}"


def interval(
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    write: Callable[[float], str],
    finer: Sequence[Callable[[float], str]] = (),
) -> str:
    r"""Write an estimate with its interval, ``7,4 % (6,1–8,9 %)``; alone where it has none.

    Parameters
    ----------
    value, low, high
        The estimate and the ends of its interval.
    write
        How to write one number: :func:`percent`, or :func:`decimal` with its digits.
    finer
        How to write it where the ends of an interval would read the same, one by one.

    Examples
    --------
    >>> interval(0.0744, 0.061, 0.089, write=percent)
    '7,4\xa0% (6,1–8,9\xa0%)'
    >>> interval(-0.02, -0.05, 0.01, write=percent)
    '−2,0\xa0% (от −5,0 до 1,0\xa0%)'
    """
    if value is None or not math.isfinite(value):
        return NOT_SHOWN
    ends = [end for end in (low, high) if end is not None and math.isfinite(end)]
    if len(ends) < 2:
        return write(value)
    if finer and ends[0] < ends[1] and write(ends[0]) == write(ends[1]):
        return interval(value, *ends, write=finer[0], finer=finer[1:])
    # An end too small for its digits is rounded outward: the interval only widens.
    lower, upper = write(ends[0]), write(ends[1]).removeprefix(_LESS)
    if lower.startswith(_LESS):
        lower = "0"
    if lower[-1] == upper[-1] == "%":
        lower = lower.removesuffix(f"{_NO_BREAK}%")
    # A dash beside a minus reads as nothing at all.
    signed = {lower[0], upper[0]} & {"+", _MINUS}
    return f"{write(value)} ({f'от {lower} до {upper}' if signed else f'{lower}–{upper}'})"


def day(when: date) -> str:
    """Write a date: ``12 марта 2025 г.``."""
    return format_date(when, "d\u00a0MMMM y\u00a0'г.'", locale=_LOCALE)


def month(when: date) -> str:
    """Write the month of a date: ``март 2025``."""
    return format_date(_local(when), "LLLL y", locale=_LOCALE)


def calendar_day(when: date) -> str:
    """Write a date for a column of dates: ``12.03.2025``; a moment in Moscow time."""
    return format_date(_local(when), "dd.MM.y", locale=_LOCALE)


def days(first: date, last: date) -> str:
    """Write from which day to which: ``12.03.2025–14.03.2025``; one day is told once."""
    ends = (calendar_day(first), calendar_day(last))
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def street(name: str) -> str:
    """Write the name of a street with its capitals: ``улица Карла Маркса``.

    Streets are told apart without regard to case; the first word is their kind.
    """
    kind, *words = name.split(" ")
    return " ".join([kind, *(w if w in _SMALL else w[:1].upper() + w[1:] for w in words)])


def moment(when: datetime) -> str:
    """Write a moment in Moscow time: ``12.03.2025 14:05``."""
    return f"{calendar_day(when)} {_local(when):%H:%M}"


def _local(when: date) -> date:
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when.astimezone(_MOSCOW)
    return when


def plural(number: int, one: str, few: str, many: str) -> str:
    """Choose the form of a noun after a number: 21 сообщение, 22 сообщения, 25 сообщений.

    Examples
    --------
    >>> [plural(n, "день", "дня", "дней") for n in (1, 3, 11, 101)]
    ['день', 'дня', 'дней', 'день']
    """
    return {"one": one, "few": few}.get(_LOCALE.plural_form(abs(number)), many)


def shortened(content: str, characters: int) -> str:
    """Cut a text at a word so that it is not longer, on one line; what is cut ends in «…».

    Examples
    --------
    >>> shortened("Школу объединят с городской, здание закроют", 31)
    'Школу объединят с городской…'
    """
    content = " ".join(content.split())
    if len(content) <= characters:
        return content
    head = content[: characters - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:—–-") + "…"
