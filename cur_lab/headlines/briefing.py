"""What a district says before a broadcast: problems above the norm, what is asked."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines.sentence import headline

# What stands for a question nobody asked in public.
UNQUOTED = "вопрос из обращений, слова не приводятся"
_KNOWN = ("above_norm", "maybe_above", "within_norm", "maybe_below", "below_norm")


@headline
def problems(table: pl.DataFrame) -> str:
    """Say how many problems are above the norm, surely and perhaps."""
    verdicts = table[c.VERDICT].to_list()
    if not verdicts:
        return "Ни об одной рубрике не пишут столько, чтобы судить"
    if not set(verdicts) & set(_KNOWN):
        return "Выше ли нормы, не определяется: прошлого слишком мало"
    sure, perhaps = (verdicts.count(code) for code in ("above_norm", "maybe_above"))
    word = wording.plural(sure, "рубрика", "рубрики", "рубрик")
    said = f"Выше нормы — {sure} {word}" if sure else "Уверенно выше нормы нет ни одной рубрики"
    return f"{said}; возможно, выше — {perhaps}" if perhaps else said


@headline
def questions(table: pl.DataFrame, *, least: int) -> str:
    """Say how many questions so many people ask, or that none is asked by so many."""
    if table.is_empty():
        return "Нет вопроса, который задали бы двое"
    often = table[c.AUTHORS].count()
    if not often:
        return f"Нет вопроса, который задали бы {least} человек: о каждом спросили немногие"
    rest = f"; остальные, без числа, — менее {least}" if often < table.height else ""
    return f"Вопросов, которые задали {least} человек и больше: {often}{rest}"


@headline
def alarms(table: pl.DataFrame, *, borne: float | None) -> str:
    """Say how many alarms the window has, or why it has none."""
    if not table.is_empty():
        number = table.height
        return f"За период {number} {wording.plural(number, 'тревога', 'тревоги', 'тревог')}"
    if borne is None:
        return f"Прошлого слишком мало, чтобы сказать, что необычно: {c.UNKNOWN}"
    return "За период тревог не было; это не значит, что не было аварий: о части из них не пишут"
