"""CSV and TSV with quarantine: a broken row never takes its neighbours along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cur_lab.readers import content
from cur_lab.readers.headings import Header, Known, locate

DELIMITERS = (",", ";", "\t", "|")
# No file uses it: with it every line is one field, commas and all.
_NONE = "\x1f"
_SAMPLE_ROWS = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A line whose quotes do not close or close in the middle of a word."""

    line: str


Record = list[str] | Broken


def records(path: Path, delimiter: str, encoding: str | None = None) -> Iterator[Record]:
    """Yield the records of a file; after a broken one go on with the next line.

    The stdlib reader swallows everything up to the next quote, so on an error only the first line
    of what it took is given up and the rest is read again.
    """
    with (
        _long_fields(),
        path.open(
            encoding=encoding or content.encoding(path), errors="replace", newline=""
        ) as file,
    ):
        taken: list[str] = []
        again: deque[str] = deque()

        def lines() -> Iterator[str]:
            while True:
                line = again.popleft() if again else next(file, None)
                if line is None:
                    return
                taken.append(line)
                yield line

        reader = csv.reader(lines(), delimiter=delimiter, strict=True)
        while True:
            taken.clear()
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error:
                again.extendleft(reversed(taken[1:]))
                yield Broken(taken[0])
                reader = csv.reader(lines(), delimiter=delimiter, strict=True)
            else:
                if record:
                    yield record


def layout(
    path: Path,
    named: Mapping[str, str] | Sequence[str],
    delimiters: Sequence[str],
    known: Known,
    needed: Sequence[str],
) -> tuple[str, Header | None, list[str]]:
    """Find the delimiter and the header.

    The right delimiter is the one under which most headers are known, and then most rows have as
    many fields as the header.

    Returns
    -------
    tuple
        Delimiter, header if there is one, and the fields of the first row for the message if not.
    """
    found: list[tuple[tuple[int, float, int], str, Header]] = []
    widest: list[str] = []
    # Told by all of the file: once for all delimiters.
    encoding = content.encoding(path)
    for delimiter in (*delimiters, _NONE):
        sample = [
            record if isinstance(record, list) else []
            for record in islice(records(path, delimiter, encoding), _SAMPLE_ROWS)
        ]
        widest = max(widest, sample[0] if sample else [], key=len)
        if header := locate(sample, named, known, needed):
            rows = sample[header.lines :]
            even = sum(len(row) == len(header.names) for row in rows) / max(len(rows), 1)
            found.append(((len(header.used), even, len(header.names)), delimiter, header))
    if not found:
        return delimiters[0], None, widest
    _, delimiter, header = max(found, key=lambda candidate: candidate[0])
    return delimiter, header, widest


@contextmanager
def _long_fields() -> Iterator[None]:
    """Lift the stdlib's limit of 131,072 characters: long texts are refused by name later."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
