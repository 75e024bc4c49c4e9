"""What became of the winners: known answers, censoring, what is not told."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import budgeting
from cur_lab.errors import NotEnoughDataError
from cur_lab.readers import Election

END = datetime(2024, 3, 31, 21, tzinfo=UTC)  # midnight of 1 April in Moscow
DAY = timedelta(days=1)


def election(**columns):
    number = len(next(iter(columns.values())))
    projects = pl.DataFrame(
        {"project_id": [f"p{n:03}" for n in range(number)], "cost": [100.0] * number, **columns}
    )
    votes = pl.DataFrame(
        {"voter_id": ["a"], "project_id": ["p000"], "cast_at": [END - DAY / 2]}
    ).with_columns(pl.col("cast_at").dt.cast_time_unit("us"))
    meta = {"budget": "1000", "vote_type": "choose-1", "date_end": "31.03.2024"}
    return Election(meta, projects, votes.select("voter_id"), votes)


def delivered(*, at=None, **columns):
    subject = election(**columns)
    return budgeting.delivery(subject, subject.projects, at=at)


def value(result, metric):
    return result.overall.row(by_predicate=pl.col("metric") == metric, named=True)


def after(*days):
    return [None if day is None else (END + day * DAY).isoformat() for day in days]


def test_states_follow_from_days_and_status():
    result = delivered(
        at=END + 300 * DAY,
        status=["completed", None, None, "under_way", "cancelled", None, "completed"],
        completed_at=after(100, 250, None, None, None, None, None),
        due_at=after(200, 200, 200, 400, 200, None, 200),
    )
    assert result.projects["delivery"].to_list() == [
        "built", "built_late", "overdue", "under_way", "cancelled", "unknown", "built"
    ]  # fmt: skip
    assert result.projects["days_late"].to_list() == [None, 50, 100, None, None, None, None]
    assert result.projects["days_taken"].to_list() == [100, 250, None, None, None, None, None]
    assert dict(result.states.select("delivery", "projects").rows()) == {
        "built": 2, "built_late": 1, "overdue": 1, "under_way": 1, "cancelled": 1, "unknown": 1
    }  # fmt: skip
    # One in time, one late, one overdue; of the undated one it is not known.
    late = value(result, "late")
    assert (late["value"], late["projects"]) == (pytest.approx(2 / 3), 3)
    assert dict(result.checks.select("reason", "number").rows()) == {"completed_undated": 1}


def test_what_was_finished_later_is_not_known_at_the_time():
    days = after(10, 20, 30, 40)
    early = delivered(completed_at=days, at=END + 25 * DAY)
    assert early.projects["delivery"].to_list() == ["built"] * 2 + ["under_way"] * 2
    assert early.checks["reason"].to_list() == ["completed_later"]
    # By default the last day that is told.
    assert delivered(completed_at=days).at == END + 40 * DAY


def test_waiting_counts_those_who_still_wait():
    """Of ten, four were built after 10 to 40 days, six still wait: no median yet."""
    result = delivered(completed_at=after(10, 20, 30, 40, *[None] * 6), due_at=after(*[90] * 10))
    assert value(result, "days_taken")["note"] == "not_half"
    assert result.curve["share"].max() == pytest.approx(0.4)
    more = delivered(
        completed_at=after(10, 20, 30, 40, 50, 60, *[None] * 4), due_at=after(*[90] * 10)
    )
    assert value(more, "days_taken")["value"] == 50


def test_costs_are_a_ratio_of_sums():
    result = delivered(actual_cost=[100.0, 150.0, 110.0, None, 100.5, 90.0])
    ratio, dearer = value(result, "cost_ratio"), value(result, "dearer")
    assert ratio["value"] == pytest.approx(550.5 / 500)
    assert ratio["value_low"] < ratio["value"] < ratio["value_high"]
    assert (dearer["value"], dearer["projects"]) == (0.4, 5)
    few = value(delivered(actual_cost=[150.0, 100.0]), "cost_ratio")
    assert (few["value"], few["value_low"], few["note"]) == (1.25, None, "few_projects")


def test_the_budget_pays_what_the_others_do_not():
    result = delivered(
        paid_by_residents=["5", "5", None],
        paid_by_municipality=[15.0, 15.0, 15.0],
        paid_by_sponsors=[0.0, 10.0, 0.0],
    )
    shares = dict(result.payers.select("payer", "share").rows())
    assert shares == {
        "residents": 0.05, "municipality": 0.15, "sponsors": pytest.approx(0.1 / 3), "budget": 0.75
    }  # fmt: skip


def test_only_winners_are_followed():
    subject = election(status=["completed", "cancelled"])
    result = budgeting.delivery(subject, subject.projects.head(1))
    assert result.projects["project_id"].to_list() == ["p000"]


def test_a_status_nobody_knows_is_counted_not_guessed():
    result = delivered(status=["ждём подрядчика", "completed"])
    assert result.projects["delivery"].to_list() == ["unknown", "built"]
    assert ("strange_status", 1) in result.checks.select("reason", "number").rows()


def test_nothing_told_is_said():
    with pytest.raises(NotEnoughDataError) as raised:
        delivered(title=["Двор", "Сквер"])
    assert raised.value.code == "not_followed"
    subject = election(status=["completed"])
    with pytest.raises(NotEnoughDataError):
        budgeting.delivery(subject, subject.projects.clear())


def test_the_interval_of_late_projects_covers_and_can_fail():
    """Planted shares of late projects lie in the interval about as often as it says."""
    draw, covered = np.random.default_rng(0), 0
    for _ in range(60):
        late = draw.random(40) < 0.3
        result = delivered(
            completed_at=after(*np.where(late, 120, 80).tolist()), due_at=after(*[100] * 40)
        )
        row = value(result, "late")
        covered += row["value_low"] <= 0.3 <= row["value_high"]
    assert covered >= 52
