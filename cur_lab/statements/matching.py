"""Which messages repeat a claim that a registry holds as refuted, and which only sound like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, text
from cur_lab.errors import InputError, NotEnoughDataError
from cur_lab.progress import bar
from cur_lab.statements import retrieval
from cur_lab.statements.coverage import Claim, Evidence
from cur_lab.statements.parsing import Sentence, read
from cur_lab.statements.retrieval import CLAIM_NUMBER, FUSED, TEXT_NUMBER
from cur_lab.statements.stance import stances

__all__ = ["candidates", "matches"]

MATCH, SIMILAR = "match", "similar"
# Logistic weights, a compromise between what headline pairs, own examples and planted claims would
# each choose: fitted to one of them, they do worse on the others.
_INTERCEPT = -5.8
_WEIGHTS = {
    "coverage": 2.7,
    "clause": 2.2,
    "predicate": 0.4,
    "links": 1.2,
    "explained": 0.6,
    "other_number": -3.0,
    "other_name": -3.0,
    retrieval.LEXICAL: 1.5,
    retrieval.DENSE: 2.0,
}
_MATCH = 0.8
LEAST = 0.5
# Of a few words one cannot tell what they state (Meedan's Check does not match them either).
_WORDS = 8

_DENIED, _COVERED = "_denied", "_covered"


@c.needs(c.MESSAGE_ID, c.TEXT)
def matches(messages: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Match each message with the claim it states, or say that it states none.

    BM25 on lemmas and vectors of the corpus itself propose claims (reciprocal-rank fusion); what
    decides is how much of the claim a passage of one or two sentences covers: its words weighed by
    rarity, its verb, who does what (dependency links), with other numbers, other names and
    opposites counting against. Numbers and names match only themselves.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``.
    claims
        Needs ``claim_id`` and ``text``, the claim in one or two sentences.

    Returns
    -------
    DataFrame
        ``columns.CLAIM_MATCHES``, one row per message: ``claim_id`` is null where no claim is
        stated, ``score`` then that of the nearest; ``tier`` ``match`` (score from 0.8) or
        ``similar`` (from 0.5, and all messages below 8 words); ``stance`` as :func:`stances` has
        it.

    Raises
    ------
    SchemaError
        If a column is missing.
    InputError
        If a claim is empty or its id repeats.
    NotEnoughDataError
        If the registry is empty.

    Notes
    -----
    The score is no probability that a claim is false, only how far the message states it. Free
    retellings in wholly other words are missed: what is found is a lower bound.
    """
    distinct, found = _judged(messages, claims, where="fakes.matches")
    best = found.unique(TEXT_NUMBER, keep="first", maintain_order=True)
    words = pl.col(c.TEXT).str.count_matches(r"\p{L}[\p{L}\-]*|\d+")
    tier = (
        pl.when((pl.col(c.SCORE) >= _MATCH) & (words >= _WORDS))
        .then(pl.lit(MATCH))
        .when(pl.col(c.SCORE) >= LEAST)
        .then(pl.lit(SIMILAR))
    )
    judged = distinct.join(best, on=TEXT_NUMBER, how="left", validate="1:1").with_columns(
        pl.col(c.SCORE).fill_null(0.0), tier.alias(c.TIER)
    )
    judged = judged.with_columns(
        pl.when(pl.col(c.TIER).is_not_null()).then(pl.col(name))
        for name in (c.CLAIM_ID, c.LEXICAL_RANK, c.DENSE_RANK)
    )
    matched = judged.filter(pl.col(c.TIER).is_not_null())
    stance = stances(matched[c.TEXT], denied=matched[_DENIED], covered=matched[_COVERED])
    judged = judged.join(
        matched.select(TEXT_NUMBER, stance.alias(c.STANCE)), on=TEXT_NUMBER, how="left"
    )
    rows = messages.select(c.MESSAGE_ID, pl.col(c.TEXT).cast(pl.String))
    told = rows.join(judged, on=c.TEXT, how="left", validate="m:1").with_columns(
        pl.col(c.SCORE).fill_null(0.0)
    )
    return c.CLAIM_MATCHES.conform(
        told.select(c.CLAIM_MATCHES.schema.names()).sort(c.MESSAGE_ID, c.SCORE)
    )


@c.needs(c.MESSAGE_ID, c.TEXT)
def candidates(messages: pl.DataFrame, claims: pl.DataFrame, *, top: int = 5) -> pl.DataFrame:
    """List the claims nearest to each message, matched or not.

    Parameters
    ----------
    messages, claims
        As :func:`matches` takes them.
    top
        Claims per message, at most 10.

    Returns
    -------
    DataFrame
        ``columns.CLAIM_CANDIDATES``, best first; a message that shares nothing with any claim is
        absent.

    Raises
    ------
    SchemaError, InputError, NotEnoughDataError
        As :func:`matches`.
    """
    distinct, found = _judged(messages, claims, where="fakes.candidates")
    listed = (
        messages.select(c.MESSAGE_ID, pl.col(c.TEXT).cast(pl.String))
        .join(distinct, on=c.TEXT, how="inner", validate="m:1")
        .join(found, on=TEXT_NUMBER, how="inner")
        .filter(pl.col(c.RANK) <= top)
    )
    return c.CLAIM_CANDIDATES.conform(
        listed.select(c.CLAIM_CANDIDATES.schema.names()).sort(c.MESSAGE_ID, c.RANK, c.CLAIM_ID)
    )


