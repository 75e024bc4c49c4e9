"""Promises: what has become of them, and what people write afterwards."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns, datasets, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
END = START + 200 * DAY


def table(*rows: dict[str, object]) -> pl.DataFrame:
    """Promises about potholes in one district; days count from the first of March."""
    times = {"made": "made_at", "due": "due_at", "done": "done_at"}
    records = [
        {
            "commitment_id": f"о-{number}",
            "municipality": row.get("place", "Лесной"),
            "rubric": row.get("rubric", "Ямы"),
            "text": row.get("text", "Заделать ямы"),
            **{
                name: None
                if row.get(day, 0 if day == "made" else None) is None
                else START + row.get(day, 0) * DAY
                for day, name in times.items()
            },
        }
        for number, row in enumerate(rows)
    ]
    schema = columns.COMMITMENTS.full_schema
    frame = pl.DataFrame(records, schema_overrides={n: schema[n] for n in records[0]})
    return columns.COMMITMENTS.conform(frame)


def complaints(counts: dict[str, list[int]]) -> pl.DataFrame:
    """So many complaints of each district in each month from ten days before the promise."""
    rows = [
        {
            "message_id": f"{place}-{month}-{number}",
            "published_at": START + (30 * month - 29) * DAY + number * timedelta(minutes=7),
            "municipality": place,
            "rubric": "Ямы",
            "text": f"{place} {month} {number} яма на дороге у дома",
            "family": f"{place}-{month}-{number}",
            "template": "яма на дороге",
        }
        for place, months in counts.items()
        for month, size in enumerate(months)
        for number in range(size)
    ]
    return pl.DataFrame(rows).with_columns(pl.col("published_at").dt.cast_time_unit("us"))


def fates(*rows: dict[str, object], **more: object) -> list[str]:
    found = trends.promises(table(*rows), until=END, **more).ledger
    return found.sort("commitment_id")["fate"].to_list()


def test_the_fate_of_a_promise_is_that_of_its_dates():
    rows = [
        {"due": 30, "done": 20},
        {"due": 30, "done": 40},
        {"due": 30},
        {"due": 300},
        {},
        {"done": 20},
        {"due": 30, "done": 201},
    ]
    assert fates(*rows) == [
        *("kept", "late", "overdue", "open", "no_term", "no_term_done", "overdue")
    ]


def test_nothing_known_later_changes_the_fate():
    early = trends.promises(table({"due": 30, "done": 40}), until=START + 10 * DAY)
    assert early.ledger["fate"].to_list() == ["open"]
    assert early.ledger["done_at"].to_list() == [None]


def test_dates_that_contradict_each_other_are_named():
    rows = [{"due": -3}, {"done": -3}, {"made": 300}, {"due": 30}]
    found = trends.promises(table(*rows), until=END)
    assert found.rejected["reason"].to_list() == [
        *("due_before_made", "done_before_made", "promised_later")
    ]
    assert found.ledger.height == 1


def test_overdue_promises_come_first_and_the_oldest_of_them():
    rows = [{"due": 30, "done": 20}, {"due": 60}, {"due": 30}, {"due": 300}]
    found = trends.promises(table(*rows), until=END).ledger
    assert found["commitment_id"].to_list() == ["о-2", "о-1", "о-3", "о-0"]
    assert found["days_to_due"][0] == pytest.approx(170)


def test_a_decision_about_the_same_comes_between_promise_and_fix():
    taken = columns.DECISIONS.conform(
        pl.DataFrame(
            {
                "decision_id": ["before", "elsewhere", "region", "later"],
                "decided_at": [START + days * DAY for days in (-1, 2, 3, 40)],
                "kind": ["money"] * 4,
                "scope": ["municipality", "municipality", "region", "municipality"],
                "rubric": ["Ямы"] * 4,
                "municipality": ["Лесной", "Дальний", None, "Лесной"],
                "title": ["Ремонт"] * 4,
                "budget": [1.0, 2.0, 3.0, 4.0],
            }
        ).with_columns(pl.col("decided_at").dt.cast_time_unit("us"))
    )
    row = trends.promises(table({"due": 30, "done": 20}), decisions=taken, until=END).ledger
    assert row.select("decision_id", "budget").row(0) == ("region", 3.0)
    rows = table({"due": 30, "done": 1})
    assert trends.promises(rows, decisions=taken, until=END).ledger["decision_id"][0] is None


def test_complaints_afterwards_are_measured_against_the_other_districts():
    others = {f"Округ {n}": [20, 40] for n in range(6)}
    promised = table({"due": 30, "done": 1})
    fell = trends.promises(promised, complaints(others | {"Лесной": [40, 20]}), until=END).ledger
    row = fell.row(0, named=True)
    assert (row["cases_before"], row["cases_after"]) == (40, 20)
    # Twice as many elsewhere and half as many here is a quarter of what was to be expected.
    assert row["change"] == pytest.approx(-0.75, abs=0.02)
    assert row["change_low"] < row["change"] < row["change_high"] < 0
    alike = trends.promises(promised, complaints(others | {"Лесной": [20, 40]}), until=END).ledger
    assert alike["change_low"][0] < 0 < alike["change_high"][0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"due": 190}, "not_followed"),
        ({}, "not_followed"),
        ({"due": 1, "rubric": None}, "promise_without_rubric"),
        ({"due": 1, "place": None}, "no_others"),
        ({"due": 1, "rubric": "Вода"}, "few_complaints"),
    ],
)
def test_where_no_change_is_told_the_reason_is(row, reason):
    data = complaints({f"Округ {n}": [20, 40] for n in range(6)} | {"Лесной": [40, 20]})
    found = trends.promises(table(row), data, until=END).ledger
    assert found["reason"].to_list() == [reason]
    assert found["change"].to_list() == [None]


def test_the_interval_covers_districts_that_scatter():
    """Nothing is planted: a change is told in about one of twenty, scatter or none."""
    draw = np.random.default_rng(11)
    promised, told = table({"due": 30, "done": 1}), 0
    for _ in range(120):
        wild = draw.gamma(6, 1 / 6, size=(13, 2)) * [30, 40]
        sizes = draw.poisson(wild).tolist()
        data = complaints({"Лесной": sizes[0]} | {f"О{n}": s for n, s in enumerate(sizes[1:])})
        row = trends.promises(promised, data, until=END).ledger.row(0, named=True)
        told += not row["change_low"] <= 0 <= row["change_high"]
    assert told <= 12


def test_the_promises_of_the_sample_have_the_planted_fate():
    region, planted = datasets.load("zarechye"), datasets.truth("zarechye").tables["commitments"]
    found = trends.promises(region.tables["commitments"], until=datetime(2026, 1, 1, tzinfo=UTC))
    both = found.ledger.join(planted, on="commitment_id", suffix="_planted")
    assert both.height == planted.height == 40
    alike = {
        "kept": {"kept", "open"},
        "late": {"late", "overdue", "open"},
        "forgotten": {"overdue", "open"},
        "no_term": {"no_term", "no_term_done"},
    }
    assert all(row["fate"] in alike[row["fate_planted"]] for row in both.to_dicts())


def test_what_cannot_be_asked_is_an_error():
    with pytest.raises(SchemaError):
        trends.promises(table({}).drop("due_at"))
    with pytest.raises(NotEnoughDataError):
        trends.promises(table({"made": None}))
    with pytest.raises(ParameterError, match="time zone"):
        trends.promises(table({}), until=datetime(2025, 6, 1))  # noqa: DTZ001
