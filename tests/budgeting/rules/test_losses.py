from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import columns as c
from cur_lab.budgeting import PointsRule, compare, losses, tally, winners
from cur_lab.errors import ParameterError
from cur_lab.readers.election import Election

RULES = ("greedy", "greedy-no-skip", "points", "mes", "phragmen")


def election(costs, ballots, budget, vote_type="approval"):
    votes = [
        (f"v{voter}", project, float(points) if vote_type == "cumulative" else None, rank)
        for voter, ballot in enumerate(ballots)
        for rank, (project, points) in enumerate(
            (ballot if isinstance(ballot, dict) else dict.fromkeys(ballot)).items(), 1
        )
    ]
    return Election(
        {"budget": str(budget), "vote_type": vote_type},
        pl.DataFrame(
            {
                "project_id": list(costs),
                "cost": list(costs.values()),
                "points": [len(costs) - i for i in range(len(costs))],
                "municipality": ["Заречье" if i % 2 else "Приволье" for i in range(len(costs))],
            },
            schema_overrides={"cost": pl.Float64, "points": pl.Float64},
        ),
        pl.DataFrame(
            {"voter_id": [f"v{i}" for i in range(len(ballots))]}, schema={"voter_id": pl.String}
        ),
        pl.DataFrame(votes, schema=c.VOTES.schema, orient="row"),
    )


def wins(one, project, rule, options, *, cost=None, voters=0):
    """Run the rule again with another cost or with voters who want this project only."""
    if cost is not None:
        here = pl.col("project_id") == project
        one = replace(
            one,
            projects=one.projects.with_columns(
                pl.when(here).then(pl.lit(float(cost))).otherwise("cost").alias("cost")
            ),
        )
    new = [f"new{i}" for i in range(voters)]
    most = (one.votes["points"].max() or 1.0) if one.vote_type == "cumulative" else None
    added = pl.DataFrame([(v, project, most, 1) for v in new], one.votes.schema, orient="row")
    one = replace(
        one,
        voters=pl.concat([one.voters, pl.DataFrame({"voter_id": new}, {"voter_id": pl.String})]),
        votes=pl.concat([one.votes, added]),
    )
    return project in winners(one, rule=rule, **options)["project_id"]


def test_a_tie_that_goes_to_another_wants_a_unit_less():
    # One vote costs as much for "a", bought first, as for "b": at 2 it loses, at 1 it wins.
    ballots = [{}, {}, {}, {"a": 2, "b": 1}, {"b": 1, "d": 1}, {"d": 1, "a": 2, "b": 3}]
    one = election({"a": 2, "b": 2, "d": 1}, ballots, 6, "cumulative")
    (row,) = losses(one, winners(one, rule="mes"), rule="mes").iter_rows(named=True)
    assert (row["project_id"], row["cost_to_cut"]) == ("b", 1)


@st.composite
def elections(draw):
    kind = draw(st.sampled_from(["approval", "choose-1", "cumulative"]))
    letters = "abdef"[: draw(st.integers(2, 5))]
    costs = {x: draw(st.integers(1, 9)) for x in letters}
    most = 1 if kind == "choose-1" else len(letters)
    ballot = st.lists(st.sampled_from(letters), unique=True, max_size=most)
    ballots = draw(st.lists(ballot, min_size=1, max_size=7))
    if kind == "cumulative":
        ballots = [{x: draw(st.integers(1, 3)) for x in one} for one in ballots]
    return election(costs, ballots, draw(st.integers(1, 20)), kind)


@settings(deadline=None, max_examples=50)
@given(elections(), st.sampled_from(RULES), st.sampled_from([0, 2]), st.booleans())
def test_the_cut_and_the_votes_are_enough_and_no_less_would_do(one, rule, threshold, limited):
    options = {"threshold": threshold}
    if rule == "points" and limited:
        options["points"] = PointsRule(winners_per_municipality=1, money_per_municipality=8)
    frame = losses(one, winners(one, rule=rule, **options), rule=rule, **options)
    c.LOSSES.check(frame, where="losses")
    for row in frame.iter_rows(named=True):
        project, cost, cut, add = (
            row[k] for k in ("project_id", "cost", "cost_to_cut", "votes_to_add")
        )
        if cut is None:
            assert not any(wins(one, project, rule, options, cost=k) for k in range(1, int(cost)))
        else:
            assert wins(one, project, rule, options, cost=cost - cut)
            assert not wins(one, project, rule, options, cost=cost - cut + 1)
        if add is None:
            assert not wins(one, project, rule, options, voters=12)
        else:
            assert wins(one, project, rule, options, voters=add)
            assert not wins(one, project, rule, options, voters=add - 1)


