"""Numbers as Russian prose and tables print them."""

from __future__ import annotations

from datetime import date

_MINUS = "−"
_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def percent(share: float) -> str:
    """Write a share: ``7,4 %`` with a no-break space; no digits nobody needs."""
    value = 100 * share
    digits = 0 if abs(value) >= 9.95 else 1
    return f"{value:.{digits}f}\u00a0%".replace(".", ",").replace("-", _MINUS)


def change(ratio: float) -> str:
    """Write a relative change with its sign: 0.34 is ``+34 %``, beyond threefold ``×3,9``."""
    if ratio >= 2:
        return f"×{decimal(1 + ratio, digits=0 if ratio >= 9 else 1)}"
    # A change of less than half a per cent has no direction.
    sign = "+" if round(100 * ratio) > 0 else ""
    return f"{sign}{round(100 * ratio)}\u00a0%".replace("-", _MINUS)


def decimal(value: float, *, digits: int) -> str:
    """Write a number with so many digits after the comma, thousands apart."""
    written = f"{value:,.{digits}f}".replace(",", "\u202f").replace(".", ",")
    return written.replace("-", _MINUS)


def grouped(number: int) -> str:
    """Write a whole number with its thousands apart."""
    return f"{number:,}".replace(",", "\u202f").replace("-", _MINUS)


def day(when: date) -> str:
    """Write a date: ``12 марта 2025 г.``."""
    return f"{when.day}\u00a0{_MONTHS[when.month - 1]} {when.year}\u00a0г."


def plural(number: int, one: str, few: str, many: str) -> str:
    """Choose the form of a noun after a number: 21 сообщение, 22 сообщения, 25 сообщений.

    Examples
    --------
    >>> [plural(n, "день", "дня", "дней") for n in (1, 3, 11, 101)]
    ['день', 'дня', 'дней', 'день']
    """
    last, tens = abs(number) % 10, abs(number) % 100
    if last == 1 and tens != 11:
        return one
    return few if 2 <= last <= 4 and not 12 <= tens <= 14 else many
