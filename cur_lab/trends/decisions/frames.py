"""The tables of an impact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.trends.decisions import peaks, placebos
from cur_lab.trends.decisions.compared import Panel
from cur_lab.trends.decisions.estimating import Estimate
from cur_lab.trends.decisions.forecasting import relative

EQUAL_PEAKS, BEFORE_AFTER = "equal_peaks", "before_after"
DECISION, PLACE, TIME, PEAK = "decision", "place", "time", "peak"
_BEFORE, _AFTER = "before", "after"
# Half-width of a pointwise interval in standard deviations.
_REACH = 1.96


def estimates(
    found: list[Estimate],
    contrast: peaks.Contrast | None,
    decision: peaks.Peak | None,
    panel: Panel,
    days: int,
    *,
    single: bool,
) -> pl.DataFrame:
    """Lay out what each method found, the headline first; ``single``: no untreated district."""
    rows: list[tuple[object, ...]] = []
    for place, estimate in enumerate(found):
        low, high = estimate.forecast.interval
        ends = _row(estimate.forecast.centre, low, high, estimate.counted)
        rows.append((estimate.method, place == 0 and not single, *ends))
    if contrast is not None and decision is not None:
        counted = float(panel.treated[panel.at : panel.at + days].sum())
        ends = (contrast.centre, contrast.low, contrast.high)
        rows.append((EQUAL_PEAKS, False, *_row(*ends, counted)))
    rows.append(_naive(panel, days))
    return frame(c.IMPACT_ESTIMATES, rows)


def _naive(panel: Panel, days: int) -> tuple[object, ...]:
    """Compare with the fortnight before, as is commonly done; without an interval."""
    after = panel.treated[panel.at : panel.at + days]
    usual = float(panel.treated[max(panel.before - peaks.RECENT, 0) : panel.before].mean())
    change = float(after.mean() / usual - 1) if usual else None
    expected = usual * len(after) if usual else None
    return (BEFORE_AFTER, False, change, None, None, int(after.sum()), expected, None, None)


def _row(centre: float, low: float, high: float, counted: float) -> tuple[float | int, ...]:
    # Of nothing counted no expectation can be read back; half a message stands for it.
    expected = (max(counted, 0.5) * np.exp(-end) for end in (centre, high, low))
    return (*map(relative, (centre, low, high)), int(counted), *map(float, expected))


def placebos_of(
    panel: Panel,
    main: Estimate,
    matched: list[peaks.Peak],
    days: int,
) -> pl.DataFrame:
    """Lay out the decision among its placebos and equal peaks."""
    found = placebos.in_place(panel, days, main.method)
    found += placebos.in_time(panel, days, main.method)
    rows = [_placebo(DECISION, None, panel.moment(panel.at), main)]
    for placebo in found:
        kind = TIME if placebo.place is None else PLACE
        rows.append(_placebo(kind, placebo.place, panel.moment(placebo.day), placebo.estimate))
    for peak in matched:
        change = relative(peak.fall)
        moment = panel.moment(peak.day)
        rows.append((PEAK, peak.place, peak.rubric, moment, change, None, None, None))
    return frame(c.IMPACT_PLACEBOS, rows).sort(c.KIND, c.DECIDED_AT, c.MUNICIPALITY, c.RUBRIC)


def _placebo(
    kind: str, place: str | None, moment: datetime, estimate: Estimate
) -> tuple[object, ...]:
    low, high = estimate.forecast.interval
    ends = map(relative, (estimate.forecast.centre, low, high))
    return (kind, place, None, moment, *ends, estimate.score)


def path(panel: Panel, main: Estimate) -> pl.DataFrame:
    """Lay out counted and expected messages bin by bin."""
    past = main.bins.past
    level = main.observed[:past].sum() / main.exposure[:past].sum()
    rows: list[tuple[object, ...]] = []
    for place, (start, observed) in enumerate(zip(main.bins.starts, main.observed, strict=True)):
        moment = panel.begins + timedelta(days=float(start))
        if place < past:
            fitted = float(level * main.exposure[place])
            rows.append((moment, _BEFORE, int(observed), fitted, None, None))
        else:
            centre = main.forecast.path[place - past]
            reach = _REACH * main.forecast.spread[place - past]
            ends = (float(np.exp(centre + shift)) for shift in (0.0, -reach, reach))
            rows.append((moment, _AFTER, int(observed), *ends))
    return frame(c.IMPACT_PATH, rows)


def frame(table: c.Table, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Make a table of rows."""
    return table.conform(pl.DataFrame(rows, schema=table.schema, orient="row"))
