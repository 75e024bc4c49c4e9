"""Whether answers say anything: boilerplate, and answers to the point."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cur_lab import columns as c
from cur_lab import families
from cur_lab.inference import wilson
from cur_lab.trends.answers.states import TOO_FEW

# An answer is boilerplate if it went to that many messages, and about different things.
COPIES = 5
# A word of more answers than that is the language of answers, not the subject of a message.
_COMMON = 0.05
_WORD = "[а-я]{4,}"
_REPLIED, _WRITTEN = "replied", "written"


def of_texts(
    cells: Sequence[tuple[dict[str, object], pl.DataFrame]], *, k: int
) -> list[dict[str, object]]:
    """Judge the texts of the answers of each group.

    Parameters
    ----------
    cells
        Key and messages of each group, with ``text``, ``answer_text``, ``rubric``, ``to_point``.
    k
        Groups with fewer answers get no shares.

    Returns
    -------
    list of rows
        One row of ``columns.ANSWER_QUALITY`` per group that has answers with a text. Boilerplate
        is a family of near-equal texts (names, addresses and numbers masked) sent to at least
        ``COPIES`` messages of at least two rubrics, or of any where none are set: the same true
        answer to forty reports of one accident is not boilerplate. ``names_subject`` is a proxy:
        the answer repeats a word of its message (by its first five letters, streets among them)
        that stands in at most one answer of twenty. Intervals are Wilson's.
    """
    judged = _judged([part for _, part in cells])
    rows = []
    for key, part in cells:
        answers = part.select(c.MESSAGE_ID).join(judged, on=c.MESSAGE_ID, how="inner")
        coded = answers[c.TO_POINT].drop_nulls()
        row: dict[str, object] = {c.N_ANSWERS: answers.height, c.N_CODED: len(coded)}
        reason = None if len(coded) >= k else "few_coded" if len(coded) else "none_coded"
        if answers.height >= k:
            row |= _share(c.BOILERPLATE, answers[c.BOILERPLATE])
            row |= _share(c.NAMES_SUBJECT, answers[c.NAMES_SUBJECT])
        else:
            reason = TOO_FEW
        if len(coded) >= k:
            row |= _share(c.TO_POINT, coded)
        rows.append(key | row | {c.REASON: reason})
    return rows


def _judged(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Mark every answer that has a text as boilerplate or not, about the message's subject or not.

    Over all groups at once, because boilerplate wanders between agencies.
    """
    wanted = (c.MESSAGE_ID, c.RUBRIC, c.TEXT, c.ANSWER_TEXT, c.TO_POINT)
    answered = (
        pl.concat([part.select(wanted) for part in parts])
        .filter(pl.col(c.ANSWER_TEXT).str.strip_chars().fill_null("") != "")
        .sort(c.MESSAGE_ID)
    )
    found = families.find(answered.select(c.MESSAGE_ID, pl.col(c.ANSWER_TEXT).alias(c.TEXT)))
    sent = (
        answered.join(found.select(c.MESSAGE_ID, c.FAMILY), on=c.MESSAGE_ID)
        .group_by(c.FAMILY)
        .agg(pl.len().alias("copies"), pl.col(c.RUBRIC).drop_nulls().n_unique().alias("rubrics"))
    )
    # One rubric throughout may be one accident; none at all tells nothing.
    boilerplate = sent.filter(pl.col("copies") >= COPIES, pl.col("rubrics") != 1)[c.FAMILY]
    members = found.filter(pl.col(c.FAMILY).is_in(boilerplate.implode()))[c.MESSAGE_ID]
    worded = answered.with_columns(
        _words(c.ANSWER_TEXT).alias(_REPLIED), _words(c.TEXT).alias(_WRITTEN)
    )
    spread = worded[_REPLIED].explode().drop_nulls().value_counts(name="n")
    common = spread.filter(pl.col("n") > max(1.0, _COMMON * answered.height))[_REPLIED]
    return worded.select(
        c.MESSAGE_ID,
        c.TO_POINT,
        pl.col(c.MESSAGE_ID).is_in(members.implode()).alias(c.BOILERPLATE),
        pl.col(_REPLIED)
        .list.set_intersection(pl.col(_WRITTEN).fill_null([]))
        .list.set_difference(pl.lit(common.implode()))
        .list.len()
        .gt(0)
        .alias(c.NAMES_SUBJECT),
    )


def _words(column: str) -> pl.Expr:
    # A stem of five letters stands for the lemma: a region's texts take a minute to lemmatise.
    words = pl.col(column).str.to_lowercase().str.replace_all("ё", "е").str.extract_all(_WORD)
    return words.list.eval(pl.element().str.slice(0, 5)).list.unique()


def _share(name: str, judged: pl.Series) -> dict[str, object]:
    low, high = wilson(int(judged.sum()), len(judged))
    return {
        name: float(judged.sum() / len(judged)),
        f"{name}_low": float(low),
        f"{name}_high": float(high),
    }
