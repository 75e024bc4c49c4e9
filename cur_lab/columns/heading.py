"""How a column is shown: its Russian heading, its unit, its digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number", "count", "share", "points", "change", "p", "moment", "day", "month", "street"
]


@dataclass(frozen=True, slots=True)
class Heading:
    """How a column is shown.

    Attributes
    ----------
    text
        Heading in Russian.
    kind
        ``count`` is a number of things, ``share`` is printed as per cent, ``points`` as a
        difference of two in percentage points, ``change`` as per cent with its sign, ``p`` as a
        p- or q-value, ``moment``, ``day`` and ``month`` in Moscow time; ``street`` as the name of
        one; anything else as its type says.
    digits
        After the comma.
    unit
        In Russian, printed in the heading: «Задержка, ч».
    absent
        Genitive plural of what is missing where the column is: «дат», «рубрик».
    level
        Coverage of the column's interval, in per cent; None where its ends are bounds.
    """

    text: str
    kind: Kind = "number"
    digits: int = 2
    unit: str | None = None
    absent: str | None = None
    level: int | None = 95

    def written(self, *, interval: bool = False) -> str:
        """Return the heading with its unit, and that an interval stands behind the value."""
        unit = f", {self.unit}" if self.unit else ""
        ends = "границы" if self.level is None else f"{self.level} %-й интервал"
        return f"{self.text}{unit}{f' ({ends})' if interval else ''}"
