"""The innocent explanations that fit a finding: codes, whose words stand in the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import ALL_CHANNELS, Ballots
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity.finding import Finding

# What else brings such votes about, by test.
INNOCENT = {
    tests.CHANNEL: "gathered_one_way",
    tests.NIGHT_SHARE: "night_shift",
    tests.OFF_HOURS: "late_calls",
    tests.NUMBERS: "numbers_in_a_row",
    tests.REGULARITY: "queue",
    tests.IDENTICAL: "common_list",
}
_BEFORE_POST = timedelta(hours=24)
_JUST_BEFORE = timedelta(hours=3)
_BEFORE_BROADCAST = timedelta(hours=12)
_LAST_EVENING = timedelta(hours=8)


@dataclass(frozen=True)
class Context:
    """What was going on while people voted: posts and broadcasts."""

    posts: pl.DataFrame
    broadcasts: pl.DataFrame

    @classmethod
    def of(cls, posts: pl.DataFrame | None, broadcasts: pl.DataFrame | None) -> Context:
        """Keep what is needed of both tables; absent ones are empty."""
        return cls(
            _timed(posts, c.POSTS, c.PUBLISHED_AT, "posts"),
            _timed(broadcasts, c.BROADCASTS, c.STARTED_AT, "broadcasts"),
        )

    def post(self, project: str, start: datetime, stop: datetime) -> timedelta | None:
        """Time from the last post about the project to the rise, if there was one."""
        about = self.posts.filter(
            pl.col(c.PROJECT_ID) == project,
            pl.col("at").is_between(start - _BEFORE_POST, stop, closed="left"),
        )
        first = about["at"].min()
        return start - first if isinstance(first, datetime) else None

    def broadcast(self, project: str, home: str, start: datetime, stop: datetime) -> bool:
        """Tell whether a broadcast for the project or its district came before the rise."""
        return not self.broadcasts.filter(
            pl.col("at").is_between(start - _BEFORE_BROADCAST, stop, closed="left"),
            (pl.col(c.PROJECT_ID) == project)
            | (pl.col(c.PROJECT_ID).is_null() & (pl.col(c.MUNICIPALITY).fill_null(home) == home)),
        ).is_empty()


def _timed(frame: pl.DataFrame | None, table: c.Table, time: str, where: str) -> pl.DataFrame:
    if frame is None:
        frame = table.empty()
    table.require(frame, (time,), where=where)
    present = [
        pl.col(name).cast(pl.String)
        if name in frame.columns
        else pl.lit(None, dtype=pl.String).alias(name)
        for name in (c.PROJECT_ID, c.MUNICIPALITY)
    ]
    at = pl.col(time).cast(pl.Datetime("us", "UTC")).alias("at")
    return frame.select(at, *present).drop_nulls("at")


def explanation(ballots: Ballots, context: Context, finding: Finding, project: int) -> list[str]:
    """Give the innocent explanations that fit best, what the test suggests first."""
    occasion = occasion_of(ballots, context, finding, project)
    if finding.test != tests.RISE:
        return [INNOCENT[finding.test], *([occasion] if occasion else [])]
    if occasion is None:
        together = _together(ballots, finding, project)
        occasion = "all_channels" if together else "no_occasion"
    return [occasion]


def invited(ballots: Ballots, context: Context, finding: Finding, project: int) -> bool:
    """Tell whether an occasion in the data leads voters to the very channel that rose.

    A post carries a link to Госуслуги; it does not make people telephone or send messages.
    """
    internet = channel_of(ballots, finding, project) == "esia"
    return internet and occasion_of(ballots, context, finding, project) is not None


def span(
    ballots: Ballots, finding: Finding, project: int
) -> tuple[datetime | None, datetime | None]:
    """Beginning and end of the most telling window; none where nothing stands out."""
    if ballots.opens is None or not finding.length[project]:
        return None, None
    start = ballots.moment(int(finding.start[project]))
    return start, start + timedelta(hours=int(finding.length[project]))


def _together(ballots: Ballots, finding: Finding, project: int) -> bool:
    """Tell whether at least two channels came to twice their usual number in the window."""
    start = int(finding.start[project])
    hours = slice(start, start + int(finding.length[project]))
    own, rest = ballots.panel.own[project], ballots.panel.rest[project]
    usual = rest[hours].sum(axis=0) * own.sum(axis=0) / np.maximum(rest.sum(axis=0), 1.0)
    return bool((own[hours].sum(axis=0) >= 2 * usual + 2).sum() >= 2)


def occasion_of(ballots: Ballots, context: Context, finding: Finding, project: int) -> str | None:
    """Name the post, broadcast or last evening that stands right before the window."""
    start, stop = span(ballots, finding, project)
    if start is None or stop is None or stop - start > timedelta(days=2):
        return None
    name = ballots.projects[project]
    home = ballots.districts[ballots.district[project]]
    since = context.post(name, start, stop)
    if since is not None:
        return "post_just_before" if since <= _JUST_BEFORE else "post_within_a_day"
    if context.broadcast(name, home, start, stop):
        return "broadcast"
    last = ballots.votes[c.CAST_AT].max()
    if isinstance(last, datetime) and stop > last - _LAST_EVENING:
        return "last_evening"
    return None


def channel_of(ballots: Ballots, finding: Finding, project: int) -> str:
    """Channel a finding is about, or all."""
    index = int(finding.channel[project])
    return ALL_CHANNELS if index < 0 else ballots.channels[index]
