"""Accounts that return to the same phrases: found, told without any account, and left alone."""

import re
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
import simulated_campaigns as simulated
import slow_voices
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import fakes


@pytest.fixture(scope="module")
def background() -> pl.DataFrame:
    return simulated.chatter(1_500, seed=3, days=40)


def slow(background: pl.DataFrame, tone: str, accounts: int, seed: int) -> pl.DataFrame:
    """Write seven messages an account in the sample's own grammar over forty days."""
    rng = np.random.default_rng(seed)
    start = background[c.PUBLISHED_AT].min()
    rows = [
        (
            f"{tone}-{account}",
            start + timedelta(days=float(rng.uniform(0, 38))),
            slow_voices.told(slow_voices.OWN[tone], rng),
        )
        for account in range(accounts)
        for _ in range(7)
    ]
    frame = pl.DataFrame(rows, schema=[c.AUTHOR_ID, c.PUBLISHED_AT, c.TEXT], orient="row")
    frame = frame.with_columns(
        pl.format(f"{tone}-{{}}", pl.int_range(pl.len())).alias(c.MESSAGE_ID),
        pl.lit("чат 0").alias(c.CHANNEL),
        pl.lit("Лесной").alias(c.MUNICIPALITY),
        pl.col(c.PUBLISHED_AT).cast(pl.Datetime("us", "UTC")),
    )
    return c.MESSAGES.conform(frame)


@pytest.fixture(scope="module")
def crowd(background) -> pl.DataFrame:
    """Twelve accounts praise and four criticise for weeks; texts of thirty and of six accounts."""
    messages = background
    for number, size in enumerate((30, 6)):
        rng = np.random.default_rng([8, number])
        messages = simulated.plant(messages, "copy", size, new=True, rng=rng).messages
    parts = [messages, slow(background, "praise", 12, 1), slow(background, "criticism", 4, 2)]
    return pl.concat(parts, how="diagonal")


@pytest.fixture(scope="module")
def found(crowd):
    return fakes.campaigns(crowd)


def test_groups_of_ten_and_more_are_told_smaller_ones_counted(found):
    sizes = found.appeal_sizes.select("group_size", "groups").rows()
    assert sizes == [("under_ten", 1), ("ten_and_more", 1)]
    assert found.appeals[c.AUTHORS].to_list() == [12]
    assert found.appeals[c.MUNICIPALITIES_COUNT].to_list() == [1]
    assert found.appeals["first_day"][0] < found.appeals["last_day"][0]
    assert any("дирекц" in phrase for phrase in found.appeals["phrases"][0])
    assert found.appeals[c.EXPLANATION].to_list() == ["collective_appeal"]


def test_families_of_under_ten_accounts_are_counted_only(found):
    assert found.verdicts["hidden"].sum() >= 1
    assert found.families[c.AUTHORS].min() >= 10
    assert set(found.members[c.FAMILY]) <= set(found.families[c.FAMILY])
    assert set(found.evidence[c.FAMILY]) <= set(found.families[c.FAMILY])


def test_no_file_and_no_member_points_at_an_account(crowd, found, tmp_path):
    graph = fakes.write_graphml(found, tmp_path / "graph.graphml").read_text(encoding="utf-8")
    assert not re.search(r"new-[0-9a-f]+|praise-\d|criticism-\d", graph)
    assert found.members.columns == [c.FAMILY, c.MESSAGE_ID]
    # A group is of accounts: listing its messages would tell whose they are.
    group = crowd.filter(pl.col(c.AUTHOR_ID).str.contains("praise|criticism"))[c.MESSAGE_ID]
    assert set(group).isdisjoint(found.members[c.MESSAGE_ID])


def test_groups_call_for_no_check(found, crowd):
    """The same words alone are no ground: what returns is counted beside the verdicts."""
    copies = crowd.filter(pl.col(c.MESSAGE_ID).str.starts_with("planted")).height
    called = found.verdicts.filter(pl.col(c.VERDICT) == "review")
    assert called["messages"].sum() <= copies


def test_the_same_whatever_the_order_of_rows(crowd, found):
    other = fakes.campaigns(crowd.sample(fraction=1, shuffle=True, seed=1))
    assert_frame_equal(found.appeals, other.appeals)
    assert_frame_equal(found.appeal_sizes, other.appeal_sizes)


def test_who_writes_when_the_others_do_has_an_occasion(background):
    """The same accounts and words, all on six evenings: a circle, no group."""
    evening = pl.col(c.PUBLISHED_AT).dt.truncate("6d") + pl.duration(
        hours=18, minutes=pl.int_range(pl.len()) * 7 % 60
    )
    circle = slow(background, "praise", 12, 1).with_columns(evening.alias(c.PUBLISHED_AT))
    result = fakes.campaigns(pl.concat([background, circle], how="diagonal"))
    assert result.appeal_sizes["groups"].sum() == 0


def test_one_clause_in_common_makes_no_group(background):
    """People who thank for one matter in the same few words beside what they write anyway."""
    thanks = [
        slow_voices.neighbours(background.with_columns(text=pl.lit("слово " * 9)), tone, [4, n])
        for n, tone in enumerate(slow_voices.TONES)
    ]
    result = fakes.campaigns(pl.concat([background, *thanks], how="diagonal"))
    assert result.appeal_sizes["groups"].sum() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.with_columns(pl.lit("a").alias(c.AUTHOR_ID)),
        lambda frame: frame.drop(c.AUTHOR_ID),
        lambda frame: frame.drop(c.PUBLISHED_AT),
        lambda frame: frame.with_columns(pl.lit("спасибо большое").alias(c.TEXT)),
        lambda frame: frame.with_columns(pl.col(c.MESSAGE_ID).alias(c.TEXT)),
        lambda frame: frame.with_columns(pl.lit("👍").alias(c.TEXT)),
        lambda frame: frame.head(5),
    ],
    ids=["one author", "no authors", "no times", "one phrase", "no word", "signs", "five"],
)
def test_too_little_gives_no_group(crowd, change):
    result = fakes.campaigns(change(crowd.tail(300)))
    assert result.appeals.is_empty()
    assert result.appeal_sizes["groups"].sum() == 0
