"""Tables about the folder of a region: what was read of it, what was not, what it can answer."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import MESSAGES_COUNT
from cur_lab.columns.folder import (
    ANSWERS_COUNT,
    REJECTED_COUNT,
    REPEATED_COUNT,
    ROWS_COUNT,
    TABLE,
)
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table

UNDATED_COUNT = "undated"
FIRST_AT = "first_at"
LAST_AT = "last_at"
OTHER_SOURCE = "other_source"
TAKEN_COUNT = "taken"
NOTEBOOK = "notebook"
SECTION = "section"
RESULTS_COUNT = "results"
ANSWERED_COUNT = "answered"
FULLER = "fuller"
PLACE = "place"

INSPECTED_SOURCES = Table(
    "inspected_sources",
    (
        Column(c.SOURCE, pl.String, "file, by its path in the folder", nullable=False),
        Column(ROWS_COUNT, pl.Int64, "rows of the file", nullable=False, unit="rows"),
        Column(MESSAGES_COUNT, pl.Int64, "messages of citizens", nullable=False, unit="messages"),
        Column(c.POSTS_COUNT, pl.Int64, "posts of pages", nullable=False, unit="posts"),
        Column(ANSWERS_COUNT, pl.Int64, "answers of pages", nullable=False, unit="answers"),
        Column(REJECTED_COUNT, pl.Int64, "rows not read", nullable=False, unit="rows"),
        Column(REPEATED_COUNT, pl.Int64, "messages and posts of another file too", nullable=False),
        Column(UNDATED_COUNT, pl.Int64, "messages without a date", nullable=False),
        Column(FIRST_AT, TIME, "first message or post", unit="UTC"),
        Column(LAST_AT, TIME, "last message or post", unit="UTC"),
    ),
)

SCANNED = Table(
    "scanned",
    (
        Column(c.SOURCE, pl.String, "file, by its path in the folder", nullable=False),
        Column(PLACE, pl.Int64, "cell of a notebook, line of a text; null: a page has neither"),
        Column(c.KIND, pl.String, "what is found, a code", nullable=False),
        Column(c.TEXT, pl.String, "words around it, redacted", nullable=False),
    ),
)

INSPECTED_REASONS = Table(
    "inspected_reasons",
    (
        Column(c.SOURCE, pl.String, "file", nullable=False),
        Column(c.REASON, pl.String, "why rows of it were not read", nullable=False),
        Column(c.N_ROWS, pl.Int64, "rows", nullable=False, unit="rows"),
        Column(c.ROW, pl.Int64, "first of them", nullable=False),
        Column(c.RAW, pl.String, "as found, redacted", nullable=False),
    ),
)

INSPECTED_HEADINGS = Table(
    "inspected_headings",
    (
        Column(c.SOURCE, pl.String, "file", nullable=False),
        Column(c.HEADING, pl.String, "as the file has it", nullable=False),
        Column(c.COLUMN, pl.String, "our column; null: not used"),
        Column(c.LOOKS_LIKE, pl.String, "what the cells of an unused column look like"),
    ),
)

INSPECTED_CELLS = Table(
    "inspected_cells",
    (
        Column(c.SOURCE, pl.String, "file", nullable=False),
        Column(c.COLUMN, pl.String, "our column that is null instead", nullable=False),
        Column(c.N_ROWS, pl.Int64, "cells that are no date or number", nullable=False),
        Column(c.ROW, pl.Int64, "first of them", nullable=False),
        Column(c.RAW, pl.String, "as found, redacted", nullable=False),
    ),
)

INSPECTED_COPIES = Table(
    "inspected_copies",
    (
        Column(c.SOURCE, pl.String, "file", nullable=False),
        Column(OTHER_SOURCE, pl.String, "another file", nullable=False),
        Column(
            c.N_ROWS,
            pl.Int64,
            "messages of both that agree in text, time and author and have other ids",
            nullable=False,
        ),
    ),
)

INSPECTED_TABLES = Table(
    "inspected_tables",
    (
        Column(TABLE, pl.String, "table of the folder", nullable=False),
        Column(ROWS_COUNT, pl.Int64, "rows below the headings", nullable=False, unit="rows"),
        Column(TAKEN_COUNT, pl.Int64, "rows taken", nullable=False, unit="rows"),
    ),
)

INSPECTED_VOTES = Table(
    "inspected_votes",
    (
        Column(c.NAME, pl.String, "name of the vote", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects", nullable=False, unit="projects"),
        Column(c.N_VOTERS, pl.Int64, "ballots", nullable=False, unit="people"),
        Column(c.VOTES_COUNT, pl.Int64, "choices", nullable=False, unit="votes"),
        Column(c.BUDGET, pl.Float64, "money to spend; null: not a number", unit="money"),
        Column(REJECTED_COUNT, pl.Int64, "rows not read", nullable=False, unit="rows"),
        Column(FIRST_AT, TIME, "first vote", unit="UTC"),
        Column(LAST_AT, TIME, "last vote", unit="UTC"),
    ),
)

INSPECTED_STATEMENTS = Table(
    "inspected_statements",
    (
        Column(c.NAME, pl.String, "name of the vote", nullable=False),
        Column(c.STATEMENT, pl.String, "key or column of its file", nullable=False),
        Column(c.N_ROWS, pl.Int64, "times its own votes deny it", nullable=False),
        Column(c.BY_FILE, pl.Float64, "what the file says, the first time", nullable=False),
        Column(c.BY_VOTES, pl.Float64, "what the votes say then", nullable=False),
    ),
)

INSPECTED_SECTIONS = Table(
    "inspected_sections",
    (
        Column(NOTEBOOK, pl.String, "file of the notebook", nullable=False),
        Column(c.TITLE, pl.String, "its title", nullable=False),
        Column(SECTION, pl.String, "heading of a section", nullable=False),
        Column(RESULTS_COUNT, pl.Int64, "tables and pictures it shows", nullable=False),
        Column(ANSWERED_COUNT, pl.Int64, "those the region has the data for", nullable=False),
    ),
)

INSPECTED_NEEDS = Table(
    "inspected_needs",
    (
        Column(NOTEBOOK, pl.String, "file of the notebook", nullable=False),
        Column(SECTION, pl.String, "section; null: any that uses the table"),
        Column(TABLE, pl.String, "table the region would need", nullable=False),
        Column(c.COLUMN, pl.String, "column of it; null: the table as a whole"),
        Column(FULLER, pl.Boolean, "the section is answered without it, less fully"),
    ),
)

HEADINGS = {
    PLACE: Heading("Ячейка или строка"),
    UNDATED_COUNT: Heading("Без даты"),
    FIRST_AT: Heading("Первое", kind="moment"),
    LAST_AT: Heading("Последнее", kind="moment"),
    OTHER_SOURCE: Heading("Другой файл"),
    TAKEN_COUNT: Heading("Взято строк"),
    NOTEBOOK: Heading("Тетрадь"),
    SECTION: Heading("Раздел"),
    RESULTS_COUNT: Heading("Результатов"),
    ANSWERED_COUNT: Heading("Есть данные"),
    FULLER: Heading("Станет полнее"),
}
