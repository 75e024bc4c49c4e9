"""Which texts are the same: copies, near-copies, filled-in templates, paraphrases."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import polars as pl

from cur_lab import columns
from cur_lab.errors import ParameterError
from cur_lab.families import candidates, grouping, paraphrases
from cur_lab.families.folding import mask, readable, redact, without_signature
from cur_lab.families.sameness import similarity
from cur_lab.families.templates import template
from cur_lab.vectors import Embedding

__all__ = ["find", "similarity"]

_FOLDED = "_folded"
_PLACE = "_place"
_COPIES = "_copies"


def find(
    messages: pl.DataFrame, *, threshold: float = 0.8, embedding: Embedding | None = None
) -> pl.DataFrame:
    """Find families: texts of which every two say the same in nearly the same words.

    Case, ё, Latin look-alikes, markup, links and punctuation are folded, the line a channel signs
    its posts with is dropped, and names, street addresses and numbers are masked, so that a mail
    merge is one family. Texts equal after that are one family whatever their length (every «да!»
    with every «Да»). The others are compared by Jaccard similarity of character 5-grams, long ones
    that begin alike by how much of the shorter is in the longer, and, if an embedding is given,
    nearest neighbours by :func:`similarity`. Families are complete-link.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; uses ``channel`` where it is there.
    threshold
        Smallest similarity between any two members, in (0, 1].
    embedding
        Finds paraphrases too, such as ``vectors.lexical()``.

    Returns
    -------
    DataFrame
        ``columns.FAMILIES``: families of two or more members; ``similarity`` is the member's
        smallest to another member; ``template`` the shared words with «…» for what differs,
        redacted by rules (names without patronymic or initials stay). The name of a family comes
        from its alphabetically first text.

    Raises
    ------
    SchemaError
        If a column is missing.
    ParameterError
        If the threshold is not in (0, 1].
    """
    if not 0 < threshold <= 1:
        raise ParameterError(
            f"threshold {threshold} is not in (0, 1]", where="families.find", remedy="Try 0.8"
        )
    return at(messages, [threshold], embedding=embedding)[0]


def at(
    messages: pl.DataFrame, thresholds: Sequence[float], *, embedding: Embedding | None = None
) -> list[pl.DataFrame]:
    """As :func:`find` for several thresholds: texts are folded, hashed and embedded once."""
    columns.MESSAGES.require(messages, [columns.MESSAGE_ID, columns.TEXT], where="families.find")
    rows = _folded(messages)
    # A million equal texts are one text from here on.
    distinct = (
        rows.group_by(_FOLDED)
        .agg(pl.col(columns.TEXT).min(), pl.len().alias(_COPIES))
        .sort(_FOLDED)
    )
    distinct = distinct.with_row_index(_PLACE)
    texts = distinct[_FOLDED].to_list()
    shingled = candidates.hashed(texts)
    # Pairs that are found once, at the least threshold, and kept by each.
    scored = [candidates.opening_alike(texts, threshold=min(thresholds))]
    if embedding is not None and len(texts) > 1:
        vectors = embedding.fit_transform(distinct[columns.TEXT])
        found = distinct[columns.TEXT].to_list()
        scored.append(paraphrases.near(found, vectors, threshold=min(thresholds)))
    families = []
    for threshold in thresholds:
        kept = [(pairs[s >= threshold], s[s >= threshold]) for pairs, s in scored]
        near = candidates.near(texts, shingled, threshold=threshold)
        groups = grouping.complete_link(texts, [near, *kept], threshold=threshold)
        families.append(_members(rows, distinct, groups))
    return families


def _members(
    rows: pl.DataFrame, distinct: pl.DataFrame, groups: list[grouping.Group]
) -> pl.DataFrame:
    named = _named(distinct, groups)
    members = rows.join(
        distinct.select(_PLACE, _FOLDED), on=_FOLDED, how="inner", validate="m:1"
    ).join(named, on=_PLACE, how="inner", validate="m:1")
    return columns.FAMILIES.conform(
        members.join(_templates(members), on=columns.FAMILY, how="inner", validate="m:1")
        .sort(columns.FAMILY, columns.MESSAGE_ID)
        .select(columns.FAMILIES.schema.names())
    )


def _folded(messages: pl.DataFrame) -> pl.DataFrame:
    """Message ids, texts as found and folded texts; without the rows that say nothing."""
    if columns.CHANNEL in messages.columns:
        channels = messages[columns.CHANNEL]
    else:
        channels = pl.Series([None] * messages.height, dtype=pl.String)
    unsigned = without_signature(messages[columns.TEXT], channels)
    return messages.select(
        columns.MESSAGE_ID,
        pl.col(columns.TEXT).cast(pl.String),
        mask(unsigned).alias(_FOLDED),
    ).filter(pl.col(columns.TEXT).is_not_null() & (pl.col(_FOLDED) != ""))


def _named(distinct: pl.DataFrame, groups: list[grouping.Group]) -> pl.DataFrame:
    """Family and similarity of every distinct text that is in one, be it only with its copies."""
    in_groups = np.concatenate([[], *(places for places, _ in groups)]).astype(np.int64)
    copied = np.flatnonzero(distinct[_COPIES].to_numpy() > 1)
    alone = [(np.array([place]), np.ones(1)) for place in np.setdiff1d(copied, in_groups)]
    texts = distinct[_FOLDED]
    records = [
        (int(place), _name(texts[int(places[0])]), float(least))
        for places, leasts in [*groups, *alone]
        for place, least in zip(places, leasts, strict=True)
    ]
    return pl.DataFrame(
        records,
        schema={_PLACE: pl.UInt32, columns.FAMILY: pl.String, columns.SIMILARITY: pl.Float64},
        orient="row",
    )


def _name(text: str) -> str:
    return blake2b(text.encode("utf-8"), digest_size=6).hexdigest()


def _templates(members: pl.DataFrame) -> pl.DataFrame:
    """One template per family."""
    grouped = (
        members.select(columns.FAMILY, readable(members[columns.TEXT]).alias(columns.TEXT))
        .group_by(columns.FAMILY)
        .agg(pl.col(columns.TEXT).unique().sort())
        .sort(columns.FAMILY)
    )
    templates = [template(texts.to_list()) for texts in grouped[columns.TEXT]]
    shown = redact(pl.Series(columns.TEMPLATE, templates, dtype=pl.String))
    return grouped.select(columns.FAMILY, shown.alias(columns.TEMPLATE))
