"""The ballots of an election as arrays: identical ballots once, with their number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.inference import FloatArray, IntArray
from cur_lab.readers.election import Election

# One flag per candidate: whether the rule may take it.
Allowed = npt.NDArray[np.bool_]

# Pabulib marks a project that was withdrawn after printing the ballots by this cost.
WITHDRAWN_COST = 999_999_999.0
# Rates that differ by a smaller part, and sums of money that differ by less, are equal: noise of
# adding floats, not a difference.
SAME = 1e-10
CENT = 1e-6


@dataclass(frozen=True)
class Profile:
    """Projects that can win and who supports them.

    Projects stand in the order of ``project_id`` (by code point), which is also how ties are
    broken. The supporters of project ``j`` are ``groups[start[j]:start[j + 1]]``.

    Parameters
    ----------
    projects, cost
        Identifier and cost of each candidate: neither withdrawn nor free of cost.
    n_voters
        Number of ballots, empty ones too.
    size
        Number of voters in each group of identical ballots.
    start, groups, weight
        Supporting groups of each project, and how much one voter of the group values a rouble
        spent on it: 1 for an approval, the points for ballots with points, the Borda score for
        ordinal ones.
    """

    projects: tuple[str, ...]
    cost: FloatArray
    n_voters: int
    size: IntArray
    start: IntArray
    groups: IntArray
    weight: FloatArray

    def supporters(self, j: int) -> tuple[IntArray, FloatArray]:
        """Return the groups that chose project ``j`` and their weights."""
        part = slice(self.start[j], self.start[j + 1])
        return self.groups[part], self.weight[part]

    def by_project(self, values: FloatArray | IntArray) -> FloatArray:
        """Sum over the supporters of each project of one value per group."""
        summed = np.concatenate([[0.0], np.cumsum(values[self.groups], dtype=float)])
        return np.asarray(np.diff(summed[self.start]))

    def by_group(self, values: FloatArray) -> FloatArray:
        """Sum over the projects of each ballot of one value per project."""
        per_vote = np.repeat(values, np.diff(self.start))
        return np.bincount(self.groups, weights=per_vote, minlength=len(self.size)).astype(float)

    @cached_property
    def votes(self) -> IntArray:
        """Number of voters who chose each project."""
        return np.rint(self.by_project(self.size)).astype(np.int64)

    @cached_property
    def score(self) -> FloatArray:
        """Points each project received: votes, points or Borda scores."""
        given = np.concatenate([[0.0], np.cumsum(self.weight * self.size[self.groups])])
        return np.asarray(np.diff(given[self.start]))

    @cached_property
    def single(self) -> bool:
        """Whether every ballot names at most one project."""
        return bool(len(self.groups) == len(np.unique(self.groups)))


def profile(election: Election) -> Profile:
    """Turn the ballots of an election into arrays.

    Raises
    ------
    SchemaError
        If a column is missing, a project or voter is told twice, a project is chosen twice by one
        voter, or a vote names a project or voter that is not in the tables.
    ParameterError
        If points are missing or negative.
    """
    candidates = _candidates(election)
    votes = _coded(election, candidates)
    voter, project = votes["voter"].to_numpy(), votes["project"].to_numpy()
    weight = votes["weight"].to_numpy()
    n_projects = candidates.height
    # One number per vote, so that a single sort finds repeated votes and brings ballots together.
    key = voter.astype(np.int64) * max(n_projects, 1) + project
    order = np.argsort(key, kind="stable")
    key, voter, project, weight = key[order], voter[order], project[order], weight[order]
    if len(key) and (key[1:] == key[:-1]).any():
        raise SchemaError(
            "a voter has chosen the same project twice",
            where="votes",
            remedy="Keep one row per voter_id and project_id",
        )
    group, size, representative = _identical(voter, project, weight, n_projects)
    kept = representative
    by_project = np.lexsort((group[kept], project[kept]))
    kept = kept[by_project]
    start = np.searchsorted(project[kept], np.arange(n_projects + 1))
    return Profile(
        tuple(candidates[c.PROJECT_ID]),
        candidates[c.COST].to_numpy().astype(float),
        election.voters.height,
        size,
        start.astype(np.int64),
        group[kept],
        weight[kept],
    )


def _identical(
    voter: npt.NDArray[np.int64], project: npt.NDArray[np.int64], weight: FloatArray, n: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Group voters whose ballots agree.

    Returns
    -------
    tuple
        Group of each vote, size of each group, and the places of the votes of one voter per group.
    """
    if not len(voter):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    first = np.flatnonzero(np.diff(voter, prepend=-1))
    values, which = np.unique(weight, return_inverse=True)
    # A ballot is named by the sum of random 64-bit numbers of its votes: two different ballots of
    # a million share a name with a probability below 1e-7, and any order of votes gives the same.
    names = np.random.default_rng(0).integers(0, 2**64, size=(n, len(values)), dtype=np.uint64)
    ballots = np.add.reduceat(names[project, which], first)
    _, earliest, of_ballot, size = np.unique(
        ballots, return_index=True, return_inverse=True, return_counts=True
    )
    length = np.diff(first, append=len(voter))
    group = np.repeat(of_ballot, length)
    is_representative = np.zeros(len(first), dtype=bool)
    is_representative[earliest] = True
    return (
        group.astype(np.int64),
        size.astype(np.int64),
        np.flatnonzero(np.repeat(is_representative, length)),
    )


