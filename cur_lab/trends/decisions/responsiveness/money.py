"""Share of complaints beside share of money."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray, wilson


def shares_of(daily: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Set each rubric's share of complaints beside its share of stated money.

    Parameters
    ----------
    daily
        ``rubric``, ``period_start``, ``messages``.
    decisions
        Table ``decisions``.

    Returns
    -------
    DataFrame
        ``columns.MONEY_SHARES`` by rubric; decisions about none in a last row without shares. The
        interval of the share of complaints is Wilson's at the effective number of messages: weeks
        are the clusters, because complaints come in waves. Money is not a sample and has no such
        interval; its bounds are what it would be if every unstated sum, here or elsewhere, were as
        large as the largest stated one.
    """
    complaints = _complaints(daily.drop_nulls(c.RUBRIC))
    stated = pl.col(c.BUDGET).is_not_null()
    money = decisions.group_by(c.RUBRIC).agg(
        pl.len().cast(pl.Int64).alias(c.DECISIONS_COUNT),
        stated.sum().cast(pl.Int64).alias(c.WITH_BUDGET),
        pl.col(c.BUDGET).sum().cast(pl.Float64).alias(c.MONEY),
    )
    table = (
        complaints.join(money, on=c.RUBRIC, how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col(c.DECISIONS_COUNT, c.WITH_BUDGET, c.MONEY).fill_null(0))
        .sort(c.RUBRIC, nulls_last=True)
    )
    about = table.filter(pl.col(c.RUBRIC).is_not_null())
    largest = decisions.drop_nulls(c.RUBRIC)[c.BUDGET].max()
    total = about[c.MONEY].sum()
    unstated = pl.col(c.DECISIONS_COUNT) - pl.col(c.WITH_BUDGET)
    all_unstated = int((about[c.DECISIONS_COUNT] - about[c.WITH_BUDGET]).sum())
    at_most = float(largest) if isinstance(largest, int | float) else 0.0
    known = pl.lit(total > 0) & pl.col(c.RUBRIC).is_not_null()
    own, others = unstated * at_most, (all_unstated - unstated) * at_most
    bounds = {
        c.MONEY_SHARE: pl.col(c.MONEY) / total,
        c.MONEY_SHARE_LOW: pl.col(c.MONEY) / (total + others),
        c.MONEY_SHARE_HIGH: (pl.col(c.MONEY) + own) / (total + own),
    }
    reason = (
        pl.when(pl.col(c.RUBRIC).is_null())
        .then(pl.lit("no_rubric"))
        .when(pl.lit(total == 0))
        .then(pl.lit("no_sums"))
        .when(pl.lit(all_unstated > 0))
        .then(pl.lit("sums_unstated"))
    )
    return c.MONEY_SHARES.conform(
        table.with_columns(
            *(pl.when(known).then(share).alias(name) for name, share in bounds.items()),
            reason.alias(c.REASON),
        )
    ).select(c.MONEY_SHARES.schema.names())


def _complaints(daily: pl.DataFrame) -> pl.DataFrame:
    weekly = (
        daily.group_by(c.RUBRIC, pl.col(c.PERIOD_START).dt.truncate("1w"))
        .agg(pl.col(c.MESSAGES_COUNT).sum())
        .pivot(c.PERIOD_START, index=c.RUBRIC, values=c.MESSAGES_COUNT, sort_columns=True)
        .fill_null(0)
        .sort(c.RUBRIC)
    )
    grid = weekly.drop(c.RUBRIC).to_numpy().astype(float)
    counted = grid.sum(axis=1)
    total = counted.sum()
    share = counted / max(total, 1.0)
    effective = total / _design_effect(grid, share)
    low, high = wilson(share * effective, effective)
    return weekly.select(c.RUBRIC).with_columns(
        pl.Series(c.COMPLAINTS, counted.astype(np.int64)),
        *(
            pl.Series(name, values if total else [None] * len(share), dtype=pl.Float64)
            for name, values in ((c.SHARE, share), (c.SHARE_LOW, low), (c.SHARE_HIGH, high))
        ),
    )


def _design_effect(grid: FloatArray, share: FloatArray) -> FloatArray:
    """Variance of a ratio over weeks, over that of as many independent messages; at least one."""
    weeks, total = grid.shape[1], grid.sum()
    if weeks < 2 or total == 0:
        return np.ones(len(share))
    residuals = grid - share[:, None] * grid.sum(axis=0)
    clustered = (residuals**2).sum(axis=1) / total**2 * weeks / (weeks - 1)
    binomial = share * (1 - share) / total
    safe = np.where(binomial > 0, binomial, 1.0)
    return np.maximum(1.0, np.where(binomial > 0, clustered / safe, 1.0))
