"""Tables of complaints over time: months, and the most certain changes of many series."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines import trends as headlines
from cur_lab.tables.layout import show


def months(frame: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out counts by month.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.trends.counts` by month with one series.
    source
        Note below the table.
    """
    if isinstance(frame, c.Absent):
        return frame
    return show(
        frame.sort(c.PERIOD_START).rename({c.PERIOD_START: c.MONTH}),
        *(c.MONTH, c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS, c.RATE, c.RECORDED),
        title="По месяцам",
        source=source,
    )


def latest(frame: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out the last whole month of every municipality.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.trends.latest` by municipality and month.
    source
        Note below the table.
    """
    if isinstance(frame, c.Absent):
        return frame
    return show(
        frame,
        *(c.MUNICIPALITY, c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS, c.RATE, c.SUPPRESSED),
        title=headlines.latest(frame),
        source=source,
    )


def changes(
    found: pl.DataFrame | c.Absent, *, source: str | None = None, top: int = 15
) -> GT | c.Absent:
    """Lay out the most certain changes, and say how many series had none.

    Parameters
    ----------
    found
        Frame of :func:`cur_lab.trends.changes`.
    source
        Note below the table.
    top
        How many changes are shown.
    """
    if isinstance(found, c.Absent):
        return found
    series = c.CHANGES.splits(found)
    changed = found.drop_nulls(c.CHANGED_AT).sort(c.Q_VALUE, *series, c.CHANGED_AT)
    silent = found.filter(pl.col(c.CHANGED_AT).is_null())[c.VERDICT].value_counts()
    said = [
        f"{c.CODES[c.VERDICT][verdict]}: {wording.grouped(number)}"
        for verdict, number in silent.sort(c.VERDICT).iter_rows()
    ]
    return show(
        changed.head(top),
        *(*series, c.VERDICT, c.CHANGE, c.CHANGED_AT, c.CHANGED_LOW, c.CHANGED_HIGH),
        *(c.BEFORE, c.AFTER, c.Q_VALUE, c.NOTE),
        title=headlines.table_of_changes(found, top=top),
        source="; ".join([*(f"рядов, где {one}" for one in said), *([source] if source else [])]),
    )


def mix(found: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out the changes of channels and of all together; without one, say why there is none.

    Parameters
    ----------
    found
        Frame of :func:`cur_lab.trends.mix`.
    source
        Note below the table.
    """
    if isinstance(found, c.Absent):
        return found
    dated = found.drop_nulls(c.CHANGED_AT)
    if dated.is_empty():
        return c.Absent(headlines.mix(found))
    return show(
        dated.with_columns(pl.col(c.CHANNEL).fill_null("все каналы вместе")),
        *(*c.MIX.splits(found), c.CHANNEL, c.CHANGED_AT, c.CHANGE, c.TOTAL),
        *(c.SHARE_BEFORE, c.SHARE_AFTER, c.PARTNERS, c.VERDICT),
        title="Каналы",
        source=source,
    )
