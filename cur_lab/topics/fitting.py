"""From messages to a topic model."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab import exact, prepare, privacy, vectors
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import wilson
from cur_lab.topics import (
    apart,
    consensus,
    guided,
    labels,
    phrases,
    place_words,
    stability,
    twins,
)
from cur_lab.topics.joining import joins
from cur_lab.topics.model import Model, in_order

_RUNS = 150
# A text as near to another topic is nobody's; never more than a tenth of the texts.
_LEAST_MARGIN = 0.001
_MOST_UNASSIGNED = 0.1
_EXAMPLES = 5
_READABLE = (40, 600)  # characters


@c.needs(c.MESSAGE_ID, c.TEXT)
@exact.one_thread()
def fit(
    messages: pl.DataFrame,
    *,
    n_topics: int | None = None,
    embedding: vectors.Embedding | None = None,
    rubrics: Sequence[str] | None = None,
    refits: int = 20,
    seed: int = 0,
) -> Model:
    """Find what messages are about.

    Consensus clustering: 150 spherical k-means runs of varying grain, each on one half of the
    texts, vote on which texts belong together; average linkage of the votes is cut into topics; a
    text goes to the topic of the nearest centre, or to none (-1) where the next one is about as
    near. Above 2,000 texts the runs work on 1,000 small clusters instead of texts. Messages that
    only thank, greet or chat are set apart first and counted as a last topic
    (:attr:`Model.apart`).

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; uses ``author_id``, ``terms``, ``family`` and
        ``municipality``, whose names reach no label, where they are there.
    n_topics
        Number of topics; chosen by agreement of halves and separation if not given (see
        ``Model.reasons``). Fewer come out where fewer can be told apart, and where two say the
        same in the same words: they are merged (``Model.twins``).
    embedding
        ``vectors.lexical()`` if not given. A copy is fitted, the object given is not changed.
    rubrics
        Names of official rubrics: guided mode. Each rubric that the texts speak of becomes a topic
        of that name, with a centre started from its name and, where there is a column ``rubric``,
        from the messages that carry it. Further topics up to ``n_topics`` are found freely.
    refits
        Number of half-sample refits for stability and intervals. With 0 there is no stability and
        the intervals are binomial, which is too narrow.
    seed
        Of all random steps.

    Returns
    -------
    Model
        Tables, ``assign``, ``save``, ``bertopic``.

    Raises
    ------
    NotEnoughDataError
        If no message has a text, texts share no words, or more topics are asked than texts differ.
    ParameterError
        If ``n_topics`` is below 1 or ``refits`` below 0.

    Notes
    -----
    ``stability`` is the mean Jaccard index of a topic with its best match over half-sample refits
    of the clustering; below 0.5 the topic dissolves when the sample changes. ``share_low`` and
    ``share_high`` come from the same half-samples, which draw whole authors (families of copies
    where the author is unknown); see :func:`cur_lab.topics.stability.intervals`. The vectors are
    not learnt anew in a refit. A half is harder to cluster than the whole, so the intervals err on
    the wide side.
    """
    _check(n_topics, refits)
    ordered = prepare.with_families(in_order(messages, where="topics.fit"))
    spoken = ordered.filter(pl.col(c.TEXT).str.strip_chars().fill_null("") != "")
    if spoken.is_empty():
        raise NotEnoughDataError(
            "no message has a text",
            where="topics.fit",
            remedy="Give messages with texts",
            code="no_texts",
        )
    used = copy.copy(embedding) if embedding is not None else vectors.lexical()
    spoken = prepare.with_terms(spoken)
    words = spoken[c.TERM_LIST]
    # The lexical embedding counts the words that labels are made of: they are found once.
    if isinstance(used, vectors.Lexical):
        rows = used.fit_terms(words)
    else:
        rows = used.fit_transform(spoken[c.TEXT])
    aside = _set_apart(spoken, any_topic=rubrics is None)
    known = np.flatnonzero((np.abs(rows).sum(axis=1) > 0) & ~aside)
    distinct = len(np.unique(rows[known].round(5), axis=0))
    if distinct < (n_topics or 1):
        raise NotEnoughDataError(
            f"{n_topics or 1} topics are asked of {distinct} texts that differ",
            where="topics.fit",
            remedy="Give more messages or ask for fewer topics",
            code="few_texts",
        )

    cloud = consensus.points(rows[known], seed=seed)
    reasons = c.TOPIC_NUMBERS.empty()
    named: list[str] = []
    recipe: stability.Recipe
    if rubrics is not None:
        named, starts = guided.starts(rubrics, spoken, rows, used)
        if not named:
            raise NotEnoughDataError(
                "the texts share no word with any rubric",
                where="topics.fit",
                remedy="Check the names of the rubrics or fit without them",
                code="no_shared_words",
            )
        recipe = partial(guided.centres, starts=starts, k=max(n_topics or 0, len(named)))
    else:
        if n_topics is None:
            reasons = stability.numbers(rows[known], cloud, seed=seed)
            n_topics = next(iter(reasons.filter(c.CHOSEN)[c.N_TOPICS].to_list()), 1)
        recipe = partial(_free, k=n_topics)

    found, least_margin, origin = _settled(rows[known], recipe(cloud, _RUNS, seed))
    same = c.TOPIC_TWINS.empty()
    if not named and twins.near(found):
        single, same = _untwinned(rows[known], words.gather(known), found, least_margin)
        found, least_margin, origin = _settled(rows[known], single)
        number = {place: topic for topic, place in enumerate(origin.tolist())}
        same = same.filter(pl.col(c.TOPIC).is_in(list(number))).with_columns(
            pl.col(c.TOPIC).replace(number)
        )
        recipe = partial(_free, k=len(found))
    topics, margins = consensus.nearest(rows, found, least_margin=least_margin)
    topics[aside] = consensus.UNASSIGNED
    k = len(found)
    done = list(
        stability.refits(
            rows[known],
            cloud,
            topics[known],
            stability.units(spoken)[known],
            recipe,
            n=refits,
            least_margin=least_margin,
            seed=seed,
        )
    )
    agreement = stability.agreement(done, k=k)
    # A refit sees the messages that could get a topic; a share is of all.
    done = [refit._replace(share=refit.share * len(known) / spoken.height) for refit in done]
    sizes = np.bincount(topics[topics >= 0], minlength=k)
    share = sizes / spoken.height
    low, high = stability.intervals(share, done, n=spoken.height)
    keywords = labels.keywords(words, topics.tolist(), k)
    where = place_words.of(spoken[c.MUNICIPALITY]) if c.MUNICIPALITY in spoken.columns else ()
    names = labels.labels(spoken, topics.tolist(), keywords, but=where)
    for topic, place in enumerate(origin):
        if place < len(named):
            names[topic] = named[place]
    halves = agreement.filter(pl.col(c.METHOD) == stability.HALF_SAMPLE)
    table = c.TOPICS.conform(
        pl.DataFrame(
            {
                c.TOPIC: np.arange(k),
                c.LABEL: names,
                c.SIZE: sizes,
                c.SHARE: share,
                c.SHARE_LOW: low,
                c.SHARE_HIGH: high,
                c.KEYWORDS: [phrases.shown(of_topic) for of_topic in keywords],
                c.EXAMPLES: _examples(spoken, topics, (rows * found[topics]).sum(axis=1), k),
            },
            schema_overrides={c.KEYWORDS: pl.List(pl.String), c.EXAMPLES: pl.List(pl.String)},
        ).join(halves.select(c.TOPIC, pl.col(c.JACCARD).alias(c.STABILITY)), on=c.TOPIC, how="left")
    )
    hierarchy = joins(found, table)
    if aside.any():
        topics[aside], margins[aside] = k, 1.0
        table = pl.concat([table, _row_apart(spoken, aside, k)])
    placed = pl.DataFrame({c.MESSAGE_ID: spoken[c.MESSAGE_ID], c.TOPIC: topics, c.MARGIN: margins})
    silent = ordered.filter(pl.col(c.TEXT).str.strip_chars().fill_null("") == "").select(
        c.MESSAGE_ID, pl.lit(-1, pl.Int64).alias(c.TOPIC), pl.lit(0.0).alias(c.MARGIN)
    )
    return Model(
        topics=table.sort(c.TOPIC),
        assignments=c.ASSIGNMENTS.conform(pl.concat([placed, silent])).sort(c.MESSAGE_ID),
        reasons=reasons,
        agreement=agreement,
        hierarchy=hierarchy,
        embedding=used,
        centres=found,
        least_margin=least_margin,
        seed=seed,
        apart=k if aside.any() else None,
        twins=c.TOPIC_TWINS.conform(same).sort(c.TOPIC, c.SIZE, descending=[False, True]),
        absent=tuple(name for name in dict.fromkeys(rubrics or ()) if name not in named),
        _texts=ordered.select(c.MESSAGE_ID, c.TEXT),
        _fitted=([" ".join(row) for row in words.to_list()], rows),
    )


def _check(n_topics: int | None, refits: int) -> None:
    if n_topics is not None and n_topics < 1:
        raise ParameterError(f"n_topics is {n_topics}, expected 1 or more", where="topics.fit")
    if refits < 0:
        raise ParameterError(f"refits is {refits}, expected 0 or more", where="topics.fit")


def _set_apart(messages: pl.DataFrame, *, any_topic: bool) -> npt.NDArray[np.bool_]:
    """Find thanks and chatter, where there are some and the messages are of something else."""
    found = apart.thanks_and_chatter(messages)
    if any_topic and apart.FEWEST <= found.sum() <= apart.MOST * len(found):
        return found
    return np.zeros(len(found), dtype=bool)


def _row_apart(messages: pl.DataFrame, aside: npt.NDArray[np.bool_], topic: int) -> pl.DataFrame:
    """Count what was set apart; no refit moves it, so it has no stability."""
    size = int(aside.sum())
    low, high = wilson([size], [messages.height])
    placed = np.where(aside, 0, consensus.UNASSIGNED)
    words = labels.keywords(messages[c.TERM_LIST], placed.tolist(), 1)
    row = {
        c.TOPIC: [topic],
        c.LABEL: [apart.LABEL],
        c.SIZE: [size],
        c.SHARE: [size / messages.height],
        c.SHARE_LOW: low,
        c.SHARE_HIGH: high,
        c.KEYWORDS: [phrases.shown(of_topic) for of_topic in words],
        c.EXAMPLES: _examples(messages, placed, np.zeros(len(aside), dtype=np.float32), 1),
    }
    return c.TOPICS.conform(pl.DataFrame(row))


def _free(cloud: consensus.Points, runs: int, seed: consensus.Seed, *, k: int) -> consensus.Vectors:
    return consensus.centres(cloud, k, runs=runs, seed=seed)


def _untwinned(
    rows: consensus.Vectors, words: pl.Series, centres: consensus.Vectors, least_margin: float
) -> tuple[consensus.Vectors, pl.DataFrame]:
    """Centres of topics, those that say the same made one; which these are."""
    topics, _ = consensus.nearest(rows, centres, least_margin=least_margin)
    keywords = labels.keywords(words, topics.tolist(), len(centres))
    kept, number = np.unique(twins.merged(centres, keywords), return_inverse=True)
    placed = topics >= 0
    together = number[topics[placed]]
    sizes = np.bincount(topics[placed], minlength=len(centres))
    same = pl.DataFrame(
        {c.TOPIC: number, c.SIZE: sizes, c.KEYWORDS: keywords},
        schema_overrides={c.KEYWORDS: pl.List(pl.String)},
    ).filter(pl.len().over(c.TOPIC) > 1)
    return consensus.means(rows[placed], np.ones(len(together)), together, len(kept)), same


def _settled(
    rows: consensus.Vectors, centres: consensus.Vectors
) -> tuple[consensus.Vectors, float, npt.NDArray[np.int64]]:
    """Centres in the order of their size, those that get texts; the margin; where each was."""
    kept = np.arange(len(centres))
    while True:
        _, margins = consensus.nearest(rows, centres[kept])
        least = min(_LEAST_MARGIN, float(np.quantile(margins, _MOST_UNASSIGNED)))
        topics, _ = consensus.nearest(rows, centres[kept], least_margin=least)
        sizes = np.bincount(topics[topics >= 0], minlength=len(kept))
        if sizes.all() or len(kept) == 1:
            break
        kept = kept[sizes > 0]
    # Rows come in the order of message ids: of equal topics the one met first is first.
    met = np.array([np.argmax(topics == topic) for topic in range(len(kept))])
    order = np.lexsort((met, -sizes))
    return centres[kept[order]], least, kept[order]


def _examples(
    messages: pl.DataFrame,
    topics: npt.NDArray[np.int64],
    nearness: npt.NDArray[np.float32],
    k: int,
) -> list[list[str]]:
    """Texts nearest to the centre of each topic: one per family, of readable length, redacted."""
    family = pl.coalesce(c.FAMILY, pl.lit("message ") + pl.col(c.MESSAGE_ID))
    chosen = (
        messages.select(
            c.MESSAGE_ID,
            family.alias(c.FAMILY),
            c.TEXT,
            pl.Series(c.TOPIC, topics),
            pl.Series("nearness", nearness.astype(float).round(5)),
        )
        .filter(pl.col(c.TOPIC) >= 0)
        .with_columns(pl.col(c.TEXT).str.len_chars().is_between(*_READABLE).alias("readable"))
        .sort(c.TOPIC, "readable", "nearness", c.MESSAGE_ID, descending=[False, True, True, False])
        .unique([c.TOPIC, c.FAMILY], keep="first", maintain_order=True)
        .group_by(c.TOPIC, maintain_order=True)
        .head(_EXAMPLES)
    )
    shown = chosen.with_columns(privacy.excerpts(chosen[c.TEXT]))
    lists = dict(shown.group_by(c.TOPIC, maintain_order=True).agg(c.TEXT).iter_rows())
    return [lists.get(topic, []) for topic in range(k)]
