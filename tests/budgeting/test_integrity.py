"""Planted surges, natural ones, bad input, and the words that may be used."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats
from simulated_votes import simulate

from cur_lab import budgeting
from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import ballots
from cur_lab.budgeting.integrity import finding, judgement, succession, surges
from cur_lab.budgeting.integrity.surges import combined
from cur_lab.budgeting.integrity.windows import Windows, beta_binomial_sf
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.readers.election import Election

HERE = Path(__file__).parent
ROOM = HERE.parents[1] / "cur_lab" / "budgeting" / "integrity"


BOOSTINGS = ("night, even", "numbers in a row", "after work")
OWN_TESTS = (finding.REGULARITY, finding.NUMBERS, finding.OFF_HOURS)
MOBILISATIONS = ("school", "post", "last evening")


@pytest.fixture(scope="module")
def planted():
    election, surges, posts = simulate(
        boostings=BOOSTINGS,
        mobilisations=MOBILISATIONS,
        projects=40,
        districts=4,
        votes=14_000,
        days=12,
        seed=5,
    )
    return election, surges, posts, budgeting.integrity(election, posts=posts)


@pytest.fixture(scope="module")
def small():
    return simulate(projects=8, districts=2, votes=1_500, days=4, seed=1)[0]


def verdicts(result) -> dict[str, str]:
    return dict(result.projects.select(c.PROJECT_ID, c.VERDICT).rows())


def reasons(result) -> dict[str, str]:
    return dict(result.checks.select(c.TEST, c.REASON).rows())


def test_planted_boostings_call_for_a_check(planted):
    _, surges, _, result = planted
    found = verdicts(result)
    assert {s.kind: found[s.project] for s in surges if s.kind in BOOSTINGS} == dict.fromkeys(
        BOOSTINGS, c.REVIEW
    )
    seen = {row[:2]: row[2] for row in result.flags.select(c.PROJECT_ID, c.TEST, c.P_VALUE).rows()}
    expected = dict(zip(BOOSTINGS, OWN_TESTS, strict=True))
    for surge in surges:
        if surge.kind in expected:
            assert seen[surge.project, expected[surge.kind]] < 1e-4, surge


def test_natural_mobilisations_are_named_with_their_occasion(planted):
    _, surges, _, result = planted
    rows = {row[c.PROJECT_ID]: row for row in result.projects.iter_rows(named=True)}
    by_kind = {s.kind: rows[s.project] for s in surges}
    assert [by_kind[kind][c.VERDICT] for kind in MOBILISATIONS] == [c.NATURAL] * 3
    assert by_kind["post"][c.EXPLANATION] == ["post_just_before"]
    assert by_kind["last evening"][c.EXPLANATION] == ["last_evening"]
    assert by_kind["school"][c.EXPLANATION] == ["all_channels"]


def test_everything_else_stands_out_in_nothing(planted):
    _, surges, _, result = planted
    others = set(verdicts(result)) - {s.project for s in surges}
    assert c.REVIEW not in {verdicts(result)[project] for project in others}


def test_results_have_their_schemas(planted):
    *_, result = planted
    for name, table in c.RESULTS["budgeting.integrity"].items():
        frame = getattr(result, name)
        table.check(frame, where=name)
        assert set(frame.columns) == set(table.schema)
    assert result.projects.height == 40
    # Every test is asked of every project.
    assert result.flags.group_by(c.TEST).len()["len"].unique().to_list() == [40]


def test_expected_ranges_and_p_values_agree(planted):
    *_, result = planted
    told = result.flags.drop_nulls(c.OBSERVED)
    assert (told[c.EXPECTED_LOW] <= told[c.EXPECTED_HIGH]).all()
    # Counts stand out by being high; only the variation of gaps stands out by being low.
    strong = told.filter(pl.col(c.P_VALUE) < 0.01)
    counts = strong.filter(pl.col(c.TEST) != finding.REGULARITY)
    gaps = strong.filter(pl.col(c.TEST) == finding.REGULARITY)
    assert counts.height >= 3
    assert gaps.height >= 1
    assert (counts[c.OBSERVED] > counts[c.EXPECTED_HIGH]).all()
    assert (gaps[c.OBSERVED] < gaps[c.EXPECTED_LOW]).all()


def test_excess_holds_what_was_planted(planted):
    _, surges, _, result = planted
    planted_votes = {s.project: s.votes for s in surges}
    for row in result.excess.iter_rows(named=True):
        assert row[c.EXCESS_LOW] <= row[c.EXCESS] <= row[c.EXCESS_HIGH]
        # A window of 24 hours or a neighbour's number more or less is no failure.
        assert row[c.EXCESS_LOW] - 3 <= planted_votes[row[c.PROJECT_ID]] <= row[c.EXCESS_HIGH] + 3


def test_outcome_agrees_with_a_recount_without_the_planted_votes(planted):
    election, surges, _, result = planted
    # Planted votes stand last in the simulated table, in the order of the surges.
    stop = election.votes.height
    for surge in reversed(surges):
        start = stop - surge.votes
        kept = pl.concat([election.votes[:start], election.votes[stop:]])
        row = result.excess.filter(pl.col(c.PROJECT_ID) == surge.project)
        if row.height:
            without = budgeting.winners(replace(election, votes=kept))[c.PROJECT_ID]
            outcome = row[c.OUTCOME][0]
            wins = surge.project in without
            expected = {
                "same": wins,
                "other": not wins,
            }
            assert expected.get(outcome, True), (surge, outcome)
        stop = start


def test_power_grows_with_the_excess(planted):
    *_, result = planted
    by_excess = result.power.group_by(c.EXCESS).agg(pl.col(c.FOUND).mean()).sort(c.EXCESS)
    assert by_excess[c.FOUND][-1] > by_excess[c.FOUND][0]
    assert (result.power[c.FOUND_LOW] <= result.power[c.FOUND]).all()
    assert (result.power[c.FOUND] <= result.power[c.FOUND_HIGH]).all()


def test_order_of_rows_does_not_matter_and_input_stays(small):
    before = small.votes.clone(), small.projects.clone()
    result = budgeting.integrity(small)
    assert_frame_equal(small.votes, before[0])
    assert_frame_equal(small.projects, before[1])
    shuffled = replace(
        small,
        votes=small.votes.sample(fraction=1, shuffle=True, seed=3),
        projects=small.projects.sample(fraction=1, shuffle=True, seed=3),
    )
    other = budgeting.integrity(shuffled)
    for name in c.RESULTS["budgeting.integrity"]:
        assert_frame_equal(getattr(result, name), getattr(other, name))


# --- words ------------------------------------------------------------------------------------

INTENT = re.compile(
    r"накрут|вброс|фальсиф|подтасов|подкуп|подделк|мошен|обман|умыс|наме(?:рен|ревал)|злоумышл|"
    r"злоупотреб|нечестн|незакон|виновн|преступ|бот(?:ы|ов|ами|оферм)|фейк|манипул|нарушител",
    re.IGNORECASE,
)


def russian_strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    return [text for text in found if isinstance(text, str) and re.search("[а-яё]", text)]


def test_no_word_of_intent_and_no_other_verdict(planted):
    *_, result = planted
    drawn = [ROOM.parents[1] / name for name in ("figures/integrity.py", "tables/budgeting.py")]
    sources = [*ROOM.glob("*.py"), *drawn, ROOM.parents[1] / "columns" / "integrity.py"]
    said = [text for path in sources for text in russian_strings(path)]
    assert len(said) > 50
    assert [text for text in said if INTENT.search(text)] == []
    for frame in (result.projects, result.flags):
        assert set(frame[c.VERDICT]) <= {c.REVIEW, c.NATURAL, judgement.ORDINARY}


def test_every_code_has_its_words(planted):
    *_, result = planted
    coded = {c.TEST, c.VERDICT, c.OTHER_VERDICT, c.EXPLANATION, c.OUTCOME, c.REASON, c.CHANNEL}
    for name in c.RESULTS["budgeting.integrity"]:
        frame = getattr(result, name)
        for column in coded & set(frame.columns):
            told = frame[column].drop_nulls()
            codes = told.explode() if told.dtype == pl.List else told
            assert set(codes) <= set(c.CODES[column]), (name, column)


def test_hours_of_the_leading_project_lie_around_its_window(planted):
    *_, result = planted
    for verdict in (c.REVIEW, c.NATURAL):
        hours = result.hours(verdict)
        told = dict(result.projects.select(c.PROJECT_ID, c.VERDICT).rows())
        assert {told[project] for project in hours[c.PROJECT_ID]} == {verdict}
        inside = pl.col(c.HOUR).is_between(c.STARTED_AT, c.ENDED_AT, closed="left")
        assert hours.filter(inside).height > 0
    first = result.excess.sort(c.EXCESS, descending=True)[c.PROJECT_ID][0]
    assert set(result.hours(c.REVIEW)[c.PROJECT_ID]) == {first}
    with pytest.raises(ParameterError, match="verdict"):
        result.hours("ordinary")


def test_projects_are_counted_by_verdict_place_and_rate(planted):
    *_, result = planted
    assert result.verdicts[c.PROJECTS_COUNT].sum() == result.projects.height
    assert result.places[c.REVIEW].sum() == result.excess.height == result.overall[c.REVIEW][0]
    assert result.rates[c.PROJECTS_COUNT].is_sorted()
    assert result.stability[c.PROJECTS_COUNT].sum() == result.projects.height
    assert result.channels[c.SHARE].sum() == pytest.approx(1)
    dark = dict(result.channels.select(c.CHANNEL, c.NIGHT).rows())
    # Nobody answers the telephone at night.
    assert dark["call_centre"] == 0 < dark["esia"] < 0.1


# --- what the data lack ------------------------------------------------------------------------


def test_without_time_only_numbers_are_tested(small):
    result = budgeting.integrity(replace(small, votes=small.votes.drop(c.CAST_AT)))
    assert set(result.flags[c.TEST]) == {finding.NUMBERS}
    assert reasons(result)[finding.RISE] == "votes_without_times"
    assert reasons(result)[finding.REGULARITY] == "votes_without_times"
    assert "power" in reasons(result)


def test_without_channels_time_is_still_tested(small):
    result = budgeting.integrity(replace(small, votes=small.votes.drop(c.CHANNEL)))
    assert {finding.RISE, finding.NIGHT_SHARE, finding.REGULARITY} <= set(result.flags[c.TEST])
    assert reasons(result)[finding.CHANNEL] == "one_channel"
    assert reasons(result)[finding.OFF_HOURS] == "no_calls"


def test_days_alone_carry_no_test_of_hours(small):
    days = small.votes.with_columns(pl.col(c.CAST_AT).dt.truncate("1d"))
    result = budgeting.integrity(replace(small, votes=days))
    assert reasons(result)[finding.RISE] == "days_only"


def test_hours_alone_carry_no_test_of_gaps(small):
    hours = small.votes.with_columns(pl.col(c.CAST_AT).dt.truncate("1h"))
    result = budgeting.integrity(replace(small, votes=hours))
    assert reasons(result)[finding.REGULARITY] == "hours_only"
    assert finding.RISE in set(result.flags[c.TEST])


def test_votes_without_time_or_channel_are_counted_where_they_can_be(small):
    paper = pl.col(c.CHANNEL) == "paper"
    votes = small.votes.with_columns(
        pl.when(~paper).then(pl.col(c.CAST_AT)),
        pl.when(pl.col(c.CHANNEL) != "sms").then(pl.col(c.CHANNEL)),
    )
    result = budgeting.integrity(replace(small, votes=votes))
    assert result.projects[c.VOTES_COUNT].sum() == votes.height
    assert set(result.power[c.CHANNEL]) == {"call_centre", "esia", "unnamed"}
    assert finding.CHANNEL in set(result.flags[c.TEST])


def test_a_second_choice_where_one_is_allowed_is_named(small):
    first = small.votes.head(1)
    other = small.projects.filter(pl.col(c.PROJECT_ID) != first[c.PROJECT_ID][0])[c.PROJECT_ID][0]
    more = first.with_columns(pl.lit(other).alias(c.PROJECT_ID))
    result = budgeting.integrity(replace(small, votes=pl.concat([small.votes, more])))
    assert ("votes", "choices_beyond_one", 1) in result.checks.rows()


def test_one_project_has_nothing_to_be_compared_with(small):
    only = small.projects.head(1)
    votes = small.votes.filter(pl.col(c.PROJECT_ID) == only[c.PROJECT_ID][0])
    result = budgeting.integrity(replace(small, projects=only, votes=votes))
    assert reasons(result)[finding.RISE] == "one_project"
    assert result.projects[c.VERDICT].to_list() == [judgement.ORDINARY]


@pytest.mark.parametrize("keep_projects", [True, False])
def test_an_empty_election_gives_an_honest_empty_result(small, keep_projects):
    projects = small.projects if keep_projects else small.projects.clear()
    empty = replace(small, projects=projects, votes=small.votes.clear())
    result = budgeting.integrity(empty)
    assert result.projects.height == projects.height
    assert set(result.projects[c.VERDICT]) <= {judgement.UNTESTED}
    assert result.flags.is_empty()
    assert finding.RISE in reasons(result)


def test_unknown_projects_and_repeated_votes_are_named(small):
    strange = small.votes.head(2).with_columns(pl.lit("нет такого").alias(c.PROJECT_ID))
    votes = pl.concat([small.votes, strange, small.votes.head(3)])
    result = budgeting.integrity(replace(small, votes=votes))
    assert result.checks.filter(pl.col(c.TEST) == "votes").rows() == [
        ("votes", "repeated_votes", 3),
        ("votes", "unknown_projects", 2),
    ]
    assert result.projects[c.VOTES_COUNT].sum() == small.votes.height


def test_projects_told_twice_are_an_error(small):
    projects = pl.concat([small.projects, small.projects.head(1)])
    with pytest.raises(SchemaError, match=r"told twice: p0000.*rename or remove"):
        budgeting.integrity(replace(small, projects=projects))


def test_columns_of_the_wrong_type_and_silly_rates_are_errors(small):
    with pytest.raises(SchemaError, match="cast_at"):
        budgeting.integrity(
            replace(small, votes=small.votes.with_columns(pl.col(c.CAST_AT).cast(pl.String)))
        )
    with pytest.raises(ParameterError, match="fdr"):
        budgeting.integrity(small, fdr=0)
    with pytest.raises(SchemaError, match="published_at"):
        budgeting.integrity(small, posts=pl.DataFrame({"text": ["пост"]}))


def test_one_wrong_year_is_an_error_and_not_a_full_memory(small):
    at = pl.when(pl.int_range(pl.len()) > 0).then(pl.col(c.CAST_AT))
    wrong = at.otherwise(pl.col(c.CAST_AT).dt.offset_by("-40y")).alias(c.CAST_AT)
    with pytest.raises(SchemaError, match=r"spread over 146\d\d days.*wrong date"):
        budgeting.integrity(replace(small, votes=small.votes.with_columns(wrong)))


def test_without_a_budget_the_outcome_is_not_counted(planted):
    election, *_ = planted
    result = budgeting.integrity(replace(election, meta={"vote_type": "choose-1"}))
    assert result.excess[c.OUTCOME].null_count() == result.excess.height > 0
    assert reasons(result)["outcome"] == "not_counted"


# --- single pieces -----------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(1, 60),
    share=st.floats(0.02, 0.98),
    rho=st.floats(0.002, 0.5),
    part=st.floats(0, 1),
)
def test_beta_binomial_tail_is_scipys(n, share, rho, part):
    k = round(part * n)
    a, b = share * (1 / rho - 1), (1 - share) * (1 / rho - 1)
    ours = beta_binomial_sf(*(np.array([float(x)]) for x in (k, n, share, rho)))[0]
    assert ours == pytest.approx(stats.betabinom.sf(k - 1, n, a, b), rel=1e-6, abs=1e-12)


def test_combination_keeps_equal_values_and_ignores_what_was_not_asked():
    assert combined(np.full((4, 1), 0.01))[0] == pytest.approx(0.01)
    assert combined(np.array([[1e-9], [np.nan]]))[0] == pytest.approx(1e-9)
    assert combined(np.array([[np.nan], [np.nan]]))[0] == 1
    # One test that sees nothing does not silence one that sees a lot.
    assert combined(np.array([[1e-6], [1.0], [1.0]]))[0] < 1e-5


def test_a_window_is_left_out_with_its_neighbours():
    per_tile = np.arange(8.0).reshape(1, 8, 1)
    windows = Windows(np.array([0, 13, 42]), 6)
    # 0–6 touches tile 0; 13–19 touches 2 and 3; 42–48 touches 7; each with its neighbours.
    expected = [28 - (0 + 1), 28 - (1 + 2 + 3 + 4), 28 - (6 + 7)]
    assert windows.without(per_tile)[0, :, 0].tolist() == expected


def test_even_gaps_are_seen_and_random_ones_are_not():
    draw = np.random.default_rng(0)
    by_hour = np.array([8, 12, 20, 9, 6, 5])

    def p(events: np.ndarray) -> float:
        return succession._evenness(events, by_hour, np.random.default_rng(1))[0]

    even = np.concatenate([3600 * (h + (np.arange(n) + 0.5) / n) for h, n in enumerate(by_hour)])
    assert p(even + draw.normal(0, 10, len(even))) < 1e-6
    hour = np.repeat(np.arange(6), by_hour)
    chance = [p(np.sort(3600 * (hour + draw.random(60)))) for _ in range(200)]
    assert 0.01 <= np.mean(np.array(chance) < 0.05) <= 0.10
    # Bursts within the hour are natural, and no finding.
    burst = np.sort(3600 * (hour + 0.2 * draw.random(60)))
    assert p(burst) > 0.5


def test_equal_lists_one_after_the_other_are_seen():
    draw = np.random.default_rng(2)
    names = [f"p{i}" for i in range(12)]
    start = datetime(2025, 3, 3, 6, tzinfo=UTC)
    rows = []
    for voter in range(600):
        lists = names[:3] if 300 <= voter < 330 else sorted(draw.choice(names, 3, replace=False))
        at = start + timedelta(minutes=7 * voter)
        rows += [(f"v{voter:03}", name, at) for name in lists]
    votes = pl.DataFrame(rows, schema=[c.VOTER_ID, c.PROJECT_ID, c.CAST_AT], orient="row")
    votes = votes.with_columns(pl.col(c.CAST_AT).dt.cast_time_unit("us"))
    projects = pl.DataFrame({c.PROJECT_ID: names, c.COST: [1.0] * 12})
    meta = {"budget": "5", "vote_type": "approval"}
    election = Election(meta, projects, votes.select(c.VOTER_ID).unique(), votes)
    flags = budgeting.integrity(election).flags.filter(pl.col(c.TEST) == finding.IDENTICAL)
    p = dict(flags.select(c.PROJECT_ID, c.P_VALUE).rows())
    assert max(p[name] for name in names[:3]) < 1e-6
    assert min(p[name] for name in names[3:]) > 0.05


@pytest.mark.parametrize("seen", [True, False])
def test_a_list_is_compared_with_ballots_of_the_same_hours(seen):
    """Two in five take one list on one day of nine: one right after the other, or by chance."""
    draw = np.random.default_rng(3)
    start = datetime(2025, 3, 3, 6, tzinfo=UTC)
    names = [f"p{i}" for i in range(8)]
    rows = []
    for voter in range(900):
        popular = voter // 100 == 4 and (voter % 100 < 40 if seen else draw.random() < 0.4)
        chosen = names[:3] if popular else sorted(draw.choice(names, 3, replace=False))
        # A hundred ballots a day, within ten hours.
        at = start + timedelta(days=voter // 100, minutes=6 * (voter % 100))
        rows += [(f"v{voter:03}", name, at) for name in chosen]
    votes = pl.DataFrame(rows, schema=[c.VOTER_ID, c.PROJECT_ID, c.CAST_AT], orient="row")
    votes = votes.with_columns(pl.col(c.CAST_AT).dt.cast_time_unit("us"))
    projects = pl.DataFrame({c.PROJECT_ID: names, c.COST: [1.0] * 8})
    meta = {"budget": "5", "vote_type": "approval"}
    election = Election(meta, projects, votes.select(c.VOTER_ID).unique(), votes)
    p = succession.identical(ballots(election)).p
    assert (p[:3].max() < 1e-4) == seen
    if not seen:
        assert p.min() > 0.05


@pytest.mark.parametrize(
    ("alike", "number"), [((3,), (7,)), ((4, 1, 5), (4, 9, 8)), ((2, 3), (5, 5))]
)
def test_the_law_of_equal_neighbours_is_that_of_all_orders(alike, number):
    law = succession.equal_neighbours(np.array(alike), np.array(number))
    counts = np.ones(1)
    for k, n in zip(alike, number, strict=True):
        equal = [sum(b - a == 1 for a, b in pairwise(at)) for at in combinations(range(n), k)]
        counts = np.convolve(counts, np.bincount(equal))
    expected = np.trim_zeros(counts / counts.sum(), "b")
    assert np.trim_zeros(law, "b")[: len(expected)] == pytest.approx(expected)


def test_the_size_that_would_be_seen_is_where_power_reaches_four_fifths():
    sizes = [15, 30, 50, 100, 200, 400]
    power = pl.DataFrame(
        [
            (channel, size, 6, 30, found, 0.0, 1.0)
            for channel, shares in {
                "esia": [0.0, 0.1, 0.3, 0.6, 1.0, 0.9],
                "paper": [0.0, 0.1, 0.3, 0.2, 0.7, 0.7],
                "sms": [0.9, 1.0, 1.0, 1.0, 1.0, 1.0],
            }.items()
            for size, found in zip(sizes, shares, strict=True)
        ],
        schema=c.INTEGRITY_POWER.schema,
        orient="row",
    )
    told = {channel: votes for channel, _, votes in surges.detectable(power).rows()}
    assert 100 < told["esia"] < 200
    assert told["paper"] is None
    assert told["sms"] == 15


def test_one_day_of_voting_is_tested_as_far_as_it_goes(small):
    first = small.votes[c.CAST_AT].dt.convert_time_zone("Europe/Moscow").dt.date().min()
    day = small.votes.filter(
        pl.col(c.CAST_AT).dt.convert_time_zone("Europe/Moscow").dt.date() == first
    )
    result = budgeting.integrity(replace(small, votes=day))
    assert result.projects[c.VOTES_COUNT].sum() == day.height
    c.INTEGRITY_DETECTABLE.check(result.detectable, where="detectable")


def test_without_times_nothing_is_said_to_be_seen(small):
    result = budgeting.integrity(replace(small, votes=small.votes.drop(c.CAST_AT)))
    assert result.detectable.is_empty()
