"""Routing beside a linear SVM on words and letters: five folds, and one half by the other.

Run with ``pytest -m benchmark -s tests/benchmarks/test_routing.py``.
"""

import time

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from cur_lab import routing, text

pytestmark = pytest.mark.benchmark

FOLDS = 5
SEEDS = range(5)


def appeals(real_data):
    return pl.read_csv(real_data / "kursk" / "appeals.csv").select(
        pl.col("id").cast(pl.String).alias("message_id"),
        "text",
        pl.col("topic").alias("rubric"),
        pl.col("category").cast(pl.String).alias("rubric_group"),
        "agency",
    )


def folds(labels):
    """Stratified folds; a rubric with fewer messages than folds is spread as far as it goes."""
    order = np.random.default_rng(0).permutation(len(labels))
    common = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    # The splitter warns of rare classes and splits them all the same; a warning is an error here.
    with pytest.warns(UserWarning, match="least populated class"):
        return [(train, test) for train, test in common.split(order, labels)]


def peer():
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(make_union(words, letters), LinearSVC())


@pytest.mark.parametrize("target", ["rubric", "rubric_group", "agency"])
def test_routing_of_appeals_beside_svm(real_data, target, measured):
    data = appeals(real_data).drop_nulls(target)
    labels = data[target].to_numpy()
    clean = text.clean(data["text"]).to_numpy()
    ours, sure, probability = (
        np.empty(len(labels), dtype=kind) for kind in (object, object, float)
    )
    theirs = np.empty(len(labels), dtype=object)
    seconds = np.zeros(2)
    for train, test in folds(labels):
        start = time.process_time()
        router = routing.fit(data[train], target=target)
        held_out = data[test].select("message_id")
        for given, threshold in ((ours, 0.0), (sure, 0.2)):
            routes = router.assign(data[test], sure=threshold)
            routes = held_out.join(routes, on="message_id", how="left", maintain_order="left")
            given[test] = routes[target].to_numpy()
            probability[test] = routes["probability"].to_numpy()
        middle = time.process_time()
        theirs[test] = peer().fit(clean[train], labels[train]).predict(clean[test])
        seconds += middle - start, time.process_time() - middle

    right = ours == labels
    order = np.array_split(np.argsort(probability, kind="stable"), 10)
    gap = sum(len(part) * abs(probability[part].mean() - right[part].mean()) for part in order)
    named = np.array([value is not None for value in sure])
    figures = {}
    print(f"\n{target}: {len(labels)} appeals, {len(set(labels))} values, {FOLDS} folds")
    for name, given, spent in (
        ("cur-lab", ours, seconds[0]),
        ("word+char SVM", theirs, seconds[1]),
    ):
        given = given.astype(str)
        figures[name] = (
            accuracy_score(labels, given),
            f1_score(labels, given, average="weighted", zero_division=0),
        )
        accuracy, f1 = figures[name]
        print(f"{name:14} accuracy {accuracy:.3f}  weighted F1 {f1:.3f}  {spent / FOLDS:5.1f} s")
    print(
        f"calibration error {gap / len(labels):.3f}; sure of {named.mean():.0%}, "
        f"right in {right[named].mean():.0%} of them"
    )
    written = {name: f"{accuracy:.3f} / {f1:.3f}" for name, (accuracy, f1) in figures.items()}
    measured(
        f"routing-{target}",
        what=f"routing of real appeals to {len(set(labels))} values of `{target}`, {FOLDS} folds: "
        "accuracy / weighted F1",
        ours=written["cur-lab"],
        peer=f"linear SVM on words and letters {written['word+char SVM']}",
    )
    assert figures["cur-lab"][0] > figures["word+char SVM"][0] - 0.01
    if target == "rubric":
        assert figures["cur-lab"][0] >= 0.56
        assert figures["cur-lab"][1] >= 0.53


def test_routing_of_one_half_by_the_other(real_data, measured):
    """Halves at random, each taught with and asked of: half of what the folds above teach."""
    data = appeals(real_data)
    labels = data["rubric"].to_numpy()
    clean = text.clean(data["text"]).to_numpy()
    scores = {"cur-lab": [], "word+char SVM": []}
    for seed in SEEDS:
        order = np.random.default_rng([11, seed]).permutation(data.height)
        halves = np.sort(order[: data.height // 2]), np.sort(order[data.height // 2 :])
        for train, test in (halves, halves[::-1]):
            routes = routing.fit(data[train]).assign(data[test], sure=0.0)
            routes = (
                data[test]
                .select("message_id")
                .join(routes, on="message_id", how="left", maintain_order="left")
            )
            given = {
                "cur-lab": routes["rubric"].to_numpy().astype(str),
                "word+char SVM": peer().fit(clean[train], labels[train]).predict(clean[test]),
            }
            for name, named in given.items():
                accuracy = accuracy_score(labels[test], named)
                f1 = f1_score(labels[test], named, average="weighted", zero_division=0)
                scores[name].append((accuracy, f1))
    print(f"\n{data.height // 2} appeals teach, as many are asked; {2 * len(SEEDS)} runs")
    written = {}
    for name, found in scores.items():
        means, spread = np.mean(found, axis=0), np.std(found, axis=0, ddof=1)
        written[name] = f"{means[0]:.3f} / {means[1]:.3f}"
        print(f"{name:14} accuracy, weighted F1 {written[name]}, between runs {spread.round(3)}")
    measured(
        "routing-halves",
        what=f"routing of one half of the real appeals by the other ({data.height // 2} teach), "
        f"{2 * len(SEEDS)} runs: accuracy / weighted F1",
        ours=written["cur-lab"],
        peer=f"linear SVM on words and letters {written['word+char SVM']}",
    )
    ours, theirs = (np.array(found) for found in scores.values())
    assert (ours > theirs).mean() > 0.9
