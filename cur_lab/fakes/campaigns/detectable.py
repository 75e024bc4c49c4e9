"""The smallest campaign that these tests could have seen on this stream."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.fakes.campaigns import accounts, timing
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.verdicts import AGES, NEWCOMERS, TIGHT, Readings, conduct
from cur_lab.inference import wilson

SIZES = (5, 10, 20, 40, 60)
TRIALS = 12
# Code, within how many seconds the messages come, whether the accounts are new.
_KINDS = (
    ("old_10m", 600.0, False),
    ("old_1h", 3600.0, False),
    ("new_1h", 3600.0, True),
    ("new_1d", 86_400.0, True),
)


def power(stream: Stream, threshold: float, *, seed: int) -> pl.DataFrame:
    """Plant artificial campaigns of one long text in the busiest channel and test them.

    Parameters
    ----------
    threshold
        Largest p-value that is flagged.
    """
    known = np.flatnonzero(~np.isnan(stream.times) & (stream.accounts >= 0))
    if len(known) < 2 * max(SIZES):
        return c.CAMPAIGN_POWER.empty()
    channel = int(np.bincount(stream.channels[known]).argmax())
    rows = []
    for number, (kind, span, new) in enumerate(_KINDS):
        for size in SIZES:
            rng = np.random.default_rng([seed, number, size])
            planted, families = _planted(stream, channel, size, span, new, rng)
            found = sum(_p(planted, family, rng) <= threshold for family in families)
            low, high = wilson([found], [TRIALS])
            rows.append((kind, size, found / TRIALS, low[0], high[0], TRIALS))
    return pl.DataFrame(rows, schema=c.CAMPAIGN_POWER.schema, orient="row")


def _planted(
    stream: Stream, channel: int, size: int, span: float, new: bool, rng: np.random.Generator
) -> tuple[Stream, list[Family]]:
    """Add the messages of all trials to the stream, each trial at a moment of its own."""
    here = stream.by_channel.members[channel]
    anchors = rng.choice(here, TRIALS)
    times = (stream.times[anchors][:, None] + rng.uniform(0, span, (TRIALS, size))).ravel()
    threads = np.repeat(stream.threads[anchors], size)
    count = TRIALS * size
    old = rng.choice(here[stream.accounts[here] >= 0], count)
    fresh = stream.accounts.max() + 1 + np.arange(count)
    lived = np.where(np.isnan(stream.ages[old]), np.nan, rng.uniform(0, 1, count))
    more = {
        "times": times,
        "accounts": fresh if new else stream.accounts[old],
        "channels": np.full(count, channel),
        "threads": threads,
        "places": np.full(count, -1),
        "ages": lived if new else stream.ages[old],
    }
    parts = {name: np.concatenate([getattr(stream, name), part]) for name, part in more.items()}
    frame = pl.concat([stream.frame, stream.frame.clear(count)])
    places = stream.size + np.arange(count).reshape(TRIALS, size)
    return replace(stream, frame=frame, **parts), [Family("0", "", rows) for rows in places]


def _p(stream: Stream, family: Family, rng: np.random.Generator) -> float:
    """P-value of the conduct; the words of the planted text are beyond chance."""
    found = {
        TIGHT: timing.tightness(stream, family, rng),
        AGES: accounts.ages(stream, family, rng),
        NEWCOMERS: accounts.newcomers(stream, family, rng),
    }
    readings: Readings = {line: r for line, r in found.items() if r is not None}
    return conduct(readings)
