"""Tables of promises: what has become of them, what people write afterwards."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.headlines import promises as headlines
from cur_lab.tables import of, show
from cur_lab.trends.promises import Promises

_MOST = 12
_PROMISED = {c.TEXT: "Что обещано"}


@of.register
def _(result: Promises, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    followed = result.ledger.filter(pl.col(c.CHANGE).is_not_null())
    made = (c.MADE_AT, c.MUNICIPALITY, c.TEXT)
    parts = {
        "ledger": lambda: show(
            result.ledger.head(_MOST),
            *(*made, c.DUE_AT, c.FATE, c.DAYS_TO_DUE),
            title=headlines.fates(result.counts),
            source=source,
            headings=_PROMISED,
        ),
        "counts": lambda: show(
            result.counts,
            *(c.FATE, c.N),
            title="Что с обещаниями",
            source=source,
            headings={c.N: "Обещаний"},
        ),
        "afterwards": lambda: show(
            followed.head(_MOST),
            *(*made, c.FATE, c.CASES_BEFORE, c.CASES_AFTER, c.CHANGE),
            title="Что пишут после обещанного",
            source=source,
            headings=_PROMISED,
        ),
        "rejected": lambda: show(
            result.rejected,
            *(c.COMMITMENT_ID, c.REASON),
            title="Обещания, даты которых противоречат друг другу",
            source=source,
        ),
    }
    return chosen(part, parts)
