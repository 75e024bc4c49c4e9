"""Lasting changes of counts, their parts, a move between channels."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import COUNTS, PERIOD_START
from cur_lab.columns.table import TIME, Column, Table

CHANGE_LOW = "change_low"
CHANGE_HIGH = "change_high"
CHANGED_AT = "changed_at"
CHANGED_LOW = "changed_low"
CHANGED_HIGH = "changed_high"
BEFORE_LOW = "before_low"
BEFORE_HIGH = "before_high"
AFTER_LOW = "after_low"
AFTER_HIGH = "after_high"
TREND = "trend"
SEASONAL_WEEK = "seasonal_week"
SEASONAL_YEAR = "seasonal_year"
REST = "rest"

CHANGES = Table(
    "changes",
    (
        Column(CHANGED_AT, TIME, "first day of the new level; null: none found", unit="UTC"),
        Column(CHANGED_LOW, TIME, "beginning of the 95 % interval of the date", unit="UTC"),
        Column(CHANGED_HIGH, TIME, "end of the 95 % interval of the date", unit="UTC"),
        Column(c.BEFORE, pl.Float64, "level before, at an average season", unit="per day"),
        Column(BEFORE_LOW, pl.Float64, "lower end of the 95 % interval", unit="per day"),
        Column(BEFORE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="per day"),
        Column(c.AFTER, pl.Float64, "level after, at an average season", unit="per day"),
        Column(AFTER_LOW, pl.Float64, "lower end of the 95 % interval", unit="per day"),
        Column(AFTER_HIGH, pl.Float64, "upper end of the 95 % interval", unit="per day"),
        Column(c.CHANGE, pl.Float64, "relative change: 0.5 is half as much again", unit="share"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all series"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
    ),
    optional=COUNTS.optional,
)

DECOMPOSITION = Table(
    "decomposition",
    (
        Column(PERIOD_START, TIME, "beginning of the day", nullable=False, unit="UTC"),
        Column(c.OBSERVED, pl.Float64, "counted; null where not recorded", unit="per day"),
        Column(TREND, pl.Float64, "slow part", nullable=False, unit="per day"),
        Column(SEASONAL_WEEK, pl.Float64, "part of the weekday", nullable=False, unit="per day"),
        Column(SEASONAL_YEAR, pl.Float64, "time of year; null below two years", unit="per day"),
        Column(REST, pl.Float64, "what is left; null where not recorded", unit="per day"),
    ),
    optional=COUNTS.optional,
)

OTHERS = "others"
OTHERS_LOW = "others_low"
OTHERS_HIGH = "others_high"
TOTAL = "total"
TOTAL_LOW = "total_low"
TOTAL_HIGH = "total_high"
SHARE_BEFORE = "share_before"
SHARE_BEFORE_LOW = "share_before_low"
SHARE_BEFORE_HIGH = "share_before_high"
SHARE_AFTER = "share_after"
SHARE_AFTER_LOW = "share_after_low"
SHARE_AFTER_HIGH = "share_after_high"

MIX = Table(
    "mix",
    (
        Column(c.CHANNEL, pl.String, "channel that changed; null: all together"),
        Column(CHANGED_AT, TIME, "first day of the new level; null: none found", unit="UTC"),
        Column(c.CHANGE, pl.Float64, "relative change of the channel: 0.5 is half as much again"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(OTHERS, pl.Float64, "relative change of all other channels there", unit="share"),
        Column(OTHERS_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(OTHERS_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(TOTAL, pl.Float64, "relative change of all messages there", unit="share"),
        Column(TOTAL_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(TOTAL_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(SHARE_BEFORE, pl.Float64, "the channel's share of messages before", unit="share"),
        Column(SHARE_BEFORE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(SHARE_BEFORE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(SHARE_AFTER, pl.Float64, "the channel's share of messages after", unit="share"),
        Column(SHARE_AFTER_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(SHARE_AFTER_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(c.VERDICT, pl.String, "a real rise or a move between channels", nullable=False),
    ),
    optional=tuple(column for column in COUNTS.optional if column.name != c.CHANNEL),
)
