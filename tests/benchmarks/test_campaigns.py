"""Planted campaigns on real backgrounds: recall, false discoveries, look-alikes, and two peers.

Run with ``pytest -m benchmark -s tests/benchmarks/test_campaigns.py``; needs ../shared/data.

The rules of CooRTweet and of coordination-network-toolkit (once with every edge, once with pairs
that do it twice) stand in ``coordination_peers``.
"""

import time
from collections import Counter
from functools import cache, partial
from pathlib import Path

import coordination_peers as peers
import numpy as np
import polars as pl
import pytest
import simulated_campaigns as simulated

from cur_lab import columns as c
from cur_lab import fakes, readers
from cur_lab.inference import wilson

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SLICE = 4_000
SMALL = 20


@cache
def corpus(name: str) -> pl.DataFrame:
    files = {"vk-comments": "comments.csv", "telegram-news": "posts.csv"}
    path = DATA / name / files[name]
    if not path.exists():
        pytest.skip("no real data beside the repository")
    messages = readers.read(path).messages.sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    if name == "telegram-news":
        # Posts have no authors: texts and times are real, the accounts of each channel made up.
        writers = np.random.default_rng(0).zipf(1.5, messages.height) % 300
        messages = messages.with_columns(
            (pl.col(c.CHANNEL) + pl.Series(writers).cast(pl.String)).alias(c.AUTHOR_ID)
        )
    return messages


def background(run: int) -> pl.DataFrame:
    """Consecutive messages of a real stream, another piece in every run."""
    messages = corpus("telegram-news" if run % 3 == 2 else "vk-comments")
    start = np.random.default_rng([5, run]).integers(0, messages.height - SLICE)
    return messages[int(start) : int(start) + SLICE]


