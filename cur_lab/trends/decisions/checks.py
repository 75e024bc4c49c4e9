"""What could make an estimate wrong, looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray
from cur_lab.trends.decisions import peaks, placebos
from cur_lab.trends.decisions.estimating import (
    SYNTHETIC,
    Estimate,
    by_interrupted_series,
)
from cur_lab.trends.decisions.panel import Panel, within
from cur_lab.trends.decisions.phrases import change_in_words, date

FINE, ATTENTION, UNCHECKED = "в порядке", "внимание", "не проверено"
_YEAR = 365
_ANTICIPATION = 28
# A single week this many standard deviations off is an event, not noise.
_SHOCK = 4.0
# A shift of this share of messages between channels is worth a word.
_SHIFT = 0.1
_FEWEST_SENT = 30

Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What the checks look at."""

    counts: pl.DataFrame
    panel: Panel
    treated: Mapping[str, Sequence[str]]
    decided_at: datetime
    horizon: int
    main: Estimate
    decisions: pl.DataFrame | None
    messages: pl.DataFrame | None


def checks(
    subject: Subject, matched: list[peaks.Peak], contrast: peaks.Contrast | None
) -> list[Row]:
    """Go through all checks; the order is fixed."""
    return [
        _history(subject),
        _controls(subject),
        _peak(subject, matched, contrast),
        _before(subject, "тренд до решения", subject.horizon),
        _before(subject, "упреждение", _ANTICIPATION),
        _flow(subject),
        _shock(subject),
        _other_decisions(subject),
        _channels(subject),
    ]


def _history(subject: Subject) -> Row:
    days = subject.panel.before
    if days >= _YEAR:
        return ("история", FINE, f"до решения {days} дней")
    season = "сезон от решения отделяют только другие районы"
    if subject.main.method != SYNTHETIC:
        season = "сезон от решения не отделить"
    return (
        "история",
        ATTENTION,
        f"до решения {days} дней, меньше года: {season}",
    )


def _controls(subject: Subject) -> Row:
    if subject.main.method != SYNTHETIC:
        return (
            "районы для сравнения",
            ATTENTION,
            "районы без решения предсказывают ряд хуже его собственного прошлого или их мало: "
            "оценка опирается на прошлое",
        )
    used = int((subject.main.weights > 0.01).sum())
    largest = int(np.argmax(subject.main.weights))
    share = 100 * subject.main.weights[largest]
    note = f"{used} районов; больше всего веса у района {subject.panel.names[largest]}"
    return ("районы для сравнения", FINE, f"{note}: {share:.0f} %")


def _peak(subject: Subject, matched: list[peaks.Peak], contrast: peaks.Contrast | None) -> Row:
    if not peaks.is_peak(subject.panel):
        return ("дата на пике", FINE, "последние две недели перед решением не выделяются")
    note = "решение принято на пике жалоб: спад после него ожидаем и без решения"
    if contrast is None:
        return ("дата на пике", ATTENTION, f"{note}; равных пиков для сравнения мало")
    usual = change_in_words(contrast.usual)
    return (
        "дата на пике",
        ATTENTION,
        f"{note}; после {len(matched)} равных пиков без решения жалобы менялись в среднем на "
        f"{usual}",
    )


def _before(subject: Subject, name: str, days: int) -> Row:
    """Estimate an effect in the last days before the decision: there should be none."""
    day = subject.panel.before - days
    found = placebos.at(subject.panel, day, days, subject.main.method) if day > 0 else None
    if found is None:
        return (name, UNCHECKED, "до решения слишком мало данных")
    low, high = found.forecast.interval
    change = change_in_words(found.forecast.centre)
    if low <= 0 <= high:
        return (name, FINE, f"за {days} дней до решения ряд не отклонялся от ожидаемого ({change})")
    return (
        name,
        ATTENTION,
        f"уже за {days} дней до решения ряд отклонился от ожидаемого на {change}",
    )


def _flow(subject: Subject) -> Row:
    """Look for a change of all other messages of the treated districts."""
    name, panel = "общий поток", subject.panel
    if not panel.others.any():
        return (name, UNCHECKED, "в счётах нет других рубрик этих районов")
    found = _alone(subject, panel.others)
    if found is None:
        return (name, UNCHECKED, "других сообщений слишком мало")
    low, high = found.forecast.interval
    change = change_in_words(found.forecast.centre)
    if low <= 0 <= high:
        return (name, FINE, f"остальные рубрики тех же районов не изменились заметно ({change})")
    return (
        name,
        ATTENTION,
        f"остальные рубрики тех же районов изменились на {change}: дело может быть не в решении",
    )


