"""What could make an estimate wrong, looked at one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray
from cur_lab.trends.decisions import peaks, placebos
from cur_lab.trends.decisions.compared import Panel, within
from cur_lab.trends.decisions.estimating import (
    SYNTHETIC,
    Estimate,
    by_interrupted_series,
)
from cur_lab.trends.decisions.forecasting import relative

FINE, ATTENTION, UNCHECKED = "fine", "attention", "unchecked"
_YEAR = 365
_ANTICIPATION = 28
# A single week this many standard deviations off is an event, not noise.
_SHOCK = 4.0
# A shift of this share of messages between channels is worth a word.
_SHIFT = 0.1
_FEWEST_SENT = 30

_Row = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What the checks look at."""

    counts: pl.DataFrame
    panel: Panel
    treated: Mapping[str, Sequence[str]]
    decided_at: datetime
    horizon: int
    main: Estimate
    decisions: pl.DataFrame | None
    messages: pl.DataFrame | None


def checks(subject: Subject, contrast: peaks.Contrast | None) -> pl.DataFrame:
    """Go through all checks; the order is fixed."""
    found = {
        "history": [_history(subject)],
        "comparison": [_comparison(subject)],
        "peak": [_peak(subject, contrast)],
        "trend_before": [_before(subject, subject.horizon)],
        "anticipation": [_before(subject, _ANTICIPATION)],
        "whole_flow": [_flow(subject)],
        "shock": [_shock(subject)],
        "other_decisions": _other_decisions(subject),
        "channels": [_channels(subject)],
    }
    rows = [{c.CHECK: check} | row for check, told in found.items() for row in told]
    return c.IMPACT_CHECKS.conform(pl.DataFrame(rows, schema=c.IMPACT_CHECKS.schema))


def _row(verdict: str, reason: str, **details: object) -> _Row:
    return {c.VERDICT: verdict, c.REASON: reason, **details}


def _history(subject: Subject) -> _Row:
    days = subject.panel.before
    if days >= _YEAR:
        return _row(FINE, "year_before", days=days)
    by_districts = subject.main.method == SYNTHETIC
    reason = "season_by_districts" if by_districts else "season_mixed_in"
    return _row(ATTENTION, reason, days=days)


def _comparison(subject: Subject) -> _Row:
    if not subject.panel.names:
        return _row(ATTENTION, "no_district_without")
    if subject.main.method != SYNTHETIC:
        return _row(ATTENTION, "past_instead")
    largest = int(np.argmax(subject.main.weights))
    share = float(subject.main.weights[largest])
    return _row(FINE, "districts_weighed", named=subject.panel.names[largest], share=share)


def _peak(subject: Subject, contrast: peaks.Contrast | None) -> _Row:
    if not peaks.is_peak(subject.panel):
        return _row(FINE, "no_peak")
    if contrast is None:
        return _row(ATTENTION, "peak_few_equal")
    return _row(ATTENTION, "peak_compared", change=relative(contrast.usual))


def _before(subject: Subject, days: int) -> _Row:
    """Estimate an effect in the last days before the decision: there should be none."""
    day = subject.panel.before - days
    found = placebos.at(subject.panel, day, days, subject.main.method) if day > 0 else None
    if found is None:
        return _row(UNCHECKED, "too_little_before")
    return _judged(found, "as_expected_before", "off_before", days=days)


def _judged(found: Estimate, steady: str, moved: str, **details: object) -> _Row:
    """Tell a change whose interval holds zero from one whose does not."""
    low, high = found.forecast.interval
    fine = low <= 0 <= high
    change = relative(found.forecast.centre)
    return _row(FINE if fine else ATTENTION, steady if fine else moved, change=change, **details)


def _flow(subject: Subject) -> _Row:
    """Look for a change of all other messages of the treated districts."""
    others = subject.panel.others
    if not others.any():
        return _row(UNCHECKED, "no_other_rubrics")
    found = _alone(subject, others)
    if found is None:
        return _row(UNCHECKED, "others_too_few")
    return _judged(found, "others_steady", "others_moved")


