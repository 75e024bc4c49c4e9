from datetime import UTC, date, datetime

import polars as pl
import pytest

from cur_lab.readers.times import utc

MORNING = datetime(2024, 1, 5, 7, 30, tzinfo=UTC)  # 10:30 in Moscow


def read(value: object) -> datetime | None:
    return utc(pl.Series("date", [value])).item()


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-05 10:30",
        "2024-01-05T10:30:00",
        "2024-01-05T10:30:00+03:00",
        "2024-01-05T07:30:00Z",
        "2024-01-05T07:30:00+00:00",
        "2024-01-05 02:30:00-0500",
        "2024-01-05T12:30:00+05",
        "05.01.2024 10:30",
        "5.1.2024 10:30:00",
        "05.01.24 10:30",
        "05/01/2024, 10:30:00",
        "05.01.2024 10:30 МСК",
        " 05.01.2024  10:30 ",
        "1704439800",
        "1704439800.0",
        "1704439800000",
        "45296.4375",
        "45296,4375",
        1704439800,
        45296.4375,
        datetime(2024, 1, 5, 10, 30),  # noqa: DTZ001
        MORNING,
    ],
)
def test_one_moment_in_many_spellings(written: object) -> None:
    assert read(written) == MORNING


def test_parts_of_a_second_are_kept() -> None:
    assert read("2024-01-05T07:30:00.25Z") == MORNING.replace(microsecond=250_000)


def test_a_day_without_a_clock_begins_at_moscow_midnight() -> None:
    midnight = datetime(2024, 1, 4, 21, tzinfo=UTC)
    assert read("05.01.2024") == read("20240105") == read(date(2024, 1, 5)) == midnight


def test_summer_time_of_the_past() -> None:
    # Moscow was at +4 in the summers up to 2010 and at +3 in the winters.
    assert read("05.07.2010 12:00") == datetime(2010, 7, 5, 8, tzinfo=UTC)
    assert read("05.01.2010 12:00") == datetime(2010, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["31.02.2024", "2024-13-01", "13/25/2024", "вчера", "0", "-5", "1900-01-00", "0001-01-01",
     "2024-01-05 25:00", "2024-01-05 10:30 +99", "99999999999999999999", "nan", "inf", ""],
)  # fmt: skip
def test_no_date_is_null(written: str) -> None:
    assert read(written) is None


def test_mixed_column_keeps_its_order_and_length() -> None:
    column = pl.Series("d", ["1704439800", None, "вчера", "05.01.2024 10:30", "2024-01-05 10:30"])
    assert utc(column).to_list() == [MORNING, None, None, MORNING, MORNING]
    assert utc(column).name == "d"
    assert utc(pl.Series("d", [], dtype=pl.String)).dtype == pl.Datetime("us", "UTC")


def test_a_date_without_a_zone_is_in_the_zone_of_the_place():
    found = pl.Series("at", ["05.01.2024 10:30", "05.01.2024 10:30 МСК", "2024-01-05T10:30+05:00"])
    read = utc(found, "Asia/Vladivostok")
    assert read.dt.hour().to_list() == [0, 7, 5]
    day = utc(pl.Series("at", [date(2024, 1, 5)]), "Asia/Vladivostok")
    assert day.to_list() == [datetime(2024, 1, 4, 14, tzinfo=UTC)]


def test_a_date_of_msk_is_on_the_clocks_moscow_had_then():
    read = utc(pl.Series("at", ["05.01.2013 10:30 МСК", "05.01.2013 10:30"]))
    assert read.dt.hour().to_list() == [6, 6]
