"""Fit the coefficients of stance: ``python -m benchmarks.stance_fit COMMENTS.csv`` in tests/.

From the development half of the labelled comments and from wording of our own (the examples of
tests/simulations): each with its claim and once more without. Cross-validation by claims, within
that half alone, chooses the margin, as it chose the features and the weights below: figures of
that half are optimistic. ``cur_lab/statements/stance.json`` is written.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks import stance_pairs
from simulations.claim_examples import EXAMPLES
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from cur_lab import text
from cur_lab.statements import stance

CLASSES = [*stance.STANCES, stance.NONE]
# Comments that say nothing of the claim are most of those drawn, not of those matched.
WEIGHT = {"spreads": 1.0, "asks": 1.4, "doubts": 1.4, "refutes": 1.2, "none": 0.5}
OWN = 0.2
WITHOUT = 0.3
# Subject, verb, something else said of the subject.
PLAIN = (
    ("школу", "закроют", "покрасили к сентябрю"),
    ("проезд", "подорожает", "оплатил картой"),
    ("воду", "отключат", "набрали в бассейн"),
    ("парк", "застроят", "убирали в субботу"),
    ("садик", "переведут", "искали на карте"),
    ("дорогу", "перекроют", "чистили от снега"),
    ("пенсии", "урежут", "приносят во вторник"),
    ("автобусы", "отменят", "опять опоздали"),
    ("рынок", "снесут", "работает до шести"),
    ("льготы", "заберут", "оформляли два часа"),
    ("больницу", "объединят", "видно из окна"),
    ("завод", "остановят", "празднует юбилей"),
)
SAID = {
    "spreads": ("{s} {v}", "говорят, {s} скоро {v}", "{v} {s}, готовьтесь", "все, {s} {v}!"),
    "asks": ("{s} {v}?", "правда ли, что {s} {v}?", "а что, {s} {v}?", "{v} {s} или нет?"),
    "doubts": ("вряд ли {s} {v}", "не верится, что {s} {v}", "якобы {s} {v}, сомневаюсь"),
    "refutes": ("{s} не {v}", "никто {s} не {v}", "не {v} {s}, успокойтесь", "{s} {v} - чушь"),
    "none": ("{s} {o}", "а {s} {o}", "{s} {o}?", "вчера {s} {o}, мне рассказали"),
}
STRENGTH = 0.15
LEAST = 0.55  # coverage the margin has to leave: a little more than aimed at


def examples() -> pl.DataFrame:
    """Write statements of our own in four stances, and near misses."""
    rows = [
        (example.claim, content, {"near": "none"}.get(kind, kind))
        for example in EXAMPLES
        for kind in (*stance.STANCES, "near")
        for content in getattr(example, kind)
    ]
    rows += [
        (f"{s} {v}".capitalize(), form.format(s=s, v=v, o=o).capitalize(), kind)
        for s, v, o in PLAIN
        for kind, forms in SAID.items()
        for form in forms
    ]
    return pl.DataFrame(rows, schema=["claim", "comment", "first"], orient="row")


def measured(rows: pl.DataFrame, *, known: bool) -> np.ndarray:
    claims = rows["claim"] if known else pl.Series([None] * rows.height, dtype=pl.String)
    nothing = pl.Series([None] * rows.height, dtype=pl.Boolean)
    return stance.measured(text.clean(rows["comment"]), claims, nothing)


def fit(told: np.ndarray, right: np.ndarray, weight: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=5_000).fit(told, right, sample_weight=weight)


def probabilities(model: LogisticRegression, told: np.ndarray) -> np.ndarray:
    order = [list(model.classes_).index(name) for name in CLASSES]
    return model.predict_proba(told)[:, order]


def margins(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Leading stance and by how much it leads, as the package counts it."""
    best = found[:, :4].argmax(axis=1)
    rest = found.copy()
    rest[np.arange(len(found)), best] = 0.0
    return np.array(CLASSES)[best], found[np.arange(len(found)), best] - rest.max(axis=1)


def main() -> None:
    pairs = stance_pairs.labelled(pl.read_csv(sys.argv[1])["text"])
    pairs = pairs.filter((pl.col("half") == "development") & (pl.col("first") == pl.col("second")))
    own = examples()
    told = np.vstack([measured(pairs, known=True), measured(own, known=True)])
    right = np.array([*pairs["first"], *own["first"]])
    weight = np.array([WEIGHT[name] for name in right])
    weight[pairs.height :] *= OWN
    bare = np.vstack([measured(pairs, known=False), measured(own, known=False)])
    groups = np.unique([*pairs["claim"], *own["claim"]], return_inverse=True)[1]
    found = np.zeros((len(right), len(CLASSES)))
    blind = np.zeros((len(right), len(CLASSES)))
    stated = right != stance.NONE

    def model(rows: np.ndarray) -> LogisticRegression:
        some = rows & stated
        return fit(
            np.vstack([told[rows], bare[some]]),
            np.concatenate([right[rows], right[some]]),
            np.concatenate([weight[rows], WITHOUT * weight[some]]),
        )

    for train, test in GroupKFold(8).split(told, groups=groups):
        kept = np.isin(np.arange(len(right)), train)
        fold = model(kept)
        found[test], blind[test] = probabilities(fold, told[test]), probabilities(fold, bare[test])
    real = np.arange(len(right)) < pairs.height
    near = np.zeros(len(right), dtype=bool)
    near[: pairs.height] = (pairs["stratum"] == "near").to_numpy()
    chosen = report("comments, held out by claim", found, right, real, near)
    report("the same without their claim", blind, right, real, near)
    report("own wording, held out by claim", found, right, ~real, ~real)
    final = model(np.ones(len(right), dtype=bool))
    order = [list(final.classes_).index(name) for name in CLASSES]
    content = {
        "classes": CLASSES,
        "features": list(stance.FEATURES),
        "weights": final.coef_[order].round(4).tolist(),
        "intercepts": final.intercept_[order].round(4).tolist(),
        "margin": chosen,
    }
    target = Path(stance.__file__).with_name("stance.json")
    target.write_text(json.dumps(content, indent=1) + "\n")


def report(
    name: str, found: np.ndarray, right: np.ndarray, rows: np.ndarray, near: np.ndarray
) -> float:
    """Print F1, coverage and what is left undecided by margin; the margin that covers enough."""
    leading, margin = margins(found)
    stated = right != stance.NONE
    print(f"\n{name}: {(rows & stated).sum()} with a stance, {(rows & ~stated).sum()} without")
    chosen = -1.0
    for cut in (-1.0, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        decided = rows & stated & (margin >= cut)
        f1 = f1_score(
            right[decided], leading[decided], average="macro", labels=CLASSES[:4], zero_division=0
        )
        covered = (margin[near & stated] >= cut).mean()
        silent = (margin[rows & ~stated] < cut).mean() if (rows & ~stated).any() else 0
        print(
            f"  {cut:5.2f}: macro-F1 {f1:.2f}, coverage {covered:.2f} (all "
            f"{decided.sum() / (rows & stated).sum():.2f}), silent left {silent:.2f}"
        )
        if covered >= LEAST:
            chosen = cut
    return chosen


if __name__ == "__main__":
    main()
