"""Messages of a claim over days, told only where there are ten."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cur_lab import columns as c

# Fewer messages of a day, a place or a channel are not told.
TOLD = 10


def curves_of(timed: pl.DataFrame) -> pl.DataFrame:
    """Count by stance over days; days with fewer than ten messages of a claim are put together.

    No stretch goes over the refutation; what is left over joins the stretch before it, and a claim
    or phase with fewer than ten messages is not told.
    """
    day = pl.col(c.PUBLISHED_AT).dt.truncate("1d").alias(c.PERIOD_START)
    keys = [c.CLAIM_ID, c.PHASE]
    days = timed.group_by(*keys, day).len().sort(*keys, c.PERIOD_START)
    parts = [
        group.with_columns(pl.Series("stretch", _stretches(group["len"].to_list())))
        for group in days.partition_by(keys, maintain_order=True)
        if group["len"].sum() >= TOLD
    ]
    if not parts:
        return c.SPREAD_CURVES.empty()
    placed = pl.concat(parts)
    ends = placed.group_by(*keys, "stretch").agg(
        pl.col(c.PERIOD_START).min().alias("first"),
        ((pl.col(c.PERIOD_START).max() - pl.col(c.PERIOD_START).min()).dt.total_days() + 1).alias(
            c.DAYS_TOGETHER
        ),
    )
    counted = (
        timed.with_columns(day)
        .join(placed, on=[*keys, c.PERIOD_START], nulls_equal=True)
        .group_by(*keys, "stretch", c.STANCE)
        .agg(pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT))
        .join(ends, on=[*keys, "stretch"], nulls_equal=True)
        .with_columns(pl.col("first").alias(c.PERIOD_START))
    )
    order = [c.CLAIM_ID, c.PERIOD_START, c.PHASE, c.STANCE]
    return c.SPREAD_CURVES.conform(counted.select(c.SPREAD_CURVES.schema.names()).sort(order))


def _stretches(counts: Sequence[int]) -> list[int]:
    """Give neighbours that hold ten or more each one number."""
    found, number, held = [], 0, 0
    for count in counts:
        if held >= TOLD:
            number, held = number + 1, 0
        held += count
        found.append(number)
    # The last one may hold less.
    return [min(place, number - 1) if held < TOLD else place for place in found]
