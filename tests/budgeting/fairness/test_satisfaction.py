from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import (
    Bonus,
    PointsRule,
    compare,
    proportionality,
    satisfaction,
    sensitivity,
    winners,
)
from cur_lab.errors import ParameterError
from cur_lab.readers.election import Election


def election(costs, ballots, budget, **columns):
    votes = [
        (f"v{voter}", project, None, rank)
        for voter, ballot in enumerate(ballots)
        for rank, project in enumerate(ballot, 1)
    ]
    return Election(
        {"budget": str(budget), "vote_type": "approval"},
        pl.DataFrame(
            {"project_id": list(costs), "cost": list(costs.values()), **columns},
            schema_overrides={"project_id": pl.String, "cost": pl.Float64},
        ),
        pl.DataFrame(
            {"voter_id": [f"v{i}" for i in range(len(ballots))]}, schema={"voter_id": pl.String}
        ),
        pl.DataFrame(votes, schema=c.VOTES.schema, orient="row"),
    )


def funded(*projects):
    return pl.DataFrame({"project_id": projects}, schema={"project_id": pl.String})


def values(frame):
    return dict(frame.select("metric", "share").iter_rows())


def test_satisfaction_of_a_worked_example():
    # Cost per vote: a 20, b 25, d 40. Shares of 100 / 5 = 20; the fifth voter chose nothing.
    one = election({"a": 60, "b": 50, "d": 40}, ["ab", "ab", "a", "d", ""], 100)
    frame = satisfaction(one, funded("b"))
    found = values(frame)
    assert found["exclusion"] == pytest.approx(2 / 4)
    assert found["funded_cost"] == pytest.approx((0.5 + 0.5) / 4)
    assert found["fair_share"] == pytest.approx(2 / 4)
    assert frame[c.N_VOTERS].to_list() == [4, 4, 4]
    assert values(satisfaction(one, funded()))["exclusion"] == 1
    assert values(satisfaction(one, funded("a", "b", "d")))["fair_share"] == 1
    # b gives 2 / 25 of the way to 20 when it is cheap.
    cheap = election({"a": 60, "b": 4}, ["ab", "ab", "a"], 60)
    assert values(satisfaction(cheap, funded("b")))["fair_share"] == pytest.approx(2 * (2 / 20) / 3)


def test_intervals_of_satisfaction_cover_the_mean_of_the_population():
    rng = np.random.default_rng(5)
    covered = 0
    for seed in range(60):
        ballots = ["a" if x < 0.3 else "b" for x in rng.random(200)]
        low, high = satisfaction(
            election({"a": 1, "b": 1}, ballots, 2), funded("a"), repeats=300, seed=seed
        ).row(0)[2:4]
        covered += low <= 0.7 <= high
    assert covered >= 51  # P(fewer | 95 % coverage) < 0.002


def test_no_voters_give_an_empty_table_and_strangers_an_error():
    one = election({"a": 10}, [], 100)
    assert satisfaction(one, funded()).height == 0
    assert proportionality(one, funded()).height == 0
    with pytest.raises(ParameterError, match="not in the election"):
        satisfaction(one, funded("z"))
    with pytest.raises(ParameterError, match="not in the election"):
        proportionality(one, funded("z"))


def test_a_minority_that_could_pay_for_its_project_is_found():
    # Four of ten may dispose of 40 and want d for 40; all the money went to the others.
    one = election({"a": 50, "b": 50, "d": 40}, ["ab"] * 6 + ["d"] * 4, 100)
    row = proportionality(one, winners(one)).row(0, named=True)
    assert row == {
        "project_id": "d",
        "municipality": None,
        "cost": 40.0,
        "supporters": 4,
        "group_size": 4,
        "entitled": 40.0,
        "received": 0.0,
        "missed": 0.0,
        "violated": True,
    }
    assert not proportionality(one, winners(one, rule="mes"))["violated"].any()
    assert not proportionality(one, winners(one), budget=99)["violated"].any()


