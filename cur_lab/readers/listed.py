"""Objects of a JSON list or of JSON Lines, one at a time, damaged ones set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from cur_lab.readers import content, reading
from cur_lab.readers.glance import Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Broken, Damaged, Marks, Repaired, Window

_SCALAR = r'(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)'


def objects(
    file: Glance, draft: Draft, shown: Sequence[str], beside: dict[str, Any]
) -> Iterator[tuple[int, Any]]:
    """Yield row and value of each object of a list, of the list under ``messages``, of the lines.

    What is damaged is refused and noted. What stands beside the list is put into ``beside``.

    Parameters
    ----------
    file
        What is seen of the file.
    draft
        Where damaged objects are refused.
    shown
        Members that may be shown of a damaged object.
    beside
        Is filled with the other members of the outermost object.

    Raises
    ------
    InputError
        If the file is damaged and nothing in it is whole.
    """
    names = "|".join(map(re.escape, shown))
    seen = re.compile(rf'"(?:{names})"\s*:\s*(?:"(?:[^"\\]|\\.){{0,300}}|-?\d+)')
    first: Damaged | None = None
    whole = row = 0
    for row, found in enumerate(_found(file, draft, beside), start=1):
        if isinstance(found, Damaged):
            first = first or found
            text = ", ".join(seen.findall(found.text)) or found.why
            reason = reading.CUT_OFF if found.cut else reading.DAMAGED
            draft.refuse(row, reason, f"{found.place}: {text}")
            draft.note(reading.FILE_CUT if found.cut else reading.FILE_DAMAGED)
            continue
        whole += 1
        if isinstance(found, Repaired):
            draft.note(reading.REPAIRED)
            yield row, found.value
        else:
            yield row, found
    if first is not None and not whole:
        raise content.broken(file.path, first.place, first.why, cut=first.cut)


def _found(file: Glance, draft: Draft, beside: dict[str, Any]) -> Iterator[Any]:
    if file.container == content.LINES:
        for row, value, line in content.json_lines(file.path):
            # A value that is null is no object either; its reader will say so.
            lost = value is None and line.strip() != "null"
            cut = lost and not line.endswith("\n")
            yield Damaged(line, f"line {row}", "no JSON", cut) if lost else value
        return
    marks = _marks(file.items, members=None if file.keys else "")
    with closing(Window(file.path, content.encoding(file.path))) as window:
        try:
            if window.peek() == "[":
                yield from window.items(marks)
            else:
                for name in window.members():
                    if name == "messages" and window.peek() == "[":
                        yield from window.items(marks)
                    else:
                        beside[name] = window.value()
        except Broken as broken:
            yield Damaged("", window.place, broken.why, broken.cut)
        else:
            if window.cut and not draft.noted[reading.FILE_CUT, None]:
                draft.note(reading.FILE_CUT)


def _marks(items: Sequence[Mapping[str, Any]], members: str | None) -> Marks:
    """Tell an object by how the first one begins."""
    names = list(items[0])[:2] if items else []
    if len(names) < 2:
        return Marks(r"\{")
    if names[0] == "_":
        item = r'\{\s*"_"\s*:\s*"Message(?:Service|Empty)?"\s*,'
        return Marks(item, members=members, inside=('"Message', item))
    first, second = (re.escape(name) for name in names)
    item = rf'\{{\s*"{first}"\s*:\s*{_SCALAR}\s*,\s*"{second}"\s*:'
    return Marks(item, members=members, inside=(f'"{names[0]}"', item))
