"""Which texts are the same: copies, near-copies, filled-in templates, paraphrases."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import polars as pl

from cur_lab import columns
from cur_lab.errors import ParameterError
from cur_lab.families import candidates, grouping
from cur_lab.families.folding import mask
from cur_lab.families.templates import template

__all__ = ["find"]

_FOLDED = "_folded"
_PLACE = "_place"


def find(messages: pl.DataFrame, *, threshold: float = 0.8) -> pl.DataFrame:
    """Find families: texts of which every two say the same in nearly the same words.

    Case, ё, Latin look-alikes, markup, links and punctuation are folded; names, street addresses
    and numbers are masked, so that a mail merge is one family. Texts equal after that are one
    family whatever their length (every «да!» with every «Да»); the others are compared by MinHash
    over character 5-grams, then by exact Jaccard similarity, and joined by complete linkage.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``.
    threshold
        Smallest similarity between any two members, in (0, 1].

    Returns
    -------
    DataFrame
        ``columns.FAMILIES``: families of two or more members; ``similarity`` is the member's
        smallest to another member; ``template`` the shared words with «…» for what differs.
        The name of a family does not depend on the other messages.

    Raises
    ------
    ParameterError
        If the threshold is not in (0, 1].
    """
    if not 0 < threshold <= 1:
        raise ParameterError(
            f"threshold {threshold} is not in (0, 1]", where="families.find", remedy="Try 0.8"
        )
    columns.MESSAGES.require(messages, [columns.MESSAGE_ID, columns.TEXT], where="families.find")
    rows = (
        messages.select(columns.MESSAGE_ID, pl.col(columns.TEXT).cast(pl.String).fill_null(""))
        .with_columns(mask(messages[columns.TEXT]).alias(_FOLDED))
        .filter(pl.col(_FOLDED) != "")
    )
    # A million equal texts are one text from here on.
    distinct = rows.select(_FOLDED).unique().sort(_FOLDED).with_row_index(_PLACE)
    texts = distinct[_FOLDED].to_list()
    pairs, _ = candidates.near(texts, threshold=threshold)

    def similarities(members: candidates.Int64Array) -> candidates.Float64Array:
        return candidates.table([texts[i] for i in members])

    groups = grouping.complete_link(len(texts), pairs, similarities, threshold=threshold)
    in_groups = np.concatenate([members for members, _ in groups] or [np.empty(0, dtype=np.int64)])
    alone = np.setdiff1d(np.arange(len(texts)), in_groups)
    groups += [(np.array([place]), np.ones(1)) for place in alone]
    named = pl.DataFrame(
        {
            _PLACE: np.concatenate([members for members, _ in groups] or [np.empty(0)]),
            columns.FAMILY: [
                name for members, _ in groups for name in [_name(texts[members[0]])] * len(members)
            ],
            columns.SIMILARITY: np.concatenate([least for _, least in groups] or [np.empty(0)]),
        },
        schema={_PLACE: pl.UInt32, columns.FAMILY: pl.String, columns.SIMILARITY: pl.Float64},
    )
    members = (
        rows.join(distinct, on=_FOLDED, how="inner", validate="m:1")
        .join(named, on=_PLACE, how="inner", validate="m:1")
        .filter(pl.len().over(columns.FAMILY) > 1)
    )
    return columns.FAMILIES.conform(
        members.join(_templates(members), on=columns.FAMILY, how="inner", validate="m:1")
        .sort(columns.FAMILY, columns.MESSAGE_ID)
        .select(columns.FAMILIES.schema.names())
    )


def _name(text: str) -> str:
    return blake2b(text.encode("utf-8"), digest_size=6).hexdigest()


def _templates(members: pl.DataFrame) -> pl.DataFrame:
    """One template per family."""
    grouped = (
        members.group_by(columns.FAMILY)
        .agg(pl.col(columns.TEXT).unique().sort())
        .sort(columns.FAMILY)
    )
    templates = [template(texts.to_list()) for texts in grouped[columns.TEXT]]
    return grouped.select(columns.FAMILY, pl.Series(columns.TEMPLATE, templates, dtype=pl.String))
