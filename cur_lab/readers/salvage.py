"""Items out of JSON that is damaged somewhere: what is whole is read, what is not is set aside."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from cur_lab.readers import content
from cur_lab.readers.glance import Glance
from cur_lab.readers.window import Damaged

_SCALAR = r'(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)'
_NAME = r'"([^"\\]+)"\s*:'
_NEXT = re.compile(r"\s*,\s*(?=\{)")
_BLANK = re.compile(r"\s*")
# An error so near the end is one of a file that was cut off.
_NEAR = 16
_LOOKED_AT = 1 << 20

_DECODER = json.JSONDecoder(strict=False)


def salvaged(file: Glance, lists: Collection[str]) -> Iterator[Any]:
    """Yield the items of all lists of a document, ``Damaged`` in place of what is no JSON.

    An item is told by its first names, which are those of the first item.

    Parameters
    ----------
    file
        JSON that cannot be read whole.
    lists
        Names that items stand under.
    """
    text = file.path.read_bytes().decode(content.encoding(file.path), errors="replace")
    if (first := _first(text, lists)) is None:
        return
    second = rf'\s*{_SCALAR}\s*,\s*"{re.escape(first[1])}"\s*:' if len(first) > 1 else ""
    begins = re.compile(rf'[\[,}}]\s*(?=\{{\s*"{re.escape(first[0])}"\s*:{second})')
    found = begins.search(text)
    at = found.end() if found else None
    while at is not None:
        try:
            item, end = _DECODER.raw_decode(text, at)
            follows = text[_BLANK.match(text, end).end() :][:1]  # type: ignore[union-attr]
            if follows not in ("", ",", "]", "}"):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, end)
            if len(begins.findall(text, at + 1, end)) > _held(item, first):
                # It lost a quotation mark, and the next one is its neighbour's.
                raise json.JSONDecodeError("an item within a text", text, end)
        except (ValueError, RecursionError) as error:
            found = begins.search(text, at + 1)
            yield _damaged(text, at, found.end() if found else None, error)
            at = found.end() if found else None
        else:
            yield item
            found = _NEXT.match(text, end) or begins.search(text, end)
            at = found.end() if found else None


def _first(text: str, lists: Collection[str]) -> list[str] | None:
    """Name the first members of the first item: two, or one whose value is no scalar."""
    names = "|".join(map(re.escape, lists))
    item = rf"\s*\[\s*\{{\s*{_NAME}\s*(?:{_SCALAR}\s*,\s*{_NAME})?"
    # A list of answers is no list of items: what has a name goes first.
    for before in (*([rf'"(?:{names})"\s*:'] if lists else ()), r"\A\ufeff?"):
        for found in re.compile(before + item).finditer(text, 0, _LOOKED_AT):
            if found[1] not in lists:
                return [name for name in found.groups() if name is not None]
    return None


def _held(item: Any, first: list[str]) -> int:
    """Count the objects within an item that begin as it does: replies that stand in it."""
    found, left = -1, [item]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            found += list(one)[: len(first)] == first
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return found


def _damaged(text: str, at: int, end: int | None, error: Exception) -> Damaged:
    place = f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
    if not isinstance(error, json.JSONDecodeError):
        return Damaged(text[at:end], place, str(error).partition(";")[0], cut=False)
    ends = error.msg.startswith("Unterminated") or error.pos >= len(text) - _NEAR
    return Damaged(text[at:end], place, error.msg, cut=end is None and ends)
