"""Read back what a sentence says: its numbers, names and dates. Shares nothing with `wording`."""

import re
from datetime import date

_NUMBER = re.compile(r"(?<![\w,])([−+×]?|<\u00a0)(\d{1,3}(?:\u00a0\d{3})+|\d+)(?:,(\d+))?")
_MONTHS = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_DAY = re.compile(r"(\d{1,2})\s([а-я]+)\s(\d{4})\sг\.")


def numbers(sentence: str) -> list[float]:
    """Numbers as they are printed, in their order; a factor «×3,9» is 3.9, dates are left out."""
    return [value for value, _ in _read(sentence)]


def digits(sentence: str) -> list[int]:
    """How many digits each of the numbers is printed with after its comma."""
    return [places for _, places in _read(sentence)]


def changes(sentence: str) -> list[float]:
    """Relative changes: «+34 %» is 0.34 and «×3,9» is 2.9."""
    found = re.findall(r"(×|[−+]?)(\d+(?:,\d+)?)(\u00a0%)?", _DAY.sub("", sentence))
    return [_change(*parts) for parts in found if parts[0] == "×" or parts[2]]


def _change(sign: str, number: str, _percent: str) -> float:
    value = float(number.replace(",", "."))
    return value - 1 if sign == "×" else (-1 if sign == "−" else 1) * value / 100


def quoted(sentence: str) -> list[str]:
    """What stands in «…»."""
    return re.findall(r"«([^»]*)»", sentence)


def dates(sentence: str) -> list[date]:
    """Dates written out: «1 апреля 2025 г.»."""
    return [date(int(y), _month(name), int(d)) for d, name, y in _DAY.findall(sentence)]


def _month(name: str) -> int:
    (number,) = (n for n, stem in enumerate(_MONTHS, start=1) if _starts(name, stem))
    return number


def _starts(name: str, stem: str) -> bool:
    return name in ("мая", "май") if stem == "ма" else name.startswith(stem)


def close(printed: float, value: float, places: int = 0) -> bool:
    """Whether a value is printed as this number: within half of its last digit."""
    return abs(printed - value) <= 0.5 * 10**-places + 1e-9


def _read(sentence: str) -> list[tuple[float, int]]:
    found = []
    for sign, whole, fraction in _NUMBER.findall(_DAY.sub("", sentence)):
        value = float(whole.replace("\u00a0", "") + "." + (fraction or "0"))
        # «< 0,1» rounds to nought and is none.
        value = 0.0 if sign.startswith("<") else value
        found.append((-value if sign == "−" else value, len(fraction)))
    return found
