"""Tables of how readily people report."""

from __future__ import annotations

from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.tables import of, show
from cur_lab.trends.reporting import Reporting


@of.register
def _(result: Reporting, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    by = c.REPORTING.splits(result.rates)
    rates = (c.INCIDENTS, c.DUPLICATES, c.RATIO, c.DELAY_DAYS, c.REASON)
    parts = {
        "rates": lambda: show(
            result.rates,
            *by,
            *rates,
            title="Насколько охотно пишут",
            source=source,
            headings={c.RATIO: "Темп к среднему"},
        ),
        "sensitivity": lambda: show(
            result.sensitivity,
            *(c.SCENARIO, *by, c.INCIDENTS, c.RATIO, c.CHANGE),
            title="То же при других допущениях",
            source=source,
            headings={c.RATIO: "Темп к среднему", c.CHANGE: "Темп против основной оценки"},
        ),
        "unused": lambda: show(
            result.unused,
            *(c.REASON, c.N),
            title="Сообщения, которые ни к чему не привязать",
            source=source,
            headings={c.N: "Сообщений"},
        ),
    }
    return chosen(part, parts)
