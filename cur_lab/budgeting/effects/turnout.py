"""What a change of turnout, or of votes per resident, between two campaigns is made of."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import with_homes
from cur_lab.budgeting.ballots.residents import measure, require_room, residents
from cur_lab.errors import NotEnoughDataError
from cur_lab.readers.election import Election

TOTAL, COMPOSITION, WITHIN = "total", "composition", "within"


@c.needs(c.MUNICIPALITY)
def turnout_change(
    before: Election,
    after: Election,
    municipalities: pl.DataFrame,
    municipalities_after: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Decompose the change of turnout, or of votes per resident, between two campaigns (Kitagawa).

    Parameters
    ----------
    before, after
        Votes with a municipality (of the voter, or of the project).
    municipalities, municipalities_after
        Residents and those who may vote, then and now; the same by default, and then nothing is due
        to composition.

    Returns
    -------
    DataFrame
        Table ``turnout_change``. ``total`` = ``composition`` (people live elsewhere) + the sum of
        ``within`` (the same people vote more or less), which is told by municipality and channel.
        Full counts have no interval. ``metric`` says of what: ``turnout``, voters of those who may
        vote, where that is known everywhere in both years and every person had one vote; else
        ``votes_per_100``, votes per hundred residents.

    Raises
    ------
    NotEnoughDataError
        If a voter's municipality is known for nobody.
    SchemaError
        If a column is missing, a municipality is told twice, or more vote in one than may.

    Notes
    -----
    A channel has no residents, so its share of the change is a sum of votes, not a change of habit:
    who telephoned before may use ЕСИА now. Channels that opened or closed are marked.

    References
    ----------
    Kitagawa E. M. (1955). Components of a difference between two rates. JASA 50, 1168-1194.
    """
    later = municipalities if municipalities_after is None else municipalities_after
    places = [residents(table) for table in (municipalities, later)]
    told = measure(pl.concat(places), before, after)
    people = [_people(table, told) for table in places]
    counts = [_counted(e, table) for e, table in zip((before, after), people, strict=True)]
    if told == c.TURNOUT:
        for counted, table in zip(counts, people, strict=True):
            voters = counted.group_by(c.MUNICIPALITY).agg(pl.col("votes").sum())
            both = voters.join(table, on=c.MUNICIPALITY)
            require_room(both.filter(pl.col("votes") > pl.col("people")))
    keys = [c.MUNICIPALITY, c.CHANNEL]
    joined = (
        counts[0]
        .rename({"votes": "then"})
        .join(counts[1].rename({"votes": "now"}), on=keys, how="full", coalesce=True)
        .with_columns(pl.col("then", "now").fill_null(0))
        .join(people[0].rename({"people": "people_then"}), on=c.MUNICIPALITY, how="left")
        .join(people[1].rename({"people": "people_now"}), on=c.MUNICIPALITY, how="left")
    )
    opened = set(counts[1][c.CHANNEL]) - set(counts[0][c.CHANNEL])
    closed = set(counts[0][c.CHANNEL]) - set(counts[1][c.CHANNEL])
    all_then, all_now = (float(table["people"].sum()) for table in people)
    share = (pl.col("people_then") / all_then + pl.col("people_now") / all_now) / 2
    rates = joined.drop_nulls().with_columns(
        (pl.col("then") / pl.col("people_then")).alias(c.BEFORE),
        (pl.col("now") / pl.col("people_now")).alias(c.AFTER),
    )
    within = rates.select(
        pl.lit(WITHIN).alias(c.PART),
        pl.lit(told).alias(c.METRIC),
        *keys,
        c.BEFORE,
        c.AFTER,
        (share * (pl.col(c.AFTER) - pl.col(c.BEFORE))).alias(c.CHANGE),
        pl.when(pl.col(c.CHANNEL).is_in(list(opened)))
        .then(pl.lit("channel_opened"))
        .when(pl.col(c.CHANNEL).is_in(list(closed)))
        .then(pl.lit("channel_closed"))
        .otherwise(pl.lit(""))
        .alias(c.NOTE),
    ).sort(*keys, nulls_last=True)
    then, now = (float(table["votes"].sum()) for table in counts)
    whole = (then / all_then, now / all_now, now / all_now - then / all_then)
    moved = whole[2] - float(within[c.CHANGE].sum())
    note = "same_population" if municipalities_after is None else ""
    # Where everybody stays, what is left is the rounding of sums.
    moved = 0.0 if municipalities_after is None else moved
    top = pl.DataFrame(
        [
            (TOTAL, told, None, None, *whole, ""),
            (COMPOSITION, told, None, None, None, None, moved, note),
        ],
        schema=c.TURNOUT_CHANGE.schema,
        orient="row",
    )
    return c.TURNOUT_CHANGE.conform(pl.concat([top, within.select(top.columns)]))


def _people(places: pl.DataFrame, told: str) -> pl.DataFrame:
    """Return those a vote is counted against: all who may vote, or residents by the hundred."""
    whole = pl.col(c.POPULATION_ELIGIBLE) if told == c.TURNOUT else pl.col(c.POPULATION) / 100
    return places.select(c.MUNICIPALITY, whole.alias("people")).drop_nulls().sort(c.MUNICIPALITY)


def _counted(election: Election, people: pl.DataFrame) -> pl.DataFrame:
    """Votes by municipality and channel; where voters have one each, these are voters."""
    votes = with_homes(election, election.votes)
    if c.MUNICIPALITY not in votes.columns:
        raise NotEnoughDataError(
            "no vote has a municipality",
            where="votes",
            remedy="Give voters or projects a column municipality",
            code="no_vote_places",
        )
    if c.CHANNEL not in votes.columns:
        votes = votes.with_columns(pl.lit(None, dtype=pl.String).alias(c.CHANNEL))
    votes = votes.join(people, on=c.MUNICIPALITY, how="semi")
    if votes.is_empty():
        raise NotEnoughDataError(
            "no vote lies in a municipality of the table",
            where="votes",
            remedy="Compare the names in both tables",
            code="no_vote_places",
        )
    return (
        votes.with_columns(pl.col(c.CHANNEL).fill_null("unnamed"))
        .group_by(c.MUNICIPALITY, c.CHANNEL)
        .agg(pl.len().cast(pl.Int64).alias("votes"))
        .sort(c.MUNICIPALITY, c.CHANNEL)
    )
