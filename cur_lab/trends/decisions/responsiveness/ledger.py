"""One row per decision: what came before it, and what became of the complaints."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.clock import local
from cur_lab.inference import wilson
from cur_lab.inference.survival import UNKNOWN, Estimate, Survival
from cur_lab.trends.answers.stamps import contradiction, known
from cur_lab.trends.answers.states import days

LOOKBACK = timedelta(days=182)
FOLLOWED = timedelta(days=90)
RETURNED = timedelta(days=30)
FIXED, BACK, OPEN, UNDETERMINED = (
    "mostly_fixed",
    "often_reopened",
    "mostly_open",
    "undetermined",
)
# Fewer messages carry no median and no share.
_FEWEST = 10
_FORTNIGHT = timedelta(days=14)
_SILENCE = timedelta(days=28)
# A tenth reopened is the line above which a mark of a fix is not taken for a fix.
_OFTEN = 0.1
_HALF = 0.5
_Z = 1.96
_MEDIAN_CHI2 = 2 * float(scipy.special.gammaincinv(0.5, 0.5))  # of one degree of freedom
_Row = dict[str, object]


def ledger_of(
    daily: pl.DataFrame, decisions: pl.DataFrame, messages: pl.DataFrame | None
) -> pl.DataFrame:
    """Follow every decision back to the first complaint and on to the outcome.

    Parameters
    ----------
    daily
        ``rubric``, ``municipality``, ``period_start``, ``messages``.
    decisions
        Table ``decisions``.
    messages
        The messages, or None.

    Returns
    -------
    DataFrame
        ``columns.LEDGER`` in the order of the decisions.
    """
    daily = daily.with_columns(local(c.PERIOD_START, "UTC"))
    sound = None if messages is None else known(messages, [c.MUNICIPALITY])
    if sound is not None:
        sound = sound.filter(contradiction().is_null())
    rows = [_entry(daily, decision, sound) for decision in decisions.iter_rows(named=True)]
    return c.LEDGER.conform(pl.DataFrame(rows, schema=c.LEDGER.schema))


def _entry(daily: pl.DataFrame, decision: _Row, messages: pl.DataFrame | None) -> _Row:
    base = {name: value for name, value in decision.items() if name in c.LEDGER.schema}
    reasons = [] if decision[c.BUDGET] is not None else ["sum_unstated"]
    row: _Row = base | {c.OUTCOME: UNDETERMINED}
    decided = decision[c.DECIDED_AT]
    if not isinstance(decided, datetime):
        return row | {c.GAPS: ["date_unstated", *reasons]}
    if decision[c.RUBRIC] is None:
        return row | {c.GAPS: ["no_one_rubric", *reasons]}
    series = _of_cell(daily, decision).group_by(c.PERIOD_START).agg(pl.col(c.MESSAGES_COUNT).sum())
    first, last = daily[c.PERIOD_START].min(), daily[c.PERIOD_START].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    if not first < decided <= last + timedelta(days=1):
        return row | {c.GAPS: ["outside_observation", *reasons]}
    before, found = _before(series.sort(c.PERIOD_START), decided, first)
    row |= before
    reasons += found
    if messages is None:
        reasons.append("no_messages")
    else:
        after, found = _after(_of_cell(messages, decision), decided)
        row |= after
        reasons += found
    return row | {c.GAPS: reasons}


def _of_cell(frame: pl.DataFrame, decision: _Row) -> pl.DataFrame:
    """Rows of the decision's rubric, and of its district unless it is for the whole region."""
    found = frame.filter(pl.col(c.RUBRIC) == pl.lit(decision[c.RUBRIC]))
    if decision[c.MUNICIPALITY] is None:
        return found
    return found.filter(pl.col(c.MUNICIPALITY) == pl.lit(decision[c.MUNICIPALITY]))


# --- before the decision ------------------------------------------------------------------------


def _before(
    series: pl.DataFrame, decided: datetime, data_begin: datetime
) -> tuple[_Row, list[str]]:
    """First message, peak and lag, with what cannot be told."""
    past = series.filter(
        pl.col(c.PERIOD_START) < decided, pl.col(c.PERIOD_START) >= decided - LOOKBACK
    )
    total = int(past[c.MESSAGES_COUNT].sum())
    row: _Row = {c.COMPLAINTS_BEFORE: total}
    if total < _FEWEST:
        return row, ["peak_too_few"]
    reasons = []
    if decided - LOOKBACK < data_begin:
        reasons.append("short_past")
    spans = _fortnights(past, decided)
    top, near = _peak(spans["n"].to_numpy())
    starts = spans[c.PERIOD_START].to_list()
    row[c.PEAK] = int(spans["n"][top])
    if near.size > len(starts) / 2:
        reasons.append("peak_flat")
        row[c.PEAK] = None
    else:
        begin, end = starts[near[0]], starts[near[-1]] + _FORTNIGHT
        row |= {c.PEAK_AT: starts[top], c.PEAK_FROM: begin, c.PEAK_TO: end}
        lags = (starts[top] + _FORTNIGHT / 2, end, begin)
        names = (c.LAG_DAYS, c.LAG_DAYS_LOW, c.LAG_DAYS_HIGH)
        row |= {n: (decided - x) / timedelta(days=1) for n, x in zip(names, lags, strict=True)}
    begun = _begin(series.filter(pl.col(c.PERIOD_START) < decided), starts[top], data_begin)
    row[c.FIRST_MESSAGE_AT] = begun
    if begun is None:
        reasons.append("first_unknown")
    return row, reasons


