"""How likely a message states a claim, from what it shares with it: small trees, boosted.

The trees stand in ``odds.json``. They were learnt from wording of our own about claims that no
region holds (``cur_lab.synthetic.retellings``), as many statements as near misses and half as many
texts on another subject. What a message shares may only speak for a claim and what contradicts it
only against: without these signs a model learns the habits of who wrote the near misses. What they
say is stretched by how far they were right about claims that were left out (Platt).

References
----------
Friedman J. (2001). Greedy function approximation: a gradient boosting machine. Ann. Stat.
Platt J. (1999). Probabilistic outputs for support vector machines. MIT Press.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import scipy

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.statements.coverage import Evidence

# Which way each feature may speak; 0 for either.
SIGNS = {
    "coverage": 1,
    "predicate": 1,
    "letters": 1,
    "told": 1,
    "explained": 1,
    "both": 1,
    "meaning": 1,
    "together": 1,
    "touched": 1,
    "other_number": -1,
    "other_name": -1,
    "no_number": -1,
    "foreign": -1,
    "opposite": -1,
    "longer": 0,
}
_TREES, _LEAVES, _RATE, _PULL = 60, 6, 0.1, 5.0
_DIGITS = 4
_FOLDS = 7


@dataclass(frozen=True, eq=False)
class Trees:
    """Nodes of all trees in a row; the children of a leaf are itself."""

    roots: IntArray
    feature: IntArray
    threshold: FloatArray
    left: IntArray
    right: IntArray
    value: FloatArray
    depth: int
    start: float
    slope: float
    shift: float

    def log_odds(self, rows: FloatArray) -> FloatArray:
        """Sum the leaves that each row falls into, and stretch."""
        total = np.full(len(rows), self.start)
        every = np.arange(len(rows))
        for root in self.roots:
            at = np.full(len(rows), root)
            for _ in range(self.depth):
                below = rows[every, self.feature[at]] <= self.threshold[at]
                at = np.where(below, self.left[at], self.right[at])
            total = total + self.value[at]
        return np.asarray(self.slope * total + self.shift)


def features(found: Sequence[Evidence | None]) -> FloatArray:
    """Evidence as numbers, a row each; zeros where nothing is shared."""
    rows = [[0.0 if one is None else float(getattr(one, name)) for name in SIGNS] for one in found]
    # Rounded: a border of a tree must not fall between what two machines make of a sum.
    return np.round(np.array(rows, dtype=float).reshape(len(rows), len(SIGNS)), _DIGITS)


def log_odds(found: Sequence[Evidence | None]) -> FloatArray:
    """Log-odds that a message states the claim; −∞ where it shares nothing with it."""
    total = _model().log_odds(features(found))
    return np.where([one is None for one in found], -np.inf, total)


def fit(rows: FloatArray, stated: BoolArray, claims: IntArray) -> dict[str, Any]:
    """Learn the trees from features of pairs, whether each states its claim, and which it is of."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import GroupKFold, cross_val_predict

    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        l2_regularization=_PULL,
        monotonic_cst=list(SIGNS.values()),
        early_stopping=False,
        random_state=0,
    )
    folds = GroupKFold(_FOLDS)
    left_out = cross_val_predict(
        model, rows, stated, groups=claims, cv=folds, method="decision_function"
    )
    slope, shift = _stretched(np.asarray(left_out), stated)
    model.fit(rows, stated)
    trees: list[dict[str, list[float]]] = []
    for (grown,) in model._predictors:
        nodes = grown.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes))
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": np.round(np.where(leaf, 0, nodes["num_threshold"]), 6).tolist(),
                "left": np.where(leaf, own, nodes["left"]).tolist(),
                "right": np.where(leaf, own, nodes["right"]).tolist(),
                "value": np.round(np.where(leaf, nodes["value"], 0), _DIGITS).tolist(),
            }
        )
    start = round(float(model._baseline_prediction.ravel()[0]), _DIGITS)
    return {"start": start, "slope": slope, "shift": shift, "trees": trees}


def _stretched(total: FloatArray, stated: BoolArray) -> tuple[float, float]:
    """Slope and shift of the log-odds that fit best what was not learnt from."""
    side = np.where(stated, 1.0, -1.0)

    def loss(values: FloatArray) -> float:
        return float(np.logaddexp(0, -side * (values[0] * total + values[1])).sum())

    found = scipy.optimize.minimize(loss, [1.0, 0.0], method="L-BFGS-B").x
    return round(float(found[0]), _DIGITS), round(float(found[1]), _DIGITS)


@cache
def _model() -> Trees:
    held = json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    return planted(held)


def planted(held: dict[str, Any]) -> Trees:
    """Lay the trees that :func:`fit` learnt out as one row of nodes."""
    trees = held["trees"]
    roots = np.concatenate([[0], np.cumsum([len(tree["value"]) for tree in trees])])[:-1]

    def flat(name: str) -> list[float]:
        return [value for tree in trees for value in tree[name]]

    def moved(name: str) -> IntArray:
        parts = [np.array(t[name]) + root for t, root in zip(trees, roots, strict=True)]
        return np.concatenate(parts).astype(np.int64)

    return Trees(
        roots=roots.astype(np.int64),
        feature=np.array(flat("feature"), dtype=np.int64),
        threshold=np.array(flat("threshold"), dtype=float),
        left=moved("left"),
        right=moved("right"),
        value=np.array(flat("value"), dtype=float),
        depth=_LEAVES - 1,
        start=held["start"],
        slope=held["slope"],
        shift=held["shift"],
    )
