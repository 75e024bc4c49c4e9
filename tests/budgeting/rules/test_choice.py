from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import Bonus, PointsRule, tally, winners
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.readers.election import Election
from cur_lab.readers.pabulib import read_pabulib

RULES = (
    "greedy",
    "greedy-no-skip",
    "mes",
    "mes-add1",
    "equalshares/add1",
    "phragmen",
)


def election(
    costs: dict[str, float],
    ballots: list[dict[str, float] | list[str] | str],
    budget: float,
    vote_type: str = "approval",
    **projects: list[object],
) -> Election:
    """Ballots: a string of one-letter projects, a list of them, or project to points."""
    votes = []
    for voter, ballot in enumerate(ballots):
        points = ballot if isinstance(ballot, dict) else dict.fromkeys(ballot)
        for rank, (project, given_) in enumerate(points.items(), 1):
            votes.append((f"v{voter}", project, given_, rank))
    return Election(
        {"budget": str(budget), "vote_type": vote_type},
        pl.DataFrame(
            {"project_id": list(costs), "cost": list(costs.values()), **projects},
            schema_overrides={"project_id": pl.String, "cost": pl.Float64},
        ),
        pl.DataFrame(
            {"voter_id": [f"v{i}" for i in range(len(ballots))]}, schema={"voter_id": pl.String}
        ),
        pl.DataFrame(votes, schema=c.VOTES.schema, orient="row"),
    )


def ids(frame: pl.DataFrame) -> list[str]:
    return frame[c.PROJECT_ID].to_list()


# --- known answers ------------------------------------------------------------------------------


def test_greedy_passes_over_what_does_not_fit_and_no_skip_ends_there():
    one = election({"a": 60, "b": 50, "d": 40}, ["abd", "ab", "a"], 100)
    assert ids(winners(one)) == ["a", "d"]
    assert ids(winners(one, rule="greedy-no-skip")) == ["a"]
    assert ids(winners(one, budget=150)) == ["a", "b", "d"]


def test_a_tie_goes_to_the_smaller_identifier_and_is_told():
    one = election({"b": 60, "a": 60}, ["ab", "ab"], 60)
    for rule in RULES:
        frame = winners(one, rule=rule)
        assert ids(frame) == ["a"]
        if rule != "phragmen":
            assert frame[c.TIED].to_list() == [["b"]]


def test_equal_shares_gives_a_minority_what_it_can_pay_for():
    # Six of ten want a and b, four want d: each group can spend its own part of 100.
    one = election({"a": 50, "b": 50, "d": 40}, ["ab"] * 6 + ["d"] * 4, 100)
    assert ids(winners(one)) == ["a", "b"]
    assert ids(winners(one, rule="mes")) == ["a", "d"]
    frame = winners(one, rule="mes")
    assert frame[c.WHY].to_list() == ["cheapest_voice"] * 2
    assert frame[c.DECIDING][0] == pytest.approx(50 / 6)


def test_raised_shares_spend_what_plain_equal_shares_leave():
    # Shares of 10: supporters of a hold 30 and need 36, which three raises give them.
    one = election({"a": 36, "b": 90}, ["a", "a", "a", "b", "b"], 50)
    assert ids(winners(one, rule="mes")) == []
    assert ids(winners(one, rule="mes-add1")) == ["a"]


def test_phragmen_buys_when_supporters_have_earned_the_cost():
    # a at 6/3 = 2; then b: 2 supporters, one of them has paid 2 at time 2, so (5 + 2) / 2 = 3.5;
    # d alone needs 4.
    one = election({"a": 6, "b": 5, "d": 4}, ["ab", "a", "a", "b", "d"], 100)
    assert ids(winners(one, rule="phragmen")) == ["a", "b", "d"]
    assert ids(winners(one, rule="phragmen", budget=10)) == ["a"]


def test_points_and_ranks_count_as_the_organiser_counts_them():
    points = election({"a": 1, "b": 1}, [{"a": 3, "b": 1}, {"b": 1}], 1, "cumulative")
    assert ids(winners(points)) == ["a"]
    ranks = election({"a": 1, "b": 1, "d": 1}, ["abd", "bad", "bda"], 1, "ordinal")
    assert tally(ranks)[c.SCORE].to_list() == [6.0, 8.0, 4.0]
    assert tally(ranks)[c.VOTES_COUNT].to_list() == [3, 3, 3]


