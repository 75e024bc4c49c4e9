"""The published series of «Вам решать!» with what breaks it."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.errors import NotEnoughDataError

_REGION = "Нижегородская область"
_WINDOW = re.compile(r"(\d\d)\.(\d\d)(?:\.(\d{4}))?[–-](\d\d)\.(\d\d)\.(\d{4})")
# What is known of the rules of «Вам решать!»; a difference across such a line is no trend.
_BREAKS = {
    date(2021, 11, 22): "first",
    date(2023, 3, 6): "budget_raised",
    date(2023, 11, 20): "second_in_a_year",
    date(2024, 11, 11): "family_points",
    date(2025, 10, 15): "one_project_longer",
}


# The series of a window is told by the unit and by the wording of a whole, not of a part of it.
_SERIES = {"голоса": "votes", "заявки": "applications", "проекты": "winners"}
_MONEY = "рублей"


def history(published: pl.DataFrame | None = None) -> pl.DataFrame:
    """Line up the published figures of «Вам решать!», with what breaks the series.

    Parameters
    ----------
    published
        Table ``published``; by default :func:`cur_lab.datasets.published`.

    Returns
    -------
    DataFrame
        Table ``vote_history``: votes, applications, winners and money of each campaign, null where
        nobody named them; nothing is interpolated. Windows differ in length, hence votes per day.

    Raises
    ------
    NotEnoughDataError
        If the table has no campaign of the region.
    """
    table = datasets.published() if published is None else published
    c.PUBLISHED.check(table, where="history")
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
                    c.BREAK: _BREAKS.get(opened),
                    c.NOTE: _note(value, wording),
                    c.OTHERWISE: _otherwise(table, opened, value) if metric == "votes" else None,
                    c.SOURCE: whole[c.SOURCE][0] if whole.height else None,
                }
            )
    return c.VOTE_HISTORY.conform(pl.DataFrame(rows, infer_schema_length=None))


def _window(period: str) -> tuple[date, date] | None:
    found = _WINDOW.fullmatch(period.strip())
    if found is None:
        return None
    day, month, year, last_day, last_month, last_year = found.groups()
    closed = date(int(last_year), int(last_month), int(last_day))
    return date(int(year or last_year), int(month), int(day)), closed


def _scale(unit: str) -> float:
    return 1e9 if "млрд" in unit else 1e6 if "млн" in unit else 1.0


def _note(value: float | None, wording: str) -> str:
    if value is None:
        return "unpublished"
    return "rounded" if re.search(r"около|более|почти|>|~", wording) else ""


def _otherwise(table: pl.DataFrame, opened: date, value: float | None) -> str | None:
    """Name who told another number of votes for the only campaign of a year."""
    others = table.filter(
        pl.col(c.PERIOD) == str(opened.year), pl.col(c.UNIT) == "голоса", pl.col(c.VALUE) != value
    )
    if opened.year != 2021 or others.is_empty():
        return None
    return f"{others[c.SPEAKER][0]}: {others[c.METRIC][0]}"
