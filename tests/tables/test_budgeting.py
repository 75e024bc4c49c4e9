"""Tables of votes: every part has its title and its words, and says what the frame beneath says."""

import re
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from simulated_votes import simulate

from cur_lab import budgeting, figures, tables, wording
from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.errors import ParameterError

CODE = re.compile(r">([a-z]+_[a-z_]+|review|natural|ordinary|greedy|phragmen|esia)<")


def html(table) -> str:
    assert not isinstance(table, Absent), table
    return table.as_raw_html()


@pytest.fixture(scope="module")
def vote():
    # Bursts of a mobilisation and of a boosting, two weeks, five districts.
    return simulate(
        boostings=("night, even",),
        mobilisations=("school",),
        projects=40,
        districts=5,
        votes=9_000,
        days=12,
        seed=5,
    )[0]


@pytest.fixture(scope="module")
def places(vote):
    names = vote.projects[c.MUNICIPALITY].unique().sort()
    people = [4_000 + 1_000 * place for place in range(len(names))]
    return pl.DataFrame({c.MUNICIPALITY: names, c.POPULATION: people})


@pytest.fixture(scope="module")
def winners(vote):
    return budgeting.winners(vote)


def test_equity_is_laid_out_from_the_largest_place(vote, winners, places):
    result = budgeting.equity(vote, winners, places)
    laid_out = html(tables.of(result, "municipalities", source="n"))
    largest = places.sort(c.POPULATION, descending=True)[c.MUNICIPALITY].to_list()
    assert sorted(largest, key=laid_out.index) == largest
    indices = html(tables.of(result, "indices"))
    assert "коэффициент Джини" in indices
    assert not CODE.search(indices)


def test_three_splits_stand_side_by_side(vote, winners, places):
    result = budgeting.counterfactuals(vote, winners, places)
    laid_out = html(tables.of(result))
    assert "Те же голоса, три раздела" in laid_out
    assert result.rules.height == 3
    assert all(c.CODES[c.RULE][rule] in laid_out for rule in result.rules[c.RULE])


def test_forecast_and_outcome_name_models_in_words(vote):
    models = html(tables.of(budgeting.forecast(vote, at=0.6)))
    assert "наивный прогноз" in models
    tested = budgeting.backtest(vote, at=(0.6,))
    laid_out = html(tables.of(tested))
    assert "60\u00a0%" in laid_out
    assert c.CODES[c.MODEL][tested.shares[c.MODEL][0]] in laid_out


def test_effects_of_posts_and_the_posts_left_out(vote):
    first = vote.votes[c.CAST_AT].min()
    names = vote.projects[c.PROJECT_ID].head(6).to_list()
    posts = pl.DataFrame(
        {
            c.POST_ID: [f"e{place}" for place in range(7)],
            c.PROJECT_ID: [*names, None],
            c.PUBLISHED_AT: [first + timedelta(days=1 + place) for place in range(7)],
            c.KIND: ["text"] * 7,
        }
    )
    result = budgeting.post_effects(vote, posts, placebos=9)
    laid_out = html(tables.of(result, source="n = 7"))
    assert "сам проект" in laid_out
    assert "Придуманных дат с эффектом не слабее: " in laid_out
    assert not CODE.search(laid_out)
    assert "проект не назван" in html(tables.of(result, "unused"))


@pytest.mark.parametrize(
    "part",
    [
        *("overall", "channels", "verdicts", "checks", "review", "natural"),
        *("excess", "rates", "stability", "places", "detectable"),
    ],
)
def test_every_part_of_integrity_is_laid_out_in_words(vote, part):
    result = budgeting.integrity(vote)
    laid_out = tables.of(result, part, source="n")
    if isinstance(laid_out, Absent):
        assert part in ("review", "natural", "excess")
        assert "нечего показать" in str(laid_out)
        return
    assert not CODE.search(laid_out.as_raw_html())


def test_a_verdict_stands_beside_the_size_that_would_have_been_seen(vote):
    result = budgeting.integrity(vote)
    laid_out = html(tables.of(result, "verdicts", source="n"))
    assert "с вероятностью 80 %" in laid_out
    for channel, hours, votes in result.detectable.rows():
        if hours == 6:
            size = (
                f"{'уже ' if votes == 15 else ''}от {wording.grouped(votes)}"
                if votes
                else "больше 400"
            )
            assert f"«{c.CODES[c.CHANNEL].get(channel, channel)}» — {size}" in laid_out


def test_places_without_eligibility_are_told_by_votes_and_not_by_turnout(vote, winners, places):
    bare = html(tables.of(budgeting.equity(vote, winners, places), "municipalities"))
    assert "Голосов на 100 жителей" in bare
    assert "явк" not in bare.lower()
    told = places.with_columns((pl.col(c.POPULATION) - 500).alias(c.POPULATION_ELIGIBLE))
    known = html(tables.of(budgeting.equity(vote, winners, told), "municipalities"))
    assert "Явка" in known
    assert "интервала нет" in known
    assert "95 %" not in known


def test_an_unknown_part_is_named(vote):
    with pytest.raises(ParameterError, match="overall"):
        tables.of(budgeting.integrity(vote), "everything")


def test_where_nothing_can_be_tested_nothing_is_said_to_be_ordinary(vote):
    bare = vote.votes.with_columns(
        pl.lit(None, vote.votes.schema[name]).alias(name)
        for name in (c.CAST_AT, c.NUMBER_GAP)
        if name in vote.votes.columns
    )
    result = budgeting.integrity(replace(vote, votes=bare))
    assert set(result.projects[c.VERDICT]) == {"untested"}
    assert "проверить нечем" in html(tables.of(result, "verdicts"))
    assert "нет времени" in html(tables.of(result, "checks"))
    for part in ("overall", "review", "excess", "places", "rates", "stability"):
        assert tables.of(result, part) == Absent.untested("Не проверено")
    assert figures.of(result, "evidence", caption="n") == Absent.untested("Не проверено")
