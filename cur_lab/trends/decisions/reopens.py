"""Quiet because fixed, or quiet because answered: what is opened again tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import wilson
from cur_lab.trends.decisions.compared import within

AFTER, BEFORE, DIFFERENCE = "after", "before", "difference"
# A message marked resolved is followed up for this long.
_FOLLOW_UP = timedelta(days=30)
# Fewer resolved messages on a side tell nothing.
_FEWEST = 15


def reopens(
    messages: pl.DataFrame,
    decided_at: datetime,
    treated: Mapping[str, Sequence[str]],
    horizon: int,
) -> pl.DataFrame:
    """Compare shares of resolved messages opened again before and after the decision.

    Both sides are followed up equally long: a message counts if it was resolved at least 30 days
    before the end of the data, and before the decision at least 30 days before that. The interval
    of the difference is Newcombe's hybrid of two Wilson intervals.

    References
    ----------
    Newcombe R. G. (1998). Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17, 873-890.
    """
    needed = [c.RESOLVED_AT, c.REOPENED_AT, c.PUBLISHED_AT, *treated]
    if set(needed) - set(messages.columns):
        return c.IMPACT_REOPENS.empty()
    # A reopening before the resolution is a slip of the pen and of no side.
    cells = within(messages, treated).filter(
        pl.col(c.RESOLVED_AT).is_not_null(),
        pl.col(c.REOPENED_AT).is_null() | (pl.col(c.REOPENED_AT) >= pl.col(c.RESOLVED_AT)),
    )
    ends = messages.select(pl.max_horizontal(pl.col(c.PUBLISHED_AT, c.RESOLVED_AT).max())).item()
    if cells.is_empty() or ends is None:
        return c.IMPACT_REOPENS.empty()
    length = timedelta(days=horizon)
    sides = {
        BEFORE: (decided_at - length - _FOLLOW_UP, decided_at - _FOLLOW_UP),
        AFTER: (decided_at, min(decided_at + length, ends - _FOLLOW_UP)),
    }
    again = (pl.col(c.REOPENED_AT) - pl.col(c.RESOLVED_AT)) <= _FOLLOW_UP
    closed, opened = [], []
    for start, stop in sides.values():
        side = cells.filter(pl.col(c.RESOLVED_AT) >= start, pl.col(c.RESOLVED_AT) < stop)
        closed.append(side.height)
        opened.append(side.filter(again).height)
    return _table(closed, opened)


def _table(closed: list[int], opened: list[int]) -> pl.DataFrame:
    n, k = np.array(closed, dtype=float), np.array(opened, dtype=float)
    enough = bool((n >= _FEWEST).all())
    share = k / np.maximum(n, 1)
    low, high = wilson(k, n)
    change = share[1] - share[0]
    down = float(np.hypot(share[1] - low[1], high[0] - share[0]))
    up = float(np.hypot(high[1] - share[1], share[0] - low[0]))
    rows = [
        (BEFORE, closed[0], opened[0], share[0], low[0], high[0]),
        (AFTER, closed[1], opened[1], share[1], low[1], high[1]),
        (DIFFERENCE, sum(closed), sum(opened), change, change - down, change + up),
    ]
    if not enough:
        rows = [(*row[:3], None, None, None) for row in rows]
    return c.IMPACT_REOPENS.conform(
        pl.DataFrame(rows, schema=list(c.IMPACT_REOPENS.schema), orient="row")
    )


def verdict(table: pl.DataFrame, change: float | None, high: float | None) -> str:
    """Tell whether quiet means fixed: a code of ``columns.REOPEN_VERDICT``.

    Parameters
    ----------
    table
        As :func:`reopens` gives it.
    change, high
        Of the number of messages, and the upper end of its interval.
    """
    difference = table.filter(pl.col(c.PHASE) == DIFFERENCE)
    if difference.is_empty() or difference[c.SHARE_LOW][0] is None:
        return "too_few_resolved"
    low, above = difference[c.SHARE_LOW][0], difference[c.SHARE_HIGH][0]
    fewer = change is not None and high is not None and high < 0
    if low > 0 and fewer:
        return "only_answered"
    if low > 0:
        return "reopened_more"
    return "fixed" if fewer and above < 0.1 else "not_told_apart"
