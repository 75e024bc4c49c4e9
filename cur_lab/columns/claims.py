"""Tables about refuted claims: who states them, how they spread."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.changes import CHANGE_HIGH, CHANGE_LOW
from cur_lab.columns.counts import AUTHORS, MESSAGES_COUNT, PERIOD_START
from cur_lab.columns.decisions import PEAK_AT
from cur_lab.columns.table import TIME, Column, Table

MUNICIPALITIES_COUNT = "municipalities"
LEAD_HOURS = "lead_hours"
DOUBLING_HOURS = "doubling_hours"
DOUBLING_HOURS_LOW = "doubling_hours_low"
DOUBLING_HOURS_HIGH = "doubling_hours_high"
HALF_LIFE_HOURS = "half_life_hours"
HALF_LIFE_HOURS_LOW = "half_life_hours_low"
HALF_LIFE_HOURS_HIGH = "half_life_hours_high"
WAVE = "wave"
WAVES = "waves"
AFTER_REFUTATION = "after_refutation"
SPREADS = "spreads"
ASKS = "asks"
DOUBTS = "doubts"
REFUTES = "refutes"
ASKERS_SHARE = "askers_share"
ASKERS_SHARE_LOW = "askers_share_low"
ASKERS_SHARE_HIGH = "askers_share_high"
CONTROLS = "controls"
USUAL = "usual"
EXAMPLE = "example"

_EVIDENCE_OF_CLAIM = (
    Column(c.SCORE, pl.Float64, "how far the message states the claim, 0 to 1", nullable=False),
    Column(c.LEXICAL_RANK, pl.Int64, "place of the claim by BM25; null: not among the first 10"),
    Column(c.DENSE_RANK, pl.Int64, "place of the claim by vectors; null: not among the first 10"),
)

CLAIM_MATCHES = Table(
    "claim_matches",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.CLAIM_ID, pl.String, "entry of the registry it states; null: none"),
        Column(c.TIER, pl.String, "совпадение or похоже; null: no match"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts or refutes; null: no match"),
        *_EVIDENCE_OF_CLAIM,
    ),
)

CLAIM_CANDIDATES = Table(
    "claim_candidates",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.RANK, pl.Int64, "place of the claim, 1 the nearest", nullable=False),
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        *_EVIDENCE_OF_CLAIM,
    ),
)

_DOUBLING = (
    Column(DOUBLING_HOURS, pl.Float64, "in which the rate doubles; null: it does not", unit="h"),
    Column(DOUBLING_HOURS_LOW, pl.Float64, "lower end of the 95 % interval", unit="h"),
    Column(DOUBLING_HOURS_HIGH, pl.Float64, "upper end; null: no growth is possible too", unit="h"),
)

_STANCE_COUNTS = (
    Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    Column(AUTHORS, pl.Int64, "different authors; 0 if unknown", nullable=False, unit="people"),
    Column(SPREADS, pl.Int64, "of them spread the claim", nullable=False, unit="messages"),
    Column(ASKS, pl.Int64, "ask about it", nullable=False, unit="messages"),
    Column(DOUBTS, pl.Int64, "doubt it", nullable=False, unit="messages"),
    Column(REFUTES, pl.Int64, "refute it", nullable=False, unit="messages"),
    Column(ASKERS_SHARE, pl.Float64, "who ask, of those who ask or spread; null: neither"),
    Column(ASKERS_SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
    Column(ASKERS_SHARE_HIGH, pl.Float64, "upper end of the 95 % interval"),
)

SPREAD_CLAIMS = Table(
    "spread_claims",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
        Column(c.FIRST_SEEN_AT, TIME, "first message matched", unit="UTC"),
        Column(LEAD_HOURS, pl.Float64, "by which it precedes the registry's date", unit="h"),
        Column(MUNICIPALITIES_COUNT, pl.Int64, "reached", nullable=False),
        Column(WAVES, pl.Int64, "stretches without a quiet fortnight", nullable=False),
        *_DOUBLING,
        Column(HALF_LIFE_HOURS, pl.Float64, "after the first peak; null: no fading", unit="h"),
        Column(HALF_LIFE_HOURS_LOW, pl.Float64, "lower end of the 95 % interval", unit="h"),
        Column(HALF_LIFE_HOURS_HIGH, pl.Float64, "upper end; null: none is possible", unit="h"),
    ),
)

SPREAD_CURVES = Table(
    "spread_curves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(PERIOD_START, TIME, "day", nullable=False, unit="UTC"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts or refutes", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    ),
)

SPREAD_WAVES = Table(
    "spread_waves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(WAVE, pl.Int64, "1 the first", nullable=False),
        Column(c.STARTED_AT, TIME, "first message", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "last message", nullable=False, unit="UTC"),
        Column(PEAK_AT, TIME, "middle of its busiest 24 hours", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
        Column(AFTER_REFUTATION, pl.Boolean, "began after it; null: no date of refutation"),
    ),
)

SPREAD_STANCES = Table(
    "spread_stances",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.PHASE, pl.String, "before or after the refutation, or all", nullable=False),
        *_STANCE_COUNTS,
    ),
)

SPREAD_PLACES = Table(
    "spread_places",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the sender", nullable=False),
        *_STANCE_COUNTS,
    ),
)

SPREAD_EFFECTS = Table(
    "spread_effects",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.BEFORE, pl.Int64, "in three days before it", nullable=False, unit="messages"),
        Column(c.AFTER, pl.Int64, "in three days after it", nullable=False, unit="messages"),
        Column(CONTROLS, pl.Int64, "equal peaks not refuted", nullable=False),
        Column(USUAL, pl.Float64, "median ratio after : before of these"),
        Column(c.CHANGE, pl.Float64, "ratio to the usual one; null: not determined, see note"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % range of equal peaks"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of it"),
        Column(c.P_VALUE, pl.Float64, "two-sided rank among equal peaks"),
        Column(c.NOTE, pl.String, "why it is not determined; else empty", nullable=False),
    ),
)

SPREAD_SKIPPED = Table(
    "spread_skipped",
    (
        Column(c.TEST, pl.String, "what could not be computed", nullable=False),
        Column(c.REASON, pl.String, "why, in words", nullable=False),
    ),
)

CLAIM_REVIEW = Table(
    "claim_review",
    (
        Column(c.FAMILY, pl.String, "family of texts", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "different authors; null if unknown", unit="people"),
        Column(c.STARTED_AT, TIME, "first message", nullable=False, unit="UTC"),
        *_DOUBLING,
        Column(EXAMPLE, pl.String, "one text, redacted, cut to 300 characters", nullable=False),
    ),
)
