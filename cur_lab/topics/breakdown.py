"""Topics by group, and topics counted by messages, by families of copies and by authors."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import disclosure, prepare
from cur_lab.errors import SchemaError
from cur_lab.inference import design_effect, wilson
from cur_lab.topics.model import Model

_SOFT = "soft"
# A 95 % interval is so many standard errors wide.
_WIDTH = 2 * 1.96


@c.needs(c.MESSAGE_ID, c.TEXT)
def breakdown(
    messages: pl.DataFrame, model: Model, *, by: str = c.MUNICIPALITY, k: int = 5
) -> pl.DataFrame:
    """Share of every topic within every group of messages.

    Parameters
    ----------
    messages
        Messages; those the model was fitted on keep the topic they got there.
    model
        Fitted topics.
    by
        Column that names the group, such as the first day of the month; messages without one form
        a group of their own (null).
    k
        Cells of fewer messages are suppressed by :func:`cur_lab.disclosure.publishable`: their size
        and share are null, and those of a cell that would give them away. Zero is shown.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.BREAKDOWN`, the group in a column named ``by``; a row for
        every group and topic, in the order of both.

    Raises
    ------
    SchemaError
        If a column is absent.

    Notes
    -----
    The interval is Wilson's at the effective sample size: messages of one author are not
    independent, so the group's size is divided by the design effect of authors (Rao & Scott 1992;
    Dean & Pagano 2015), and the topic itself would come out otherwise if fitted again, so the size
    falls further until the interval is as wide, on the logistic scale, as what the topic's own
    interval holds beyond sampling.
    """
    c.MESSAGES.require(messages, (c.MESSAGE_ID, c.TEXT), where="topics.breakdown")
    if by not in messages.columns:
        raise SchemaError.missing([by], messages.columns, where="topics.breakdown")
    author = (
        pl.col(c.AUTHOR_ID) if c.AUTHOR_ID in messages.columns else pl.lit(None, dtype=pl.String)
    )
    kind = pl.Date if messages.schema[by] == pl.Date else pl.String
    placed = (
        messages.select(c.MESSAGE_ID, pl.col(by).cast(kind), author.alias(c.AUTHOR_ID))
        .join(model.assign(messages), on=c.MESSAGE_ID, validate="1:1")
        # An unknown author is nobody's neighbour.
        .with_columns(pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID).alias(c.AUTHOR_ID))
        .sort(c.MESSAGE_ID)
    )
    topics = _softness(model.topics.sort(c.TOPIC), placed)
    parts = [
        _group(members, topics, by=by) for _, members in placed.group_by(by, maintain_order=True)
    ]
    empty = c.BREAKDOWN.empty().rename({c.MUNICIPALITY: by}).cast({by: kind})
    table = pl.concat([empty, *parts]).sort(by, c.TOPIC)
    shown = disclosure.publishable(table.drop(c.LABEL), quasi=(by, c.TOPIC), count=c.SIZE, k=k)
    return shown.with_columns(table[c.LABEL]).select(table.columns)


@c.needs(c.MESSAGE_ID, c.TEXT)
def deduplicated(messages: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Share of every topic by messages, by families of copies and by authors, side by side.

    A campaign, a template or one tireless author raises the first and not the others.

    Parameters
    ----------
    messages
        Messages.
    model
        Fitted topics.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.DEDUPLICATED`. An author of several topics counts in each
        by the part of the author's messages; a message without an author is of its own author,
        and where no author is known the share is null. The shares carry no interval of their own:
        they are the same messages weighted anew, and it is their difference that speaks.
    """
    c.MESSAGES.require(messages, (c.MESSAGE_ID, c.TEXT), where="topics.deduplicated")
    placed = (
        prepare.with_families(messages)
        .join(model.assign(messages), on=c.MESSAGE_ID, validate="1:1")
        .with_columns(pl.coalesce(c.FAMILY, c.MESSAGE_ID).alias(c.FAMILY))
    )
    shares = model.topics.select(c.TOPIC, c.LABEL)
    units = {c.SHARE: c.MESSAGE_ID, c.SHARE_FAMILIES: c.FAMILY, c.SHARE_AUTHORS: c.AUTHOR_ID}
    for name, unit in units.items():
        if unit not in placed.columns or not placed[unit].drop_nulls().len():
            shares = shares.with_columns(pl.lit(None, dtype=pl.Float64).alias(name))
            continue
        # A message of nobody known stands for itself: left out, a few known authors would pass for
        # all.
        own = pl.coalesce(unit, c.MESSAGE_ID)
        weighted = placed.select(c.TOPIC, (1 / pl.len().over(own) / own.n_unique()).alias(name))
        counted = weighted.group_by(c.TOPIC).agg(pl.col(name).sum())
        shares = shares.join(counted, on=c.TOPIC, how="left", validate="1:1")
        shares = shares.with_columns(pl.col(name).fill_null(0.0))
    return c.DEDUPLICATED.conform(shares.sort(c.TOPIC))


def _softness(topics: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Variance of a topic's log-odds that sampling does not explain, beside the topic."""
    if placed.is_empty():
        return topics.select(c.TOPIC, c.LABEL, pl.lit(0.0).alias(_SOFT))
    authors = placed[c.AUTHOR_ID].rank("dense").to_numpy().astype(np.int64) - 1
    own, named = (frame[c.TOPIC].to_numpy() for frame in (placed, topics))
    hits = (own[:, None] == named[None, :]).astype(float)
    share = hits.mean(axis=0)
    effective = placed.height / design_effect(hits, np.ones(placed.height), authors)
    sampling = 1 / np.maximum(effective * share * (1 - share), 1)
    odds = [(pl.col(end) / (1 - pl.col(end))).log() for end in (c.SHARE_LOW, c.SHARE_HIGH)]
    width = topics.select((odds[1] - odds[0]) / _WIDTH).to_series()
    # A topic set apart beforehand, and one of all messages or none, has no odds to vary.
    whole = width.set(~width.is_finite().fill_null(False), 0.0).to_numpy() ** 2
    soft = pl.Series(_SOFT, np.maximum(whole - sampling, 0))
    return topics.select(c.TOPIC, c.LABEL, soft)


