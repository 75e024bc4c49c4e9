"""Counts of messages, incidents and authors over time."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table

PERIOD_START = "period_start"
MONTH = "month"
MESSAGES_COUNT = "messages"
INCIDENTS = "incidents"
AUTHORS = "authors"
RATE = "rate"
RATE_LOW = "rate_low"
RATE_HIGH = "rate_high"
RECORDED = "recorded"
FDR = "fdr"

COUNTS = Table(
    "counts",
    (
        Column(PERIOD_START, TIME, "beginning of the period", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages, raw", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts", nullable=False, unit="families"),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        Column(c.POPULATION, pl.Int64, "residents; null if unknown", unit="people"),
        Column(RATE, pl.Float64, "messages per 10,000 residents; null if these are unknown"),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval"),
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

HEADINGS = {
    PERIOD_START: Heading("Начало", kind="day"),
    MONTH: Heading("Месяц", kind="month"),
    RATE: Heading("На 10 тыс. жителей", digits=1),
    FDR: Heading("Доля ложных, не больше", kind="share"),
    RECORDED: Heading("Источник писал"),
}

CODES = {
    c.UNIT: {MESSAGES_COUNT: "сообщения", INCIDENTS: "инциденты", AUTHORS: "авторы"},
}
