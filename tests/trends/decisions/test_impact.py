"""What a decision changed: known answers, planted effects, false alarms, what cannot be told."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
import simulated_counts as simulation
import statsmodels.api as sm

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.trends.decisions import controls, forecasting, peaks, reopens

START = datetime(2023, 12, 31, 21, tzinfo=UTC)
HERE = {"municipality": ["d00"], "rubric": ["Ямы"]}


def table(counts, *, rubric="Ямы", recorded=None, channel=None):
    """Counts of shape (days, districts) as the table ``counts``."""
    days, districts = counts.shape
    heard = np.ones(days, dtype=bool) if recorded is None else recorded
    columns = {
        "period_start": [START + timedelta(days=d) for d in range(days) for _ in range(districts)],
        "municipality": [f"d{place:02}" for _ in range(days) for place in range(districts)],
        "rubric": [rubric] * counts.size,
        "messages": counts.ravel().astype(np.int64),
        "incidents": counts.ravel().astype(np.int64),
        "authors": counts.ravel().astype(np.int64),
        "recorded": np.repeat(heard, districts),
    }
    if channel is not None:
        columns["channel"] = [channel] * counts.size
    return c.COUNTS.conform(pl.DataFrame(columns))


def moment(day):
    return START + timedelta(days=day)


def noise(seed, *, days=600, districts=8, level=6.0):
    return np.random.default_rng(seed).poisson(level, (days, districts)).astype(float)


def row(result, method):
    return result.estimates.row(by_predicate=pl.col("method") == method, named=True)


def check(result, name):
    return result.checks.row(by_predicate=pl.col("check") == name, named=True)


# --- known answers --------------------------------------------------------------------------------


def test_without_noise_a_halving_is_a_halving():
    counts = np.full((500, 6), 30.0)
    counts[400:, 0] = 15.0
    result = trends.impact(table(counts), decided_at=moment(400), treated=HERE)
    assert result.change == pytest.approx(-0.5, abs=0.005)
    assert result.change_low < -0.495 < result.change_high + 0.01
    found = row(result, "synthetic_control")
    assert found["observed"] == 15 * 90
    assert found["expected"] == pytest.approx(30 * 90, rel=0.01)


def test_a_change_in_all_districts_is_none_of_the_decision():
    counts = noise(1)
    counts[400:] *= 2
    result = trends.impact(table(counts), decided_at=moment(400), treated=HERE)
    assert result.change_low < 0 < result.change_high
    assert row(result, "interrupted_series")["change_low"] > 0.5


def test_the_offset_is_made_of_the_other_rubrics_only():
    roads, other = noise(2), noise(3, level=20.0)
    other[400:, 0] *= 2
    roads[400:, 0] *= 2
    counts = pl.concat([table(roads), table(other, rubric="Свет")])
    doubled = trends.impact(counts, decided_at=moment(400), treated=HERE)
    # Everything in the district doubled, as when a channel opens: no change of this rubric in it.
    assert abs(row(doubled, "interrupted_series")["change"]) < 0.15
    alone = pl.concat([table(roads), table(noise(3, level=20.0), rubric="Свет")])
    result = trends.impact(alone, decided_at=moment(400), treated=HERE)
    assert row(result, "interrupted_series")["change"] == pytest.approx(1, abs=0.25)
    assert check(doubled, "whole_flow")["verdict"] == "attention"
    assert check(result, "whole_flow")["verdict"] == "fine"


def test_the_day_of_the_decision_is_on_neither_side():
    counts = noise(4)
    same = trends.impact(table(counts), decided_at=moment(400.5), treated=HERE)
    counts[400, 0] = 500
    other = trends.impact(table(counts), decided_at=moment(400.5), treated=HERE)
    assert same.change == other.change


def test_a_silent_source_is_not_a_drop():
    counts, heard = noise(5), np.ones(600, dtype=bool)
    heard[410:440] = False
    counts[~heard] = 0
    result = trends.impact(table(counts, recorded=heard), decided_at=moment(400), treated=HERE)
    assert result.change_low < 0 < result.change_high
    assert row(result, "interrupted_series")["change_low"] < 0
    assert row(result, "interrupted_series")["change_high"] > 0


def test_hours_add_up_to_days():
    counts = noise(6, days=300)
    daily = table(counts)
    morning = daily.with_columns(pl.col("messages") // 2)
    evening = daily.with_columns(
        pl.col("period_start") + timedelta(hours=15), pl.col("messages") - pl.col("messages") // 2
    )
    one = trends.impact(daily, decided_at=moment(200), treated=HERE)
    two = trends.impact(pl.concat([morning, evening]), decided_at=moment(200), treated=HERE)
    assert one.change == pytest.approx(two.change)


def test_the_forecast_equals_least_squares_of_a_known_covariance():
    """With one bin ahead and one kernel the change is a dummy's coefficient in GLS."""
    draw = np.random.default_rng(0)
    weeks = np.arange(40.0)
    kernel = (2.0 * 0.8 ** np.abs(weeks[:, None] - weeks))[None]
    rate, scatter = draw.normal(size=40), np.linspace(0.5, 1.5, 40)
    found = forecasting._mixture(rate, scatter, kernel, 39, np.ones(1))
    design = np.column_stack([np.ones(40), np.arange(40) == 39])
    fitted = sm.GLS(rate, design, sigma=kernel[0] + np.diag(scatter)).fit()
    assert found.centre == pytest.approx(fitted.params[1])
    # The noise of the last bin follows the change; the rest of the variance is that of GLS.
    own = fitted.scale * scatter[-1] * (np.exp(-fitted.params[1]) - 1)
    assert found.scales[0] ** 2 == pytest.approx(fitted.bse[1] ** 2 + own)
    assert found.freedom == fitted.df_resid


