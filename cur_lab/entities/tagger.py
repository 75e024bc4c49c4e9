"""People, places and organisations by the NER of Natasha."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import razdel

from cur_lab import exact

PERSON = "person"
PLACE = "place"
ORGANISATION = "organisation"
_KINDS = {"PER": PERSON, "LOC": PLACE, "ORG": ORGANISATION}

# The tagger works on one padded matrix per batch; a longer piece is cut, so that a text of a
# million characters takes no more memory than a thousand short ones.
_PIECE = 1000
# Some 60,000 words stand as often in a thousand million.
_OFTEN = 1_200
_CYRILLIC = re.compile("[а-яё]+")


@cache
def _embedding() -> Any:
    from natasha import NewsEmbedding

    return NewsEmbedding()


@cache
def _tagger() -> Any:
    from natasha import NewsNERTagger

    return NewsNERTagger(_embedding())


@cache
def frequent() -> frozenset[str]:
    """Return the words that Russian news use most, of Cyrillic small letters, ё folded to е."""
    vocabulary = _embedding().vocab
    counted = zip(vocabulary.words, vocabulary.counts, strict=False)
    often = (word for word, count in counted if count >= _OFTEN)
    return frozenset(word.replace("ё", "е") for word in often if _CYRILLIC.fullmatch(word))


def mentions(contents: list[str | None]) -> Iterator[tuple[int, str, int, int]]:
    """Yield row, kind, start and stop of people, places, organisations; in no order."""
    pieces = [
        (row, start, piece)
        for row, content in enumerate(contents)
        for start, piece in _pieces(content or "")
        # The tagger finds nothing where nothing is capitalised.
        if any(map(str.isupper, piece))
    ]
    if not pieces:
        return
    # Pieces of like length share a batch, so that little of it is padding; the result is the same.
    pieces.sort(key=lambda piece: len(piece[2]))
    with exact.one_thread():
        markups = list(_tagger().map(piece for _, _, piece in pieces))
    for (row, start, _), markup in zip(pieces, markups, strict=True):
        for span in markup.spans:
            yield row, _KINDS[span.type], start + span.start, start + span.stop


def _pieces(content: str) -> Iterator[tuple[int, str]]:
    """Cut a text between sentences into pieces of at most ``_PIECE`` characters, or nearly so."""
    if len(content) <= _PIECE:
        yield 0, content
        return
    start = stop = 0
    # Sentence by sentence would cost more than the whole: they are packed into pieces.
    for sentence in _sentences(content):
        if sentence[1] - start > _PIECE and stop > start:
            yield start, content[start:stop]
            start = sentence[0]
        stop = sentence[1]
    if stop > start:
        yield start, content[start:stop]


def _sentences(content: str) -> Iterator[tuple[int, int]]:
    for sentence in razdel.sentenize(content):
        start = sentence.start
        while sentence.stop - start > _PIECE:
            # A sentence without end is cut at a space, or anywhere if it has none.
            space = content.rfind(" ", start + 1, start + _PIECE)
            stop = space if space > 0 else start + _PIECE
            yield start, stop
            start = stop
        yield start, sentence.stop
