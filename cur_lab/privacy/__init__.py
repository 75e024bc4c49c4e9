"""Personal data in texts: find it, redact it.

Structured data (phones, cards, documents …) are found by small named rules that know their format
and, where there is one, their checksum. Names are found by rules and by the NER of Natasha. A house
is public, a flat is private: only addresses down to the flat are personal data here.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from cur_lab import columns, text, wording
from cur_lab.columns import KIND, START, STOP, TEXT
from cur_lab.errors import ParameterError
from cur_lab.privacy import detectors
from cur_lab.privacy import officials as posts
from cur_lab.privacy.flats import KEPT, Keep
from cur_lab.privacy.spans import LABELS, Span

__all__ = ["debug", "excerpts", "find", "redact"]


def find(
    texts: pl.Series,
    *,
    names: bool = True,
    keep: Keep = "house",
    officials: Collection[str] = (),
) -> pl.DataFrame:
    """Find personal data.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.
    names
        Also look for names by NER, at some hundred texts per second on one core. Without it only
        names in a telling form («Иванова А. П.», «Мария Петровна») are found, at thousands.
    keep
        What may stay of an address. "house": an address goes if it leads to a flat. "street": the
        house goes too. "municipality": so does the street.
    officials
        Officials in office whose names stay, each as «Иванов Иван Иванович»: the patronymic may be
        missing. In any form, where a first name or initials beside the surname agree; a surname
        alone goes, and a namesake with the same initials stays too.

    Returns
    -------
    DataFrame
        Table ``spans``. Kinds: "person", "phone", "email", "document" (passport, СНИЛС, personal
        ИНН, policy), "card", "account" (bank or housing), "address" (down to the flat), "profile"
        (in a social network), "plate" (of a car, or its VIN), "cadastral", "birthday". Spans do not
        overlap: where findings do, one span covers them all and has the kind of the longest.

    Examples
    --------
    >>> find(pl.Series(["Звоните: 8 (910) 123-45-67"]), names=False)["kind"].to_list()
    ['phone']
    """
    contents = text.contents(texts, where="privacy.find")
    found = detectors.spans_of(
        contents, names=names, keep=_keep(keep), known=posts.parsed(officials)
    )
    rows = [
        (row, kind, start, stop, (contents[row] or "")[start:stop])
        for row, spans in enumerate(found)
        for start, stop, kind in spans
    ]
    return pl.DataFrame(rows, schema=columns.SPANS.schema, orient="row")


def redact(
    texts: pl.Series,
    *,
    names: bool = True,
    keep: Keep = "house",
    officials: Collection[str] = (),
) -> pl.Series:
    """Replace personal data by its kind: [ИМЯ], [ТЕЛЕФОН], [ПОЧТА], [ДОКУМЕНТ] and so on.

    A redacted text is redacted once more until nothing is found, because a name may become visible
    to the NER when its neighbour is gone: redacting twice gives the same as redacting once.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null stays null.
    names, keep, officials
        As in :func:`find`.

    Examples
    --------
    >>> redact(pl.Series(["Пишите на ivanova@example.org"]), names=False).to_list()
    ['Пишите на [ПОЧТА]']
    >>> letter = pl.Series(["Губернатору Котову И. И. от Котовой А. П."])
    >>> redact(letter, officials=["Котов Иван Иванович"]).to_list()
    ['Губернатору Котову И. И. от [ИМЯ]']
    """
    contents = text.contents(texts, where="privacy.redact")
    pending = list(range(len(contents)))
    while pending:
        found = detectors.spans_of(
            [contents[row] for row in pending],
            names=names,
            keep=_keep(keep),
            known=posts.parsed(officials),
        )
        for row, spans in zip(pending, found, strict=True):
            contents[row] = _replaced(contents[row] or "", spans) if spans else contents[row]
        pending = [row for row, spans in zip(pending, found, strict=True) if spans]
    return pl.Series(texts.name, contents, dtype=pl.String)


def excerpts(
    texts: pl.Series,
    *,
    characters: int = 240,
    words: int | None = None,
    keep: Keep = "house",
) -> pl.Series:
    """Give the beginnings of texts as they may be shown: clean, redacted, on one line.

    Parameters
    ----------
    texts
        Texts as found; null stays null.
    characters
        The longest an excerpt may be; a longer text is cut at a word and ends in «…».
    words
        The most words of an excerpt: public comments can be searched by what they say.
    keep
        As in :func:`find`.
    """
    # No excerpt shows a text to its end; names are looked for well beyond what is shown.
    shown = redact(text.clean(texts).str.slice(0, 4 * characters), keep=keep)
    if words is not None:
        first = shown.str.extract(rf"^((?:\S+\s+){{{words}}})\S", 1).str.strip_chars_end()
        shown = pl.select(pl.coalesce(first + "…", shown)).to_series()
    return pl.Series(
        texts.name,
        [None if content is None else wording.shortened(content, characters) for content in shown],
        dtype=pl.String,
    )


def debug(content: str) -> pl.DataFrame:
    """Show which rule proposes what for one text, by the rules alone.

    Returns
    -------
    DataFrame
        ``rule``, ``kind``, ``start``, ``stop``, ``text``, in the order of the rules; places are
        those of the text as found.

    Examples
    --------
    >>> debug("тел. 8 910 123-45-67")["rule"].to_list()
    ['of_eleven', 'of_ten']
    """
    rows = []
    for piece in detectors.pieces([content]):
        (proposals,) = detectors.proposed([piece.read.text])
        for rule, (start, stop, kind) in proposals:
            begin, end = (piece.offset + place for place in piece.read.original(start, stop))
            rows.append((rule.name, kind, begin, end, content[begin:end]))
    schema = {
        "rule": pl.String,
        KIND: pl.String,
        START: pl.Int64,
        STOP: pl.Int64,
        TEXT: pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _keep(keep: Keep) -> Keep:
    if keep not in KEPT:
        raise ParameterError(f"keep is one of {', '.join(KEPT)}", where="privacy")
    return keep


def _replaced(content: str, spans: list[Span]) -> str:
    parts, place = [], 0
    is_object = detectors.is_object(content)
    for start, stop, kind in spans:
        label = f"[{LABELS[kind]}]"
        if is_object and content[start:stop].isdecimal() and content[start - 1] in ":[, \t\n":
            # A number of JSON gives way to a string, or the object would be one no more.
            quoted = content.count('"', 0, start) - content.count('\\"', 0, start)
            label = label if quoted % 2 else f'"{label}"'
        parts += [content[place:start], label]
        place = stop
    return "".join([*parts, content[place:]])
