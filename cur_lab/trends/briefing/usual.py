"""How many messages a rubric of a district usually brings in a window of this length."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.inference import FloatArray, q_values
from cur_lab.inference.overdispersed import at_least, at_most, limits
from cur_lab.trends.briefing.scope import Scope

_FEWEST_WINDOWS = 4
_YEAR = timedelta(days=365)
# Messages of the other districts at which the season of a rubric is half believed.
_SHRINKAGE = 5.0
_Z = scipy.special.ndtri(0.975)
_SLOT = "_slot"
_N = "_messages"


def against_norm(messages: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Compare each rubric of the district with its own past.

    The norm is the mean of earlier windows of equal length, up to a year of them, times the season:
    how the same window of the year before stood to that year in the other districts, shrunk to one.
    Counts scatter as a negative binomial whose variance is pooled over rubrics and districts; the
    interval of the norm is one of prediction, so it holds the scatter of one window too.

    Parameters
    ----------
    messages
        Of all districts, dated, none after the end of the window.
    scope
        District and window.

    Returns
    -------
    DataFrame
        rubric, expected, expected_low, expected_high, change, change_low, change_high (shares, 0.5
        is half as much again), q (Benjamini-Hochberg over rubrics). All null where the history is
        shorter than four windows.
    """
    counts = _by_window(messages, scope)
    own = counts.filter(pl.col(c.MUNICIPALITY) == scope.municipality)
    rubrics = own.filter(pl.col(_SLOT) == 0)[c.RUBRIC].unique().sort()
    windows = min(_windows(messages, scope), max(_FEWEST_WINDOWS, _YEAR // scope.window))
    empty = pl.DataFrame({c.RUBRIC: rubrics})
    names = (c.EXPECTED, c.EXPECTED_LOW, c.EXPECTED_HIGH, c.CHANGE, "change_low", "change_high")
    if windows < _FEWEST_WINDOWS or rubrics.is_empty():
        return empty.with_columns(
            pl.lit(None, dtype=pl.Float64).alias(name) for name in (*names, c.Q_VALUE)
        )
    past = _grid(own, rubrics, range(1, windows + 1))
    now = _grid(own, rubrics, range(1))[:, 0]
    season, season_variance = _season(counts, rubrics, scope, _windows(messages, scope))
    per_message, squared = _dispersion(counts, windows)

    # Half a message keeps a rubric that is new to the district from an expectation of zero.
    level = (past.sum(axis=1) + 0.5) / windows
    expected = level * season
    relative = (per_message / level + squared) / windows + per_message * season_variance
    variance = per_message * expected + expected**2 * (squared + relative)
    low, high, p = _predicted(now, expected, variance)
    log_ratio = np.log((now + 0.5) / (expected + 0.5))
    half = _Z * np.sqrt(per_message / (now + 0.5) + squared + relative)
    values = (
        expected,
        low,
        high,
        now / expected - 1,
        np.expm1(log_ratio - half),
        np.expm1(log_ratio + half),
    )
    return empty.with_columns(
        *(pl.Series(name, value) for name, value in zip(names, values, strict=True)),
        pl.Series(c.Q_VALUE, q_values(p)),
    )


def _windows(messages: pl.DataFrame, scope: Scope) -> int:
    """Whole windows the source has before this one."""
    first = messages[c.PUBLISHED_AT].min()
    return max(0, int((scope.since - first) / scope.window))  # type: ignore[operator]


def _by_window(messages: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Messages per district, rubric and window; 0 is the present window, 1 the one before."""
    age = (pl.lit(scope.until) - pl.col(c.PUBLISHED_AT)).dt.total_microseconds() - 1
    slot = age // int(scope.window / timedelta(microseconds=1))
    return (
        messages.filter(pl.col(c.RUBRIC).is_not_null(), pl.col(c.MUNICIPALITY).is_not_null())
        .group_by(c.MUNICIPALITY, c.RUBRIC, slot.alias(_SLOT))
        .len(_N)
    )


def _grid(counts: pl.DataFrame, rubrics: pl.Series, slots: range) -> FloatArray:
    """Rubrics × windows, zeros included."""
    place = {name: row for row, name in enumerate(rubrics)}
    grid = np.zeros((len(place), len(slots)))
    chosen = counts.filter(
        pl.col(_SLOT).is_between(slots.start, slots.stop - 1),
        pl.col(c.RUBRIC).is_in(rubrics.to_list()),
    )
    for name, slot, number in chosen.select(c.RUBRIC, _SLOT, _N).iter_rows():
        grid[place[name], slot - slots.start] += number
    return grid


def _season(
    counts: pl.DataFrame, rubrics: pl.Series, scope: Scope, history: int
) -> tuple[FloatArray, FloatArray]:
    """Season of each rubric and the variance of its logarithm; one where a year is not known."""
    year = round(_YEAR / scope.window)
    if year < 2 or history < year:
        return np.ones(len(rubrics)), np.zeros(len(rubrics))
    others = counts.filter(pl.col(c.MUNICIPALITY) != scope.municipality)
    # The same window a year ago against the year it began.
    before = _grid(others, rubrics, range(1, year + 1))
    then, mean = before[:, -1], before.mean(axis=1)
    season = (then + _SHRINKAGE) / (mean + _SHRINKAGE)
    return season, 1 / (then + _SHRINKAGE)


def _dispersion(counts: pl.DataFrame, windows: int) -> tuple[float, float]:
    """Variance per message and per message squared around level × course of the whole region.

    One problem brings several messages, so the variance is above the mean even in quiet times; both
    parts are pooled over districts and rubrics. Storms that move the whole region are left out on
    purpose: they are what a norm should show as a rise.
    """
    past = counts.filter(pl.col(_SLOT).is_between(1, windows))
    cells = (
        past.select(c.MUNICIPALITY, c.RUBRIC)
        .unique()
        .join(pl.DataFrame({_SLOT: range(1, windows + 1)}, schema={_SLOT: pl.Int64}), how="cross")
        .join(past, on=[c.MUNICIPALITY, c.RUBRIC, _SLOT], how="left")
        .with_columns(pl.col(_N).fill_null(0))
    )
    whole = pl.col(_N).sum()
    mean = whole.over(c.MUNICIPALITY, c.RUBRIC) * whole.over(c.RUBRIC, _SLOT) / whole.over(c.RUBRIC)
    judged = cells.select(_N, mean.alias("mean")).filter(pl.col("mean") > 0)
    mu, observed = judged["mean"].to_numpy(), judged[_N].to_numpy()
    root = np.sqrt(mu)
    parts, _ = scipy.optimize.nnls(np.column_stack([root, mu * root]), (observed - mu) ** 2 / root)
    return max(1.0, float(parts[0])), float(parts[1])


def _predicted(
    now: FloatArray, expected: FloatArray, variance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Prediction interval and two-sided p of a negative binomial of given mean and variance."""
    size = expected**2 / np.maximum(variance - expected, 1e-9 * expected)
    tails = (tail(now, expected, size) for tail in (at_most, at_least))
    return *limits(expected, size), np.minimum(2 * np.minimum(*tails), 1.0)