def _shock(subject: Subject) -> _Row:
    """Look for a single week far off in all messages outside the treated cells."""
    daily = subject.panel.region + subject.panel.donors.sum(axis=1)
    found = _alone(subject, daily) if daily.any() else None
    if found is None:
        return _row(UNCHECKED, "others_too_few")
    past = found.bins.past
    away = np.log(found.observed[past:] + 0.5) - found.forecast.path
    worst = int(np.argmax(np.abs(away / found.forecast.spread)))
    if abs(away[worst] / found.forecast.spread[worst]) < _SHOCK:
        return _row(FINE, "no_shock")
    week = subject.panel.moment(found.bins.starts[past + worst])
    return _row(ATTENTION, "shock_found", at=week, change=relative(float(away[worst])))


def _alone(subject: Subject, daily: FloatArray) -> Estimate | None:
    """Forecast a series from its own past, without an offset."""
    panel = subject.panel
    bare = Panel(
        panel.begins,
        daily,
        panel.donors[:, :0],
        [],
        {},
        np.zeros(panel.days),
        np.zeros(panel.days),
        panel.recorded,
        panel.at,
        panel.before,
    )
    return by_interrupted_series(
        daily, bare, at=panel.at, before=panel.before, horizon=subject.horizon
    )


def _other_decisions(subject: Subject) -> list[_Row]:
    if subject.decisions is None or c.DECIDED_AT not in subject.decisions.columns:
        return [_row(UNCHECKED, "no_decisions_given")]
    start = subject.decided_at - timedelta(days=_ANTICIPATION)
    stop = subject.decided_at + timedelta(days=subject.horizon)
    near = subject.decisions.filter(
        pl.col(c.DECIDED_AT).is_between(start, stop),
        pl.col(c.DECIDED_AT) != subject.decided_at,
    )
    for column in (c.MUNICIPALITY, c.RUBRIC):
        wanted = subject.treated.get(column)
        if wanted is not None and column in near.columns:
            values = [wanted] if isinstance(wanted, str) else list(wanted)
            near = near.filter(pl.col(column).is_null() | pl.col(column).is_in(values))
    named = near.sort(c.DECIDED_AT, c.DECISION_ID).select(c.TITLE, c.DECIDED_AT)
    rows = [_row(ATTENTION, "other_decision", named=name, at=at) for name, at in named.iter_rows()]
    return rows or [_row(FINE, "no_other_decision")]


def _channels(subject: Subject) -> _Row:
    """Compare the shares of channels over the horizon with those as long before."""
    sent = _sent(subject)
    if sent is None:
        return _row(UNCHECKED, "no_channels")
    panel, length = subject.panel, timedelta(days=subject.horizon)
    sides = [
        sent.filter(pl.col("at") >= first, pl.col("at") < first + length)
        .group_by(c.CHANNEL)
        .agg(pl.col("count").sum())
        for first in (panel.moment(panel.before) - length, panel.moment(panel.at))
    ]
    both = sides[0].join(sides[1], on=c.CHANNEL, how="full", coalesce=True, suffix="_after")
    before, after = (both[column].fill_null(0).to_numpy() for column in both.columns[1:])
    if min(before.sum(), after.sum()) < _FEWEST_SENT:
        return _row(UNCHECKED, "channels_too_few")
    shift = float(np.abs(after / after.sum() - before / before.sum()).sum() / 2)
    # Chance alone moves shares: half the sum of the usual deviations.
    pooled = (before + after) / (before + after).sum()
    usual = np.sqrt(pooled * (1 - pooled) * (1 / before.sum() + 1 / after.sum())).sum() / 2
    same = shift < max(_SHIFT, 2 * usual)
    reason = "channels_same" if same else "channels_moved"
    return _row(FINE if same else ATTENTION, reason, share=shift)


def _sent(subject: Subject) -> pl.DataFrame | None:
    """Time, channel and number of messages of the treated cells: of the counts, or one by one."""
    if c.CHANNEL in subject.counts.columns:
        at, number, frame = c.PERIOD_START, pl.col(c.MESSAGES_COUNT), subject.counts
    elif subject.messages is not None:
        at, number, frame = c.PUBLISHED_AT, pl.lit(1), subject.messages
    else:
        return None
    if {at, c.CHANNEL, *subject.treated} - set(frame.columns):
        return None
    cells = within(frame, subject.treated).drop_nulls([at, c.CHANNEL])
    return cells.select(pl.col(at).alias("at"), c.CHANNEL, number.alias("count"))