def test_each_ballot_district_has_its_own_money_and_voters():
    # For the whole, two voters of ten may dispose of 20; in their own district of 50.
    one = election(
        {"a": 60, "b": 45},
        ["a"] * 8 + ["b"] * 2,
        100,
        municipality=["Заречье", "Приволье"],
    )
    assert not proportionality(one, funded("a"))["violated"].any()
    by_district = proportionality(one, funded("a"), budgets={"Заречье": 50, "Приволье": 50})
    assert by_district.rows() == [("b", "Приволье", 45.0, 2, 2, 50.0, 0.0, 5.0, True)]


@st.composite
def elections(draw):
    letters = "abdef"[: draw(st.integers(1, 5))]
    costs = {x: draw(st.integers(1, 6)) for x in letters}
    ballot = st.lists(st.sampled_from(letters), unique=True)
    ballots = draw(st.lists(ballot, min_size=1, max_size=6))
    return election(costs, ballots, draw(st.integers(1, 14)))


@settings(deadline=None, max_examples=100)
@given(elections(), st.data())
def test_violations_are_those_of_the_definition(one, data):
    """Try every group of voters and every project they share."""
    projects = one.projects["project_id"].to_list()
    won = data.draw(st.lists(st.sampled_from(projects), unique=True))
    cost = dict(one.projects.select("project_id", "cost").iter_rows())
    voters = one.voters["voter_id"].to_list()
    chosen = {v: set(one.votes.filter(pl.col("voter_id") == v)["project_id"]) for v in voters}
    got = {v: sum(cost[p] for p in chosen[v] & set(won)) for v in voters}
    wronged = {
        p
        for size in range(1, len(voters) + 1)
        for group in combinations(voters, size)
        for p in set.intersection(*(chosen[v] for v in group)) - set(won)
        if all((got[v] + cost[p]) * len(voters) <= size * one.budget for v in group)
    }
    frame = proportionality(one, funded(*won))
    assert set(frame.filter("violated")["project_id"]) == wronged


@settings(deadline=None, max_examples=100)
@given(elections())
def test_equal_shares_wrong_no_group(one):
    assert not proportionality(one, winners(one, rule="mes"))["violated"].any()


def test_rules_stand_side_by_side_at_both_budgets():
    one = election({"a": 50, "b": 50, "d": 40}, ["ab"] * 6 + ["d"] * 4, 100)
    frame = compare(one)
    c.COMPARISON.check(frame, where="comparison")
    assert frame.select("budget", "rule").rows()[:2] == [(100.0, "greedy"), (100.0, "mes")]
    assert frame["budget"].unique().sort().to_list() == [100.0, 200.0]
    greedy, mes = frame.row(0, named=True), frame.row(1, named=True)
    assert (greedy["exclusion"], mes["exclusion"]) == (0.4, 0.0)
    assert (greedy["n_violated"], mes["n_violated"]) == (1, 0)
    assert_frame_equal(frame, compare(one))
    assert frame["rule"].unique().sort().to_list() == ["greedy", "mes", "mes-add1", "phragmen"]
    placed = election(
        {"a": 50, "b": 50}, ["a"] * 6 + ["b"] * 4, 50, municipality=["А", "Б"], points=[0.0, 9.0]
    )
    places = pl.DataFrame({"municipality": ["А", "Б"], "population": [100, 100]})
    told = compare(placed, municipalities=places).filter(budget=50.0)
    # All the money lies in one of two equal places, by whatever rule; points turn the outcome.
    assert "points" in told["rule"].to_list()
    assert told.drop_nulls("gini")["gini"].unique().to_list() == [0.5]
    assert compare(election({}, [], 10)).is_empty()


def test_a_bonus_that_decides_is_named():
    one = election(
        {"a": 10, "b": 10}, ["a", "a", "b"], 10, family=[0, 1], income=[0.0, 0.5], points=[0, 0]
    )
    rule = PointsRule(bonuses=(Bonus("family", 50), Bonus("income", 1, at_most=10)))
    assert sensitivity(one, points=rule).rows() == [("family", "a", False), ("family", "b", True)]
    assert sensitivity(one).height == 0
