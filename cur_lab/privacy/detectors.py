"""The rules in their order, and what they find in many texts.

Every text is folded first (:mod:`cur_lab.privacy.folded`), and a JSON object is read string by
string, so that no rule runs over its braces or takes a unix time for a telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from cur_lab.privacy import (
    bank_numbers,
    belongings,
    birthdays,
    documents,
    flats,
    officials,
    online,
    phones,
    tagging,
)
from cur_lab.privacy import person_names as people
from cur_lab.privacy.folded import Folded, all_folded, folded
from cur_lab.privacy.spans import Rule, Span, merged

RULES: list[Rule] = [
    *online.RULES,
    *belongings.RULES,
    *documents.RULES,
    *bank_numbers.RULES,
    *phones.RULES,
    *birthdays.RULES,
    *flats.RULES,
    *people.RULES,
]


class Piece(NamedTuple):
    """A text, or a string inside one that is JSON: its row, where it begins, how it reads."""

    row: int
    offset: int
    read: Folded


_OBJECT = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
# A string of JSON, closed or cut off, or a number that is a value of its own.
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)(?:"|\\?$)|(?<=[:\[,\s])(\d{11})(?=\s*[,}\]]|\s*$)', re.S)
_MOBILE = re.compile(r"[78]9\d{9}")


def pieces(contents: Sequence[str | None]) -> list[Piece]:
    """Split what is JSON into its strings and fold everything."""
    found: list[Piece] = []
    for row, (content, read) in enumerate(zip(contents, all_folded(contents), strict=True)):
        if content and _OBJECT.match(content):
            found.extend(_of_object(row, content))
        elif content:
            found.append(Piece(row, 0, read))
    return found


def is_object(content: str) -> bool:
    """Tell whether a text is JSON, whole or its beginning."""
    return _OBJECT.match(content) is not None


def _of_object(row: int, content: str) -> Iterator[Piece]:
    for match in _VALUE.finditer(content):
        group = 1 if match[2] is None else 2
        # A bare number is personal only where it is a mobile phone: the rest are ids and times.
        if group == 1 or _MOBILE.fullmatch(match[2]):
            yield Piece(row, match.start(group), folded(match[group], escaped=group == 1))


def proposed(texts: Sequence[str]) -> list[list[tuple[Rule, Span]]]:
    """Give what every rule proposes for folded texts; a rule is asked where it may find any."""
    series = pl.Series(texts, dtype=pl.String)
    found: list[list[tuple[Rule, Span]]] = [[] for _ in texts]
    for rule in RULES:
        for row in series.str.contains(rule.needed).arg_true().to_list():
            found[row].extend((rule, span) for span in rule.find(texts[row]))
    return found


def spans_of(
    contents: Sequence[str | None],
    *,
    names: bool,
    keep: flats.Keep,
    known: Sequence[officials.Official] = (),
) -> list[list[Span]]:
    """Find personal data in many texts, as places in them; ``known`` are officials who stay."""
    every = pieces(contents)
    texts = [piece.read.text for piece in every]
    found = [[span for _, span in spans] for spans in proposed(texts)]
    public: list[list[Span]] = [[] for _ in texts]
    for number, places in enumerate(flats.places(texts)):
        for place in places:
            span = flats.personal(texts[number], place, keep)
            if span is not None:
                found[number].append(span)
            if span is None or keep != "house":
                public[number].append((place.start, place.stop, "address"))
    if names:
        for number, span in tagging.tagged(texts, found, public):
            found[number].append(span)
    spans: list[list[Span]] = [[] for _ in contents]
    for piece, proposals, open_places in zip(every, found, public, strict=True):
        kept = people.without_namesakes(piece.read.text, proposals, open_places)
        for start, stop, kind in merged(piece.read.text, kept):
            if kind == "person" and officials.is_official(piece.read.text[start:stop], known):
                continue
            begin, end = piece.read.original(start, stop)
            spans[piece.row].append((piece.offset + begin, piece.offset + end, kind))
    return spans
