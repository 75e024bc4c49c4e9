"""Families and statements beside their peers on real texts.

Times are those of the processor, which other work on the machine does not stretch. Run with
``pytest -m benchmark -s tests/benchmarks/test_families.py``.
"""

import time
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from cur_lab import families, text
from cur_lab.families import candidates
from cur_lab.families.folding import mask

pytestmark = pytest.mark.benchmark


def shingles(text):
    padded = text.ljust(candidates.SHINGLE)
    return {
        padded[i : i + candidates.SHINGLE].encode()
        for i in range(len(padded) - candidates.SHINGLE + 1)
    }


def pairs_of(found, number):
    """Pairs of texts, by number, that share a family."""
    members = found.group_by("family").agg("message_id")["message_id"]
    return {
        pair
        for family in members
        for pair in combinations(sorted({number[name] for name in family}), 2)
    }


def test_comments_beside_datasketch(real_data, measured):
    datasketch = pytest.importorskip("datasketch", reason="needs the extra peers")
    comments = pl.read_csv(real_data / "vk-comments" / "comments.csv").select(
        pl.int_range(pl.len()).cast(pl.String).alias("message_id"), "text"
    )
    families.find(comments.head(3_000))  # what loads on first use is not measured

    start = time.process_time()
    found = families.find(comments)
    ours = time.process_time() - start

    folded = mask(comments["text"])
    distinct = folded.filter(folded != "").unique().sort().to_list()

    start = time.process_time()
    index = datasketch.MinHashLSH(threshold=0.8, num_perm=128)
    hashes = []
    for place, content in enumerate(distinct):
        sketch = datasketch.MinHash(num_perm=128)
        sketch.update_batch(list(shingles(content)))
        index.insert(place, sketch)
        hashes.append(sketch)
    theirs_pairs = {
        (place, other)
        for place, sketch in enumerate(hashes)
        for other in index.query(sketch)
        if place < other
    }
    theirs = time.process_time() - start

    start = time.process_time()
    ours_pairs, _ = candidates.near(distinct, candidates.hashed(distinct), threshold=0.8)
    ours_same_task = time.process_time() - start
    ours_pairs = {(int(i), int(j)) for i, j in ours_pairs}

    def similar(pair):
        one, other = shingles(distinct[pair[0]]), shingles(distinct[pair[1]])
        return len(one & other) / len(one | other) >= 0.8

    truth = ours_pairs | {pair for pair in theirs_pairs if similar(pair)}
    recall = len(ours_pairs) / len(truth), len(truth & theirs_pairs) / len(truth)
    print(f"\n{len(comments)} comments, {len(distinct)} distinct, {len(truth)} similar pairs")
    print(f"families.find (folding, exact, near, openings, templates): {ours:6.1f} s")
    print(f"near copies only:  cur-lab {ours_same_task:6.2f} s   recall {recall[0]:.3f}")
    print(f"      datasketch MinHashLSH {theirs:6.2f} s   recall {recall[1]:.3f}")
    print(
        f"{theirs / ours_same_task:.0f} times faster; with all the rest {theirs / ours:.0f} times"
    )
    print(f"{found['family'].n_unique()} families, {found.height} messages in them")
    measured(
        "families",
        what=f"near copies among {len(comments):,} comments: processor time of `families.find` "
        "whole (of the search alone); recall",
        ours=f"{ours:.1f} s ({ours_same_task:.1f} s); {recall[0]:.3f}",
        peer=f"datasketch MinHashLSH ({theirs:.1f} s); {recall[1]:.3f}",
    )
    assert recall[0] >= recall[1]
    assert theirs >= 10 * ours


