"""How likely a message states a claim, from what it shares with it: a line and trees.

Both stand in ``odds.json``. They were learnt from wording of our own about claims that no
region holds (``cur_lab.synthetic.retellings``), as many statements as near misses and half as many
texts on another subject. What a message shares may only speak for a claim and what contradicts it
only against: without these signs a model learns the habits of who wrote the near misses. Trees see
that much is covered but the verb is another, where people write; a line holds better where the
texts are of another kind (headlines). What they say together is stretched by how far they were
right about claims that were left out (Platt).

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
_TREE = 1 / 3  # what the trees weigh; where texts are of another kind the line holds better
_FOLDS = 7
_WEAKEST = 10.0  # prior precision of a weight of the line, for a standardised feature


@dataclass(frozen=True, eq=False)
class Model:
    """The line, and the nodes of all trees in a row; the children of a leaf are itself."""

    line: FloatArray

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
        """Average the line and the sum of the leaves that each row falls into, and stretch."""
        total = np.full(len(rows), self.start)
        every = np.arange(len(rows))
        for root in self.roots:
            at = np.full(len(rows), root)
            for _ in range(self.depth):
                below = rows[every, self.feature[at]] <= self.threshold[at]
                at = np.where(below, self.left[at], self.right[at])
            total = total + self.value[at]
        straight = np.full(len(rows), self.line[0])
        # Column by column: every machine adds in the same order.
        for column, weight in zip(rows.T, self.line[1:], strict=True):
            straight = straight + weight * column
        return np.asarray(self.slope * (_TREE * total + (1 - _TREE) * straight) + self.shift)


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
    """Learn from features of pairs, whether each states its claim, and which claim it is of."""
    from sklearn.model_selection import GroupKFold

    left_out = np.empty(len(rows))
    for here, there in GroupKFold(_FOLDS).split(rows, stated, claims):
        left_out[there] = planted(_learnt(rows[here], stated[here])).log_odds(rows[there])
    slope, shift = _stretched(left_out, stated)
    return _learnt(rows, stated) | {"slope": slope, "shift": shift}


def _learnt(rows: FloatArray, stated: BoolArray) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        l2_regularization=_PULL,
        monotonic_cst=list(SIGNS.values()),
        early_stopping=False,
        random_state=0,
    ).fit(rows, stated)
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
    held = {"start": start, "slope": 1.0, "shift": 0.0}
    return held | {"line": _line(rows, stated), "trees": trees}


def _line(rows: FloatArray, stated: BoolArray) -> list[float]:
    """Intercept and weights of a logistic model whose weights keep their signs.

    References
    ----------
    Byrd R. H. et al. (1995). A limited memory algorithm for bound constrained optimization. SIAM.
    """
    middle, width = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    placed = (rows - middle) / width
    side = np.where(stated, 1.0, -1.0)

    def loss(values: FloatArray) -> tuple[float, FloatArray]:
        margins = side * (placed @ values[1:] + values[0])
        pull = -side * scipy.special.expit(-margins)
        slope = placed.T @ pull + _WEAKEST * values[1:]
        total = np.logaddexp(0, -margins).sum() + _WEAKEST / 2 * (values[1:] ** 2).sum()
        return float(total), np.concatenate([[pull.sum()], slope])

    either = {1: (0, None), -1: (None, 0), 0: (None, None)}
    bounds = [(None, None), *(either[sign] for sign in SIGNS.values())]
    start = np.zeros(len(SIGNS) + 1)
    found = scipy.optimize.minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = found[1:] / width
    values = [found[0] - (weights * middle).sum(), *weights]
    return [round(float(value), _DIGITS) for value in values]


def _stretched(total: FloatArray, stated: BoolArray) -> tuple[float, float]:
    """Slope and shift of the log-odds that fit best what was not learnt from."""
    side = np.where(stated, 1.0, -1.0)

    def loss(values: FloatArray) -> float:
        return float(np.logaddexp(0, -side * (values[0] * total + values[1])).sum())

    found = scipy.optimize.minimize(loss, [1.0, 0.0], method="L-BFGS-B").x
    return round(float(found[0]), _DIGITS), round(float(found[1]), _DIGITS)


@cache
def _model() -> Model:
    held = json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    return planted(held)


def planted(held: dict[str, Any]) -> Model:
    """Lay out what :func:`fit` learnt, the trees as one row of nodes."""
    trees = held["trees"]
    roots = np.concatenate([[0], np.cumsum([len(tree["value"]) for tree in trees])])[:-1]

    def flat(name: str) -> list[float]:
        return [value for tree in trees for value in tree[name]]

    def moved(name: str) -> IntArray:
        parts = [np.array(t[name]) + root for t, root in zip(trees, roots, strict=True)]
        return np.concatenate(parts).astype(np.int64)

    return Model(
        line=np.array(held["line"], dtype=float),
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
