"""What alarms say: how many episodes there are and how many of them are listed."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import grouped, plural


@headline
def episodes(frame: pl.DataFrame, *, top: int) -> str:
    """Say how many episodes there were, how many are drawn and how many of these were announced."""
    if frame.is_empty():
        return "Тревог не было"
    number = frame.height
    said = f"Тревоги: {grouped(number)} {plural(number, 'эпизод', 'эпизода', 'эпизодов')}"
    drawn = frame.sort(c.CHANCE_PER_YEAR, c.EPISODE).head(top)
    if drawn.height < number:
        said += f"; показано самых надёжных {drawn.height}"
    noticed = drawn[c.NOTICE_AT].count()
    return f"{said}; из показанных с извещением {noticed}" if noticed else said


@headline
def certain(frame: pl.DataFrame, *, top: int) -> str:
    """Say how many of the episodes are listed."""
    if frame.is_empty():
        return "Тревог не было"
    return f"Самые надёжные тревоги: {min(top, frame.height)} из {grouped(frame.height)}"
