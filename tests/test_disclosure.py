from itertools import chain, combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cur_lab import disclosure
from cur_lab.errors import ParameterError, SchemaError


def test_rows_of_small_cells_lose_their_quasi_identifiers():
    frame = pl.DataFrame({"town": ["А"] * 6 + ["Б"] * 5 + ["В"] * 2, "x": range(13)})
    shown = disclosure.publishable(frame, quasi=["town"], k=5)
    assert shown["x"].to_list() == list(range(13))
    # Two rows of «В» would be a cell of two: the next smallest cell joins them.
    assert shown["town"].to_list() == ["А"] * 6 + [None] * 7
    assert shown["suppressed"].to_list() == [False] * 6 + [True] * 7


@given(st.lists(st.tuples(st.sampled_from("абв"), st.sampled_from("xy")), max_size=40))
@settings(deadline=None, max_examples=100)
def test_no_shown_cell_is_small(rows):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    shown = disclosure.publishable(frame, quasi=["a", "b"], k=4)
    cells = shown.filter(~pl.col("suppressed")).group_by("a", "b").len()
    assert (cells["len"] >= 4).all()
    hidden = shown["suppressed"].sum()
    assert hidden == 0 or hidden >= 4 or hidden == len(rows)
    assert len(shown) == len(rows)


def test_small_counts_and_a_companion_are_suppressed():
    frame = pl.DataFrame(
        {
            "town": ["А", "А", "А", "Б", "Б", "Б"],
            "topic": ["x", "y", "z", "x", "y", "z"],
            "count": [3, 9, 20, 12, 30, 0],
            "share": [0.1, 0.2, 0.3, 0.2, 0.5, 0.0],
        }
    )
    shown = disclosure.publishable(frame, quasi=["town", "topic"], count="count", k=5)
    # 3 is small; 9 and 12 keep it from being a difference of totals; 30 does so for 9 and 12.
    assert shown["count"].to_list() == [None, None, 20, None, None, 0]
    assert shown["share"].is_null().to_list() == shown["suppressed"].to_list()
    assert shown.select("town", "topic").equals(frame.select("town", "topic"))


def test_large_counts_stay():
    frame = pl.DataFrame({"town": ["А", "Б"], "count": [10, 20]})
    shown = disclosure.publishable(frame, quasi=["town"], count="count")
    assert shown.drop("suppressed").equals(frame)
    assert not shown["suppressed"].any()


def test_what_publishable_refuses():
    frame = pl.DataFrame({"town": ["А"], "count": [1]})
    with pytest.raises(SchemaError, match="Did you mean town"):
        disclosure.publishable(frame, quasi=["towm"])
    with pytest.raises(ParameterError):
        disclosure.publishable(frame, quasi=[])
    with pytest.raises(ParameterError):
        disclosure.publishable(frame, quasi=["town"], k=1)


def _intervals(shown, cells, keys):
    """What each hidden cell may count for whoever adds up and subtracts: low and high."""
    hidden = shown["suppressed"].to_numpy()
    equations, sums = [], []
    for names in chain.from_iterable(combinations(keys, n) for n in range(len(keys))):
        margin = cells.group_by(names or pl.lit(0).alias("all")).agg(pl.col("count").sum())
        if names and margin.height < cells.height:
            margin = disclosure.publishable(margin, quasi=names, count="count", k=5)
        for row in margin.iter_rows(named=True):
            # A total that is hidden in a table of its own is not known either.
            if row.get("suppressed") or 0 < (row["count"] or 0) < 5:
                continue
            inside = np.ones(cells.height, dtype=bool)
            for name in names:
                inside &= (cells[name] == row[name]).to_numpy()
            if names and inside.sum() == 1 and margin.height == cells.height:
                continue
            equations.append(inside[hidden].astype(float))
            sums.append(row["count"] - shown.filter(inside & ~hidden)["count"].sum())
    sides = {"A_eq": np.array(equations), "b_eq": np.array(sums)} if equations else {}
    for number in range(hidden.sum()):
        aim = np.eye(hidden.sum())[number]
        ends = [linprog(sign * aim, bounds=(1, None), **sides) for sign in (1, -1)]
        yield tuple(end.x[number] if end.status == 0 else np.inf for end in ends)


@given(
    st.lists(st.integers(0, 25), min_size=12, max_size=12),
    st.permutations(range(12)),
)
@example([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 5], list(range(12)))
@settings(deadline=None, max_examples=60)
def test_no_small_cell_is_told_from_the_totals(sizes, order):
    grid = [(town, topic) for town in "АБВ" for topic in "wxyz"]
    cells = pl.DataFrame(
        [(*cell, size) for cell, size in zip(grid, sizes, strict=True)],
        schema=["town", "topic", "count"],
        orient="row",
    )
    shown = disclosure.publishable(cells, quasi=["town", "topic"], count="count", k=5)
    truth = cells["count"].filter(shown["suppressed"])
    everything = not (cells.filter(~shown["suppressed"])["count"] > 0).any()
    for size, (low, high) in zip(truth, _intervals(shown, cells, ["town", "topic"]), strict=True):
        assert low <= size <= high
        # Where nothing is left to hide, nothing more can be done.
        assert size >= 5 or everything or (low <= 1 + 1e-6 and high >= 4 - 1e-6)
    other = disclosure.publishable(cells[order], quasi=["town", "topic"], count="count", k=5)
    assert other.equals(shown[order])
