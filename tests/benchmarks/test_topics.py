"""Topics beside stock BERTopic: agreement with rubricators, stability, speed, honest intervals.

Run with ``pytest -m benchmark -s tests/benchmarks/test_topics.py``. The peer needs the extras
``umap`` and ``cluster``; without them its lines are left out, which is said.
"""

import importlib.util
import itertools
import time
import warnings

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from cur_lab import datasets, prepare, text, topics, vectors
from cur_lab.inference import wilson
from cur_lab.topics import consensus

pytestmark = pytest.mark.benchmark

SEEDS = range(3)
# Seconds of processor that the sample took before topics were made cheap.
EARLIER_BUILD = 129
PEER = all(importlib.util.find_spec(package) for package in ("umap", "hdbscan"))


def region(columns, *, rows):
    """Messages of the sample region, few enough for a minute."""
    messages = datasets.load("zarechye").messages.filter(pl.col("rubric").is_not_null())
    return messages.select(columns).sample(rows, seed=0)


def appeals(real_data):
    return pl.read_csv(real_data / "kursk" / "appeals.csv").select(
        pl.col("id").cast(pl.String).alias("message_id"), "text", pl.col("topic").alias("rubric")
    )


def posts(real_data):
    return pl.read_csv(real_data / "telegram-news" / "posts.csv").select(
        # A post's number is unique within its channel only, and some stand twice.
        pl.int_range(pl.len()).cast(pl.String).str.zfill(6).alias("message_id"),
        pl.col("text").fill_null(""),
        pl.col("category").fill_null("?").alias("rubric"),
    )


class Given:
    """Vectors that are there already, so that both sides get the same ones."""

    name = "given"

    def __init__(self, texts, rows):
        self.known = dict(zip(texts, rows, strict=True))

    def fit_transform(self, texts):
        return np.array([self.known[one] for one in texts])

    transform = fit_transform