def _group(members: pl.DataFrame, topics: pl.DataFrame, *, by: str) -> pl.DataFrame:
    shares = counted(members, topics[c.TOPIC], soft=topics[_SOFT])
    group = pl.lit(members[by][0], dtype=members.schema[by]).alias(by)
    return topics.select(group, c.TOPIC, c.LABEL).join(
        shares, on=c.TOPIC, validate="1:1", maintain_order="left"
    )


def counted(
    members: pl.DataFrame, topics: pl.Series, *, soft: pl.Series | None = None
) -> pl.DataFrame:
    """Size and share of each topic among messages with ``topic`` and ``author_id``.

    Parameters
    ----------
    members
        Messages; an author who is unknown stands by the message's id.
    topics
        Which to count.
    soft
        Variance of each topic's log-odds beside that of sampling; none if not given.
    """
    hits = (members[c.TOPIC].to_numpy()[:, None] == topics.to_numpy()[None, :]).astype(float)
    authors = members[c.AUTHOR_ID].rank("dense").to_numpy().astype(np.int64) - 1
    effective = members.height / design_effect(hits, np.ones(members.height), authors)
    size = hits.sum(axis=0)
    share = size / members.height
    if soft is not None:
        effective = 1 / (1 / effective + soft.to_numpy() * share * (1 - share))
    low, high = wilson(share * effective, effective)
    return pl.DataFrame(
        {
            c.TOPIC: topics,
            c.SIZE: size.astype(np.int64),
            c.SHARE: share,
            c.SHARE_LOW: low,
            c.SHARE_HIGH: high,
        }
    )
