"""How likely a message states a claim, from what it shares with it: a small logistic model.

The weights stand in ``odds.json``. They were learnt from wording of our own about claims that no
region holds (``cur_lab.synthetic.retellings``), as many statements as near misses and half as many
texts on another subject. What a message shares may only speak for a claim and what contradicts it
only against: without these signs a model learns the habits of who wrote the near misses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import scipy

from cur_lab.inference import BoolArray, FloatArray
from cur_lab.statements.coverage import Evidence

# Sign of each weight.
SIGNS = {
    "coverage": 1,
    "predicate": 1,
    "letters": 1,
    "told": 1,
    "explained": 1,
    "both": 1,
    "other_number": -1,
    "other_name": -1,
    "no_number": -1,
}
_WEAKEST = 10.0  # prior precision of a weight of a standardised feature
_DIGITS = 4


def features(found: Sequence[Evidence | None]) -> FloatArray:
    """Evidence as numbers, a row each; zeros where nothing is shared."""
    rows = [[0.0 if one is None else float(getattr(one, name)) for name in SIGNS] for one in found]
    return np.array(rows, dtype=float).reshape(len(rows), len(SIGNS))


def log_odds(found: Sequence[Evidence | None]) -> FloatArray:
    """Log-odds that a message states the claim; −∞ where it shares nothing with it."""
    intercept, weights = _model()
    total = np.full(len(found), intercept)
    # Column by column: every machine adds in the same order.
    for column, weight in zip(features(found).T, weights, strict=True):
        total = total + weight * column
    return np.where([one is None for one in found], -np.inf, total)


def fit(rows: FloatArray, stated: BoolArray) -> dict[str, float]:
    """Learn the weights, with ``intercept``, from features of pairs and whether one states it.

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

    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) for sign in SIGNS.values())]
    start = np.zeros(len(SIGNS) + 1)
    found = scipy.optimize.minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = found[1:] / width
    named = dict(zip(SIGNS, weights.tolist(), strict=True))
    named["intercept"] = float(found[0] - (weights * middle).sum())
    return {name: round(value, _DIGITS) for name, value in named.items()}


@cache
def _model() -> tuple[float, tuple[float, ...]]:
    weights = json.loads(files("cur_lab.statements").joinpath("odds.json").read_text("utf-8"))
    return weights["intercept"], tuple(weights[name] for name in SIGNS)
