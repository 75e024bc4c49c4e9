"""How readily people report."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import RESOLUTION, N
from cur_lab.columns.counts import INCIDENTS, RATE
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

INCIDENT_ID = "incident_id"
FIRST_REPORT_AT = "first_report_at"
CLOSED_AT = "closed_at"
DUPLICATES = "duplicates"
EXPOSURE_DAYS = "exposure_days"
DELAY_DAYS = "delay_days"
DELAY_DAYS_LOW = "delay_days_low"
DELAY_DAYS_HIGH = "delay_days_high"
SCENARIO = "scenario"

REPORTING = Table(
    "reporting",
    (
        Column(INCIDENTS, pl.Int64, "incidents somebody reported", nullable=False),
        Column(DUPLICATES, pl.Int64, "reports after the first, while watched", nullable=False),
        Column(EXPOSURE_DAYS, pl.Float64, "incident-days watched after the first", nullable=False),
        *interval(RATE, "reports per open incident and day, at the mix of rubrics of all"),
        *interval(c.RATIO, "rate over the geometric mean of the groups"),
        Column(DELAY_DAYS, pl.Float64, "expected time until the first report", unit="days"),
        Column(DELAY_DAYS_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(DELAY_DAYS_HIGH, pl.Float64, "upper end; null: not bounded", unit="days"),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
    optional=RESOLUTION.optional,
)

REPORTING_SENSITIVITY = Table(
    "reporting_sensitivity",
    (
        Column(SCENARIO, pl.String, "what was assumed otherwise", nullable=False),
        Column(INCIDENTS, pl.Int64, "incidents under it", nullable=False),
        *interval(RATE, "reports per open incident and day"),
        Column(c.RATIO, pl.Float64, "rate over the geometric mean of the groups"),
        Column(c.CHANGE, pl.Float64, "rate over that of the main estimate, minus one"),
    ),
    optional=RESOLUTION.optional,
)

REPORTED_INCIDENTS = Table(
    "reported_incidents",
    (
        Column(INCIDENT_ID, pl.String, "incident", nullable=False),
        Column(FIRST_REPORT_AT, TIME, "first report", nullable=False, unit="UTC"),
        Column(CLOSED_AT, TIME, "a report of it was marked as fixed; null: none", unit="UTC"),
        Column(DUPLICATES, pl.Int64, "reports after the first, while watched", nullable=False),
        Column(EXPOSURE_DAYS, pl.Float64, "days watched after the first", nullable=False),
    ),
    optional=RESOLUTION.optional,
)

UNUSED_REPORTS = Table(
    "unused_reports",
    (
        Column(c.REASON, pl.String, "why they tell nothing of reporting", nullable=False),
        Column(N, pl.Int64, "messages", nullable=False, unit="messages"),
    ),
)

HEADINGS = {
    DUPLICATES: Heading("Повторных сообщений"),
    EXPOSURE_DAYS: Heading("Дней под наблюдением", digits=0),
    DELAY_DAYS: Heading("До первого сообщения", digits=1, unit="дней"),
    SCENARIO: Heading("Что принято иначе"),
}

CODES = {
    SCENARIO: {
        "main": "основная оценка",
        "open_30_days": "под наблюдением не дольше 30 дней",
        "open_60_days": "под наблюдением не дольше 60 дней",
        "open_90_days": "под наблюдением не дольше 90 дней",
        "without_copies": "копии текста не в счёт",
        "with_repeats": "повторы автора в счёт",
        "wrongly_merged": "ошибочно слита десятая часть происшествий",
        "wrongly_split": "ошибочно разделена десятая часть происшествий",
    },
    c.REASON: {
        "no_duplicates": "повторных сообщений нет",
        "severity_differs": "происшествия разной громкости: тихое не отличить от устранённого, "
        "интервал шире",
        "no_house": "нет дома в тексте",
        "no_incident": "нет происшествия",
        "no_report": "не жалоба и не сообщение о проблеме",
        "no_rubric_or_district": "нет рубрики или муниципалитета",
    },
}
