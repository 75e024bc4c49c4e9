"""An intake under attack: planted floods, quiet channels, filters counted by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import columns, fakes
from cur_lab.errors import ParameterError
from cur_lab.fakes.intake.filters import stopped
from cur_lab.fakes.intake.norm import norm

START = datetime(2025, 3, 3, tzinfo=UTC)
MINUTE = 60_000_000
WORDS = ["дорога", "двор", "фонарь", "снег", "вода", "крыша", "лифт", "подъезд", "сквер", "школа"]


def background(seed: int, *, days: int = 40, per_day: float = 30.0, clumping: float = 0.0):
    """Minutes of honest messages: more by day, some days louder than others."""
    random = np.random.default_rng(seed)
    hours = np.arange(days * 24)
    rate = per_day / 24 * (1 + 0.8 * np.sin((hours % 24 - 9) / 24 * 2 * np.pi))
    louder = random.gamma(1 / clumping, clumping, len(hours)) if clumping else 1.0
    counts = random.poisson(rate * louder)
    return np.sort(np.repeat(hours * 60, counts) + random.random(counts.sum()) * 60)


def messages(honest: np.ndarray, attack: np.ndarray | None = None, *, authors: int | None = None):
    """Honest messages in own words and copies of one text by new accounts."""
    random = np.random.default_rng(9)
    copies = np.zeros(0) if attack is None else attack
    texts = [" ".join(random.choice(WORDS, 9)) for _ in honest]
    texts += ["Срочно остановите стройку у реки, жители против этой стройки"] * len(copies)
    minutes = np.concatenate([honest, copies])
    who = [f"h{n}" for n in range(len(honest))]
    who += [f"x{n % (authors or max(1, len(copies)))}" for n in range(len(copies))]
    times = [START + timedelta(minutes=float(minute)) for minute in minutes]
    created = [time - timedelta(days=900) for time in times[: len(honest)]]
    created += [time - timedelta(days=2) for time in times[len(honest) :]]
    return pl.DataFrame(
        {
            "message_id": [f"m{n:05}" for n in range(len(texts))],
            "text": texts,
            "published_at": times,
            "author_id": who,
            "account_created_at": created,
        },
        schema_overrides=dict.fromkeys(("published_at", "account_created_at"), columns.table.TIME),
    )


def flood(minute: float = 20 * 1440 + 600, number: int = 40) -> np.ndarray:
    return minute + np.linspace(0, 45, number)


def test_a_flood_is_found_with_its_size_and_its_new_accounts():
    result = fakes.intake(messages(background(0), flood()))
    assert result.surges.height == 1
    surge = result.surges.row(0, named=True)
    assert surge["messages"] >= 40
    assert surge["excess_low"] <= 40 <= surge["excess_high"] + 4
    assert surge["in_families"] == 40
    assert surge["new_accounts"] == 40
    assert surge["started_at"] <= START + timedelta(minutes=20 * 1440 + 600) < surge["ended_at"]


def test_no_more_is_beyond_the_norm_than_there_is():
    surges = fakes.intake(messages(background(0), flood())).surges
    assert surges.height
    for row in surges.iter_rows(named=True):
        assert row["excess_low"] <= row["excess"] <= row["excess_high"] <= row["messages"]


def test_ordinary_days_are_seldom_called_loud():
    called = [
        fakes.intake(messages(background(seed, clumping=clumping))).surges.height > 0
        for seed in range(6)
        for clumping in (0.0, 0.3)
    ]
    assert np.mean(called) <= 0.15


def test_a_duplicate_filter_stops_copies_and_a_rate_limit_only_authors_who_repeat():
    data = messages(background(1), flood())
    found = fakes.intake(data).filters
    one_a_day = found.filter(pl.col("window") == "1d", pl.col("allowed") == 1)
    by_filter = {row["filter"]: row for row in one_a_day.to_dicts()}
    assert by_filter["duplicates"]["stopped_attack"] == 39
    assert by_filter["duplicates"]["stopped_honest"] == 0
    assert by_filter["rate"]["stopped_attack"] == 0
    repeated = fakes.intake(messages(background(1), flood(), authors=2)).filters
    rate = repeated.filter(pl.col("filter") == "rate", pl.col("window") == "1d")
    assert dict(rate.select("allowed", "stopped_attack").rows()) == {1: 38, 2: 36, 3: 34, 5: 30}


def test_a_known_attack_replaces_the_estimate():
    data = messages(background(2), flood())
    known = data.tail(40)["message_id"].to_list()
    estimated, exact = fakes.intake(data).filters, fakes.intake(data, attack=known[:20]).filters
    assert estimated["stopped_attack"].max() == 39
    assert exact["stopped_attack"].max() == 19
    assert exact["stopped_honest"].max() == 20
    assert (exact["attack_share_low"] <= exact["attack_share"]).all()


@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from("абв")), max_size=40),
    st.integers(1, 4),
    st.sampled_from([10, 60]),
)
@settings(max_examples=60, deadline=None)
def test_no_window_lets_through_more_than_allowed(rows, allowed, minutes):
    rows = sorted(rows)
    times, keys = [minute * MINUTE for minute, _ in rows], [key for _, key in rows]
    hit = stopped(times, keys, allowed=allowed, window=timedelta(minutes=minutes))
    through = [row for row, stop in zip(rows, hit, strict=True) if not stop]
    for minute, key in through:
        near = [m for m, k in through if k == key and minute <= m < minute + minutes]
        assert len(near) <= allowed
    # And stops only where the quota is full.
    for (minute, key), stop in zip(rows, hit, strict=True):
        if stop:
            before = [m for m, k in through if k == key and minute - minutes < m <= minute]
            assert len(before) >= allowed


def test_without_keys_nothing_is_stopped():
    assert not stopped([1, 2, 3], [None] * 3, allowed=1, window=timedelta(days=1)).any()


def test_the_norm_knows_night_from_day_and_does_not_learn_the_flood():
    minutes = np.sort(np.concatenate([background(3, per_day=200.0), flood(number=300)]))
    times = pl.Series([START + timedelta(minutes=float(m)) for m in minutes])
    bins = norm(times, every="1h").with_columns(hour=pl.col("period_start").dt.hour())
    by_hour = dict(bins.group_by("hour").agg(pl.col("expected").mean()).rows())
    assert by_hour[15] > 4 * by_hour[3]
    loud = bins.filter(pl.col("messages") > 200)
    assert loud["expected"].max() < 40
    assert bins["expected"].sum() == pytest.approx(40 * 200, rel=0.15)


def test_a_working_saturday_is_expected_to_be_a_friday():
    # Russia worked on the 2nd of November 2024, a Saturday.
    first = datetime(2024, 9, 30, tzinfo=UTC)
    working = [day for day in range(64) if day % 7 < 5 or day == 33]
    times = [first + timedelta(days=day, minutes=400 + 2 * n) for day in working for n in range(60)]
    bins = norm(pl.Series(times), every="1h").with_columns(day=pl.col("period_start").dt.date())
    by_day = dict(bins.group_by("day").agg(pl.col("expected").sum()).rows())
    days = [(first + timedelta(days=day)).date() for day in (32, 33, 40)]
    friday, working_saturday, saturday = (by_day[day] for day in days)
    assert working_saturday == pytest.approx(friday, rel=0.1)
    assert saturday < 0.5 * friday


def test_what_is_missing_is_said_and_the_rest_goes_on():
    data = messages(background(4), flood())
    no_times = fakes.intake(data.drop("published_at"))
    assert no_times.volume.is_empty()
    assert no_times.sensitivity.is_empty()
    assert "no_times" in no_times.checks["reason"].to_list()
    no_authors = fakes.intake(data.drop("author_id", "account_created_at"))
    assert no_authors.surges.height == 1
    assert set(no_authors.filters["filter"]) == {"duplicates"}
    assert no_authors.checks["reason"].to_list() == ["no_authors", "no_account_dates"]
    quiet = fakes.intake(messages(background(5)))
    assert quiet.filters.is_empty()
    assert quiet.checks["test"].to_list()[-1] == "filters"


def test_the_largest_surge_is_shown_with_what_lies_around():
    result = fakes.intake(messages(background(0), flood()))
    surge = result.surges.row(0, named=True)
    around = result.around["period_start"]
    assert around.min() >= surge["started_at"] - timedelta(hours=36)
    assert surge["started_at"] in around
    assert fakes.intake(messages(background(5))).around.is_empty()


def test_other_bins_are_tried_on_demand():
    result = fakes.intake(messages(background(0), flood()), every="20m")
    tried = {row["window"]: row for row in result.sensitivity.to_dicts()}
    assert list(tried) == ["20m", "10m", "30m", "1h"]
    assert tried["20m"]["surges"] == result.surges.height == 1
    assert tried["20m"]["messages"] == result.surges["messages"].item()


def test_the_cheapest_setting_that_stops_a_planted_flood():
    data = messages(background(2), flood())
    ids = data.tail(40)["message_id"]
    planted = pl.DataFrame({"campaign_id": ["x"], "kind": ["disposable accounts"]})
    members = pl.DataFrame({"message_id": ids, "campaign_id": "x"})
    result = fakes.intake(data)
    best = result.recovered(planted, members)
    exact = fakes.intake(data, attack=ids.to_list()).filters
    enough = exact.filter(pl.col("attack_share") >= 0.8)
    assert best["stopped_honest"].item() == enough["stopped_honest"].min()
    assert best["attack_share"].item() >= 0.8


def test_senseless_settings_are_named():
    data = messages(background(6))
    for every in ("", "0m", "10 minutes", "1w"):
        with pytest.raises(ParameterError, match="length of time"):
            fakes.intake(data, every=every)
    with pytest.raises(ParameterError, match="fdr"):
        fakes.intake(data, fdr=1.5)
    ancient = data.with_columns(
        pl.when(pl.col("message_id") == "m00000")
        .then(datetime(1900, 1, 1, tzinfo=UTC))
        .otherwise("published_at")
        .alias("published_at")
    )
    with pytest.raises(ParameterError, match="wrong dates"):
        fakes.intake(ancient)