def test_withdrawn_projects_and_those_nobody_chose():
    one = election({"a": 0, "b": 999_999_999, "d": 10, "e": 10}, ["abd"], 1e10)
    for rule in RULES:
        assert "a" not in ids(winners(one, rule=rule))
        assert "b" not in ids(winners(one, rule=rule))
    assert ids(winners(one, rule="mes-add1")) == ["d"]


def test_the_stated_threshold_binds_greedy_rules_only():
    one = election({"a": 1, "b": 1}, ["ab", "a"], 10)
    one.meta["min_project_score_threshold"] = "2"
    assert ids(winners(one)) == ["a"]
    assert ids(winners(one, threshold=0)) == ["a", "b"]
    assert ids(winners(one, rule="mes")) == ["a", "b"]
    assert ids(winners(one, rule="mes", threshold=2)) == ["a"]


def test_points_rule_adds_bonuses_and_keeps_to_the_limits():
    one = election(
        {"a": 10, "b": 10, "d": 10},
        ["a", "a", "a", "b", "b", "d"],
        30,
        points=[0.0, 0.0, 25.0],
        income=[None, 100.0, 0.0],
        municipality=["Заречье", "Заречье", "Приволье"],
    )
    assert ids(winners(one, rule="points")) == ["d", "a", "b"]
    capped = PointsRule(bonuses=(Bonus("points", at_most=2.5), Bonus("income", 0.1, at_most=10)))
    frame = winners(one, rule="points", points=capped)
    assert ids(frame) == ["b", "d", "a"]
    assert frame.select(c.WHY, c.DECIDING).row(0) == ("by_score", 12.0)
    assert ids(winners(one, rule="points", points=PointsRule(winners_per_municipality=1))) == [
        "d",
        "a",
    ]
    assert ids(winners(one, rule="points", points=PointsRule(money_per_municipality=15))) == [
        "d",
        "a",
    ]
    with pytest.raises(SchemaError, match="family"):
        winners(one, rule="points", points=PointsRule(bonuses=(Bonus("family"),)))


@pytest.mark.parametrize("rule", RULES)
def test_empty_elections_have_no_winners(rule):
    for one in (
        election({}, [], 100),
        election({"a": 10}, [], 0),
        election({"a": 10}, [""], 5),
        election({"a": 10}, ["a"], 5),
    ):
        frame = winners(one, rule=rule)
        assert frame.height == 0
        c.WINNERS.check(frame, where="winners")


def test_bad_input_is_told():
    one = election({"a": 10}, ["a"], 5)
    with pytest.raises(ParameterError, match="One of greedy"):
        winners(one, rule="lottery")
    with pytest.raises(ParameterError):
        winners(one, budget=float("nan"))
    with pytest.raises(SchemaError, match="in no other table"):
        winners(Election(one.meta, one.projects.clear(), one.voters, one.votes))
    with pytest.raises(SchemaError, match="in no other table"):
        winners(Election(one.meta, one.projects, one.voters.clear(), one.votes))
    with pytest.raises(SchemaError, match="twice"):
        winners(Election(one.meta, one.projects, one.voters, pl.concat([one.votes, one.votes])))
    with pytest.raises(SchemaError, match="told twice"):
        winners(Election(one.meta, pl.concat([one.projects] * 2), one.voters, one.votes))
    with pytest.raises(ParameterError, match="no points"):
        winners(Election(one.meta | {"vote_type": "scoring"}, one.projects, one.voters, one.votes))


# --- properties ---------------------------------------------------------------------------------

LETTERS = "abdefg"


@st.composite
def elections(draw, vote_type=None):
    kind = vote_type or draw(st.sampled_from(["approval", "choose-1", "cumulative"]))
    letters = LETTERS[: draw(st.integers(1, len(LETTERS)))]
    # Few distinct costs and ballots, so that ties are common.
    costs = {x: draw(st.integers(1, 6)) for x in letters}
    most = 1 if kind == "choose-1" else len(letters)
    ballot = st.lists(st.sampled_from(letters), unique=True, max_size=most)
    ballots = draw(st.lists(ballot, min_size=1, max_size=8))
    if kind == "cumulative":
        ballots = [{x: float(draw(st.integers(1, 3))) for x in one} for one in ballots]
    return election(costs, ballots, draw(st.integers(1, 16)), kind)


