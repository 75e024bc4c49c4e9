"""Streets, houses and districts that stand out."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import AUTHORS, INCIDENTS, MESSAGES_COUNT, RATE, RATE_HIGH, RATE_LOW
from cur_lab.columns.table import Column, Table

STATISTIC = "statistic"
CASES = "cases"
REPEATED = "repeated"
AFTER_ANSWER = "after_answer"
AFTER_RESOLVED = "after_resolved"

_PLACE_COUNTS = (
    Column(MESSAGES_COUNT, pl.Int64, "messages that name it", nullable=False, unit="messages"),
    Column(INCIDENTS, pl.Int64, "families and lone texts", nullable=False, unit="families"),
    Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
)

HOTSPOT_STREETS = Table(
    "hotspot_streets",
    (
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.STREET, pl.String, "street", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        *_PLACE_COUNTS,
        Column(c.EXPECTED, pl.Float64, "messages, were the street like the district's others"),
        Column(c.RATIO, pl.Float64, "observed to expected, shrunk to 1 where data are few"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all streets and rubrics"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
    ),
)

HOTSPOT_HOUSES = Table(
    "hotspot_houses",
    (
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.ADDRESS, pl.String, "street and house", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        *_PLACE_COUNTS,
    ),
)

HOTSPOT_DISTRICTS = Table(
    "hotspot_districts",
    (
        Column(c.MUNICIPALITY, pl.String, "district", nullable=False),
        Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: all or none set"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(RATE, pl.Float64, "messages per 10,000 residents", nullable=False),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(STATISTIC, pl.Float64, "Gi* of the rate with the nearest districts"),
        Column(c.P_VALUE, pl.Float64, "two-sided, by permutation of the other districts"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all districts and groups"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
    ),
    optional=(
        Column(c.LATITUDE, pl.Float64, "of the centre", unit="degrees north"),
        Column(c.LONGITUDE, pl.Float64, "of the centre", unit="degrees east"),
    ),
)

REPEATS = Table(
    "repeats",
    (
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        Column(CASES, pl.Int64, "complaints of a house followed for 90 days", nullable=False),
        Column(REPEATED, pl.Int64, "of these repeated within 90 days", nullable=False),
        Column(c.SHARE, pl.Float64, "repeated", nullable=False, unit="share"),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(AFTER_ANSWER, pl.Int64, "repeated after an answer", nullable=False),
        Column(AFTER_RESOLVED, pl.Int64, "repeated after it was reported as fixed", nullable=False),
    ),
)
