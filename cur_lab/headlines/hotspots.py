"""What places say: streets above what is expected, districts unlike the others."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines.sentence import headline

# So many districts are named.
_NAMED = 3


@headline
def streets(found: pl.DataFrame) -> str:
    """Name the street with the largest ratio of those surely above what is expected."""
    sure = found.filter(pl.col(c.VERDICT) == "above_expected")
    if sure.is_empty():
        return "Улиц, где пишут чаще ожидаемого, не найдено"
    best = sure.sort(pl.col(c.RATIO) * -1, c.MUNICIPALITY, c.STREET, c.RUBRIC).row(0, named=True)
    times = (wording.decimal(best[end], digits=1) for end in (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH))
    ratio, low, high = times
    about = f"«{best[c.RUBRIC]}»" if best[c.RUBRIC] else "все рубрики вместе"
    street = wording.street(best[c.STREET])
    return f"{street}: {about} — в {ratio} раза чаще ожидаемого (от {low} до {high})"


@headline
def districts(found: pl.DataFrame) -> str:
    """Name the districts that with their neighbours differ from the others by more than chance."""
    if found.is_empty():
        return "Муниципалитетов в сообщениях нет"
    about = found[c.RUBRIC_GROUP].drop_nulls().unique().to_list()
    what = about[0] if len(about) == 1 else "Все сообщения"
    told = [
        f"{often}: {_listed(found.filter(pl.col(c.VERDICT) == verdict)[c.MUNICIPALITY])}"
        for verdict, often in (("above_region", "чаще"), ("below_region", "реже"))
        if (found[c.VERDICT] == verdict).any()
    ]
    if (found[c.VERDICT] == "no_neighbours").all():
        return f"{what}: муниципалитетов мало, сравнивать не с чем"
    if not told:
        return f"{what}: ни один муниципалитет не отличается от остальных больше, чем случайно"
    return f"{what}: вместе с соседями не случайно пишут {'; '.join(told)}"


def _listed(names: pl.Series) -> str:
    named = ", ".join(names.sort().head(_NAMED))
    return f"{named} и ещё {len(names) - _NAMED}" if len(names) > _NAMED else named
