"""Counts: known answers at the edges of days, gaps, rates; nothing lost, nothing counted twice."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import disclosure, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError


def messages(*rows: tuple, texts: list[str] | None = None) -> pl.DataFrame:
    """Rows of (when, municipality, rubric, author); texts differ unless given."""
    return c.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{n:04}" for n in range(len(rows))],
                "published_at": [row[0] for row in rows],
                "author_id": [row[3] for row in rows],
                "municipality": [row[1] for row in rows],
                "rubric": [row[2] for row in rows],
                "text": texts or [f"сообщение {n}" for n in range(len(rows))],
            },
            schema_overrides=dict(c.MESSAGES.schema),
        )
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def steady(days: int, *, silent: range = range(0), each: int = 6) -> pl.DataFrame:
    start = at("2025-01-01 06:00")
    rows = [
        (start + timedelta(days=day, minutes=17 * n), "А", "Ямы", f"a{day}-{n}")
        for day in range(days)
        if day not in silent
        for n in range(each + day % 3)
    ]
    return messages(*rows)


def test_a_day_is_that_of_the_zone():
    # 21:30 UTC is half past midnight in Moscow.
    two = messages(
        (at("2025-03-01 20:30"), "А", "Ямы", "a"), (at("2025-03-01 21:30"), "А", "Ямы", "b")
    )
    moscow = trends.counts(two, by=())
    assert moscow["messages"].to_list() == [1, 1]
    assert moscow["period_start"].to_list() == [at("2025-02-28 21:00"), at("2025-03-01 21:00")]
    assert trends.counts(two, by=(), zone="UTC")["messages"].to_list() == [2]


def test_the_day_of_a_changed_clock_has_its_own_length():
    # Berlin put the clocks forward on 30 March 2025: the day has 23 hours.
    rows = [(at("2025-03-29 12:00"), "А", "Ямы", "a"), (at("2025-03-31 12:00"), "А", "Ямы", "b")]
    days = trends.counts(messages(*rows), by=(), zone="Europe/Berlin")
    assert days["period_start"].diff().drop_nulls().to_list() == [
        timedelta(hours=24),
        timedelta(hours=23),
    ]
    hours = trends.counts(messages(*rows), by=(), every="1h", zone="Europe/Berlin")
    assert hours.height == 49
    assert hours["messages"].sum() == 2


@pytest.mark.parametrize(
    ("every", "starts"),
    [("1w", ["2025-02-24", "2025-03-03"]), ("1mo", ["2025-02-01", "2025-03-01"])],
)
def test_weeks_begin_on_monday_and_months_on_the_first(every, starts):
    rows = [(at("2025-02-28 12:00"), "А", "Ямы", "a"), (at("2025-03-04 12:00"), "А", "Ямы", "b")]
    counted = trends.counts(messages(*rows), by=(), every=every, zone="UTC")
    assert [f"{when:%Y-%m-%d}" for when in counted["period_start"]] == starts


def test_messages_incidents_and_authors_stand_side_by_side():
    when = at("2025-03-01 10:00")
    same = ["Нет воды на улице Мира второй день"] * 3
    counted = trends.counts(
        messages(
            (when, "А", "Вода", "a"),
            (when, "А", "Вода", "b"),
            (when, "А", "Вода", "b"),
            (when, "А", "Вода", "b"),
            (when, "А", "Вода", None),
            texts=[*same, "Третий день без света в подъезде", "Когда вывезут мусор со двора?"],
        )
    )
    assert counted.select("messages", "incidents", "authors").row(0) == (5, 3, 3)


def test_every_series_has_every_period():
    rows = [(at("2025-03-01 10:00"), "А", "Ямы", "a"), (at("2025-03-05 10:00"), None, "Снег", "b")]
    counted = trends.counts(messages(*rows))
    assert counted.height == 2 * 5
    assert counted.filter(pl.col("municipality").is_null())["messages"].to_list() == [0] * 4 + [1]


when = st.datetimes(datetime(2025, 1, 1), datetime(2025, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
row = st.tuples(
    st.none() | when,
    st.sampled_from(["А", "Б", None]),
    st.sampled_from(["Ямы", None]),
    st.sampled_from(["a", "b", None]),
)


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(row, min_size=1, max_size=40),
    by=st.sampled_from([(), ("rubric",), ("municipality", "rubric")]),
    every=st.sampled_from(["1h", "1d", "1w", "1mo"]),
)
def test_counts_add_up_to_the_dated_messages(rows, by, every):
    data = messages(*rows)
    dated = data["published_at"].drop_nulls().len()
    if not dated:
        with pytest.raises(NotEnoughDataError):
            trends.counts(data, by, every)
        return
    counted = trends.counts(data, by, every)
    assert counted["messages"].sum() == dated
    assert (counted["authors"] <= counted["messages"]).all()
    assert counted.filter(pl.col("messages") > 0)["recorded"].all()


def test_a_silent_month_is_not_a_month_without_complaints():
    counted = trends.counts(steady(120, silent=range(40, 70)), by=("rubric",))
    silent = counted.filter(~pl.col("recorded"))
    assert silent.height == 30
    assert silent["messages"].sum() == 0
    by_month = trends.counts(steady(400, silent=range(31, 59)), by=(), every="1mo")
    assert by_month["recorded"].to_list().count(False) == 1


def test_rare_messages_leave_zeros_not_gaps():
    draw = np.random.default_rng(0)
    days = np.flatnonzero(draw.random(700) < 0.05)
    rows = [(at("2024-01-01") + timedelta(days=int(d), hours=8), "А", "Ямы", f"a{d}") for d in days]
    assert trends.counts(messages(*rows), by=())["recorded"].all()


def test_false_gaps_are_rare():
    found = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        # Bunches: three messages at a time, some days in four without any.
        number = 3 * draw.poisson(0.5, 365)
        rows = [
            (at("2025-01-01 07:00") + timedelta(days=day), "А", "Ямы", f"a{day}{n}")
            for day in range(365)
            for n in range(number[day])
        ]
        counted = trends.counts(messages(*rows), by=())
        found += not counted["recorded"].all()
    assert found <= 3


def test_quiet_nights_are_no_gaps():
    hourly = trends.counts(steady(60), by=(), every="1h")
    assert hourly["recorded"].all()
    gap = trends.counts(steady(60, silent=range(20, 27)), by=(), every="1h")
    assert gap["recorded"].to_list().count(False) > 24 * 7


def municipalities(**residents: int) -> pl.DataFrame:
    return pl.DataFrame({"municipality": list(residents), "population": list(residents.values())})


def test_a_rate_is_per_ten_thousand_residents_and_unknown_without_them():
    rows = [(at("2025-03-01 10:00"), place, "Ямы", f"a{n}") for n, place in enumerate("ААББ")]
    counted = trends.counts(
        messages(*rows),
        by=("municipality",),
        municipalities=municipalities(А=5000),
    )
    assert counted["rate"].to_list() == [4.0, None]
    # Garwood's interval of two: 0.2422 to 7.2247.
    assert counted["rate_low"][0] == pytest.approx(2 * 0.2422, rel=1e-3)
    assert counted["rate_high"][0] == pytest.approx(2 * 7.2247, rel=1e-3)
    region = trends.counts(messages(*rows), by=(), municipalities=municipalities(А=5000, Б=15000))
    assert region["rate"].to_list() == [2.0]


def test_intervals_of_rates_cover_when_messages_come_in_bunches():
    draw = np.random.default_rng(1)
    number = 4 * draw.poisson(3, 300)
    rows = [
        (at("2025-01-01 07:00") + timedelta(days=day), "А", "Ямы", f"a{day}{n}")
        for day in range(300)
        for n in range(number[day])
    ]
    counted = trends.counts(
        messages(*rows),
        by=("municipality",),
        municipalities=municipalities(А=10_000),
    )
    covered = ((counted["rate_low"] <= 12) & (counted["rate_high"] >= 12)).mean()
    assert 0.92 <= covered <= 1
    # A plain Poisson interval would not: it covers about two thirds.
    poisson = (np.abs(number - 12) <= 1.96 * np.sqrt(np.maximum(number, 1))).mean()
    assert poisson < 0.85


def test_small_cells_can_be_suppressed_before_they_are_shown():
    rows = [
        (at("2025-03-01 10:00") + timedelta(minutes=n), place, "Ямы", f"a{n}")
        for n, place in enumerate(["А"] * 3 + ["Б"] * 9 + ["В"] * 7)
    ]
    counted = trends.counts(messages(*rows), by=("municipality",))
    shown = disclosure.publishable(counted, quasi=("municipality", "period_start"), count="authors")
    hidden = shown.filter("suppressed")
    assert "А" in hidden["municipality"].to_list()
    assert hidden["messages"].null_count() == hidden.height
    assert shown.filter(pl.col("municipality") == "Б")["messages"].to_list() == [9]


def test_the_order_of_rows_does_not_matter():
    data = steady(50)
    other = data.sample(fraction=1, shuffle=True, seed=3)
    assert_frame_equal(trends.counts(data), trends.counts(other))


def test_one_message_is_one_period():
    counted = trends.counts(messages((at("2025-03-01"), "А", "Ямы", "a")))
    assert counted.select("messages", "recorded").rows() == [(1, True)]


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ({"every": "2d"}, ParameterError),
        ({"zone": "Mars/Olympus"}, ParameterError),
        ({"by": ("author_id",)}, ParameterError),
        ({"by": ("topic",)}, SchemaError),
    ],
)
def test_what_makes_no_sense_is_refused(named, error):
    with pytest.raises(error):
        trends.counts(steady(3), **named)


def test_a_frame_beyond_memory_is_refused():
    far = messages(
        (at("1970-01-01"), "А", "Ямы", "a"),
        *[(at("2025-01-01"), f"м{n}", "Ямы", "b") for n in range(60)],
    )
    with pytest.raises(ParameterError, match="memory"):
        trends.counts(far, every="1h")


def test_a_municipality_told_twice_is_named():
    region = municipalities(А=5000)
    with pytest.raises(SchemaError, match="А stands on more than one row"):
        trends.counts(steady(3), municipalities=pl.concat([region, region]))
