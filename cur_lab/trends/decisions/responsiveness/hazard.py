"""How often complaints of a rubric in a district are followed by a decision about them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.clock import local
from cur_lab.inference import FloatArray, garwood

# Lower ends of the bands of last month's messages.
BANDS = {"0": 0, "1–4": 1, "5–19": 5, "20+": 20}
_PER = 1000
# A slope on fewer decisions is hardly one.
_FEWEST = 5
_MONTH, _BEFORE = "month", "before"
_STEEPEST = 20.0


def hazard_of(daily: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Count decisions per month of a rubric in a district.

    A month counts from the second one observed in full, so that the messages of the month before
    are known. A month with two decisions about one rubric in one district has two.

    Parameters
    ----------
    daily
        ``rubric``, ``municipality``, ``period_start`` (local), ``messages``.
    decisions
        Table ``decisions``; those of the whole region or about no rubric are no events of a cell.

    Returns
    -------
    DataFrame
        ``columns.DECISION_HAZARD``. Intervals are exact for a Poisson count (Garwood 1936); that of
        the slope on log2(messages + 1) is from the likelihood given the number of decisions.
    """
    panel = _panel(daily, decisions)
    cellless = decisions.filter(
        pl.col(c.RUBRIC).is_null() | pl.col(c.MUNICIPALITY).is_null()
    ).height
    rows = [_row("all", None, panel) | _slope(panel)]
    rows.append({c.PART: "elsewhere", c.CELL_MONTHS: 0, c.DECISIONS_COUNT: cellless})
    for label, low, high in _bands():
        band = panel.filter(pl.col(_BEFORE) >= low, pl.col(_BEFORE) < high)
        rows.append(_row("intensity", label, band))
    for part, key in (("rubric", c.RUBRIC), ("municipality", c.MUNICIPALITY)):
        for (group,), cells in panel.sort(key).group_by(key, maintain_order=True):
            rows.append(_row(part, group, cells))
    return c.DECISION_HAZARD.conform(pl.DataFrame(rows, schema=c.DECISION_HAZARD.schema))


def _bands() -> Iterator[tuple[str, float, float]]:
    ends = [*list(BANDS.values())[1:], float("inf")]
    for (label, low), high in zip(BANDS.items(), ends, strict=True):
        yield label, low, high


def _panel(daily: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """One row per rubric, district and full month: messages of the month before, decisions."""
    starts = daily[c.PERIOD_START]
    zone = starts.dtype.time_zone  # type: ignore[attr-defined]
    month = pl.col(c.PERIOD_START).dt.truncate("1mo").alias(_MONTH)
    bounds = pl.select(
        pl.lit(starts.min())
        .dt.offset_by("-1s")
        .dt.truncate("1mo")
        .dt.offset_by("1mo")
        .alias("from"),
        pl.lit(starts.max()).dt.offset_by("1d").dt.truncate("1mo").alias("to"),
    ).row(0)
    grid = pl.select(
        pl.datetime_range(bounds[0], bounds[1], "1mo", closed="left", time_zone=zone).alias(_MONTH)
    )
    cells = daily.drop_nulls([c.RUBRIC, c.MUNICIPALITY]).select(c.RUBRIC, c.MUNICIPALITY).unique()
    keys = [c.RUBRIC, c.MUNICIPALITY, _MONTH]
    monthly = daily.group_by(c.RUBRIC, c.MUNICIPALITY, month).agg(pl.col(c.MESSAGES_COUNT).sum())
    taken = (
        decisions.drop_nulls([c.RUBRIC, c.MUNICIPALITY, c.DECIDED_AT])
        .with_columns(local(c.DECIDED_AT, zone).dt.truncate("1mo").alias(_MONTH))
        .group_by(keys)
        .agg(pl.len().cast(pl.Int64).alias(c.DECISIONS_COUNT))
    )
    return (
        cells.join(grid, how="cross")
        .join(monthly, on=keys, how="left", validate="1:1")
        .join(taken, on=keys, how="left", validate="1:1")
        .sort(keys)
        .with_columns(
            pl.col(c.MESSAGES_COUNT).fill_null(0).shift(1).over(keys[:2]).alias(_BEFORE),
            pl.col(c.DECISIONS_COUNT).fill_null(0),
        )
        .drop_nulls(_BEFORE)
    )


def _row(part: str, group: str | None, cells: pl.DataFrame) -> dict[str, object]:
    months, events = cells.height, int(cells[c.DECISIONS_COUNT].sum())
    row: dict[str, object] = {
        c.PART: part,
        c.GROUP: group,
        c.CELL_MONTHS: months,
        c.DECISIONS_COUNT: events,
        c.REASON: None if months else "no_months",
    }
    if not months:
        return row
    low, high = map(float, garwood(events))
    found = {c.HAZARD: events, c.HAZARD_LOW: low, c.HAZARD_HIGH: high}
    return row | {name: _PER * number / months for name, number in found.items()}


def _slope(panel: pl.DataFrame) -> dict[str, object]:
    """Factor of the hazard per doubling of messages; the level is conditioned away."""
    events = panel[c.DECISIONS_COUNT].to_numpy().astype(float)
    x = np.log2(panel[_BEFORE].to_numpy().astype(float) + 1)
    if events.sum() < _FEWEST or x.max(initial=0) == x.min(initial=0):
        return {c.REASON: "too_few_decisions" if panel.height else "no_months"}
    found = scipy.optimize.minimize_scalar(
        lambda b: -_likelihood(b, x, events), bounds=(-_STEEPEST, _STEEPEST), method="bounded"
    )
    best, drop = float(found.x), float(scipy.stats.chi2.ppf(0.95, 1)) / 2
    top = _likelihood(best, x, events)

    def above(b: float) -> float:
        return _likelihood(b, x, events) - top + drop

    ends = [
        float(scipy.optimize.brentq(above, *sorted((edge, best)))) if above(edge) < 0 else None
        for edge in (-_STEEPEST, _STEEPEST)
    ]
    low, high = (None if end is None else float(np.exp(end)) for end in ends)
    return {c.RATIO: float(np.exp(best)), c.RATIO_LOW: low, c.RATIO_HIGH: high}


def _likelihood(b: float, x: FloatArray, events: FloatArray) -> float:
    level = float(scipy.special.logsumexp(b * x))
    return float(b * (events @ x)) - float(events.sum()) * level
