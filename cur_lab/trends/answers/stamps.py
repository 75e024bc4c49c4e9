"""The dates of a message: written, answered, fixed, opened again; and whether they fit together."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.trends.answers import legal

TIMES = (c.ANSWERED_AT, c.RESOLVED_AT, c.REOPENED_AT)


def known(messages: pl.DataFrame, groups: list[str]) -> pl.DataFrame:
    """Take the columns that are used, nulls where the source has none, in the order of groups."""
    types = c.MESSAGES.full_schema
    wanted = [
        c.MESSAGE_ID,
        *groups,
        *(name for name in (c.RUBRIC, c.TEXT, c.ANSWER_TEXT, *legal.USED) if name not in groups),
        c.PUBLISHED_AT,
        *TIMES,
    ]
    columns = [
        pl.col(name).cast(types[name])
        if name in messages.columns
        else pl.lit(None, types[name]).alias(name)
        for name in wanted
    ]
    coded = (
        pl.col(c.TO_POINT).cast(pl.Boolean)
        if c.TO_POINT in messages.columns
        else pl.lit(None, pl.Boolean).alias(c.TO_POINT)
    )
    return messages.select(*columns, coded).sort(*groups, c.MESSAGE_ID, c.PUBLISHED_AT)


def contradiction() -> pl.Expr:
    """Name what is wrong with a message's dates; null if nothing is."""
    written, answered, fixed, back = (pl.col(name) for name in (c.PUBLISHED_AT, *TIMES))
    closed = pl.min_horizontal(answered, fixed)
    rules = {
        "no_date": written.is_null(),
        "answered_before_written": answered < written,
        "fixed_before_written": fixed < written,
        "reopened_never_closed": back.is_not_null() & closed.is_null(),
        "reopened_before_closed": back < closed,
    }
    return pl.coalesce(
        *(pl.when(wrong.fill_null(False)).then(pl.lit(reason)) for reason, wrong in rules.items()),
        pl.lit(None, pl.String),
    )