def test_weights_find_the_district_that_goes_the_same_way():
    draw = np.random.default_rng(1)
    twin = 400 * np.exp(np.cumsum(draw.normal(0, 0.1, 60)))
    donors = np.column_stack([twin * 3, draw.poisson(400, (60, 5))])
    exposure, weights = controls.synthetic(twin, donors, 50)
    assert weights.sum() == pytest.approx(1)
    assert weights.argmax() == 0
    assert len(exposure) == 60
    none, _ = controls.synthetic(twin, donors[:, :2], 50)
    assert not len(none)


# --- planted and null effects ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", simulation.KINDS)
def test_a_large_fall_is_found_and_its_size_lies_in_the_interval(kind):
    draw = np.random.default_rng(3)
    counts = simulation.simulate(kind, 3, volume=10.0)
    counts = simulation.decided(counts, 500, -0.6, draw)
    result = trends.impact(table(counts), decided_at=moment(500), treated=HERE)
    assert result.change_low < -0.6 < result.change_high < 0
    assert result.verdict == "fewer_than_expected"
    place, number = result.rank()
    assert place <= 2
    assert number > 20


def test_peaks_without_an_effect_are_rarely_called_falls():
    called = []
    for seed in range(6):
        draw = np.random.default_rng(seed)
        counts = simulation.simulate("bursts", seed, volume=4.0, districts=8)
        day = simulation.peak(draw, counts, earliest=365, horizon=90)
        result = trends.impact(table(counts), decided_at=moment(day), treated=HERE)
        called.append(result.change_high < 0)
    assert sum(called) <= 1


def test_the_rank_says_the_smallest_p_there_can_be():
    result = trends.impact(table(noise(7)), decided_at=moment(400), treated=HERE)
    place, number = result.rank()
    kinds = result.placebos["kind"].value_counts().rows()
    assert dict(kinds)["place"] == 7
    assert number == 1 + dict(kinds)["place"] + dict(kinds)["time"]
    assert 1 <= place <= number
    assert result.rank("place")[1] == 8
    ends = result.placebos.filter(pl.col("kind") == "time")["decided_at"] + timedelta(days=90)
    assert (ends <= moment(400)).all()


# --- peaks ----------------------------------------------------------------------------------------


def with_peaks(*, falls_by):
    """A peak before the decision, and twelve alike in other districts, all gone in two weeks."""
    counts = noise(8, days=700, level=5.0)
    for district in range(1, 7):
        for day in (150 + 10 * district, 450 + 10 * district):
            counts[day : day + 14, district] *= 3
    counts[486:500, 0] *= 3
    counts[500:, 0] = np.round(counts[500:, 0] * (1 - falls_by))
    return table(counts)


