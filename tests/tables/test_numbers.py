"""What a table states is what it shows."""

from datetime import UTC, datetime

import polars as pl

from cur_lab import tables
from cur_lab.tables import numbers

FRAME = pl.DataFrame(
    {
        "rubric": ["Дороги", "Свет"],
        "share": [1 / 3, None],
        "share_low": [0.25, None],
        "share_high": [0.5, None],
        "messages": [12, None],
        "text": ["яма у дома", "темно во дворе"],
    }
)


def laid_out(frame=FRAME, *columns, title="Доли"):
    return tables.show(frame, *(columns or ("rubric", "share", "messages")), title=title)


def test_numbers_stand_with_their_intervals_and_suppressed_cells_stay_so():
    stated = numbers.stated(laid_out())
    assert {(cell["row"], cell["column"]): cell["value"] for cell in stated} == {
        ("Дороги", "share"): 0.3333333333,
        ("Свет", "share"): None,
        ("Дороги", "messages"): 12,
        ("Свет", "messages"): None,
        ("Дороги", "share_low"): 0.25,
        ("Свет", "share_low"): None,
        ("Дороги", "share_high"): 0.5,
        ("Свет", "share_high"): None,
    }
    assert {cell["tolerance"] for cell in stated if isinstance(cell["value"], int)} == {0}


def test_what_is_not_shown_is_not_stated():
    assert {cell["column"] for cell in numbers.stated(laid_out(FRAME, "rubric", "messages"))} == {
        "messages"
    }
    # Texts are no findings; a code is.
    told = numbers.stated(laid_out(FRAME.with_columns(verdict=pl.lit("review")), "text", "verdict"))
    assert {cell["value"] for cell in told} == {"review"}


def test_rows_are_told_apart():
    frame = pl.DataFrame(
        {
            "rubric": ["Дороги", "Дороги", "Дороги"],
            "started_at": [datetime(2025, 1, day, tzinfo=UTC) for day in (1, 2, 2)],
            "messages": [1, 2, 3],
        }
    )
    rows = [cell["row"] for cell in numbers.stated(laid_out(frame, *frame.columns))]
    assert len(set(rows)) == 3
    assert rows[2] == f"{rows[1]} (2)"
    numbered = pl.DataFrame({"fdr": [0.05, 0.1], "flagged": [1, 2]})
    told = numbers.stated(tables.show(numbered, "fdr", "flagged", title="x"))
    assert {cell["column"] for cell in told} == {"flagged"}


def test_the_digest_is_of_what_a_reader_sees():
    same = laid_out(FRAME.with_columns(pl.col("share") + 1e-12))
    other = laid_out(FRAME.with_columns(pl.col("messages") + 1))
    assert numbers.digest(same) == numbers.digest(laid_out()) != numbers.digest(other)
    assert numbers.name_of(same) == numbers.name_of(other)
    assert numbers.name_of(numbers.drop(same)) is None
    assert numbers.stated(same) == []
    one, two = {"a": "1", "b": "2"}, {"b": "2", "a": "1"}
    assert numbers.together(one) == numbers.together(two) != numbers.together({"a": "1"})