def exact_equal_shares(one: Election, share: Fraction) -> list[str]:
    """Run the definition in fractions, voter by voter."""
    cost = {p: Fraction(k) for p, k in one.projects.select("project_id", "cost").iter_rows()}
    wants: dict[str, dict[str, Fraction]] = {p: {} for p in cost}
    for voter, project, points, _ in one.votes.iter_rows():
        wants[project][voter] = Fraction(points or 1)
    purse = dict.fromkeys(one.voters[c.VOTER_ID], share)
    bought: list[str] = []
    while True:
        rates = {}
        for p, weights in wants.items():
            if p in bought or not weights or sum(purse[v] for v in weights) < cost[p]:
                continue
            ends = sorted({purse[v] / (w * cost[p]) for v, w in weights.items()})
            for end in ends:
                if sum(min(purse[v], end * w * cost[p]) for v, w in weights.items()) >= cost[p]:
                    poor = {v for v, w in weights.items() if purse[v] / (w * cost[p]) < end}
                    rich = sum(w for v, w in weights.items() if v not in poor)
                    rates[p] = (cost[p] - sum(purse[v] for v in poor)) / (rich * cost[p])
                    break
        if not rates:
            return bought
        best = min(rates, key=lambda p: (rates[p], p))
        for v, w in wants[best].items():
            purse[v] -= min(purse[v], rates[best] * w * cost[best])
        bought.append(best)


@settings(deadline=None, max_examples=150)
@given(elections())
def test_equal_shares_agree_with_the_definition_in_fractions(one):
    share = Fraction(int(one.budget), one.voters.height)
    assert ids(winners(one, rule="mes")) == exact_equal_shares(one, share)


@settings(deadline=None, max_examples=60)
@given(elections())
def test_raised_shares_agree_with_the_definition_in_fractions(one):
    budget = int(one.budget)
    cost = dict(one.projects.select("project_id", "cost").iter_rows())
    supported = set(one.votes[c.PROJECT_ID])
    share = Fraction(budget, one.voters.height)
    best = exact_equal_shares(one, share)
    for _ in range(200):
        left = budget - sum(cost[p] for p in best)
        if not any(cost[p] <= left for p in supported - set(best)):
            break
        share += 1
        raised = exact_equal_shares(one, share)
        if sum(cost[p] for p in raised) > budget:
            break
        best = raised
    assert set(ids(winners(one, rule="mes-add1"))) == set(best)


@settings(deadline=None, max_examples=80)
@given(elections(), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_no_rule_overspends_and_the_order_of_rows_does_not_matter(one, rule, random):
    frame = winners(one, rule=rule)
    assert frame[c.COST].sum() <= one.budget
    assert frame[c.PROJECT_ID].n_unique() == frame.height

    def shuffled(table):
        order = list(range(table.height))
        random.shuffle(order)
        return table[order]

    other = Election(one.meta, shuffled(one.projects), shuffled(one.voters), shuffled(one.votes))
    assert_frame_equal(frame, winners(other, rule=rule))


@settings(deadline=None, max_examples=60)
@given(elections("approval"), st.sampled_from(["greedy", "greedy-no-skip"]))
def test_one_more_vote_never_harms_a_winner_of_greedy(one, rule):
    before = ids(winners(one, rule=rule))
    if not before:
        return
    more = Election(
        one.meta,
        one.projects,
        pl.concat([one.voters, pl.DataFrame({"voter_id": ["new"]})]),
        pl.concat(
            [
                one.votes,
                pl.DataFrame([("new", before[-1], None, 1)], one.votes.schema, orient="row"),
            ]
        ),
    )
    assert before[-1] in ids(winners(more, rule=rule))


@settings(deadline=None, max_examples=60)
@given(elections("choose-1"))
def test_single_votes_under_equal_shares_buy_what_supporters_can_pay(one):
    counts = tally(one).join(one.projects.select("project_id", "cost"), on="project_id")
    n = one.voters.height
    payable = counts.filter(
        (pl.col("votes") > 0) & (pl.col("cost") * n <= pl.col("votes") * one.budget)
    )
    assert sorted(ids(winners(one, rule="mes"))) == sorted(payable["project_id"])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("poland_wieliczka_2023", "equalshares/add1"),
        ("Poland_Swiecie_2023", "equalshares/add1"),
        ("Poland_Katowice_2020_Bogucice", "greedy"),
        ("Poland_Gdynia_2021_Green_Budget", "greedy-no-skip"),
        ("Poland_Krakow_2019_Grzegorzki", "greedy"),
    ],
)
def test_the_organisers_decision_is_reproduced(name, rule, real_data):
    one = read_pabulib(real_data / "pabulib" / f"{name}.pb")
    selected = one.projects.filter(pl.col(c.SELECTED) == 1)
    assert sorted(ids(winners(one, rule=rule))) == sorted(ids(selected))
    counts = tally(one)
    assert counts["votes"].to_list() == counts["votes_stated"].to_list()
