"""What fairness says: how unequal the money is, what it goes along with, who is left without."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import decimal, grouped, interval, plural

_PLACES = ("муниципалитета", "муниципалитетов", "муниципалитетов")


@headline
def lorenz(indices: pl.DataFrame) -> str:
    """Say how unequal the money per head is."""
    gini = _measure(indices, "gini")
    if gini is None:
        return "Денег не распределено"
    told = f"Коэффициент Джини денег на жителя: {_told(gini)}"
    return told if gini[c.VALUE_LOW] is not None else f"{told}; муниципалитетов мало, интервала нет"


@headline
def turnout(indices: pl.DataFrame, *, told: bool) -> str:
    """Say whether money per head goes along with turnout, or with votes where that is unknown."""
    slope = _measure(indices, "elasticity" if told else "elasticity_votes")
    of, more = ("явки", "явка выше") if told else ("голосов на жителя", "голосов на жителя больше")
    if slope is not None and slope[c.VALUE_LOW] is not None and slope[c.VALUE_LOW] > 0:
        return f"Где {more} на 1 %, денег на жителя больше на {_told(slope, '%')}"
    if slope is not None and slope[c.VALUE_HIGH] is not None and slope[c.VALUE_HIGH] < 0:
        return f"Где {more}, денег на жителя меньше: эластичность {_told(slope)}"
    return f"Связь {of} и денег на жителя по этим данным не определяется"


@headline
def counterfactuals(table: pl.DataFrame) -> str:
    """Say how many municipalities have no winner as the vote was decided."""
    decided = table.filter(pl.col(c.RULE) == "as_decided")
    if decided.is_empty():
        return "Муниципалитетов, между которыми делить, нет"
    nothing = decided.filter(pl.col(c.N_WINNERS) == 0).height
    of = f"{grouped(decided.height)} {plural(decided.height, *_PLACES)}"
    if not nothing:
        return f"Победитель есть в каждом из {of}"
    verb = plural(nothing, "остался", "остались", "остались")
    return f"Без единого победителя {verb} {grouped(nothing)} из {of}"


def _measure(indices: pl.DataFrame, name: str) -> dict[str, Any] | None:
    found = indices.filter(pl.col(c.METRIC) == name).drop_nulls(c.VALUE)
    return found.row(0, named=True) if found.height else None


def _told(row: dict[str, Any], unit: str = "") -> str:
    ends = (row[c.VALUE_LOW], row[c.VALUE_HIGH])
    told = interval(row[c.VALUE], *ends, write=partial(decimal, digits=2))
    value, _, rest = told.partition(" (")
    sign = f"\u00a0{unit}" if unit else ""
    return f"{value}{sign} (95 %-й интервал {rest}" if rest else f"{value}{sign}"