def standing() -> pl.Expr:
    """Whether a project can win: neither withdrawn nor free of cost."""
    return (pl.col(c.COST) > 0) & (pl.col(c.COST) != WITHDRAWN_COST)


def _candidates(election: Election) -> pl.DataFrame:
    projects = election.projects
    c.PROJECTS.require(projects, (c.PROJECT_ID, c.COST), where="projects")
    c.VOTERS.require(election.voters, (c.VOTER_ID,), where="voters")
    c.VOTES.require(election.votes, (c.VOTER_ID, c.PROJECT_ID), where="votes")
    for frame, name in ((projects, c.PROJECT_ID), (election.voters, c.VOTER_ID)):
        if frame[name].null_count() or frame[name].n_unique() < frame.height:
            raise SchemaError(f"{name} is empty or told twice", where=name, remedy="Name it once")
    unpriced = projects.filter(~pl.col(c.COST).is_finite().fill_null(False) | (pl.col(c.COST) < 0))
    if unpriced.height:
        raise SchemaError(
            f"project {unpriced[c.PROJECT_ID][0]} has no cost",
            where="projects",
            remedy="Set it; 0 marks a withdrawn project",
        )
    return (
        projects.select(c.PROJECT_ID, pl.col(c.COST).cast(pl.Float64))
        .filter(standing())
        .sort(c.PROJECT_ID)
    )


def _coded(election: Election, candidates: pl.DataFrame) -> pl.DataFrame:
    """Votes for candidates as numbers: voter, project, weight."""
    votes = election.votes
    known = election.projects.select(c.PROJECT_ID)
    places = known.join(
        candidates.select(c.PROJECT_ID).with_row_index("project"),
        on=c.PROJECT_ID,
        how="left",
    ).with_columns(pl.lit(True).alias("known"))
    coded = votes.join(
        election.voters.select(c.VOTER_ID).with_row_index("voter"), on=c.VOTER_ID, how="left"
    ).join(places, on=c.PROJECT_ID, how="left")
    for name, marker in ((c.VOTER_ID, "voter"), (c.PROJECT_ID, "known")):
        strangers = coded.filter(pl.col(marker).is_null())
        if strangers.height:
            raise SchemaError(
                f"{strangers.height} votes with a {name} that is in no other table, "
                f"such as {strangers[name][0]!r}",
                where="votes",
                remedy="Remove these votes or add what they name",
            )
    coded = coded.filter(pl.col("project").is_not_null())
    weight = _weights(election, coded)
    if weight.null_count() or not weight.is_finite().all() or (weight < 0).any():
        raise ParameterError(
            f"a vote of a {election.vote_type} election has no points or negative ones",
            where="votes",
            remedy="Fill the column points, or set meta['vote_type'] to approval",
        )
    return pl.DataFrame(
        {
            "voter": coded["voter"].cast(pl.Int64),
            "project": coded["project"].cast(pl.Int64),
            "weight": weight,
        }
        # No points are no support: nothing the rules could take from such a vote.
    ).filter(pl.col("weight") > 0)


def withdrawn(election: Election) -> dict[str, tuple[int, float]]:
    """Votes and points of each project that cannot win: people chose it all the same."""
    fallen = election.projects.filter(~standing()).select(c.PROJECT_ID)
    votes = election.votes.join(fallen, on=c.PROJECT_ID, how="semi", maintain_order="left")
    weighed = votes.select(c.PROJECT_ID, _weights(election, votes).alias(c.SCORE))
    tally = (
        weighed.filter(pl.col(c.SCORE) > 0)
        .group_by(c.PROJECT_ID)
        .agg(pl.len(), pl.col(c.SCORE).sum())
        .rows()
    )
    return dict.fromkeys(fallen[c.PROJECT_ID], (0, 0.0)) | {
        project: (number, score) for project, number, score in tally
    }


def _weights(election: Election, votes: pl.DataFrame) -> pl.Series:
    kind = election.vote_type
    if kind in ("approval", "choose-1"):
        return pl.repeat(1.0, votes.height, dtype=pl.Float64, eager=True)
    if kind in ("cumulative", "scoring"):
        c.VOTES.require(votes, (c.POINTS,), where="votes")
        return votes[c.POINTS].cast(pl.Float64)
    if kind == "ordinal":
        c.VOTES.require(votes, (c.RANK,), where="votes")
        longest = election.meta.get("max_length", "").strip()
        length = int(longest) if longest.isdigit() else (election.votes[c.RANK].max() or 0)
        # Behind the last place the rules allow there is nothing more to give.
        return (pl.Series([length]) + 1 - votes[c.RANK]).cast(pl.Float64).clip(lower_bound=0.0)
    raise ParameterError(
        f"ballots of kind {kind!r}",
        where="meta['vote_type']",
        remedy="One of approval, choose-1, cumulative, scoring, ordinal",
    )
