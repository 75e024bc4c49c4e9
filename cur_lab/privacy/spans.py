"""Stretches of a text that hold personal data, the labels that replace them, the rules that find.

A rule is a small named function with what a text must have for it to find anything: a pattern in
the words of polars, which looks through all texts at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int, str]  # start, stop, kind


class Rule(NamedTuple):
    """A way to find one kind of personal data."""

    find: Callable[[str], Iterator[Span]]
    needed: str

    @property
    def name(self) -> str:
        """What the debug view calls it."""
        return self.find.__name__.lstrip("_")


LABELS = {
    "person": "ИМЯ",
    "phone": "ТЕЛЕФОН",
    "email": "ПОЧТА",
    "document": "ДОКУМЕНТ",
    "card": "КАРТА",
    "account": "СЧЁТ",
    "address": "АДРЕС",
    "profile": "ПРОФИЛЬ",
    "plate": "НОМЕР АВТО",
    "cadastral": "КАДАСТРОВЫЙ НОМЕР",
    "birthday": "ДАТА РОЖДЕНИЯ",
}
_LABEL = re.compile(r"\[(?:" + "|".join(map(re.escape, LABELS.values())) + r")\]")


def matches(
    pattern: re.Pattern[str], content: str, kind: str, *, group: int | str = 0
) -> Iterator[Span]:
    """Yield every match of a pattern, or of a group in it."""
    for match in pattern.finditer(content):
        yield match.start(group), match.end(group), kind


def digits_of(written: str) -> str:
    """Keep the digits of a number."""
    return "".join(filter(str.isdecimal, written))


def merged(content: str, spans: list[Span]) -> list[Span]:
    """Join overlapping spans into one with the kind of the longest; spare what is redacted.

    Of equally long ones the kind of the earlier rule stays.
    """
    if not spans:
        return []
    labels = [(match.start(), match.end()) for match in _LABEL.finditer(content)]
    pieces = [piece for span in spans for piece in _outside(content, span, labels)]
    merged: list[Span] = []
    longest = 0
    for start, stop, kind in sorted(pieces, key=lambda span: (span[0], -span[1])):
        if not merged or start >= merged[-1][1]:
            merged.append((start, stop, kind))
            longest = stop - start
            continue
        if stop - start > longest:
            longest = stop - start
        else:
            kind = merged[-1][2]
        merged[-1] = (merged[-1][0], max(merged[-1][1], stop), kind)
    return merged


def _outside(content: str, span: Span, labels: list[tuple[int, int]]) -> Iterator[Span]:
    start, stop, kind = span
    edges = [start]
    for begin, end in labels:
        if begin < stop and start < end:
            edges += [max(begin, start), min(end, stop)]
    edges.append(stop)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        if any(map(str.isalnum, content[left:right])):
            yield left, right, kind
