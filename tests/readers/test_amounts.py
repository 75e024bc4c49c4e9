"""Amounts as people write them: read as they are meant, or refused; never a thousandth of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cur_lab.readers.amounts import amount, multiplier, written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("320,000", 320_000),
        ("320.000", 320_000),
        ("2,480,000.50", 2_480_000.5),
        ("2.480.000,50", 2_480_000.5),
        ("2,480,000", 2_480_000),
        ("320 000,00 р.", 320_000),
        ("320\u00a0000 ₽", 320_000),
        ("320'000", 320_000),
        ("320 000-00", 320_000),
        ("320 000 руб. 40 коп.", 320_000.4),
        ("320 000 (триста двадцать тысяч) рублей", 320_000),
        ("180 тыс. руб.", 180_000),
        ("180 т.р.", 180_000),
        ("1 480,5 тыс. руб.", 1_480_500),
        ("2,4 млн", 2_400_000),
        ("2,375 млн руб.", 2_375_000),
        ("1 миллиард", 1e9),
        ("320000,50", 320_000.5),
        ("320000.5", 320_000.5),
        ("0", 0),
        ("0,125", 0.125),
        ("-5", -5),
    ],
)
def test_an_amount_is_read_as_it_is_meant(text, value):
    assert amount(text) == value


@pytest.mark.parametrize(
    "text",
    ["", None, "дорого", "1480,000", "3 20 000", "32,00,000", "1.2.3", "1,480 тыс.", "1e6", "nan",
     "inf", "от 320000", "320 000.000", "250 тыс. 300 руб.", "320 шт.", "٣٢٠"],
)  # fmt: skip
def test_what_could_be_two_amounts_is_none(text):
    assert amount(text) is None


@given(st.integers(1, 10**9), st.sampled_from([",", ".", " ", "\u202f", "'"]))
def test_thousands_are_parted_by_any_mark(value, mark):
    assert amount(f"{value:,}".replace(",", mark)) == value


@given(st.floats(0, 1e10, allow_nan=False))
def test_what_is_written_is_read_again(value):
    assert amount(written(value)) == pytest.approx(value, abs=1e-6)


def test_a_heading_names_the_unit():
    assert [
        multiplier(f"Стоимость{unit}") for unit in (", тыс. руб.", " (млн руб.)", ", руб.", "")
    ] == [
        1e3,
        1e6,
        1,
        1,
    ]
    assert amount("250,5", 1e3) == 250_500
    assert amount("250,500", 1e3) is None
    assert amount("1,5 млн", 1e3) == 1.5e6
