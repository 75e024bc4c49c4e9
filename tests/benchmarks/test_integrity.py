"""Integrity of votes at length: recall, false alarms, power surface, speed.

Backgrounds come from tests/simulations/simulated_votes.py, which shares nothing with the generator
of the sample: gamma shocks at three time scales, Dirichlet channels from day to day.
"""

import time
from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from scipy import stats
from simulated_slates import slates
from simulated_votes import simulate

from cur_lab import budgeting, datasets
from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import ballots
from cur_lab.budgeting.integrity import succession
from cur_lab.budgeting.integrity.judgement import ORDINARY
from cur_lab.columns import REVIEW
from cur_lab.inference import wilson
from cur_lab.readers import Election

pytestmark = pytest.mark.benchmark

MARKED = ("night, even", "day, even", "numbers in a row", "after work")
PLAIN = ("sms", "esia")
NATURAL = ("school", "post", "last evening")
BACKGROUNDS = {
    "обычный фон": {},
    "сильный шум": {"noise": 0.45, "tastes": 20.0},
    "сельские округа": {"districts": 20, "projects": 160, "votes": 30_000},
}


def share(hits: list[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return f"{np.mean(hits):.2f} ({float(low):.2f}–{float(high):.2f}, n = {len(hits)})"


def busiest(election: Election) -> set[str]:
    """Projects whose busiest six hours surprise a steady pace: Poisson, Bonferroni at 5 %."""
    hour = election.votes[c.CAST_AT].dt.epoch("s") // 3600
    hour = (hour - hour.min()).to_numpy()
    names, project = np.unique(election.votes[c.PROJECT_ID].to_numpy(), return_inverse=True)
    counts = np.zeros((len(names), hour.max() + 1))
    np.add.at(counts, (project, hour), 1)
    total = np.cumsum(np.pad(counts, ((0, 0), (6, 0))), axis=1)
    window = total[:, 6:] - total[:, :-6]
    tails = stats.poisson.sf(window - 1, 6 * counts.mean(axis=1, keepdims=True))
    return set(names[tails.min(axis=1) < 0.05 / window.size])


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_recall_and_false_alarms(background, measured):
    theirs, their_false = [], []
    found, named, false_share, false, usual = defaultdict(list), defaultdict(list), [], 0, 0
    for seed in range(20):
        election, surges, posts = simulate(
            boostings=MARKED + PLAIN,
            mobilisations=NATURAL + NATURAL,
            seed=100 + seed,
            **BACKGROUNDS[background],
        )
        result = budgeting.integrity(election, posts=posts)
        verdict = dict(result.projects.select(c.PROJECT_ID, c.VERDICT).rows())
        flagged = {project for project, said in verdict.items() if said == REVIEW}
        boosted = {s.project for s in surges if s.kind not in NATURAL}
        taken = busiest(election)
        theirs += [s.project in taken for s in surges if s.kind in MARKED]
        their_false.append(len(taken - boosted) / max(len(taken), 1))
        for surge in surges:
            found[surge.kind].append(surge.project in flagged)
            named[surge.kind].append(verdict[surge.project] != ORDINARY)
        false_share.append(len(flagged - boosted) / max(len(flagged), 1))
        false += len(flagged - {s.project for s in surges})
        usual += len(verdict) - len(surges)
    print(f"\n{background}: 50–100 голосов за 6 ч, отмечено «{REVIEW}»")
    for kind, hits in found.items():
        print(f"  {kind:18} {share(hits)}   выделено хоть как-то {np.mean(named[kind]):.2f}")
    marked = [hit for kind in MARKED for hit in found[kind]]
    boosted = [hit for kind in MARKED + PLAIN for hit in found[kind]]
    natural = [hit for kind in NATURAL for hit in found[kind]]
    print(f"  с приметой {share(marked)}; все {share(boosted)}; естественные {share(natural)}")
    print(f"  средняя доля ложных {np.mean(false_share):.3f}; ложных {false} из {usual} обычных")
    measured(
        f"surges-{background}",
        what=f"surges of 50–100 votes in 6 h, {background}: with a mark seen; all; mean FDP",
        ours=f"{np.mean(marked):.2f}; {np.mean(boosted):.2f}; {np.mean(false_share):.3f}",
        peer=f"steady Poisson {np.mean(theirs):.2f}; FDP {np.mean(their_false):.3f}",
    )
    # A surge through ESIA by day and without rhythm looks like a mobilisation: no figure for it.
    assert np.mean(marked) >= 0.9
    assert np.mean(false_share) <= 0.05
    assert np.mean(natural) <= 0.05


def test_power_surface():
    print("\nдоля найденных: лишних голосов × часов (30 приливов на клетку)")
    table = {}
    for kind in (*MARKED, *PLAIN):
        for many in (15, 30, 50, 100):
            row = []
            for hours in (1, 3, 6):
                hits = []
                for seed in range(6):
                    election, surges, posts = simulate(
                        boostings=(kind,) * 5,
                        excess=(many, many),
                        hours=hours,
                        projects=60,
                        districts=5,
                        votes=25_000,
                        days=14,
                        seed=seed,
                    )
                    verdict = dict(
                        budgeting.integrity(election, posts=posts)
                        .projects.select(c.PROJECT_ID, c.VERDICT)
                        .rows()
                    )
                    hits += [verdict[s.project] == REVIEW for s in surges]
                table[kind, many, hours] = np.mean(hits)
                row.append(f"{hours} ч {np.mean(hits):.2f}")
            print(f"  {kind:18} {many:4} голосов: " + ", ".join(row))
    for kind in (*MARKED, *PLAIN):
        assert table[kind, 100, 6] >= table[kind, 15, 6]


def test_the_sample(capsys):
    truth = datasets.truth().surges
    sample = datasets.load()
    result = budgeting.integrity(
        datasets.election(), posts=sample.posts, broadcasts=sample.broadcasts
    )
    told = truth.join(result.projects, on=c.PROJECT_ID, how="left", validate="1:1")
    flagged = set(result.projects.filter(pl.col(c.VERDICT) == REVIEW)[c.PROJECT_ID])
    boosted = set(truth.filter(pl.col("kind") == "boosting")[c.PROJECT_ID])
    with capsys.disabled():
        print(told.select("what", "kind", c.VERDICT, c.Q_VALUE, c.EXPLANATION))
    assert boosted <= flagged
    assert len(flagged - boosted) <= 1
    assert set(told.filter(pl.col("kind") == "mobilisation")[c.VERDICT]) == {c.NATURAL}


def test_the_size_that_is_said_to_be_seen(measured):
    """Surges of the size told to be seen in four cases of five, planted in the very vote it is of.

    First they were planted in other votes of the same kind; what is seen differs between votes
    (100 to 230 votes by ЕСИА), and the sentence is about one vote. Then 0.75 and 0.69 were seen of
    sizes read without a margin, on seeds from 500; then 0.71 by SMS of 24, which chance explains:
    more are planted now. Seeds are fresh since.
    """
    shape = {"projects": 60, "districts": 5, "votes": 25_000, "days": 14}
    seen, taken, sizes = defaultdict(list), defaultdict(list), defaultdict(list)
    for seed in range(800, 814):
        quiet = budgeting.integrity(simulate(seed=seed, **shape)[0])
        told = {
            channel: votes
            for channel, hours, votes in quiet.detectable.rows()
            if hours == 6 and channel in PLAIN and votes
        }
        for channel, votes in told.items():
            sizes[channel].append(votes)
            # The background is drawn first: equal seeds give equal ones, other targets each.
            for many in (2, 3):
                election, surges, _ = simulate(
                    boostings=(channel,) * many, excess=(votes, votes), seed=seed, **shape
                )
                projects = budgeting.integrity(election).projects
                flagged = set(projects.filter(pl.col(c.VERDICT) == REVIEW)[c.PROJECT_ID])
                steady = busiest(election)
                seen[channel] += [s.project in flagged for s in surges]
                taken[channel] += [s.project in steady for s in surges]
    for channel in PLAIN:
        print(f"{channel}: сказано {sorted(sizes[channel])}; найдено {share(seen[channel])}")
    measured(
        "detectable",
        what="surge of the size said to be seen with 80 % (6 h, by day, no rhythm): ЕСИА; СМС",
        ours="; ".join(
            f"{np.median(sizes[channel]):.0f} votes, seen {np.mean(seen[channel]):.2f} "
            f"(n = {len(seen[channel])})"
            for channel in ("esia", "sms")
        ),
        peer="; ".join(
            f"steady Poisson {np.mean(taken[channel]):.2f}" for channel in ("esia", "sms")
        ),
    )
    for channel in PLAIN:
        assert len(seen[channel]) >= 24
        assert np.mean(seen[channel]) >= 0.75


def whole_vote(election: Election) -> float:
    """Smallest p of equal neighbours were all ballots shuffled over the whole vote: Poisson."""
    cast = (
        election.votes.group_by(c.VOTER_ID)
        .agg(pl.col(c.PROJECT_ID).sort().str.join(",").alias("key"), pl.col(c.CAST_AT).min())
        .sort(c.CAST_AT, c.VOTER_ID)
    )
    again = cast.with_columns((pl.col("key") == pl.col("key").shift(1)).alias("again"))
    runs = again.group_by("key").agg(pl.len().alias("n"), pl.col("again").sum().alias("k"))
    runs = runs.filter(pl.col("n") >= 5).cast({"n": pl.Int64, "k": pl.Int64})
    mean = (runs["n"] * (runs["n"] - 1)).to_numpy() / cast.height
    p = stats.poisson.sf(runs["k"].to_numpy() - 1, mean)
    return float(1 - (1 - p.min(initial=1.0)) ** max(runs.height, 1))


def test_equal_ballots_one_after_the_other(measured):
    """Settled before it was run: five per cent is the promise, of each kind of honest vote.

    The forty ballots of a stratum were chosen on seeds from 11,000 and from 17,000; of honest
    evenings they called nine in a hundred. What is awaited of the ballots around came after, its
    thirty ballots chosen on seeds from 21,000 to 23,000. Seeds are fresh since.
    """
    found, theirs = {}, {}
    planted = [("row", n) for n in (5, 8, 12, 20)] + [("mixed", 20)]
    for kind, copies in [("chance", 0), ("day", 0), ("evening", 0), *planted]:
        ours, peer = [], []
        runs = 30 if copies else 120
        for seed in range(runs):
            election = slates(kind, copies=copies, seed=24_000 + seed)
            ours.append(succession.identical(ballots(election)).p.min())
            peer.append(whole_vote(election))
        found[kind, copies], theirs[kind, copies] = np.array(ours), np.array(peer)
        for at in (0.05, 0.01):
            low, high = wilson((found[kind, copies] < at).sum(), runs)
            print(
                f"{kind:8} {copies:3} p < {at}: {(found[kind, copies] < at).mean():.3f} "
                f"({float(low):.3f}–{float(high):.3f}); whole vote "
                f"{(theirs[kind, copies] < at).mean():.3f}"
            )

    def told(p):
        honest = ", ".join(f"{(p[kind, 0] < 0.05).mean():.2f}" for kind in ("day", "evening"))
        seen = ", ".join(f"{(p['row', n] < 0.05).mean():.2f}" for n in (5, 8, 12, 20))
        return f"{honest}; {seen}; {(p['mixed', 20] < 0.05).mean():.2f}"

    measured(
        "identical",
        what="equal ballots at p < .05: honest slate of one day, of one evening; "
        "5, 8, 12, 20 copies in a row; 20 within ten minutes among others",
        ours=told(found),
        peer=f"whole vote shuffled {told(theirs)}",
    )
    assert (found["chance", 0] < 0.05).mean() <= 0.05
    assert (found["day", 0] < 0.05).mean() <= 0.05
    assert (found["evening", 0] < 0.05).mean() <= 0.05
    assert (found["row", 12] < 0.05).mean() >= 0.8


def test_speed_at_full_size():
    election, _, posts = simulate(
        boostings=MARKED, projects=1000, districts=55, votes=757_000, days=30, seed=0
    )
    started = time.process_time()
    result = budgeting.integrity(election, posts=posts)
    spent = time.process_time() - started
    print(f"\n{election.votes.height:,} голосов × 1000 проектов: {spent:.1f} с процессора")
    print(result.overall, result.checks)
    assert result.projects.height == 1000
