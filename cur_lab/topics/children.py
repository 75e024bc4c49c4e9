"""What stands below topics: each that has parts is opened into a few of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import exact, prepare
from cur_lab.topics import consensus, labels, place_words, stability
from cur_lab.topics.breakdown import counted
from cur_lab.topics.model import Model, in_order

_MOST = 6
# Parts are looked for among so many messages of a topic; then all are placed.
_READ = 500
_FEWEST, _LEAST_SIZE = 60, 10
# Below this agreement of halves the parts are an accident of the messages at hand.
_LEAST_AGREEMENT = 0.2
_RUNS = 40


@c.needs(c.MESSAGE_ID, c.TEXT)
@exact.one_thread()
def children(messages: pl.DataFrame, model: Model, *, seed: int = 0) -> pl.DataFrame:
    """Open topics: the two to six parts each one falls into, with labels of their own.

    Parameters
    ----------
    messages
        Messages; those the model was fitted on keep the topic they got there. Names of
        municipalities reach no label where there is a column ``municipality``.
    model
        Fitted topics.
    seed
        Of all random steps.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.TOPIC_CHILDREN`, by topic, the largest part first. A topic
        without rows has no parts that another sample would show: it has fewer than 60 messages, or
        its halves disagree about them. Nor has the topic of thanks and chatter.

    Raises
    ------
    SchemaError
        If a column is absent.

    Notes
    -----
    Parts are found as topics are, among the messages of one topic; their number is that on which
    halves of the topic's messages agree best (see :func:`cur_lab.topics.stability.numbers`). A
    label tells a part from the other parts of its topic. The interval is Wilson's at the effective
    sample size, as in :func:`cur_lab.topics.breakdown`.
    """
    placed = (
        prepare.with_terms(in_order(messages, where="topics.children"))
        .join(model.assign(messages), on=c.MESSAGE_ID, validate="1:1")
        .filter((pl.col(c.TOPIC) >= 0) & pl.col(c.TOPIC).ne_missing(model.apart))
        .sort(c.MESSAGE_ID)
    )
    where = place_words.of(placed[c.MUNICIPALITY]) if c.MUNICIPALITY in placed.columns else ()
    rows = model.embed(placed)
    named = dict(model.topics.select(c.TOPIC, c.LABEL).iter_rows())
    parts = [c.TOPIC_CHILDREN.empty()]
    for topic in sorted(named):
        own = np.flatnonzero(placed[c.TOPIC].to_numpy() == topic)
        if len(own) >= _FEWEST and (found := _parts(rows[own], seed)) is not None:
            agreement, places = found
            table = _table(placed[own].with_columns(pl.Series(c.TOPIC, places)), where)
            parts.append(
                c.TOPIC_CHILDREN.conform(
                    table.with_columns(
                        pl.lit(topic, pl.Int64).alias(c.TOPIC),
                        pl.lit(named[topic]).alias(c.LABEL),
                        pl.lit(agreement).alias(c.AGREEMENT),
                    )
                )
            )
    return pl.concat(parts).sort(c.TOPIC, c.CHILD)


def _parts(rows: consensus.Vectors, seed: int) -> tuple[float, consensus.Labels] | None:
    """Agreement of halves and the part of each row, -1 for none; None for a topic of one piece."""
    read = rows[np.sort(np.random.default_rng(seed).permutation(len(rows))[:_READ])]
    cloud = consensus.points(read, seed=seed)
    tried = stability.numbers(read, cloud, seed=seed, most=_MOST).filter(c.CHOSEN)
    if tried.is_empty() or tried[c.AGREEMENT][0] < _LEAST_AGREEMENT:
        return None
    centres = consensus.centres(cloud, tried[c.N_TOPICS][0], runs=_RUNS, seed=seed)
    while True:
        places, _ = consensus.nearest(rows, centres)
        sizes = np.bincount(places[places >= 0], minlength=len(centres))
        if (sizes >= _LEAST_SIZE).all():
            break
        centres = np.delete(centres, sizes.argmin(), axis=0)
    if len(centres) < 2:
        return None
    rank = np.append(np.argsort(np.argsort(-sizes, kind="stable")), consensus.UNASSIGNED)
    return float(tried[c.AGREEMENT][0]), rank[places]


def _table(members: pl.DataFrame, where: frozenset[str] | tuple[str, ...]) -> pl.DataFrame:
    """Label, size and share of each part; the parts stand in the column of topics."""
    places = members[c.TOPIC].to_list()
    k = max(places) + 1
    words = labels.keywords(members[c.TERM_LIST], places, k)
    author = pl.col(c.AUTHOR_ID) if c.AUTHOR_ID in members.columns else pl.lit(None, pl.String)
    known = members.with_columns(pl.coalesce(author, c.MESSAGE_ID).alias(c.AUTHOR_ID))
    return (
        counted(known, pl.Series(c.TOPIC, range(k), pl.Int64))
        .rename({c.TOPIC: c.CHILD})
        .with_columns(pl.Series(c.CHILD_LABEL, labels.labels(members, places, words, but=where)))
    )
