"""The briefing as a page: self-contained, two sheets of A4, every text escaped."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import polars as pl
from jinja2 import Environment, StrictUndefined

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.columns import Absent
from cur_lab.headlines import briefing as headlines
from cur_lab.headlines.promises import undone
from cur_lab.trends.briefing import Briefing, page
from cur_lab.trends.briefing.problems import LEAST_AUTHORS, notable

_COUNTED = {
    "messages": ("сообщение", "сообщения", "сообщений"),
    "authors": ("автор", "автора", "авторов"),
}

# What fits on two sheets; the tables of the briefing hold the rest.
_ROWS = {
    "problems": 7,
    "alarms": 3,
    "quotes": 3,
    "questions": 5,
    "backlog": 5,
    "oldest": 3,
    "outcomes": 3,
    "promises": 3,
}
_NOTES = (
    "Сообщения — не жители и не проблемы: одни районы и каналы пишут охотнее других, о части "
    "проблем не пишет никто. По числу сообщений районы сравнивать нельзя.",
    "Норма: среднее прежних окон той же длины (до года) с поправкой на сезон по другим районам год "
    "назад; интервал — для одного окна, с избыточным разбросом. Вывод — с поправкой на число "
    "рубрик (Бенджамини — Хохберг).",
    "Доля — с интервалом Уилсона, поправленным на то, что один человек пишет не раз. Рубрики "
    "поставили операторы: ошибки рубрикации в интервалы не входят.",
    "Тревога говорит, что сообщений необычно много, а не что произошло. Вопрос засчитан, если в "
    "нём есть вопросительное слово; вопросы сближены по словам, перефразировки могут разойтись.",
    "Время ответа — оценка Каплана — Мейера: неотвеченные учтены. «Без ответа» значит, что дата "
    "ответа в данных не указана.",
)


@page.register
def render(briefing: Briefing, *, source: str = "") -> str:
    """Fill the page; Jinja escapes whatever stands in a table."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "change": wording.change,
        "changed": lambda row: wording.interval(
            row[c.CHANGE], row[c.CHANGE_LOW], row[c.CHANGE_HIGH], write=wording.change
        ),
        "percent": wording.percent,
        "number": lambda value: wording.decimal(value, digits=0),
        "days": lambda value: wording.decimal(value, digits=1),
        "short": wording.shortened,
        "street": wording.street,
        "day": wording.calendar_day,
        "moment": wording.moment,
        "counted": _counted,
        "words": lambda code, column: c.CODES[column][code],
    }
    sheet = files("cur_lab.report").joinpath("briefing.html").read_text(encoding="utf-8")
    unknown = isinstance(briefing.promises, Absent)
    promised = c.PROMISES.empty() if isinstance(briefing.promises, Absent) else briefing.promises
    whole = {name: getattr(briefing, name) for name in _ROWS} | {"promises": promised}
    shown = {name: whole[name].head(rows) for name, rows in _ROWS.items()}
    shown["problems"] = notable(briefing.problems, _ROWS["problems"])
    tables = {name: frame.to_dicts() for name, frame in shown.items()}
    tables["alarms"] = [_alarm(row) for row in tables["alarms"]]
    # What few ask is no frequent question: it stands apart.
    tables["questions"] = shown["questions"].drop_nulls(c.AUTHORS).to_dicts()
    seldom = shown["questions"].filter(pl.col(c.AUTHORS).is_null())[c.QUESTION].to_list()
    often = briefing.questions.drop_nulls(c.AUTHORS)
    asked = often if often.height else briefing.questions
    return environment.from_string(sheet).render(
        source=source,
        said={
            "problems": headlines.problems(briefing.problems),
            "alarms": headlines.alarms(briefing.alarms, borne=briefing.alarms_borne),
            "questions": headlines.questions(asked, least=LEAST_AUTHORS),
            "promises": str(briefing.promises).rstrip(".") if unknown else undone(promised),
        },
        seldom=seldom,
        unquoted=headlines.UNQUOTED,
        municipality=briefing.municipality,
        period=briefing.period,
        facts=briefing.facts.to_dicts(),
        notes=_NOTES,
        fdr=wording.decimal(briefing.fdr, digits=2),
        alarms_borne=briefing.alarms_borne,
        least=LEAST_AUTHORS,
        hidden={name: whole[name].height - rows for name, rows in _ROWS.items()},
        **tables,
    )


def _counted(fact: dict[str, Any]) -> str:
    """Name what was counted, in the form that stands after the number."""
    code, forms = fact["fact"], _COUNTED.get(fact["fact"])
    return wording.plural(int(fact[c.VALUE]), *forms) if forms else c.CODES["fact"][code]


def _alarm(row: dict[str, Any]) -> dict[str, Any]:
    """Word an episode: what it is about, what was usual, when the authority spoke."""
    # Where next to nothing is expected, the range of counts (0–0) would seem to leave out its mean.
    usual = wording.decimal(row[c.EXPECTED], digits=1)
    notice = "не найдено"
    if row[c.LAG_HOURS] is not None:
        hours = wording.decimal(abs(row[c.LAG_HOURS]), digits=1)
        notice = f"через {hours} ч" if row[c.LAG_HOURS] >= 0 else f"за {hours} ч до тревоги"
    about = row[c.RUBRIC] or "новая тема: " + ", ".join(row[c.KEYWORDS])
    return row | {"about": about, "usual": usual, "notice": notice}
