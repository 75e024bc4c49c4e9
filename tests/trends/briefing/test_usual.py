"""The norm of a rubric: false alarms are rare, a real rise is seen, winter is not a rise."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from cur_lab.trends.briefing.scope import Scope
from cur_lab.trends.briefing.usual import against_norm

UNTIL = datetime(2025, 7, 1, tzinfo=UTC)
RUBRICS = [f"рубрика {number:02}" for number in range(20)]
DISTRICTS = [f"район {number}" for number in range(8)]


def region(seed, *, days=540, rate=0.25, season=None, rise=1.0):
    """Messages in bunches of one to four; the first rubric of the first district may rise."""
    draw = np.random.default_rng(seed)
    end = int(UNTIL.timestamp())
    parts = []
    for d, district in enumerate(DISTRICTS):
        for r, rubric in enumerate(RUBRICS):
            daily = np.full(days, rate * (1 + 0.4 * d) * (0.3 + 0.1 * r) / 2)
            if season is not None and r == 0:
                daily = daily * season[:days]
            if d == r == 0:
                daily[-30:] *= rise
            bunches = np.repeat(np.arange(days), draw.poisson(daily))
            messages = np.repeat(bunches, draw.integers(1, 4, bunches.size))
            seconds = end - 86400 * (days - messages) + draw.integers(0, 86400, messages.size)
            parts.append(
                pl.DataFrame({"at": seconds}).select(
                    published_at=pl.from_epoch("at")
                    .cast(pl.Datetime("us"))
                    .dt.replace_time_zone("UTC"),
                    municipality=pl.lit(district),
                    rubric=pl.lit(rubric),
                )
            )
    return pl.concat(parts)


def judged(messages, district=DISTRICTS[0]):
    where = Scope(district, UNTIL - timedelta(days=30), UNTIL)
    return against_norm(messages, where)


def test_ordinary_windows_are_within_the_norm():
    flagged = covered = total = 0
    for seed in range(12):
        messages = region(seed)
        for district in DISTRICTS[::3]:
            found = judged(messages, district)
            flagged += (found["q"] < 0.05).any()
            where = (pl.col("municipality") == district) & (
                pl.col("published_at") >= UNTIL - timedelta(days=30)
            )
            now = messages.filter(where)["rubric"].value_counts()
            both = found.join(now, on="rubric")
            covered += both.filter(
                pl.col("count").is_between(pl.col("expected_low"), pl.col("expected_high"))
            ).height
            total += both.height
    # 36 briefings, each at a false-discovery rate of 5 %: eight or more have p < 0.001.
    assert flagged <= 7
    assert covered / total > 0.93


def test_a_rise_is_seen_with_its_size():
    found = judged(region(3, rate=3.0, rise=3.0)).filter(rubric=RUBRICS[0]).row(0, named=True)
    assert found["q"] < 0.05
    assert found["change_low"] < 2.0 < found["change_high"]
    assert found["change_low"] > 0.5


def test_a_season_known_from_other_districts_is_not_a_rise():
    days = np.arange(900)
    winter = 1 + 0.9 * np.cos(2 * np.pi * (days - 900) / 365.25)  # at its height in the window
    found = judged(region(5, days=900, rate=3.0, season=winter))
    snow = found.filter(rubric=RUBRICS[0]).row(0, named=True)
    assert snow["q"] > 0.05
    past = judged(region(5, days=200, rate=3.0, season=winter[700:]))
    # Without a year of history the season cannot be known, and the height looks like a rise.
    assert past.filter(rubric=RUBRICS[0])["change"].item() > snow["change"]


def test_a_short_history_has_no_norm():
    found = judged(region(1, days=100))
    assert found["expected"].null_count() == found.height > 0
    assert found["q"].null_count() == found.height
