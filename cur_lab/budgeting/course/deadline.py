"""The rush before the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.budgeting.ballots.hours import hourly, timed_within
from cur_lab.budgeting.course.curves import EVERYBODY
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray
from cur_lab.readers.election import Election

_TOO_WIDE = np.log(10)


@c.needs(c.CAST_AT)
def deadline(election: Election, *, hours: int = 24) -> pl.DataFrame:
    """Compare the votes of the last hours with those of the days before.

    Parameters
    ----------
    election
        A finished campaign, votes with ``cast_at``.
    hours
        Length of the last stretch; whole days compare like with like.

    Returns
    -------
    DataFrame
        Table ``deadline``: all votes, then each channel. The interval comes from how much the same
        comparison varies at earlier moments of the campaign, where there was no deadline.

    Raises
    ------
    NotEnoughDataError
        If the campaign is shorter than ten such stretches or has not ended.
    ParameterError
        If ``hours`` is not positive.
    """
    if hours < 1:
        raise ParameterError(f"hours = {hours}", where="deadline", remedy="Name one or more")
    votes, opens, length = timed_within(election)
    stretches = length // hours
    if stretches < 10:
        raise NotEnoughDataError(
            f"{stretches} stretches of {hours} hours",
            where="deadline",
            remedy="Ten are needed",
            code="short_campaign",
        )
    last = votes[c.CAST_AT].max()
    assert isinstance(last, datetime)
    if last < opens + timedelta(hours=length - hours):
        raise NotEnoughDataError(
            "the campaign has not ended",
            where="deadline",
            code="campaign_goes_on",
        )
    parts = [votes.with_columns(pl.lit(EVERYBODY).alias(c.GROUP))]
    if c.CHANNEL in votes.columns and votes[c.CHANNEL].drop_nulls().n_unique() > 1:
        parts.append(votes.drop_nulls(c.CHANNEL).with_columns(pl.col(c.CHANNEL).alias(c.GROUP)))
    rows = []
    for part in parts:
        groups = sorted(part[c.GROUP].unique())
        grid = hourly(part, groups, opens, length, by=c.GROUP)
        # Counted from the end, so that the last stretch is whole.
        whole = grid[:, length - stretches * hours :].reshape(len(groups), stretches, hours)
        rows += [_rush(group, days) for group, days in zip(groups, whole.sum(axis=2), strict=True)]
    return c.DEADLINE.conform(pl.DataFrame(rows, infer_schema_length=None), digits=9)


def _rush(group: str, days: FloatArray) -> dict[str, object]:
    """Compare the last stretch with the seven before it, and each earlier one with its seven."""
    row: dict[str, object] = {c.GROUP: group, c.VOTES_COUNT: int(days[-1]), c.NOTE: ""}
    before = np.array([days[max(0, d - 7) : d].mean() for d in range(3, len(days))])
    logs = np.log((days[3:] + 0.5) / (before + 0.5))
    if days[:-1].sum() < 10 * len(days) / 7:
        return row | {c.NOTE: "few_before"}
    spread = logs[:-1].std(ddof=1) * scipy.stats.t.ppf(0.975, len(logs) - 2)
    spread *= np.sqrt(1 + 1 / (len(logs) - 1))
    if spread > _TOO_WIDE:
        return row | {c.NOTE: "days_unlike"}
    # What the same comparison gives on an ordinary day is taken off.
    ratio = np.exp(logs[-1] - logs[:-1].mean())
    return row | {
        c.EXPECTED: float((days[-1] + 0.5) / ratio - 0.5),
        c.RATIO: float(ratio),
        c.RATIO_LOW: float(ratio * np.exp(-spread)),
        c.RATIO_HIGH: float(ratio * np.exp(spread)),
    }