@settings(deadline=None, max_examples=30)
@given(elections(), st.sampled_from(RULES))
def test_rivals_are_those_whose_withdrawal_lets_it_in(one, rule):
    chosen = winners(one, rule=rule)
    for row in losses(one, chosen, rule=rule).iter_rows(named=True):
        for rival in chosen["project_id"]:
            without = replace(
                one,
                projects=one.projects.with_columns(
                    pl.when(pl.col("project_id") == rival).then(0.0).otherwise("cost").alias("cost")
                ),
            )
            let_in = row["project_id"] in winners(without, rule=rule)["project_id"]
            assert let_in == (rival in row["rivals"])


def test_a_project_that_takes_all_money_wins_by_being_wanted_most():
    one = election({"a": 1, "b": 1}, ["ab"], 1)
    assert losses(one, winners(one, rule="mes"), rule="mes")["votes_to_add"].to_list() == [1]


def test_a_worked_example():
    one = election({"a": 60, "b": 50, "d": 40, "e": 200, "f": 0}, ["abd", "ab", "ae"], 100)
    frame = losses(one, winners(one)).rows_by_key("project_id", named=True, unique=True)
    assert frame["b"] == {
        "votes": 2,
        "score": 2.0,
        "cost": 50.0,
        "cost_to_cut": 10.0,
        "votes_to_add": 2,
        "rivals": ["a"],
        "why": "too_dear",
    }
    assert frame["e"]["why"] == "above_budget"
    assert frame["e"]["votes_to_add"] is None
    assert frame["f"]["why"] == "withdrawn"
    assert frame["f"]["votes"] == 0
    assert frame["f"]["cost_to_cut"] is None


def test_a_withdrawn_project_keeps_its_votes():
    one = election({"a": 60, "f": 0}, ["af", "f", "a", "f"], 100)
    lost = losses(one, winners(one))
    assert lost.select("project_id", "votes", "score", "why").rows() == [("f", 3, 3.0, "withdrawn")]
    assert tally(one).select("project_id", "votes", "score").rows() == [
        ("a", 2, 2.0),
        ("f", 3, 3.0),
    ]


def test_under_raised_shares_the_shares_stay_where_the_rule_ended():
    one = election({"a": 36, "b": 90}, ["a", "a", "a", "b", "b"], 50)
    frame = losses(one, winners(one, rule="mes-add1"), rule="mes-add1")
    # a is bought at shares of 12, so the two who want b hold 24 and it would have to cost that.
    assert frame["cost_to_cut"].to_list() == [66.0]


def test_winners_of_another_rule_are_refused():
    one = election({"a": 50, "b": 50, "d": 40}, ["ab"] * 6 + ["d"] * 4, 100)
    with pytest.raises(ParameterError, match="not the winners"):
        losses(one, winners(one, rule="mes"))
    with pytest.raises(ParameterError, match="not defined"):
        losses(one, winners(one, rule="equalshares/add1"), rule="equalshares/add1")


def test_rules_are_compared_where_projects_lie_nowhere():
    vote = election({"a": 3.0, "b": 2.0}, [["a"], ["a", "b"]], 4)
    places = pl.DataFrame({"municipality": ["Заречье", "Приволье"], "population": [100, 200]})
    nowhere = replace(vote, projects=vote.projects.drop("municipality"))
    found = compare(nowhere, rules=["greedy"], municipalities=places)
    assert found["gini"].to_list() == [None, None]
    assert found["n_winners"].to_list() == [1, 2]
    assert compare(vote, rules=["greedy"], municipalities=places)["gini"].null_count() == 0