def test_a_date_on_a_peak_is_said_and_compared_with_equal_peaks():
    result = trends.impact(with_peaks(falls_by=0.0), decided_at=moment(500), treated=HERE)
    found = check(result, "peak")
    assert found["verdict"] == "attention"
    assert found["reason"] == "peak_compared"
    assert found["change"] == pytest.approx(-0.67, abs=0.08)
    equal = row(result, "equal_peaks")
    assert equal["change_low"] < 0 < equal["change_high"]
    alike = result.placebos.filter(pl.col("kind") == "peak")
    assert alike.height >= 10
    # They fall by two thirds by themselves: back to the usual level.
    assert alike["change"].mean() == pytest.approx(-0.67, abs=0.08)
    # Neither does the headline take the return for an effect.
    assert result.change_low < 0 < result.change_high


def test_a_fall_beyond_that_of_equal_peaks_is_seen():
    result = trends.impact(with_peaks(falls_by=0.6), decided_at=moment(500), treated=HERE)
    assert row(result, "equal_peaks")["change_high"] < 0


def test_an_ordinary_date_is_no_peak():
    result = trends.impact(table(noise(9)), decided_at=moment(400), treated=HERE)
    assert check(result, "peak")["verdict"] == "fine"
    assert "equal_peaks" not in result.estimates["method"].to_list()


def test_five_peaks_make_no_contrast():
    peak = peaks.Peak(None, None, 1, 1.0, -1.0)
    assert peaks.contrast(peak, [peak] * 5) is None
    assert peaks.contrast(peak, [peak] * 6).centre == 0


# --- checks ---------------------------------------------------------------------------------------


def test_another_decision_in_the_window_is_named():
    decisions = c.DECISIONS.conform(
        pl.DataFrame(
            {
                "decision_id": ["a", "b", "c", "d"],
                "decided_at": [moment(400), moment(430), moment(440), moment(550)],
                "kind": ["works"] * 4,
                "scope": ["municipality"] * 4,
                "rubric": ["Ямы", "Ямы", "Свет", "Ямы"],
                "municipality": ["d00", "d00", "d00", "d00"],
                "title": ["само", "второе", "о другом", "позже"],
            }
        )
    )
    result = trends.impact(
        table(noise(10)), decided_at=moment(400), treated=HERE, decisions=decisions
    )
    found = check(result, "other_decisions")
    assert found["verdict"] == "attention"
    assert (found["named"], found["at"]) == ("второе", moment(430))
    assert result.checks.filter(check="other_decisions").height == 1
    alone = trends.impact(
        table(noise(10)), decided_at=moment(400), treated=HERE, decisions=decisions.head(1)
    )
    assert check(alone, "other_decisions")["verdict"] == "fine"


def test_where_no_district_is_without_the_decision_no_estimate_is_said_to_lean_on_anything():
    everywhere = table(noise(10)).filter(municipality="d00")
    result = trends.impact(everywhere, decided_at=moment(400), treated=HERE)
    assert check(result, "comparison")["reason"] == "no_district_without"


def test_a_week_of_news_in_the_window_is_a_shock():
    roads, other = noise(11), noise(12, level=20.0)
    quiet = pl.concat([table(roads), table(other, rubric="Свет")])
    assert check(trends.impact(quiet, decided_at=moment(400), treated=HERE), "shock")[
        "verdict"
    ] == ("fine")
    other[421:428] *= 4
    loud = pl.concat([table(roads), table(other, rubric="Свет")])
    found = check(trends.impact(loud, decided_at=moment(400), treated=HERE), "shock")
    assert found["verdict"] == "attention"
    assert abs(found["at"] - moment(421)) <= timedelta(days=7)


def test_messages_that_move_to_another_channel_are_told():
    total = noise(13)
    first, second = total.copy(), total.copy()
    first[:400], second[:400] = np.ceil(total[:400] * 0.9), np.floor(total[:400] * 0.1)
    first[400:], second[400:] = np.floor(total[400:] * 0.4), np.ceil(total[400:] * 0.6)
    moved = pl.concat([table(first, channel="vk"), table(second, channel="telegram")])
    found = trends.impact(moved, decided_at=moment(400), treated=HERE)
    assert check(found, "channels")["verdict"] == "attention"
    halves = pl.concat([table(np.floor(total / 2), channel=name) for name in ("vk", "telegram")])
    found = trends.impact(halves, decided_at=moment(400), treated=HERE)
    assert check(found, "channels")["verdict"] == "fine"


