"""What refuted claims say: how much came after the refutation, how many ask."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import grouped, percent, plural, shortened

# A title stands on one line.
_CHARACTERS = 45
_PHASES = {"before_refutation": "до опровержения", "after_refutation": "после опровержения"}


@headline
def course(curves: pl.DataFrame, *, claim: str, refuted: datetime | None) -> str:
    """Say how many messages of one claim are drawn, and which part of them came late.

    Days that hold fewer than ten messages together are not in the curves: what is not drawn of one
    side of the refutation is not nought.
    """
    if curves.is_empty():
        return "Ни до, ни после опровержения не найдено и десяти сообщений с датой"
    total = int(curves[c.MESSAGES_COUNT].sum())
    noun = plural(total, "сообщение", "сообщения", "сообщений")
    drawn = f"«{shortened(claim, _CHARACTERS)}»: на графике {grouped(total)} {noun}"
    if refuted is None:
        return drawn
    for phase, words in _PHASES.items():
        if not (curves[c.PHASE] == phase).any():
            return f"{drawn}, {words} — меньше десяти"
    late = curves.filter(pl.col(c.PHASE) == "after_refutation")
    after = int(late[c.MESSAGES_COUNT].sum())
    return f"{drawn}, после опровержения — {grouped(after)} ({percent(after / total)})"


@headline
def stances(table: pl.DataFrame) -> str:
    """Say of how many messages the stance is decided, and how many of those ask."""
    if not table[c.MESSAGES_COUNT].sum():
        return "Совпадений с реестром не найдено"
    total, decided, asks = (
        int(table[name].sum()) for name in (c.MESSAGES_COUNT, c.DECIDED, c.ASKS)
    )
    if not decided:
        return (
            f"Отношение не определено ни у одного из совпавших и похожих сообщений "
            f"({grouped(total)})"
        )
    return (
        f"Отношение определено у {percent(decided / total)} совпавших и похожих сообщений "
        f"({grouped(decided)} из {grouped(total)}): спрашивают {grouped(asks)}"
    )
