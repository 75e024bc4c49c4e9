"""Spread of claims: known curves, planted pace, refutations that change nothing or much."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns, fakes
from cur_lab.errors import CurLabError, NotEnoughDataError
from cur_lab.fakes.claims import refutation
from cur_lab.fakes.claims.waves import doubling, waves

START = datetime(2025, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def growing(random, *, hours: float, length: float, number: int) -> np.ndarray:
    """Times whose rate doubles every so many hours."""
    rate = np.log(2) / hours
    return np.log1p(random.random(number) * np.expm1(rate * length)) / rate


def test_the_planted_doubling_lies_in_its_interval_nineteen_times_of_twenty():
    random = np.random.default_rng(0)
    covered = []
    for _ in range(200):
        pace = doubling(growing(random, hours=20, length=80, number=50), 80)
        covered.append(pace.low <= 20 and (pace.high is None or pace.high >= 20))
    assert 0.91 <= np.mean(covered) <= 1


def test_a_steady_stream_seldom_looks_growing():
    random = np.random.default_rng(1)
    assert np.mean([doubling(random.random(40) * 90, 90).p < 0.05 for _ in range(200)]) <= 0.09


def test_fading_has_no_doubling_and_few_messages_no_pace():
    faded = 80 - growing(np.random.default_rng(2), hours=10, length=80, number=60)
    assert doubling(faded, 80).hours is None
    assert doubling(np.array([1.0, 2.0]), 5) is None
    assert doubling(np.zeros(9), 0) is None


def test_a_quiet_fortnight_parts_waves():
    times = [START, START + DAY, START + 16 * DAY, START + 40 * DAY]
    assert [len(wave.times) for wave in waves(times)] == [2, 1, 1]
    assert waves([]) == []


def told(rows: list[tuple[float, str, str | None]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Messages (day, stance, municipality) of one claim and their matches."""
    messages = pl.DataFrame(
        {
            "message_id": [f"m{n:03}" for n in range(len(rows))],
            "published_at": [START + day * DAY for day, _, _ in rows],
            "author_id": [f"a{n % 7}" for n in range(len(rows))],
            "municipality": [place for _, _, place in rows],
            "text": ["Текст"] * len(rows),
        },
        schema_overrides={"published_at": columns.table.TIME, "municipality": pl.String},
    )
    matches = messages.select(
        "message_id",
        claim_id=pl.lit("c1"),
        tier=pl.lit("match"),
        stance=pl.Series([stance for _, stance, _ in rows]),
        score=pl.lit(0.9),
    )
    return columns.CLAIM_MATCHES.conform(matches), messages


def registry(**dates: datetime) -> pl.DataFrame:
    return columns.CLAIMS.conform(
        pl.DataFrame(
            {"claim_id": ["c1", "c2"], "text": ["Мост закроют", "Воду отключат"]}
        ).with_columns(pl.lit(value).alias(name) for name, value in dates.items())
    )


def test_what_is_counted_is_what_was_written():
    rows = [(0, "spreads", "А"), (0.1, "asks", "А"), (0.2, "spreads", "Б"), (0.3, "asks", "Б")]
    rows += [(0.4, "asks", None)] + [(30 + n / 9, "refutes", None) for n in range(5)]
    rows += [(60 + n / 9, "spreads", "А") for n in range(10)] + [(99, "spreads", None)]
    result = fakes.spread(*told(rows), registry(first_seen_at=START + DAY, refuted_at=START + DAY))
    first = result.claims.row(0, named=True)
    assert first["messages"] == 21
    assert first["municipalities"] == 2
    assert first["waves"] == 1  # what refutes is no return, and the stray one is no wave
    assert first["lead_hours"] == pytest.approx(24)
    assert result.claims.row(1, named=True)["messages"] == 0
    everywhere = result.stances.filter(pl.col("phase") == "all").row(0, named=True)
    assert (everywhere["spreads"], everywhere["asks"], everywhere["refutes"]) == (13, 3, 5)
    assert everywhere["askers_share"] == pytest.approx(3 / 16)
    assert everywhere["askers_share_low"] < 3 / 16 < everywhere["askers_share_high"]
    phases = result.stances.filter(pl.col("phase") != "all")
    assert dict(phases.select("phase", "messages").rows()) == {
        "before_refutation": 5,
        "after_refutation": 16,
    }
    assert result.places.select("municipality", "messages").rows() == [("А", 12)]  # «Б» has two
    assert result.leading == "c1"
    assert result.claims["text"].to_list() == ["Мост закроют", "Воду отключат"]
    assert result.tiers.rows() == [("match", 21)]
    reached = {cut: (number, back) for cut, number, back in result.sensitivity.iter_rows()}
    assert reached[0.4] == (21, None)
    assert reached[0.5] == reached[0.9] == (21, 1)


