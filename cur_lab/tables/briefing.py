"""Tables of a briefing: a district in numbers, its problems, questions, alarms, what waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures.briefing import captions
from cur_lab.headlines import briefing as headlines
from cur_lab.headlines import promises as promise_headlines
from cur_lab.tables import of, show
from cur_lab.trends.briefing import Briefing
from cur_lab.trends.briefing.problems import LEAST_AUTHORS, notable

_ROWS = 12
_UNNAMED = "рубрика не указана"
# Part → title and columns.
_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "facts": ("Коротко о районе", ("fact", c.VALUE, c.SHARE)),
    "problems": (
        "Рубрики района: вне нормы и самые частые",
        (c.SUBJECT, c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS, c.SHARE, c.EXPECTED, c.VERDICT),
    ),
    "quotes": ("Своими словами", (c.SUBJECT, c.TEXT)),
    "questions": (
        "О чём спрашивают",
        (c.QUESTION, c.SUBJECT, c.AUTHORS, c.SHARE),
    ),
    "alarms": (
        "Тревоги периода",
        (
            *(c.RUBRIC, c.KEYWORDS, c.BEGAN_AT, c.DETECTED_AT, c.MESSAGES_COUNT, c.EXPECTED),
            *(c.CHANCE_PER_YEAR, c.STREETS),
        ),
    ),
    "backlog": (
        "Что ждёт ответа",
        (c.AGENCY, c.WAITING, c.OVERDUE, c.OLDEST_DAYS, c.MEDIAN),
    ),
    "oldest": ("Дольше всех ждут", (c.AGE_DAYS, c.STATE, c.AGENCY, c.SUBJECT, c.STREET)),
    "promises": ("Обещано и не сделано", (c.MADE_AT, c.TEXT, c.AGENCY, c.DUE_AT, c.FATE)),
    "outcomes": ("После прежних решений", (c.TITLE, c.DECIDED_AT, c.CHANGE, c.VERDICT)),
}
# Parts that rest on more than the window.
_OF_ALL = {"backlog", "oldest", "outcomes", "promises"}
# What an empty part says.
_NOTHING = {"backlog": "Все ответы даны", "oldest": "Никто не ждёт"}
_NARROWER = {
    "facts": {c.VALUE: "Сколько"},
    "problems": {c.EXPECTED: "Норма"},
    # What is expected is that of the window that raised it, not of the whole episode.
    "alarms": {
        c.MESSAGES_COUNT: "Сообщений за весь эпизод",
        c.EXPECTED: "Ожидалось в окне тревоги",
    },
    "questions": {c.AUTHORS: "Спросили"},
    "promises": {c.TEXT: "Что обещано"},
    "backlog": {c.MEDIAN: "Половина ответов за, дней"},
}


@of.register
def _(result: Briefing, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    of_window, of_all = captions(result, source or "")

    def laid_out(name: str) -> GT | Absent:
        title, columns = _PARTS[name]
        rows = getattr(result, name)
        if isinstance(rows, Absent):
            return rows
        if name == "promises":
            title = promise_headlines.undone(rows)
            if rows.is_empty():
                return Absent(title)
        rows = notable(rows, _ROWS) if name == "problems" else rows.head(_ROWS)
        if rows.is_empty() and name in _NOTHING:
            return result.answers if isinstance(result.answers, Absent) else Absent(_NOTHING[name])
        if rows.is_empty() and name == "alarms":
            unknown = result.alarms_borne is None
            return Absent(headlines.alarms(rows, borne=result.alarms_borne), unknown=unknown)
        if name == "alarms":
            # The range of counts (0–0) would seem to leave out a mean near nought.
            rows = rows.drop(c.EXPECTED_LOW, c.EXPECTED_HIGH)
            rows = rows.with_columns(pl.col(c.RUBRIC).fill_null(_UNNAMED))
            title = headlines.alarms(result.alarms, borne=result.alarms_borne)
        if name == "questions":
            rows = rows.with_columns(pl.col(c.QUESTION).fill_null(headlines.UNQUOTED))
            title = headlines.questions(result.questions, least=LEAST_AUTHORS)
        source = of_all if name in _OF_ALL else of_window
        return show(rows, *columns, title=title, source=source, headings=_NARROWER.get(name))

    drawings: dict[str, Callable[[], GT | Absent]]
    drawings = {name: partial(laid_out, name) for name in _PARTS}
    drawings["quality"] = partial(of, result.answers, "quality", source=of_all)
    return chosen(part, drawings)
