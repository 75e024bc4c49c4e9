"""What an election of participatory budgeting is, wherever it was read from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import SchemaError
from cur_lab.readers.amounts import amount
from cur_lab.readers.contradictions import contradictions


@dataclass(frozen=True, eq=False)
class Election:
    """Projects, the people who voted, and what they chose.

    Parameters
    ----------
    meta
        Key to value, both as found, in the order of the file; ``budget`` and ``vote_type``
        (approval, choose-1, cumulative, scoring or ordinal) are always there.
    projects
        Table ``projects``; columns the format does not know are kept as strings.
    voters
        One row per ballot, empty ballots too: ``voter_id`` and what is known of the voter, as
        strings (an age may be ``40-59``).
    votes
        Table ``votes``: one row per voter and chosen project.
    rejected
        Rows that were not read, with their line, and statements the file contradicts.
    uncounted
        Like ``votes``: choices that stand on a ballot and count for nothing, a project listed again
        or one that is not there. They keep their place when the election is written again.
    unreadable
        Schema ``columns.UNREADABLE``: dates and figures that are null instead, and lines with
        letters that are spoilt (column ``encoding``).
    """

    meta: dict[str, str]
    projects: pl.DataFrame
    voters: pl.DataFrame
    votes: pl.DataFrame
    rejected: pl.DataFrame = field(default_factory=c.REJECTED.empty)
    uncounted: pl.DataFrame = field(default_factory=c.VOTES.empty)
    unreadable: pl.DataFrame = field(default_factory=c.UNREADABLE.empty)

    @property
    def budget(self) -> float:
        """Money to spend."""
        budget = amount(self.meta.get("budget", ""))
        if budget is None:
            raise SchemaError("META has no budget", where="election", remedy="Set meta['budget']")
        return budget

    @property
    def contradictions(self) -> pl.DataFrame:
        """Schema ``columns.CONTRADICTIONS``: what the file states and its own votes deny."""
        return contradictions(self.meta, self.projects, self.voters, self.votes)

    @property
    def vote_type(self) -> str:
        """Kind of ballot: approval, choose-1, cumulative, scoring or ordinal."""
        return self.meta.get("vote_type", "").strip().lower()


def finite(text: str) -> float | None:
    """Value of a finite number, decimal point or comma; None for anything else."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