def test_waves_are_told_by_stance_and_only_a_repeated_claim_came_back():
    rows = [
        (20 + n / 9, stance, "А") for stance in ("refutes", "asks", "doubts") for n in range(10)
    ]
    asked = fakes.spread(*told(rows), registry(refuted_at=START))
    assert asked.waves["stance"].to_list() == ["asks", "doubts", "refutes"]  # who asks comes first
    assert asked.waves["after_refutation"].all()
    assert asked.claims["waves"].to_list() == [0, 0]
    assert asked.sensitivity["returned"].to_list()[1:] == [0] * 5
    rows += [(20 + n / 9, "spreads", "А") for n in range(10)]
    repeated = fakes.spread(*told(rows), registry(refuted_at=START))
    assert repeated.claims["waves"].to_list() == [1, 0]
    assert repeated.sensitivity["returned"].to_list()[1:] == [1] * 5


def test_days_are_put_together_until_ten_messages_can_be_told():
    rows = [(day, "spreads", "А") for day in range(25)] + [(40, "asks", "А")] * 12
    curves = fakes.spread(*told(rows), registry(refuted_at=START + 14.5 * DAY)).curves
    # 15 days before the refutation are one stretch: its last five days alone would be too few.
    days = curves.group_by("period_start", "days_together").agg(pl.col("messages").sum()).sort("*")
    first = [(start - START) // DAY for start in days["period_start"]]
    assert list(zip(first, days["days_together"], days["messages"], strict=True)) == [
        (0, 15, 15),
        (15, 10, 10),
        (40, 1, 12),
    ]
    few = fakes.spread(*told(rows[:9]), registry())
    assert few.curves.is_empty()


def test_without_times_and_authors_the_rest_goes_on():
    matches, messages = told([(0, "spreads", "А"), (1, "asks", "Б")])
    bare = messages.select("message_id", "text")
    result = fakes.spread(matches, bare, registry())
    assert result.claims["messages"].to_list() == [2, 0]
    assert result.claims["municipalities"].to_list() == [None, 0]
    assert result.curves.is_empty()
    assert result.waves.is_empty()
    assert result.checks["reason"].to_list() == ["no_times", "no_authors", "no_municipalities"]
    assert set(result.effects["note"]) == {"no_refutation_date"}
    assert result.leading is None


def series(random, *, drop: float = 1.0, number: int = 24) -> np.ndarray:
    """Seconds of messages that peak on day 10; after day 11 a share ``drop`` is left."""
    days = np.concatenate(
        [10 - random.exponential(1.5, number), 10 + random.exponential(1.5, number)]
    )
    kept = (days <= 11) | (random.random(len(days)) < drop)
    return np.sort(START.timestamp() + days[kept] * 86_400)


def effects(drop: float, seed: int) -> refutation.Effect:
    random = np.random.default_rng(seed)
    own = series(random, drop=drop)
    others = [series(random) for _ in range(60)]
    times = [datetime.fromtimestamp(second, UTC) for second in own]
    peak = max(waves(times), key=lambda wave: len(wave.times)).peak
    return refutation.effect_of(times, peak, START + 11 * DAY, START + 40 * DAY, others)


def test_the_fall_after_any_peak_is_not_the_refutations():
    null = [effects(1.0, seed) for seed in range(40)]
    assert all(one.after < one.before for one in null)
    known = [one for one in null if one.change is not None]
    assert len(known) >= 30
    assert np.mean([one.p < 0.05 for one in known]) <= 0.1
    assert np.median([one.change for one in known]) == pytest.approx(1, abs=0.35)


def test_a_refutation_that_ends_it_is_seen():
    known = [one for one in (effects(0.05, seed) for seed in range(20)) if one.change is not None]
    assert np.mean([one.p < 0.05 for one in known]) >= 0.7
    assert all(one.low <= one.change <= one.high for one in known)


def test_an_interval_and_its_p_never_contradict_each_other():
    known = [effects(drop, seed) for drop in (1.0, 0.3, 0.05) for seed in range(20)]
    known = [one for one in known if one.change is not None]
    assert {one.p <= 0.05 for one in known} == {True, False}
    for one in known:
        assert one.controls >= 39
        assert (one.p <= 0.05) == (one.high < 1 or one.low > 1)


def test_what_came_before_no_wave_is_counted_all_the_same():
    times = [START + hour * timedelta(hours=12) for hour in range(8)]
    one = refutation.effect_of(times, None, START + 2 * DAY, START + 30 * DAY, [])
    assert (one.before, one.after, one.note) == (4, 4, "not_seen_before")


def test_without_equal_peaks_nothing_is_determined():
    times = [START + hour * timedelta(hours=2) for hour in range(40)]
    one = refutation.effect_of(times, START + DAY, START + 2 * DAY, START + 30 * DAY, [])
    assert one.change is None
    assert one.note == "few_peaks"
    late = refutation.effect_of(times, START + DAY, START + 2 * DAY, START + 3 * DAY, [])
    assert late.note == "too_soon"


def reading_list(
    texts: list[str],
    hours: list[float],
    matched: list[str | None],
    authors: list[str] | None = None,
) -> pl.DataFrame:
    messages = pl.DataFrame(
        {
            "message_id": [f"m{n:03}" for n in range(len(texts))],
            "text": texts,
            "published_at": [START + hour * timedelta(hours=1) for hour in hours],
        },
        schema_overrides={"published_at": columns.table.TIME},
    )
    matches = columns.CLAIM_MATCHES.conform(
        messages.select("message_id", claim_id=pl.Series(matched, dtype=pl.String), score=0.0)
    )
    if authors is not None:
        messages = messages.with_columns(author_id=pl.Series(authors))
    return fakes.review(matches, messages)


def test_fast_families_without_a_match_are_listed_redacted():
    text = (
        "Правда ли, что в городе отключат связь? Звоните Петрову Ивану Сергеевичу, 8 920 123-45-67"
    )
    fast, slow = [float(n) for n in range(10)], [float(48 * n) for n in range(10)]
    listed = reading_list([text] * 10, fast, [None] * 10)
    assert listed["messages"].to_list() == [10]
    assert "[ТЕЛЕФОН]" in listed["example"][0]
    assert "123-45-67" not in listed["example"][0]
    assert reading_list([text] * 10, slow, [None] * 10).is_empty()
    assert reading_list([text] * 10, fast, ["c1"] + [None] * 9).is_empty()
    assert reading_list([text] * 9, fast[:9], [None] * 9).is_empty()


def test_only_questions_are_quoted_and_few_authors_not_listed():
    text, fast = "Завтра в городе отключат связь", [float(n) for n in range(12)]
    ten, nine = [f"a{n % 10}" for n in range(12)], [f"a{n % 9}" for n in range(12)]
    listed = reading_list([text] * 12, fast, [None] * 12, authors=ten)
    assert listed.select("messages", "authors", "example").rows() == [(12, 10, None)]
    asked = reading_list([f"Правда ли, что {text.lower()}?"] * 12, fast, [None] * 12, authors=ten)
    assert "Правда ли" in asked["example"][0]
    assert reading_list([text] * 12, fast, [None] * 12, authors=nine).is_empty()


def test_askers_after_the_refutation_are_told_by_place_and_channel():
    matches, messages = told([(n / 19, "asks", "А" if n < 11 else "Б") for n in range(19)])
    messages = messages.with_columns(channel=pl.lit("vk"))
    askers = fakes.spread(matches, messages, registry(refuted_at=START)).askers
    assert askers.rows() == [("municipality", "А", 11), ("channel", "vk", 19)]
    later = fakes.spread(matches, messages, registry(refuted_at=START + 8.5 / 19 * DAY)).askers
    assert later.rows() == [("channel", "vk", 10)]
    assert fakes.spread(matches, messages, registry()).askers.is_empty()


def test_a_withdrawn_refutation_is_none():
    rows = [(n / 9, "asks", "А") for n in range(24)]
    given = told(rows)
    late = START + 1 * DAY
    stood = fakes.spread(*given, registry(refuted_at=late, withdrawn_at=START + 9 * DAY))
    assert stood.claims["refuted_at"][0] == late
    assert set(stood.stances["phase"]) == {"all", "before_refutation", "after_refutation"}
    gone = fakes.spread(*given, registry(refuted_at=late, withdrawn_at=START + 2 * DAY))
    assert gone.claims["refuted_at"].to_list() == [None, None]
    assert gone.stances["phase"].to_list() == ["all"]
    assert gone.askers.is_empty()
    assert gone.waves["after_refutation"].to_list() == [None]
    assert set(gone.effects["note"]) == {"withdrawn"}


def test_what_is_not_decided_is_no_return():
    rows = [(n / 9, "spreads", "А") for n in range(12)] + [
        (2 + n / 9, "asks", "А") for n in range(3)
    ]
    rows += [(2.5 + n / 9, "undecided", "А") for n in range(9)] + [(9, "refutes", "А")]
    effects = fakes.spread(*told(rows), registry(refuted_at=START + 1.9 * DAY)).effects
    assert effects.row(0, named=True)["before"] == 12
    assert effects.row(0, named=True)["after"] == 3


def test_fewer_than_ten_messages_are_no_wave():
    rows = [(n / 9, "spreads", "А") for n in range(9)]
    assert fakes.spread(*told(rows), registry(refuted_at=START)).waves.is_empty()
    ten = fakes.spread(*told([*rows, (1, "spreads", "А")]), registry(refuted_at=START))
    assert ten.waves["messages"].to_list() == [10]


def test_the_leading_claim_has_most_after_its_refutation():
    matches, messages = told([(n, "spreads" if n < 18 else "asks", "А") for n in range(40)])
    second = pl.when(pl.col("message_id") >= "m025").then(pl.lit("c2")).otherwise("claim_id")
    two = matches.with_columns(second.alias("claim_id"))
    assert fakes.spread(two, messages, registry()).leading == "c1"
    assert fakes.spread(two, messages, registry(refuted_at=START + 14.5 * DAY)).leading == "c2"
    assert fakes.spread(two.head(9), messages, registry()).leading is None  # no curve to draw


def test_what_was_planted_is_set_beside_what_was_found():
    matches, messages = told([(n, "spreads" if n < 4 else "asks", "А") for n in range(6)])
    unmatched = dict.fromkeys(("claim_id", "tier", "stance"))
    matches = matches.with_columns(
        pl.when(pl.col("message_id") < "m005").then(name).otherwise(value).alias(name)
        for name, value in unmatched.items()
    )
    planted = pl.DataFrame(
        {
            "message_id": ["m000", "m001", "m004", "m005"],
            "claim_id": ["c1", None, "c1", "c1"],
            "near_claim_id": [None, "c1", None, None],
            "stance": ["spreads", None, "spreads", "asks"],
        }
    )
    result = fakes.spread(matches, messages, registry())
    assert result.recovered(planted).rows() == [("none", 1, 1, 0), ("match", 5, 2, 1)]
    agreed = result.stances_recovered(planted)
    assert agreed.rows() == [("spreads", "asks", 1), ("spreads", "spreads", 1)]


def test_without_times_there_is_no_reading_list():
    matches, messages = told([(0, "spreads", "А")])
    nothing = messages.with_columns(published_at=pl.lit(None, columns.table.TIME))
    with pytest.raises(NotEnoughDataError):
        fakes.review(matches, nothing)


def test_missing_columns_are_errors():
    matches, messages = told([(0, "spreads", "А")])
    with pytest.raises(CurLabError, match="stance"):
        fakes.spread(matches.drop("stance"), messages, registry())
