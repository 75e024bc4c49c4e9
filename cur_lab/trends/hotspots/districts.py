"""Districts that, with their neighbours, have higher or lower rates than the region."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray, garwood, q_values

_NEIGHBOURS = 4
_PERMUTATIONS = 9999
_WHERE = "trends.hotspots"
_COORDINATES = (c.LATITUDE, c.LONGITUDE)


def find(
    known: pl.DataFrame, municipalities: pl.DataFrame | None, *, fdr: float, seed: int
) -> pl.DataFrame:
    """Rate of every district and group of rubrics; the method stands in ``hotspots``."""
    if municipalities is None:
        return c.HOTSPOT_DISTRICTS.empty()
    c.MUNICIPALITIES.require(municipalities, [c.MUNICIPALITY, c.POPULATION], where=_WHERE)
    c.check_once(municipalities, c.MUNICIPALITY, where=_WHERE)
    places = municipalities.filter(pl.col(c.POPULATION) > 0).sort(c.MUNICIPALITY)
    rates = _rates(known, places)
    if rates.is_empty():
        return c.HOTSPOT_DISTRICTS.empty()
    statistics, p_values = _local(rates, places, seed=seed)
    frame = rates.with_columns(
        pl.Series(c.STATISTIC, statistics).fill_nan(None),
        pl.Series(c.P_VALUE, p_values).fill_nan(None),
        pl.Series(c.Q_VALUE, q_values(p_values)).fill_nan(None),
    )
    return c.HOTSPOT_DISTRICTS.conform(frame.with_columns(_verdict(fdr)))


def _rates(known: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Every district in every group, in the order of groups and districts."""
    stated = known.drop_nulls(c.MUNICIPALITY)
    by_author = stated.group_by(c.MUNICIPALITY, c.RUBRIC_GROUP, c.AUTHOR_ID).agg(
        pl.len().cast(pl.Int64).alias("of_author")
    )
    # Messages come by author: the variance of their number is the sum of squares.
    cells = by_author.group_by(c.MUNICIPALITY, c.RUBRIC_GROUP).agg(
        pl.col("of_author").sum().alias(c.MESSAGES_COUNT),
        ((pl.col("of_author") ** 2).sum() / pl.col("of_author").sum()).alias("dispersion"),
    )
    groups = stated.select(pl.col(c.RUBRIC_GROUP).unique())
    located = [name for name in _COORDINATES if name in places.columns]
    grid = (
        groups.join(places.select(c.MUNICIPALITY, c.POPULATION, *located), how="cross")
        .join(
            cells,
            on=[c.MUNICIPALITY, c.RUBRIC_GROUP],
            how="left",
            nulls_equal=True,
            validate="1:1",
        )
        .with_columns(pl.col(c.MESSAGES_COUNT).fill_null(0), pl.col("dispersion").fill_null(1.0))
        .sort(c.RUBRIC_GROUP, c.MUNICIPALITY)
    )
    per_head = 10_000 / grid[c.POPULATION].to_numpy()
    counted = grid[c.MESSAGES_COUNT].to_numpy().astype(float)
    dispersion = grid["dispersion"].to_numpy()
    low, high = garwood(counted, dispersion=dispersion)
    return grid.drop("dispersion").with_columns(
        pl.Series(c.RATE, counted * per_head),
        pl.Series(c.RATE_LOW, low * per_head),
        pl.Series(c.RATE_HIGH, high * per_head),
    )


def _local(
    rates: pl.DataFrame, places: pl.DataFrame, *, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Gi* and its two-sided p of every row; nan where there are no neighbours to speak of."""
    missing = np.full(rates.height, np.nan)
    located = all(name in places.columns for name in _COORDINATES)
    if not located or places.height <= 2 * _NEIGHBOURS or places[_COORDINATES[0]].null_count():
        return missing, missing
    values = rates[c.RATE].to_numpy().reshape(-1, places.height)
    near = list(_nearest(places))
    draw = np.random.default_rng(seed)
    statistics, p_values = np.zeros_like(values), np.ones_like(values)
    for district, neighbours in enumerate(near):
        own = values[:, [district]]
        statistics[:, district] = _getis(values, own[:, 0] + values[:, neighbours].sum(axis=1))
        others = np.delete(values, district, axis=1)
        places_drawn = np.argsort(draw.random((_PERMUTATIONS, others.shape[1])), axis=1)
        sums = own + others[:, places_drawn[:, :_NEIGHBOURS]].sum(axis=2)
        chance = np.abs(_getis(values, sums))
        extreme = (chance >= np.abs(statistics[:, [district]]) - 1e-12).sum(axis=1)
        p_values[:, district] = (extreme + 1) / (_PERMUTATIONS + 1)
    return statistics.ravel(), p_values.ravel()


def _getis(values: FloatArray, sums: FloatArray) -> FloatArray:
    """Gi* of sums over a district and its neighbours, one row for each group."""
    n, weights = values.shape[1], _NEIGHBOURS + 1
    shape = (-1,) + (1,) * (sums.ndim - 1)
    mean, deviation = values.mean(axis=1).reshape(shape), values.std(axis=1).reshape(shape)
    scale = deviation * np.sqrt((n * weights - weights**2) / (n - 1))
    return np.asarray((sums - weights * mean) / np.maximum(scale, 1e-12))


def _nearest(places: pl.DataFrame) -> Iterator[npt.NDArray[np.int64]]:
    latitude, longitude = (np.radians(places[name].to_numpy()) for name in _COORDINATES)
    for here in range(places.height):
        # A region is small: the plane at its latitude is near enough.
        east = (longitude - longitude[here]) * np.cos(latitude[here])
        distance = np.hypot(latitude - latitude[here], east)
        distance[here] = np.inf
        yield np.argsort(distance, kind="stable")[:_NEIGHBOURS]


def _verdict(fdr: float) -> pl.Expr:
    side = pl.when(pl.col(c.STATISTIC) > 0).then(pl.lit("above_region"))
    return (
        pl.when(pl.col(c.Q_VALUE).is_null())
        .then(pl.lit("no_neighbours"))
        .when(pl.col(c.Q_VALUE) > fdr)
        .then(pl.lit("like_region"))
        .otherwise(side.otherwise(pl.lit("below_region")))
        .alias(c.VERDICT)
    )
