"""Reporting rates: planted rates come back, wrong links and copies are told of."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.trends.reporting import linkage, rates
from cur_lab.trends.reporting import severity as severity_of

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def row(
    number: int, municipality: str, house: int, day: float, **more: object
) -> dict[str, object]:
    return {
        "message_id": f"m{number:05}",
        "published_at": START + day * DAY,
        "author_id": f"a{number}",
        "municipality": municipality,
        "rubric": "Вода",
        "text": f"Нет воды, улица Садовая, дом {house}, {number} час",
    } | more


def table(rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = columns.MESSAGES.full_schema
    return columns.MESSAGES.conform(pl.DataFrame(rows, schema=schema))


def region(per_day: dict[str, float], *, houses: int = 150, seed: int = 0) -> pl.DataFrame:
    """Incidents open for 20 days, one to a house, with a planted rate of reports per district."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for municipality, rate in per_day.items():
        for house in range(1, houses + 1):
            begun = 300 * draw.random()
            days = [0.0, *np.sort(20 * draw.random(draw.poisson(20 * rate)))]
            fixed = START + (begun + 20) * DAY
            rows += [
                row(len(rows) + n, municipality, house, begun + day, resolved_at=fixed)
                for n, day in enumerate(days)
            ]
    last = row(len(rows), "Дальний", 1, 400.0)
    return table([*rows, last])


def of(frame: pl.DataFrame, municipality: str) -> dict[str, object]:
    return frame.filter(municipality=municipality).row(0, named=True)


def test_planted_rates_delays_and_their_ratio_come_back():
    found = trends.reporting(region({"Лесной": 0.02, "Заречный": 0.08}, seed=1)).rates
    quiet, loud = of(found, "Лесной"), of(found, "Заречный")
    assert quiet["rate_low"] < 0.02 < quiet["rate_high"]
    assert loud["rate_low"] < 0.08 < loud["rate_high"]
    assert loud["delay_days"] == pytest.approx(1 / loud["rate"])
    assert loud["delay_days_low"] < 12.5 < loud["delay_days_high"]
    assert loud["ratio_low"] < 2 < loud["ratio_high"]
    assert loud["reason"] is None


def test_equal_readiness_is_not_mistaken_for_more_trouble():
    data = region({"Лесной": 0.05, "Заречный": 0.05})
    # Ten times fewer incidents in one district, the same readiness.
    few = data.filter(
        (pl.col("municipality") != "Лесной") | pl.col("text").str.contains(r"дом \d,|дом 1\d,")
    )
    found = trends.reporting(few).rates
    quiet = of(found, "Лесной")
    assert quiet["incidents"] < 25
    assert quiet["ratio_low"] < 1 < quiet["ratio_high"]


def test_known_incidents_are_taken_as_they_are():
    rows = [row(n, "Лесной", 5, n / 10) for n in range(40)]
    given = pl.DataFrame(
        {
            "message_id": [r["message_id"] for r in rows],
            "incident_id": [f"i{n // 2}" for n in range(40)],
        }
    )
    found = trends.reporting(table(rows), incidents=given, until=START + 100 * DAY)
    assert of(found.rates, "Лесной")["incidents"] == 20
    assert of(found.rates, "Лесной")["duplicates"] == 20
    assert of(found.rates, "Лесной")["exposure_days"] == pytest.approx(20 * 60)


def test_reports_of_one_house_are_linked_until_a_gap_or_a_fix():
    rows = [
        row(0, "Лесной", 5, 0),
        row(1, "Лесной", 5, 10, resolved_at=START + 12 * DAY),
        row(2, "Лесной", 5, 11),
        row(3, "Лесной", 5, 13),
        row(4, "Лесной", 5, 60),
        row(5, "Лесной", 7, 60),
        row(6, "Заречный", 5, 60),
    ]
    found = dict(linkage.by_address(table(rows)).iter_rows())
    assert [found[f"m0000{n}"] for n in range(7)] == [
        "m00000", "m00000", "m00000", "m00003", "m00004", "m00005", "m00006"
    ]  # fmt: skip


def test_an_author_who_repeats_counts_once_and_the_other_way_is_shown():
    rows = [
        row(3 * n + part, "Лесной", n + 1, 10 * n + part, author_id=f"a{n}")
        for n in range(30)
        for part in range(3)
    ]
    found = trends.reporting(table(rows), until=START + 500 * DAY)
    assert of(found.rates, "Лесной")["duplicates"] == 0
    assert of(found.rates, "Лесной")["rate"] == 0
    assert of(found.rates, "Лесной")["rate_high"] > 0
    assert of(found.rates, "Лесной")["delay_days"] is None
    counted = found.sensitivity.filter(scenario="with_repeats")
    # Two gaps of a day, then nothing for a month, thirty times: in two of three cases somebody
    # writes before it ends. A prior weighs as much as one incident.
    assert counted["rate"][0] == pytest.approx(2 / 3, rel=0.1)


