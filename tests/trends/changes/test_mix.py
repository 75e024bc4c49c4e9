"""Channel mix: a move between channels, a real rise and a new circle of people are told apart."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import SchemaError

CHANGED = 180


def messages(seed: int, **after: float) -> pl.DataFrame:
    """A year of three channels; ``after`` gives their levels from day 180 on."""
    draw = np.random.default_rng(seed)
    before = {"bot": 6.0, "portal": 12.0, "vk": 12.0}
    rows = []
    for channel, level in before.items():
        expected = np.full(340, level)
        expected[CHANGED:] = after.get(channel, level)
        counted = draw.negative_binomial(30, 1 / (1 + expected / 30))
        rows += [
            (channel, datetime(2025, 1, 9, 9, tzinfo=UTC) + timedelta(days=day, seconds=n))
            for day in range(340)
            for n in range(counted[day])
        ]
    return c.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{n:05}" for n in range(len(rows))],
                "channel": [row[0] for row in rows],
                "published_at": [row[1] for row in rows],
                "text": [f"сообщение {n}" for n in range(len(rows))],
            }
        ).with_columns(pl.col("published_at").cast(c.MESSAGES.schema["published_at"]))
    )


def near(frame: pl.DataFrame) -> dict[str | None, dict]:
    day = datetime(2025, 1, 9, tzinfo=UTC) + timedelta(days=CHANGED)
    close = frame.filter((pl.col("changed_at") - day).abs() <= timedelta(days=14))
    return {row["channel"]: row for row in close.iter_rows(named=True)}


def test_a_move_leaves_the_total_and_names_where_from():
    found = near(trends.mix(messages(0, bot=12, portal=6)))
    assert None not in found
    assert (found["bot"]["verdict"], found["bot"]["partners"]) == ("came_over", ["portal"])
    assert (found["portal"]["verdict"], found["portal"]["partners"]) == ("went_over", ["bot"])
    bot = found["bot"]
    assert bot["change_low"] <= 1.0 <= bot["change_high"]
    assert bot["total_low"] <= 0 <= bot["total_high"]
    assert bot["share_before_high"] < bot["share_after_low"]
    assert bot["share_after"] == pytest.approx(0.4, abs=0.05)


def test_a_real_rise_lifts_all_channels_and_keeps_their_shares():
    found = near(trends.mix(messages(1, bot=10, portal=20, vk=20)))
    assert (found[None]["verdict"], found[None]["partners"]) == ("rose_together", [])
    for channel in {"portal", "vk"} & found.keys():
        assert found[channel]["verdict"] == "rose_with_all"
        assert found[channel]["others_low"] > 0
    assert found[None]["total_low"] <= 2 / 3 <= found[None]["total_high"]


def test_one_channel_that_adds_messages_is_not_said_to_be_more_trouble():
    found = near(trends.mix(messages(2, bot=24)))
    assert found["bot"]["verdict"] == "rose_alone"


def test_steady_channels_are_left_alone():
    rows = [trends.mix(messages(seed)).drop_nulls("changed_at").height for seed in range(8)]
    assert sum(rows) <= 1


def test_one_channel_or_none_is_too_little():
    data = messages(3)
    for channel in ("vk", None):
        one = data.with_columns(pl.lit(channel, dtype=pl.String).alias("channel"))
        assert trends.mix(one)["verdict"].to_list() == ["one_channel"]
    assert trends.mix(data.head(50))["verdict"].to_list() == ["one_channel"]
    assert trends.mix(data.sample(60, seed=1))["verdict"].to_list() == ["too_little"]
    with pytest.raises(SchemaError, match="channel"):
        trends.mix(data.drop("channel"))


def test_groups_are_judged_apart_and_in_any_order():
    moved, steady = messages(0, bot=12, portal=6), messages(5)
    both = pl.concat(
        [
            moved.with_columns(municipality=pl.lit("А")),
            steady.with_columns(
                municipality=pl.lit("Б"), message_id=pl.concat_str(pl.lit("s"), "message_id")
            ),
        ]
    )
    found = trends.mix(both, by=("municipality",))
    assert set(near(found.filter(pl.col("municipality") == "А"))) == {"bot", "portal"}
    assert found.filter(pl.col("municipality") == "Б")["changed_at"].to_list() == [None]
    shuffled = both.sample(fraction=1, shuffle=True, seed=2)
    assert_frame_equal(found, trends.mix(shuffled, by=("municipality",)))
