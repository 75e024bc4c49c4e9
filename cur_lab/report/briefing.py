"""The briefing as a page: self-contained, two sheets of A4, every text escaped."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.parameters import ZONE
from cur_lab.trends.briefing import Briefing, page
from cur_lab.trends.briefing.problems import LEAST_AUTHORS

# What fits on two sheets; the tables of the briefing hold the rest.
_ROWS = {
    "problems": 7,
    "alarms": 3,
    "quotes": 3,
    "questions": 6,
    "backlog": 5,
    "oldest": 3,
    "outcomes": 3,
}


@page.register
def render(briefing: Briefing) -> str:
    """Fill the page; Jinja escapes whatever stands in a table."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "change": lambda value: "—" if value is None else wording.change(value),
        "percent": lambda value: "—" if value is None else wording.percent(value),
        "number": lambda value: "—" if value is None else wording.decimal(value, digits=0),
        "day": lambda value: "—" if value is None else _local(value, "%d.%m.%Y"),
        "moment": lambda value: "—" if value is None else _local(value, "%d.%m %H:%M"),
    }
    source = files("cur_lab.report").joinpath("briefing.html").read_text(encoding="utf-8")
    shown = {name: getattr(briefing, name).head(rows) for name, rows in _ROWS.items()}
    tables = {name: frame.to_dicts() for name, frame in shown.items()}
    tables["alarms"] = [_alarm(row) for row in tables["alarms"]]
    return environment.from_string(source).render(
        municipality=briefing.municipality,
        period=briefing.period,
        facts=briefing.facts.to_dicts(),
        notes=briefing.notes,
        alarms_judged=briefing.alarms_judged,
        least=LEAST_AUTHORS,
        hidden={name: getattr(briefing, name).height - rows for name, rows in _ROWS.items()},
        **tables,
    )


def _local(value: datetime, form: str) -> str:
    return value.astimezone(ZONE).strftime(form)


def _alarm(row: dict[str, Any]) -> dict[str, Any]:
    """Word an episode: what it is about, what was usual, when the authority spoke."""
    usual = " ".join(
        [
            wording.decimal(row[c.EXPECTED], digits=1),
            f"({row[c.EXPECTED_LOW]:.0f}–{row[c.EXPECTED_HIGH]:.0f})",
        ]
    )
    notice = "не найдено"
    if row[c.LAG_HOURS] is not None:
        hours = wording.decimal(abs(row[c.LAG_HOURS]), digits=1)
        notice = f"через {hours} ч" if row[c.LAG_HOURS] >= 0 else f"за {hours} ч до тревоги"
    about = row[c.RUBRIC] or "новая тема: " + ", ".join(row[c.KEYWORDS])
    return row | {"about": about, "usual": usual, "notice": notice}
