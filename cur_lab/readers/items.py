"""Items of JSON and their members, whatever stands there: no shape is taken on trust."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cur_lab.errors import InputError
from cur_lab.readers import content, reading
from cur_lab.readers.glance import Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.salvage import salvaged
from cur_lab.readers.window import Damaged

Item = Mapping[str, Any]

_NOTHING: Item = {}
_SHOWN_DAMAGED = re.compile(
    r'"(?:id|mid|date|time|timestamp|text|description)"\s*:\s*(?:"(?:[^"\\]|\\.){0,300}|-?\d+)'
)


def alone(file: Glance) -> Item | None:
    """Return the object that is the whole document, None where there is none."""
    if file.container != content.RECORDS or not file.keys:
        return None
    try:
        return file.document if isinstance(file.document, dict) else None
    except InputError:
        return None


def outermost(file: Glance, lists: Collection[str]) -> Iterator[Any]:
    """Yield the lines of JSON Lines, the items of an outermost list, or the whole document.

    Of a document that is damaged the items of its lists are told apart, as far as they are whole;
    what is not is ``Damaged``.

    Parameters
    ----------
    file
        JSON or JSON Lines.
    lists
        Names that items stand under in a document.

    Raises
    ------
    InputError
        If the document is damaged and nothing in it is whole.
    """
    if file.container == content.LINES:
        for row, item, line in content.json_lines(file.path):
            lost = item is None and line.strip() != "null"
            cut = lost and not line.endswith("\n")
            yield Damaged(line, f"line {row}", "no JSON", cut) if lost else item
        return
    try:
        document = file.document
    except InputError:
        found = list(salvaged(file, lists))
        if all(isinstance(one, Damaged) for one in found):
            raise
        yield from found
    else:
        yield from document if isinstance(document, list) else [document]


def set_aside(damaged: Damaged, row: int, draft: Draft) -> None:
    """Refuse what is damaged, and note it."""
    shown = ", ".join(_SHOWN_DAMAGED.findall(damaged.text)) or damaged.why
    reason = reading.CUT_OFF if damaged.cut else reading.DAMAGED
    draft.refuse(row, reason, f"{damaged.place}: {shown}")
    draft.note(reading.FILE_CUT if damaged.cut else reading.FILE_DAMAGED)


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
