"""Numbers as the reader sees them."""

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cur_lab import wording


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567.891, 2, "1\u00a0234\u00a0567,89"),
        (-0.5, 2, "−0,50"),
        (0.00001, 4, "<\u00a00,0001"),
        (-0.04, 1, "0"),
        (0.0, 3, "0"),
        (math.nan, 2, "—"),
        (None, 2, "—"),
        (0.4, 0, "0"),
    ],
)
def test_decimal(value, digits, shown):
    assert wording.decimal(value, digits=digits) == shown


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 6))
def test_no_number_is_written_as_one_that_says_nothing(value, digits):
    written = wording.decimal(value, digits=digits)
    assert "nan" not in written
    assert "inf" not in written
    assert written.lstrip("−").strip("0,") or written == "0"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0744, "7,4\u00a0%"),
        (0.243, "24\u00a0%"),
        (0.0, "0\u00a0%"),
        (0.0001, "<\u00a00,1\u00a0%"),
    ],
)
def test_percent(share, shown):
    assert wording.percent(share) == shown


def test_an_interval_needs_both_its_ends():
    def number(value):
        return wording.decimal(value, digits=1)

    assert wording.interval(0.25, -0.5, 1.0, write=number) == "0,2 (от −0,5 до 1,0)"
    assert wording.interval(0.3, None, 1.0, write=number) == "0,3"
    assert wording.interval(None, 0.1, 1.0, write=number) == "—"


def test_an_end_too_small_for_its_digits_is_rounded_outward():
    said = wording.interval(0.0004, 0.00001, 0.0006, write=wording.percent)
    assert said == "<\u00a00,1\u00a0% (0–0,1\u00a0%)"


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.34, "+34\u00a0%"), (-0.5, "−50\u00a0%"), (0.001, "0\u00a0%"), (2.9, "×3,9"), (12, "×13")],
)
def test_change(ratio, shown):
    assert wording.change(ratio) == shown


@pytest.mark.parametrize("write", [wording.change, wording.percent, wording.probability])
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_a_dash(write, value):
    assert write(value) == "—"


def test_a_difference_of_shares_is_in_points_and_has_its_sign():
    rows = (0.46, 0.27, 0.6), (-0.052, -0.17, 0.094), (0.0002, -0.01, 0.01)
    shown = [wording.interval(*row, write=wording.percentage_points) for row in rows]
    assert shown[:2] == ["+46 (от +27 до +60)", "−5,2 (от −17 до +9,4)"]
    assert not shown[2].startswith("+0,0 ")


def test_a_moment_is_told_in_moscow_time():
    assert wording.moment(datetime(2025, 3, 11, 22, 5, tzinfo=UTC)) == "12.03.2025 01:05"
    assert wording.calendar_day(datetime(2025, 3, 11, 22, 5, tzinfo=UTC)) == "12.03.2025"
    assert wording.month(datetime(2025, 1, 31, 22, tzinfo=UTC)) == "февраль 2025"
    assert wording.day(date(2025, 3, 12)) == "12\u00a0марта 2025\u00a0г."


def test_one_day_is_told_once():
    late = datetime(2025, 3, 11, 22, 5, tzinfo=UTC)
    assert wording.days(late, date(2025, 3, 14)) == "12.03.2025–14.03.2025"
    assert wording.days(late, date(2025, 3, 12)) == "12.03.2025"


def test_nouns_agree_with_numbers():
    forms = [wording.plural(n, "дом", "дома", "домов") for n in (0, 1, 2, 5, 11, 12, 21, 104, 111)]
    assert forms == ["домов", "дом", "дома", "домов", "домов", "домов", "дом", "дома", "домов"]


def test_an_interval_says_how_wide_it_is_where_rounding_would_hide_it():
    share = {"write": wording.percent, "finer": wording.FINER_SHARES}
    assert wording.interval(0.2016, 0.1996, 0.2036, **share) == "20,2\xa0% (20,0–20,4\xa0%)"
    assert wording.interval(0.2001, 0.20005, 0.20015, **share) == "20,01\xa0% (20,00–20,02\xa0%)"
    assert wording.interval(0.2, 0.2, 0.2, **share) == "20\xa0% (20–20\xa0%)"
    assert wording.interval(0.2, 0.15, 0.25, **share) == "20\xa0% (15–25\xa0%)"
