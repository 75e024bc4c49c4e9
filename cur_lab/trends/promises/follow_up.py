"""Whether people write less where a promise was kept, against districts without it."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.inference import FloatArray

# Fewer complaints than this tell nothing of a change, and single people out.
FEWEST = 10
LEAST_SHOWN = 5
NOT_FOLLOWED, FEW, NO_OTHERS = "not_followed", "few_complaints", "no_others"

Row = dict[str, object]


def cases(messages: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each family of complaints in a district and rubric: its first message."""
    return (
        messages.filter(
            pl.col(c.PUBLISHED_AT).is_not_null(),
            pl.col(c.MUNICIPALITY).is_not_null(),
            pl.col(c.RUBRIC).is_not_null(),
        )
        .with_columns(pl.coalesce(c.FAMILY, c.MESSAGE_ID).alias(c.FAMILY))
        .group_by(c.RUBRIC, c.MUNICIPALITY, c.FAMILY)
        .agg(pl.col(c.PUBLISHED_AT).min())
        .sort(c.RUBRIC, c.MUNICIPALITY, c.PUBLISHED_AT, c.FAMILY)
    )


def compared(
    found: pl.DataFrame,
    rubric: str,
    municipality: str | None,
    made: datetime,
    ended: datetime,
    window: timedelta,
    until: datetime,
) -> Row:
    """Compare as long before the promise as after its end, in its district and in the others.

    The scatter of the other districts stands for that of this one: Pearson's statistic of their
    equal change over its degrees of freedom, never below one, widens the interval.
    """
    if ended + window > until:
        return {c.REASON: NOT_FOLLOWED}
    about = found.filter(pl.col(c.RUBRIC) == rubric)
    spans = {c.CASES_BEFORE: (made - window, made), c.CASES_AFTER: (ended, ended + window)}
    counted = about.group_by(c.MUNICIPALITY).agg(
        pl.col(c.PUBLISHED_AT).is_between(*span, closed="left").sum().alias(name)
        for name, span in spans.items()
    )
    here = counted.filter(
        pl.lit(True) if municipality is None else pl.col(c.MUNICIPALITY) == municipality
    )
    before, after = (int(here[name].sum()) for name in spans)
    row: Row = {
        c.CASES_BEFORE: before if before >= LEAST_SHOWN else None,
        c.CASES_AFTER: after if after >= LEAST_SHOWN else None,
    }
    if municipality is None:
        return row | {c.REASON: NO_OTHERS}
    others = counted.filter(pl.col(c.MUNICIPALITY) != municipality, pl.sum_horizontal(*spans) > 0)
    table = others.select(*spans).to_numpy().astype(float)
    if before + after < FEWEST or table.shape[0] < 2 or not table.sum(axis=0).all():
        return row | {c.REASON: FEW}
    ends = _change(np.array([before, after], dtype=float), table)
    return row | dict(zip((c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH), ends, strict=True))


def _change(here: FloatArray, others: FloatArray) -> tuple[float, float, float]:
    totals = others.sum(axis=0)
    expected = others.sum(axis=1, keepdims=True) * totals / totals.sum()
    freedom = others.shape[0] - 1
    scatter = max(1.0, float(((others - expected) ** 2 / expected).sum()) / freedom)
    # Half an event more on either side: a count of none has a logarithm then.
    place, rest = here + 0.5, totals + 0.5
    log = np.log(place[1] / place[0]) - np.log(rest[1] / rest[0])
    error = np.sqrt(scatter * ((1 / place).sum() + (1 / rest).sum()))
    reach = scipy.stats.t.ppf(0.975, freedom) * error
    low, mid, high = np.expm1([log - reach, log, log + reach])
    return float(mid), float(low), float(high)
