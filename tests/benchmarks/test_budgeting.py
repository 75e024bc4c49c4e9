"""Elections beside pabutools: reading, writing, winners; scale; the organisers' decisions.

Run with ``pytest -m benchmark -s tests/benchmarks/test_budgeting.py``. pabutools (extra ``peers``)
gets twenty seconds of the processor per file and rule, and winners are compared on the smaller half
of the files: on the larger ones it would take half an hour.
"""

import signal
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import budgeting, readers
from cur_lab import columns as c
from cur_lab.budgeting.ballots.profile import profile

pytestmark = pytest.mark.benchmark

PEER_SECONDS = 20
MOST_BYTES = 40_000
# What the organisers call the rules → what we call them.
OURS = {
    "greedy": "greedy",
    "greedy-threshold": "greedy",
    "greedy-no-skip": "greedy-no-skip",
    "equalshares/add1": "equalshares/add1",
}


@pytest.fixture(scope="module")
def paths(real_data):
    return sorted((real_data / "pabulib").glob("*.pb"))


@pytest.fixture(scope="module")
def peer():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        election = pytest.importorskip("pabutools.election", reason="needs the extra peers")
        rules = pytest.importorskip("pabutools.rules", reason="needs the extra peers")
        yield election, rules


class TookTooLongError(Exception):
    pass


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise TookTooLongError

    # Of the processor: on a busy machine the clock on the wall says nothing.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def same(left, right, *, in_any_order=False):
    """Compare two elections; the peer is let off the order of keys, columns and rows."""
    keys = {"projects": [c.PROJECT_ID], "voters": [c.VOTER_ID], "votes": [c.VOTER_ID, c.RANK]}
    try:
        for name, key in keys.items():
            one, other = getattr(left, name), getattr(right, name)
            if in_any_order:
                key = [c.VOTER_ID, c.PROJECT_ID] if name == "votes" else key
                one, other = one.sort(key), other.sort(key)
                if name == "votes" and left.vote_type != "ordinal":
                    one, other = one.drop(c.RANK), other.drop(c.RANK)
            assert_frame_equal(one, other, check_column_order=not in_any_order)
    except (AssertionError, pl.exceptions.PolarsError):
        return False
    return left.meta == right.meta and (in_any_order or list(left.meta) == list(right.meta))


def test_every_file_is_the_same_after_writing(paths, tmp_path):
    identical = 0
    for path in paths:
        election = readers.read_pabulib(path)
        readers.write_pabulib(election, tmp_path / "again.pb")
        assert same(election, readers.read_pabulib(tmp_path / "again.pb")), path.name
        bytes_before = path.read_bytes().replace(b"\r\n", b"\n").rstrip()
        identical += bytes_before == (tmp_path / "again.pb").read_bytes().rstrip()
    print(f"\n{len(paths)} files the same after writing, {identical} of them to the byte")


def test_the_peer_after_writing(paths, peer, tmp_path, measured):
    election, _ = peer
    kept = ours = 0
    for path in paths:
        before = readers.read_pabulib(path)
        readers.write_pabulib(before, tmp_path / "ours.pb")
        ours += same(before, readers.read_pabulib(tmp_path / "ours.pb"))
        try:
            instance, votes = election.parse_pabulib(str(path))
            election.write_pabulib(instance, votes, str(tmp_path / "peer.pb"))
            again = readers.read_pabulib(tmp_path / "peer.pb")
            kept += same(before, again, in_any_order=True)
        except Exception as error:
            print(path.name, type(error).__name__)
    print(f"\npabutools: {kept} of {len(paths)} files the same after writing")
    measured(
        "pabulib",
        what="`.pb` files read, written and read again: the same",
        ours=f"{ours} of {len(paths)}",
        peer=f"pabutools {kept} of {len(paths)}",
    )


def test_counts_and_decisions_of_the_organisers(paths):
    reproduced, stated = 0, 0
    for path in paths:
        election = readers.read_pabulib(path)
        counts = budgeting.tally(election)
        for name in ("votes", "score"):
            known = counts.filter(pl.col(f"{name}_stated").is_not_null())
            assert known[name].to_list() == known[f"{name}_stated"].to_list(), path.name
        if c.SELECTED not in election.projects.columns or election.meta["rule"] not in OURS:
            continue
        stated += 1
        selected = set(election.projects.filter(pl.col(c.SELECTED) == 1)[c.PROJECT_ID])
        won = set(budgeting.winners(election, rule=OURS[election.meta["rule"]])[c.PROJECT_ID])
        reproduced += won == selected
        if won != selected:
            print(
                f"{path.name}: only by the rule {sorted(won - selected)}, "
                f"only by the organiser {sorted(selected - won)}"
            )
    print(f"\n{reproduced} of {stated} decisions reproduced")
    assert reproduced >= 0.95 * stated


