"""Tests of how votes follow each other: too evenly, or alike."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import Ballots
from cur_lab.budgeting.integrity.finding import IDENTICAL, REGULARITY, TOLD, Finding
from cur_lab.budgeting.integrity.windows import Windows
from cur_lab.inference import FloatArray, IntArray, sidak

_FEWEST_GAPS = 20
_MOST_GAPS = 5_000
_DRAWS, _MORE_DRAWS = 100, 1_000
_FEWEST_ALIKE = 5
_LONG_BALLOT = 3
# Ballots a stratum holds at least, where a day has as many.
_STRATUM = 40
# Ballots on either side of two neighbours that tell how common a list was just then, without those
# right beside them: a handful of copies is not to pass for its own popularity.
_AROUND, _BESIDE = 30, 2
# As many ballots with the list and without are added: a list nobody else took is not impossible.
_DOUBT = 0.3


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
    found.p[:] = np.where(tried > 0, sidak(raw, np.maximum(tried, 1)), np.nan)
    quiet = ~(found.p < TOLD)
    found.length[quiet] = 0
    for shown in (found.observed, found.expected, found.low, found.high):
        shown[quiet] = np.nan
    return found


def identical(ballots: Ballots) -> Finding:
    """Look for equal ballots of several choices that were cast one right after the other.

    A list may be honestly popular on one day, so ballots are shuffled only among those of the same
    hours: hours of one day, joined until they hold forty ballots. Of equal ballots as many follow
    their like as there are more of them than of their runs, and the law of runs is known. A list
    may also be popular for an hour or two of such a stretch, so equal neighbours must be more than
    is awaited of how common the list is among the thirty ballots before and after, too; the larger
    p counts.

    References
    ----------
    Wald A., Wolfowitz J. (1940). On a test whether two samples are from the same population.
    Annals of Mathematical Statistics 11, 147-162.
    """
    found = Finding.nothing(IDENTICAL, len(ballots.projects))
    cast = _ballots_in_order(ballots)
    # Copies that fill a stratum from end to end are seen in none: so there are two ways to part.
    nearby = _nearby(cast)
    for first in (0, _STRATUM // 2):
        runs = _runs(cast, first).partition_by("key", "district", maintain_order=True)
        for of_key in runs:
            seen = int(of_key["again"].sum())
            if not seen:
                continue
            law = equal_neighbours(of_key["alike"].to_numpy(), of_key["len"].to_numpy())
            place = of_key.select("district", "key").row(0)
            p = max(min(float(law[seen:].sum()), 1.0), nearby[place])
            p = float(sidak(p, 2 * len(runs)))
            low, high = np.searchsorted(np.cumsum(law), [0.025, 0.975])
            start, stop = of_key["start"].min(), of_key["stop"].max()
            assert isinstance(start, int)
            assert isinstance(stop, int)
            for project in of_key["ballot"][0]:
                if p < found.p[project]:
                    found.p[project], found.start[project] = p, start
                    found.length[project] = stop - start + 1
                    found.observed[project] = seen
                    found.expected[project] = float((np.arange(len(law)) * law).sum())
                    found.low[project], found.high[project] = low, high
    return found


def _runs(cast: pl.DataFrame, first: int) -> pl.DataFrame:
    """Equal ballots and equal neighbours of each list that is common enough, by stratum."""
    by_hour = cast.group_by("district", "hour", maintain_order=True).len("of_hour")
    of_hour = by_hour.with_columns(_strata(by_hour, first))
    placed = cast.join(of_hour, on=["district", "hour"], maintain_order="left")
    again = (pl.col("key") == pl.col("key").shift(1)) & (
        pl.col("stratum") == pl.col("stratum").shift(1)
    )
    return (
        placed.with_columns(again.fill_null(False).alias("again"), pl.len().over("stratum"))
        .group_by("key", "district", "stratum", "len")
        .agg(
            pl.col("again").sum().cast(pl.Int64),
            pl.len().cast(pl.Int64).alias("alike"),
            pl.col("ballot").first(),
            pl.col("hour").filter(pl.col("again")).min().alias("start"),
            pl.col("hour").filter(pl.col("again")).max().alias("stop"),
        )
        .filter(pl.col("alike").sum().over("key", "district") >= _FEWEST_ALIKE)
        .sort("key", "district", "stratum")
    )


def _nearby(cast: pl.DataFrame) -> dict[tuple[int, str], float]:
    """Chance of as many equal neighbours of each list, by how common it is around each of them."""
    numbered = cast.with_columns(pl.int_range(pl.len()).over("district").alias("place"))
    lists = numbered.group_by("district", "key").agg("place", pl.len().alias("alike"))
    sizes = dict(cast.group_by("district").len().rows())
    found = {}
    common = lists.filter(pl.col("alike") >= _FEWEST_ALIKE)
    for district, key, place in common.select("district", "key", "place").iter_rows():
        at = np.array(place)
        # The next ballot is a trial for each of them; the last of all has none.
        trial = at[at + 1 < sizes[district]]
        seen, number = np.zeros(len(trial)), np.zeros(len(trial))
        for low, high in ((-_AROUND - _BESIDE, -_BESIDE), (_BESIDE + 2, _AROUND + _BESIDE + 2)):
            ends = np.clip([trial + low, trial + high], 0, sizes[district])
            among = np.searchsorted(at, ends)
            seen, number = seen + among[1] - among[0], number + ends[1] - ends[0]
        law = np.ones(1)
        for chance in (seen + _DOUBT) / (number + 2 * _DOUBT):
            law = np.convolve(law, [1 - chance, chance])
        found[district, key] = float(law[int((np.diff(at) == 1).sum()) :].sum())
    return found


def _ballots_in_order(ballots: Ballots) -> pl.DataFrame:
    """Long ballots of each district by time."""
    cast = (
        ballots.votes.drop_nulls(c.CAST_AT)
        .group_by(c.VOTER_ID)
        .agg(
            pl.col("project").sort().alias("ballot"),
            pl.col(c.CAST_AT).min(),
            pl.col("hour").min(),
        )
        .filter(pl.col("ballot").list.len() >= _LONG_BALLOT)
        .sort(c.CAST_AT, c.VOTER_ID)
    )
    # Neighbours of one district only: elsewhere ballots differ anyway.
    home = cast["ballot"].list.first().cast(pl.Int64).to_numpy()
    return cast.with_columns(
        pl.Series("district", ballots.district[home], dtype=pl.Int64),
        pl.col("ballot").cast(pl.List(pl.String)).list.join(",").alias("key"),
    ).sort("district", c.CAST_AT, c.VOTER_ID, maintain_order=True)


def _strata(by_hour: pl.DataFrame, first: int) -> pl.Series:
    """Give each hour its stratum: hours of a day, joined until they hold enough ballots.

    The first stratum of a day ends ``first`` ballots earlier than the others.
    """
    number, held, day = -1, 0, None
    strata = []
    for district, hour, many in by_hour.iter_rows():
        if (district, hour // 24) != day:
            number, held, day = number + 1, first, (district, hour // 24)
        elif held >= _STRATUM:
            number, held = number + 1, 0
        held += many
        strata.append(number)
    return pl.Series("stratum", strata, dtype=pl.Int64)


def equal_neighbours(alike: IntArray, number: IntArray) -> FloatArray:
    """Law of the number of equal neighbours in shuffled strata.

    Parameters
    ----------
    alike, number
        Shape (strata,): equal ballots, and all ballots.

    Returns
    -------
    FloatArray
        Probability of 0, 1, 2, … equal neighbours, all strata together.
    """
    law = np.ones(1)
    for k, n in zip(alike, number, strict=True):
        if k < 2:
            continue
        # Of k equal ballots in r runs, k - r follow their like.
        runs = np.arange(min(k, n - k + 1), 0, -1)
        ways = _log_choose(k - 1, runs - 1) + _log_choose(n - k + 1, runs)
        of_stratum = np.exp(ways - _log_choose(n, np.array([k])))
        law = np.convolve(law, np.concatenate([np.zeros(k - runs[0]), of_stratum]))
    return law


def _log_choose(n: int, k: IntArray) -> FloatArray:
    gamma = scipy.special.gammaln
    return np.asarray(gamma(n + 1) - gamma(k + 1) - gamma(n - k + 1))


def _by_cell(ballots: Ballots) -> tuple[dict[tuple[int, int], FloatArray], IntArray]:
    """Seconds since the opening of the votes of each project and channel, and ranks of hours."""
    assert ballots.opens is not None
    timed = ballots.votes.drop_nulls(c.CAST_AT)
    since = (timed[c.CAST_AT] - ballots.opens).dt.total_microseconds() / 1e6
    order = timed.select("project", "way").with_columns(since.alias("since"))
    lines = {
        (int(key[0]), int(key[1])): part["since"].sort().to_numpy()
        for key, part in order.partition_by("project", "way", as_dict=True).items()
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
    return float(scipy.stats.norm.cdf(z)), seen, float(np.exp(mean)), spread
