"""From scores to probabilities that hold what they say, and how well the router names.

References
----------
Guo C. et al. (2017). On calibration of modern neural networks. ICML.
Zadrozny B., Elkan C. (2002). Transforming classifier scores into accurate multiclass probability
estimates. KDD.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns, inference
from cur_lab.inference import BoolArray
from cur_lab.routing.ridge import Float64Array, Int64Array

# Scores hang on the processor in their last digits; what is chosen and told does not.
DECIMALS = 6


def summed(probabilities: Float64Array, parents: Int64Array, size: int) -> Float64Array:
    """Sum the probabilities of classes to those of their parents."""
    totals = np.zeros((len(probabilities), size))
    np.add.at(totals.T, parents, probabilities.T)
    return totals


def chances(
    scores: Float64Array, temperature: float, parents: Int64Array, size: int
) -> Float64Array:
    """Turn scores into probabilities of the values of the target."""
    return summed(scipy.special.softmax(scores / temperature, axis=1), parents, size).round(
        DECIMALS
    )


def temperature_of(scores: Float64Array, parents: Int64Array, truth: Int64Array) -> float:
    """Temperature under which the left-out truth is most likely (Guo 2017)."""
    of_truth = np.where(parents[None, :] == truth[:, None], 0.0, -np.inf)

    def loss(log_temperature: float) -> float:
        logs = scipy.special.log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(np.mean(np.logaddexp.reduce(logs + of_truth, axis=1)))

    found = scipy.optimize.minimize_scalar(loss, bounds=(-5.0, 2.0), method="bounded").x
    return float(np.exp(np.round(found, 3)))


def curve(top: Float64Array, right: BoolArray) -> Float64Array:
    """How often the best value is right, as a rising function of its probability."""
    from sklearn.isotonic import IsotonicRegression

    # A made-up miss at both ends: no few messages make a certainty.
    isotonic = IsotonicRegression(y_min=0.0, y_max=1.0)
    isotonic.fit(np.r_[top, 0.0, 1.0], np.r_[right, False, False])
    return np.stack([isotonic.X_thresholds_, isotonic.y_thresholds_])


def calibration_error(top: Float64Array, right: BoolArray, seed: int) -> float:
    """Mean gap of told and true probabilities, curve and bins learnt on other messages."""
    fold = np.random.default_rng(seed).permutation(len(top)) % 5
    calibrated = np.empty(len(top))
    for part in range(5):
        calibrated[fold == part] = np.interp(
            top[fold == part], *curve(top[fold != part], right[fold != part])
        )
    order = np.argsort(calibrated, kind="stable")
    bins = [part for part in np.array_split(order, 10) if len(part)]
    gaps = [len(part) * abs(calibrated[part].mean() - right[part].mean()) for part in bins]
    return round(float(sum(gaps) / len(order)), DECIMALS)


def quality(names: pl.Series, truth: Int64Array, best: Int64Array) -> pl.DataFrame:
    """How often each value is right when named, and how much of it is found."""
    size = np.bincount(truth, minlength=len(names))
    routed = np.bincount(best, minlength=len(names))
    right = np.bincount(truth[truth == best], minlength=len(names))
    precision_low, precision_high = inference.wilson(right, routed)
    recall_low, recall_high = inference.wilson(right, size)
    with np.errstate(invalid="ignore"):
        precision = np.where(routed > 0, right / np.maximum(routed, 1), np.nan)
    table = pl.DataFrame(
        {
            columns.LABEL: names,
            columns.SIZE: size,
            columns.PRECISION: precision,
            columns.PRECISION_LOW: precision_low,
            columns.PRECISION_HIGH: precision_high,
            columns.RECALL: right / size,
            columns.RECALL_LOW: recall_low,
            columns.RECALL_HIGH: recall_high,
        }
    ).with_columns(pl.col(columns.PRECISION).fill_nan(None))
    return columns.ROUTED.conform(table).sort(columns.SIZE, columns.LABEL, descending=[True, False])
