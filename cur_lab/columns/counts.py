"""Counts of messages, incidents and authors over time."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

PERIOD_START = "period_start"
MONTH = "month"
MESSAGES_COUNT = "messages"
INCIDENTS = "incidents"
AUTHORS = "authors"
MUNICIPALITIES_COUNT = "municipalities"
RATE = "rate"
RATE_LOW = "rate_low"
RATE_HIGH = "rate_high"
RECORDED = "recorded"
FDR = "fdr"
SOCIAL = "social"
ROAD_SHARE = "road_share"
ROAD_SHARE_LOW = "road_share_low"
ROAD_SHARE_HIGH = "road_share_high"
YEARLY_RATE = "yearly_rate"
YEARLY_RATE_LOW = "yearly_rate_low"
YEARLY_RATE_HIGH = "yearly_rate_high"

COUNTS = Table(
    "counts",
    (
        Column(PERIOD_START, TIME, "beginning of the period", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages, raw", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts", nullable=False, unit="families"),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        Column(c.POPULATION, pl.Int64, "residents; null if unknown", unit="people"),
        *interval(RATE, "messages per 10,000 residents; null if these are unknown"),
        Column(
            RECORDED,
            pl.Boolean,
            "false where the whole source is silent, so that a zero means nothing",
            nullable=False,
        ),
    ),
    optional=(
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: none set"),
        Column(c.TOPIC, pl.String, "topic of our model"),
        Column(c.CHANNEL, pl.String, "channel"),
        Column(c.AGENCY, pl.String, "body the message was sent on to"),
        Column(c.KIND, pl.String, "complaint, proposal, question …"),
    ),
)

LATEST = Table(
    "latest",
    (
        Column(PERIOD_START, TIME, "beginning of the last period", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages; null: suppressed", unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts; null: suppressed", unit="families"),
        Column(AUTHORS, pl.Int64, "different authors; null: suppressed", unit="people"),
        Column(c.POPULATION, pl.Int64, "residents; null if unknown or suppressed", unit="people"),
        *interval(RATE, "messages per 10,000 residents; null: unknown or suppressed"),
        Column(c.SUPPRESSED, pl.Boolean, "too few authors to be shown", nullable=False),
    ),
    optional=COUNTS.optional,
)

TOTALS = Table(
    "totals",
    (
        Column(MESSAGES_COUNT, pl.Int64, "messages read", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families and lone texts", nullable=False, unit="families"),
        Column(
            AUTHORS,
            pl.Int64,
            "a message of nobody known is of its own; null: none known",
            unit="people",
        ),
        Column(SOCIAL, pl.Int64, "messages in social networks with a group of rubrics"),
        *interval(ROAD_SHARE, "of these about roads; null: there are none"),
        Column(c.POPULATION, pl.Int64, "residents; null if unknown", unit="people"),
        *interval(YEARLY_RATE, "dated messages a year per 10,000 residents"),
    ),
)

HEADINGS = {
    PERIOD_START: Heading("Начало", kind="day"),
    MONTH: Heading("Месяц", kind="month", absent="дат"),
    RATE: Heading("На 10 тыс. жителей", digits=1),
    FDR: Heading("Доля ложных, не больше", kind="share"),
    RECORDED: Heading("Источник писал"),
    SOCIAL: Heading("В соцсетях с рубрикой"),
    ROAD_SHARE: Heading("Из них о дорогах", kind="share"),
    YEARLY_RATE: Heading("В год на 10 тыс. жителей", digits=0),
}

CODES = {
    c.UNIT: {MESSAGES_COUNT: "сообщения", INCIDENTS: "случаи", AUTHORS: "авторы"},
}
