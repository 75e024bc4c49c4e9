"""What became of a vote: how many of its winners are built."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import FINER_SHARES, interval, percent, plural

_CAMPAIGNS = ("кампания", "кампании", "кампаний")


@headline
def course(table: pl.DataFrame) -> str:
    """Say of how many campaigns the votes are drawn against the share of the time."""
    number = table[c.CAMPAIGN].n_unique()
    if not number:
        return "Ход кампаний не определяется: у голосов нет времени"
    return f"Голоса к одинаковой доле срока: {number} {plural(number, *_CAMPAIGNS)}"


@headline
def delivery(curve: pl.DataFrame) -> str:
    """Say which share of the winners is built by the last day that is known."""
    if curve.is_empty():
        return "Когда построены победители, по этим данным не определяется"
    last = curve.sort(c.DAYS).row(-1, named=True)
    ends = (last[c.SHARE_LOW], last[c.SHARE_HIGH])
    # Where all are built the curve has no width left, and the table beneath an interval of its own.
    if ends[0] == ends[1]:
        ends = (None, None)
    reached = interval(last[c.SHARE], *ends, write=percent, finer=FINER_SHARES)
    return f"К последнему известному дню построено {reached} победителей"
