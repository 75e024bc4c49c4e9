"""What other rules would fund, who proposes and wins; known answers by hand."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import applicants, counterfactuals, equity, indicators
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.readers.election import Election

PLACES = pl.DataFrame({c.MUNICIPALITY: ["город", "село"], c.POPULATION: [300, 100]})


def election(*chosen: str, **columns: list) -> Election:
    votes = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{number}" for number in range(len(chosen))],
            c.PROJECT_ID: list(chosen),
            c.POINTS: pl.Series([None] * len(chosen), dtype=pl.Float64),
            c.RANK: pl.Series([1] * len(chosen), dtype=pl.Int64),
        }
    )
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: ["a", "b", "s", "x"],
            c.COST: [200.0, 200.0, 100.0, 0.0],  # x was withdrawn
            c.MUNICIPALITY: ["город", "город", "село", "село"],
        }
        | columns
    )
    return Election(
        {"budget": "400", "vote_type": "choose-1"}, projects, votes[[c.VOTER_ID]], votes
    )


def won(*projects: str) -> pl.DataFrame:
    return pl.DataFrame({c.PROJECT_ID: list(projects)}, schema={c.PROJECT_ID: pl.String})


# Forty of the town vote for each of its projects, two of the village for its own.
VOTE = election(*["a"] * 41, *["b"] * 40, *["s"] * 2)


def test_the_quota_gives_each_municipality_its_part_of_the_people():
    table = counterfactuals(VOTE, won("a", "b"), PLACES).municipalities
    # Quotas 300 and 100: one project of the town fits, and that of the village.
    quota = table.filter(rule="population_quota")
    assert quota[c.MONEY].to_list() == [200.0, 100.0]
    assert quota[c.MONEY_PER_HEAD].to_list() == [200 / 300, 1.0]
    assert table.filter(rule="as_decided")[c.MONEY].to_list() == [400.0, 0.0]


def test_two_voters_with_the_village_purse_carry_its_project():
    table = counterfactuals(VOTE, won("a", "b"), PLACES).municipalities.filter(rule="equal_voice")
    # Purses: 300/81 in town, 50 in the village. Carried: a 0.76, b 0.74, s 1.
    assert table[c.N_WINNERS].to_list() == [1, 1]
    assert table[c.MONEY].to_list() == [200.0, 100.0]


def test_several_choices_on_a_ballot_are_not_decided_by_a_formula_for_one():
    votes = VOTE.votes.with_columns(pl.lit("v1").alias(c.VOTER_ID))
    several = Election(VOTE.meta, VOTE.projects, votes[[c.VOTER_ID]].unique(), votes)
    result = counterfactuals(several, won("a"), PLACES)
    table = result.municipalities.filter(rule="equal_voice")
    assert table[c.MONEY].null_count() == 2
    assert set(table[c.NOTE]) == {"several_choices"}
    assert result.rules.filter(rule="equal_voice").select(c.N_WINNERS, c.MONEY).row(0) == (
        None,
        None,
    )


def test_indicators_by_hand():
    vote = election("a", "b", "s", co_financing=[20.0, 0.0, 40.0, 0.0])
    table = {row[c.METRIC]: row for row in indicators(vote, won("a", "s"), PLACES).to_dicts()}
    assert table["won"][c.VALUE] == pytest.approx(2 / 3)
    assert table["won"][c.VALUE_LOW] < 2 / 3 < table["won"][c.VALUE_HIGH]
    assert table["cost"][c.VALUE] == 150
    assert table["won"][c.NOTE] == "like_projects"
    assert table["votes_per_100"][c.VALUE] == 300 / 400
    assert table["votes_per_100"][c.VALUE_LOW] is None
    assert table["votes_per_100"][c.NOTE] == "full_count"
    eligible = pl.Series(c.POPULATION_ELIGIBLE, [200, 80])
    told = indicators(vote, won("a", "s"), PLACES.with_columns(eligible))
    assert told.filter(metric="turnout").select(c.VALUE, c.UNIT).row(0) == (3 / 280, "share")
    assert told.filter(metric="votes_per_100").is_empty()
    hole = PLACES.with_columns(population=pl.Series([300, None]))
    told = indicators(vote, won("a", "s"), hole).filter(metric="votes_per_100")
    assert told.select(c.VALUE, c.NOTE).row(0) == (None, "residents_unknown")
    assert table["co_financing"][c.VALUE] == pytest.approx(60 / 300)
    assert table["beneficiaries"][c.VALUE] is None
    assert table["beneficiaries"][c.NOTE] == "not_told"


def test_nobody_won():
    table = indicators(VOTE, won(), PLACES)
    assert table.filter(metric="won")[c.VALUE][0] == 0
    assert table.filter(metric="cost")[c.VALUE][0] is None
    nothing = counterfactuals(VOTE, won(), PLACES).rules.filter(rule="as_decided")
    assert nothing.select(c.N_WINNERS, c.MONEY, c.EMPTY_HANDED).row(0) == (0, 0.0, 2)


def test_applicants_count_what_they_proposed_and_won():
    vote = election("a", applicant=["ТОС", "ТОС", "Совет", None])
    table = applicants(vote, won("a", "s"))
    assert table.select(c.APPLICANT, c.N_PROJECTS, c.N_WINNERS, c.MONEY).rows() == [
        ("ТОС", 2, 1, 200.0),
        ("Совет", 1, 1, 100.0),
    ]
    assert applicants(vote, won("a", "s"), least=2)[c.APPLICANT].to_list() == ["ТОС"]
    with pytest.raises(NotEnoughDataError):
        applicants(VOTE, won("a"))


def test_a_region_of_other_names_is_refused():
    elsewhere = PLACES.with_columns(pl.lit("нигде").alias(c.MUNICIPALITY))
    with pytest.raises(NotEnoughDataError, match="names"):
        counterfactuals(VOTE, won("a"), elsewhere)


@pytest.mark.parametrize("ask", [counterfactuals, indicators, equity])
def test_a_municipality_told_twice_is_an_error(ask):
    with pytest.raises(SchemaError, match="село is told twice") as raised:
        ask(VOTE, won("a"), pl.concat([PLACES, PLACES[1:]]))
    assert "one row" in raised.value.remedy


def test_rows_in_another_order_give_the_same_tables_as_declared():
    other = Election(VOTE.meta, VOTE.projects.reverse(), VOTE.voters, VOTE.votes.reverse())
    table = indicators(VOTE, won("a", "s"), PLACES)
    assert_frame_equal(table, indicators(other, won("s", "a"), PLACES.reverse()))
    c.INDICATORS.check(table, where="indicators")
    one = counterfactuals(VOTE, won("a", "s"), PLACES)
    two = counterfactuals(other, won("s", "a"), PLACES.reverse())
    for name, schema in c.RESULTS["budgeting.counterfactuals"].items():
        assert_frame_equal(getattr(one, name), getattr(two, name))
        schema.check(getattr(one, name), where=name)