def permuted(messages: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Deal the texts and accounts anew among the times of each channel and hour."""
    rng = np.random.default_rng(seed)
    hour = messages[c.PUBLISHED_AT].dt.truncate("1h")
    keyed = messages.with_columns(
        hour.alias("_hour"), pl.Series("_dice", rng.random(messages.height))
    )
    dealt = keyed.sort(c.CHANNEL, "_hour", "_dice")[c.PUBLISHED_AT]
    ordered = keyed.sort(c.CHANNEL, "_hour", c.MESSAGE_ID)
    return ordered.with_columns(dealt.alias(c.PUBLISHED_AT)).drop("_hour", "_dice")


def ours(messages: pl.DataFrame) -> peers.Groups:
    case = fakes.campaigns(messages)._case
    ids = case.stream.frame[c.MESSAGE_ID].to_numpy()
    called = [f for f, hit in zip(case.tested, case.judged.flagged, strict=True) if hit]
    return [set(ids[family.members]) for family in called]


def scored(groups: peers.Groups, planted: frozenset[str]) -> tuple[bool, int, int]:
    """Found (half of the planting flagged), false groups, all groups."""
    flagged = set().union(*groups) & planted
    false = sum(len(group & planted) < len(group) / 2 for group in groups)
    return len(flagged) >= len(planted) / 2, false, len(groups)


METHODS = {
    "cur-lab": ours,
    "CooRTweet 10 s": peers.co_sharing,
    "toolkit 60 s": peers.co_similar,
    "toolkit 60 s, twice": partial(peers.co_similar, least=2),
}


def interval(count: int, total: int) -> str:
    low, high = wilson([count], [total])
    return f"{count}/{total} = {count / max(total, 1):.3f} [{low[0]:.3f}, {high[0]:.3f}]"


def test_recall_and_false_discoveries_over_200_runs(measured):
    began = time.time()
    rows = []
    for run in range(200):
        rng = np.random.default_rng([1, run])
        kind = simulated.ATTACKS[run % 5]
        size, new = int(rng.integers(10, 61)), bool(rng.random() < 0.5)
        planted = simulated.plant(background(run), kind, size, new=new, rng=rng)
        for method, rule in METHODS.items():
            hit, false, flagged = scored(rule(planted.messages), planted.ids)
            rows.append((method, kind, size, new, hit, false / max(flagged, 1), false > 0))
    names = ["method", "kind", "size", "new", "hit", "fdp", "any_false"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    print(f"\n200 runs, {time.time() - began:.0f} s")
    written = {}
    for method in METHODS:
        mine = table.filter(pl.col("method") == method)
        fdp = mine["fdp"].to_numpy()
        draws = np.random.default_rng(0).choice(fdp, (2000, len(fdp))).mean(axis=1)
        low, high = np.quantile(draws, [0.025, 0.975])
        print(f"{method}: mean FDP {fdp.mean():.3f} [{low:.3f}, {high:.3f}]")
        found = []
        for kind in simulated.ATTACKS:
            of_kind = mine.filter(pl.col("kind") == kind)
            large = of_kind.filter(pl.col("size") >= SMALL)
            found.append(f"{large['hit'].sum()}/{large.height}")
            print(
                f"  {kind}: size >= {SMALL} {interval(large['hit'].sum(), large.height)}; "
                f"all {interval(of_kind['hit'].sum(), of_kind.height)}; "
                f"accounts reused {of_kind.filter(~pl.col('new'))['hit'].mean():.2f}, "
                f"new {of_kind.filter(pl.col('new'))['hit'].mean() or 0:.2f}"
            )
        written[method] = f"{', '.join(found)}; {fdp.mean():.3f}"
    measured(
        "campaigns",
        what=f"campaigns put into real streams, size ≥ {SMALL} ({', '.join(simulated.ATTACKS)}): "
        "found; mean FDP",
        ours=written["cur-lab"],
        peer=f"CooRTweet's rule {written['CooRTweet 10 s']}; toolkit's {written['toolkit 60 s']}",
    )
    mine = table.filter(pl.col("method") == "cur-lab")
    assert mine["fdp"].mean() <= 0.05
    for kind in ("copy", "mail merge", "disposable"):
        large = mine.filter((pl.col("kind") == kind) & (pl.col("size") >= SMALL))
        assert large["hit"].mean() >= 0.9, kind


def test_permuted_backgrounds_flag_nothing():
    flagged = dict.fromkeys(METHODS, 0)
    for run in range(60):
        messages = permuted(background(run), run)
        for method, rule in METHODS.items():
            flagged[method] += bool(rule(messages))
    print("\nruns that flag anything in permuted backgrounds:")
    for method, count in flagged.items():
        print(f"  {method}: {interval(count, 60)}")
    assert flagged["cur-lab"] <= 0.05 * 60


def test_organic_look_alikes_are_not_flagged(measured):
    runs = 100
    hits = {method: Counter() for method in METHODS}
    for run in range(runs):
        rng = np.random.default_rng([2, run])
        kind, size = simulated.LOOK_ALIKES[run % 5], int(rng.integers(20, 61))
        planted = simulated.plant(background(run), kind, size, new=False, rng=rng)
        for method, rule in METHODS.items():
            hits[method][kind] += any(group & planted.ids for group in rule(planted.messages))
    print("\norganic look-alikes of which anything is flagged:")
    for method, counts in hits.items():
        each = ", ".join(f"{kind} {counts[kind]}/{runs // 5}" for kind in simulated.LOOK_ALIKES)
        print(f"  {method}: {interval(counts.total(), runs)}: {each}")
    measured(
        "look-alikes",
        what=f"organic look-alikes of which anything is flagged, of {runs}",
        ours=f"{hits['cur-lab'].total()}",
        peer=f"toolkit's rule {hits['toolkit 60 s'].total()}",
    )
    assert hits["cur-lab"].total() <= 0.05 * runs


def test_flags_on_the_raw_streams_are_few_and_listed():
    for name in ("vk-comments", "telegram-news"):
        messages = corpus(name)
        began = time.time()
        found = fakes.campaigns(messages)
        print(f"\n{name}: {messages.height} messages, {time.time() - began:.1f} s")
        print(found.families[c.VERDICT].value_counts())
        for row in found.families.drop_nulls(c.VERDICT).iter_rows(named=True):
            print(f"  {row['family']} {row['verdict']} n={row['messages']} q={row['q']}")
        assert found.families.filter(pl.col(c.Q_VALUE) <= 0.05).height <= 2
