"""What readiness to report says: who differs from the mean by more than chance."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines import telling
from cur_lab.headlines.sentence import headline


@headline
def rates(frame: pl.DataFrame) -> str:
    """Say how many groups differ from the mean of them all, and whether chance does that."""
    known = frame.drop_nulls(c.RATIO)
    if known.is_empty():
        return "Готовность писать не определяется по этим данным"
    sure = known.filter((pl.col(c.RATIO_LOW) > 1) | (pl.col(c.RATIO_HIGH) < 1))
    found, of = sure.height, known.height
    if not found:
        return f"Готовность писать не отличить от средней ни в одной группе из {of}"
    if telling.by_chance(found, of):
        return (
            f"Готовность писать отличается от средней в {found} из {of} групп: "
            "столько бывает и случайно"
        )
    return f"Об одинаковых происшествиях пишут по-разному: от среднего отличаются {found} из {of}"