def recombined(comments, number, seed=0):
    """Comments, and as many more as are asked: runs of four words of any, as long as a comment.

    Longer runs of so few comments would be copies of each other: the families would grow with the
    square of the messages, whoever finds them.
    """
    words = [comment.split() for comment in comments]
    runs = [line[at : at + 4] for line in words for at in range(0, len(line), 4)]
    draw = np.random.default_rng(seed)
    texts = comments[:number]
    while len(texts) < number:
        length = -(-len(words[draw.integers(len(words))]) // 4)
        parts = [runs[place] for place in draw.integers(0, len(runs), length)]
        texts.append(" ".join(word for part in parts for word in part))
    numbers = [str(place) for place in range(number)]
    return pl.DataFrame({"message_id": numbers, "text": texts})


def test_time_grows_hardly_faster_than_the_messages(real_data, measured):
    datasketch = pytest.importorskip("datasketch", reason="needs the extra peers")
    comments = (
        pl.read_csv(real_data / "vk-comments" / "comments.csv")["text"].drop_nulls().to_list()
    )

    def ours(messages):
        families.find(messages)

    def theirs(messages):
        index = datasketch.MinHashLSH(threshold=0.8, num_perm=128)
        for place, content in enumerate(mask(messages["text"]).unique().to_list()):
            sketch = datasketch.MinHash(num_perm=128)
            sketch.update_batch(list(shingles(content)))
            index.insert(place, sketch)
            index.query(sketch)

    def times(search, numbers):
        spent = []
        for number in numbers:
            messages = recombined(comments, number)
            start = time.process_time()
            search(messages)
            spent.append(time.process_time() - start)
        return np.array(spent)

    ours(recombined(comments, 3_000))  # what loads on first use is not measured
    numbers = np.array([10_000, 20_000, 40_000, 80_000, 160_000])
    spent, peer = times(ours, numbers), times(theirs, numbers[:3])
    exponent, of_peer = (
        np.polyfit(np.log(numbers[: len(each)]), np.log(each), 1)[0] for each in (spent, peer)
    )
    for number, each in zip(numbers, spent, strict=True):
        print(f"\n{number:>8,} messages: {each:6.2f} s", end="")
    print(f"\nexponent {exponent:.2f}, of datasketch {of_peer:.2f}")
    measured(
        "families-growth",
        what="time of `families.find` on comments and runs of their words, 10,000 to 160,000: "
        "exponent; seconds of processor time for the most",
        ours=f"{exponent:.2f}; {spent[-1]:.1f} s",
        peer=f"datasketch, to 40,000: {of_peer:.2f}; {peer[-1]:.1f} s",
    )
    assert exponent <= 1.15


def test_cross_channel_copies(real_data, measured):
    posts = pl.read_csv(real_data / "telegram-news" / "posts.csv").select(
        pl.int_range(pl.len()).cast(pl.String).alias("message_id"), "text", "channel"
    )
    start = time.process_time()
    found = families.find(posts)
    elapsed = time.process_time() - start
    plain = pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars()
    opening = posts.filter(plain.str.len_chars() >= 200).with_columns(
        opening=plain.str.slice(0, 200), plain=plain
    )
    copies = opening.join(opening, on="opening", suffix="_other").filter(
        pl.col("channel") < pl.col("channel_other")
    )
    family = found.select("message_id", "family")
    joined = copies.join(family, on="message_id", how="left").join(
        family, left_on="message_id_other", right_on="message_id", how="left", suffix="_other"
    )
    recall = (joined["family"] == joined["family_other"]).fill_null(False).mean()
    equal = (copies["plain"] == copies["plain_other"]).sum()
    print(f"\n{posts.height} posts in {elapsed:.1f} s, {found['family'].n_unique()} families")
    print(f"{copies.height} cross-channel pairs ({equal} equal): recall {recall:.3f}")
    measured(
        "copies",
        what=f"{copies.height} pairs of posts copied across channels: recall",
        ours=f"{recall:.3f}",
        peer=f"equal texts {equal / copies.height:.3f}",
    )
    assert recall >= 0.99


def test_pairs_beside_lemma_jaccard_and_minhash(real_data, measured):
    pairs = pl.read_csv(real_data / "paraphrases" / "pairs.csv")
    left, right, label = pairs["text_1"], pairs["text_2"], pairs["class"].to_numpy()
    start = time.process_time()
    scores = {"families.similarity": families.similarity(left, right).to_numpy()}
    elapsed = time.process_time() - start

    def jaccard(one, other):
        return len(one & other) / max(len(one | other), 1)

    lemmas = [[set(words) for words in text.terms(side)] for side in (left, right)]
    grams = [[shingles(folded) for folded in mask(side)] for side in (left, right)]
    scores["lemma Jaccard"] = np.array([jaccard(*pair) for pair in zip(*lemmas, strict=True)])
    scores["5-gram Jaccard (exact MinHash)"] = np.array(
        [jaccard(*pair) for pair in zip(*grams, strict=True)]
    )
    # Two halves by place: a choice that suits one of them only would show.
    half = np.arange(len(label)) % 2 == 0
    print(f"\n{len(label)} pairs in {elapsed:.1f} s\n{'':32} AP     AUC    halves")
    figures = {}
    for name, score in scores.items():
        figures[name] = [
            (
                average_precision_score(label[rows] == 1, score[rows]),
                roc_auc_score(label[rows] != -1, score[rows]),
            )
            for rows in (slice(None), half, ~half)
        ]
        parts = "  ".join(f"{ap:.3f}/{auc:.3f}" for ap, auc in figures[name][1:])
        print(f"{name:32} {figures[name][0][0]:.3f}  {figures[name][0][1]:.3f}  {parts}")
    written = {name: f"{ap:.3f} / {auc:.3f}" for name, ((ap, auc), *_) in figures.items()}
    measured(
        "paraphrases",
        what=f"{len(label)} pairs of headlines: AP of exact paraphrases / AUC of any",
        ours=written["families.similarity"],
        peer=f"Jaccard of lemmas {written['lemma Jaccard']}",
    )
    for ours, theirs in zip(figures["families.similarity"], figures["lemma Jaccard"], strict=True):
        assert ours[0] > theirs[0]
        assert ours[1] > theirs[1]
