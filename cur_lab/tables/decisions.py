"""Tables of decisions: what changed, what could spoil the estimate, complaints and money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab import disclosure, wording
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.headlines import decisions as headlines
from cur_lab.tables import of, show
from cur_lab.trends.decisions import Impact, Impacts, Responsiveness, Rollout


@of.register
def _(result: Impact, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    source = f"«{result.title}». {source or ''}" if result.title else source
    estimates = (c.METHOD, c.CHANGE, c.OBSERVED, c.EXPECTED)
    parts = {
        "estimates": lambda: show(
            result.estimates, *estimates, title="Что изменилось по разным способам", source=source
        ),
        "checks": lambda: _checks(
            result.checks, c.CHECK, c.VERDICT, title="Что могло бы испортить оценку", source=source
        ),
    }
    return chosen(part, parts)


@of.register
def _(result: Impacts, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    overview, attention = result.overview, pl.col(c.VERDICT) == "attention"
    changed = (c.DECIDED_AT, c.TITLE, c.CHANGE, c.VERDICT, c.P_VALUE, c.PLACEBOS_COUNT)
    parts = {
        "overview": lambda: show(
            overview,
            *changed,
            title="Что изменилось после решения",
            source=source,
            headings={c.P_VALUE: "Место среди ложных решений, p"},
        ),
        "unknown": lambda: show(
            overview.filter(pl.col(c.CHANGE).is_null()),
            *(c.DECIDED_AT, c.TITLE, c.VERDICT),
            title="Решения без числа",
            source=source,
        ),
        "reopens": lambda: show(
            overview.drop_nulls(c.SHIFT),
            *(c.TITLE, c.SHIFT, c.REOPEN_VERDICT),
            title="Стали ли решённые обращения чаще открывать снова",
            source=source,
        ),
        "checks": lambda: _checks(
            result.checks.filter(attention), c.TITLE, c.CHECK, title="Все замечания", source=source
        ),
        "estimates": lambda: show(
            result.estimates.sort(c.TITLE, c.DECISION_ID, c.METHOD),
            *(c.TITLE, c.METHOD, c.CHANGE),
            title="Изменение другим способом",
            source=source,
        ),
    }
    return chosen(part, parts)


@of.register
def _(result: Rollout, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    groups = disclosure.publishable(result.groups, quasi=[c.MUNICIPALITY], count=c.OBSERVED)
    one_by_one = (c.MUNICIPALITY, c.DECIDED_AT, c.OBSERVED, c.CHANGE, c.REASON)
    parts = {
        "overall": lambda: show(
            result.overall,
            *(c.METHOD, c.CHANGE),
            title=headlines.together(result),
            source=source,
        ),
        "groups": lambda: show(groups, *one_by_one, title="Районы по одному", source=source),
    }
    return chosen(part, parts)


@of.register
def _(result: Responsiveness, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    about = result.ledger.drop_nulls(c.RUBRIC)
    ledger = (c.DECIDED_AT, c.TITLE, c.COMPLAINTS_BEFORE, c.LAG_DAYS, c.BUDGET, c.FIXED)
    decided = result.shares.drop_nulls(c.RUBRIC).filter(pl.col(c.DECISIONS_COUNT) > 0)
    often = result.hazard.filter(pl.col(c.PART) == "intensity")
    parts = {
        "ledger": lambda: show(
            about,
            *(*ledger, c.OUTCOME, c.GAPS),
            title="От жалоб к решению и его исходу",
            source=source,
        ),
        "shares": lambda: show(
            decided,
            *(c.RUBRIC, c.COMPLAINTS, c.SHARE, c.DECISIONS_COUNT, c.MONEY_SHARE),
            title="Доля жалоб и доля денег: рубрики, о которых были решения",
            source=source,
            headings={c.SHARE: "Доля жалоб"},
        ),
        "hazard": lambda: show(
            often,
            *(c.GROUP, c.CELL_MONTHS, c.DECISIONS_COUNT, c.HAZARD),
            title="Как часто за жалобами следует решение",
            source=source,
            headings={c.GROUP: "Жалоб за прошлый месяц"},
        ),
    }
    return chosen(part, parts)


def _checks(checks: pl.DataFrame, *columns: str, title: str, source: str | None) -> GT | Absent:
    """Lay out checks: what was found and the numbers behind it in one sentence."""
    told = [_told(row) for row in checks.iter_rows(named=True)]
    shown = checks.with_columns(pl.Series(c.NOTE, told, dtype=pl.String))
    headings = {c.NOTE: "Что видно", c.VERDICT: "Итог"}
    return show(shown, *columns, c.NOTE, title=title, source=source, headings=headings)


def _told(row: dict[str, Any]) -> str:
    write: dict[str, Callable[[Any], str]] = {
        c.NAMED: str,
        c.AT: _since,
        c.DAYS: lambda days: f"{days} {wording.plural(days, 'день', 'дня', 'дней')}",
        c.SHARE: wording.percent,
        c.CHANGE: wording.change,
    }
    details = [written(row[name]) for name, written in write.items() if row[name] is not None]
    words = c.CODES[c.REASON][row[c.REASON]]
    return f"{words} ({', '.join(details)})" if details else words


def _since(moment: datetime) -> str:
    return f"с {wording.calendar_day(moment)}"
