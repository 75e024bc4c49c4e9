"""Streets, houses and districts that stand out."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import AUTHORS, INCIDENTS, MESSAGES_COUNT, RATE
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

STATISTIC = "statistic"
CASES = "cases"
REPEATED = "repeated"
AFTER_ANSWER = "after_answer"
AFTER_RESOLVED = "after_resolved"
LOCATED = "located"
HIDDEN_STREETS = "hidden_streets"
HIDDEN_HOUSES = "hidden_houses"

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
        *interval(c.RATIO, "observed to expected, shrunk to 1 where data are few"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all streets and rubrics"),
        Column(c.VERDICT, pl.String, "what is found, a code", nullable=False),
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
        *interval(RATE, "messages per 10,000 residents", nullable=False),
        Column(STATISTIC, pl.Float64, "Gi* of the rate with the nearest districts"),
        Column(c.P_VALUE, pl.Float64, "two-sided, by permutation of the other districts"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all districts and groups"),
        Column(c.VERDICT, pl.String, "what is found, a code", nullable=False),
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
        *interval(c.SHARE, "repeated", nullable=False, unit="share"),
        Column(AFTER_ANSWER, pl.Int64, "repeated after an answer", nullable=False),
        Column(AFTER_RESOLVED, pl.Int64, "repeated after it was reported as fixed", nullable=False),
    ),
)

HOTSPOT_COVERAGE = Table(
    "hotspot coverage",
    (
        Column(LOCATED, pl.Int64, "messages that name a street", nullable=False),
        Column(
            HIDDEN_STREETS, pl.Int64, "streets with a rubric of too few authors", nullable=False
        ),
        Column(HIDDEN_HOUSES, pl.Int64, "houses with a rubric of too few authors", nullable=False),
    ),
)

HEADINGS = {
    c.ADDRESS: Heading("Дом"),
    CASES: Heading("Случаев"),
    REPEATED: Heading("Снова"),
    AFTER_ANSWER: Heading("После ответа"),
    AFTER_RESOLVED: Heading("После «решено»"),
    LOCATED: Heading("Сообщений с улицей"),
    HIDDEN_STREETS: Heading("Скрыто пар «улица и рубрика»"),
    HIDDEN_HOUSES: Heading("Скрыто пар «дом и рубрика»"),
}

CODES = {
    c.VERDICT: {
        "above_expected": "чаще, чем на других улицах",
        "like_other_streets": "отличие от других улиц не доказано",
        "above_region": "здесь и у соседей пишут чаще, чем по области",
        "below_region": "здесь и у соседей пишут реже, чем по области",
        "like_region": "отличие от области не доказано",
        "no_neighbours": "соседи не определяются по этим данным",
    },
}