def test_copies_of_a_text_are_told_apart_from_reports():
    rows = [
        row(2 * n + part, "Лесной", n + 1, 10 * n + part, text=f"Нет воды на Садовой, дом {n + 1}")
        for n in range(30)
        for part in range(2)
    ]
    found = trends.reporting(table(rows), until=START + 500 * DAY)
    assert of(found.rates, "Лесной")["duplicates"] == 30
    assert found.sensitivity.filter(scenario="without_copies")["rate"].to_list() == [0]


def test_messages_that_cannot_be_linked_are_counted():
    data = pl.concat(
        [
            region({"Лесной": 0.05}, houses=20),
            table(
                [
                    row(90000, "Лесной", 1, 5, text="Нет воды"),
                    row(90001, "Лесной", 1, 5, kind="thanks"),
                    row(90002, "Лесной", 1, 5, rubric=None),
                    row(90003, "Лесной", 1, 5, published_at=None),
                    row(90004, "Лесной", 1, 5, resolved_at=START),
                ]
            ),
        ]
    )
    unused = dict(trends.reporting(data).unused.iter_rows())
    assert unused == {
        "no_report": 1,
        "no_date": 1,
        "no_house": 1,
        "no_rubric_or_district": 1,
        "fixed_before_written": 1,
    }


def test_small_groups_get_words_instead_of_numbers():
    found = trends.reporting(region({"Лесной": 0.05}, houses=30), until=START + 420 * DAY).rates
    assert of(found, "Дальний")["rate"] is None
    assert of(found, "Дальний")["reason"] == "too_few"


def test_wrong_links_move_the_rate_the_way_they_must():
    reports = region({"Лесной": 0.05}).with_columns(
        incident_id=pl.col("municipality") + pl.col("text").str.extract(r"(дом \d+)")
    )
    draw = np.random.default_rng(0)
    merged = linkage.merged(reports, 0.3, draw)
    split = linkage.split(reports, 0.3, draw)
    distinct = reports["incident_id"].n_unique()
    assert merged["incident_id"].n_unique() == pytest.approx(0.7 * distinct, rel=0.15)
    assert split["incident_id"].n_unique() > 1.1 * distinct
    assert merged["message_id"].to_list() == reports["message_id"].to_list()
    assert (
        linkage.split(reports, 0.0, draw)["incident_id"].to_list()
        == reports["incident_id"].to_list()
    )


@pytest.mark.parametrize("frailty", [None, 0.6])
def test_intervals_cover_when_severities_differ(frailty):
    covered = []
    for seed in range(40):
        data, truth, ratios = incidents_of_known_rate(seed, frailty)
        found = rates.fit(data)
        covered.append((found.low <= truth) & (truth <= found.high))
        covered.append((found.ratio_low <= ratios) & (ratios <= found.ratio_high))
    assert np.mean(covered) > 0.87


def incidents_of_known_rate(seed: int, frailty: float | None):
    """Six districts, three rubrics; severities gamma with the shape ``frailty``."""
    draw = np.random.default_rng(seed)
    rate = 0.05 * np.exp(np.linspace(-0.8, 0.8, 6))
    rubric = np.array([0.6, 1.0, 1.8])
    group, mix = np.repeat(np.arange(6), 40), draw.integers(0, 3, 240)
    days = np.minimum(draw.exponential(20, 240), 60) + 0.01
    severity = draw.gamma(frailty, 1 / frailty, 240) if frailty else np.ones(240)
    data = pl.DataFrame(
        {
            "incident_id": [f"{n:04}" for n in range(240)],
            "group": group,
            "mix": mix.astype(str),
            "duplicates": draw.poisson(rate[group] * rubric[mix] * severity * days),
            "exposure_days": days,
            "silent_days": 0.0,
            "ending": mix.astype(str),
            "home": [f"{n:04}" for n in range(240)],
        }
    )
    level = np.bincount(mix, minlength=3) / 240 @ rubric
    return data, rate * level, rate / np.exp(np.log(rate).mean())


def bare(per_day: dict[str, float], *, lasts: float, seed: int = 0) -> pl.DataFrame:
    """Houses with a trouble each that nobody ever marks as fixed."""
    draw = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for municipality, rate in per_day.items():
        for house in range(1, 121):
            begun = 200 * draw.random()
            days = np.sort(lasts * draw.random(draw.poisson(lasts * rate)))
            rows += [row(len(rows) + n, municipality, house, begun + d) for n, d in enumerate(days)]
    return table(rows)


def test_the_slow_are_not_taken_for_slower_than_they_are():
    planted = {"Лесной": 0.02, "Заречный": 0.2}
    found = trends.reporting(bare(planted, lasts=100), until=START + 500 * DAY).rates
    for municipality, rate in planted.items():
        one = of(found, municipality)
        assert one["rate"] == pytest.approx(rate, rel=0.25)
        assert one["rate_low"] < rate < one["rate_high"]
    assert of(found, "Заречный")["ratio_low"] < np.sqrt(10) < of(found, "Заречный")["ratio_high"]


