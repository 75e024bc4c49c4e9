"""What complaints over time say: counts, changes, rhythms, a move between channels."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from cur_lab import clock, wording
from cur_lab import columns as c
from cur_lab.headlines.sentence import headline

_VERDICTS = c.CODES[c.VERDICT]
_WITHIN = {
    timedelta(hours=1): "час",
    timedelta(days=1): "сутки",
    timedelta(weeks=1): "неделю",
    timedelta(days=30): "месяц",
    timedelta(days=31): "месяц",
}
_RHYTHMS = {c.SEASONAL_WEEK: "неделя", c.SEASONAL_YEAR: "год"}


@headline
def counts(frame: pl.DataFrame) -> str:
    """Say how many messages one incident brings in a period, of one series."""
    total, incidents = (int(frame[name].sum()) for name in (c.MESSAGES_COUNT, c.INCIDENTS))
    if not incidents:
        return "Сообщений нет: считать нечего"
    # An incident is counted in every period it lasts into: the ratio is that of one period.
    within = _period(frame[c.PERIOD_START].sort())
    ratio = wording.decimal(total / incidents, digits=2)
    return f"За {within} на один случай приходится {ratio} сообщения"


@headline
def latest(frame: pl.DataFrame) -> str:
    """Say which month is shown, and how many of its municipalities cannot be."""
    if frame.is_empty():
        return "По муниципалитетам: показывать нечего"
    month = wording.month(frame[c.PERIOD_START][0])
    hidden = int(frame[c.SUPPRESSED].sum())
    beside = f"; скрыто {hidden} из {frame.height}" if hidden else ""
    return f"По муниципалитетам за {month}{beside}"


def _period(starts: pl.Series) -> str:
    """Name the period counted in: the commonest step, as months and clocks vary."""
    steps = starts.diff().drop_nulls().mode().sort()
    return "период" if steps.is_empty() else _WITHIN.get(steps[-1], "период")


@headline
def changes(found: pl.DataFrame, *, name: str = "", zone: str = "Europe/Moscow") -> str:
    """Say when the first change of one series came and how large it was, or why there is none."""
    dated = found.drop_nulls(c.CHANGED_AT).sort(c.CHANGED_AT)
    said = _first(dated, zone) if dated.height else _without(found)
    more = f"; всего изменений: {dated.height}" if dated.height > 1 else ""
    return f"{name}: {said}{more}" if name else f"{said[:1].upper()}{said[1:]}{more}"


def _first(dated: pl.DataFrame, zone: str) -> str:
    first = dated.with_columns(clock.local(c.CHANGED_AT, zone)).row(0, named=True)
    low, high = (wording.change(first[end]) for end in (c.CHANGE_LOW, c.CHANGE_HIGH))
    if first[c.CHANGE_LOW] > 0:
        which = _VERDICTS["more"]
    elif first[c.CHANGE_HIGH] < 0:
        which = _VERDICTS["less"]
    else:
        which = "уровень другой, в какую сторону — не определяется"
    return (
        f"с {wording.day(first[c.CHANGED_AT])} {which}: "
        f"{wording.change(first[c.CHANGE])} (от {low} до {high})"
    )


def _without(found: pl.DataFrame) -> str:
    return _VERDICTS[found[c.VERDICT][0] if found.height else "nothing_found"]


@headline
def table_of_changes(found: pl.DataFrame, *, top: int) -> str:
    """Say how many of the changes found are listed."""
    changed = found[c.CHANGED_AT].count()
    if not changed:
        return "Изменений не найдено"
    return f"Изменения, самые надёжные: {min(top, changed)} из {changed}"


@headline
def decomposition(parts: pl.DataFrame) -> str:
    """Say how far the rhythms of one series swing, and why one is not told."""
    swings = [
        f"{word} — {wording.decimal(float(np.ptp(parts[name].to_numpy())), digits=1)}"
        for name, word in _RHYTHMS.items()
        if parts[name].count()
    ]
    missing = sorted(parts[c.NOTE].drop_nulls().unique()) if len(swings) < len(_RHYTHMS) else []
    why = "".join(f"; {c.CODES[c.NOTE][code]}" for code in missing)
    spans = ", ".join(swings)
    return f"Размах ритмов, сообщений в день: {spans}{why}" if spans else "Раскладывать нечего"


@headline
def mix(found: pl.DataFrame) -> str:
    """Say what the channel whose share moved furthest tells of the change."""
    shift = (pl.col(c.SHARE_AFTER) - pl.col(c.SHARE_BEFORE)).abs()
    moved = found.drop_nulls([c.CHANGED_AT, c.CHANNEL])
    if moved.is_empty() and (found[c.VERDICT] == "one_channel").any():
        return "Сдвигов между каналами не определить: канал один или не указан"
    if moved.is_empty():
        return "Сдвигов между каналами не найдено"
    best = moved.sort(shift, c.CHANGED_AT, c.CHANNEL).row(-1, named=True)
    return (
        f"{c.CODES[c.CHANNEL].get(best[c.CHANNEL], best[c.CHANNEL])}: {_VERDICTS[best[c.VERDICT]]}"
    )
