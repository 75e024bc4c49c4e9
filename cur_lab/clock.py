"""Instants are kept in UTC; days and hours are those of a place, Moscow unless told otherwise."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import polars as pl

from cur_lab.errors import ParameterError

ZONE = "Europe/Moscow"


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
