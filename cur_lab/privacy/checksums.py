"""Control digits of numbers that have them."""

from __future__ import annotations

from collections.abc import Sequence


def luhn(digits: str) -> bool:
    """Check a card or a medical policy (ISO/IEC 7812)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def inn(digits: str) -> bool:
    """Check a tax number: ten digits of an organisation, twelve of a person."""
    if len(digits) == 10:
        return _control(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[9])
    return (
        len(digits) == 12
        and _control(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[10])
        and _control(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[11])
    )


def _control(digits: str, weights: Sequence[int]) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 % 10


def snils(digits: str) -> bool:
    """Check the eleven digits of an insurance account."""
    total = sum(int(d) * (9 - i) for i, d in enumerate(digits[:9]))
    return len(digits) == 11 and total % 101 % 100 == int(digits[9:])


def ogrn(digits: str) -> bool:
    """Check the register's number of an organisation (13) or an entrepreneur (15): public."""
    if len(digits) not in (13, 15):
        return False
    return int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])
