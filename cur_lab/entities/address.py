"""What an address is."""

from __future__ import annotations

from dataclasses import dataclass

from cur_lab.entities.street_names import short


@dataclass(frozen=True, slots=True)
class Address:
    """Where an address stands in a text and what it names."""

    start: int
    stop: int
    kind: str = ""
    name: str = ""
    house: str | None = None
    flat: str | None = None
    settlement: str | None = None

    @property
    def street(self) -> str | None:
        """Kind and name of the street."""
        return f"{self.kind} {self.name}" if self.name else None

    @property
    def key(self) -> str:
        """What two spellings of one house have in common."""
        street = f"{self.kind} {short(self.name)}" if self.name else ""
        place = street or (self.settlement or "").lower().replace("ё", "е")
        return ", ".join(part for part in (place, self.house) if part)
