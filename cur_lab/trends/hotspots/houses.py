"""Houses people complain of, and complaints that come back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import design_effect, wilson
from cur_lab.trends.hotspots import streets

_CASE = timedelta(days=14)
_FOLLOWED = timedelta(days=90)
_HOUSE = (c.MUNICIPALITY, c.ADDRESS, c.RUBRIC)


def count(located: pl.DataFrame) -> pl.DataFrame:
    """Count messages, incidents and authors of every house with every rubric."""
    named = located.drop_nulls([c.STREET, c.HOUSE])
    return c.HOTSPOT_HOUSES.conform(streets.count(named, _HOUSE))


def repeats(located: pl.DataFrame) -> pl.DataFrame:
    """Share of cases that came back; what a case is stands in ``hotspots``."""
    named = located.drop_nulls([c.STREET, c.HOUSE, c.PUBLISHED_AT])
    if named.is_empty():
        return c.REPEATS.empty()
    cases = _cases(named)
    within = (pl.col("again") - pl.col(c.PUBLISHED_AT)).fill_null(timedelta.max) <= _FOLLOWED
    last = located[c.PUBLISHED_AT].max()
    followed = cases.filter(pl.col(c.PUBLISHED_AT) + _FOLLOWED <= last).with_columns(
        within.alias(c.REPEATED)
    )
    rows = [_row(part) for _, part in followed.group_by(c.RUBRIC, maintain_order=True)]
    return c.REPEATS.conform(
        pl.DataFrame(rows, schema=c.REPEATS.schema, orient="row").sort(c.RUBRIC)
    )


def _cases(named: pl.DataFrame) -> pl.DataFrame:
    """First message of every case, when the next case began, and what lay between."""
    ordered = named.sort(*_HOUSE, c.PUBLISHED_AT, c.MESSAGE_ID)
    when, before = pl.col(c.PUBLISHED_AT), pl.col(c.PUBLISHED_AT).shift(1).over(_HOUSE)
    # Closed in between: an answer to any earlier message of the house counts.
    answered, resolved = (
        pl.col(name).cum_max().forward_fill().shift(1).over(_HOUSE).is_between(before, when)
        for name in (c.ANSWERED_AT, c.RESOLVED_AT)
    )
    answered, resolved = answered.fill_null(False), resolved.fill_null(False)
    begins = before.is_null() | answered | resolved | (when - before > _CASE).fill_null(False)
    first = ordered.with_columns(
        begins.alias("begins"), answered.alias("answered"), resolved.alias("resolved")
    ).filter("begins")
    return first.with_columns(
        when.shift(-1).over(_HOUSE).alias("again"),
        pl.col("answered").shift(-1).over(_HOUSE).fill_null(False),
        pl.col("resolved").shift(-1).over(_HOUSE).fill_null(False),
        pl.struct(c.MUNICIPALITY, c.ADDRESS).rank("dense").cast(pl.Int64).alias("house number"),
    )


def _row(cases: pl.DataFrame) -> tuple[object, ...]:
    repeated = cases[c.REPEATED].to_numpy().astype(float)
    clusters = cases["house number"].rank("dense").to_numpy().astype(np.int64) - 1
    size = cases.height
    effective = size / design_effect(repeated[:, None], np.ones(size), clusters)[0]
    share = float(repeated.mean())
    low, high = wilson(share * effective, effective)
    after = [int((cases[c.REPEATED] & cases[reason]).sum()) for reason in ("answered", "resolved")]
    return (cases[c.RUBRIC][0], size, int(repeated.sum()), share, float(low), float(high), *after)
