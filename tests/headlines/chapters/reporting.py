"""What holds of sentences about readiness to report."""

from math import comb

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import only, put, widened
from headlines.reading import numbers

from cur_lab.headlines import reporting


def luck(found, of):
    """Whether as many 95 % intervals miss oftener than once in twenty where nothing is."""
    misses = range(found, of + 1)
    return sum(comb(of, n) * 0.05**n * 0.95 ** (of - n) for n in misses) > 0.05


def told(apart, alike):
    """So many groups apart from the mean, above and below it by turns, and so many like it."""
    ends = [*([(1.2, 2.0), (0.4, 0.8)] * apart)[:apart], *[(0.8, 1.3)] * alike]
    rows = [{"ratio": (a + b) / 2, "ratio_low": a, "ratio_high": b} for a, b in ends]
    return pl.DataFrame(rows)


@holds(
    reporting.rates,
    case(told(5, 10), mutations=(widened("ratio"), only(4), put(ratio=None))),
    case(told(1, 10), mutations=(widened("ratio"), put(ratio_low=1.1))),
    case(told(0, 3), mutations=(put(ratio_high=0.9),)),
    claims="по-разному",
)
def rates(sentence, frame):
    rows = [row for row in frame.to_dicts() if row["ratio"] is not None]
    if not rows:
        return "не определяется" in sentence
    apart = sum(not row["ratio_low"] <= 1 <= row["ratio_high"] for row in rows)
    by_luck = apart > 0 and luck(apart, len(rows))
    sure = ("по-разному" in sentence) == (apart > 0 and not by_luck)
    said = numbers(sentence) == ([apart, len(rows)] if apart else [len(rows)])
    return said and sure and ("случайно" in sentence) == by_luck
