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


@pytest.mark.parametrize(("until", "window"), [("30.06.2025", "30d"), ("2025-06-30", "месяц")])
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
