"""Several campaigns side by side: what changed, who came back, what more money bought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.homes import homes
from cur_lab.budgeting.ballots.hours import span, timed
from cur_lab.budgeting.ballots.profile import standing
from cur_lab.budgeting.ballots.residents import residents
from cur_lab.budgeting.rules.choice import Rule, winners
from cur_lab.clock import ZONE, local
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import wilson
from cur_lab.readers.election import Election

WON_BEFORE, LOST_BEFORE, NEW = "won_before", "lost_before", "new"
_SHARES = (0.25, 0.5, 0.75, 1.0)
_AT = {0.25: "votes_at_quarter", 0.5: "votes_at_half", 0.75: "votes_at_three_quarters"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Seasons:
    """Campaigns in the order of time, and every one beside the one before it.

    Attributes
    ----------
    campaigns
        Table ``campaigns``.
    breaks
        Table ``breaks between campaigns``: a difference across one of them is no trend.
    changes
        Table ``changes between campaigns``.
    course
        Table ``course of campaigns``: votes at equal shares of the voting time.
    applicants
        Table ``applicants who return``.
    bought
        Table ``what more money bought``: the later votes under both budgets.
    """

    campaigns: pl.DataFrame
    breaks: pl.DataFrame
    changes: pl.DataFrame
    course: pl.DataFrame
    applicants: pl.DataFrame
    bought: pl.DataFrame


def seasons(
    elections: Mapping[str, Election],
    municipalities: pl.DataFrame | None = None,
    *,
    rule: Rule = "greedy",
) -> Seasons:
    """Compare campaigns one after another.

    Parameters
    ----------
    elections
        Name of each campaign → its votes; put in order by the day voting ended, else by name.
    municipalities
        Table ``municipalities``, for votes per resident; None where it is not known.
    rule
        Chooses the winners of every campaign, see :func:`winners`.

    Returns
    -------
    Seasons
        Counts of votes are full counts and have no interval. Votes come at the beginning and at the
        end of a campaign, whatever its length: so votes are compared at equal shares of the time,
        and per day only where both campaigns were as long. Applicants are the same where their
        names are, apart from case, quotation marks and spaces; shares of their projects that won
        have Wilson intervals: how other projects of such applicants might have fared.

    Raises
    ------
    NotEnoughDataError
        If fewer than two campaigns have votes.
    SchemaError
        If a municipality is told twice.

    Notes
    -----
    What more money bought takes the later votes as they are: with the smaller budget people might
    have proposed and chosen otherwise.
    """
    if sum(not election.votes.is_empty() for election in elections.values()) < 2:
        raise NotEnoughDataError(
            "fewer than two campaigns with votes",
            where="elections",
            remedy="Give the votes of two campaigns",
            code="one_campaign",
        )
    ordered = dict(sorted(elections.items(), key=lambda item: (_closed(item[1]), item[0])))
    won = {name: winners(election, rule=rule) for name, election in ordered.items()}
    people = None if municipalities is None else _people(municipalities)
    campaigns = pl.concat(
        [_described(name, election, won[name], people) for name, election in ordered.items()]
    )
    course = [_course(name, election) for name, election in ordered.items()]
    pairs = list(pairwise(ordered))
    return Seasons(
        campaigns=campaigns,
        breaks=_stacked(
            [_breaks(pair, [ordered[name] for name in pair], campaigns) for pair in pairs],
            c.SEASON_BREAKS,
        ),
        changes=_stacked(
            [_changes(pair, campaigns, pl.concat(course)) for pair in pairs],
            c.SEASON_CHANGES,
        ),
        course=c.SEASON_COURSE.conform(pl.concat(course)),
        applicants=_stacked([_applicants(pair, ordered, won) for pair in pairs], c.RETURNING),
        bought=_stacked([_bought(pair, ordered, won, rule) for pair in pairs], c.BOUGHT),
    )


def _stacked(parts: list[pl.DataFrame], table: c.Table) -> pl.DataFrame:
    return table.conform(pl.concat([table.empty(), *parts]))


def _closed(election: Election) -> str:
    """Day voting ended, as text that sorts; campaigns without any come first."""
    try:
        return span(election)[1].isoformat()
    except NotEnoughDataError:
        day, dot, rest = election.meta.get("date_end", "").partition(".")
        month, _, year = rest.partition(".")
        return f"{year}-{month}-{day}" if dot else day


def _people(municipalities: pl.DataFrame) -> int | None:
    """Everybody of the region; None where some municipality's residents are not known."""
    number = residents(municipalities)[c.POPULATION]
    return None if number.null_count() else int(number.sum()) or None


