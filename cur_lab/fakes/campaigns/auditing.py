"""Whether every channel and municipality is treated alike, and what was planted is found."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import disclosure
from cur_lab.inference import wilson


def audit(messages: pl.DataFrame, flagged: pl.Series) -> pl.DataFrame:
    """Count flagged messages by channel and municipality; small cells are hidden.

    Parameters
    ----------
    messages
        All that were judged.
    flagged
        Whether each is in a family that calls for a check.
    """
    parts = [c.CAMPAIGN_AUDIT.empty()]
    for by in (c.CHANNEL, c.MUNICIPALITY):
        counted = (
            messages.with_columns(flagged.alias(c.FLAGGED))
            .drop_nulls(by)
            .group_by(pl.col(by).alias(c.GROUP))
            .agg(pl.len().alias(c.MESSAGES_COUNT), pl.col(c.FLAGGED).sum().cast(pl.Int64))
        )
        shown = disclosure.publishable(counted, quasi=[c.GROUP], count=c.FLAGGED)
        parts.append(c.CAMPAIGN_AUDIT.conform(shown.with_columns(pl.lit(by).alias(c.BY))))
    order = [c.BY, c.FLAGGED, c.GROUP]
    return pl.concat(parts).sort(order, descending=[False, True, False], nulls_last=True)


def recovered(messages: pl.DataFrame, flagged: pl.Series, planted: pl.DataFrame) -> pl.DataFrame:
    """Count how much of each planted campaign and look-alike is flagged, and what else is."""
    marked = messages.select(c.MESSAGE_ID, flagged.alias(c.FLAGGED))
    marked = marked.join(planted, on=c.MESSAGE_ID, how="left")
    inside = pl.col(c.KIND).is_not_null()
    counted = (
        marked.filter(inside | pl.col(c.FLAGGED))
        .group_by(
            pl.col(c.KIND).str.replace_all(" ", "_").fill_null("outside"),
            pl.col(c.COORDINATED).fill_null(False),
        )
        .agg(pl.len().alias(c.MESSAGES_COUNT), pl.col(c.FLAGGED).sum().cast(pl.Int64))
    )
    low, high = wilson(counted[c.FLAGGED].to_numpy(), counted[c.MESSAGES_COUNT].to_numpy())
    # Of what was not planted only the flagged messages are counted: there is no share of them.
    known = pl.col(c.KIND) != "outside"
    ends = {c.SHARE_LOW: pl.Series(low), c.SHARE_HIGH: pl.Series(high)}
    shares = {c.SHARE: counted[c.FLAGGED] / counted[c.MESSAGES_COUNT], **ends}
    counted = counted.with_columns(
        pl.when(known).then(value).alias(name) for name, value in shares.items()
    )
    return c.CAMPAIGN_RECOVERED.conform(counted).sort(pl.col(c.COORDINATED).not_(), ~known, c.KIND)
