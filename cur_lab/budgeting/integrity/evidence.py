"""The tests, each asked of every project alike; each tells its most telling window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from cur_lab import columns as c
from cur_lab.budgeting.integrity.counts import (
    NIGHT,
    Ballots,
    BoolArray,
    FloatArray,
    IntArray,
    Panel,
)
from cur_lab.budgeting.integrity.windows import (
    Tails,
    Windows,
    all_windows,
    beta_binomial_sf,
    looks,
    makeup,
    rises,
)

RISE = "rise"
CHANNEL = "channel"
NIGHT_SHARE = "night"
OFF_HOURS = "off_hours"
NUMBERS = "numbers"
REGULARITY = "regularity"
IDENTICAL = "identical"
# A rise is what every lively campaign brings about; these are what it does not.
COMPOSITION = (CHANNEL, NIGHT_SHARE, OFF_HOURS, NUMBERS, REGULARITY, IDENTICAL)

NEAR = 2
_RISEN, _RISEN_AT = 2, 0.01
_DEVIATING, _FEWEST_USUAL = 0.1, 5
_MANY = 1e6
# Windows with a larger p are not worth telling.
_TOLD = 0.2
_FEWEST_GAPS = 20
_MOST_GAPS = 5_000
_DRAWS, _MORE_DRAWS = 100, 1_000
_FEWEST_ALIKE = 5
_LONG_BALLOT = 3


@dataclass(frozen=True)
class Finding:
    """One test of all projects.

    Attributes
    ----------
    p
        Shape (projects,), corrected for the number of windows looked at; 1 where nothing stands
        out, nan where the project has too few votes to be asked.
    start, length
        Shape (projects,): first hour and hours of the most telling window; length 0 where p is
        0.2 or more.
    channel
        Shape (projects,): number of the channel, -1 for all.
    observed, expected, low, high
        Shape (projects,): what was seen, and its expectation with 95 % limits.
    """

    test: str
    p: FloatArray
    start: IntArray
    length: IntArray
    channel: IntArray
    observed: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def nothing(cls, test: str, projects: int) -> Finding:
        """Return a finding in which no project stands out."""
        zero = np.zeros(projects, dtype=np.int64)
        unknown = (np.full(projects, np.nan) for _ in range(4))
        return cls(test, np.ones(projects), zero, zero.copy(), zero - 1, *unknown)


def rise(panel: Panel) -> tuple[Finding, list[Tails]]:
    """Look for windows in which the share of a project rose."""
    hours = panel.own.shape[1]
    tails = [rises(panel.total, windows) for windows in all_windows(hours)]
    finding = _telling(RISE, tails, [_corrected(t.p, looks(hours)) for t in tails], rise_limits)
    return finding, tails


def channel(panel: Panel, risen: list[Tails], pooled: list[FloatArray] | None = None) -> Finding:
    """Look for windows in which one channel brought more than its share of the project's votes.

    Half of the error is spent on the few windows in which the project rose most. They are chosen by
    its total only, which tells nothing of the channels, so the choice costs nothing.
    """
    hours, channels = panel.own.shape[1:]
    tails = channel_tails(panel, pooled)
    chosen = _most_risen(risen)
    adjusted = []
    for tail, mask in zip(tails, chosen, strict=True):
        many = _corrected(tail.p, 2 * channels * looks(hours))
        few = _corrected(tail.p, 2 * channels * _RISEN * len(tails))
        adjusted.append(np.where(mask[:, :, None], np.minimum(few, many), many))
    return _telling(CHANNEL, tails, adjusted, makeup_limits)


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
    tails = _first_category(makeup(panel.merged(halves), windows, pooled=pooled))
    adjusted = [_corrected(tails.p, len(windows.starts))]
    finding = _telling(NIGHT_SHARE, [tails], adjusted, makeup_limits)
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
    tails = _first_category(makeup(panel, Windows(np.array([0]), 1)))
    finding = _telling(OFF_HOURS, [tails], [tails.p], makeup_limits)
    finding.channel[finding.length > 0] = ballots.channels.index("call_centre")
    finding.length[finding.length > 0] = ballots.hours
    return finding


def numbers(ballots: Ballots) -> Finding:
    """Compare the share of telephone numbers that have a close neighbour among all who voted."""
    size = len(ballots.projects)
    known = ballots.votes.drop_nulls(c.NUMBER_GAP)
    best = Finding.nothing(NUMBERS, size)
    present = sorted(known["channel"].unique().to_list())
    for index in present:
        of_channel = known.filter(pl.col("channel") == index)
        project = of_channel["project"].to_numpy()
        near = (of_channel[c.NUMBER_GAP] <= NEAR).to_numpy()
        own = np.stack(
            [np.bincount(project[mask], minlength=size) for mask in (near, ~near)], axis=1
        ).astype(float)
        tails = _first_category(makeup(_against_most(own), Windows(np.array([0]), 1)))
        adjusted = [_corrected(tails.p, len(present))]
        finding = _telling(NUMBERS, [tails], adjusted, makeup_limits)
        finding.channel[finding.length > 0] = index
        best = _better(best, finding)
    best.length[best.length > 0] = max(ballots.hours, 1)
    return best


def regularity(ballots: Ballots, *, seed: int) -> Finding:
    """Look for channels in which the votes of a project came at too even intervals.

    Time is stretched so that every hour of the window runs as fast as votes came in it; under a
    Poisson process of any smooth rate the gaps are then alike exponential. Greenwood's statistic,
    the mean square of the gaps, is small where they are even and large where votes cluster, so
    bursts, which are natural, are no evidence. Its law is simulated with the counts of each hour
    held, and its logarithm taken as normal.

    References
    ----------
    Greenwood M. (1946). The statistical study of infectious diseases. JRSS 109, 85-110.
    Brown E. N. et al. (2002). The time-rescaling theorem and its application to neural spike train
    data analysis. Neural Computation 14, 325-346.
    """
    found = Finding.nothing(REGULARITY, len(ballots.projects))
    own = ballots.panel.own
    starts = {6: 3, 24: 24}
    seconds, first = _by_cell(ballots)
    tried = np.zeros(len(ballots.projects), dtype=np.int64)
    raw = np.ones(len(ballots.projects))
    for length, step in starts.items():
        if ballots.hours < length:
            continue
        windows = Windows(np.arange(0, ballots.hours - length + 1, step), length)
        counts = windows.sums(own)
        fit = (counts >= _FEWEST_GAPS) & (counts <= _MOST_GAPS)
        for project, window, index in np.argwhere(fit):
            start = int(windows.starts[window])
            line = seconds[(project, index)]
            by_hour = own[project, start : start + length, index].astype(np.int64)
            rank = first[project, start, index]
            events = line[rank : rank + by_hour.sum()] - 3600.0 * start
            # A stream of its own per window: another project's votes change nothing here.
            draw = np.random.default_rng([seed, length, start, int(index), int(by_hour.sum())])
            p, seen, mean, spread = _evenness(events, by_hour, draw)
            tried[project] += 1
            if p < raw[project]:
                raw[project] = p
                found.start[project], found.length[project] = start, length
                found.channel[project] = index
                # Shown as the coefficient of variation of the gaps, 1 for a Poisson process.
                law = np.exp(np.log(mean) + spread * np.array([0.0, -1.96, 1.96]))
                found.observed[project] = np.sqrt(max(seen - 1, 0.0))
                found.expected[project], found.low[project], found.high[project] = np.sqrt(
                    np.maximum(law - 1, 0.0)
                )
    found.p[:] = np.where(tried > 0, _corrected(raw, np.maximum(tried, 1)), np.nan)
    quiet = ~(found.p < _TOLD)
    found.length[quiet] = 0
    for shown in (found.observed, found.expected, found.low, found.high):
        shown[quiet] = np.nan
    return found


def identical(ballots: Ballots) -> Finding:
    """Look for equal ballots of several choices that were cast one right after the other."""
    found = Finding.nothing(IDENTICAL, len(ballots.projects))
    cast = (
        ballots.votes.drop_nulls("local")
        .group_by(c.VOTER_ID)
        .agg(
            pl.col("project").sort().alias("ballot"),
            pl.col("local").min(),
            pl.col("hour").min(),
        )
        .filter(pl.col("ballot").list.len() >= _LONG_BALLOT)
        .sort("local", c.VOTER_ID)
    )
    # Neighbours of one district only: elsewhere ballots differ anyway.
    home = cast["ballot"].list.first().cast(pl.Int64).to_numpy()
    cast = cast.with_columns(pl.Series("district", ballots.district[home], dtype=pl.Int64))
    cast = cast.sort("district", "local", c.VOTER_ID, maintain_order=True).with_columns(
        pl.col("ballot").cast(pl.List(pl.String)).list.join(",").alias("key")
    )
    again = (pl.col("key") == pl.col("key").shift(1)) & (
        pl.col("district") == pl.col("district").shift(1)
    )
    size = cast.group_by("district").len("of_district")
    runs = (
        cast.with_columns(again.fill_null(False).alias("again"))
        .group_by("key", "district")
        .agg(
            pl.col("again").sum().cast(pl.Int64),
            pl.len().alias("alike"),
            pl.col("ballot").first(),
            pl.col("hour").filter(pl.col("again")).min().alias("start"),
            pl.col("hour").filter(pl.col("again")).max().alias("stop"),
        )
        .join(size, on="district")
        .filter(pl.col("alike") >= _FEWEST_ALIKE)
        .sort("key")
    )
    for row in runs.iter_rows(named=True):
        mean = row["alike"] * (row["alike"] - 1) / row["of_district"]
        p = float(stats.poisson.sf(row["again"] - 1, mean))
        p = float(_corrected(np.array(p), max(runs.height, 1)))
        for project in row["ballot"]:
            if row["again"] and p < found.p[project]:
                found.p[project], found.start[project] = p, row["start"]
                found.length[project] = row["stop"] - row["start"] + 1
                found.observed[project], found.expected[project] = row["again"], mean
                found.low[project], found.high[project] = stats.poisson.ppf([0.025, 0.975], mean)
    return found


def rise_limits(expected: FloatArray, spread: FloatArray, _: FloatArray) -> FloatArray:
    """95 % limits of a negative binomial, stacked on the last axis."""
    size = 1 / np.maximum(spread, 1e-9)
    share = size / (size + np.maximum(expected, 1e-9))
    return np.stack([stats.nbinom.ppf(q, size, share) for q in (0.025, 0.975)], axis=-1)


def makeup_limits(expected: FloatArray, spread: FloatArray, number: FloatArray) -> FloatArray:
    """95 % limits of a beta-binomial, stacked on the last axis."""
    mean = np.clip(expected / np.maximum(number, 1), 1e-6, 1 - 1e-6)
    limits = []
    for tail in (0.975, 0.025):
        low, high = np.zeros_like(number), number.copy()
        # The largest k with at least this much of the tail at or above it.
        while (high - low > 0).any():
            middle = np.ceil((low + high) / 2)
            enough = beta_binomial_sf(middle, number, mean, spread) >= tail
            low, high = np.where(enough, middle, low), np.where(enough, high, middle - 1)
        limits.append(low)
    return np.stack(limits, axis=-1)


def _telling(
    test: str,
    tails: list[Tails],
    adjusted: list[FloatArray],
    limits: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> Finding:
    """Keep the window and category with the smallest p of each project; limits where it matters."""
    best = Finding.nothing(test, len(adjusted[0]) if adjusted else 0)
    for tail, p in zip(tails, adjusted, strict=True):
        shape = p.shape[1:]
        flat = p.reshape(len(p), -1)
        at = flat.argmin(axis=1)
        window, category = np.unravel_index(at, shape)
        project = np.arange(len(p))
        seen = flat[project, at] < 1
        here = (project, window, category)
        observed, expected = tail.observed[here], tail.expected[here]
        number = tail.observed[project, window].sum(axis=1)
        between = np.full((len(p), 2), np.nan)
        told = seen & (flat[project, at] < _TOLD)
        between[told] = limits(expected[told], tail.spread[here][told], number[told])
        finding = Finding(
            test,
            flat[project, at],
            tail.windows.starts[window],
            np.where(told, tail.windows.length, 0),
            np.where(told & (shape[1] > 1), category, -1),
            np.where(told, observed, np.nan),
            np.where(told, expected, np.nan),
            between[:, 0],
            between[:, 1],
        )
        best = _better(best, finding)
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


def _better(first: Finding, second: Finding) -> Finding:
    """Keep of two findings of one test, project by project, the one with the smaller p."""
    take = second.p < first.p
    names = ("p", "start", "length", "channel", "observed", "expected", "low", "high")
    chosen = (np.where(take, getattr(second, n), getattr(first, n)) for n in names)
    return Finding(first.test, *chosen)


def _corrected(p: FloatArray, number: float | FloatArray | IntArray) -> FloatArray:
    """Šidák's correction for the number of independent looks."""
    return np.asarray(-np.expm1(number * np.log1p(-np.minimum(p, 1 - 1e-16))))


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


