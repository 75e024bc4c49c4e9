"""One decision in district after district: an event study robust to staggering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.inference import FloatArray
from cur_lab.parameters import days_of
from cur_lab.trends.decisions.compared import Panel, read
from cur_lab.trends.decisions.estimating import Estimate, by_synthetic_control
from cur_lab.trends.decisions.forecasting import relative
from cur_lab.trends.decisions.impact import told
from cur_lab.trends.decisions.staggered import Staggered, effects, jackknife, two_way

__all__ = ["Rollout", "rollout"]

_WHERE = "trends.rollout"
IMPUTATION, TWO_WAY = "imputation", "two_way"
_FEWEST = 4
_BIN = 4
_LEADS = 3


@dataclass(frozen=True, eq=False)
class Rollout:
    """Effect of a decision that came into force at different times.

    Attributes
    ----------
    overall
        Change over the horizon in all districts together; the two-way regression as the peer.
    path
        The same by four weeks since; before the decision it should be zero.
    groups
        Each district by itself, as :func:`cur_lab.trends.impact` would have it with the districts
        not yet treated.
    verdict
        Code of what was found, or why there is no number; words in ``columns.CODES``.
    """

    overall: pl.DataFrame
    path: pl.DataFrame
    groups: pl.DataFrame
    verdict: str


@needs(c.PERIOD_START, c.MESSAGES_COUNT, c.MUNICIPALITY)
def rollout(
    counts: pl.DataFrame,
    decisions: pl.DataFrame,
    *,
    treated: Mapping[str, Sequence[str]] | None = None,
    horizon: str = "180d",
) -> Rollout:
    """Estimate what a decision changed that came into force district after district.

    Parameters
    ----------
    counts
        Table ``counts`` by day with ``municipality``.
    decisions
        Table ``decisions``; one row per district, rows without a district are left out. Districts
        that are not in it never had the decision.
    treated
        Which cells of a district it is about, such as ``{"rubric": [...]}``; None: all.
    horizon
        Length after the decision.

    Returns
    -------
    Rollout
        ``too_few_districts`` below four districts with and four without the decision.

    Raises
    ------
    NotEnoughDataError
        If there are no counts or no dated decisions of districts.
    ParameterError
        If ``treated`` names what is not there.
    SchemaError
        If a column is missing.

    Notes
    -----
    Imputation: log E[count] = district + week is fitted to weeks before the decision and to
    districts without it, and extended to the rest; the effect is the logarithm of counted over
    expected. Districts already treated never serve as controls, which is what biases the two-way
    regression when effects grow. Counts are modelled by their mean on the log scale, so that zeros
    are no trouble. Intervals come from the jackknife over districts, with t of as many degrees of
    freedom as there are treated districts less one.

    References
    ----------
    Borusyak K., Jaravel X., Spiess J. (2024). Revisiting event-study designs: robust and efficient
    estimation. Review of Economic Studies 91, 3253-3285.
    Wooldridge J. M. (2023). Simple approaches to nonlinear difference-in-differences with panel
    data. Econometrics Journal 26, C31-C66.
    Goodman-Bacon A. (2021). Difference-in-differences with variation in treatment timing. Journal
    of Econometrics 225, 254-277.
    Hansen B. E. (2025). Standard errors for difference-in-difference regression. Journal of Applied
    Econometrics. (The jackknife.)
    """
    days = days_of(horizon, where=_WHERE)
    if c.MUNICIPALITY not in counts.columns:
        raise SchemaError.missing([c.MUNICIPALITY], counts.columns, where=_WHERE)
    dates = _dates(decisions)
    panel, names, daily = _districts(counts, treated)
    staggered = _weekly(panel, names, daily, dates)
    with_it = int(np.isfinite(staggered.begins).sum())
    without = len(names) - with_it
    groups = _groups(panel, names, daily, dates, days)
    if with_it < _FEWEST or without < _FEWEST:
        nothing = c.ROLLOUT_OVERALL.empty(), c.ROLLOUT_PATH.empty()
        return Rollout(*nothing, groups, "too_few_districts")
    weeks = days // 7
    overall = jackknife(staggered, lambda part: effects(part, [(0, weeks)]))[0]
    return Rollout(
        _overall(staggered, overall, weeks), _path(staggered, weeks), groups, _verdict(overall)
    )


def _dates(decisions: pl.DataFrame) -> dict[str, datetime]:
    c.DECISIONS.require(decisions, [c.DECIDED_AT, c.MUNICIPALITY], where=_WHERE)
    known = decisions.drop_nulls([c.DECIDED_AT, c.MUNICIPALITY])
    if known.is_empty():
        raise NotEnoughDataError(
            "no decision has both a date and a district",
            where=_WHERE,
            code="no_dated_decisions",
        )
    first = known.group_by(c.MUNICIPALITY).agg(pl.col(c.DECIDED_AT).min()).sort(c.MUNICIPALITY)
    return dict(first.iter_rows())


def _districts(
    counts: pl.DataFrame,
    treated: Mapping[str, Sequence[str]] | None,
) -> tuple[Panel, list[str], FloatArray]:
    """Read all districts as if the first decision treated none: one column each."""
    known = counts.filter(pl.col(c.MUNICIPALITY).is_not_null())
    if known.is_empty():
        raise NotEnoughDataError(
            "there are no counts by district",
            where=_WHERE,
            code="no_counts",
        )
    starts = known[c.PERIOD_START].drop_nulls().unique().sort()
    if len(starts) < 3:
        raise NotEnoughDataError(
            "counts hold fewer than three periods",
            where=_WHERE,
            code="few_days",
        )
    names = sorted(known[c.MUNICIPALITY].unique())
    # The panel needs some date inside and some district treated; those of the decisions are laid
    # over it later.
    cells = {c.MUNICIPALITY: names[:1], **(treated or {})}
    panel = read(known, starts[len(starts) // 2], cells, where=_WHERE)
    # A district without a single message of the kind has no series.
    return panel, [names[0], *panel.names], np.column_stack([panel.treated, panel.donors])


def _day(panel: Panel, moment: datetime) -> float:
    return (moment - panel.begins).total_seconds() / 86_400


def _weekly(
    panel: Panel, names: list[str], daily: FloatArray, dates: Mapping[str, datetime]
) -> Staggered:
    weeks = panel.days // 7
    counts = daily[: weeks * 7].reshape(weeks, 7, -1).sum(axis=1)
    begins = np.full(len(names), np.inf)
    for place, name in enumerate(names):
        if name in dates:
            # The first whole week after it; the week of the decision itself is left out.
            begins[place] = np.ceil(_day(panel, dates[name]) / 7)
    recorded = panel.recorded[: weeks * 7].reshape(weeks, 7).mean(axis=1)
    return Staggered(counts, begins, recorded)


def _overall(staggered: Staggered, overall: FloatArray, weeks: int) -> pl.DataFrame:
    peer = jackknife(staggered, lambda part: two_way(part, weeks))[0]
    rows = [
        (method, method == IMPUTATION, *map(_number, ends))
        for method, ends in ((IMPUTATION, overall), (TWO_WAY, peer))
    ]
    return c.ROLLOUT_OVERALL.conform(
        pl.DataFrame(rows, schema=c.ROLLOUT_OVERALL.schema, orient="row")
    )


def _path(staggered: Staggered, weeks: int) -> pl.DataFrame:
    lead = _LEADS * _BIN
    # The week of the decision itself, −1, is on neither side.
    leads = [(first - 1, first - 1 + _BIN) for first in range(-lead, 0, _BIN)]
    lags = [(first, min(first + _BIN, weeks)) for first in range(0, weeks, _BIN)]
    before = jackknife(staggered, lambda part: effects(part, leads, shift=lead))
    after = jackknife(staggered, lambda part: effects(part, lags))
    since, rows = staggered.since, []
    for (first, last), ends in zip(leads + lags, np.vstack([before, after]), strict=True):
        there = int(((since >= first) & (since < last)).any(axis=0).sum())
        rows.append((first, *map(_number, ends), there))
    return c.ROLLOUT_PATH.conform(pl.DataFrame(rows, schema=c.ROLLOUT_PATH.schema, orient="row"))


def _groups(
    panel: Panel, names: list[str], daily: FloatArray, dates: Mapping[str, datetime], days: int
) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for place, name in enumerate(names):
        if name not in dates:
            continue
        found, note = _group(panel, names, daily, dates, place, days)
        if found is None:
            rows.append((name, dates[name], None, None, None, None, None, note))
            continue
        low, high = found.forecast.interval
        centre = found.forecast.centre
        ends = (centre, low, high)
        expected = float(found.counted * np.exp(-centre))
        rows.append((name, dates[name], *map(relative, ends), int(found.counted), expected, None))
    table = pl.DataFrame(rows, schema=c.ROLLOUT_GROUPS.schema, orient="row")
    return c.ROLLOUT_GROUPS.conform(table).sort(c.DECIDED_AT, c.MUNICIPALITY)


def _group(
    panel: Panel,
    names: list[str],
    daily: FloatArray,
    dates: Mapping[str, datetime],
    place: int,
    days: int,
) -> tuple[Estimate | None, str | None]:
    """Estimate one district against those that stay without the decision over its horizon."""
    day = _day(panel, dates[names[place]])
    at, before = int(np.ceil(day)), int(np.floor(day))
    if before < 1 or at + days > panel.days:
        return None, "near_edge"
    controls = [
        other
        for other, name in enumerate(names)
        if other != place and (name not in dates or _day(panel, dates[name]) >= at + days)
    ]
    found = by_synthetic_control(
        daily[:, place], daily[:, controls], panel, at=at, before=before, horizon=days
    )
    return found, None if found is not None else "too_few"


def _verdict(overall: FloatArray) -> str:
    _, low, high = overall
    return told(low, high) if np.isfinite(overall).all() else "too_few_messages"


def _number(logarithm: float) -> float | None:
    return relative(logarithm) if np.isfinite(logarithm) else None
