"""Tables of alarms: the most certain episodes, their first messages, the lag, how sure all is."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.dispatch import chosen
from cur_lab.tables import of, show
from cur_lab.trends import Alarms

_EPISODES, _READ, _FIRST = 12, 3, 3


@of.register
def _alarms(result: Alarms, part: str | None = None, *, source: str | None = None) -> GT | c.Absent:
    drawings = {
        "episodes": lambda: _episodes(result, source),
        "evidence": lambda: _evidence(result, source),
        "lag": lambda: show(
            result.lag,
            *(c.EPISODES_COUNT, c.NOTICED, c.EARLIER, c.LAG_HOURS),
            title="Тревога и официальное извещение",
            source=source,
            headings={c.LAG_HOURS: "Медиана: извещение минус тревога, ч"},
        ),
        "sensitivity": lambda: show(
            result.sensitivity,
            *c.ALARM_SENSITIVITY.schema,
            title="Тревоги при другом пороге",
            source=source,
        ),
        "checks": lambda: show(
            result.checks,
            *(name for name in (c.MUNICIPALITY, c.RUBRIC) if name in result.checks.columns),
            *(c.MESSAGES_COUNT, c.REASON),
            title="О чём тревоги молчат",
            source=source,
        ),
    }
    return chosen(part, drawings)


def _certain(result: Alarms, top: int) -> pl.DataFrame:
    return result.episodes.sort(c.P_VALUE, c.EPISODE).head(top)


def _episodes(result: Alarms, source: str | None) -> GT | c.Absent:
    return show(
        _certain(result, _EPISODES),
        *(c.DETECTED_AT, c.MUNICIPALITIES_HIT, c.RUBRIC, c.KEYWORDS),
        *(c.OBSERVED, c.EXPECTED, c.AUTHORS, c.LAG_HOURS, c.NOTE),
        title=f"Самые надёжные тревоги: {min(_EPISODES, result.episodes.height)}",
        source=source,
        headings={c.OBSERVED: "В окне"},
    )


def _evidence(result: Alarms, source: str | None) -> GT | c.Absent:
    read = _certain(result, _READ).select(c.EPISODE, c.DETECTED_AT, c.RUBRIC)
    first = result.evidence.filter(pl.col(c.ORDER) <= _FIRST)
    return show(
        read.join(first, on=c.EPISODE, maintain_order="left_right"),
        *(c.DETECTED_AT, c.RUBRIC, c.ORDER, c.TEXT),
        title="Первые сообщения самых надёжных тревог",
        source=source,
        headings={c.ORDER: "№"},
    )
