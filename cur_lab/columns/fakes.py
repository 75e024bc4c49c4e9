"""Tables about campaigns, refuted claims and an intake under attack."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.table import Column, Table

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
