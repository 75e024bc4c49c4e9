"""Tables of campaigns, of claims that come back, of an intake under attack."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.fakes.claims import Spread
from cur_lab.fakes.intake import Intake
from cur_lab.tables import of, show
from cur_lab.wording import decimal

_TOP = 10
_CLAIM = 90
# Shares of fewer messages say nothing.
_SMALLEST = 5
_SPAN = {c.STARTED_AT: "Начало", c.ENDED_AT: "Конец"}


@of.register
def _(result: Campaigns, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    families = result.families.with_columns(pl.col(c.TEMPLATE).str.slice(0, 160))
    called = families.filter(pl.col(c.VERDICT) == "review")
    event = families.filter(pl.col(c.VERDICT) == "shared_event")
    event = event.sort(c.MESSAGES_COUNT, c.FAMILY, descending=[True, False])
    what = (c.TEMPLATE, c.MESSAGES_COUNT, c.AUTHORS)
    false = decimal(result.expected_false, digits=2)
    rates = result.rates.rename({c.FLAGGED: c.FAMILIES_COUNT})
    return chosen(
        part,
        {
            "verdicts": lambda: show(
                result.verdicts,
                c.VERDICT,
                c.FAMILIES_COUNT,
                c.MESSAGES_COUNT,
                title=f"Из требующих проверки ложных в среднем не больше {false}",
                source=source,
            ),
            "checks": lambda: _checks(result.checks, source),
            "review": lambda: show(
                called.head(_TOP),
                *what,
                c.Q_VALUE,
                c.EXPLANATION,
                title="Что просит проверки, и чем ещё это бывает",
                source=source,
            ),
            "evidence": lambda: show(
                _lines(result, called),
                c.TEMPLATE,
                c.LINE,
                c.ROLE,
                c.UNIT,
                c.STATISTIC,
                c.EXPECTED,
                c.WITHIN,
                c.P_VALUE,
                c.CONFORMAL,
                c.NOTE,
                title="Все доказательства",
                source=source,
                headings={c.TEMPLATE: "Семья", c.UNIT: "Что считается"},
            ),
            "events": lambda: show(
                event.head(_TOP),
                *what,
                c.ADDRESSES_COUNT,
                c.EXPLANATION,
                title="Похоже на общее событие",
                source=source,
            ),
            "channels": lambda: _audit(result, c.CHANNEL, "каналам", source),
            "municipalities": lambda: _audit(result, c.MUNICIPALITY, "муниципалитетам", source),
            "rates": lambda: show(
                rates,
                c.FDR,
                c.FAMILIES_COUNT,
                title="Сколько семей при другом пороге",
                source=source,
            ),
        },
    )


def _lines(result: Campaigns, called: pl.DataFrame) -> pl.DataFrame:
    """Evidence of the families to check, deciding lines first, with what each line counts."""
    named = called.select(c.FAMILY, pl.col(c.TEMPLATE).str.slice(0, 40))
    return (
        result.evidence.join(named, on=c.FAMILY, validate="m:1")
        .with_columns(pl.col(c.LINE).alias(c.UNIT))
        .sort(c.FAMILY, pl.col(c.ROLE) == "setting", c.LINE)
    )


def _audit(result: Campaigns, by: str, whom: str, source: str | None) -> GT | Absent:
    of_kind = result.audit.filter(pl.col(c.BY) == by).rename({c.GROUP: by}).head(_TOP)
    title = f"Отметки по {whom}"
    return show(of_kind, by, c.MESSAGES_COUNT, c.FLAGGED, title=title, source=source)


@of.register
def _(result: Spread, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    titles = dict(result.claims.select(c.CLAIM_ID, pl.col(c.TEXT).str.slice(0, _CLAIM)).rows())
    named = pl.col(c.CLAIM_ID).replace({name: text for name, text in titles.items() if text})
    claims = result.claims.sort(c.MESSAGES_COUNT, c.CLAIM_ID, descending=[True, False])
    asked = result.askers.group_by(c.BY, maintain_order=True).head(_TOP)
    late = result.waves.filter(pl.col(c.AFTER_REFUTATION))
    phases = result.stances.filter(pl.col(c.PHASE) != "all", pl.col(c.MESSAGES_COUNT) >= _SMALLEST)
    phases = phases.sort(c.CLAIM_ID, c.PHASE, descending=[False, True])
    return chosen(
        part,
        {
            "claims": lambda: show(
                claims.with_columns(named),
                c.CLAIM_ID,
                c.MESSAGES_COUNT,
                c.FIRST_SEEN_AT,
                c.MUNICIPALITIES_COUNT,
                c.WAVES,
                c.DOUBLING_HOURS,
                c.HALF_LIFE_HOURS,
                title="Как расходились",
                source=source,
                headings={c.MUNICIPALITIES_COUNT: "Муниципалитетов"},
            ),
            "tiers": lambda: show(
                result.tiers,
                c.TIER,
                c.MESSAGES_COUNT,
                title="Сопоставление с реестром",
                source=source,
            ),
            "returned": lambda: show(
                late.with_columns(named),
                c.CLAIM_ID,
                c.WAVE,
                c.STARTED_AT,
                c.ENDED_AT,
                c.MESSAGES_COUNT,
                title=f"Волны после опровержения: {late.height}",
                source=source,
                headings=_SPAN,
            ),
            "phases": lambda: show(
                phases.with_columns(named),
                c.CLAIM_ID,
                c.PHASE,
                c.SPREADS,
                c.ASKS,
                c.DOUBTS,
                c.REFUTES,
                c.ASKERS_SHARE,
                title="До и после опровержения",
                source=source,
            ),
            "askers": lambda: show(
                asked.with_columns(pl.col(c.GROUP).replace(c.CODES[c.CHANNEL])),
                c.BY,
                c.GROUP,
                c.MESSAGES_COUNT,
                title="Где спрашивают",
                source=source,
                headings={c.GROUP: "Где", c.MESSAGES_COUNT: "Вопросов"},
            ),
            "effects": lambda: show(
                result.effects.with_columns(named),
                c.CLAIM_ID,
                c.BEFORE,
                c.AFTER,
                c.CONTROLS,
                c.RATIO,
                c.P_VALUE,
                c.NOTE,
                title="Опровержение против равных пиков",
                source=source,
                headings={
                    c.BEFORE: "За 3 дня до",
                    c.AFTER: "За 3 дня после",
                    c.RATIO: "К обычному спаду",
                    c.NOTE: "Почему не определяется",
                },
            ),
            "sensitivity": lambda: show(
                result.sensitivity,
                c.SCORE,
                c.MESSAGES_COUNT,
                c.RETURNED,
                title="Другой порог сходства",
                source=source,
            ),
            "checks": lambda: _checks(result.checks, source),
        },
    )


@of.register
def _(result: Intake, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    surges = result.surges.sort(c.MESSAGES_COUNT, c.STARTED_AT, descending=[True, False])
    return chosen(
        part,
        {
            "surges": lambda: show(
                surges.head(_TOP),
                c.STARTED_AT,
                c.ENDED_AT,
                c.MESSAGES_COUNT,
                c.EXCESS,
                c.IN_FAMILIES,
                c.AUTHORS,
                c.NEW_ACCOUNTS,
                title=f"Всплески: {surges.height}",
                source=source,
                headings=_SPAN | {c.EXCESS: "Сверх нормы"},
            ),
            "sensitivity": lambda: show(
                result.sensitivity,
                c.WINDOW,
                c.SURGES,
                c.MESSAGES_COUNT,
                title="Другая ширина окна",
                source=source,
                headings={c.MESSAGES_COUNT: "Сообщений в крупнейшем"},
            ),
            "checks": lambda: _checks(result.checks, source),
        },
    )


def _checks(frame: pl.DataFrame, source: str | None) -> GT | Absent:
    title = "Что не посчитано"
    if frame.is_empty():
        return Absent("Посчитано всё, что здесь считается")
    return show(frame, c.TEST, c.REASON, c.NUMBER, title=title, source=source)
