"""What an intake under attack says: how loud a surge was, what a filter would have stopped."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import FINER_SHARES, decimal, grouped, interval, percent, plural

# Loud bins this near are one surge.
_GAP = timedelta(hours=1)
# What one more honest message costs, in messages of the attack that are stopped.
_DEAR = 20


@headline
def volume(frame: pl.DataFrame) -> str:
    """Say how many messages the surge has, beside what is usual in its time."""
    loud = frame.filter(pl.col(c.IN_SURGE)) if frame.height else frame
    if loud.is_empty():
        return "Всплесков не найдено"
    # Another surge may be drawn beside the largest one.
    apart = (pl.col(c.PERIOD_START).diff() > _GAP).fill_null(False).cum_sum().alias(c.WINDOW)
    each = loud.sort(c.PERIOD_START).group_by(apart).agg(pl.col(c.MESSAGES_COUNT, c.EXPECTED).sum())
    largest = each.sort(c.MESSAGES_COUNT, c.WINDOW, descending=[True, False]).row(0, named=True)
    number = int(largest[c.MESSAGES_COUNT])
    usual = decimal(float(largest[c.EXPECTED]), digits=1)
    noun = plural(number, "сообщение", "сообщения", "сообщений")
    which = "Во всплеске" if each.height == 1 else "В крупнейшем из всплесков"
    return f"{which} {grouped(number)} {noun}, обычно в эти часы {usual}"


@headline
def filters(table: pl.DataFrame) -> str:
    """Say what the setting that stops much of the attack at little cost would have stopped."""
    known = table.drop_nulls([c.ATTACK_SHARE, c.HONEST_SHARE])
    if known.is_empty():
        return "Подозрительных повторов во всплесках меньше 10: судить о фильтрах не по чему"
    gain = pl.col(c.ATTACK_SHARE) - _DEAR * pl.col(c.HONEST_SHARE)
    best = known.sort(gain, c.FILTER, c.WINDOW, c.ALLOWED).row(-1, named=True)
    name = c.CODES[c.FILTER].get(best[c.FILTER], best[c.FILTER])
    window = c.CODES[c.WINDOW].get(best[c.WINDOW], best[c.WINDOW])
    attack, honest = (
        interval(best[of], best[f"{of}_low"], best[f"{of}_high"], write=percent, finer=FINER_SHARES)
        for of in (c.ATTACK_SHARE, c.HONEST_SHARE)
    )
    return (
        f"«{name}», не больше {best[c.ALLOWED]} за {window}: остановлено {attack} подозрительных, "
        f"{honest} остальных"
    )


@headline
def surges(table: pl.DataFrame, *, least: int) -> str:
    """Head the surges with how many are too small to be told."""
    if table.is_empty():
        return "Всплесков не найдено"
    small = int((table[c.MESSAGES_COUNT] < least).sum())
    if small == table.height:
        return (
            f"Всплесков, где {grouped(least)} сообщений и больше, нет; меньших — {grouped(small)}"
        )
    hidden = f"; не показано тех, где меньше {grouped(least)} сообщений: {grouped(small)}"
    return f"Всплески{hidden if small else ''}"
