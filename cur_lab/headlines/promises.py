"""What has become of promises."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines.sentence import headline


@headline
def fates(counts: pl.DataFrame) -> str:
    """Say how many promises were kept, and of how many the term has passed.

    `counts` is the table of ``Promises.counts``.
    """
    many = dict(counts.select(c.FATE, c.N).rows())
    total = sum(many.values())
    if not total:
        return "Обещаний с датой в данных нет"
    word = wording.plural(total, "обещания", "обещаний", "обещаний")
    done = [
        (many.get("kept", 0), "в срок"),
        (many.get("late", 0), "позже срока"),
        (many.get("no_term_done", 0), "без названного срока"),
    ]
    undone = [
        (many.get("overdue", 0), "срок прошёл"),
        (many.get("open", 0), "срок не истёк"),
        (many.get("no_term", 0), "срок не назван"),
    ]
    return f"Из {total} {word} {_part('сделано', done)}; {_part('не сделано', undone)}"


@headline
def undone(ledger: pl.DataFrame) -> str:
    """Say how many promises to a district are not done, and of how many the term has passed.

    `ledger` holds those alone.
    """
    if ledger.is_empty():
        return "Невыполненных обещаний в таблице нет"
    fates = ledger[c.FATE].to_list()
    return _part(
        "Не сделано обещаний:",
        [
            (fates.count("overdue"), "срок прошёл"),
            (fates.count("open"), "срок не истёк"),
            (fates.count("no_term"), "срок не назван"),
        ],
    )


def _part(what: str, counted: list[tuple[int, str]]) -> str:
    """Name a sum and its parts: «сделано 12 (в срок — 8, позже срока — 4)»."""
    named = [f"{how} — {number}" for number, how in counted if number]
    total = sum(number for number, _ in counted)
    return f"{what} {total}" + (f" ({', '.join(named)})" if named else "")
