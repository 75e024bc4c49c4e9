"""People, places, organisations and addresses in texts.

People, places and organisations are found by the NER of Natasha. Addresses are found by own rules:
small named functions in one ordered list, where the earlier rule wins; :func:`debug` shows which
rule found what.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from cur_lab import columns, text
from cur_lab.columns import ADDRESS, KIND, ROW, START, STOP, TEXT
from cur_lab.entities import address_rules
from cur_lab.entities.settlements import settled
from cur_lab.entities.tagger import mentions

__all__ = ["addresses", "debug", "find"]


def find(texts: pl.Series) -> pl.DataFrame:
    """Find people, places, organisations and addresses.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.

    Returns
    -------
    DataFrame
        Table ``spans``: one row per mention, with its kind ("person", "place", "organisation",
        "address"). An address may cover a place or a person it is named after; spans of the other
        kinds do not overlap.

    References
    ----------
    Natasha and slovnet, https://github.com/natasha/slovnet: F1 on factRuEval PER 0.96, LOC 0.92,
    ORG 0.83.
    """
    contents = text.contents(texts, where="entities.find")
    found = [
        (row, kind, start, stop, (contents[row] or "")[start:stop])
        for spans in (mentions(contents), _address_spans(contents))
        for row, kind, start, stop in spans
    ]
    frame = pl.DataFrame(found, schema=columns.SPANS.schema, orient="row")
    return frame.sort(ROW, START, STOP, KIND)


def _address_spans(contents: list[str | None]) -> Iterator[tuple[int, str, int, int]]:
    for row, found in enumerate(address_rules.find_all(contents)):
        for address in found:
            yield row, ADDRESS, address.start, address.stop


def addresses(texts: pl.Series) -> pl.DataFrame:
    """Find addresses: inflected, abbreviated, in lower case, without commas.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.

    Returns
    -------
    DataFrame
        Table ``addresses``: one row per mention, spans do not overlap. ``settlement``, ``street``,
        ``house`` and ``flat`` are null where they are not named. ``address`` is a key in which two
        spellings of one house meet («на улице Ленина, дом 5», «ул ленина 5»). It names neither
        the settlement, which people leave out, nor the flat: group by municipality and address.

    Examples
    --------
    >>> found = addresses(pl.Series(["г. Курск, ул.Харьковская,д.14, кв 3", "на Харьковской 14"]))
    >>> found["address"].to_list()
    ['улица харьковская, 14', 'улица харьковская, 14']
    """
    contents = text.contents(texts, where="entities.addresses")
    rows = [
        (
            row,
            address.start,
            address.stop,
            content[address.start : address.stop],
            address.settlement,
            address.street,
            address.house,
            address.flat,
            address.key,
        )
        for row, (content, found) in enumerate(
            zip(contents, address_rules.find_all(contents), strict=True)
        )
        if content
        for address in found
    ]
    return pl.DataFrame(rows, schema=columns.ADDRESSES.schema, orient="row")


def debug(content: str) -> pl.DataFrame:
    """Show every address the rules propose for one text, kept or covered by an earlier rule.

    Returns
    -------
    DataFrame
        ``rule``, ``start``, ``stop``, ``text``, ``address``, ``kept``, in the order of the rules.
    """
    kept = set(address_rules.find(content))
    rows = [
        (
            rule.__name__.lstrip("_"),
            address.start,
            address.stop,
            content[address.start : address.stop],
            address.key,
            settled(content, address) in kept,
        )
        for rule in address_rules.RULES
        for address in rule(content)
    ]
    schema = {
        "rule": pl.String,
        START: pl.Int64,
        STOP: pl.Int64,
        TEXT: pl.String,
        ADDRESS: pl.String,
        "kept": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
