"""JSON read in a stream, item by item, a damaged item set aside.

A large export never stands in memory whole: a window moves along the file and holds little more
than one item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20
_BLANK = re.compile(r"[ \t\r\n]*")
# An error so near the end of the window may be no error of the file.
_NEAR = 16
# A pattern may begin in one chunk and end in the next.
_OVERLAP = _AHEAD = 256
_TOO_LONG = "too long"
# So much is looked at before what was sought.
_BEFORE = 2000
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
# Telegram Desktop writes control characters as \xNN, which is not JSON. An even number of
# backslashes before it are characters of their own.
_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9a-fA-F]{2})")

_DECODER = json.JSONDecoder(strict=False)


class Broken(Exception):  # noqa: N818  caught inside the readers, never shown
    """What stands at the window is not JSON; ``cut``: because the file ends."""

    def __init__(self, why: str, *, cut: bool) -> None:
        super().__init__(why)
        self.why, self.cut = why, cut


@dataclass(frozen=True, slots=True)
class Damaged:
    """A part of a list that could not be read: its characters, where it begins and why."""

    text: str
    place: str
    why: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Repaired:
    """An item that could be read without its control characters."""

    value: Any


class Marks:
    """How items are told where JSON is of no help.

    Parameters
    ----------
    item
        Pattern of the beginning of an item.
    ends
        Pattern of what closes the list, and all about it, at the end of the file.
    closes
        Pattern of what closes the list where more follows, None where nothing can.
    members
        Names that may stand beside the list where it is closed, others belong to an item; None:
        any may.
    inside
        What stands in an item that swallowed its neighbours: characters looked for first, and the
        pattern of the beginning of an item beyond doubt.
    """

    def __init__(
        self,
        item: str,
        ends: str = r"\]",
        closes: str | None = None,
        members: str | None = None,
        inside: tuple[str, str] | None = None,
    ) -> None:
        self.begins = re.compile(rf"[,}}]\s*(?={item})")
        self.ends = re.compile(ends + r"\s*\Z")
        self.closes = None if closes is None else re.compile(closes)
        inner = rf'(?:\}}\s*)?,\s*"(?!(?:{members})")[^"\\]{{0,60}}"\s*:'
        goes_on = rf"\](?:[\s\]}}]*,\s*{item}|\s*{inner})"
        self.goes_on = None if members is None else re.compile(goes_on)
        self.hint, swallowed = inside or ("", "")
        self.swallowed = re.compile(rf",\s*{swallowed}")


class Window:
    """A stretch of a JSON file that moves along it.

    ``cut`` tells that the file ended before its JSON did.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self._file = path.open(encoding=encoding, errors="replace", newline="")
        self._text, self._start, self._at = "", 0, 0
        self._lines, self._column = 1, 1
        self.cut = False

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def place(self) -> str:
        """Line and column of what stands at the window."""
        passed = self._text.rfind("\n", 0, self._at)
        line = self._lines + self._text.count("\n", 0, self._at)
        column = self._column + self._at if passed < 0 else self._at - passed
        return f"line {line}, column {column}"

    def peek(self) -> str:
        """Return the next character that is not blank; an empty string at the end."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def value(self, limit: int | None = None) -> Any:
        """Read the value at the window, of no more than ``limit`` characters.

        Raises
        ------
        Broken
            If it is none, or too long.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                why, at = error.msg, error.pos
            except (RecursionError, ValueError) as error:
                raise Broken(str(error).partition(";")[0], cut=False) from None
            else:
                # A number may go on in the next chunk.
                if end < len(self._text) or not self._grow():
                    self._start, self._at = self._at, end
                    return value
                continue
            near = why.startswith("Unterminated") or at >= len(self._text) - _NEAR
            if near and limit is not None and len(self._text) - self._at > limit:
                raise Broken(_TOO_LONG, cut=False)
            if not near or not self._grow():
                ended = why.startswith("Unterminated") or not self._text[at:].strip()
                raise Broken(why, cut=ended)

    def about(self, limit: int | None = None) -> Any:
        """Read a value that is needed for nothing else; of a damaged one what can be mended.

        Raises
        ------
        Broken
            If the file ends within it.
        """
        try:
            return self.value(limit)
        except Broken as broken:
            if broken.cut or broken.why == _TOO_LONG:
                raise
        mended = _CONTROL.sub(_plain, self._passed())
        try:
            return _DECODER.decode(mended.strip())
        except (ValueError, RecursionError):
            return None

    def _passed(self) -> str:
        """Pass over a value by its brackets and quotes alone."""
        looked = depth = 0
        while True:
            found = _TOKEN.search(self._text, self._at + looked)
            if found is None or found.end() == len(self._text):
                if self._grow():
                    continue
                if found is None:
                    raise Broken("Expecting the end of a value", cut=True)
            mark = found[0]
            depth += (mark in "[{") - (mark in "]}")
            if depth < 0 or (depth == 0 and mark == ","):
                text = self._text[self._at : found.start()]
                self._at = found.start()
                return text
            looked = found.end() - self._at

    def seek(self, pattern: re.Pattern[str]) -> str | None:
        """Go on behind what matches; return some of what stands before it, None at the end."""
        passed = 0
        while not (found := pattern.search(self._text, self._at + passed)):
            passed = max(0, len(self._text) - self._at - _BEFORE)
            self._at, passed = self._at + passed, 0
            if not self._grow():
                return None
        before = self._text[max(self._at, found.start() - _BEFORE) : found.start()]
        self._at = found.end()
        return before

    def members(self) -> Iterator[str]:
        """Yield the names of the object at the window; the caller reads each value.

        Raises
        ------
        Broken
            If something stands between the members; not where the file ends.
        """
        self._at += 1
        while (mark := self.peek()) != "}":
            if mark == ",":
                self._at += 1
                continue
            if not mark:
                self.cut = True
                return
            name = self.value() if mark == '"' else None
            if name is None or self.peek() != ":":
                raise Broken("Expecting a name and ':'", cut=not self.peek())
            self._at += 1
            self.peek()
            yield name
        self._at += 1

    def each(self) -> Iterator[int]:
        """Yield the place of each value of the list at the window; the caller reads the value."""
        self._at += 1
        place = 0
        while (mark := self.peek()) != "]":
            if mark == ",":
                self._at += 1
                continue
            if not mark:
                self.cut = True
                return
            place += 1
            yield place
        self._at += 1

    def items(self, marks: Marks) -> Iterator[Any]:
        """Yield the values of the list at the window, or ``Damaged`` or ``Repaired``.

        A value is held back until what follows it shows that it was whole: damage inside an object
        can close it early, and its other members then stand in the list.
        """
        self._at += 1
        held: list[Any] = []
        while (mark := self.peek()) != "]" or self._goes_on(marks):
            if mark == "]":
                # What closed it closed the item before, which was damaged.
                held = [self._damaged(marks, Broken("Expecting ',' delimiter", cut=False))]
                continue
            if mark == ",":
                self._at += 1
                continue
            if not mark:
                self.cut = True
                break
            try:
                found = self.value()
                self._check(marks)
                after = self.peek()
                # Between two objects a comma may be missing.
                if after not in ("", ",", "]", "{"):
                    raise Broken("Expecting ',' delimiter", cut=False)
            except Broken as broken:
                rest = mark == '"' and held and not isinstance(held[0], str)
                found = self._damaged(marks, broken)
                if rest and isinstance(found, Damaged):
                    held = [found]
                    continue
            yield from held
            held = [found]
        yield from held
        self._at += mark == "]"

    def _goes_on(self, marks: Marks) -> bool:
        """Tell by what follows that a bracket does not close the list."""
        if marks.goes_on is None:
            return False
        while len(self._text) - self._at < _AHEAD and self._grow():
            pass
        return marks.goes_on.match(self._text, self._at, self._at + _AHEAD) is not None

    def _check(self, marks: Marks) -> None:
        """Raise Broken if the item just read holds its neighbours: it lost what closes it."""
        hint = marks.hint and self._text.find(marks.hint, self._start + _NEAR, self._at)
        if hint and hint > 0 and marks.swallowed.search(self._text, self._start, self._at):
            self._at = self._start
            raise Broken("an item within an item", cut=False)

    def _damaged(self, marks: Marks, broken: Broken) -> Damaged | Repaired:
        """Go on to the next item or to the end of the list; what is passed is one item."""
        place, end = self.place, self._next(marks)
        cut = broken.cut and end is None
        text = self._text[self._at : end]
        self._at = len(self._text) if end is None else end
        self.cut |= cut
        mended, controls = _CONTROL.subn(_plain, text)
        if controls:
            try:
                return Repaired(_DECODER.decode(mended.rstrip(", \t\r\n")))
            except (ValueError, RecursionError):
                pass
        return Damaged(text, place, broken.why, cut)

    def _next(self, marks: Marks) -> int | None:
        """Where the next item begins or the list closes; None where neither is in the file."""
        passed = 0
        while True:
            start = self._at + passed
            begins = marks.begins.search(self._text, start)
            stop = begins.start() + 1 if begins else len(self._text)
            closes = marks.closes.search(self._text, start, stop) if marks.closes else None
            if closes:
                return closes.start()
            if begins:
                return begins.end()
            passed = max(passed, len(self._text) - self._at - _OVERLAP)
            if not self._grow():
                ends = marks.ends.search(self._text, max(self._at, len(self._text) - _OVERLAP))
                return ends.start() if ends else None

    def _grow(self) -> bool:
        """Take the next stretch of the file, let go of what was read; False at the end."""
        # Twice as much each time: a very long item is looked through few times.
        chunk = self._file.read(max(_CHUNK, len(self._text) - self._at))
        if not chunk:
            return False
        passed = self._text.rfind("\n", 0, self._at)
        self._lines += self._text.count("\n", 0, self._at)
        self._column = self._column + self._at if passed < 0 else self._at - passed
        self._text = self._text[self._at :] + chunk
        self._at = 0
        return True


def _plain(found: re.Match[str]) -> str:
    """Write a control character as JSON does: one that parts words stays, the others go."""
    before, code = found[1], int(found[2], 16)
    kept = 9 <= code <= 13 or (code >= 32 and code != 127)
    return f"{before}\\u{code:04x}" if kept else before