def _first_category(tails: Tails) -> Tails:
    """Keep only the tail of the first category; the counts of both stay."""
    p = tails.p.copy()
    p[..., 1:] = 1.0
    return Tails(tails.windows, p, *_fields(tails)[1:])


def _fields(tails: Tails) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    return tails.p, tails.observed, tails.expected, tails.spread, tails.pooled


def _by_cell(ballots: Ballots) -> tuple[dict[tuple[int, int], FloatArray], IntArray]:
    """Seconds since the opening of the votes of each project and channel, and ranks of hours."""
    timed = ballots.votes.drop_nulls("local")
    opened = pl.lit(ballots.opens).cast(pl.Datetime("us"))
    since = timed.select((pl.col("local") - opened).dt.total_microseconds() / 1e6).to_series()
    order = timed.select("project", "channel").with_columns(since.alias("since"))
    lines = {
        (int(key[0]), int(key[1])): part["since"].sort().to_numpy()
        for key, part in order.partition_by("project", "channel", as_dict=True).items()
    }
    own = ballots.panel.own
    first = np.concatenate([np.zeros_like(own[:, :1]), np.cumsum(own, axis=1)], axis=1)
    return lines, first.astype(np.int64)


def _evenness(
    events: FloatArray, by_hour: IntArray, draw: np.random.Generator
) -> tuple[float, float, float, float]:
    """Greenwood's statistic of one window: p, value, and mean and log-spread under the null."""
    if (events % 60 == 0).all():
        # Recorded by the minute: spread within it, evenly, so that ties are no rhythm.
        events = np.sort(events + 60 * draw.random(len(events)))
    starts = np.repeat(np.cumsum(by_hour) - by_hour, by_hour)
    width = np.repeat(by_hour, by_hour)
    hour = np.repeat(np.arange(len(by_hour)), by_hour)
    within = np.clip(events / 3600 - hour, 0, 1)
    seen = float((np.diff(starts + width * within) ** 2).mean())
    for draws in (_DRAWS, _MORE_DRAWS):
        simulated = np.sort(starts + width * draw.random((draws, len(events))), axis=1)
        logs = np.log((np.diff(simulated, axis=1) ** 2).mean(axis=1))
        mean, spread = float(logs.mean()), float(logs.std(ddof=1))
        z = (np.log(max(seen, 1e-9)) - mean) / spread
        if z > -2:
            break
    return float(stats.norm.cdf(z)), seen, float(np.exp(mean)), spread