def _judged(
    messages: pl.DataFrame, claims: pl.DataFrame, *, where: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Distinct texts with their number; their pairs with claims, best first."""
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=where)
    registry, statements = _registry(claims)
    # A million equal texts are one text from here on.
    distinct = (
        prepare.with_terms(messages)
        .select(pl.col(c.TEXT).cast(pl.String), c.TERM_LIST)
        .drop_nulls(c.TEXT)
        .unique(c.TEXT, keep="any")
        .sort(c.TEXT)
        .with_row_index(TEXT_NUMBER)
        .with_columns(pl.col(TEXT_NUMBER).cast(pl.Int64))
    )
    pairs = retrieval.pairs(distinct[c.TERM_LIST], text.terms(registry[c.TEXT]))
    scored = _scored(pairs, distinct[c.TEXT], statements)
    names = registry.select(c.CLAIM_ID).with_row_index(CLAIM_NUMBER)
    ranked = (
        scored.join(
            names.with_columns(pl.col(CLAIM_NUMBER).cast(pl.Int64)), on=CLAIM_NUMBER, how="inner"
        )
        .sort(TEXT_NUMBER, c.SCORE, FUSED, c.CLAIM_ID, descending=[False, True, True, False])
        .with_columns(pl.int_range(1, pl.len() + 1).over(TEXT_NUMBER).alias(c.RANK))
    )
    return distinct, ranked


def _registry(claims: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[Sentence, ...]]]:
    """Claims in the order of their ids, as found and as read.

    Raises
    ------
    InputError
        If a row cannot be matched with anything.
    """
    where = "claims"
    c.CLAIMS.require(claims, [c.CLAIM_ID, c.TEXT], where=where)
    if claims.is_empty():
        raise NotEnoughDataError(
            "the registry has no claims",
            where=where,
            remedy="Add refuted claims, one a row: claim_id, text",
            code="no_claims",
        )
    rows = claims.select(pl.col(c.CLAIM_ID, c.TEXT).cast(pl.String))
    statements = read(rows[c.TEXT].fill_null(""))
    for row, (name, statement) in enumerate(zip(rows[c.CLAIM_ID], statements, strict=True), 1):
        if name is None:
            raise InputError("no claim_id", where=f"claims, row {row}", remedy="Give it a name")
        if not any(sentence.content for sentence in statement):
            raise InputError(
                f"claim {name} states nothing: its text is empty or has no word to compare",
                where=f"claims, row {row}",
                remedy="Write the claim as one sentence, or remove the row",
            )
    if (
        repeated := rows.filter(rows[c.CLAIM_ID].is_duplicated())[c.CLAIM_ID]
        .unique()
        .sort()
        .to_list()
    ):
        raise InputError(
            f"claim_id repeats: {', '.join(repeated)}", where=where, remedy="Keep one row of each"
        )
    order = rows[c.CLAIM_ID].arg_sort().to_list()
    return rows[order], [statements[row] for row in order]


def _scored(
    pairs: pl.DataFrame, texts: pl.Series, statements: Sequence[tuple[Sentence, ...]]
) -> pl.DataFrame:
    """Pairs with their score (0 where too little is shared) and whether the text denies."""
    worth = pairs.filter(retrieval.WORTH)
    numbers = worth[TEXT_NUMBER].unique().sort()
    told = dict(zip(numbers, read(texts.gather(numbers)), strict=True))
    parts = [
        pairs.filter(~pl.col(retrieval.WORTH)).with_columns(
            pl.lit(0.0).alias(c.SCORE),
            pl.lit(False).alias(_DENIED),
            pl.lit(0.0).alias(_COVERED),
        )
    ]
    for group in bar(worth.partition_by(CLAIM_NUMBER, maintain_order=True), name="утверждения"):
        claim = Claim(statements[group[CLAIM_NUMBER][0]])
        found = claim.evidence([told[number] for number in group[TEXT_NUMBER]])
        shared = group.select(retrieval.LEXICAL, retrieval.DENSE).rows()
        scores = [0.0 if e is None else _score(e, *s) for e, s in zip(found, shared, strict=True)]
        denied = [e is not None and e.negated for e in found]
        covered = [0.0 if e is None else e.coverage for e in found]
        parts.append(
            group.with_columns(
                pl.Series(c.SCORE, scores, pl.Float64),
                pl.Series(_DENIED, denied, pl.Boolean),
                pl.Series(_COVERED, covered, pl.Float64),
            )
        )
    return pl.concat(parts)


def _score(evidence: Evidence, lexical: float, dense: float) -> float:
    """Weigh the evidence; rounded, so that equal evidence is equal on every machine."""
    of_pair = {retrieval.LEXICAL: lexical, retrieval.DENSE: dense}
    total = _INTERCEPT + sum(
        weight * float(of_pair[name] if name in of_pair else getattr(evidence, name))
        for name, weight in _WEIGHTS.items()
    )
    return round(float(1 / (1 + np.exp(-total))), 6)
