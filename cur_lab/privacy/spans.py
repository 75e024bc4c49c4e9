"""Stretches of a text that hold personal data, and the labels that replace them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

Span: TypeAlias = tuple[int, int, str]  # start, stop, kind


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
    "birthday": "ДАТА РОЖДЕНИЯ",
}
_LABEL = re.compile(r"\[(?:" + "|".join(map(re.escape, LABELS.values())) + r")\]")


def matches(
    pattern: re.Pattern[str], content: str, kind: str, *, group: int | str = 0
) -> Iterator[Span]:
    """Yield every match of a pattern, or of a group in it."""
    for match in pattern.finditer(content):
        yield match.start(group), match.end(group), kind


def merged(content: str, spans: list[Span]) -> list[Span]:
    """Join overlapping spans into one with the kind of the longest; spare what is redacted."""
    labels = [(match.start(), match.end()) for match in _LABEL.finditer(content)]
    pieces = [piece for span in spans for piece in _outside(content, span, labels)]
    merged: list[Span] = []
    longest = 0
    for start, stop, kind in sorted(pieces, key=lambda span: (span[0], -span[1], span[2])):
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