def _described(
    name: str, election: Election, won: pl.DataFrame, people: int | None
) -> pl.DataFrame:
    votes = election.votes.drop_nulls(c.PROJECT_ID)
    opened = closed = length = None
    try:
        begin, end = span(election)
        # The end is a midnight: the last day is the one before it.
        days = pl.DataFrame({"at": [begin, end - _DAY]}).select(local("at", ZONE).dt.date())["at"]
        opened, closed = days
        length = (closed - opened).days + 1
    except NotEnoughDataError:
        pass
    row = {
        c.CAMPAIGN: name,
        c.OPENED_ON: opened,
        c.CLOSED_ON: closed,
        c.LENGTH: length,
        c.VOTES_COUNT: votes.height,
        c.N_VOTERS: votes[c.VOTER_ID].n_unique(),
        c.VOTES_PER_DAY: votes.height / length if length else None,
        c.VOTES_PER_100: 100 * votes.height / people if people else None,
        c.N_PROJECTS: election.projects.filter(standing()).height,
        c.N_WINNERS: won.height,
        c.BUDGET: election.budget,
        c.SPENT: float(won[c.COST].sum()),
        c.OUTSIDE: _without(election, won),
    }
    return c.SEASONS.conform(pl.DataFrame([row], schema=c.SEASONS.schema))


def _without(election: Election, won: pl.DataFrame) -> int | None:
    """Districts that had projects and no winner."""
    place = homes(election.projects.filter(standing())).drop_nulls(c.MUNICIPALITY)
    if place.is_empty():
        return None
    served = place.join(won, on=c.PROJECT_ID, how="semi")[c.MUNICIPALITY].n_unique()
    return place[c.MUNICIPALITY].n_unique() - served


def _course(name: str, election: Election) -> pl.DataFrame:
    try:
        begin, end = span(election)
    except NotEnoughDataError:
        return c.SEASON_COURSE.empty()
    cast = timed(election)[c.CAST_AT]
    rows = [(name, at, int((cast < begin + at * (end - begin)).sum())) for at in _SHARES]
    return pl.DataFrame(rows, schema=c.SEASON_COURSE.schema, orient="row")


def _breaks(
    pair: tuple[str, str], elections: list[Election], campaigns: pl.DataFrame
) -> pl.DataFrame:
    """Name what makes a difference between two campaigns no trend."""
    before, after = elections
    length = [
        campaigns.row(by_predicate=pl.col(c.CAMPAIGN) == n, named=True)[c.LENGTH] for n in pair
    ]
    told: dict[str, list[str | None]] = {
        "budget": [f"{election.budget:.15g}" for election in elections],
        "length": [None if days is None else str(days) for days in length],
        "ballot": [election.vote_type for election in elections],
        "choices": [election.meta.get("max_length") for election in elections],
        "rule": [election.meta.get("rule") for election in elections],
    }
    rows = [(*pair, name, *values) for name, values in told.items() if values[0] != values[1]]
    channels = [_channels(election) for election in (before, after)]
    if all(channels):
        rows += [(*pair, "channel_opened", None, one) for one in sorted(channels[1] - channels[0])]
        rows += [(*pair, "channel_closed", one, None) for one in sorted(channels[0] - channels[1])]
    return pl.DataFrame(rows, schema=c.SEASON_BREAKS.schema, orient="row")


def _channels(election: Election) -> set[str]:
    votes = election.votes
    return set(votes[c.CHANNEL].drop_nulls()) if c.CHANNEL in votes.columns else set()


