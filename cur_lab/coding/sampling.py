"""Which texts people are to code, and with what probability each was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.columns import needs
from cur_lab.columns.table import check_once
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import FloatArray, IntArray

__all__ = ["sample"]

_WHERE = "coding.sample"
_ALLOCATIONS = ("proportional", "optimal", "equal")
Allocation = Literal["proportional", "optimal", "equal"]


@needs(c.MESSAGE_ID, c.TEXT)
def sample(
    messages: pl.DataFrame,
    *,
    n: int = 200,
    by: Sequence[str] = (),
    allocation: Allocation = "proportional",
    seed: int = 0,
) -> pl.DataFrame:
    """Draw texts for people to code, stratum by stratum.

    Messages that say the same in nearly the same words (a ``family``) are one text: it is coded
    once and weighs as many as it stands for.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; ``family`` is used where it is there.
    n
        How many texts; all of them where there are no more.
    by
        What makes a stratum: some of ``municipality``, ``rubric`` and ``channel``. Messages without
        are a stratum of their own; a text stands in the stratum of its first message.
    allocation
        Texts of a stratum: ``"proportional"`` to its texts, ``"equal"``, or ``"optimal"``, in
        proportion to its texts and to how unsure a model is of them (Neyman), for which messages
        need ``probability``, a forecast between 0 and 1 of the code that is asked for.
    seed
        Of the draw.

    Returns
    -------
    DataFrame
        ``columns.CODING_SAMPLE`` and the columns of ``by``: one row per text drawn. Weights times
        codes estimate a total over all messages with a text without bias; the others cannot be
        coded, are not drawn and count in no weight.

    Raises
    ------
    NotEnoughDataError
        If no message has a text.
    ParameterError
        If ``n`` leaves a stratum without a text, or the allocation is unknown.
    SchemaError
        If a column is missing, a message stands twice, or a probability is outside [0, 1].

    References
    ----------
    Neyman J. (1934). On the two different aspects of the representative method. Journal of the
    Royal Statistical Society 97, 558-625.

    Examples
    --------
    >>> import polars as pl
    >>> messages = pl.DataFrame(
    ...     {"message_id": ["1", "2", "3", "4"], "family": ["а", "а", None, None],
    ...      "template": ["Нет воды", "Нет воды", None, None],
    ...      "text": ["Нет воды", "Нет воды", "Яма на дороге", "Не горит фонарь"]})
    >>> sample(messages, n=3).select("message_id", "messages_alike", "weight").rows()
    [('1', 2, 2.0), ('3', 1, 1.0), ('4', 1, 1.0)]
    """
    split = c.CODING_SAMPLE.split_by(by, where=_WHERE)
    forecast = [c.PROBABILITY] if allocation == "optimal" else []
    asked = [*split, *forecast]
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT, *split], where=_WHERE)
    c.CODING_FORECAST.require(messages, forecast, where=_WHERE)
    check_once(messages, c.MESSAGE_ID, where=_WHERE)
    if allocation not in _ALLOCATIONS:
        raise ParameterError(
            f"allocation {allocation!r} is not known",
            where=_WHERE,
            remedy=f"Take one of {', '.join(_ALLOCATIONS)}",
        )
    texts = _texts(messages, asked).with_columns(
        (pl.struct(split) if split else pl.lit(0)).rank("dense").cast(pl.Int64).alias("_stratum")
    )
    stratum = texts["_stratum"].to_numpy() - 1
    sizes = np.bincount(stratum)
    if n < len(sizes):
        raise ParameterError(
            f"n = {n} leaves a stratum without a text",
            where=_WHERE,
            remedy=f"Give {len(sizes)} or more, or fewer columns in by",
        )
    wanted = _wanted(texts, stratum, sizes, allocation)
    taken = _allocated(wanted, sizes, min(n, texts.height))
    random = np.random.default_rng(seed)
    place = np.concatenate(
        [
            random.choice(np.flatnonzero(stratum == number), size=count, replace=False)
            for number, count in enumerate(taken)
        ]
    )
    drawn = texts.with_columns(
        pl.Series(c.STRATUM_TEXTS, sizes[stratum]),
        pl.Series(c.INCLUSION_PROBABILITY, (taken / sizes)[stratum]),
    )[np.sort(place)]
    weighed = drawn.with_columns(
        (pl.col(c.MESSAGES_ALIKE) / pl.col(c.INCLUSION_PROBABILITY)).alias(c.WEIGHT)
    )
    return c.CODING_SAMPLE.conform(weighed.drop("_stratum")).sort(c.MESSAGE_ID)


def _texts(messages: pl.DataFrame, asked: list[str]) -> pl.DataFrame:
    """One row per text: its first message, and how many say the same."""
    told = messages.filter(
        pl.col(c.MESSAGE_ID).is_not_null() & (pl.col(c.TEXT).str.strip_chars() != "")
    )
    if told.is_empty():
        raise NotEnoughDataError("no message has a text", where=_WHERE, code="no_texts")
    if c.PROBABILITY in asked:
        wrong = told.filter(~pl.col(c.PROBABILITY).is_between(0, 1).fill_null(False))
        if wrong.height:
            raise SchemaError(
                f"probability {wrong.sort(c.MESSAGE_ID)[c.PROBABILITY][0]} is not between 0 and 1",
                where=_WHERE,
                remedy="Give the forecast of the code for every message with a text",
            )
    own = pl.concat_str(pl.lit("message "), c.MESSAGE_ID)
    unit = pl.coalesce(pl.concat_str(pl.lit("family "), c.FAMILY), own).alias("_unit")
    return (
        prepare.with_families(told)
        .sort(c.MESSAGE_ID)
        .group_by(unit, maintain_order=True)
        .agg(pl.first(c.MESSAGE_ID, *asked), pl.len().alias(c.MESSAGES_ALIKE))
        .drop("_unit")
    )


def _wanted(
    texts: pl.DataFrame, stratum: IntArray, sizes: IntArray, allocation: Allocation
) -> FloatArray:
    if allocation == "equal":
        return np.ones(len(sizes))
    if allocation == "proportional":
        return sizes.astype(float)
    p = texts[c.PROBABILITY].to_numpy()
    mean = np.bincount(stratum, weights=p) / sizes
    # A stratum of which the model is sure is looked at all the same: it may be sure and wrong.
    return np.asarray(sizes * np.sqrt(np.maximum(mean * (1 - mean), 0.01)))


def _allocated(wanted: FloatArray, sizes: IntArray, n: int) -> IntArray:
    """Whole numbers that sum to ``n``: one or more a stratum, none above its size."""
    taken = np.ones(len(sizes), dtype=np.int64)
    for _ in range(n - len(sizes)):
        # Sainte-Lague's divisors: who is furthest below the share wanted gets the next.
        claim = np.where(taken < sizes, wanted / (2 * taken + 1), -1.0)
        taken[claim.argmax()] += 1
    return taken
