from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from cur_lab.readers.times import settled, utc

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


@pytest.mark.parametrize(
    "written",
    [
        "5 января 2024 г. 10:30",
        "5 января 2024 года в 10:30",
        "пятница, 5 января 2024 г., 10:30",
        "05 янв. 2024 10:30",
        "5-янв-24 10:30",
        "05.01.2024 10:30 (МСК)",
        "05.01.2024, 10:30 мск",
        "05.01.2024 12:30 (МСК+2)",
        "05.01.2024 12:30 (UTC+05:00)",
        "05.01.2024 10:30 по московскому времени",
        "05.01.2024 10:30 AM",
        "05.01.2024 10:30:00 ДП",
        "2024-01-05 10:30 a.m.",
        "January 5, 2024 10:30 AM",
        "Fri, 05 Jan 2024 10:30:00 +0300",
        "Fri Jan 05 2024 10:30:00 GMT+0300 (Moscow Standard Time)",
        "10:30 05.01.2024",
        "10:30, 5 января 2024",
        "10:30 (МСК) 05.01.2024",
        "05.01.2024 10.30",
        "05.01.2024 10 ч 30 мин",
        "20240105103000",
        "202401051030",
        "20240105T073000Z",
        "05.01.2024 10:30 +3",
        "2024-01-05 10:30 Europe/Moscow",
    ],
)
def test_dates_people_spell_out(written: str) -> None:
    assert read(written) == MORNING


@pytest.mark.parametrize(
    ("written", "hour"),
    [("05.01.2024 02:30 PM", 14), ("05.01.2024 2:30:00 ПП", 14), ("5 января 2024 2:30 дня", 14),
     ("05.01.2024 12:30 AM", 0), ("05.01.2024 12:30 PM", 12), ("05.01.2024 11:30 вечера", 23),
     ("2024-01-05 15:30 PM", 15)],
)  # fmt: skip
def test_clocks_of_twelve_hours(written: str, hour: int) -> None:
    found = read(written)
    assert found is not None
    assert found.astimezone(ZoneInfo("Europe/Moscow")).hour == hour


def test_the_column_decides_whether_the_month_comes_first() -> None:
    def days(*written: str) -> list[str | None]:
        found = utc(pl.Series("d", written)).dt.convert_time_zone("Europe/Moscow")
        return found.dt.to_string("%d.%m").to_list()

    assert days("03/25/2024", "03/05/2024") == ["25.03", "05.03"]
    assert days("25/03/2024", "03/05/2024") == ["25.03", "03.05"]
    assert days("03/05/2024", "04/05/2024") == ["03.05", "04.05"]
    # Nobody writes the month first between points; a row that fits no order is null.
    assert days("03/25/2024", "03/25/2024 1:00 PM", "05.03.2024", "25/03/2024") == [
        "25.03",
        "25.03",
        "05.03",
        None,
    ]


def test_days_counted_from_1904() -> None:
    assert utc(pl.Series("d", ["43834.4375"]), since_1904=True).item() == MORNING


def test_a_year_of_two_digits_is_of_the_nearer_century() -> None:
    assert read("05.01.99") == datetime(1999, 1, 4, 21, tzinfo=UTC)


def event_days(published: str, **events: str) -> dict[str, float]:
    names = ["published_at", *events]
    frame = pl.DataFrame({name: utc(pl.Series(name, [value])) for name, value in
                          zip(names, [published, *events.values()], strict=True)})  # fmt: skip
    row = settled(frame).row(0, named=True)
    return {name: (row[name] - row["published_at"]) / timedelta(days=1) for name in events}


def test_an_event_without_a_clock_is_not_before_the_message_of_its_day() -> None:
    assert event_days("05.01.2024 10:30", answered_at="05.01.2024") == {"answered_at": 0}
    assert event_days("05.01.2024 10:30", answered_at="05.01.2024 09:00")["answered_at"] < 0
    assert event_days("05.01.2024", answered_at="10.01.2024") == {"answered_at": 5}
    assert 4 < event_days("05.01.2024 10:30", answered_at="10.01.2024")["answered_at"] < 5
    assert event_days("05.01.2024 10:30", answered_at="04.01.2024")["answered_at"] < 0


def test_a_return_without_a_clock_is_not_before_what_it_returns_to() -> None:
    told = event_days(
        "05.01.2024 10:30",
        answered_at="06.01.2024 12:00",
        resolved_at="07.01.2024",
        reopened_at="06.01.2024",
    )
    assert told["reopened_at"] == told["answered_at"]
    one_day = event_days("05.01.2024 10:30", resolved_at="05.01.2024", reopened_at="05.01.2024")
    assert one_day == {"resolved_at": 0, "reopened_at": 0}


def test_a_term_without_a_clock_runs_to_the_end_of_its_day() -> None:
    assert 4.5 < event_days("05.01.2024 10:30", due_at="09.01.2024")["due_at"] < 5


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