def _fortnights(past: pl.DataFrame, decided: datetime) -> pl.DataFrame:
    """Sum fortnights counted back from the decision; those of a silent source are left out."""
    age = (pl.lit(decided) - pl.col(c.PERIOD_START)).dt.total_seconds() / _FORTNIGHT.total_seconds()
    return (
        past.group_by(age.floor().cast(pl.Int64).alias("back"))
        .agg(pl.col(c.MESSAGES_COUNT).sum().alias("n"))
        .filter(pl.col("back") < LOOKBACK // _FORTNIGHT)
        .with_columns((pl.lit(decided) - (pl.col("back") + 1) * _FORTNIGHT).alias(c.PERIOD_START))
        .sort(c.PERIOD_START)
    )


def _peak(counted: npt.NDArray[np.int64]) -> tuple[int, npt.NDArray[np.int64]]:
    """Place of the largest count, and places of those that chance does not tell from it."""
    top = int(counted.argmax())
    before, after = counted[:-1].astype(float), counted[1:].astype(float)
    # The median of successive differences: neither season nor the peak itself counts as noise.
    steps = (after - before) ** 2 / np.maximum(after + before, 1)
    noise = max(1.0, float(np.median(steps)) / _MEDIAN_CHI2) if steps.size else 1.0
    fall = counted[top] - counted
    return top, np.flatnonzero(fall <= _Z * np.sqrt(noise * (counted[top] + counted)))


def _begin(series: pl.DataFrame, peak: datetime, data_begin: datetime) -> datetime | None:
    """First day with a message after the last four silent weeks before the peak."""
    filled = series.filter(pl.col(c.MESSAGES_COUNT) > 0, pl.col(c.PERIOD_START) < peak + _FORTNIGHT)
    times = filled[c.PERIOD_START].to_list()
    earlier = [data_begin, *times[:-1]]
    fresh = [now for before, now in zip(earlier, times, strict=True) if now - before >= _SILENCE]
    return fresh[-1] if fresh else None


# --- answers and outcome ------------------------------------------------------------------------


def _after(messages: pl.DataFrame, decided: datetime) -> tuple[_Row, list[str]]:
    """Median answer before the decision; what became of the messages of the 90 days before it."""
    written = pl.col(c.PUBLISHED_AT)
    past = messages.filter(written < decided, written >= decided - LOOKBACK)
    row: _Row = {c.OUTCOME: UNDETERMINED}
    reasons = []
    answer = _answer(past, decided)
    row |= dict(zip((c.ANSWER_DAYS, c.ANSWER_DAYS_LOW, c.ANSWER_DAYS_HIGH), answer, strict=True))
    if answer[0] is None:
        reasons.append("answer_unknown")
    last = messages.select(
        pl.max_horizontal(pl.col(c.PUBLISHED_AT, c.RESOLVED_AT, c.REOPENED_AT).max())
    ).item()
    if last is None or last < decided + FOLLOWED:
        return row, [*reasons, "short_future"]
    fixed_at, back = pl.col(c.RESOLVED_AT), pl.col(c.REOPENED_AT)
    recent = past.filter(written >= decided - FOLLOWED)
    closed = recent.filter(fixed_at < decided + FOLLOWED)
    fixed = _share(closed.height, recent.height)
    row |= dict(zip((c.FIXED, c.FIXED_LOW, c.FIXED_HIGH), fixed, strict=True))
    if fixed[0] is None:
        return row, [*reasons, "outcome_too_few"]
    again = closed.filter((back - fixed_at).is_between(timedelta(0), RETURNED))
    returned = _share(again.height, closed.height)
    row |= dict(zip((c.REOPENED, c.REOPENED_LOW, c.REOPENED_HIGH), returned, strict=True))
    row[c.OUTCOME] = _verdict(fixed, returned)
    return row, reasons


def _answer(past: pl.DataFrame, decided: datetime) -> Estimate:
    if past.height < _FEWEST:
        return UNKNOWN
    answered = pl.col(c.ANSWERED_AT)
    came = (answered < decided).fill_null(False)
    until = pl.when(came).then(answered).otherwise(pl.lit(decided))
    timed = past.select(days(until - pl.col(c.PUBLISHED_AT)).alias("days"), came.alias("came"))
    return Survival(timed["days"].to_numpy(), timed["came"].to_numpy()).quantile(0.5)


def _share(part: int, whole: int) -> Estimate:
    if whole < _FEWEST:
        return UNKNOWN
    low, high = wilson(part, whole)
    return part / whole, float(low), float(high)


def _verdict(fixed: Estimate, returned: Estimate) -> str:
    """Say what the intervals allow: a line inside one decides nothing."""
    low, high = fixed[1], fixed[2]
    assert low is not None
    assert high is not None
    if returned[1] is not None and returned[1] > _OFTEN:
        return BACK
    if low > _HALF:
        return FIXED
    return OPEN if high < _HALF else UNDETERMINED
