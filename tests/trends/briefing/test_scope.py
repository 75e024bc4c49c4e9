"""Districts, windows, and that nothing later is known."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.trends.briefing.scope import as_of, scope

MESSAGES = c.MESSAGES.conform(
    pl.DataFrame(
        {
            "message_id": ["a", "b", "c"],
            "published_at": [datetime(2025, 6, day, tzinfo=UTC) for day in (1, 10, 20)],
            "municipality": ["городской округ Лесной", "Лесогорский округ", "Дальний округ"],
            "text": ["один", "два", "три"],
            "answered_at": [
                datetime(2025, 6, 5, tzinfo=UTC),
                datetime(2025, 6, 18, tzinfo=UTC),
                None,
            ],
            "answer_text": ["да", "потом", None],
            "reopened_at": [datetime(2025, 6, 17, tzinfo=UTC), None, None],
        }
    )
)


def test_the_window_ends_with_the_day():
    end = datetime(2025, 6, 30, 21, tzinfo=UTC)
    where = scope(MESSAGES, "дальний", "2025-06-30", "2w")
    assert where.until == end
    assert where.since == end - timedelta(days=14)
    assert where.words == "17.06.2025–30.06.2025"


@pytest.mark.parametrize(
    ("until", "window"), [("30.06.2025", "30d"), ("2025-06-30", "месяц"), ("2025-06-30", "367d")]
)
def test_what_cannot_be_read_is_said(until, window):
    with pytest.raises(ParameterError, match="is not a"):
        scope(MESSAGES, "дальний", until, window)


def test_nothing_later_is_known():
    known = as_of(MESSAGES, datetime(2025, 6, 15, tzinfo=UTC))
    assert known["message_id"].to_list() == ["a", "b"]
    # The second was answered, the first reopened, only later.
    assert known["answered_at"].is_not_null().to_list() == [True, False]
    assert known["answer_text"].to_list() == ["да", None]
    assert known["reopened_at"].null_count() == 2


def test_a_moment_before_the_data_is_an_error():
    with pytest.raises(NotEnoughDataError, match="2025-06-01"):
        as_of(MESSAGES, datetime(2024, 1, 1, tzinfo=UTC))
    with pytest.raises(NotEnoughDataError, match="no message has a date"):
        as_of(
            MESSAGES.with_columns(
                pl.lit(None, c.MESSAGES.schema["published_at"]).alias("published_at")
            ),
            datetime(2025, 1, 1, tzinfo=UTC),
        )


def episodes(*rows):
    return pl.DataFrame(rows, schema=["episode", "municipality", "ended_at"], orient="row")


def test_by_default_it_is_the_district_and_the_day_of_the_latest_alarm():
    raised = episodes(
        ("e1", "Дальний округ", datetime(2025, 6, 12, 22, tzinfo=UTC)),
        ("e2", "Лесогорский округ", datetime(2025, 6, 9, tzinfo=UTC)),
        ("e3", None, datetime(2025, 6, 19, tzinfo=UTC)),
    )
    where = scope(MESSAGES, None, None, "7d", raised)
    # An hour past midnight in Moscow.
    assert (where.municipality, where.words) == ("Дальний округ", "07.06.2025–13.06.2025")
    assert scope(MESSAGES, None, "2025-06-10", "7d", raised).municipality == "Лесогорский округ"
    assert scope(MESSAGES, "лесогорский", None, "7d", raised).words == "03.06.2025–09.06.2025"
    quiet = scope(MESSAGES, None, None, "7d")
    # One message each: the first by name; the last day there is.
    assert (quiet.municipality, quiet.words[-10:]) == ("Дальний округ", "20.06.2025")
    with pytest.raises(NotEnoughDataError):
        scope(MESSAGES.clear(), None, None, "7d")
