"""Tables of alarms: the most certain episodes, their first messages, the lag, how sure all is."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.headlines import alarms as headlines
from cur_lab.tables import of
from cur_lab.tables.layout import show_part
from cur_lab.trends import Alarms

_ANY = "разные или не указаны"
_EPISODES, _READ, _FIRST = 12, 3, 3
_NARROWER = {
    c.HOURS: "Окно, ч",
    c.OBSERVED: "Авторов в окне",
    c.AUTHORS: "Авторов за весь эпизод",
    c.ORDER: "№",
}
_MEDIAN = {c.LAG_HOURS: "Медиана: извещение минус тревога, ч"}


@of.register
def _(result: Alarms, part: str | None = None, *, source: str | None = None) -> GT | c.Absent:
    certain = result.episodes.sort(c.CHANCE_PER_YEAR, c.EPISODE).head(_EPISODES)
    # Where next to nothing is expected, the range of counts (0–0) would seem to leave out its mean.
    certain = certain.with_columns(pl.col(c.RUBRIC).fill_null("рубрика не указана"))
    certain = certain.drop(c.EXPECTED_LOW, c.EXPECTED_HIGH)
    # An alarm of words is of no rubric.
    certain = certain.with_columns(pl.col(c.RUBRIC).fill_null(_ANY))
    where = (c.DETECTED_AT, c.MUNICIPALITIES_HIT, c.RUBRIC, c.KEYWORDS)
    size = (c.HOURS, c.OBSERVED, c.EXPECTED, c.CHANCE_PER_YEAR, c.AUTHORS, c.LAG_HOURS, c.NOTE)
    read = certain.head(_READ).select(c.EPISODE, c.DETECTED_AT, c.RUBRIC)
    first = result.evidence.filter(pl.col(c.ORDER) <= _FIRST)
    texts = read.join(first, on=c.EPISODE, maintain_order="left_right")
    lag = (c.EPISODES_COUNT, c.NOTICED, c.EARLIER, c.LAG_HOURS)
    by = tuple(n for n in (c.MUNICIPALITY, c.RUBRIC) if n in result.checks.columns)
    if part == "checks" and result.checks.is_empty():
        return c.Absent("Тревоги следят за всеми рядами: ни один не исключён")
    parts = {
        "episodes": (certain, headlines.certain(result.episodes, top=_EPISODES), (*where, *size)),
        "evidence": (
            texts,
            "Первые сообщения самых надёжных тревог",
            (c.DETECTED_AT, c.RUBRIC, c.ORDER, c.TEXT),
        ),
        "lag": (result.lag, "Тревога и официальное извещение", lag),
        "sensitivity": (
            result.sensitivity,
            "Тревоги при меньшем бюджете",
            tuple(c.ALARM_SENSITIVITY.schema),
        ),
        "power": (result.power, "Что видно при таком бюджете", tuple(c.ALARM_POWER.schema)),
        "checks": (result.checks, "О чём тревоги молчат", (*by, c.MESSAGES_COUNT, c.REASON)),
    }
    return show_part(part, source, parts, _MEDIAN if part == "lag" else _NARROWER)
