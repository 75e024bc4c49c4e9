"""Personal data in texts: find it, redact it.

Structured data (phones, cards, documents …) are found by small named rules that know their format
and, where there is one, their checksum. Names are found by rules and by the NER of Natasha. A house
is public, a flat is private: only addresses down to the flat are personal data here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl

from cur_lab import columns, entities, text, wording
from cur_lab.columns import FLAT, ROW, START, STOP
from cur_lab.entities.tagger import PERSON, mentions
from cur_lab.privacy import known_forms, person_names
from cur_lab.privacy.person_names import may_be_name, without_namesakes
from cur_lab.privacy.spans import LABELS, Span, merged

__all__ = ["excerpts", "find", "redact"]


def find(texts: pl.Series, *, names: bool = True) -> pl.DataFrame:
    """Find personal data.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.
    names
        Also look for names by NER, at some hundred texts per second on one core. Without it only
        names in a telling form («Иванова А. П.», «Мария Петровна») are found, at thousands.

    Returns
    -------
    DataFrame
        Table ``spans``. Kinds: "person", "phone", "email", "document" (passport, СНИЛС, personal
        ИНН, policy), "card", "account" (bank or housing), "address" (down to the flat), "profile"
        (in a social network), "plate" (of a car), "birthday". Spans do not overlap: where findings
        do, one span covers them all and has the kind of the longest.

    Examples
    --------
    >>> find(pl.Series(["Звоните: 8 (910) 123-45-67"]), names=False)["kind"].to_list()
    ['phone']
    """
    contents = text.contents(texts, where="privacy.find")
    found = _find(contents, names=names)
    rows = [
        (row, kind, start, stop, (contents[row] or "")[start:stop])
        for row, spans in enumerate(found)
        for start, stop, kind in spans
    ]
    return pl.DataFrame(rows, schema=columns.SPANS.schema, orient="row")


def redact(texts: pl.Series, *, names: bool = True) -> pl.Series:
    """Replace personal data by its kind: [ИМЯ], [ТЕЛЕФОН], [ПОЧТА], [ДОКУМЕНТ] and so on.

    A redacted text is redacted once more until nothing is found, because a name may become visible
    to the NER when its neighbour is gone: redacting twice gives the same as redacting once.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null stays null.
    names
        As in :func:`find`.

    Examples
    --------
    >>> redact(pl.Series(["Пишите на ivanova@example.org"]), names=False).to_list()
    ['Пишите на [ПОЧТА]']
    """
    contents = text.contents(texts, where="privacy.redact")
    pending = list(range(len(contents)))
    while pending:
        found = _find([contents[row] for row in pending], names=names)
        for row, spans in zip(pending, found, strict=True):
            contents[row] = _replaced(contents[row] or "", spans) if spans else contents[row]
        pending = [row for row, spans in zip(pending, found, strict=True) if spans]
    return pl.Series(texts.name, contents, dtype=pl.String)


def excerpts(texts: pl.Series, *, characters: int = 240) -> pl.Series:
    """Give the beginnings of texts as they may be shown: clean, redacted, on one line.

    Parameters
    ----------
    texts
        Texts as found; null stays null.
    characters
        The longest an excerpt may be; a longer text is cut at a word and ends in «…».
    """
    # No excerpt shows a text to its end; names are looked for well beyond what is shown.
    shown = redact(text.clean(texts).str.slice(0, 4 * characters))
    return pl.Series(
        texts.name,
        [None if content is None else wording.shortened(content, characters) for content in shown],
        dtype=pl.String,
    )


def _replaced(content: str, spans: list[Span]) -> str:
    parts, place = [], 0
    for start, stop, kind in spans:
        parts += [content[place:start], f"[{LABELS[kind]}]"]
        place = stop
    return "".join([*parts, content[place:]])


def _rules(content: str) -> Iterator[Callable[[str], Iterator[Span]]]:
    """Rules that may find something: most texts have no digit, and most forms are of digits."""
    yield from known_forms.RULES
    if _DIGIT.search(content):
        yield from known_forms.OF_DIGITS
    yield from person_names.RULES


_DIGIT = re.compile(r"\d")


def _find(contents: list[str | None], *, names: bool) -> list[list[Span]]:
    found: list[list[Span]] = [
        [span for rule in _rules(content) for span in rule(content)] if content else []
        for content in contents
    ]
    homes = entities.addresses(pl.Series(contents, dtype=pl.String))
    public: list[list[Span]] = [[] for _ in contents]
    for row, start, stop, flat in homes.select(ROW, START, STOP, FLAT).iter_rows():
        (found if flat else public)[row].append((start, stop, "address"))
    if names:
        for row, kind, start, stop in mentions(contents):
            if kind == PERSON and may_be_name((contents[row] or "")[start:stop]):
                found[row].append((start, stop, kind))
    return [
        merged(content or "", without_namesakes(content or "", spans, places))
        for content, spans, places in zip(contents, found, public, strict=True)
    ]
