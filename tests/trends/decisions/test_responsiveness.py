"""The ledger: planted peaks, lags and outcomes; hazards and shares with known answers."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from cur_lab import columns, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.trends.decisions.responsiveness.hazard import hazard_of

START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 500


def counts(daily: dict[tuple[str, str], list[int]]) -> pl.DataFrame:
    rows = [
        {
            "period_start": START + day * DAY,
            "messages": n,
            "incidents": n,
            "authors": n,
            "rubric": rubric,
            "municipality": municipality,
            "recorded": True,
        }
        for (rubric, municipality), numbers in daily.items()
        for day, n in enumerate(numbers)
    ]
    return columns.COUNTS.conform(pl.DataFrame(rows))


def decisions(*rows: dict[str, object]) -> pl.DataFrame:
    base = {"kind": "money", "scope": "municipality", "title": "Решение", "budget": 1e6}
    return columns.DECISIONS.conform(
        pl.DataFrame(
            [
                base
                | {"decision_id": f"d{number}", "rubric": "Ямы", "municipality": "Лесной"}
                | row
                | {"decided_at": None if row.get("day") is None else START + row["day"] * DAY}
                for number, row in enumerate(rows)
            ],
            schema=columns.DECISIONS.schema,
        )
    )


def quiet(seed: int = 0, mean: float = 1.0, days: int = DAYS) -> list[int]:
    return np.random.default_rng(seed).poisson(mean, days).tolist()


def with_peak(day: int) -> list[int]:
    numbers = quiet()
    numbers[day : day + 10] = [9] * 10
    return numbers


def entry(found: trends.Responsiveness, number: int = 0) -> dict[str, object]:
    return found.ledger.row(number, named=True)


def test_a_planted_peak_and_the_lag_from_it_are_found():
    found = trends.responsiveness(
        counts({("Ямы", "Лесной"): with_peak(370)}), decisions({"day": 400}), zone="UTC"
    )
    row = entry(found)
    assert row["peak_from"] <= START + 370 * DAY < row["peak_to"]
    assert row["lag_days_low"] <= 25 <= row["lag_days_high"]
    assert row["lag_days_high"] <= 45


def test_an_even_stream_has_no_peak_nor_beginning():
    flat = [1, 2, 1, 2, 1, 2, 1] * 72
    row = entry(
        trends.responsiveness(
            counts({("Ямы", "Лесной"): flat}), decisions({"day": 400}), zone="UTC"
        )
    )
    assert row["peak_at"] is row["lag_days"] is row["first_message_at"] is None
    assert {"peak_flat", "first_unknown"} <= set(row["gaps"])


def test_a_stream_that_begins_after_silence_has_a_first_message():
    numbers = [0] * 300 + [2] * 200
    row = entry(
        trends.responsiveness(
            counts({("Ямы", "Лесной"): numbers}), decisions({"day": 400}), zone="UTC"
        )
    )
    assert row["first_message_at"] == START + 300 * DAY


def test_links_that_cannot_be_told_say_why():
    series = counts({("Ямы", "Лесной"): quiet()})
    found = trends.responsiveness(
        series,
        decisions(
            {"day": None}, {"day": 400, "rubric": None}, {"day": 900}, {"day": 1, "budget": None}
        ),
        zone="UTC",
    )
    reasons = dict(found.ledger.select("decision_id", "gaps").iter_rows())
    assert "date_unstated" in reasons["d0"]
    assert "no_one_rubric" in reasons["d1"]
    assert "outside_observation" in reasons["d2"]
    assert "sum_unstated" in reasons["d3"]
    assert set(found.ledger["outcome"]) == {"undetermined"}


def messages(*, fixed: float, reopened: float, n: int = 120) -> pl.DataFrame:
    """Written in the 80 days before day 400, answered after two days."""
    draw = np.random.default_rng(1)
    rows = []
    for number in range(n):
        written = START + (320 + 79 * number / n) * DAY
        done = draw.random() < fixed
        back = done and draw.random() < reopened
        rows.append(
            {
                "message_id": f"m{number:03}",
                "published_at": written,
                "text": "яма",
                "rubric": "Ямы",
                "municipality": "Лесной",
                "answered_at": written + 2 * DAY,
                "resolved_at": written + 20 * DAY if done else None,
                "reopened_at": written + 25 * DAY if back else None,
            }
        )
    rows.append(
        rows[0]
        | {
            "message_id": "last",
            "published_at": START + 495 * DAY,
            "answered_at": None,
            "resolved_at": None,
            "reopened_at": None,
        }
    )
    return columns.MESSAGES.conform(
        pl.DataFrame(rows, schema_overrides=columns.MESSAGES.full_schema)
    )


@pytest.mark.parametrize(
    ("fixed", "reopened", "outcome"),
    [
        (0.8, 0.0, "mostly_fixed"),
        (0.8, 0.4, "often_reopened"),
        (0.2, 0.0, "mostly_open"),
        (0.5, 0.0, "undetermined"),
    ],
)
def test_the_outcome_is_what_the_intervals_allow(fixed, reopened, outcome):
    found = trends.responsiveness(
        counts({("Ямы", "Лесной"): quiet()}),
        decisions({"day": 400}),
        messages=messages(fixed=fixed, reopened=reopened),
        zone="UTC",
    )
    row = entry(found)
    assert row["outcome"] == outcome
    assert row["answer_days"] == pytest.approx(2)
    assert row["fixed_low"] <= row["fixed"] <= row["fixed_high"]


def test_hazard_counts_months_and_decisions():
    found = trends.responsiveness(
        counts({("Ямы", "Лесной"): [9] * 366, ("Снег", "Лесной"): [0] * 366}),
        decisions({"day": 40}, {"day": 100}, {"day": 100, "municipality": None}),
        zone="UTC",
    ).hazard
    everything = found.filter(part="all").row(0, named=True)
    # Twelve full months, the first of which has none before it.
    assert (everything["cell_months"], everything["decisions"]) == (22, 2)
    low, high = stats.chi2.ppf([0.025, 0.975], [4, 6]) / 2
    assert everything["hazard_low"] == pytest.approx(1000 * low / 22)
    assert everything["hazard_high"] == pytest.approx(1000 * high / 22)
    assert found.filter(part="elsewhere")["decisions"].to_list() == [1]
    bands = {r["group"]: r for r in found.filter(part="intensity").iter_rows(named=True)}
    assert bands["0"]["decisions"] == 0
    assert bands["20+"]["decisions"] == 2
    assert everything["ratio"] is None


@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_the_interval_of_the_slope_covers_a_planted_one(slope):
    covered = []
    for seed in range(25):
        draw = np.random.default_rng(seed)
        before = draw.poisson(np.exp(draw.normal(1.5, 1.2, 60))[:, None], (60, 12))
        hazard = 0.03 * ((before[:, :-1] + 1) / 6) ** slope
        taken = np.argwhere(draw.random(hazard.shape) < hazard)
        months = pl.datetime_range(START, START + 365 * DAY, "1mo", time_zone="UTC", eager=True)
        daily = pl.DataFrame(
            [
                ("Ямы", f"М{cell}", month, number)
                for cell, row in enumerate(before)
                for month, number in zip(months[:12], row.tolist(), strict=True)
            ]
            + [("Ямы", "М0", START + 365 * DAY, 0)],
            schema={
                "rubric": pl.String,
                "municipality": pl.String,
                "period_start": columns.COUNTS.schema["period_start"],
                "messages": pl.Int64,
            },
            orient="row",
        )
        events = decisions(
            *({"day": 30.5 * (month + 1) + 5, "municipality": f"М{cell}"} for cell, month in taken)
        )
        row = hazard_of(daily, events).row(0, named=True)
        covered.append(row["ratio_low"] <= 2**slope <= row["ratio_high"])
    assert np.mean(covered) > 0.87


def test_shares_set_money_beside_complaints_and_bound_what_is_unstated():
    found = trends.responsiveness(
        counts({("Ямы", "Лесной"): [3] * 366, ("Снег", "Лесной"): [1] * 366}),
        decisions(
            {"day": 40, "budget": 3e6},
            {"day": 50, "rubric": "Снег", "budget": 1e6},
            {"day": 60, "rubric": "Снег", "budget": None},
            {"day": 70, "rubric": None, "budget": 9e6},
        ),
        zone="UTC",
    ).shares
    holes = found.filter(rubric="Ямы").row(0, named=True)
    assert (holes["share"], holes["money_share"]) == (0.75, 0.75)
    # The unstated sum, were it as large as the largest, would lower the share to 3 of 7.
    assert (holes["money_share_low"], holes["money_share_high"]) == pytest.approx((3 / 7, 0.75))
    snow = found.filter(rubric="Снег").row(0, named=True)
    assert snow["with_budget"] == 1
    assert snow["money_share_high"] == pytest.approx(4 / 7)
    none = found.filter(pl.col("rubric").is_null()).row(0, named=True)
    assert (none["money"], none["money_share"], none["complaints"]) == (9e6, None, None)


def test_waves_widen_the_interval_of_a_share():
    even = {("Ямы", "Л"): [2] * 364, ("Снег", "Л"): [2] * 364}
    waves = {("Ямы", "Л"): [4] * 182 + [0] * 182, ("Снег", "Л"): [2] * 364}
    widths = [
        (r["share_high"] - r["share_low"])
        for daily in (even, waves)
        for r in trends.responsiveness(counts(daily), decisions(), zone="UTC")
        .shares.filter(rubric="Ямы")
        .iter_rows(named=True)
    ]
    assert widths[1] > 2 * widths[0]


def test_without_sums_no_share_of_money():
    found = trends.responsiveness(
        counts({("Ямы", "Лесной"): [1] * 100}), decisions({"day": 40, "budget": None}), zone="UTC"
    ).shares
    assert found["money_share"].to_list() == [None]
    assert found["reason"].to_list() == ["no_sums"]


def test_bad_input_is_named():
    series = counts({("Ямы", "Лесной"): [1] * 100})
    with pytest.raises(SchemaError, match="municipality"):
        trends.responsiveness(series.drop("municipality"), decisions({"day": 4}))
    with pytest.raises(SchemaError, match="budget"):
        trends.responsiveness(series, decisions({"day": 4}).drop("budget"))
    with pytest.raises(NotEnoughDataError, match="period"):
        trends.responsiveness(series.clear(), decisions({"day": 4}))
    weekly = series.filter(pl.int_range(pl.len()) % 30 == 0)
    with pytest.raises(ParameterError, match="too long"):
        trends.responsiveness(weekly, decisions({"day": 4}))
