"""What becomes of a message: answered, fixed, opened again, whichever comes first."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from cur_lab import columns as c
from cur_lab.inference import survival

TOO_FEW, UNDETERMINED, NOT_FOLLOWED = "too_few", "not_recorded", "not_followed"
ANSWER, FIXED, REOPENED = "answer", "fixed", "reopened"
HORIZONS = (7, 30, 90)


def days(duration: pl.Expr) -> pl.Expr:
    """Return a duration in days."""
    return duration.dt.total_microseconds() / 86_400e6


def risks(part: pl.DataFrame, until: datetime, k: int, *, returns: bool) -> list[dict[str, object]]:
    """Follow messages from state to state; each event is known when it happens.

    Parameters
    ----------
    part
        Messages of one group; events after ``until`` are null.
    until
        End of observation.
    k
        Stages with fewer messages get no estimates.
    returns
        Whether the source records that citizens come back.

    Returns
    -------
    list of rows
        Rows of ``columns.RESOLUTION_RISKS`` without the group.
    """
    answered, fixed, back = (pl.col(name) for name in (c.ANSWERED_AT, c.RESOLVED_AT, c.REOPENED_AT))
    fixed_first = (fixed <= answered).fill_null(fixed.is_not_null())
    later = pl.when(back >= fixed).then(back)
    stages = [
        (
            "written",
            part.select(
                pl.col(c.PUBLISHED_AT).alias(c.SINCE),
                pl.when(~fixed_first).then(answered).alias(ANSWER),
                pl.when(fixed_first).then(fixed).alias(FIXED),
            ),
        ),
        (
            "answered",
            part.filter(answered.is_not_null(), ~fixed_first).select(
                answered.alias(c.SINCE),
                # Who came back before the fix came back about the answer.
                pl.when(~(back < fixed).fill_null(False)).then(fixed).alias(FIXED),
                pl.when((back < fixed).fill_null(fixed.is_null())).then(back).alias(REOPENED),
            ),
        ),
        (
            "fixed",
            part.filter(fixed.is_not_null()).select(fixed.alias(c.SINCE), later.alias(REOPENED)),
        ),
    ]
    return [
        row for since, frame in stages for row in _stage(since, frame, until, k, returns=returns)
    ]


def _stage(
    since: str, frame: pl.DataFrame, until: datetime, k: int, *, returns: bool
) -> list[dict[str, object]]:
    causes = frame.columns[1:]
    happened = pl.min_horizontal(causes)
    timed = frame.select(
        days(happened.fill_null(until) - pl.col(c.SINCE)).alias(c.DAYS),
        pl.coalesce(
            *(pl.when(pl.col(x).is_not_null()).then(n) for n, x in enumerate(causes, 1)), 0
        ).alias(c.CAUSE),
    )
    times, cause = timed[c.DAYS].to_numpy(), timed[c.CAUSE].cast(pl.Int64).to_numpy()
    rows = []
    for number, name in enumerate(causes, 1):
        unknown = name == REOPENED and not returns
        few = frame.height < k
        known = not (unknown or few)
        found = (
            survival.incidences(times, cause, number, HORIZONS)
            if known
            else [survival.UNKNOWN] * len(HORIZONS)
        )
        for horizon, estimate in zip(HORIZONS, found, strict=True):
            reason = UNDETERMINED if unknown else TOO_FEW if few else None
            if known and estimate[0] is None:
                reason = NOT_FOLLOWED
            row: dict[str, object] = {
                c.SINCE: since,
                c.CAUSE: name,
                c.DAYS: horizon,
                c.N: frame.height,
            }
            names = (c.INCIDENCE, c.INCIDENCE_LOW, c.INCIDENCE_HIGH)
            rows.append(row | dict(zip(names, estimate, strict=True)) | {c.REASON: reason})
    return rows
