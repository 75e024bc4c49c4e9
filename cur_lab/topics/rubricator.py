"""Topics beside the official rubricator: what it holds together, splits, joins and hides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.inference import design_effect, wilson
from cur_lab.topics.model import Model

# A part counts when the lower end of its interval is above this: a tenth is hard to overlook.
_PART = 0.1
_MAJORITY = 0.5


@c.needs(c.MESSAGE_ID, c.TEXT, c.RUBRIC)
def crosswalk(messages: pl.DataFrame, model: Model, *, rubric: str = c.RUBRIC) -> pl.DataFrame:
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
    c.MESSAGES.require(messages, (c.MESSAGE_ID, c.TEXT), where="topics.crosswalk")
    if rubric not in messages.columns:
        raise SchemaError.missing([rubric], messages.columns, where="topics.crosswalk")
    if messages.schema[rubric] not in (pl.String, pl.Null):
        raise SchemaError(
            f"column {rubric} is {messages.schema[rubric]}, expected String",
            where="topics.crosswalk",
        )
    author = (
        pl.col(c.AUTHOR_ID) if c.AUTHOR_ID in messages.columns else pl.lit(None, dtype=pl.String)
    )
    placed = (
        messages.select(
            c.MESSAGE_ID,
            pl.col(rubric).cast(pl.String).alias(c.RUBRIC),
            # An unknown author is nobody's neighbour.
            pl.coalesce(author.cast(pl.String), c.MESSAGE_ID).rank("dense").alias(c.AUTHOR_ID),
        )
        .join(model.assign(messages), on=c.MESSAGE_ID, validate="1:1")
        .filter(pl.col(c.RUBRIC).is_not_null() & (pl.col(c.TOPIC) >= 0))
        .sort(c.MESSAGE_ID)
    )
    if placed.is_empty():
        raise NotEnoughDataError(
            "no message has both a rubric and a topic",
            where="topics.crosswalk",
            remedy="Give messages with official rubrics, of the kind the model was fitted on",
            code="no_rubrics_with_topics",
        )
    of_topic = _shares(
        placed, within=c.TOPIC, of=c.RUBRIC, names=(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH)
    )
    of_rubric = _shares(
        placed,
        within=c.RUBRIC,
        of=c.TOPIC,
        names=(c.RUBRIC_SHARE, c.RUBRIC_SHARE_LOW, c.RUBRIC_SHARE_HIGH),
    ).drop(c.SIZE)
    table = of_topic.join(of_rubric, on=[c.TOPIC, c.RUBRIC], validate="1:1").join(
        model.topics.select(c.TOPIC, c.LABEL), on=c.TOPIC, validate="m:1"
    )
    return c.CROSSWALK.conform(_judged(table)).sort(
        c.TOPIC, c.SHARE, c.RUBRIC, descending=[False, True, False]
    )


def _shares(
    placed: pl.DataFrame, *, within: str, of: str, names: tuple[str, str, str]
) -> pl.DataFrame:
    """Share of each value of one column within each value of the other, with intervals."""
    parts = []
    for (value,), members in placed.group_by(within, maintain_order=True):
        parts_of = members[of].unique().sort()
        hits = (members[of].to_numpy()[:, None] == parts_of.to_numpy()[None, :]).astype(float)
        authors = members[c.AUTHOR_ID].rank("dense").to_numpy().astype(np.int64) - 1
        effective = members.height / design_effect(hits, np.ones(members.height), authors)
        size: npt.NDArray[np.float64] = hits.sum(axis=0)
        share = size / members.height
        low, high = wilson(share * effective, effective)
        columns = {c.SIZE: size, names[0]: share, names[1]: low, names[2]: high}
        parts.append(
            pl.DataFrame(
                {within: pl.Series([value] * len(parts_of), dtype=members.schema[within])}
            ).with_columns(
                parts_of.alias(of), *(pl.Series(n, values) for n, values in columns.items())
            )
        )
    return pl.concat(parts)


def _judged(table: pl.DataFrame) -> pl.DataFrame:
    part = pl.col(c.SHARE_LOW) > _PART
    held = pl.col(c.SHARE_LOW) > _MAJORITY
    merged = held & (pl.col(c.RUBRIC_SHARE_LOW) > _PART)
    split = ~held.any().over(c.TOPIC) & (part.sum().over(c.TOPIC) >= 2)
    hidden = ~split & (pl.col(c.SHARE_HIGH).max().over(c.TOPIC) < _MAJORITY)
    return table.with_columns(
        pl.when(merged & (merged.sum().over(c.RUBRIC) >= 2))
        .then(pl.lit(c.MERGED))
        .when(held & (pl.col(c.RUBRIC_SHARE_LOW) > _MAJORITY))
        .then(pl.lit(c.AGREES))
        .when(held)
        .then(pl.lit(c.INSIDE))
        .when(split & part)
        .then(pl.lit(c.SPLIT))
        .when(hidden)
        .then(pl.lit(c.HIDDEN))
        .when(held.any().over(c.TOPIC) | split)
        .then(pl.lit(c.STRAY))
        .otherwise(pl.lit(c.UNDECIDED))
        .alias(c.VERDICT)
    )
