"""What people ask: question sentences that mean the same, counted by those who ask."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab import privacy, text
from cur_lab.inference import wilson
from cur_lab.vectors import weighted

# A question that can be answered asks by a word: «А мы чем хуже?» and «Людей за людей не считают?»
# are complaints.
_ASKING = (
    r"(?i)^(?:\S+\s+){0,2}(?:когда|почему|отчего|куда|где|откуда|кто|кому|к кому|как|каков\w*|"
    r"как(?:ой|ая|ое|ие|ого|ому|ую)|сколько|что|чей|до каких|на каком|в какие)[\s,]|\bли\b"
)
# «Доколе?» and «Когда уже?» ask nothing a team could answer.
_FEWEST_WORDS = 3
_LONGEST = 220  # characters; more is a story with a question mark at its end
# Questions farther apart share a word or two, not a question.
_FARTHEST = 0.7
_LEAST_AUTHORS = 2


def questions(local: pl.DataFrame, *, public: Collection[str], words: int) -> pl.DataFrame:
    """Cluster the question sentences of messages by their words.

    Average linkage on cosine distance of TF-IDF of lemmas; a cluster is shown by the first words of
    its most central public sentence, redacted. Only sentences that ask by a word («когда»,
    «почему», «ли») with three content words or more are taken: the others are complaints with a
    question mark.

    Parameters
    ----------
    local
        Messages of one district and window.
    public
        Channels whose sentences may be shown: a question of appeals alone is counted, its words
        are not given.
    words
        The most words of a sentence that are shown.

    Returns
    -------
    DataFrame
        ``columns.BRIEFING_QUESTIONS``: questions of two or more people, most people first; the
        share is of all who ask anything, with Wilson's interval.
    """
    asked = _sentences(local)
    if asked.is_empty():
        return c.BRIEFING_QUESTIONS.empty()
    vectors = weighted(asked["terms"].to_list())
    named = asked.with_columns(pl.Series("cluster", _clusters(vectors)))
    central = _centrality(vectors, named["cluster"].to_numpy())
    counted = (
        named.with_columns(pl.Series("central", central.round(6)))
        .sort(
            "central",
            pl.col("sentence").str.len_chars(),
            c.MESSAGE_ID,
            descending=[True, False, False],
        )
        .group_by("cluster", maintain_order=True)
        .agg(
            pl.col("sentence").filter(pl.col(c.CHANNEL).is_in(public)).first(),
            pl.col(c.SUBJECT).drop_nulls().mode().sort().first(),
            pl.col(c.MESSAGE_ID).n_unique().cast(pl.Int64).alias(c.MESSAGES_COUNT),
            pl.col(c.AUTHOR_ID).n_unique().cast(pl.Int64).alias(c.AUTHORS),
        )
        .filter(pl.col(c.AUTHORS) >= _LEAST_AUTHORS)
        .sort(pl.col(c.AUTHORS) * -1, pl.col(c.MESSAGES_COUNT) * -1, "sentence", "cluster")
    )
    people = named[c.AUTHOR_ID].n_unique()
    shown = privacy.excerpts(counted["sentence"], characters=_LONGEST, words=words, keep="street")
    low, high = wilson(counted[c.AUTHORS].to_numpy(), np.full(counted.height, people))
    return c.BRIEFING_QUESTIONS.conform(
        counted.with_columns(
            shown.alias(c.QUESTION),
            (pl.col(c.AUTHORS) / people).alias(c.SHARE),
            pl.Series(c.SHARE_LOW, low),
            pl.Series(c.SHARE_HIGH, high),
        )
    )


def _sentences(local: pl.DataFrame) -> pl.DataFrame:
    """Question sentences, one row each, with their content words."""
    clean = local.select(
        c.MESSAGE_ID,
        pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID).alias(c.AUTHOR_ID),
        c.CHANNEL,
        pl.col(c.RUBRIC).alias(c.SUBJECT),
        text.sentences(text.clean(local[c.TEXT])).alias("sentence"),
    )
    asked = (
        clean.explode("sentence")
        .filter(
            pl.col("sentence").str.contains(r"\?[!?»\")\s]*$"),
            pl.col("sentence").str.contains(_ASKING),
            pl.col("sentence").str.len_chars() <= _LONGEST,
        )
        .sort(c.MESSAGE_ID, "sentence")
    )
    return asked.with_columns(text.terms(asked["sentence"]).alias("terms")).filter(
        pl.col("terms").list.len() >= _FEWEST_WORDS
    )


def _clusters(vectors: npt.ArrayLike) -> npt.NDArray[np.int64]:
    from sklearn.cluster import AgglomerativeClustering

    dense = vectors.toarray()  # type: ignore[union-attr]
    if len(dense) < 2:
        return np.zeros(len(dense), dtype=np.int64)
    model = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=_FARTHEST
    )
    return np.asarray(model.fit_predict(dense), dtype=np.int64)


def _centrality(vectors: npt.ArrayLike, clusters: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Cosine of each sentence with the sum of its cluster."""
    dense = vectors.toarray()  # type: ignore[union-attr]
    sums = np.zeros((clusters.max() + 1, dense.shape[1]))
    np.add.at(sums, clusters, dense)
    lengths = np.linalg.norm(sums, axis=1).clip(1e-12)
    return np.asarray((dense * sums[clusters]).sum(axis=1) / lengths[clusters])