def stock_bertopic(documents, rows, seed):
    """BERTopic with its default UMAP and HDBSCAN, on our lemmas and vectors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from umap import UMAP

        reducer = UMAP(15, 5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
        made = BERTopic(language="multilingual", umap_model=reducer, embedding_model=BaseEmbedder())
        placed, _ = made.fit_transform(documents, rows)
        made.transform(documents, rows)
    return np.array(placed)


def line(name, truth, found, *, extra=""):
    """Unassigned messages count as one more cluster."""
    ami = np.mean([adjusted_mutual_info_score(truth, f) for f in found])
    ari = np.mean([adjusted_rand_score(truth, f) for f in found])
    pairs = [adjusted_rand_score(a, b) for a, b in itertools.combinations(found, 2)]
    # One fit of a slow peer has no other to agree with.
    seeds = np.mean(pairs) if pairs else np.nan
    none = np.mean([np.mean(f == -1) for f in found])
    number = np.mean([len(set(f.tolist()) - {-1}) for f in found])
    print(
        f"{name:24} AMI {ami:.3f}  ARI {ari:.3f}  seeds {seeds:.2f}  "
        f"unassigned {none:.1%}  topics {number:.0f}  {extra}"
    )
    return ami, ari, seeds, none


def half_sample_agreement(rows, k):
    """Mean agreement of two models fitted on disjoint halves, over all messages."""
    cloud = consensus.points(rows, seed=0)
    found = []
    for pair in range(3):
        order = np.random.default_rng(pair).permutation(len(rows))
        halves = order[: len(rows) // 2], order[len(rows) // 2 :]
        one, two = (
            consensus.nearest(rows, consensus.centres(cloud.reweighted(h), k, runs=200, seed=pair))
            for h in halves
        )
        found.append(
            (adjusted_rand_score(one[0], two[0]), adjusted_mutual_info_score(one[0], two[0]))
        )
    return np.mean(found, axis=0)


def compare(name, data, k, *, peer_seeds=SEEDS):
    """Scores of ours, and of BERTopic on the vectors that suit it better, if it is installed."""
    data = data.sort("message_id")
    words = text.terms(data["text"])
    rows = vectors.lexical().fit_terms(words)
    truth = data["rubric"].to_numpy()
    print(f"\n{name}: {data.height} messages, {len(set(truth))} rubrics")
    ours = [
        topics.fit(data, n_topics=k, refits=0, seed=seed).assignments["topic"].to_numpy()
        for seed in SEEDS
    ]
    halves = half_sample_agreement(rows, k)
    scores = line(
        f"cur-lab, K = {k}", truth, ours, extra="halves ARI {:.2f} AMI {:.2f}".format(*halves)
    )
    if not PEER:
        print("stock BERTopic is left out: the extras umap and cluster are not installed")
        return scores, None
    documents = [" ".join(row) for row in words.to_list()]
    theirs = [
        line(
            f"stock BERTopic, {width} columns",
            truth,
            [stock_bertopic(documents, rows[:, :width].copy(), seed) for seed in peer_seeds],
        )
        for width in (100, rows.shape[1])
    ]
    return scores, max(theirs)


def test_topics_of_appeals_beside_stock_bertopic(real_data, measured):
    ours, theirs = compare("Kursk appeals", appeals(real_data), 60)
    ami, ari, seeds, none = ours
    if theirs:
        written = [
            f"{ami:.3f} / {ari:.3f}; {seeds:.2f}; {none:.0%}"
            for ami, ari, seeds, none in (ours, theirs)
        ]
        measured(
            "topics",
            what="topics of real appeals, K = 60: AMI / ARI against the rubric; ARI between seeds; "
            "unassigned",
            ours=written[0],
            peer=f"stock BERTopic {written[1]}",
        )
    assert ami >= 0.5
    assert ari >= 0.368
    assert seeds >= 0.85
    assert none <= 0.1


def test_topics_of_two_halves_of_appeals(real_data):
    data = appeals(real_data)
    coin = np.random.default_rng(0).random(data.height) < 0.5
    for name, half in (("heads", coin), ("tails", ~coin)):
        (_, ari, _, none), _ = compare(f"Kursk appeals, {name}", data.filter(pl.Series(half)), 45)
        assert ari > 0.25
        assert none <= 0.1


def test_topics_of_the_sample_region():
    (*_, none), _ = compare("Zarechye", region(["message_id", "text", "rubric"], rows=3_000), 60)
    assert none <= 0.1


def test_topics_of_posts_by_category(real_data):
    (*_, none), _ = compare("Telegram posts", posts(real_data), 30, peer_seeds=range(1))
    assert none <= 0.1


def test_speed_on_posts_beside_stock_bertopic(real_data, measured):
    data = posts(real_data)
    words = text.terms(data["text"])
    rows = vectors.lexical().fit_terms(words)
    documents = [" ".join(row) for row in words.to_list()]
    embedding = Given(data["text"], rows)

    def ours_clusters():
        cloud = consensus.points(rows, seed=0)
        centres = consensus.centres(cloud, 60, runs=200, seed=0)
        consensus.nearest(rows, centres)

    def ours_whole():
        topics.fit(data, n_topics=60, embedding=embedding, refits=0).assign(data)

    contenders = {
        "cur-lab, clusters and assign": ours_clusters,
        "cur-lab, fit and assign": ours_whole,
    }
    if PEER:
        contenders["stock BERTopic, fit and transform"] = lambda: stock_bertopic(documents, rows, 0)
    else:
        print("\nstock BERTopic is left out: the extras umap and cluster are not installed")
    print(f"\n{data.height} posts, the same vectors: seconds of the first call, of the second")
    took = []
    for name, run in contenders.items():
        seconds = []
        for _ in range(2):
            start = time.process_time()
            run()
            seconds.append(time.process_time() - start)
        print(f"{name:36} {seconds[0]:6.1f} {seconds[1]:6.1f}")
        took.append(seconds)
    if PEER:
        written = [f"{first:.1f} s / {second:.1f} s" for first, second in took]
        measured(
            "topics-speed",
            what=f"topics of {data.height:,} posts on the same vectors, fit and assign: "
            "processor time of a first call / of a second",
            ours=written[1],
            peer=f"stock BERTopic {written[2]}",
        )
        assert took[1][1] <= took[2][1]


def test_speed_on_the_sample_region(measured):
    """The number of topics is not given, labels and intervals are made: what notebook 01 asks."""
    messages = prepare.messages(datasets.load("zarechye").messages)
    start = time.process_time()
    model = topics.fit(messages)
    spent = time.process_time() - start
    print(f"\n{messages.height} messages, {model.topics.height} topics: {spent:.1f} s of processor")
    measured(
        "topics-sample",
        what=f"topics of the sample's {messages.height:,} messages with their number, labels and "
        "intervals: processor time",
        ours=f"{spent:.0f} s",
        peer=f"an earlier build of ours, {EARLIER_BUILD:.0f} s",
    )
    assert spent <= 0.35 * EARLIER_BUILD


def test_scale(real_data):
    comments = pl.read_csv(real_data / "vk-comments" / "comments.csv")["text"].fill_null("")
    both = pl.concat([comments, posts(real_data)["text"]])
    data = pl.DataFrame({"message_id": [f"{n:06}" for n in range(len(both))], "text": both})
    start = time.perf_counter()
    found = topics.fit(data, n_topics=60)
    print(f"\n{data.height} messages, 60 topics, 20 refits: {time.perf_counter() - start:.0f} s")
    assert found.topics.height > 30


def test_intervals_cover_the_share_in_the_population():
    """Samples of a quarter of a population; the truth is the share its own fit gives the topic."""
    population = region(["message_id", "text", "author_id"], rows=4_000)
    k, draws = 16, 12
    whole = topics.fit(population, n_topics=k, refits=0)
    truth = whole.assignments.rename({"topic": "true"})
    true_share = whole.topics["share"].to_numpy()
    hits: dict[str, list[bool]] = {"refits": [], "refits, stable topics": [], "binomial": []}
    for draw in range(draws):
        sample = population.sample(population.height // 4, seed=draw)
        found = topics.fit(sample, n_topics=k)
        both = found.assignments.join(truth, on="message_id").filter(
            (pl.col("topic") >= 0) & (pl.col("true") >= 0)
        )
        table = np.zeros((found.topics.height, k))
        np.add.at(table, (both["topic"].to_numpy(), both["true"].to_numpy()), 1)
        overlap = table / (table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table + 1e-9)
        for topic, true in zip(*linear_sum_assignment(overlap, maximize=True), strict=True):
            row = found.topics.row(int(topic), named=True)
            low, high = wilson(row["size"], sample.height)
            hit = row["share_low"] <= true_share[true] <= row["share_high"]
            hits["refits"].append(hit)
            hits["binomial"].append(bool(low <= true_share[true] <= high))
            if row["stability"] >= 0.5:
                hits["refits, stable topics"].append(hit)
    print(f"\n95 % intervals of topic shares, {draws} samples of {population.height // 4}")
    for name, found in hits.items():
        print(f"{name:24} cover {np.mean(found):.1%} of {len(found)}")
    assert np.mean(hits["refits"]) > 0.85
