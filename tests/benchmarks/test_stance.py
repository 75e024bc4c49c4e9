"""Stance of real comments towards claims: decided ones, forced ones, risk against coverage.

The pairs, who labelled them and how they were chosen: stance_pairs.py. Half of the claims served
development, the other half judges. Macro-F1 is over the four stances of pairs that both passes give
one of them, on those that are decided; coverage is the share of them that is, in the stratum of
nearest comments alone (the others were drawn because they hold a question mark or a word of doubt).
Of pairs that say nothing of the claim the share left undecided is told beside. Run with
``pytest -m benchmark -s tests/benchmarks/test_stance.py``.
"""

import time

import numpy as np
import polars as pl
import pytest
from benchmarks import stance_pairs
from sklearn.metrics import cohen_kappa_score, f1_score

from cur_lab import fakes
from cur_lab.inference import wilson

pytestmark = pytest.mark.benchmark

STANCES = ["spreads", "asks", "doubts", "refutes"]


@pytest.fixture(scope="module")
def pairs(real_data):
    comments = pl.read_csv(real_data / "vk-comments" / "comments.csv")["text"]
    found = stance_pairs.labelled(comments)
    if found.is_empty():
        pytest.skip("none of the labelled comments is here")
    kappa = cohen_kappa_score(found["first"], found["second"])
    print(f"\n{found.height} pairs labelled twice by one language model, kappa {kappa:.2f}")
    return found.filter(found["first"] == found["second"])


def share(hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"{hits / max(total, 1):.2f} ({float(low):.2f}-{float(high):.2f}, n = {total})"


def macro(told: pl.DataFrame, said: str = "leading") -> float:
    return float(
        f1_score(told["first"], told[said], average="macro", labels=STANCES, zero_division=0)
    )


def with_interval(told: pl.DataFrame, said: str = "leading") -> str:
    """Macro-F1 with a bootstrap interval over pairs."""
    dice = np.random.default_rng(0)
    drawn = [macro(told[dice.integers(0, told.height, told.height)], said) for _ in range(500)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{macro(told, said):.2f} ({low:.2f}-{high:.2f})"


@pytest.mark.parametrize("half", ["development", "judging"])
def test_stance_of_comments(pairs, measured, half):
    told = pairs.filter(pl.col("half") == half)
    start = time.process_time()
    read = fakes.stance_margins(told["comment"], claim=told["claim"])
    took = time.process_time() - start
    told = told.hstack(read.select("leading", "margin", "stance"))
    told = told.with_columns(
        marked=pl.when(pl.col("comment").str.contains(r"\?"))
        .then(pl.lit("asks"))
        .otherwise(pl.lit("spreads"))
    )
    stated, silent = told.filter(pl.col("first") != "none"), told.filter(pl.col("first") == "none")
    decided = pl.col("stance") != "undecided"
    near = stated.filter(pl.col("stratum") == "near")
    coverage = share(near.filter(decided).height, near.height)
    left = share(silent.filter(~decided).height, silent.height)
    f1, forced, peer = (
        with_interval(stated.filter(decided)),
        with_interval(stated),
        with_interval(stated, "marked"),
    )
    print(f"\n{half}: {stated.height} pairs with a stance, {silent.height} without; {took:.1f} s")
    print(f"  coverage {coverage}, all strata {stated.filter(decided).height / stated.height:.2f}")
    print(f"  macro-F1 decided {f1}, forced {forced}, by «?» alone {peer}")
    print(f"  nothing said of the claim: left undecided {left}")
    everything = told.filter(decided)
    print(f"  macro-F1 of all decided, those pairs counted as errors: {macro(everything):.2f}")
    for name in STANCES:
        of = stated.filter(decided & (pl.col("first") == name))
        right, all_of = (of["leading"] == name).sum(), stated.filter(pl.col("first") == name)
        called = stated.filter(decided & (pl.col("leading") == name)).height
        print(f"    {name:8} {all_of.height:3}, decided {of.height:3}, right {right:3} of {called}")
    ranked = stated.sort("margin", "claim", "comment", descending=[True, False, False])
    print("  risk by coverage (most certain first):")
    for part in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        kept = ranked.head(round(part * ranked.height))
        wrong = (kept["leading"] != kept["first"]).mean()
        print(f"    {part:.1f}: error {wrong:.2f}, macro-F1 {macro(kept):.2f}")
    if half == "judging":
        measured(
            "stance-comments",
            what=f"stance of {stated.height} real comments towards claims (labelled twice by a "
            "language model; claims not developed on): macro-F1 where decided; coverage of the "
            "nearest; forced macro-F1; of those that say nothing of it, left undecided",
            ours=f"{f1}; {coverage}; {forced}; {left}",
            peer=f"«?» asks, the rest repeat, forced: {peer}",
        )
    assert macro(stated.filter(decided)) > macro(stated, "marked")
