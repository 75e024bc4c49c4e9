"""When the messages of a family came, beside the others of its channels."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.fakes.campaigns.stream import Family, Stream

# Up to this duration of the family: width of a bin and what is shown before and after.
_SCALES = (
    (timedelta(hours=6), "10m", timedelta(hours=3)),
    (timedelta(days=4), "1h", timedelta(days=1)),
    (timedelta.max, "1d", timedelta(days=7)),
)


def course(stream: Stream, family: Family) -> pl.DataFrame:
    """Count the messages of a family and the others of its channels, bin by bin."""
    inside = np.zeros(stream.size, dtype=bool)
    inside[family.members] = True
    channels = np.unique(stream.channels[family.members])
    here = np.isin(stream.channels, channels)
    frame = stream.frame.select(
        pl.col(c.PUBLISHED_AT), pl.Series("inside", inside), pl.Series("here", here)
    )
    frame = frame.filter("here").drop_nulls(c.PUBLISHED_AT)
    own = frame.filter("inside")[c.PUBLISHED_AT]
    if own.is_empty():
        return c.CAMPAIGN_COURSE.empty()
    first, last = own.min(), own.max()
    _, every, margin = next(scale for scale in _SCALES if last - first <= scale[0])  # type: ignore[operator]
    ends = pl.Series([first - margin, last + margin]).dt.truncate(every)  # type: ignore[operator]
    bins = pl.datetime_range(ends[0], ends[1], every, eager=True, time_unit="us").alias(
        c.PERIOD_START
    )
    counted = frame.group_by(pl.col(c.PUBLISHED_AT).dt.truncate(every).alias(c.PERIOD_START)).agg(
        pl.col("inside").sum().cast(pl.Int64).alias(c.INSIDE),
        (~pl.col("inside")).sum().cast(pl.Int64).alias(c.BESIDE),
    )
    whole = bins.to_frame().join(counted, on=c.PERIOD_START, how="left", validate="1:1")
    whole = whole.with_columns(pl.col(c.INSIDE, c.BESIDE).fill_null(0))
    return c.CAMPAIGN_COURSE.conform(whole).sort(c.PERIOD_START)
