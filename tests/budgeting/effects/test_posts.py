"""Posts about projects: planted effects found, none invented, what cannot be told said so."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import post_effects
from cur_lab.errors import CurLabError, NotEnoughDataError, SchemaError
from cur_lab.readers.election import Election

OPENS = datetime(2025, 10, 14, 21, tzinfo=UTC)  # midnight in Moscow
DAYS, PROJECTS, DISTRICTS = 14, 60, 12
HOURS = 24 * DAYS
UNIT = np.arange(PROJECTS)


def planted(*, own: float, others: float = 0.0, seed: int = 0) -> tuple[Election, pl.DataFrame]:
    """Votes of 60 projects in 12 districts; 25 posts multiply the votes of the next 72 hours."""
    draw = np.random.default_rng(seed)
    district = UNIT % DISTRICTS
    rhythm = np.sin((np.arange(HOURS) % 24 - 9) / 24 * 2 * np.pi) + np.arange(HOURS) / HOURS
    level = draw.normal(-0.2, 0.5, (PROJECTS, 1)) + rhythm
    about, at = draw.integers(0, PROJECTS, 25), draw.integers(30, HOURS - 80, 25)
    for unit, hour in zip(about, at, strict=True):
        level[unit, hour : hour + 73] += own
        level[(district == district[unit]) & (unit != UNIT), hour : hour + 73] += others
    counts = draw.poisson(np.exp(level))
    unit, hour = (np.repeat(place, counts[np.nonzero(counts)]) for place in np.nonzero(counts))
    minutes = hour * 60 + draw.integers(0, 60, len(hour))
    votes = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{number}" for number in range(len(unit))],
            c.PROJECT_ID: [f"p{number:02}" for number in unit],
            c.POINTS: pl.Series([None] * len(unit), dtype=pl.Float64),
            c.RANK: pl.Series([1] * len(unit), dtype=pl.Int64),
            c.CAST_AT: pl.Series(
                [OPENS + timedelta(minutes=int(m)) for m in minutes]
            ).dt.cast_time_unit("us"),
        }
    )
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: [f"p{number:02}" for number in UNIT],
            c.COST: [1e6] * PROJECTS,
            c.MUNICIPALITY: [f"округ {number}" for number in district],
        }
    )
    meta = {
        "budget": "30000000",
        "vote_type": "choose-1",
        "date_begin": "15.10.2025",
        "date_end": "28.10.2025",
    }
    posts = pl.DataFrame(
        {
            c.POST_ID: [f"post{number:02}" for number in range(25)],
            c.PAGE_ID: "page",
            c.PUBLISHED_AT: [OPENS + timedelta(hours=int(h), minutes=1) for h in at],
            c.TEXT: "Голосуем!",
            c.KIND: ["live" if number < 10 else "text" for number in range(25)],
            c.PROJECT_ID: [f"p{number:02}" for number in about],
        },
        schema_overrides={c.PUBLISHED_AT: pl.Datetime("us", "UTC")},
    )
    return Election(meta, projects, votes.select(c.VOTER_ID), votes), posts


def row(effects: pl.DataFrame, **where: str) -> dict:
    wanted = {c.TARGET: "own", c.KIND: "all", c.PHASE: "0-72"} | where
    return effects.filter(**wanted).row(0, named=True)


@pytest.fixture(scope="module")
def strong():
    return post_effects(*planted(own=0.5, others=-0.25), placebos=60)


def test_a_planted_effect_is_within_its_interval(strong):
    found = row(strong.effects)
    assert found[c.RATIO_LOW] < np.exp(0.5) < found[c.RATIO_HIGH]
    assert found[c.RATIO_LOW] > 1.2
    assert found[c.P_VALUE] < 0.05
    # A share 1 - exp(-0.5) of the votes cast would not have been cast.
    assert found[c.EXTRA] == pytest.approx(found[c.VOTES_COUNT] * (1 - 1 / found[c.RATIO]), rel=0.1)
    assert found[c.EXTRA_LOW] < found[c.EXTRA] < found[c.EXTRA_HIGH]


def test_votes_taken_from_neighbours_are_seen(strong):
    found = row(strong.effects, target="others")
    assert found[c.RATIO_LOW] < np.exp(-0.25) < found[c.RATIO_HIGH] < 1


def test_the_path_rises_with_the_post_and_no_earlier(strong):
    path = strong.path
    assert path[c.HOUR].to_list() == list(range(-24, 73))
    assert path.filter(hour=-1)[c.RATIO][0] == 1
    assert path.filter(pl.col(c.HOUR) < -1)[c.RATIO].mean() == pytest.approx(1, abs=0.15)
    assert path.filter(pl.col(c.HOUR) >= 0)[c.RATIO].mean() == pytest.approx(np.exp(0.5), abs=0.2)


def test_placebo_times_show_nothing(strong):
    assert strong.placebos.height == 60
    assert strong.placebos[c.RATIO].median() == pytest.approx(1, abs=0.1)
    assert strong.placebo_p < 0.05


def test_each_kind_has_its_own_row(strong):
    assert set(strong.effects[c.KIND]) == {"all", "live", "text"}
    assert row(strong.effects, kind="live")[c.POSTS_COUNT] == 10


def test_no_effect_is_not_an_effect():
    effects = [post_effects(*planted(own=0.0, seed=s), placebos=0).effects for s in range(1, 7)]
    for phase in ("0-72", "before"):
        assert sum(row(found, phase=phase)[c.P_VALUE] < 0.05 for found in effects) <= 1


def test_rows_in_another_order_give_the_same_tables(strong):
    election, posts = planted(own=0.5, others=-0.25)
    other = Election(
        election.meta,
        election.projects.reverse(),
        election.voters.reverse(),
        election.votes.sample(fraction=1, shuffle=True, seed=1),
    )
    before = other.votes.clone(), posts.clone()
    again = post_effects(other, posts.reverse(), placebos=60)
    for name in ("effects", "path", "placebos", "unused"):
        assert_frame_equal(getattr(strong, name), getattr(again, name))
    assert_frame_equal(other.votes, before[0])
    assert_frame_equal(posts, before[1])


def test_tables_are_as_declared(strong):
    for name, table in c.RESULTS["budgeting.post_effects"].items():
        table.check(getattr(strong, name), where=name)


def test_posts_that_cannot_be_used_are_told_with_the_reason():
    election, posts = planted(own=0.5)
    strange = posts.head(4).with_columns(
        pl.Series(c.POST_ID, ["a", "b", "c", "d"]),
        pl.Series(c.PROJECT_ID, [None, "нет такого", "p01", "p02"]),
        pl.Series(
            c.PUBLISHED_AT,
            [OPENS, OPENS, None, OPENS + timedelta(days=40)],
            dtype=pl.Datetime("us", "UTC"),
        ),
    )
    found = post_effects(election, pl.concat([posts, strange]), placebos=0)
    assert dict(found.unused.iter_rows()) == {
        "a": "project_unnamed",
        "b": "project_unknown",
        "c": "no_time",
        "d": "outside_campaign",
    }
    assert row(found.effects)[c.POSTS_COUNT] == 25


def test_few_municipalities_give_no_interval_but_a_reason():
    election, posts = planted(own=0.5)
    district = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("А")).otherwise(pl.lit("Б"))
    two = Election(
        election.meta,
        election.projects.with_columns(district.alias(c.MUNICIPALITY)),
        election.voters,
        election.votes,
    )
    found = row(post_effects(two, posts, placebos=0).effects)
    assert found[c.RATIO] > 1
    assert found[c.RATIO_LOW] is None
    assert found[c.P_VALUE] is None
    assert found[c.NOTE] == "few_clusters"


def test_without_districts_displacement_is_not_determined():
    election, posts = planted(own=0.5)
    nowhere = Election(
        election.meta, election.projects.drop(c.MUNICIPALITY), election.voters, election.votes
    )
    found = row(post_effects(nowhere, posts, placebos=0).effects, target="others")
    assert found[c.RATIO] is None
    assert found[c.NOTE] == "no_neighbours"


def test_a_handful_of_posts_is_too_few():
    election, posts = planted(own=0.5)
    with pytest.raises(NotEnoughDataError, match="At least 5"):
        post_effects(election, posts.head(4))
    with pytest.raises(NotEnoughDataError):
        post_effects(election, posts.clear())


def test_votes_without_times_and_posts_without_projects_are_named():
    election, posts = planted(own=0.5)
    untimed = Election(
        election.meta, election.projects, election.voters, election.votes.drop(c.CAST_AT)
    )
    with pytest.raises(NotEnoughDataError, match="time"):
        post_effects(untimed, posts)
    with pytest.raises(SchemaError, match="project_id"):
        post_effects(election, posts.drop(c.PROJECT_ID))
    with pytest.raises(CurLabError):
        post_effects(election, posts, placebos=-1)


def test_posts_around_which_nobody_voted_have_no_effect_to_speak_of():
    election, posts = planted(own=0.5)
    start = pl.col(c.CAST_AT) < OPENS + timedelta(hours=20)
    early = election.votes.filter(start)
    few = Election(election.meta, election.projects, early.select(c.VOTER_ID), early)
    late = posts.with_columns(pl.col(c.PUBLISHED_AT) + timedelta(days=3)).filter(
        pl.col(c.PUBLISHED_AT) < OPENS + timedelta(days=DAYS)
    )
    found = post_effects(few, late, placebos=3)
    assert found.effects[c.RATIO].null_count() == found.effects.height
    assert (found.effects[c.NOTE] != "").all()
    assert found.path[c.RATIO].null_count() >= found.path.height - 1
