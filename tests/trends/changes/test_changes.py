"""Lasting changes: planted ones are found and dated, noise is left alone."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.trends.changes import dependence, steps

START = date(2024, 1, 1)
# Day 1 of the planted level.
CHANGED = 450


def intensity(
    seed: int, *, days: int = 731, mean: float = 12, memory: float = 0.6, season: float = 0.3
) -> np.ndarray:
    """Weekday, time of year and a level that wanders for days."""
    draw = np.random.default_rng(seed)
    wander = np.zeros(days)
    for day in range(1, days):
        wander[day] = memory * wander[day - 1] + draw.normal(0, 0.25 * np.sqrt(1 - memory**2))
    day = np.arange(days)
    week = np.array([0.1, 0.1, 0.1, 0.05, 0.0, -0.2, -0.3])[day % 7]
    return mean * np.exp(week + season * np.cos(2 * np.pi * (day - 80) / 365.25) + wander)


def drawn(expected: np.ndarray, seed: int) -> np.ndarray:
    """Counts that scatter more than Poisson's: variance μ + 0.05 μ²."""
    draw = np.random.default_rng(seed + 10_000)
    return draw.negative_binomial(20, 1 / (1 + 0.05 * expected))


def counts(*series: np.ndarray, recorded: np.ndarray | None = None) -> pl.DataFrame:
    days = series[0].size
    begins = [datetime(2023, 12, 31, 21, tzinfo=UTC) + timedelta(days=n) for n in range(days)]
    parts = [
        pl.DataFrame(
            {
                "period_start": begins,
                "municipality": f"округ {number}",
                "messages": values.astype(np.int64),
                "incidents": values.astype(np.int64),
                "authors": values.astype(np.int64),
                "recorded": np.ones(days, dtype=bool) if recorded is None else recorded,
            }
        )
        for number, values in enumerate(series)
    ]
    return c.COUNTS.conform(pl.concat(parts))


def planted(seed: int = 0, factor: float = 1.6, **named: float) -> np.ndarray:
    expected = intensity(seed, **named)
    expected[CHANGED:] *= factor
    return drawn(expected, seed)


def test_a_planted_change_is_found_dated_and_sized():
    (found,) = trends.changes(counts(planted())).iter_rows(named=True)
    day = START + timedelta(days=CHANGED)
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    assert found["changed_low"] <= begin <= found["changed_high"]
    assert abs(found["changed_at"] - begin) <= timedelta(days=7)
    assert found["change_low"] <= 0.6 <= found["change_high"]
    assert found["before_low"] < found["before"] < found["before_high"]
    assert found["after"] / found["before"] - 1 == pytest.approx(found["change"], rel=0.02)
    assert found["q"] <= 0.05
    assert (found["verdict"], found["note"], found["unit"]) == ("more", None, "messages")


def test_intervals_of_size_and_date_hold_what_was_planted():
    size = when = found = 0
    for seed in range(16):
        rows = trends.changes(counts(planted(seed))).drop_nulls("changed_at")
        days = rows["changed_at"].dt.convert_time_zone("Europe/Moscow").dt.date() - START
        near = rows.filter((days.dt.total_days() - CHANGED).abs() <= 21)
        if near.is_empty():
            continue
        row = near.row(0, named=True)
        planted_at = datetime(2023, 12, 31, 21, tzinfo=UTC) + timedelta(days=CHANGED)
        found += 1
        size += row["change_low"] <= 0.6 <= row["change_high"]
        when += row["changed_low"] <= planted_at <= row["changed_high"]
    assert found >= 11
    # 95 % of 16 is 15; a binomial leaves 13 with probability 0.04.
    assert size >= 0.8 * found
    assert when >= 0.8 * found


@pytest.mark.parametrize(("memory", "season"), [(0.0, 0.0), (0.6, 0.3), (0.85, 0.3)])
def test_series_without_a_change_seldom_show_one(memory, season):
    false = 0
    for seed in range(30):
        values = drawn(intensity(seed, memory=memory, season=season), seed)
        false += trends.changes(counts(values))["changed_at"].drop_nulls().len() > 0
    # 5 % of 30 is 1.5; a binomial exceeds 4 with probability 0.02.
    assert false <= 4


