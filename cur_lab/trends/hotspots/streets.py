"""Streets with more messages of a rubric than the district's other streets let expect."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.inference import FloatArray, overdispersed, q_values

_STREET = (c.MUNICIPALITY, c.STREET)
_RUBRIC = (c.MUNICIPALITY, c.RUBRIC)


def count(located: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """Count messages, incidents and authors in every cell."""
    return (
        located.group_by(keys)
        .agg(
            pl.col(c.MESSAGE_ID).n_unique().cast(pl.Int64).alias(c.MESSAGES_COUNT),
            pl.col(c.FAMILY).n_unique().cast(pl.Int64).alias(c.INCIDENTS),
            pl.col(c.AUTHOR_ID).n_unique().cast(pl.Int64).alias(c.AUTHORS),
        )
        .sort(keys)
    )


def find(located: pl.DataFrame, *, fdr: float) -> pl.DataFrame:
    """Judge every street with every rubric of its district; the method stands in ``hotspots``."""
    cells = count(located.drop_nulls(c.STREET), (*_STREET, c.RUBRIC))
    if cells.is_empty():
        return c.HOTSPOT_STREETS.empty()
    grid = _expected(_grid(cells))
    observed = grid[c.MESSAGES_COUNT].to_numpy().astype(float)
    expected = grid[c.EXPECTED].to_numpy()
    spread = _spread(observed, expected)
    q = q_values(overdispersed.at_least(observed, expected, 1 / spread))
    ratio, low, high = _ratio(observed, expected, spread)
    frame = grid.with_columns(
        pl.Series(c.RATIO, ratio),
        pl.Series(c.RATIO_LOW, low),
        pl.Series(c.RATIO_HIGH, high),
        pl.Series(c.Q_VALUE, q),
    ).filter(pl.col(c.MESSAGES_COUNT) > 0)
    above = pl.when(pl.col(c.Q_VALUE) <= fdr).then(pl.lit("above_expected"))
    verdict = above.otherwise(pl.lit("like_other_streets")).alias(c.VERDICT)
    return c.HOTSPOT_STREETS.conform(frame.with_columns(verdict).sort(*_STREET, c.RUBRIC))


def _grid(cells: pl.DataFrame) -> pl.DataFrame:
    """Add the cells nobody wrote about: a street without holes is evidence on holes too."""
    streets = cells.select(_STREET).unique()
    rubrics = cells.select(_RUBRIC).unique()
    counted = [c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS]
    return (
        streets.join(rubrics, on=c.MUNICIPALITY, nulls_equal=True)
        .join(cells, on=[*_STREET, c.RUBRIC], how="left", nulls_equal=True, validate="1:1")
        .with_columns(pl.col(counted).fill_null(0))
        .sort(*_STREET, c.RUBRIC)
    )


def _expected(grid: pl.DataFrame) -> pl.DataFrame:
    count = pl.col(c.MESSAGES_COUNT)
    street, rubric = count.sum().over(_STREET), count.sum().over(_RUBRIC)
    total = count.sum().over(c.MUNICIPALITY)
    # Half a message more: a rubric no other street has is rare, not impossible.
    elsewhere = (rubric - count + 0.5) / (total - street + 1)
    single = pl.col(c.RUBRIC).n_unique().over(c.MUNICIPALITY) == 1
    average = total / pl.col(c.STREET).n_unique().over(c.MUNICIPALITY)
    expected = pl.when(single).then(average).otherwise(street * elsewhere)
    return grid.with_columns(expected.alias(c.EXPECTED))


def _spread(observed: FloatArray, expected: FloatArray) -> float:
    """Variance of the streets' own ratios around 1, by moments."""
    return float(np.clip(overdispersed.dispersion(observed, expected), 0.01, 10))


def _ratio(
    observed: FloatArray, expected: FloatArray, spread: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    shape = observed + 1 / spread
    scale = 1 / (expected + 1 / spread)
    low, high = (np.asarray(scipy.stats.gamma.ppf(p, shape, scale=scale)) for p in (0.025, 0.975))
    return shape * scale, low, high
