"""Whether praise and criticism are flagged alike: equal plants that differ in the words of tone."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.fakes.campaigns.returning import returning
from cur_lab.fakes.campaigns.stream import Stream
from cur_lab.inference import IntArray, wilson

TRIALS = 12
# Messages of the stream they are planted into, one after the other: enough to be its likeness.
_BACKGROUND = 6_000
_DAYS = 35.0
# Accounts, messages of each, clauses in the brief, clauses of a message.
_ARRANGED, _APART = (8, 6, 10, 4), (12, 5, 2, 1)
_CLAUSE = 4


def table(stream: Stream, *, fdr: float, seed: int) -> pl.DataFrame:
    """Plant people who praise or criticise, arranged and each for oneself, and count the flagged.

    Those apart say one of two clauses beside a message of the stream; those arranged put their
    messages together from one brief. The same draws serve both tones. Empty where accounts or times
    are unknown, or the stream is too small.
    """
    known = np.flatnonzero((stream.accounts >= 0) & ~np.isnan(stream.times))
    if len(known) < 500:
        return c.CAMPAIGN_TONES.empty()
    rng = np.random.default_rng([seed, len(known)])
    ordered = known[np.argsort(stream.times[known], kind="stable")]
    start = int(rng.integers(max(1, len(ordered) - _BACKGROUND)))
    kept = np.sort(ordered[start : start + _BACKGROUND])
    said = prepare.with_terms(stream.frame)[c.TERM_LIST].gather(kept)
    vocabulary = said.explode(empty_as_null=False).unique().sort().to_list()
    words = tomllib.loads(
        files("cur_lab.fakes.campaigns").joinpath("tones.toml").read_text(encoding="utf-8")
    )
    rows = []
    for tone, own in words.items():
        # Each tone by itself, with the same draws: together they would look like one group.
        plants = [
            (arranged, _texts(said, vocabulary, own, arranged, [seed, trial]))
            for trial in range(TRIALS)
            for arranged in (False, True)
        ]
        whole, places = _with(stream, kept, [texts for _, texts in plants], seed)
        flagged = np.zeros(whole.size, dtype=bool)
        for group in returning(whole, fdr=fdr, seed=seed).groups:
            flagged[group.members] = True
        for arranged in (False, True):
            hits = [
                bool(flagged[here].any())
                for here, (kind, _) in zip(places, plants, strict=True)
                if kind == arranged
            ]
            low, high = wilson([sum(hits)], [TRIALS])
            rows.append((tone, arranged, sum(hits) / TRIALS, low[0], high[0], TRIALS))
    frame = pl.DataFrame(rows, schema=c.CAMPAIGN_TONES.schema, orient="row")
    return frame.sort(c.COORDINATED, c.TONE)


def _texts(
    said: pl.Series, vocabulary: list[str], tone: list[str], arranged: bool, seed: list[int]
) -> list[list[list[str]]]:
    """Give the words of every message of every account; the draws do not hang on the tone."""
    rng = np.random.default_rng([*seed, arranged])
    accounts, each, brief, number = _ARRANGED if arranged else _APART
    clauses = [
        [tone[int(rng.integers(len(tone)))], *rng.choice(vocabulary, _CLAUSE - 1).tolist()]
        for _ in range(brief)
    ]
    found = []
    for _ in range(accounts):
        own = []
        for _ in range(each):
            chosen = [clauses[i] for i in rng.permutation(brief)[:number]]
            beside = [] if arranged else said[int(rng.integers(len(said)))].to_list()
            own.append([*beside, *(word for clause in chosen for word in clause)])
        found.append(own)
    return found


def _with(
    stream: Stream, kept: IntArray, plants: list[list[list[list[str]]]], seed: int
) -> tuple[Stream, list[IntArray]]:
    """Add plants to a part of the stream, every account a new one, over five weeks."""
    sizes = [sum(map(len, plant)) for plant in plants]
    count = sum(sizes)
    accounts = np.concatenate(
        [
            np.repeat(np.arange(len(plant)), list(map(len, plant))) + 10_000 * number
            for number, plant in enumerate(plants)
        ]
    )
    terms = [message for plant in plants for account in plant for message in account]
    ids = pl.Series(c.MESSAGE_ID, np.arange(count)).cast(pl.String)
    added = (
        prepare.with_terms(stream.frame)
        .clear(count)
        .with_columns(ids, pl.Series(c.TERM_LIST, terms), pl.lit("").alias(c.TEXT))
    )
    begin = float(np.median(stream.times[kept])) - _DAYS / 2 * 86_400
    moments, channels = [], []
    for number, size in enumerate(sizes):
        own = np.random.default_rng([seed, number])
        moments.append(begin + own.uniform(0, _DAYS * 86_400, size))
        channels.append(np.full(size, own.choice(stream.channels[kept])))
    more = {
        "times": np.concatenate(moments),
        "accounts": accounts + stream.accounts.max() + 1,
        "channels": np.concatenate(channels),
        "threads": np.full(count, -1),
        "places": np.full(count, -1),
        "ages": np.full(count, np.nan),
    }
    frame = prepare.with_terms(stream.frame)[kept]
    parts = {n: np.concatenate([getattr(stream, n)[kept], part]) for n, part in more.items()}
    whole = Stream(frame=pl.concat([frame, added.select(frame.columns)]), **parts)
    ends = len(kept) + np.cumsum([0, *sizes])
    return whole, [np.arange(a, b) for a, b in pairwise(ends.tolist())]