def test_a_fall_that_began_before_the_decision_is_told():
    counts = noise(14, level=12.0)
    counts[330:, 0] = np.round(counts[330:, 0] * 0.3)
    result = trends.impact(table(counts), decided_at=moment(400), treated=HERE)
    assert check(result, "trend_before")["verdict"] == "attention"


# --- fixed, or only answered ----------------------------------------------------------------------


def resolved(before, after, *, each=100):
    """Messages resolved on both sides, these shares of them opened again within ten days."""
    rows = []
    for day, share in ((340, before), (420, after)):
        for number in range(each):
            at = moment(day + number / 10)
            opened = at + timedelta(days=10) if number < share * each else None
            rows.append((at - timedelta(days=3), "d00", "Ямы", at, opened))
    rows.append((moment(590), "d00", "Ямы", None, None))
    names = ["published_at", "municipality", "rubric", "resolved_at", "reopened_at"]
    kinds = [c.MESSAGES.full_schema[name] for name in names]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


@pytest.mark.parametrize(
    ("after", "verdict"), [(0.4, "only_answered"), (0.05, "fixed"), (0.12, "not_told_apart")]
)
def test_reopening_tells_answered_from_fixed(after, verdict):
    counts = np.full((600, 6), 30.0)
    counts[400:, 0] = 15.0
    each = 20 if after == 0.12 else 100
    result = trends.impact(
        table(counts),
        decided_at=moment(400),
        treated=HERE,
        messages=resolved(0.1, after, each=each),
    )
    assert result.reopen_verdict == verdict
    difference = result.reopens.filter(pl.col("phase") == "difference").row(0, named=True)
    assert difference["share_low"] < difference["share"] < difference["share_high"]


def test_few_resolved_messages_tell_nothing():
    few = reopens.reopens(resolved(0.1, 0.5, each=10), moment(400), {}, 90)
    assert few["share"].null_count() == 3
    assert reopens.verdict(few, -0.5, -0.3) == "too_few_resolved"
    # Without dates of resolution there is no table at all.
    none = resolved(0.1, 0.5).drop("resolved_at")
    assert reopens.reopens(none, moment(400), {}, 90).is_empty()


# --- what cannot be told --------------------------------------------------------------------------


def test_a_decision_for_all_districts_is_not_identified():
    counts = noise(15)
    counts[400:] *= 0.5
    result = trends.impact(table(counts), decided_at=moment(400), treated={"rubric": ["Ямы"]})
    assert result.verdict == "nowhere_without"
    assert result.change is None
    assert result.change_low is None
    assert not result.estimates["chosen"].any()
    everything = trends.impact(table(counts), decided_at=moment(400))
    assert everything.verdict == "nowhere_without"


@pytest.mark.parametrize(
    ("day", "days", "level", "verdict"),
    [
        (40, 300, 6.0, "too_few_messages"),
        (250, 300, 6.0, "too_few_days"),
        (200, 400, 0.03, "too_few_messages"),
    ],
)
def test_too_little_gives_no_number(day, days, level, verdict):
    counts = noise(16, days=days, level=level)
    result = trends.impact(table(counts), decided_at=moment(day), treated=HERE)
    assert result.verdict == verdict
    assert result.change is None
    assert result.estimates.is_empty()


@pytest.mark.parametrize("day", [-5, 0, 700])
def test_a_decision_outside_the_range_is_an_error(day):
    with pytest.raises(ParameterError, match="outside the range of counts"):
        trends.impact(table(noise(17)), decided_at=moment(day), treated=HERE)


def test_errors_say_what_is_there():
    counts = table(noise(18, days=200))
    with pytest.raises(ParameterError, match="Did you mean Ямы"):
        trends.impact(counts, decided_at=moment(100), treated={"rubric": ["Яма"]})
    with pytest.raises(ParameterError, match="no column agency"):
        trends.impact(counts, decided_at=moment(100), treated={"agency": ["ГЖИ"]})
    with pytest.raises(ParameterError, match="quarter"):
        trends.impact(counts, decided_at=moment(100), horizon="quarter")
    monthly = counts.filter(pl.col("period_start").dt.day() == 1)
    with pytest.raises(ParameterError, match="longer than a day"):
        trends.impact(monthly, decided_at=moment(100))
    with pytest.raises(NotEnoughDataError):
        trends.impact(counts.clear(), decided_at=moment(100))
    with pytest.raises(SchemaError, match="messages"):
        trends.impact(counts.drop("messages"), decided_at=moment(100))