def _shock(subject: Subject) -> Row:
    """Look for a single week far off in all messages outside the treated cells."""
    name, daily = "всплеск в окне", subject.panel.region + subject.panel.donors.sum(axis=1)
    found = _alone(subject, daily) if daily.any() else None
    if found is None:
        return (name, UNCHECKED, "остальных сообщений слишком мало")
    past = found.bins.past
    away = np.log(found.observed[past:] + 0.5) - found.forecast.path
    worst = int(np.argmax(np.abs(away / found.forecast.spread)))
    if abs(away[worst] / found.forecast.spread[worst]) < _SHOCK:
        return (name, FINE, "в окне нет недели, когда обо всём остальном писали бы необычно")
    week = date(subject.panel.moment(found.bins.starts[past + worst]))
    return (
        name,
        ATTENTION,
        f"с {week} обо всём остальном писали необычно ({change_in_words(float(away[worst]))})",
    )


def _alone(subject: Subject, daily: FloatArray) -> Estimate | None:
    """Forecast a series from its own past, without an offset."""
    panel = subject.panel
    bare = Panel(
        panel.begins,
        daily,
        panel.donors[:, :0],
        [],
        {},
        np.zeros(panel.days),
        np.zeros(panel.days),
        panel.recorded,
        panel.at,
        panel.before,
    )
    return by_interrupted_series(
        daily, bare, at=panel.at, before=panel.before, horizon=subject.horizon
    )


def _other_decisions(subject: Subject) -> Row:
    name = "другие решения"
    if subject.decisions is None or c.DECIDED_AT not in subject.decisions.columns:
        return (name, UNCHECKED, "таблица решений не дана")
    start = subject.decided_at - timedelta(days=_ANTICIPATION)
    stop = subject.decided_at + timedelta(days=subject.horizon)
    near = subject.decisions.filter(
        pl.col(c.DECIDED_AT).is_between(start, stop),
        pl.col(c.DECIDED_AT) != subject.decided_at,
    )
    for column in (c.MUNICIPALITY, c.RUBRIC):
        wanted = subject.treated.get(column)
        if wanted is not None and column in near.columns:
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            near = near.filter(pl.col(column).is_null() | pl.col(column).is_in(values))
    if near.is_empty():
        return (name, FINE, "в окне нет другого решения о том же")
    named = "; ".join(
        f"«{title}» {date(moment)}"
        for title, moment in near.sort(c.DECIDED_AT, c.DECISION_ID)
        .select(c.TITLE, c.DECIDED_AT)
        .iter_rows()
    )
    return (name, ATTENTION, f"в окне есть и другие решения: {named}")


def _channels(subject: Subject) -> Row:
    """Compare the shares of channels over the horizon with those as long before."""
    name = "состав каналов"
    sent = _sent(subject)
    if sent is None:
        return (name, UNCHECKED, "каналы сообщений не даны")
    panel, length = subject.panel, timedelta(days=subject.horizon)
    sides = [
        sent.filter(pl.col("at") >= first, pl.col("at") < first + length)
        .group_by(c.CHANNEL)
        .agg(pl.col("count").sum())
        for first in (panel.moment(panel.before) - length, panel.moment(panel.at))
    ]
    both = sides[0].join(sides[1], on=c.CHANNEL, how="full", coalesce=True, suffix="_after")
    before, after = (both[column].fill_null(0).to_numpy() for column in both.columns[1:])
    if min(before.sum(), after.sum()) < _FEWEST_SENT:
        return (name, UNCHECKED, "сообщений слишком мало")
    shift = float(np.abs(after / after.sum() - before / before.sum()).sum() / 2)
    # Chance alone moves shares: half the sum of the usual deviations.
    pooled = (before + after) / (before + after).sum()
    usual = np.sqrt(pooled * (1 - pooled) * (1 / before.sum() + 1 / after.sum())).sum() / 2
    words = f"{100 * shift:.0f} % сообщений пришлось бы перенести между каналами"
    if shift < max(_SHIFT, 2 * usual):
        return (name, FINE, f"состав каналов прежний ({words})")
    return (name, ATTENTION, f"состав каналов изменился: {words}; часть изменения — переход")


def _sent(subject: Subject) -> pl.DataFrame | None:
    """Time, channel and number of messages of the treated cells: of the counts, or one by one."""
    if c.CHANNEL in subject.counts.columns:
        at, number, frame = c.PERIOD_START, pl.col(c.MESSAGES_COUNT), subject.counts
    elif subject.messages is not None:
        at, number, frame = c.PUBLISHED_AT, pl.lit(1), subject.messages
    else:
        return None
    if {at, c.CHANNEL, *subject.treated} - set(frame.columns):
        return None
    cells = within(frame, subject.treated).drop_nulls([at, c.CHANNEL])
    return cells.select(pl.col(at).alias("at"), c.CHANNEL, number.alias("count"))
