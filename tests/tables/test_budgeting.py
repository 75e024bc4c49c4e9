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


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ((0.96, 0.99), "у 96–99\u00a0% проектов: в этой кампании он шире, чем нужно"),
        ((0.7, 0.7), "у 70\u00a0% проектов: в этой кампании он уже, чем нужно"),
        ((0.8, 0.95), None),
    ],
)
def test_an_interval_that_holds_more_or_fewer_than_it_promises_says_so(vote, covered, said):
    tested = budgeting.backtest(vote, at=(0.6,))
    shares = pl.concat(
        [tested.shares.with_columns(pl.lit(x).alias(c.COVERED), projects=300) for x in covered]
    )
    laid_out = html(tables.of(replace(tested, shares=shares)))
    assert said in laid_out if said else "чем нужно" not in laid_out


def test_shares_among_values_of_several_units_are_percentages(vote, winners, places):
    told = budgeting.indicators(vote, winners, places)
    laid_out = html(tables.show(told, c.METRIC, c.VALUE, c.UNIT, title="Показатели"))
    won = told.filter(pl.col(c.METRIC) == "won")[c.VALUE][0]
    assert f"{wording.percent(won)} (" in laid_out
    assert f">{wording.decimal(won, digits=2)} (" not in laid_out
    roubles = told.filter(pl.col(c.METRIC) == "cost")[c.VALUE][0]
    assert wording.decimal(roubles, digits=0) in laid_out


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
    assert " из 9 придуманных дат (p " in laid_out
    assert not CODE.search(laid_out)
    assert "проект не назван" in html(tables.of(result, "unused"))
    ahead = (pl.col(c.PHASE) == "before") & (pl.col(c.TARGET) == "own")
    moved = result.effects.with_columns(
        pl.when(ahead).then(1.2).otherwise(pl.col(c.RATIO_LOW)).alias(c.RATIO_LOW)
    )
    calm = result.effects.with_columns(
        pl.when(ahead).then(0.9).otherwise(pl.col(c.RATIO_LOW)).alias(c.RATIO_LOW),
        pl.when(ahead).then(1.1).otherwise(pl.col(c.RATIO_HIGH)).alias(c.RATIO_HIGH),
    )
    failed = "Проверка «до поста» не пройдена"
    assert failed in html(tables.of(replace(result, effects=moved)))
    assert failed not in html(tables.of(replace(result, effects=calm)))
    weak = result.effects.with_columns(pl.lit(1.0).alias(c.RATIO))
    assert "Проверка придуманными датами не пройдена" in html(
        tables.of(replace(result, effects=weak))
    )
    drawn = result.path.with_columns(pl.lit(1.0).alias(c.RATIO))
    uneven = figures.of(replace(result, effects=moved, path=drawn), caption="n")
    assert "возможно, не пост" in uneven.layout.title.subtitle.text.replace("<br>", " ")


def test_projects_own_categories_stand_under_the_rubrics_given_to_them():
    texts = ["яма на дороге у дома", "дорога разбита, яма", "нет света, фонарь не горит"] * 8
    messages = pl.DataFrame(
        {
            c.MESSAGE_ID: [f"m{n:02}" for n in range(24)],
            c.TEXT: texts,
            c.MUNICIPALITY: ["Первый"] * 24,
            c.RUBRIC: ["Дороги", "Дороги", "Освещение"] * 8,
        }
    )
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: ["1", "2"],
            c.TITLE: ["Яма на дороге", "Бассейн"],
            c.MUNICIPALITY: ["Первый"] * 2,
            c.CATEGORY: ["Дороги, Дворы", "Дворы"],
        }
    )
    result = budgeting.complaints_to_projects(messages, projects)
    laid_out = html(tables.of(result, source="n"))
    assert "Собственные категории проектов: «Дворы» — 2, «Дороги» — 1. n" in laid_out
    bare = budgeting.complaints_to_projects(messages, projects.drop(c.CATEGORY))
    assert "Собственные категории" not in html(tables.of(bare, source="n"))
    assert "не определена у 1" in laid_out
    assert ">не определено<" in laid_out
    assert "1 (1–2)" in laid_out
    failed = bare.afterwards.with_columns(
        pl.lit(0.4).alias(c.EARLIER_RATIO),
        pl.lit(0.3).alias(c.EARLIER_RATIO_LOW),
        pl.lit(0.6).alias(c.EARLIER_RATIO_HIGH),
    )
    said = html(tables.of(replace(bare, afterwards=failed), "afterwards", source="n"))
    assert "Проверка «то же до решения» не пройдена" in said
    assert "не пройдена" not in html(tables.of(bare, "afterwards", source="n"))


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
    if part == "places":
        blank = [pl.lit(0, pl.Int64).alias(name) for name in (c.REVIEW, c.NATURAL)]
        calm = html(tables.of(replace(result, places=result.places.with_columns(blank)), part))
        assert "проекты не отмечены" in calm
        assert "проекты не отмечены" not in laid_out.as_raw_html()
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
