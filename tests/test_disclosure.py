import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
