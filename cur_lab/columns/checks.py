"""What could not be computed, and why, in any chapter: codes, and the words for them."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table

NUMBER = "number"
# Titles of the table, which what has nothing to show refers to.
UNCOUNTED, UNCHECKED = "Что не посчитано", "Не проверено"

CHECKS = Table(
    "checks",
    (
        Column(c.TEST, pl.String, "what could not be computed", nullable=False),
        Column(c.REASON, pl.String, "why", nullable=False),
        Column(NUMBER, pl.Int64, "of messages, texts or families it concerns; null: all"),
    ),
)

HEADINGS = {NUMBER: Heading("Скольких касается")}
CODES = {
    c.REASON: {
        "no_times": "у сообщений нет времени",
        "no_authors": "у сообщений нет авторов",
        "no_municipalities": "муниципалитеты не указаны",
        "untimed": "сообщения без времени не учтены",
    },
}
