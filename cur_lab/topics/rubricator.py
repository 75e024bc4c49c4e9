"""Topics beside the official rubricator: what it holds together, splits, joins and hides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab.columns import (
    AUTHOR_ID,
    CROSSWALK,
    LABEL,
    MESSAGE_ID,
    MESSAGES,
    RUBRIC,
    RUBRIC_SHARE,
    RUBRIC_SHARE_HIGH,
    RUBRIC_SHARE_LOW,
    SHARE,
    SHARE_HIGH,
    SHARE_LOW,
    SIZE,
    TEXT,
    TOPIC,
    VERDICT,
)
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.inference import design_effect, wilson
from cur_lab.topics.model import Model

# A part counts when the lower end of its interval is above this: a tenth is hard to overlook.
_PART = 0.1
_MAJORITY = 0.5

AGREES = "тема совпадает с рубрикой"
WITHIN = "тема внутри рубрики"
MERGED = "рубрика объединяет несколько тем"
SPLIT = "тема разделена между рубриками"
HIDDEN = "рубрикатор скрывает тему: ни одна рубрика не держит большинства"
STRAY = "отдельные сообщения"
UNKNOWN = "не определяется по этим данным"


def crosswalk(messages: pl.DataFrame, model: Model, *, rubric: str = RUBRIC) -> pl.DataFrame:
    """Lay the topics found beside the rubrics set by the authority.

    Neither is the truth: a rubric says where a message was sent, a topic what it speaks of.

    Parameters
    ----------
    messages
        Messages with a column of rubrics; those the model was fitted on keep their topic.
    model
        Fitted topics.
    rubric
        Column of the official rubrics; messages without one, or without a topic, are left out.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.CROSSWALK`, a row for every topic and rubric that share
        a message, by topic, largest share first.

    Raises
    ------
    SchemaError
        If a column is absent or the rubric is not text.
    NotEnoughDataError
        If no message has both a rubric and a topic.

    Notes
    -----
    Intervals are Wilson's at the sample size divided by the design effect of authors (Rao & Scott
    1992). The verdicts, read off the intervals:

    - a rubric *holds* a topic if surely more than half of the topic is in it. Then the topic
      agrees with the rubric (more than half of the rubric is the topic, too), or lies within it; a
      rubric *merges* topics if it holds several, each surely more than a tenth of the rubric;
    - a topic is *split* if no rubric holds it and several have surely more than a tenth each;
    - a topic is *hidden* if surely no rubric has half of it and it is not split;
    - else the data do not tell.
    """
    MESSAGES.require(messages, (MESSAGE_ID, TEXT), where="topics.crosswalk")
    if rubric not in messages.columns:
        raise SchemaError.missing([rubric], messages.columns, where="topics.crosswalk")
    if messages.schema[rubric] not in (pl.String, pl.Null):
        raise SchemaError(
            f"column {rubric} is {messages.schema[rubric]}, expected String",
            where="topics.crosswalk",
        )
    author = pl.col(AUTHOR_ID) if AUTHOR_ID in messages.columns else pl.lit(None, dtype=pl.String)
    placed = (
        messages.select(
            MESSAGE_ID,
            pl.col(rubric).cast(pl.String).alias(RUBRIC),
            # An unknown author is nobody's neighbour.
            pl.coalesce(author.cast(pl.String), MESSAGE_ID).rank("dense").alias(AUTHOR_ID),
        )
        .join(model.assign(messages), on=MESSAGE_ID, validate="1:1")
        .filter(pl.col(RUBRIC).is_not_null() & (pl.col(TOPIC) >= 0))
        .sort(MESSAGE_ID)
    )
    if placed.is_empty():
        raise NotEnoughDataError(
            "no message has both a rubric and a topic",
            where="topics.crosswalk",
            remedy="Give messages with official rubrics, of the kind the model was fitted on",
        )
    of_topic = _shares(placed, within=TOPIC, of=RUBRIC, names=(SHARE, SHARE_LOW, SHARE_HIGH))
    of_rubric = _shares(
        placed,
        within=RUBRIC,
        of=TOPIC,
        names=(RUBRIC_SHARE, RUBRIC_SHARE_LOW, RUBRIC_SHARE_HIGH),
    ).drop(SIZE)
    table = of_topic.join(of_rubric, on=[TOPIC, RUBRIC], validate="1:1").join(
        model.topics.select(TOPIC, LABEL), on=TOPIC, validate="m:1"
    )
    return CROSSWALK.conform(_judged(table)).sort(
        TOPIC, SHARE, RUBRIC, descending=[False, True, False]
    )


def _shares(
    placed: pl.DataFrame, *, within: str, of: str, names: tuple[str, str, str]
) -> pl.DataFrame:
    """Share of each value of one column within each value of the other, with intervals."""
    parts = []
    for (value,), members in placed.group_by(within, maintain_order=True):
        parts_of = members[of].unique().sort()
        hits = (members[of].to_numpy()[:, None] == parts_of.to_numpy()[None, :]).astype(float)
        authors = members[AUTHOR_ID].rank("dense").to_numpy().astype(np.int64) - 1
        effective = members.height / design_effect(hits, np.ones(members.height), authors)
        size: npt.NDArray[np.float64] = hits.sum(axis=0)
        share = size / members.height
        low, high = wilson(share * effective, effective)
        columns = {SIZE: size, names[0]: share, names[1]: low, names[2]: high}
        parts.append(
            pl.DataFrame(
                {within: pl.Series([value] * len(parts_of), dtype=members.schema[within])}
            ).with_columns(parts_of.alias(of), *(pl.Series(n, c) for n, c in columns.items()))
        )
    return pl.concat(parts)


def _judged(table: pl.DataFrame) -> pl.DataFrame:
    part = pl.col(SHARE_LOW) > _PART
    held = pl.col(SHARE_LOW) > _MAJORITY
    merged = held & (pl.col(RUBRIC_SHARE_LOW) > _PART)
    split = ~held.any().over(TOPIC) & (part.sum().over(TOPIC) >= 2)
    hidden = ~split & (pl.col(SHARE_HIGH).max().over(TOPIC) < _MAJORITY)
    return table.with_columns(
        pl.when(merged & (merged.sum().over(RUBRIC) >= 2))
        .then(pl.lit(MERGED))
        .when(held & (pl.col(RUBRIC_SHARE_LOW) > _MAJORITY))
        .then(pl.lit(AGREES))
        .when(held)
        .then(pl.lit(WITHIN))
        .when(split & part)
        .then(pl.lit(SPLIT))
        .when(hidden)
        .then(pl.lit(HIDDEN))
        .when(held.any().over(TOPIC) | split)
        .then(pl.lit(STRAY))
        .otherwise(pl.lit(UNKNOWN))
        .alias(VERDICT)
    )
