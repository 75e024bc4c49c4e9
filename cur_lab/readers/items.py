"""Items of JSON and their members, whatever stands there: no shape is taken on trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cur_lab.readers import content, reading
from cur_lab.readers.glance import Glance

Item = Mapping[str, Any]

_NOTHING: Item = {}


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is no JSON."""

    line: str


def outermost(file: Glance) -> Iterator[Any]:
    """Yield the lines of JSON Lines, the items of an outermost list, or the whole document."""
    if file.container == content.LINES:
        for _, item, line in content.json_lines(file.path):
            yield Damaged(line) if item is None else item
    elif isinstance(file.document, list):
        yield from file.document
    else:
        yield file.document


def part(item: Item, name: str) -> Item:
    """Return the object that stands under a name; an empty one for anything else."""
    found = item.get(name)
    return found if isinstance(found, dict) else _NOTHING


def parts(item: Item, name: str) -> list[Item]:
    """Return the objects of the list that stands under a name."""
    found = item.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def words(item: Item, name: str) -> str:
    """Return the text that stands under a name; an empty one for anything else."""
    found = item.get(name)
    return reading.sound(found) if isinstance(found, str) else ""


def written(item: Item, *names: str) -> str | None:
    """Write the first of several members that is not null, as it is found."""
    for name in names:
        if (value := item.get(name)) is not None:
            if type(value) is int:
                return str(value)
            # What holds others may be too deep to be written.
            plain = isinstance(value, (str, int, float))
            return reading.sound(str(value)) if plain else type(value).__name__
    return None


def number(value: object) -> int | None:
    """Read a whole number, also one below zero that is written as a text: chats have such ids."""
    if type(value) is str and value.startswith("-"):
        found = reading.whole(value[1:])
        return None if found is None else -found
    return reading.whole(value)


def name_of(value: object) -> str | None:
    """Read an id that is a number or a text."""
    if isinstance(value, str):
        return reading.sound(value) if value.strip() else None
    found = number(value)
    return None if found is None else str(found)