def test_over_many_series_the_false_discovery_rate_holds():
    quiet = [drawn(intensity(seed), seed) for seed in range(100, 120)]
    frame = trends.changes(counts(*quiet, planted(5), planted(6)))
    found = frame.drop_nulls("changed_at")["municipality"].unique().to_list()
    assert {"округ 20", "округ 21"} <= set(found)
    assert len(found) <= 4


def test_a_burst_of_three_days_is_seldom_taken_for_a_change():
    burst = datetime(2023, 12, 31, tzinfo=UTC) + timedelta(days=300)
    taken = 0
    for seed in range(8):
        values = drawn(intensity(seed), seed)
        values[300:303] *= 5
        found = trends.changes(counts(values))["changed_at"].drop_nulls()
        taken += ((found - burst).abs() <= timedelta(days=10)).any()
    assert taken <= 1


def test_a_silent_month_and_new_year_are_no_fall():
    values, recorded = drawn(intensity(2), 2), np.ones(731, dtype=bool)
    values[200:230], recorded[200:230] = 0, False
    # Two New Years' holidays.
    for start in (0, 366):
        values[start : start + 8] = 0
    assert trends.changes(counts(values, recorded=recorded))["changed_at"].null_count() == 1


def test_other_units_and_fewer_false_ones_are_tried():
    frame = counts(planted(), drawn(intensity(4), 4)).with_columns(authors=pl.lit(1, pl.Int64))
    found = trends.robustness(frame)
    assert found.select("unit", "fdr").unique().height == found.height == 6
    one = dict(found.filter(pl.col("fdr") == 0.05).select("unit", "changes").rows())
    changed = trends.changes(frame).drop_nulls("changed_at")
    assert one == {"messages": changed.height, "incidents": changed.height, "authors": 0}
    series = found.filter(pl.col("unit") == "messages")["changed_series"]
    assert series[0] == changed["municipality"].n_unique()


@pytest.mark.parametrize(
    "values", [np.full(40, 9), np.arange(731) % 120 == 0, np.zeros(200), np.array([3])]
)
def test_too_little_data_are_said_to_be_too_little(values):
    (row,) = trends.changes(counts(values)).iter_rows(named=True)
    assert row["verdict"] == "too_little"
    # No change found would be told of what was never looked at.
    assert trends.robustness(counts(values)).is_empty()
    # Holidays are not compared.
    assert row["days"] <= len(values)
    assert row["observed"] <= values.sum()
    assert row["changed_at"] is None
    assert row["change"] is None


def test_below_two_years_the_season_is_said_not_to_be_told_apart():
    values = drawn(intensity(3, days=365, season=0.0), 3)
    values[200:] *= 2
    rows = trends.changes(counts(values)).drop_nulls("changed_at")
    assert rows.height >= 1
    assert set(rows["note"]) == {"season_mixed_in"}


def test_the_order_of_rows_does_not_matter():
    frame = counts(planted(), drawn(intensity(4), 4))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(trends.changes(frame), trends.changes(shuffled))
    frame = frame.head(100)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(trends.decomposition(frame), trends.decomposition(shuffled))


def test_missing_days_and_other_periods_are_refused():
    frame = counts(planted(), planted(1))
    with pytest.raises(ParameterError, match="of 731 days"):
        trends.changes(frame.head(-1))
    with pytest.raises(ParameterError, match="not days"):
        trends.changes(frame, zone="UTC")
    with pytest.raises(ParameterError, match="not days"):
        trends.changes(counts(planted()).gather_every(2))
    with pytest.raises(NotEnoughDataError):
        trends.changes(frame.clear())


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.8])
def test_the_long_run_variance_of_a_known_process(memory):
    estimates = []
    for seed in range(30):
        draw = np.random.default_rng(seed)
        shocks = draw.normal(size=1500)
        series = np.zeros(1500)
        for day in range(1, 1500):
            series[day] = memory * series[day - 1] + shocks[day]
        estimates.append(dependence.long_run(series))
    # Of an AR(1): σ²/(1−ρ)²; the larger of two estimates lies above it rather than below.
    assert 0.9 <= np.median(estimates) * (1 - memory) ** 2 <= 1.5


def test_the_step_of_a_series_without_noise_is_exact():
    days = np.arange(738_000, 738_000 + 140)
    values = np.where(np.arange(140) < 70, 16.0, 36.0)
    fitted = steps.find(values, steps.Season(days, yearly=False), error=0.05)
    assert fitted.at == (70,)
    assert fitted.levels == pytest.approx([4, 6])
    assert [level.value for level in steps.levels(values, fitted)] == pytest.approx([16, 36])