def _changes(pair: tuple[str, str], campaigns: pl.DataFrame, course: pl.DataFrame) -> pl.DataFrame:
    sides = [campaigns.row(by_predicate=pl.col(c.CAMPAIGN) == n, named=True) for n in pair]
    told: dict[str, list[float | None]] = {
        "votes": [side[c.VOTES_COUNT] for side in sides],
        c.VOTES_PER_DAY: [side[c.VOTES_PER_DAY] for side in sides],
        c.VOTES_PER_100: [side[c.VOTES_PER_100] for side in sides],
        "winners": [side[c.N_WINNERS] for side in sides],
        "mean_cost": [
            side[c.SPENT] / side[c.N_WINNERS] if side[c.N_WINNERS] else None for side in sides
        ],
    }
    for at, metric in _AT.items():
        found = [course.filter(pl.col(c.CAMPAIGN) == n, pl.col(c.ELAPSED) == at) for n in pair]
        told[metric] = [float(one[c.VOTES_COUNT][0]) if one.height else None for one in found]
    unlike = sides[0][c.LENGTH] != sides[1][c.LENGTH]
    rows = []
    for metric, (then, now) in told.items():
        known = then is not None and now is not None
        ratio = now / then if known and then else None  # type: ignore[operator]
        note = "full_count" if known else "not_comparable"
        if metric == c.VOTES_PER_DAY and known and unlike:
            # A longer campaign has the same two rushes and more quiet days between them.
            ratio, note = None, "unlike_length"
        rows.append((*pair, metric, then, now, ratio, note))
    return pl.DataFrame(rows, schema=c.SEASON_CHANGES.schema, orient="row")


def _named(projects: pl.DataFrame) -> pl.DataFrame:
    """Projects with the applicant's name as it is compared."""
    if c.APPLICANT not in projects.columns:
        return projects.select(c.PROJECT_ID).clear().with_columns(pl.lit("").alias(c.APPLICANT))
    name = pl.col(c.APPLICANT).cast(pl.String).str.to_lowercase().str.replace_all("ё", "е")
    name = name.str.replace_all(r"[«»\"“”„'’]", "").str.replace_all(r"\s+", " ").str.strip_chars()
    return projects.select(c.PROJECT_ID, name.alias(c.APPLICANT)).filter(pl.col(c.APPLICANT) != "")


def _applicants(
    pair: tuple[str, str], ordered: Mapping[str, Election], won: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    earlier, later = (_named(ordered[name].projects.filter(standing())) for name in pair)
    if earlier.is_empty() or later.is_empty():
        return c.RETURNING.empty()
    before = earlier.group_by(c.APPLICANT).agg(
        pl.col(c.PROJECT_ID).is_in(won[pair[0]][c.PROJECT_ID].implode()).any().alias("_won")
    )
    group = (
        pl.when(pl.col("_won"))
        .then(pl.lit(WON_BEFORE))
        .when(pl.col("_won").is_not_null())
        .then(pl.lit(LOST_BEFORE))
        .otherwise(pl.lit(NEW))
    )
    counted = (
        later.join(before, on=c.APPLICANT, how="left")
        .group_by(group.alias(c.GROUP))
        .agg(
            pl.col(c.APPLICANT).n_unique().cast(pl.Int64).alias(c.APPLICANTS_COUNT),
            pl.len().cast(pl.Int64).alias(c.N_PROJECTS),
            pl.col(c.PROJECT_ID)
            .is_in(won[pair[1]][c.PROJECT_ID].implode())
            .sum()
            .cast(pl.Int64)
            .alias(c.N_WINNERS),
        )
        .sort(c.GROUP, descending=True)
    )
    low, high = wilson(counted[c.N_WINNERS].to_numpy(), counted[c.N_PROJECTS].to_numpy())
    return counted.select(
        pl.lit(pair[0]).alias(c.CAMPAIGN),
        pl.lit(pair[1]).alias(c.LATER),
        pl.all(),
        (pl.col(c.N_WINNERS) / pl.col(c.N_PROJECTS)).alias(c.WON_SHARE),
        pl.Series(c.WON_SHARE_LOW, low),
        pl.Series(c.WON_SHARE_HIGH, high),
    )


def _bought(
    pair: tuple[str, str],
    ordered: Mapping[str, Election],
    won: Mapping[str, pl.DataFrame],
    rule: Rule,
) -> pl.DataFrame:
    """Spend the earlier and the later budget on the later votes."""
    election = ordered[pair[1]]
    budgets = [ordered[name].budget for name in pair]
    chosen = [winners(election, rule=rule, budget=budgets[0]), won[pair[1]]]
    votes = election.votes.group_by(c.PROJECT_ID).agg(pl.col(c.VOTER_ID).n_unique().alias("_votes"))
    rows = [
        (
            *pair,
            budget,
            taken.height,
            float(taken[c.COST].sum()),
            taken.join(votes, on=c.PROJECT_ID, how="left")["_votes"].min(),
            _without(election, taken),
        )
        for budget, taken in zip(budgets, chosen, strict=True)
    ]
    return pl.DataFrame(rows, schema=c.BOUGHT.schema, orient="row")
