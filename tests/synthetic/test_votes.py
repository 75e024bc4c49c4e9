"""The vote of the sample region: schemas, determinism, and that what is planted is there."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.synthetic.ballots import voting
from cur_lab.synthetic.campaign import broadcasts, opens, posts
from cur_lab.synthetic.projects import NUMBER, projects
from cur_lab.synthetic.region import region
from cur_lab.synthetic.votes import CHANNELS, gaps, rates

SEED = 7
TABLES = {
    "projects": c.PROJECTS,
    "votes": c.VOTES,
    "posts": c.POSTS,
    "broadcasts": c.BROADCASTS,
}
LOCAL = pl.col(c.CAST_AT).dt.convert_time_zone("Europe/Moscow")


@pytest.fixture(scope="module")
def vote() -> dict[str, pl.DataFrame]:
    return voting(SEED, 0.05)


def test_tables_have_the_schemas(vote):
    for name, table in TABLES.items():
        table.check(vote[name], where=name)
        assert set(vote[name].columns) <= set(table.full_schema)
    assert vote["projects"].height == NUMBER == 300
    assert vote["projects"][c.MUNICIPALITY].n_unique() == 18
    assert vote["projects"][c.PROJECT_ID].is_unique().all()
    assert vote["votes"][c.VOTER_ID].is_unique().all()


def test_everybody_votes_for_a_project_of_the_own_district(vote):
    joined = vote["votes"].join(vote["projects"], on=c.PROJECT_ID, how="left", suffix="_home")
    assert (joined[c.MUNICIPALITY] == joined[f"{c.MUNICIPALITY}_home"]).all()


def test_equal_seeds_give_equal_tables_and_other_seeds_others(vote):
    again, other = voting(SEED, 0.05), voting(SEED + 1, 0.05)
    for name, frame in vote.items():
        assert_frame_equal(frame, again[name])
    assert not vote["votes"].equals(other["votes"])


def test_surges_are_there_as_the_truth_tells_them(vote):
    surges, planted = vote["truth/surges"], vote["truth/votes"]
    assert surges["kind"].to_list() == ["boosting"] * 3 + ["mobilisation"] * 3
    assert surges[c.PROJECT_ID].is_unique().all()
    rows = planted.join(vote["votes"], on=c.VOTER_ID, validate="1:1").join(
        surges, on="surge_id", validate="m:1", suffix="_told"
    )
    assert rows.height == surges["votes"].sum()
    assert (rows[c.PROJECT_ID] == rows[f"{c.PROJECT_ID}_told"]).all()
    assert rows[c.CAST_AT].is_between(rows["started_at"], rows["ended_at"]).all()
    by_what = rows.partition_by("what", as_dict=True)
    night, numbers, calls = (by_what[(name,)] for name in ("night", "numbers", "off hours"))
    between = night.sort(c.CAST_AT)[c.CAST_AT].diff().drop_nulls().dt.total_seconds()
    assert between.min() >= 96
    assert between.max() <= 106
    assert set(night[c.CHANNEL]) == {"esia"}
    assert set(numbers[c.NUMBER_GAP]) == {1}
    assert set(numbers[c.CHANNEL]) == {"sms"}
    assert set(calls[c.CHANNEL]) == {"call_centre"}
    assert set(calls.select(LOCAL.dt.weekday()).to_series()) == {7}
    for what in ("school", "broadcast", "last evening"):
        natural = by_what[(what,)]
        assert natural[c.CHANNEL].n_unique() >= 2
        late = natural.filter(LOCAL.dt.hour() >= 18)
        assert not set(late[c.CHANNEL]) & {"call_centre", "paper"}


def test_the_curve_has_its_rushes_and_the_call_centre_its_hours(vote):
    votes = vote["votes"].with_columns(LOCAL.dt.date().alias("day"), LOCAL.dt.hour().alias("hour"))
    by_day = votes.group_by("day").len().sort("day")["len"]
    assert len(by_day) == 30
    middle = by_day[8:22].median()
    assert by_day[0] > 1.5 * middle
    assert by_day[-1] > 2 * middle
    surges = vote["truth/votes"]
    calls = votes.filter(pl.col(c.CHANNEL) == "call_centre").join(surges, on=c.VOTER_ID, how="anti")
    working = (LOCAL.dt.weekday() <= 5) & pl.col("hour").is_between(9, 17)
    assert 0.95 < calls.select(working.mean()).item() < 1


def test_a_post_lifts_its_project_by_what_the_truth_says():
    candidates = projects(SEED)
    written = [post for post in posts(SEED, candidates) if post.effect > 0][:1]
    silent = rates(SEED, candidates, [replace(written[0], effect=0.0)], [])
    spoken = rates(SEED, candidates, written, [])
    hour = int((written[0].published_at - opens()).total_seconds() // 3600)
    ratio = spoken[written[0].project].sum(axis=1) / np.maximum(
        silent[written[0].project].sum(axis=1), 1e-12
    )
    assert ratio[hour] == pytest.approx(np.exp(written[0].effect))
    assert ratio[hour + 8] == pytest.approx(np.exp(written[0].effect / 2))
    assert ratio[hour - 1] == pytest.approx(1)
    others = np.arange(len(candidates)) != written[0].project
    assert np.array_equal(silent[others], spoken[others])


def test_a_broadcast_lifts_its_district_only():
    candidates, spoken = projects(SEED), broadcasts(SEED)
    local = next(item for item in spoken if item.municipality is not None)
    without, with_it = rates(SEED, candidates, [], []), rates(SEED, candidates, [], [local])
    changed = ~np.isclose(without, with_it).all(axis=(1, 2))
    home = np.array([project.municipality for project in candidates])
    assert set(home[changed]) == {local.municipality}
    assert region().municipalities[local.municipality].name


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-1, 50), st.integers(0, 3)), max_size=30))
def test_gap_is_the_distance_to_the_nearest_number_of_the_channel(rows):
    numbers = np.array([number for number, _ in rows], dtype=np.int64)
    channel = np.array([index for _, index in rows], dtype=np.int64)
    found = gaps(numbers, channel).tolist()
    for place, (number, index) in enumerate(rows):
        others = [
            abs(other - number)
            for at, (other, its) in enumerate(rows)
            if at != place and its == index and other >= 0
        ]
        assert found[place] == (min(others) if number >= 0 and others else -1)
    assert len(CHANNELS) == 4
