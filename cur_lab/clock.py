"""Instants are kept in UTC; days and hours are those of a place, Moscow unless told otherwise."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import polars as pl

from cur_lab.errors import ParameterError

ZONE = "Europe/Moscow"
_BUDGET = re.compile(r" *(\d{1,6}(?:[.,]\d{1,6})?) per region-year *")


def zone_of(name: str, *, where: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    ParameterError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ParameterError(
            f"time zone {name!r} is not known", where=where, remedy="Such as Europe/Moscow"
        ) from error


def local(column: str, zone: str = ZONE) -> pl.Expr:
    """Read an instant on the clock of a zone."""
    return pl.col(column).dt.convert_time_zone(zone)


def begin(column: str, every: str, zone: str = ZONE) -> pl.Expr:
    """Return the instant, in UTC, at which the local hour, day, week or month began."""
    return local(column, zone).dt.truncate(every).dt.convert_time_zone("UTC")


def is_budget(budget: object) -> bool:
    """Tell whether it is a number above nought a region-year."""
    found = _BUDGET.fullmatch(budget) if isinstance(budget, str) else None
    return found is not None and float(found[1].replace(",", ".")) > 0


def per_year(budget: str) -> float:
    """Read a budget of false alarms: how many a year in the whole region.

    Raises
    ------
    ParameterError
        If it is no rate a region-year, or not above nought.

    Examples
    --------
    >>> per_year("12 per region-year"), per_year("0,5 per region-year")
    (12.0, 0.5)
    """
    if not is_budget(budget):
        raise ParameterError(
            f"budget {budget!r}",
            where="budget",
            remedy="A number above nought and its unit, as in '12 per region-year'",
        )
    return float(budget.strip().partition(" ")[0].replace(",", "."))
