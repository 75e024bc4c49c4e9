"""Tables of campaigns, of claims that come back, of an intake under attack."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.tables import of, show
from cur_lab.wording import decimal

_TOP = 10


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
            "checks": lambda: show(
                result.checks, c.TEST, c.REASON, c.NUMBER, title="Не проверено", source=source
            ),
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
