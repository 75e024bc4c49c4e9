"""What flagged families do to the picture: shares of rubrics or topics, raw and deduplicated."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.inference import wilson
from cur_lab.topics import Model

_GROUP, _KEPT = "_group", "_kept"


def topic_shares(stream: Stream, flagged: list[Family], model: Model | None) -> pl.DataFrame:
    """Count every message, and then every flagged family as one message.

    A complaint inside a campaign stays a complaint: both counts are given, neither replaces the
    other.
    """
    frame = stream.frame.select(c.MESSAGE_ID, c.TEXT, pl.col(c.RUBRIC).alias(_GROUP))
    if model is not None:
        labels = model.topics.select(c.TOPIC, pl.col(c.LABEL).alias(_GROUP))
        placed = model.assign(stream.frame)
        placed = placed.join(labels, on=c.TOPIC, how="left", validate="m:1", maintain_order="left")
        frame = frame.drop(_GROUP).join(
            placed.select(c.MESSAGE_ID, _GROUP), on=c.MESSAGE_ID, how="left", validate="1:1"
        )
    kept = np.ones(stream.size, dtype=bool)
    for family in flagged:
        kept[family.members[1:]] = False
    frame = frame.sort(c.MESSAGE_ID).with_columns(pl.Series(_KEPT, kept)).drop_nulls(_GROUP)
    if frame.is_empty():
        return c.CAMPAIGN_SHARES.empty()
    counted = frame.group_by(_GROUP).agg(
        pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT),
        pl.col(_KEPT).sum().cast(pl.Int64).alias(c.WITHOUT_COPIES),
    )
    counted = counted.sort(_GROUP).rename({_GROUP: c.LABEL})
    for number, share in ((c.MESSAGES_COUNT, c.SHARE), (c.WITHOUT_COPIES, c.SHARE_ONCE)):
        total = counted[number].sum()
        low, high = wilson(counted[number].to_numpy(), np.full(counted.height, total))
        counted = counted.with_columns(
            (pl.col(number) / total).alias(share),
            pl.Series(f"{share}_low", low),
            pl.Series(f"{share}_high", high),
        )
    return c.CAMPAIGN_SHARES.conform(counted).sort(c.SHARE, c.LABEL, descending=[True, False])
