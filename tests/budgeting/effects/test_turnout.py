"""Turnout over the years: parts that add up, a series that is not smoothed."""

from dataclasses import replace

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab.budgeting import history, turnout_change
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.readers.election import Election


def election(*rows: tuple[str, str]) -> Election:
    """Voters by municipality and channel."""
    votes = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{number}" for number in range(len(rows))],
            c.PROJECT_ID: "a",
            c.MUNICIPALITY: [row[0] for row in rows],
            c.CHANNEL: [row[1] for row in rows],
        },
        schema_overrides={c.MUNICIPALITY: pl.String, c.CHANNEL: pl.String},
    )
    projects = pl.DataFrame({c.PROJECT_ID: ["a"], c.COST: [1.0]})
    meta = {"budget": "1", "vote_type": "choose-1"}
    return Election(meta, projects, votes[[c.VOTER_ID]], votes)


def places(town: int, village: int) -> pl.DataFrame:
    """Those who may vote, of half as many residents again."""
    return pl.DataFrame(
        {
            c.MUNICIPALITY: ["город", "село"],
            c.POPULATION: [3 * town // 2, 3 * village // 2],
            c.POPULATION_ELIGIBLE: [town, village],
        }
    )


THEN = election(*[("город", "esia")] * 20, *[("село", "sms")] * 30)
NOW = election(*[("город", "esia")] * 60, *[("село", "paper")] * 30)


def test_parts_add_up_to_the_whole():
    table = turnout_change(THEN, NOW, places(100, 100), places(120, 80))
    total = table.filter(part="total")[c.CHANGE][0]
    assert total == pytest.approx(90 / 200 - 50 / 200)
    parts = table.filter(pl.col(c.PART) != "total")[c.CHANGE].sum()
    assert parts == pytest.approx(total)
    # Kitagawa: the mean rate of each place times the change of its share of the people.
    town, village = (0.2 + 0.5) / 2, (0.3 + 0.375) / 2
    assert table.filter(part="composition")[c.CHANGE][0] == pytest.approx(
        0.1 * town - 0.1 * village
    )


def test_without_eligibility_the_parts_are_of_votes_per_hundred_residents():
    bare = places(100, 100).drop(c.POPULATION_ELIGIBLE)
    table = turnout_change(THEN, NOW, places(100, 100), bare)
    assert set(table[c.METRIC]) == {c.VOTES_PER_100}
    assert table.filter(part="total").select(c.BEFORE, c.AFTER).row(0) == pytest.approx(
        (100 * 50 / 300, 100 * 90 / 300)
    )
    parts = table.filter(pl.col(c.PART) != "total")[c.CHANGE].sum()
    assert parts == pytest.approx(table[c.CHANGE][0])
    assert set(turnout_change(THEN, NOW, places(100, 100))[c.METRIC]) == {c.TURNOUT}


def test_more_voters_than_may_vote_are_no_turnout_but_a_fault_of_the_table():
    with pytest.raises(SchemaError, match="город has more voters than residents who may vote"):
        turnout_change(THEN, NOW, places(59, 100))
    holed = places(100, 100).with_columns(population_eligible=pl.Series([100.0, float("nan")]))
    with pytest.raises(SchemaError, match="does not fit"):
        turnout_change(THEN, NOW, holed)


def test_who_voted_twice_makes_votes_and_no_turnout():
    twice = replace(NOW, votes=NOW.votes.with_columns(pl.lit("v1").alias(c.VOTER_ID)))
    table = turnout_change(THEN, twice, places(100, 100))
    assert set(table[c.METRIC]) == {c.VOTES_PER_100}
    assert table[c.AFTER][0] == pytest.approx(100 * 90 / 300)


def test_a_municipality_told_twice_is_an_error():
    with pytest.raises(SchemaError, match="село is told twice"):
        turnout_change(THEN, NOW, pl.concat([places(9, 9), places(9, 9)[1:]]))


def test_who_moves_without_voting_otherwise_is_composition():
    move = turnout_change(
        THEN,
        election(*[("город", "esia")] * 24, *[("село", "sms")] * 24),
        places(100, 100),
        places(120, 80),
    )
    assert move.filter(part="within")[c.CHANGE].abs().max() == pytest.approx(0)
    assert move.filter(part="composition")[c.CHANGE][0] == pytest.approx(-0.01)


def test_a_channel_that_opened_or_closed_is_marked():
    table = turnout_change(THEN, NOW, places(100, 100)).filter(part="within")
    notes = dict(table.select(c.CHANNEL, c.NOTE).iter_rows())
    assert notes["esia"] == ""
    assert notes["paper"] == "channel_opened"
    assert notes["sms"] == "channel_closed"


def test_the_same_people_in_both_years_leave_nothing_to_composition():
    table = turnout_change(THEN, NOW, places(100, 100))
    assert table.filter(part="composition")[c.CHANGE][0] == 0
    assert table.filter(part="composition")[c.NOTE][0] == "same_population"


def test_votes_from_nowhere_are_too_little():
    with pytest.raises(NotEnoughDataError):
        turnout_change(election(("нигде", "esia")), NOW, places(1, 1))


def test_the_published_series_has_holes_and_breaks():
    table = history()
    votes = table.filter(metric="votes")
    assert votes[c.VALUE].to_list() == [359046, 770000, 757736, 590000, 671007]
    assert votes[c.BREAK].null_count() == 0
    # 2025 had more votes than 2024 in a longer window: fewer a day.
    assert votes[c.VOTES_PER_DAY][-1] < votes[c.VOTES_PER_DAY][-2]
    winners = table.filter(metric="winners")
    assert winners[c.VALUE].to_list() == [431, None, None, None, 363]
    assert winners[c.NOTE].to_list()[1] == "unpublished"
    assert table.filter(metric="money")[c.VALUE].to_list() == [7.3e8, *[1.2e9] * 4]
    assert "319 693" in votes[c.OTHERWISE][0]
    assert votes[c.OTHERWISE][1:].is_null().all()
    assert set(table[c.BREAK]) <= set(c.CODES[c.BREAK])
    c.RESULTS["budgeting.history"].check(table, where="history")


def test_figures_of_other_regions_are_no_series():
    with pytest.raises(NotEnoughDataError):
        history(c.PUBLISHED.empty())
