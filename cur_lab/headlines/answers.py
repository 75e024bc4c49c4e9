"""What answers say: who waits longest, whose fixes are opened again."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines import telling
from cur_lab.headlines.sentence import headline

_EVENTS = {"answer": "ответа", "resolution": "отметки об устранении"}


@headline
def waiting(left: pl.DataFrame, *, event: str, days: int) -> str:
    """Say what share still waits after so many days, in the groups that wait most and least.

    `left` is a frame of ``Resolution.waiting``.
    """
    if left.is_empty():
        return f"Ждут ли {_EVENTS[event]}, не определяется по этим данным"
    ends = left.with_columns(telling.label(left)).sort(c.STILL_OPEN, telling.LABEL)
    best, worst = (telling.share(ends.row(place, named=True), c.STILL_OPEN) for place in (0, -1))
    what = f"ерез {days} {wording.plural(days, 'день', 'дня', 'дней')} нет {_EVENTS[event]} у"
    first, last = ends[telling.LABEL][0], ends[telling.LABEL][-1]
    if left.height == 1:
        return f"{last}: ч{what} {worst} сообщений"
    alike = ends[c.STILL_OPEN_LOW][-1] <= ends[c.STILL_OPEN_HIGH][0]
    told = "; по этим данным их не различить" if alike else ""
    return f"Ч{what} {worst} сообщений ({last}) и у {best} ({first}){told}"


@headline
def incidence(risks: pl.DataFrame, *, days: int) -> str:
    """Say whose fixes are opened again most often, of those within so many days."""
    again = risks.filter(pl.col(c.SINCE) == "fixed", pl.col(c.DAYS) == days)
    again = again.with_columns(telling.label(again))
    rivals = telling.leaders(again, c.INCIDENCE, telling.LABEL)
    term = f"{days} {wording.plural(days, 'день', 'дня', 'дней')}"
    if rivals.is_empty():
        return f"Что происходит с сообщениями за {term}"
    worst = rivals.row(0, named=True)
    share = telling.share(worst, c.INCIDENCE)
    said = f"{worst[telling.LABEL]}: {share} отмеченных устранёнными открывают снова за {term}"
    if again[c.INCIDENCE].count() == 1:
        return said
    return f"{said}, {'чаще всех' if rivals.height == 1 else 'среди самых частых'}"
