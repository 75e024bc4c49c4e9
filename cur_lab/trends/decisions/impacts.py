"""What each of several decisions changed, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.parameters import days_of
from cur_lab.trends.decisions.frames import frame
from cur_lab.trends.decisions.impact import Impact, impact
from cur_lab.trends.decisions.reopens import DIFFERENCE

__all__ = ["Impacts", "impacts"]

_WHERE = "trends.impacts"
_CELL = (c.RUBRIC, c.MUNICIPALITY)


@dataclass(frozen=True, eq=False)
class Impacts:
    """Change of complaints after each decision.

    Attributes
    ----------
    overview
        ``columns.IMPACTS``: one row per decision, by date.
    each
        Decision → its impact; without those the data say nothing of.
    counts, decisions
        What they were found in.
    options
        What :func:`impacts` was asked for.
    """

    overview: pl.DataFrame
    each: Mapping[str, Impact]
    counts: pl.DataFrame = field(repr=False)
    decisions: pl.DataFrame = field(repr=False)
    options: Mapping[str, Any] = field(repr=False)

    @property
    def checks(self) -> pl.DataFrame:
        """``columns.IMPACTS_CHECKS``: what could make the estimates wrong."""
        return self._joined(c.IMPACTS_CHECKS, {key: one.checks for key, one in self.each.items()})

    @property
    def estimates(self) -> pl.DataFrame:
        """``columns.IMPACTS_ESTIMATES``: the change by every method."""
        length = days_of(self.options["horizon"], where=_WHERE)
        horizon = pl.lit(length, pl.Int64).alias(c.HORIZON_DAYS)
        frames = {key: one.estimates.with_columns(horizon) for key, one in self.each.items()}
        return self._joined(c.IMPACTS_ESTIMATES, frames)

    def sensitivity(self, *horizons: str) -> pl.DataFrame:
        """Estimate the same over other horizons; headlines of ``columns.IMPACTS_ESTIMATES``."""
        again = partial(impacts, self.counts, self.decisions)
        runs = [again(**{**self.options, "horizon": horizon}).estimates for horizon in horizons]
        every = pl.concat([self.estimates, *runs]).filter(c.CHOSEN).unique(maintain_order=True)
        return every.sort(c.TITLE, c.DECISION_ID, c.HORIZON_DAYS)

    def clearest(self, kind: str | None = None) -> Impact:
        """Return the impact of the decision after which the fall is the surest.

        Parameters
        ----------
        kind
            Value of ``triggered_by``, such as ``"peak"``; None for any.

        Raises
        ------
        NotEnoughDataError
            If no such decision has a number.
        """
        rows = self.overview.drop_nulls(c.CHANGE_HIGH)
        if kind is not None:
            of_kind = self.decisions.filter(pl.col(c.TRIGGERED_BY) == kind)
            rows = rows.filter(pl.col(c.DECISION_ID).is_in(of_kind[c.DECISION_ID].implode()))
        if rows.is_empty():
            raise NotEnoughDataError(
                "no such decision has a number",
                where=_WHERE,
                code="no_estimates",
            )
        return self.each[rows.sort(c.CHANGE_HIGH, c.DECISION_ID)[c.DECISION_ID][0]]

    def _joined(self, table: c.Table, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        named = [
            part.with_columns(
                pl.lit(key).alias(c.DECISION_ID), pl.lit(self.each[key].title).alias(c.TITLE)
            )
            for key, part in frames.items()
        ]
        return table.conform(pl.concat([table.empty(), *(table.conform(one) for one in named)]))


@needs(c.PERIOD_START, c.MESSAGES_COUNT)
def impacts(
    counts: pl.DataFrame,
    decisions: pl.DataFrame,
    *,
    horizon: str = "90d",
    messages: pl.DataFrame | None = None,
) -> Impacts:
    """Estimate what each decision changed in the complaints about its rubric and district.

    Parameters
    ----------
    counts
        As :func:`impact` takes them, of all rubrics and districts.
    decisions
        Table ``decisions``.
    horizon
        Length after each decision.
    messages
        As :func:`impact` takes them.

    Returns
    -------
    Impacts
        A decision outside the time of the counts, or about what nobody writes of, has the verdict
        ``outside_data``.

    Raises
    ------
    NotEnoughDataError
        If there are no decisions or no counts.
    ParameterError
        If ``horizon`` is no length.
    SchemaError
        If a column is missing.
    """
    days_of(horizon, where=_WHERE)
    c.COUNTS.require(counts, [c.PERIOD_START, c.MESSAGES_COUNT], where=_WHERE)
    c.DECISIONS.require(decisions, [c.DECISION_ID, c.DECIDED_AT, c.TITLE, *_CELL], where=_WHERE)
    if decisions.is_empty() or counts[c.PERIOD_START].drop_nulls().is_empty():
        raise NotEnoughDataError(
            "there are no decisions or no counts",
            where=_WHERE,
            code="no_decisions",
        )
    options = {"horizon": horizon, "messages": messages}
    ordered = decisions.sort(c.DECIDED_AT, c.DECISION_ID, nulls_last=True)
    each, rows = {}, []
    for decision in ordered.iter_rows(named=True):
        cell = {name: [decision[name]] for name in _CELL if decision[name] is not None}
        found = None
        if decision[c.DECIDED_AT] is not None:
            found = _judged(counts, decision, cell, decisions, options)
        if found is not None:
            each[decision[c.DECISION_ID]] = replace(found, title=decision[c.TITLE])
        rows.append(_row(decision, found))
    return Impacts(frame(c.IMPACTS, rows), each, counts, decisions, options)


def _judged(
    counts: pl.DataFrame,
    decision: Mapping[str, Any],
    cell: Mapping[str, Sequence[str]],
    decisions: pl.DataFrame,
    options: Mapping[str, Any],
) -> Impact | None:
    try:
        return impact(
            counts, decided_at=decision[c.DECIDED_AT], treated=cell, decisions=decisions, **options
        )
    except (NotEnoughDataError, ParameterError):
        # Too early, too late, or nobody has written about it.
        return None


def _row(decision: Mapping[str, Any], found: Impact | None) -> tuple[object, ...]:
    base = decision[c.DECISION_ID], decision[c.TITLE], decision[c.DECIDED_AT]
    if found is None:
        return (*base, *[None] * 3, "outside_data", None, 0, *[None] * 3, "too_few_resolved")
    place, number = found.rank()
    moved = found.reopens.filter(pl.col(c.PHASE) == DIFFERENCE)
    shift = moved.select(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH).rows()
    return (
        *base,
        *(found.change, found.change_low, found.change_high, found.verdict),
        *(place / number if number else None, max(number - 1, 0)),
        *(shift[0] if shift else [None] * 3),
        found.reopen_verdict,
    )
