"""Tables about promises: kept or not, and what people write afterwards."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import N
from cur_lab.columns.folder import COMMITMENT_ID, DONE_AT, MADE_AT
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

FATE = "fate"
DAYS_TO_DUE = "days_to_due"
CASES_BEFORE = "cases_before"
CASES_AFTER = "cases_after"

PROMISES = Table(
    "promises",
    (
        Column(COMMITMENT_ID, pl.String, "promise", nullable=False),
        Column(MADE_AT, TIME, "when it was made", nullable=False, unit="UTC"),
        Column(c.BROADCAST_ID, pl.String, "broadcast it was made in; null: elsewhere"),
        Column(c.MUNICIPALITY, pl.String, "district it is for; null: the whole region"),
        Column(c.RUBRIC, pl.String, "official rubric it is about"),
        Column(c.TEXT, pl.String, "what was promised, redacted", nullable=False),
        Column(c.AGENCY, pl.String, "who answers for it"),
        Column(c.DUE_AT, TIME, "promised term; null: none was named", unit="UTC"),
        Column(DONE_AT, TIME, "when it was done; null: not yet", unit="UTC"),
        Column(FATE, pl.String, "what has become of it", nullable=False),
        Column(DAYS_TO_DUE, pl.Float64, "from the term to the end or the fix", unit="days"),
        Column(c.DECISION_ID, pl.String, "first decision about it afterwards; null: none"),
        Column(c.BUDGET, pl.Float64, "money of that decision", unit="roubles"),
        Column(CASES_BEFORE, pl.Int64, "families of complaints before it was made; null: few"),
        Column(CASES_AFTER, pl.Int64, "… as long after it was done or due; null: few, not over"),
        *interval(c.CHANGE, "of complaints against the other districts; null: not determined"),
        Column(c.REASON, pl.String, "why no change is told; null: it is"),
    ),
)

PROMISE_COUNTS = Table(
    "promise_counts",
    (
        Column(FATE, pl.String, "what has become of the promises", nullable=False),
        Column(N, pl.Int64, "how many", nullable=False, unit="promises"),
    ),
)

PROMISES_REJECTED = Table(
    "promises_rejected",
    (
        Column(COMMITMENT_ID, pl.String, "promise left out", nullable=False),
        Column(c.REASON, pl.String, "why", nullable=False),
    ),
)

HEADINGS = {
    FATE: Heading("Что с обещанием"),
    DAYS_TO_DUE: Heading("После срока", digits=0, unit="дней"),
    CASES_BEFORE: Heading("Случаев до"),
    CASES_AFTER: Heading("Случаев после"),
}

CODES = {
    FATE: {
        "kept": "сделано в срок",
        "late": "сделано позже срока",
        "overdue": "не сделано, срок прошёл",
        "open": "не сделано, срок не истёк",
        "no_term": "не сделано, срок не назван",
        "no_term_done": "сделано, срок не был назван",
    },
    c.REASON: {
        "promised_later": "обещано позже конца данных",
        "due_before_made": "срок раньше обещания",
        "done_before_made": "сделано раньше обещания",
        "promise_without_rubric": "не указано, о какой рубрике обещание",
        "few_complaints": "жалоб слишком мало",
        "no_others": "обещано всей области: сравнить не с чем",
    },
}
