"""Turnout over the years: what a change is made of, and the published series with its breaks."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.budgeting import campaign
from cur_lab.errors import NotEnoughDataError
from cur_lab.readers.pabulib import Election

__all__ = ["campaigns", "turnout_change"]

TOTAL, COMPOSITION, WITHIN = "total", "composition", "within"
_REGION = "Нижегородская область"
_WINDOW = re.compile(r"(\d\d)\.(\d\d)(?:\.(\d{4}))?[–-](\d\d)\.(\d\d)\.(\d{4})")
# What is known of the rules of «Вам решать!»; a difference across such a line is no trend.
_BREAKS = {
    date(2021, 11, 22): "первая кампания ряда; каналы: ЕСИА, колл-центр, телефон",
    date(2023, 3, 6): "бюджет вырос с 730 млн до 1,2 млрд рублей; кампании 2022 года нет в ряду",
    date(2023, 11, 20): "вторая кампания за год",
    date(2024, 11, 11): "введены семейные заявки и баллы за них",
    date(2025, 10, 15): "один проект в своём округе, от 16 лет, через Госуслуги или по телефону; "
    "голосование на 18 дней длиннее",
}
# The series of a window is told by the unit and by the wording of a whole, not of a part of it.
_SERIES = {"голоса": "votes", "заявки": "applications", "проекты": "winners"}
_MONEY = "рублей"


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
        .then(pl.lit("канала раньше не было: переход из других каналов не отделить"))
        .when(pl.col(c.CHANNEL).is_in(list(closed)))
        .then(pl.lit("канала больше нет: переход в другие каналы не отделить"))
        .otherwise(pl.lit(""))
        .alias(c.NOTE),
    ).sort(*keys, nulls_last=True)
    then, now = (float(table["voters"].sum()) for table in counts)
    whole = (then / all_then, now / all_now, now / all_now - then / all_then)
    moved = whole[2] - float(within[c.CHANGE].sum())
    note = (
        "население в обе кампании взято одним: вклад состава равен нулю по построению"
        if municipalities_after is None
        else ""
    )
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


def campaigns(published: pl.DataFrame | None = None) -> pl.DataFrame:
    """Line up the published figures of «Вам решать!», with what breaks the series.

    Parameters
    ----------
    published
        Table ``published``; by default :func:`cur_lab.datasets.published`.

    Returns
    -------
    DataFrame
        Table ``campaigns``: votes, applications, winners and money of each campaign, null where
        nobody named them; nothing is interpolated. Windows differ in length, hence votes per day.

    Raises
    ------
    NotEnoughDataError
        If the table has no campaign of the region.
    """
    table = datasets.published() if published is None else published
    c.PUBLISHED.check(table, where="campaigns")
    table = table.filter(pl.col(c.REGION) == _REGION)
    windows = {period: _window(period) for period in table[c.PERIOD].unique()}
    known = sorted((dates, period) for period, dates in windows.items() if dates is not None)
    if not known:
        raise NotEnoughDataError("no campaign of «Вам решать!»", where="published")
    rows = []
    for (opened, closed), period in known:
        # Parts of a whole name it as their denominator; winners name the applications.
        told = table.filter(pl.col(c.PERIOD) == period)
        days = (closed - opened).days + 1
        for unit, metric in [*_SERIES.items(), (_MONEY, "money")]:
            fits = pl.col(c.UNIT).str.contains(unit, literal=True)
            whole = told.filter(
                fits & (pl.col(c.DENOMINATOR).is_null() | (pl.lit(unit) == "проекты"))
            )
            value = whole[c.VALUE][0] if whole.height else None
            wording = whole[c.METRIC][0] if whole.height else ""
            if value is not None and metric == "money":
                value *= _scale(whole[c.UNIT][0])
            rows.append(
                {
                    c.PERIOD: period,
                    c.OPENED_ON: opened,
                    c.CLOSED_ON: closed,
                    c.METRIC: metric,
                    c.VALUE: value,
                    c.UNIT: _MONEY if metric == "money" else unit,
                    c.VOTES_PER_DAY: value / days if metric == "votes" and value else None,
                    c.BREAK: _BREAKS.get(opened, ""),
                    c.NOTE: _remark(table, opened, metric, value, wording),
                    c.SOURCE: whole[c.SOURCE][0] if whole.height else "—",
                }
            )
    return c.CAMPAIGNS.conform(pl.DataFrame(rows, infer_schema_length=None))


def _people(municipalities: pl.DataFrame) -> pl.DataFrame:
    c.MUNICIPALITIES.require(municipalities, (c.MUNICIPALITY, c.POPULATION), where="municipalities")
    return municipalities.select(c.MUNICIPALITY, c.POPULATION).drop_nulls().sort(c.MUNICIPALITY)


def _counted(election: Election, people: pl.DataFrame) -> pl.DataFrame:
    """Voters by municipality and channel, each once."""
    votes = campaign.with_municipality(election, election.votes)
    if c.MUNICIPALITY not in votes.columns:
        raise NotEnoughDataError("no vote has a municipality", where="votes")
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
        )
    return (
        voters.with_columns(pl.col(c.CHANNEL).fill_null("не указан"))
        .group_by(c.MUNICIPALITY, c.CHANNEL)
        .agg(pl.len().cast(pl.Int64).alias("voters"))
        .sort(c.MUNICIPALITY, c.CHANNEL)
    )


def _window(period: str) -> tuple[date, date] | None:
    found = _WINDOW.fullmatch(period.strip())
    if found is None:
        return None
    day, month, year, last_day, last_month, last_year = found.groups()
    closed = date(int(last_year), int(last_month), int(last_day))
    return date(int(year or last_year), int(month), int(day)), closed


def _scale(unit: str) -> float:
    return 1e9 if "млрд" in unit else 1e6 if "млн" in unit else 1.0


def _remark(
    table: pl.DataFrame, opened: date, metric: str, value: float | None, wording: str
) -> str:
    if value is None:
        return "не опубликовано"
    remarks = []
    if re.search(r"около|более|почти|>|~", wording):
        remarks.append("округлено источником")
    others = table.filter(
        pl.col(c.PERIOD) == str(opened.year), pl.col(c.UNIT) == "голоса", pl.col(c.VALUE) != value
    )
    if metric == "votes" and others.height and opened.year == 2021:
        remarks.append(f"{others[c.SPEAKER][0]}: {others[c.METRIC][0]}")
    return "; ".join(remarks)