def test_winners_beside_the_peer(paths, peer, measured):
    election, rules = peer
    by_name = {
        "mes": lambda one, votes: rules.method_of_equal_shares(
            one, votes, sat_class=election.Cost_Sat
        ),
        "mes-add1": lambda one, votes: rules.method_of_equal_shares(
            one, votes, sat_class=election.Cost_Sat, voter_budget_increment=1
        ),
        "phragmen": rules.sequential_phragmen,
    }
    table = []
    for path in (path for path in paths if path.stat().st_size <= MOST_BYTES):
        ours = readers.read_pabulib(path)
        if ours.vote_type not in ("approval", "choose-1"):
            continue
        instance, votes = election.parse_pabulib(str(path))
        for rule, run in by_name.items():
            start = time.process_time()
            won = set(budgeting.winners(ours, rule=rule)[c.PROJECT_ID])
            middle = time.process_time()
            try:
                with at_most(PEER_SECONDS):
                    theirs = {str(project) for project in run(instance, votes)}
            except (TookTooLongError, RecursionError):
                theirs = None
            table.append(
                (path.name, rule, middle - start, time.process_time() - middle, theirs is not None)
            )
            assert theirs is None or won == theirs, (path.name, rule)
    frame = pl.DataFrame(table, ("file", "rule", "ours", "pabutools", "finished"), orient="row")
    print(
        frame.group_by("rule", maintain_order=True).agg(
            pl.len().alias("files"),
            pl.col("finished").sum().alias("equal"),
            pl.col("ours", "pabutools").sum().round(2),
            pl.col("ours").max().round(2).alias("our slowest"),
        )
    )
    both = frame.filter("finished")
    measured(
        "winners",
        what=f"winners of {frame['file'].n_unique()} elections of at most 40 kB by MES, add1 and "
        "Phragmén: computed; processor time where both did",
        ours=f"{frame.height}, equal wherever both did; {both['ours'].sum():.0f} s",
        peer=f"pabutools {both.height} within {PEER_SECONDS} s; {both['pabutools'].sum():.0f} s",
    )


def write_choose_one(path, votes, projects):
    """Write an election of the size of «Вам решать!» 2023."""
    rng = np.random.default_rng(0)
    popularity = rng.dirichlet(np.full(projects, 0.7))
    chosen = rng.choice(projects, size=votes, p=popularity)
    lines = [
        f"META\nkey;value\nnum_projects;{projects}\nnum_votes;{votes}\nbudget;1200000000",
        "vote_type;choose-1\nrule;greedy\nPROJECTS\nproject_id;cost;name",
    ]
    cost = rng.integers(3, 50, projects) * 100_000
    lines += [f"P{i:04d};{k};Благоустройство двора № {i}" for i, k in enumerate(cost)]
    lines.append("VOTES\nvoter_id;vote;age;sex;voting_method")
    age = rng.integers(16, 90, votes)
    lines += [
        f"{i:07d};P{p:04d};{a};{'MF'[i % 2]};internet"
        for i, (p, a) in enumerate(zip(chosen, age, strict=True))
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


MEASURE = """
import resource, sys, time
from cur_lab import budgeting, readers
import polars
start = time.process_time()
election = readers.read_pabulib(sys.argv[1])
print(f"read {time.process_time() - start:.2f} s, peak",
      f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
for rule in ("greedy", "mes", "mes-add1", "phragmen"):
    start = time.process_time()
    won = budgeting.winners(election, rule=rule)
    print(f"{rule}: {time.process_time() - start:.2f} s, {won.height} winners")
won = budgeting.winners(election)
for measure in (budgeting.losses, budgeting.satisfaction, budgeting.proportionality):
    start = time.process_time()
    measure(election, won)
    print(f"{measure.__name__}: {time.process_time() - start:.2f} s")
"""


def test_the_size_of_a_region(tmp_path):
    write_choose_one(tmp_path / "region.pb", 757_736, 1_018)
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "region.pb")],
        capture_output=True,
        text=True,
        check=True,
    )
    print("\n757,736 votes x 1,018 projects\n" + measured.stdout)


def test_raised_shares_at_the_size_of_a_city_district():
    """Praga-Południe 2020: 14,897 voters, 134 projects, 11,426 different ballots."""
    rng = np.random.default_rng(0)
    popularity = rng.dirichlet(np.full(134, 1.0))
    different = set()
    while len(different) < 11_426:
        size = rng.integers(2, 16)
        different.add(tuple(sorted(rng.choice(134, size=size, replace=False, p=popularity))))
    ballots = sorted(different)
    ballots += [ballots[i] for i in rng.integers(0, len(ballots), 14_897 - len(ballots))]
    election = readers.Election(
        {"budget": "5900000", "vote_type": "approval"},
        pl.DataFrame(
            {
                "project_id": [str(i) for i in range(134)],
                "cost": np.round(np.exp(rng.normal(11.8, 1.0, 134))),
            }
        ),
        pl.DataFrame({"voter_id": [str(i) for i in range(len(ballots))]}),
        pl.DataFrame(
            [
                (str(voter), str(project), None, rank)
                for voter, ballot in enumerate(ballots)
                for rank, project in enumerate(ballot, 1)
            ],
            schema=c.VOTES.schema,
            orient="row",
        ),
    )
    print()
    for rule in ("mes", "mes-add1", "phragmen"):
        start = time.process_time()
        won = budgeting.winners(election, rule=rule)
        print(f"{rule}: {time.process_time() - start:.2f} s, {won.height} winners")
        assert won[c.COST].sum() <= election.budget
    assert len(profile(election).size) == 11_426
