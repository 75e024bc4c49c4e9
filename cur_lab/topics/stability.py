"""How firm topics are: refits on half of the material, on bootstrap samples, from other seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import progress
from cur_lab.inference import wilson
from cur_lab.topics import consensus

Floats = npt.NDArray[np.float64]
# From points, a number of runs and a seed to the centres of topics.
Recipe = Callable[[consensus.Points, int, consensus.Seed], consensus.Vectors]

# --- the number of topics -----------------------------------------------------------------------

# As many topics as a reader keeps in mind; what is finer stands below them.
_NUMBERS = (2, 3, 4, 6, 8, 10, 12, 16, 20, 24)
_LEAST_MEAN_SIZE = 8
_PAIRS = 4
_PAIR_RUNS = 40
# The grain of the runs whose one tree is cut into every number.
_GRAIN = 20
# Agreement is asked of so many texts.
_ASKED = 4_000
_DECIMALS = 6


def numbers(
    rows: consensus.Vectors, cloud: consensus.Points, *, seed: int, most: int = _NUMBERS[-1]
) -> pl.DataFrame:
    """Try numbers of topics and choose one.

    The texts are split at random into halves, each half is clustered on its own into one tree that
    is cut into every number, and both place the texts (at most 4,000 of them). Agreement is the
    adjusted mutual information of the two: would another sample give the same topics? Separation is
    the mean margin of texts by the topics of the half they were not in. The score is their product.
    Numbers whose score is within one standard error of the best, over the splits, cannot be told
    from it; chosen is the smallest of them.

    Parameters
    ----------
    rows
        Vectors of the texts, shape (n, d).
    cloud
        The same as points.
    seed
        Of the splits.
    most
        No more topics are tried.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.TOPIC_NUMBERS`; empty for too few texts.

    References
    ----------
    Lange T. et al. (2004). Stability-based validation of clustering solutions. Neural Computation
    16, 1299-1323. The one-standard-error rule: Breiman L. et al. (1984). Classification and
    Regression Trees, section 3.4.3.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    n = len(rows)
    tried = [k for k in _NUMBERS if k <= most and k * _LEAST_MEAN_SIZE <= n]
    if not tried:
        return c.TOPIC_NUMBERS.empty()
    asked = np.sort(np.random.default_rng([seed, _PAIRS]).permutation(n)[:_ASKED])
    found: list[list[tuple[float, float]]] = [[] for _ in tried]
    for pair in progress.bar(range(_PAIRS), name="Число тем"):
        order = np.random.default_rng([seed, pair]).permutation(n)
        halves = np.sort(order[: n // 2]), np.sort(order[n // 2 :])
        cuts = [_cuts(cloud.reweighted(half), tried, (seed, pair)) for half in halves]
        others = [np.isin(asked, half) for half in halves[::-1]]
        for place, centres in enumerate(zip(*cuts, strict=True)):
            both = [consensus.nearest(rows[asked], found) for found in centres]
            agreed = adjusted_mutual_info_score(both[0][0], both[1][0])
            apart = [margins[o].mean() for (_, margins), o in zip(both, others, strict=True)]
            found[place].append((agreed, float(np.mean(apart))))
    scores: list[tuple[float, ...]] = []
    for k, pairs in zip(tried, found, strict=True):
        agreement, separated = np.array(pairs).T
        score = agreement * separated
        error = score.std(ddof=1) / np.sqrt(_PAIRS)
        # Rounded: the last digit of a logarithm, which the processor decides, chooses nothing.
        summary = np.round((agreement.mean(), separated.mean(), score.mean(), error), _DECIMALS)
        scores.append((k, *summary.tolist()))
    names = (c.N_TOPICS, c.AGREEMENT, c.SEPARATION, c.SCORE, c.STANDARD_ERROR)
    table = pl.DataFrame(
        scores, schema={name: c.TOPIC_NUMBERS.schema[name] for name in names}, orient="row"
    )
    best = pl.col(c.SCORE).arg_max()
    least = (pl.col(c.SCORE).get(best) - pl.col(c.STANDARD_ERROR).get(best)).round(_DECIMALS)
    largest = pl.col(c.N_TOPICS) == pl.col(c.N_TOPICS).max()
    table = table.with_columns((pl.col(c.SCORE) >= least).alias(c.AS_GOOD))
    return c.TOPIC_NUMBERS.conform(
        table.with_columns(
            (pl.col(c.AS_GOOD) & largest).alias(c.OPEN_END),
            (pl.col(c.N_TOPICS) == pl.col(c.N_TOPICS).filter(c.AS_GOOD).min()).alias(c.CHOSEN),
        )
    )


def _cuts(
    sample: consensus.Points, tried: list[int], seed: consensus.Seed
) -> Iterator[consensus.Vectors]:
    """Centres of each number of topics, all cut from one tree."""
    if sample.count == 1:
        return (consensus.centres(sample, 1, runs=1, seed=seed) for _ in tried)
    joins = consensus.tree(sample, min(_GRAIN, tried[-1]), runs=_PAIR_RUNS, seed=seed)
    labels = (consensus.cut(joins, sample.weights, k) for k in tried)
    return (consensus.branches(sample, label) for label in labels)


# --- refits -------------------------------------------------------------------------------------

HALF_SAMPLE, BOOTSTRAP, SEED = "half-sample", "bootstrap", "seed"
# A topic whose best match overlaps less is dissolved, not found again (Hennig 2007).
_FOUND = 0.5
_RUNS = 60


class Refit(NamedTuple):
    """How each topic fared in one refit.

    ``jaccard`` is its overlap with the best match; ``share`` that of the topic it is paired with
    when every topic of the refit may stand for one topic only, 0 where none is left.
    """

    method: str
    jaccard: Floats
    share: Floats


def units(messages: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Give each message the number of its unit, which is drawn as a whole.

    A unit is an author, else a family of copies (column ``family``), else a message alone.
    """
    author = pl.col(c.AUTHOR_ID) if c.AUTHOR_ID in messages.columns else pl.lit(None)
    unit = pl.coalesce(
        pl.lit("author ") + author.cast(pl.String),
        pl.lit("family ") + pl.col(c.FAMILY),
        pl.lit("message ") + pl.col(c.MESSAGE_ID),
    )
    # By its first message: the order of pseudonyms is another for every key.
    first = pl.col(c.MESSAGE_ID).min().over(unit)
    return messages.select(first.rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()


def refits(
    rows: consensus.Vectors,
    cloud: consensus.Points,
    topics: npt.NDArray[np.int64],
    drawn_together: npt.NDArray[np.int64],
    recipe: Recipe,
    *,
    n: int,
    least_margin: float,
    seed: int,
) -> Iterator[Refit]:
    """Cluster n half-samples anew, and a quarter as many bootstrap samples and other seeds.

    Whole units are drawn. The vectors are not learnt anew. A topic is compared with the topics of
    the refit on the messages drawn; its match is the one of the largest Jaccard index.

    References
    ----------
    Hennig C. (2007). Cluster-wise assessment of cluster stability. CSDA 52, 258-271.
    """
    last = int(drawn_together.max()) + 1
    everyone = np.arange(len(rows))
    plan = [HALF_SAMPLE] * n + [BOOTSTRAP] * (n // 4) + [SEED] * (n // 4)
    for number, method in enumerate(progress.bar(plan, name="Устойчивость тем")):
        rng = np.random.default_rng([seed, number])
        if method == HALF_SAMPLE:
            times = np.zeros(last, dtype=np.int64)
            times[rng.permutation(last)[: max(1, last // 2)]] = 1
        elif method == BOOTSTRAP:
            times = np.bincount(rng.integers(0, last, last), minlength=last)
        else:
            times = np.ones(last, dtype=np.int64)
        sample = np.repeat(everyone, times[drawn_together])
        centres = recipe(cloud.reweighted(sample), _RUNS, (seed, number))
        found, _ = consensus.nearest(rows[sample], centres, least_margin=least_margin)
        yield Refit(method, *_matched(topics[sample], found, int(topics.max()) + 1))


def _matched(
    topics: npt.NDArray[np.int64], found: npt.NDArray[np.int64], k: int
) -> tuple[Floats, Floats]:
    others = max(int(found.max()) + 1, 1)
    both = np.zeros((k + 1, others + 1))
    np.add.at(both, (topics, found), 1)  # -1 counts in the last row and column
    sizes = both.sum(axis=0)[:others]
    union = both.sum(axis=1)[:k, None] + sizes - both[:k, :others]
    jaccard = both[:k, :others] / np.maximum(union, 1)
    pairs = scipy.optimize.linear_sum_assignment(jaccard, maximize=True)
    share = np.zeros(k)
    share[pairs[0]] = sizes[pairs[1]] / len(topics)
    return jaccard.max(axis=1), share


def agreement(done: list[Refit], *, k: int) -> pl.DataFrame:
    """Sum the refits up by topic and method, as :data:`cur_lab.columns.TOPIC_AGREEMENT`."""
    parts = [c.TOPIC_AGREEMENT.empty()]
    for method in dict.fromkeys(refit.method for refit in done):
        overlaps = np.array([refit.jaccard for refit in done if refit.method == method])
        part = pl.DataFrame(
            {
                c.TOPIC: np.arange(k),
                c.METHOD: [method] * k,
                c.JACCARD: overlaps.mean(axis=0),
                c.JACCARD_LOW: np.quantile(overlaps, 0.1, axis=0),
                c.RECOVERED: (overlaps >= _FOUND).sum(axis=0),
                c.REFITS: [len(overlaps)] * k,
            }
        )
        parts.append(c.TOPIC_AGREEMENT.conform(part))
    return pl.concat(parts).sort(c.TOPIC, c.METHOD)


def intervals(share: Floats, done: list[Refit], *, n: int) -> tuple[Floats, Floats]:
    """95 % intervals of shares that carry both who was drawn and how the topic came out.

    For the share of a fixed topic, the variance over half-samples drawn without replacement equals
    that of the whole sample; the refit adds the variance of the topic's own borders. So the mean
    squared distance of the half-sample shares from the share is the variance, and the interval is
    Wilson's at the sample size that would give it, at most the number of messages.

    Parameters
    ----------
    share
        Of each topic.
    done
        Refits; without half-samples among them the intervals are binomial.
    n
        Number of messages.

    References
    ----------
    Politis D., Romano J. (1994). Large sample confidence regions based on subsamples under minimal
    assumptions. Annals of Statistics 22, 2031-2050.
    Dean N., Pagano M. (2015). Evaluating confidence interval methods for binomial proportions in
    clustered surveys. JSSAM 3, 484-503.
    """
    effective = np.full(len(share), float(n))
    halves = [refit.share for refit in done if refit.method == HALF_SAMPLE]
    if halves:
        variance = ((np.array(halves) - share) ** 2).mean(axis=0)
        binomial = share * (1 - share)
        wider = variance > binomial / n
        effective[wider] = binomial[wider] / variance[wider]
    return wilson(share * effective, effective)
