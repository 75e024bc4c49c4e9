"""What a change of turnout between two campaigns is made of."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import with_homes
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
    """Decompose the change of turnout between two campaigns (Kitagawa).

    Parameters
    ----------
    before, after
        Votes with a municipality (of the voter, or of the project).
    municipalities, municipalities_after
        Residents then and now; the same by default, and then nothing is due to composition.

    Returns
    -------
    DataFrame
        Table ``turnout_change``. ``total`` = ``composition`` (people live elsewhere) + the sum of
        ``within`` (the same people vote more or less), which is told by municipality and channel.
        A voter counts once, in the channel of the earliest vote. Full counts have no interval.

    Raises
    ------
    NotEnoughDataError
        If a voter's municipality is known for nobody.

    Notes
    -----
    A channel has no residents, so its share of the change is a sum of votes, not a change of habit:
    who telephoned before may use ЕСИА now. Channels that opened or closed are marked.

    References
    ----------
    Kitagawa E. M. (1955). Components of a difference between two rates. JASA 50, 1168-1194.
    """
    later = municipalities if municipalities_after is None else municipalities_after
    people = [_people(table) for table in (municipalities, later)]
    counts = [_counted(e, table) for e, table in zip((before, after), people, strict=True)]
    keys = [c.MUNICIPALITY, c.CHANNEL]
    joined = (
        counts[0]
        .rename({"voters": "then"})
        .join(counts[1].rename({"voters": "now"}), on=keys, how="full", coalesce=True)
        .with_columns(pl.col("then", "now").fill_null(0))
        .join(people[0].rename({c.POPULATION: "people_then"}), on=c.MUNICIPALITY, how="left")
        .join(people[1].rename({c.POPULATION: "people_now"}), on=c.MUNICIPALITY, how="left")
    )
    opened = set(counts[1][c.CHANNEL]) - set(counts[0][c.CHANNEL])
    closed = set(counts[0][c.CHANNEL]) - set(counts[1][c.CHANNEL])
    all_then, all_now = (float(table[c.POPULATION].sum()) for table in people)
    share = (pl.col("people_then") / all_then + pl.col("people_now") / all_now) / 2
    rates = joined.drop_nulls().with_columns(
        (pl.col("then") / pl.col("people_then")).alias(c.BEFORE),
        (pl.col("now") / pl.col("people_now")).alias(c.AFTER),
    )
    within = rates.select(
        pl.lit(WITHIN).alias(c.PART),
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
    then, now = (float(table["voters"].sum()) for table in counts)
    whole = (then / all_then, now / all_now, now / all_now - then / all_then)
    moved = whole[2] - float(within[c.CHANGE].sum())
    note = "same_population" if municipalities_after is None else ""
    # Where everybody stays, what is left is the rounding of sums.
    moved = 0.0 if municipalities_after is None else moved
    top = pl.DataFrame(
        [
            (TOTAL, None, None, *whole, ""),
            (COMPOSITION, None, None, None, None, moved, note),
        ],
        schema=c.TURNOUT_CHANGE.schema,
        orient="row",
    )
    return c.TURNOUT_CHANGE.conform(pl.concat([top, within.select(top.columns)]))


def _people(municipalities: pl.DataFrame) -> pl.DataFrame:
    c.MUNICIPALITIES.require(municipalities, (c.MUNICIPALITY, c.POPULATION), where="municipalities")
    return municipalities.select(c.MUNICIPALITY, c.POPULATION).drop_nulls().sort(c.MUNICIPALITY)


def _counted(election: Election, people: pl.DataFrame) -> pl.DataFrame:
    """Voters by municipality and channel, each once."""
    votes = with_homes(election, election.votes)
    if c.MUNICIPALITY not in votes.columns:
        raise NotEnoughDataError(
            "no vote has a municipality",
            where="votes",
            code="no_vote_places",
        )
    if c.CHANNEL not in votes.columns:
        votes = votes.with_columns(pl.lit(None, dtype=pl.String).alias(c.CHANNEL))
    order = [name for name in (c.CAST_AT, c.PROJECT_ID) if name in votes.columns]
    voters = votes.join(people, on=c.MUNICIPALITY, how="semi")
    if voters[c.VOTER_ID].n_unique() < voters.height:
        voters = voters.sort(order, nulls_last=True).unique(
            c.VOTER_ID, keep="first", maintain_order=True
        )
    if voters.is_empty():
        raise NotEnoughDataError(
            "no vote lies in a municipality of the table",
            where="votes",
            remedy="Compare the names in both tables",
            code="no_vote_places",
        )
    return (
        voters.with_columns(pl.col(c.CHANNEL).fill_null("unnamed"))
        .group_by(c.MUNICIPALITY, c.CHANNEL)
        .agg(pl.len().cast(pl.Int64).alias("voters"))
        .sort(c.MUNICIPALITY, c.CHANNEL)
    )
