"""What a table is split by: named where it is there, refused where it is unknown."""

import polars as pl
import pytest

from cur_lab import columns
from cur_lab.errors import ParameterError


def test_a_frame_is_split_by_the_optional_columns_it_has():
    frame = pl.DataFrame(schema={"rubric": pl.String, "municipality": pl.String, "x": pl.String})
    assert columns.COUNTS.splits(frame) == ["municipality", "rubric"]
    assert columns.COUNTS.splits(columns.COUNTS.empty()) == []


def test_columns_to_split_by_are_known_and_named_once():
    assert columns.COUNTS.split_by("rubric", where="here") == ["rubric"]
    assert columns.COUNTS.split_by(("rubric", "kind", "rubric"), where="here") == ["rubric", "kind"]
    assert columns.COUNTS.split_by((), where="here") == []
    with pytest.raises(ParameterError, match="colour"):
        columns.COUNTS.split_by(("rubric", "colour"), where="here")