def test_short_troubles_nobody_marks_do_not_count_as_open():
    found = trends.reporting(bare({"Лесной": 0.2}, lasts=15), until=START + 500 * DAY).rates
    assert of(found, "Лесной")["rate"] == pytest.approx(0.2, rel=0.25)


def test_a_mark_of_a_fix_tells_slow_reports_of_one_incident():
    fixed = START + 100 * DAY
    rows = [row(0, "Лесной", 5, 0), row(1, "Лесной", 5, 20, resolved_at=fixed)]
    rows += [row(2, "Лесной", 5, 90), row(3, "Лесной", 5, 101)]
    found = dict(linkage.by_address(table(rows)).iter_rows())
    assert list(found.values()) == ["m00000", "m00000", "m00000", "m00003"]
    reports, _ = linkage.linked(table(rows), ["municipality"], None)
    watched = linkage.observed(reports, ["municipality"], 60, START + 400 * DAY)
    assert watched["exposure_days"].to_list() == pytest.approx([60, 30])
    assert watched["silent_days"].to_list() == pytest.approx([0, 30])
    assert watched["duplicates"].to_list() == [1, 0]


def test_without_silences_rates_are_reports_over_days():
    data = incidents_of_known_rate(3, None)[0].with_columns(mix=pl.lit(None, pl.String))
    totals = data.group_by("group").agg(pl.col("duplicates", "exposure_days").sum()).sort("group")
    expected = (totals["duplicates"] / totals["exposure_days"]).to_list()
    assert rates.fit(data).rate == pytest.approx(expected, rel=1e-6)


def test_incidents_of_one_house_are_one_witness():
    data, _, _ = incidents_of_known_rate(3, None)
    twice = pl.concat([data, data.with_columns(pl.col("incident_id") + "x")])
    apart = twice.with_columns(home="incident_id")
    once, together, taken_apart = (rates.fit(part) for part in (data, twice, apart))
    width = [np.log(found.high / found.low) for found in (once, together, taken_apart)]
    # The same incidents told twice say nothing new.
    assert width[1] == pytest.approx(width[0], rel=1e-6)
    assert width[2] == pytest.approx(width[0] / np.sqrt(2), rel=0.1)


def test_bad_input_is_named():
    data = region({"Лесной": 0.05}, houses=12)
    with pytest.raises(SchemaError, match="municipality"):
        trends.reporting(data.drop("municipality"))
    with pytest.raises(SchemaError, match="incident_id"):
        trends.reporting(data, incidents=pl.DataFrame({"message_id": ["m"]}))
    with pytest.raises(ParameterError, match="colour"):
        trends.reporting(data, by=("colour",))
    for cap in (0, 10**9):
        with pytest.raises(ParameterError, match="cap from 1"):
            trends.reporting(data, cap=cap)
    for until in (START.replace(tzinfo=None), "2025-01-01"):
        with pytest.raises(ParameterError, match="time zone"):
            trends.reporting(data, until=until)
    once = data.head(1).with_columns(resolved_at=pl.lit(None, pl.Datetime("us", "UTC")))
    for few, until in ((once, None), (data, START - DAY)):
        with pytest.raises(NotEnoughDataError, match="watched after its first report"):
            trends.reporting(few, until=until)
    with pytest.raises(NotEnoughDataError, match="linked"):
        trends.reporting(data.with_columns(text=pl.lit("нет воды")))


def test_a_message_told_twice_is_named():
    data = region({"Лесной": 0.05}, houses=12)
    with pytest.raises(SchemaError, match="m00003 stands on more than one row"):
        trends.reporting(pl.concat([data, data[3:4]]))
    incidents = pl.DataFrame({"message_id": ["m00001"] * 2, "incident_id": ["a", "b"]})
    with pytest.raises(SchemaError, match=r"incidents\).*m00001 stands on more than one row"):
        trends.reporting(data, incidents=incidents)


def gaps(*, severity: float | None, seed: int = 0) -> pl.DataFrame:
    """First two gaps of four hundred incidents of one group, two at a house."""
    draw = np.random.default_rng(seed)
    loud = 1.0 if severity is None else draw.gamma(severity, 1 / severity, 400)
    first, second = draw.exponential(1, (2, 400)) / loud
    return pl.DataFrame(
        {
            columns.INCIDENT_ID: [f"i{n:03}" for n in range(400)],
            columns.MUNICIPALITY: "Первый",
            columns.RUBRIC: "Дороги",
            rates.HOME: [f"{n // 2}" for n in range(400)],
            columns.FIRST_REPORT_AT: pl.Series(range(400)).cast(pl.Datetime("us", "UTC")),
            severity_of.FIRST_GAP: first,
            severity_of.SECOND_GAP: second,
        }
    )


def test_unlike_incidents_are_told_by_their_gaps_and_alike_ones_are_not():
    asked = [columns.MUNICIPALITY]
    assert severity_of.differs(gaps(severity=1.0), asked)
    called = [severity_of.differs(gaps(severity=None, seed=n), asked) for n in range(60)]
    assert np.mean(called) <= 0.15
    assert not severity_of.differs(gaps(severity=1.0).head(1), asked)
