"""Changes and dates of decisions in Russian words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from cur_lab import wording

_ZONE = ZoneInfo("Europe/Moscow")


def per_cent(logarithm: float) -> float:
    """Turn the logarithm of observed over expected into a change in per cent."""
    return float(100 * np.expm1(logarithm))


def change_in_words(logarithm: float) -> str:
    """Write the logarithm of observed over expected as a change, ``−34 %``."""
    return wording.change(float(np.expm1(logarithm)))


def range_in_words(low: float, high: float) -> str:
    """Write an interval of a logarithm, ``от −48 % до −17 %``."""
    return f"от {change_in_words(low)} до {change_in_words(high)}"


def date(moment: datetime) -> str:
    """Write the local day, ``12 марта 2025 г.``."""
    return wording.day(moment.astimezone(_ZONE).date())
