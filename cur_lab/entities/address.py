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
        if self.street:
            return address_key(self.street, self.house)
        place = (self.settlement or "").lower().replace("ё", "е")
        return ", ".join(part for part in (place, self.house) if part)


def address_key(street: str, house: str | None) -> str:
    """Return what two spellings of one street and house have in common."""
    kind, _, name = street.partition(" ")
    return ", ".join(part for part in (f"{kind} {short(name)}" if name else kind, house) if part)
