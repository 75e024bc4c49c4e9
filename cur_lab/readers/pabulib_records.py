"""The records of a ``.pb`` file, split by what each line says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError

LINE = "line"
ENCODING = "encoding"
# With more spoilt letters than sound ones the file is in another encoding.
_FEW = 3
_RAW_LENGTH = 500


# A name of more lines than this is an unclosed quotation mark, not a name.
_LONGEST_RECORD = 200


_FIELD = re.compile(r'"((?:[^"]|"")*)"(?=;|\Z)|([^;]*)')


_OPEN_FIELD = re.compile(r'"(?:[^"]|"")*\Z')


_MARKER = re.compile(rb"\s*(META|PROJECTS|VOTES)[;\s]*", re.IGNORECASE)


class Source:
    """The bytes of one file, read record by record from the front."""

    def __init__(self, path: Path):
        self.path = path
        self.rejected: list[tuple[int, str, str]] = []
        self.unreadable: list[tuple[int, str, str]] = []
        self.meta_lines: dict[str, int] = {}
        self.line = 0
        self._at = 0
        try:
            self._bytes = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        except OSError as error:
            raise InputError("cannot be read", where=str(path), remedy="Check the path") from error
        try:
            self._bytes.decode("utf-8")
        except UnicodeDecodeError as error:
            self.line = self._bytes.count(b"\n", 0, error.start) + 1
            text = self._bytes.decode("utf-8", errors="replace")
            spoilt = text.count("\ufffd")
            sound = sum(not character.isascii() for character in text) - spoilt
            if spoilt > max(_FEW, sound):
                raise self.error("not UTF-8", "Save the file as UTF-8") from error
            # A few spoilt letters do not lose the votes beside them.
            self._mend()

    def _mend(self) -> None:
        """Mark the bytes that are no UTF-8 and note their lines."""
        self.line = 0
        lines = self._bytes.split(b"\n")
        for number, line in enumerate(lines, start=1):
            text = line.decode("utf-8", errors="replace")
            if text.encode() != line:
                self.unreadable.append((number, ENCODING, text[:100]))
                lines[number - 1] = text.encode()
        self._bytes = b"\n".join(lines)

    def error(self, problem: str, remedy: str, line: int | None = None) -> InputError:
        """Name the file and the line an error is about."""
        return InputError(
            problem, where=f"{self.path}, line {line or self.line or 1}", remedy=remedy
        )

    def set_aside(
        self, frame: pl.DataFrame, fault: pl.Expr, reason: str, raw: pl.Expr
    ) -> pl.DataFrame:
        """Return the rows without the fault; note the others with their line."""
        bad = frame.select(fault.alias("fault"))["fault"]
        if not bad.any():
            return frame
        for line, text in frame.filter(bad).select(LINE, raw.alias(c.RAW)).iter_rows():
            self.reject(line, reason, text)
        return frame.filter(~bad)

    def reject(self, line: int, reason: str, raw: str) -> None:
        """Note a row that is not read."""
        self.rejected.append((line, reason, raw[:_RAW_LENGTH]))

    def next_line(self) -> str | None:
        """Text up to the next line feed, without it; None at the end of the file."""
        if self._at >= len(self._bytes):
            return None
        stop = self._bytes.find(b"\n", self._at)
        stop = len(self._bytes) if stop < 0 else stop
        line = self._bytes[self._at : stop].decode("utf-8")
        self._at = stop + 1
        self.line += 1
        return line

    def marker(self) -> str | None:
        """Name of the section that the next line opens, if it opens one."""
        stop = self._bytes.find(b"\n", self._at)
        line = self._bytes[self._at : len(self._bytes) if stop < 0 else stop]
        found = _MARKER.fullmatch(line)
        return found.group(1).decode().upper() if found else None

    def enter(self, section: str) -> list[str]:
        """Step over the line that opens a section and return the names of its columns."""
        while self.marker() != section:
            line = self.next_line()
            if line is None or line.strip():
                raise self.error(
                    f"no section {section}" if line is None else f"{section} expected",
                    "A .pb file has the sections META, PROJECTS and VOTES, in this order",
                )
        self.next_line()
        record = next(self.records(width=None), None)
        if record is None or record.fault:
            raise self.error(f"{section} has no header", "Add the line with the column names")
        names = [name.strip() for name in record.fields]
        while names and not names[-1]:
            names.pop()
        if len(set(names)) < len(names) or "" in names:
            raise self.error("a column has no name or one that is taken", "Name every column once")
        return names

    def records(self, width: int | None) -> Iterator[_Record]:
        """Yield the records up to the next section or the end of the file.

        Parameters
        ----------
        width
            Number of fields a record must have; None where any will do.
        """
        while self.marker() is None and (text := self.next_line()) is not None:
            if text.strip():
                yield self._record(text, width)

    def _record(self, text: str, width: int | None) -> _Record:
        line, resume = self.line, (self._at, self.line)
        whole, fields = text, _split(text.removesuffix("\r"))
        # A quoted name may hold line feeds: read on until its mark is closed.
        while fields is None and self.line - line < _LONGEST_RECORD:
            more = self.next_line()
            if more is None:
                break
            whole = f"{whole}\n{more}"
            fields = _split(whole.removesuffix("\r"))
        if fields is not None and width is not None:
            while len(fields) > width and not fields[-1].strip():
                fields.pop()
        if fields is not None and width in (None, len(fields)):
            return _Record(line, whole, fields)
        if self.line > line:
            # Whatever the open mark swallowed is read again as lines of their own.
            self._at, self.line = resume
            return _Record(line, text, [], "a quotation mark is opened and never closed")
        return _Record(line, text, [], f"{len(fields or ())} fields, {width} expected")

    def rest(self) -> bytes:
        """Bytes not yet read."""
        return self._bytes[self._at :]


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    raw: str
    fields: list[str]
    fault: str | None = None


def _split(record: str) -> list[str] | None:
    """Fields of a record; None where a quotation mark is still open at its end."""
    fields, at = [], 0
    while True:
        if _OPEN_FIELD.match(record, at):
            return None
        found = _FIELD.match(record, at)
        if found is None:  # the second branch of the pattern matches anything
            raise AssertionError(record)
        quoted, plain = found.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        if found.end() == len(record):
            return fields
        at = found.end() + 1
