"""Tests of shares: of a project among its neighbours, of channels, nights and numbers in it."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import NIGHT, Ballots, Panel
from cur_lab.budgeting.integrity.finding import (
    CHANNEL,
    NEAR,
    NIGHT_SHARE,
    NUMBERS,
    OFF_HOURS,
    RISE,
    Finding,
    better,
    first_category,
    makeup_limits,
    rise_limits,
    telling,
)
from cur_lab.budgeting.integrity.windows import (
    Tails,
    Windows,
    all_windows,
    looks,
    makeup,
    rises,
)
from cur_lab.inference import BoolArray, FloatArray, sidak

_RISEN, _RISEN_AT = 2, 0.01
_DEVIATING, _FEWEST_USUAL = 0.1, 5
_MANY = 1e6


def rise(panel: Panel) -> tuple[Finding, list[Tails]]:
    """Look for windows in which the share of a project rose."""
    hours = panel.own.shape[1]
    tails = [rises(panel.total, windows) for windows in all_windows(hours)]
    finding = telling(RISE, tails, [sidak(t.p, looks(hours)) for t in tails], rise_limits)
    return finding, tails


def channel(panel: Panel, risen: list[Tails], pooled: list[FloatArray] | None = None) -> Finding:
    """Look for windows in which one channel brought more than its share of the project's votes.

    A quarter of the error is spent on the window in which the project rose most, a quarter on the
    few of every length in which it did. They are chosen by its total only, which tells nothing of
    the channels, so the choice costs nothing.
    """
    hours, channels = panel.own.shape[1:]
    tails = channel_tails(panel, pooled)
    adjusted = []
    for tail, few, one in zip(tails, _most_risen(risen), _top(risen), strict=True):
        p = sidak(tail.p, 2 * channels * looks(hours))
        for mask, windows in ((few, _RISEN * len(tails)), (one, 1)):
            of_chosen = sidak(tail.p, 4 * channels * windows)
            p = np.where(mask[:, :, None], np.minimum(p, of_chosen), p)
        adjusted.append(p)
    return telling(CHANNEL, tails, adjusted, makeup_limits)


def channel_tails(panel: Panel, pooled: list[FloatArray] | None = None) -> list[Tails]:
    """Compare the channels of every window."""
    windows = all_windows(panel.own.shape[1])
    given: list[FloatArray | None] = [*pooled] if pooled else [None] * len(windows)
    return [makeup(panel, w, pooled=known) for w, known in zip(windows, given, strict=True)]


def night(ballots: Ballots, panel: Panel, pooled: FloatArray | None = None) -> Finding:
    """Look for nights that brought more than their share of the votes of the day around them."""
    windows, halves = _nights(ballots)
    if not len(windows.starts):
        return Finding.nothing(NIGHT_SHARE, len(panel.own))
    tails = first_category(makeup(panel.merged(halves), windows, pooled=pooled))
    adjusted = [sidak(tails.p, len(windows.starts))]
    finding = telling(NIGHT_SHARE, [tails], adjusted, makeup_limits)
    finding.channel[:] = -1
    return finding


def night_spread(ballots: Ballots, panel: Panel) -> FloatArray:
    """Overdispersion of the share of the night, for tests of a few projects against all."""
    windows, halves = _nights(ballots)
    return makeup(panel.merged(halves), windows).pooled


def _nights(ballots: Ballots) -> tuple[Windows, list[BoolArray]]:
    """Days from noon to noon, and the hours of the night against all others."""
    hour, _ = ballots.clock()
    dark = np.isin(hour, NIGHT)[:, None] & np.ones(len(ballots.channels), dtype=bool)
    return Windows(np.arange(12, ballots.hours - 23, 24), 24), [dark, ~dark]


def off_hours(ballots: Ballots) -> Finding:
    """Compare the share of calls among votes cast outside Monday to Friday, 9 to 18.

    Expected counts are stratified by hour of the day and kind of day, so that a project that rose
    on an evening is compared with other evenings.
    """
    hour, weekday = ballots.clock()
    working = (weekday < 5) & (hour >= 9) & (hour < 18)
    called = np.array([name == "call_centre" for name in ballots.channels])
    groups: list[BoolArray] = [~working[:, None] & called, ~working[:, None] & ~called]
    stratum = np.eye(48)[hour + 24 * (weekday >= 5)]
    own = np.einsum("pts,th->phs", ballots.panel.merged(groups).own, stratum)
    others = own.sum(axis=0) - own
    overall = own[..., 0].sum() / max(own.sum(), 1.0)
    share = (others[..., 0] + overall) / (others.sum(axis=2) + 1.0)
    expected = (own.sum(axis=2) * share).sum(axis=1)
    votes = own.sum(axis=1)
    # Only the proportion of the rest counts, so it may stand for as many votes as one likes.
    rest = _MANY * np.stack([expected, votes.sum(axis=1) - expected], axis=1)
    panel = Panel(votes[:, None], rest[:, None], np.zeros((1, 2)))
    tails = first_category(makeup(panel, Windows(np.array([0]), 1)))
    finding = telling(OFF_HOURS, [tails], [tails.p], makeup_limits)
    finding.channel[finding.length > 0] = ballots.channels.index("call_centre")
    finding.length[finding.length > 0] = ballots.hours
    return finding


def numbers(ballots: Ballots) -> Finding:
    """Compare the share of telephone numbers that have a close neighbour among all who voted."""
    size = len(ballots.projects)
    known = ballots.votes.drop_nulls(c.NUMBER_GAP)
    best = Finding.nothing(NUMBERS, size)
    present = sorted(known["way"].unique().to_list())
    for index in present:
        of_channel = known.filter(pl.col("way") == index)
        project = of_channel["project"].to_numpy()
        near = (of_channel[c.NUMBER_GAP] <= NEAR).to_numpy()
        own = np.stack(
            [np.bincount(project[mask], minlength=size) for mask in (near, ~near)], axis=1
        ).astype(float)
        tails = first_category(makeup(_against_most(own), Windows(np.array([0]), 1)))
        adjusted = [sidak(tails.p, len(present))]
        finding = telling(NUMBERS, [tails], adjusted, makeup_limits)
        finding.channel[finding.length > 0] = index
        best = better(best, finding)
    best.length[best.length > 0] = max(ballots.hours, 1)
    return best


def _against_most(own: FloatArray) -> Panel:
    """Compare each project with the usual share of all, the most deviating tenth of each side out.

    Habits of districts matter little here, while one odd neighbour would shift a small district.

    Parameters
    ----------
    own
        Shape (projects, 2): votes of the kind in question, and all others of the channel.
    """
    number = own.sum(axis=1)
    share = own[:, 0].sum() / max(number.sum(), 1.0)
    residual = (own[:, 0] - number * share) / np.sqrt(number * share * (1 - share) + 1e-9)
    kept = number > 0
    if kept.any():
        low, high = np.quantile(residual[kept], [_DEVIATING, 1 - _DEVIATING])
        kept &= (residual >= low) & (residual <= high)
    if kept.sum() < _FEWEST_USUAL:
        return Panel.of(own[:, None], np.zeros(len(own), dtype=np.int64))
    usual = own[kept].sum(axis=0)
    return Panel(own[:, None], np.broadcast_to(usual, (len(own), 1, 2)), usual[None])


def _top(risen: list[Tails]) -> list[BoolArray]:
    """Mark the window of any length in which each project rose most; none where none rose."""
    least = np.stack([tail.p[:, :, 0].min(axis=1) for tail in risen])
    length = least.argmin(axis=0)
    marks = []
    for place, tail in enumerate(risen):
        here = np.flatnonzero((length == place) & (least[place] < _RISEN_AT))
        mark = np.zeros(tail.p.shape[:2], dtype=bool)
        mark[here, tail.p[here, :, 0].argmin(axis=1)] = True
        marks.append(mark)
    return marks


def _most_risen(risen: list[Tails]) -> list[BoolArray]:
    """Mark, of every length, the two windows of each project in which it rose most."""
    marks = []
    for tail in risen:
        p = np.where(tail.p[:, :, 0] < _RISEN_AT, tail.p[:, :, 0], np.inf)
        mark = np.zeros(p.shape, dtype=bool)
        project = np.arange(len(p))
        for _ in range(_RISEN):
            best = p.argmin(axis=1)
            mark[project, best] |= np.isfinite(p[project, best])
            starts = tail.windows.starts
            touching = np.abs(starts - starts[best][:, None]) < tail.windows.length
            p[touching] = np.inf
        marks.append(mark)
    return marks