# --- decomposition ------------------------------------------------------------------------------


def test_the_parts_add_up_and_the_week_is_found():
    day = np.arange(731)
    values = np.round(20 + 6 * (day % 7 == 0) + drawn(np.full(731, 4.0), 0)).astype(int)
    parts = trends.decomposition(counts(values))
    total = parts.select(pl.sum_horizontal("trend", "seasonal_week", "rest"))
    assert parts["seasonal_year"].null_count() == 731
    assert total.to_series().to_numpy() == pytest.approx(values)
    week = parts["seasonal_week"].to_numpy()
    assert week[day % 7 == 0].mean() - week[day % 7 != 0].mean() == pytest.approx(6, abs=0.5)


def test_a_working_saturday_is_no_outlier():
    worked = [(day - START).days for day in (date(2024, 4, 27), date(2024, 11, 2))]
    values = np.where(np.arange(400) % 7 < 5, 40.0, 10.0)
    values[worked] = 40.0
    rest = trends.decomposition(counts(values))[c.REST].to_numpy()
    assert np.abs(rest[worked]).max() <= 2
    season = steps.Season(START.toordinal() + np.arange(400), yearly=False)
    assert (season.weekdays[worked[0]] == season.weekdays[worked[0] - 1]).all()


def test_a_gap_has_neither_count_nor_rest():
    recorded = np.ones(120, dtype=bool)
    recorded[50:70] = False
    values = np.where(recorded, 10, 0)
    parts = trends.decomposition(counts(values, recorded=recorded))
    assert parts["observed"].null_count() == parts["rest"].null_count() == 20
    assert parts["trend"].to_numpy() == pytest.approx(10, abs=0.1)
    assert parts["seasonal_year"].null_count() == 120


def yearly(season: np.ndarray, seed: int, mean: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    expected = mean * np.exp(season)
    return drawn(expected, seed), expected


def test_a_season_that_repeats_is_found_and_the_noise_stays_in_the_rest():
    wave = 0.3 * np.cos(2 * np.pi * np.arange(731) / 365.25)
    values, expected = yearly(wave, 1)
    parts = trends.decomposition(counts(values))
    assert parts["note"].null_count() == 731
    total = parts.select(pl.sum_horizontal("trend", "seasonal_week", "seasonal_year", "rest"))
    assert total.to_series().to_numpy() == pytest.approx(values)
    season = parts["seasonal_year"].to_numpy()
    planted_season = expected - 20
    assert np.corrcoef(season, planted_season)[0, 1] > 0.97
    assert parts["rest"].std() == pytest.approx(np.std(values - expected), rel=0.05)
    # Smooth: no day of the year is a season of its own.
    assert np.abs(np.diff(season)).max() < 0.5


@pytest.mark.parametrize("kind", ["nothing", "once", "step"])
def test_what_does_not_come_back_is_no_season(kind):
    day, shown = np.arange(731), 0
    shapes = {
        "nothing": np.zeros(731),
        "once": 0.4 * np.exp(-0.5 * ((day - 150) / 45) ** 2),
        "step": 0.5 * (day >= 400),
    }
    for seed in range(12):
        parts = trends.decomposition(counts(yearly(shapes[kind], seed)[0]))
        shown += parts["seasonal_year"].null_count() == 0
        noted = set(parts["note"]) - {None}
        assert noted <= {"season_does_not_repeat"}
    # 5 % of 12 is 0.6; a binomial exceeds 3 with probability 0.003.
    assert shown <= 3


def test_one_day_that_stands_out_stays_in_the_rest():
    values = drawn(np.full(400, 10.0), 2)
    values[200] = 90
    parts = trends.decomposition(counts(values))
    assert parts["rest"][200] > 75
    assert set(parts["note"]) == {"season_unseen"}


def test_nothing_at_all_splits_into_nothing():
    parts = trends.decomposition(counts(np.zeros(731)))
    assert parts.select(pl.sum_horizontal("trend", "seasonal_week", "rest").abs().sum()).item() == 0


def test_two_weeks_cannot_be_split():
    with pytest.raises(NotEnoughDataError):
        trends.decomposition(counts(np.full(14, 3)))
