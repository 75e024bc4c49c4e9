"""Claims beside BM25 alone: ranks, «no match» with near misses, stance, speed.

Headlines come from public pairs that others labelled; the region is the sample. Weights and
thresholds were chosen with both and with the examples in tests/fakes, so these figures say what the
method does, not what it does on data never seen. Times are those of the processor. Run with
``pytest -m benchmark -s tests/benchmarks/test_claims.py``.
"""

import time

import bm25s
import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from cur_lab import datasets, fakes, text
from cur_lab.inference import wilson

pytestmark = pytest.mark.benchmark


def bm25_alone(texts: pl.Series, claims: pl.Series) -> np.ndarray:
    """Scores of every claim for every text."""
    index = bm25s.BM25()
    index.index(text.terms(claims).to_list(), show_progress=False)
    return np.array([index.get_scores(terms) for terms in text.terms(texts).to_list()])


def mean_reciprocal_rank(ranks: np.ndarray) -> str:
    """With a bootstrap interval over messages; 0 for a claim that is not listed."""
    gains = np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0.0)
    drawn = np.random.default_rng(0).choice(gains, (1000, len(gains))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{gains.mean():.3f} ({low:.3f}-{high:.3f})"


def ranks_of(listed: pl.DataFrame, right: pl.DataFrame) -> np.ndarray:
    """Rank of the right claim of each message; 0 where it is not listed."""
    joined = right.join(listed, on=["message_id", "claim_id"], how="left").sort("message_id")
    return joined["rank"].fill_null(0).to_numpy()


def share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{hits / max(total, 1):.3f} ({float(low):.3f}-{float(high):.3f}, n = {total})"


@pytest.fixture(scope="module")
def region():
    """Messages of the sample, its registry and what was planted."""
    sample = datasets.load("zarechye")
    planted = datasets.truth("zarechye").claim_messages
    return sample.messages, sample.claims, planted


@pytest.fixture(scope="module")
def matched(region):
    messages, claims, _ = region
    start = time.process_time()
    found = fakes.matches(messages, claims)
    print(
        f"\n{messages.height} messages, {claims.height} claims: "
        f"{time.process_time() - start:.1f} s of processor"
    )
    return found


def test_ranks_in_the_region_beside_bm25(region, measured):
    messages, claims, planted = region
    right = planted.drop_nulls("claim_id").select("message_id", "claim_id")
    told = messages.join(right.select("message_id"), on="message_id", how="semi")
    ordered = claims.sort("claim_id")
    scores = bm25_alone(told["text"], ordered["text"])
    names = ordered["claim_id"].to_list()
    own = dict(right.rows())
    theirs = np.array(
        [
            1 + (row > row[names.index(own[name])]).sum() if row.max() > 0 else 0
            for name, row in zip(told["message_id"], scores, strict=True)
        ]
    )
    # The embedding learns from all messages, so ours ranks them among all.
    ours = ranks_of(fakes.candidates(messages, claims, top=10), right)
    print(f"\n{told.height} messages that state one of {len(names)} claims, MRR")
    print(f"  cur-lab    {mean_reciprocal_rank(ours)}\n  BM25 alone {mean_reciprocal_rank(theirs)}")
    measured(
        "claims-ranks",
        what=f"{told.height} messages that state one of {len(names)} claims: MRR",
        ours=mean_reciprocal_rank(ours),
        peer=f"BM25 {mean_reciprocal_rank(theirs)}",
    )
    assert (1 / np.maximum(ours, 1))[ours > 0].sum() >= (1 / np.maximum(theirs, 1))[
        theirs > 0
    ].sum()


def test_no_match_with_near_misses_beside_bm25(region, matched, measured):
    messages, claims, planted = region
    known = (
        messages.select("message_id", "text")
        .join(matched, on="message_id")
        .join(planted.rename({"claim_id": "truth", "stance": "said"}), on="message_id", how="left")
    )
    near = pl.col("near_claim_id").is_not_null()
    pool = known.filter(near | pl.col("truth").is_not_null()).sort("message_id")
    positive = pool["truth"].is_not_null().to_numpy()
    bm25 = bm25_alone(pool["text"], claims.sort("claim_id")["text"]).max(axis=1)
    print(f"\n{positive.sum()} statements, {(~positive).sum()} near misses")
    for name, score in (("cur-lab", pool["score"].to_numpy()), ("BM25 alone", bm25)):
        print(
            f"  {name:10} AP {average_precision_score(positive, score):.3f}  "
            f"AUC {roc_auc_score(positive, score):.3f}"
        )
    for tier in (["match"], ["match", "similar"]):
        taken = known.filter(pl.col("tier").is_in(tier))
        right = (taken["claim_id"] == taken["truth"]).fill_null(False).sum()
        left = known.filter(~pl.col("tier").is_in(tier).fill_null(False))
        in_pool = left.filter(near | pl.col("truth").is_not_null())
        none = in_pool["truth"].null_count()
        print(f"  {' + '.join(tier)}")
        print(
            f"    match:    precision {share(right, taken.height)}  "
            f"recall {share(right, int(positive.sum()))}"
        )
        print(
            f"    no match: precision {share(none, in_pool.height)} among statements and near "
            f"misses, {share(left['truth'].null_count(), left.height)} among all  "
            f"recall {share(none, int((~positive).sum()))}"
        )
        # BM25 with the threshold that would let as many of the pool through.
        cut = np.sort(bm25)[::-1][max(0, int((pool["tier"].is_in(tier)).sum()) - 1)]
        theirs = positive[bm25 >= cut].mean()
        print(f"    BM25 alone, as many taken: precision {theirs:.3f}")
        measured(
            f"claims-{'-'.join(tier)}",
            what=f"claims among {(~positive).sum()} near misses, {' or '.join(tier)}: "
            "precision; recall",
            ours=f"{share(right, taken.height)}; {share(right, int(positive.sum()))}",
            peer=f"BM25, as many taken: {theirs:.3f}",
        )
    false = known.filter(pl.col("truth").is_null() & ~near & pl.col("claim_id").is_not_null())
    print(f"  other messages taken for a claim: {false.height} of {known.height - pool.height}")
    assert average_precision_score(positive, pool["score"]) > average_precision_score(
        positive, bm25
    )


def test_stance_in_the_region(region, matched):
    messages, claims, planted = region
    said = planted.drop_nulls("claim_id").select("message_id", "claim_id", said="stance")
    told = messages.select("message_id", "text").join(said, on="message_id")
    told = told.join(claims.select("claim_id", claim="text"), on="claim_id")
    found = fakes.stance_margins(told["text"], claim=told["claim"])["leading"]
    every = f1_score(told["said"], found, average="macro")
    both = matched.drop_nulls("stance").join(said, on="message_id")
    decided = both.filter(both["stance"] != "undecided")
    print(
        f"\nstance, macro-F1: {every:.3f} on {told.height} statements, "
        f"{f1_score(decided['said'], decided['stance'], average='macro'):.3f} on {decided.height} "
        f"decided of {both.height} matched"
    )
    table = pl.DataFrame({"said": told["said"], "found": found})
    for name in ("spreads", "asks", "doubts", "refutes"):
        rows = table.filter(pl.col("said") == name)
        print(f"  {name:8} recall {share((rows['found'] == name).sum(), rows.height)}")
    assert every > 0.7


def test_headlines_beside_bm25(real_data, measured):
    pairs = pl.read_csv(real_data / "paraphrases" / "pairs.csv")
    registry = (
        pairs.select(text="text_1")
        .unique()
        .sort("text")
        .select(pl.format("h{}", pl.int_range(pl.len())).alias("claim_id"), "text")
    )
    exact = pairs.filter(pl.col("class") == 1)
    exact = exact.unique("text_2", keep="first", maintain_order=True).filter(
        ~pl.col("text_2").is_in(registry["text"].implode())
    )
    messages = exact.select(message_id=pl.col("id").cast(pl.String), text="text_2")
    names = dict(registry.select("text", "claim_id").rows())
    right = exact.select(
        message_id=pl.col("id").cast(pl.String), claim_id=pl.col("text_1").replace_strict(names)
    )
    ours = ranks_of(fakes.candidates(messages, registry, top=10), right)
    scores = bm25_alone(messages["text"], registry["text"])
    place = {name: n for n, name in enumerate(registry["claim_id"])}
    own = [place[name] for name in right["claim_id"]]
    theirs = np.array([1 + (row > row[n]).sum() for row, n in zip(scores, own, strict=True)])
    print(f"\n{messages.height} headlines, each with its paraphrase among {registry.height}, MRR")
    print(f"  cur-lab    {mean_reciprocal_rank(ours)}\n  BM25 alone {mean_reciprocal_rank(theirs)}")
    measured(
        "claims-headlines",
        what=f"{messages.height} real headlines, the paraphrase among {registry.height}: MRR",
        ours=mean_reciprocal_rank(ours),
        peer=f"BM25 {mean_reciprocal_rank(theirs)}",
    )
    assert np.mean(np.where(ours > 0, 1 / np.maximum(ours, 1), 0)) > 0.9


def test_comments_of_another_subject_match_nothing_and_quickly(real_data, region):
    _, claims, _ = region
    comments = pl.read_csv(real_data / "vk-comments" / "comments.csv").select(
        pl.int_range(pl.len()).cast(pl.String).alias("message_id"),
        "text",
        "author_id",
        pl.col("published_at").str.to_datetime(
            "%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC"
        ),
    )
    fakes.matches(comments.head(50), claims)  # what loads on first use is not measured
    start = time.process_time(), time.perf_counter()
    found = fakes.matches(comments, claims)
    result = fakes.spread(found, comments, claims)
    took = time.process_time() - start[0], time.perf_counter() - start[1]
    print(
        f"\n{comments.height} comments, matches and spread: {took[0]:.1f} s of processor, "
        f"{took[1]:.1f} s on the clock"
    )
    print(
        f"taken for one of {claims.height} claims of another region: "
        f"{found['claim_id'].count()} of {found.height}"
    )
    assert result.claims["messages"].sum() == found["claim_id"].count() <= 3
