"""Who lives in each municipality, who of them may vote, and what participation is told as.

Turnout is voters over those who may vote. Where one person may cast several votes, or where it is
not known how many may vote, there is no turnout to tell: votes per hundred residents it is then.
"""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import SchemaError
from cur_lab.readers.election import Election

_ONCE = "Keep one row of each municipality"


def residents(municipalities: pl.DataFrame) -> pl.DataFrame:
    """Return name, residents and those who may vote (null: not known), each municipality once.

    Raises
    ------
    SchemaError
        If a column is missing, a municipality is told twice, or more may vote than live there.
    """
    c.MUNICIPALITIES.require(municipalities, (c.MUNICIPALITY, c.POPULATION), where="municipalities")
    known = c.MUNICIPALITIES.complete(municipalities, c.POPULATION_ELIGIBLE).select(
        c.MUNICIPALITY, c.POPULATION, c.POPULATION_ELIGIBLE
    )
    c.MUNICIPALITIES.require(known, (c.POPULATION_ELIGIBLE,), where="municipalities")
    again = known.filter(pl.col(c.MUNICIPALITY).is_duplicated())[c.MUNICIPALITY]
    if len(again):
        raise SchemaError(
            f"municipality {again.sort()[0]} is told twice", where="municipalities", remedy=_ONCE
        )
    odd = known.filter(~pl.col(c.POPULATION_ELIGIBLE).is_between(1, pl.col(c.POPULATION)))
    if odd.height:
        raise SchemaError(
            f"{odd[c.MUNICIPALITY].sort()[0]} has no voters by its table, or more than residents",
            where="municipalities",
            remedy="Correct the number, or leave it empty where it is not known",
        )
    return known


def require_room(crowded: pl.DataFrame) -> None:
    """Fail if a row is left of those with more voters than residents who may vote.

    Raises
    ------
    SchemaError
        With the first municipality.
    """
    if crowded.height:
        raise SchemaError(
            f"{crowded[c.MUNICIPALITY].sort()[0]} has more voters than residents who may vote",
            where="municipalities",
            remedy="Check the population, and whether voters are counted where they live",
        )


def measure(places: pl.DataFrame, *elections: Election) -> str:
    """Tell which measure of participation the data allow, one for all: a code of ``metric``."""
    told = places[c.POPULATION_ELIGIBLE].null_count() == 0 and places.height > 0
    return c.TURNOUT if told and all(map(one_vote_each, elections)) else c.VOTES_PER_100


def one_vote_each(election: Election) -> bool:
    """Tell whether every voter has one vote, by the rule of the ballot and by the votes."""
    return election.vote_type == "choose-1" and election.votes[c.VOTER_ID].is_unique().all()
