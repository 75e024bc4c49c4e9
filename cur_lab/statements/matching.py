"""Which messages repeat a claim that a registry holds as refuted, and which only sound like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import prepare, text
from cur_lab.errors import InputError, NotEnoughDataError
from cur_lab.inference import FloatArray
from cur_lab.progress import bar
from cur_lab.statements import learning, retrieval
from cur_lab.statements.coverage import Claim
from cur_lab.statements.judgements import Judged
from cur_lab.statements.odds import log_odds
from cur_lab.statements.parsing import Sentence, read
from cur_lab.statements.retrieval import CLAIM_NUMBER, FUSED, TEXT_NUMBER
from cur_lab.statements.stance import stances

__all__ = ["candidates", "matches"]

MATCH, SIMILAR = "match", "similar"
_MATCH = 0.8
LEAST = 0.5
# Of a few words one cannot tell what they state (Meedan's Check does not match them either).
_WORDS = 8

# Log-odds below which a pair is too far off to teach a claim anything.
_FAR = -2.2


@c.needs(c.MESSAGE_ID, c.TEXT)
def matches(
    messages: pl.DataFrame, claims: pl.DataFrame, *, judgements: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Match each message with the claim it states, or say that it states none.

    BM25 on lemmas and vectors of the corpus itself propose claims (reciprocal-rank fusion). What
    decides is how much of the claim a passage of one or two sentences covers, and how much of the
    passage the claim explains: words weighed by rarity, verbs, runs of letters; other numbers,
    other names and opposites count against. A claim with enough sure messages then learns the turns
    it is told in here (two rounds of self-training) and is levelled with the others; one that an
    analyst judged learns from the judgements instead.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``.
    claims
        Needs ``claim_id`` and ``text``, the claim in one or two sentences.
    judgements
        What :func:`read_judgements` gives: ``item`` and ``judgement`` of :func:`judge`'s items. A
        claim with ten or more, not all the same, learns from them; a text judged keeps the
        analyst's word.

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
        If a claim is empty or its id repeats, or if no judgement is of these messages and claims.
    NotEnoughDataError
        If the registry is empty.

    Notes
    -----
    The score is stretched by how far it was right about claims that were left out, where half of
    the texts state their claim; it says nothing of whether the claim is false. Of the messages from
    0.5 on, .70 state the claim among pairs of headlines and nearly nine in ten in fresh wording
    among as many near misses; among rarer statements fewer are right, which is what :func:`judge`
    is for. Retellings
    in wholly other words are missed: what is found is a lower bound.
    """
    distinct, found = _judged(messages, claims, judgements, where="fakes.matches")
    best = found.unique(TEXT_NUMBER, keep="first", maintain_order=True)
    words = pl.col(c.TEXT).str.count_matches(r"\p{L}[\p{L}\-]*|\d+")
    tier = (
        pl.when((pl.col(c.SCORE) >= _MATCH) & (words >= _WORDS))
        .then(pl.lit(MATCH))
        .when(pl.col(c.SCORE) >= LEAST)
        .then(pl.lit(SIMILAR))
    )
    judged = distinct.join(best, on=TEXT_NUMBER, how="left", validate="1:1").with_columns(
        pl.col(c.SCORE).fill_null(0.0), tier.alias(c.TIER), pl.col(c.CLAIM_ID).alias(c.NEAREST_ID)
    )
    judged = judged.with_columns(
        pl.when(pl.col(c.TIER).is_not_null()).then(pl.col(name))
        for name in (c.CLAIM_ID, c.LEXICAL_RANK, c.DENSE_RANK)
    )
    matched = judged.filter(pl.col(c.TIER).is_not_null())
    stated = matched.select(c.CLAIM_ID).join(
        claims.select(pl.col(c.CLAIM_ID, c.TEXT).cast(pl.String)),
        on=c.CLAIM_ID,
        how="left",
        maintain_order="left",
    )
    stance = stances(matched[c.TEXT], claim=stated[c.TEXT])
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
def candidates(
    messages: pl.DataFrame,
    claims: pl.DataFrame,
    *,
    top: int = 5,
    judgements: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """List the claims nearest to each message, matched or not.

    Parameters
    ----------
    messages, claims, judgements
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
    distinct, found = _judged(messages, claims, judgements, where="fakes.candidates")
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
    messages: pl.DataFrame,
    claims: pl.DataFrame,
    judgements: pl.DataFrame | None,
    *,
    where: str,
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
    scored = _scored(pairs, distinct, registry[c.CLAIM_ID], statements, Judged(judgements))
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
    pairs: pl.DataFrame,
    distinct: pl.DataFrame,
    names: pl.Series,
    statements: Sequence[tuple[Sentence, ...]],
    judged: Judged,
) -> pl.DataFrame:
    """Pairs with their score, 0 where too little is shared."""
    worth = pairs.filter(retrieval.WORTH)
    numbers = worth[TEXT_NUMBER].unique().sort()
    told = dict(zip(numbers, read(distinct[c.TEXT].gather(numbers)), strict=True))
    parts = [pairs.filter(~pl.col(retrieval.WORTH)).with_columns(pl.lit(0.0).alias(c.SCORE))]
    for group in bar(worth.partition_by(CLAIM_NUMBER, maintain_order=True), name="утверждения"):
        number = group[CLAIM_NUMBER][0]
        found = Claim(statements[number]).evidence([told[n] for n in group[TEXT_NUMBER]])
        rows = distinct[group[TEXT_NUMBER].to_list()]
        scores = _scores(log_odds(found), rows, judged.of(names[number], rows[c.TEXT]))
        parts.append(group.with_columns(pl.Series(c.SCORE, scores, pl.Float64)))
    judged.require_some()
    return pl.concat(parts)


def _scores(prior: FloatArray, rows: pl.DataFrame, judged: dict[int, bool]) -> FloatArray:
    """Scores of the texts that may state one claim; rounded, to be equal on every machine."""
    # What is far off neither teaches nor learns; what was judged does, however far.
    near = np.flatnonzero((prior >= _FAR) | np.isin(np.arange(len(prior)), list(judged)))
    place = {int(row): n for n, row in enumerate(near)}
    known = {place[row]: value for row, value in judged.items()}
    chosen = rows[near.tolist()]
    texts, terms = chosen[c.TEXT].to_list(), chosen[c.TERM_LIST].to_list()
    at_least = np.maximum(prior[near], _FAR)
    total = prior.copy()
    if len(near):
        by_judgement = learning.taught(at_least, texts, terms, known)
        if by_judgement is None:
            by_itself = learning.adapted(at_least, texts, terms)
            by_judgement = by_itself - learning.level(by_itself)
        total[near] = by_judgement
    scores = scipy.special.expit(total)
    for row, value in judged.items():
        scores[row] = float(value)
    return np.asarray(np.round(scores, 6))
