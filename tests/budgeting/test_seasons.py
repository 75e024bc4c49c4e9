"""Campaigns side by side: known answers, breaks, who returns, what more money bought."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import budgeting
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.readers import Election


def campaign(year, votes, *, budget=300.0, days=10, applicants=None, channel="esia", timed=True):
    """One project of 100 for each entry of `votes`, cast evenly over the days."""
    start = datetime(year, 3, 9, 21, tzinfo=UTC)
    rows = [(f"p{n}", v) for n, many in enumerate(votes) for v in range(many)]
    cast = pl.DataFrame(
        {
            "voter_id": [f"{year}-{project}-{v}" for project, v in rows],
            "project_id": [project for project, _ in rows],
            "channel": channel,
            "cast_at": [
                start + timedelta(minutes=round((place + 0.5) / len(rows) * days * 1440))
                for place in range(len(rows))
            ],
        }
    ).with_columns(pl.col("cast_at").dt.cast_time_unit("us"))
    projects = pl.DataFrame(
        {
            "project_id": [f"p{n}" for n in range(len(votes))],
            "cost": [100.0] * len(votes),
            "municipality": [f"район {n % 2}" for n in range(len(votes))],
            "applicant": applicants or [f"ТОС «{n}»" for n in range(len(votes))],
        }
    )
    meta = {"budget": f"{budget:g}", "vote_type": "choose-1"}
    cast = cast if timed else cast.drop("cast_at")
    return Election(meta, projects, cast.select("voter_id"), cast)


FIRST, SECOND = (
    campaign(2023, [9, 8, 7, 6], budget=200),
    campaign(2024, [12, 18, 24, 6], days=20, budget=400),
)


def changes(result):
    return {row["metric"]: row for row in result.changes.iter_rows(named=True)}


def test_campaigns_stand_in_order_of_time_whatever_their_names():
    result = budgeting.seasons({"а": SECOND, "б": FIRST})
    assert result.campaigns["campaign"].to_list() == ["б", "а"]
    assert result.campaigns["length_days"].to_list() == [10, 20]
    assert result.campaigns["votes_per_100"].to_list() == [None, None]


def test_votes_are_compared_at_equal_shares_of_campaigns_of_unlike_length():
    people = pl.DataFrame({"municipality": ["район 0", "район 1"], "population": [50, 50]})
    result = budgeting.seasons({"2023": FIRST, "2024": SECOND}, people)
    told = changes(result)
    assert told["votes"]["ratio"] == 2
    # As many a day, in twice as many days: that is no sign of either.
    assert told["votes_per_day"]["value_then"] == told["votes_per_day"]["value_now"]
    assert told["votes_per_day"]["ratio"] is None
    assert told["votes_per_day"]["note"] == "unlike_length"
    for share in ("quarter", "half", "three_quarters"):
        assert told[f"votes_at_{share}"]["ratio"] == pytest.approx(2, abs=0.2)
    assert told["votes_at_half"]["ratio"] == 2
    assert told["votes_per_100"]["value_now"] == 60
    assert result.course.filter(elapsed=1.0)["votes"].to_list() == [30, 60]


def test_campaigns_of_one_length_are_compared_per_day_too():
    told = changes(budgeting.seasons({"a": FIRST, "b": campaign(2024, [20, 20, 15, 5])}))
    assert told["votes_per_day"]["ratio"] == 2


def test_residents_told_twice_are_an_error_and_unknown_ones_no_rate():
    places = pl.DataFrame({"municipality": ["район 0", "район 1"], "population": [50, None]})
    result = budgeting.seasons({"a": FIRST, "b": SECOND}, places)
    assert result.campaigns["votes_per_100"].null_count() == 2
    with pytest.raises(SchemaError, match="район 0 is told twice"):
        budgeting.seasons({"a": FIRST, "b": SECOND}, pl.concat([places, places[:1]]))


def test_what_breaks_the_series_is_named():
    other = campaign(2024, [30, 20], budget=200, days=30, channel="sms")
    breaks = budgeting.seasons({"a": FIRST, "b": other}).breaks
    assert {
        row["break"]: (row["before"], row["after"]) for row in breaks.iter_rows(named=True)
    } == {
        "length": ("10", "30"),
        "channel_opened": (None, "sms"),
        "channel_closed": ("esia", None),
    }
    assert budgeting.seasons(
        {"a": FIRST, "b": campaign(2024, [9, 9], budget=200)}
    ).breaks.is_empty()


def test_who_returns_is_told_by_the_name_of_the_applicant():
    later = campaign(
        2024, [9, 1, 8, 1], budget=200, applicants=['ТОС "0"', "Новый двор", "тос  1", "ТОС 3"]
    )
    table = budgeting.seasons({"a": FIRST, "b": later}).applicants
    rows = {
        row["group"]: (row["n_projects"], row["n_winners"]) for row in table.iter_rows(named=True)
    }
    assert rows == {"won_before": (2, 2), "lost_before": (1, 0), "new": (1, 0)}
    assert (table["won_share_low"] <= table["won_share"]).all()


def test_what_the_larger_budget_bought():
    result = budgeting.seasons({"2023": FIRST, "2024": SECOND})
    assert result.bought.select("budget", "n_winners", "least_votes", "without_winner").rows() == [
        (200.0, 2, 18, 0),
        (400.0, 4, 6, 0),
    ]


def test_without_times_the_rest_is_told():
    result = budgeting.seasons({"a": campaign(2023, [2, 1], timed=False), "b": SECOND})
    told = changes(result)
    assert told["votes"]["ratio"] == 20
    assert (told["votes_per_day"]["ratio"], told["votes_per_day"]["note"]) == (
        None,
        "not_comparable",
    )
    assert result.course["campaign"].unique().to_list() == ["b"]


def test_one_campaign_cannot_be_compared():
    with pytest.raises(NotEnoughDataError) as raised:
        budgeting.seasons({"a": FIRST})
    assert raised.value.code == "one_campaign"
