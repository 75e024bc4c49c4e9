"""Ways to make a frame say something else, so that a sentence over it must change.

Each takes column names and yields a function from a frame to a frame.
"""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

Mutation = Callable[[pl.DataFrame], pl.DataFrame]


def emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """No row is left."""
    return frame.clear()


def swapped(*labels: str) -> Mutation:
    """What was said of each is said of the one before it: no label keeps its row."""
    return lambda frame: frame.with_columns(
        pl.concat([frame[name][1:], frame[name][:1]]) for name in labels
    )


def widened(*names: str) -> Mutation:
    """Intervals reach over each other, and over nought and one."""

    def wide(frame: pl.DataFrame) -> pl.DataFrame:
        ends = {}
        for name in names:
            value = frame[name].drop_nulls()
            reach = max(abs(value).max() or 0, 1) * 3
            ends |= {f"{name}_low": value.min() - reach, f"{name}_high": value.max() + reach}
        return _typed(frame, ends)

    return wide


def turned(*names: str) -> Mutation:
    """Effects point the other way: values change their signs, ends of intervals their places."""

    def other_way(frame: pl.DataFrame) -> pl.DataFrame:
        columns = []
        for name in names:
            columns.append(-pl.col(name))
            if f"{name}_low" in frame.columns:
                columns.append((-pl.col(f"{name}_high")).alias(f"{name}_low"))
                columns.append((-pl.col(f"{name}_low")).alias(f"{name}_high"))
        return frame.with_columns(columns)

    return other_way


def multiplied(factor: float, *names: str) -> Mutation:
    """Values are so many times larger."""
    return lambda frame: frame.with_columns(
        (pl.col(name) * factor).cast(frame.schema[name]) for name in names
    )


def put(**values: object) -> Mutation:
    """Columns hold one value throughout."""
    return lambda frame: _typed(frame, values)


def only(rows: int) -> Mutation:
    """So many rows are left, the first ones."""
    return lambda frame: frame.head(rows)


def both(*mutations: Mutation) -> Mutation:
    """One after the other, for columns that speak of the same thing."""

    def all_of(frame: pl.DataFrame) -> pl.DataFrame:
        for mutation in mutations:
            frame = mutation(frame)
        return frame

    return all_of


def of(field: str, mutation: Mutation) -> Callable[[object], object]:
    """The same, of one frame of a result."""
    return lambda result: replace(result, **{field: mutation(getattr(result, field))})


def _typed(frame: pl.DataFrame, values: dict[str, object]) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(value).cast(frame.schema[name]).alias(name) for name, value in values.items()
    )
