"""Lasting changes: since when, by how much, how sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray, q_values
from cur_lab.progress import bar
from cur_lab.trends.changes import steps
from cur_lab.trends.changes.daily import Daily, daily

__all__ = ["changes"]

_WHERE = "trends.changes"
FEWEST_DAYS = 56
FEWEST_COUNTED = 100
TOO_LITTLE = "недостаточно данных"
NOTHING = "изменений не найдено"
_UNITS = {c.MESSAGES_COUNT: "сообщений", c.INCIDENTS: "инцидентов", c.AUTHORS: "авторов"}


def changes(
    counts: pl.DataFrame,
    *,
    of: str = c.MESSAGES_COUNT,
    fdr: float = 0.05,
    zone: str = "Europe/Moscow",
) -> pl.DataFrame:
    """Find the days on which the level of complaints changed for longer than a week.

    Parameters
    ----------
    counts
        Frame of :func:`cur_lab.trends.counts` by day.
    of
        What is counted: ``"messages"``, ``"incidents"`` or ``"authors"``.
    fdr
        False-discovery rate over all series.
    zone
        Time zone the days were counted in.

    Returns
    -------
    DataFrame
        ``columns.CHANGES``: one row for each change, and one without a date for each series in
        which none was found or whose data do not carry the question (fewer than 56 days or 100
        counted): ``verdict`` says which.

    Raises
    ------
    NotEnoughDataError
        If there are no days.
    ParameterError
        If the counts are not daily, or ``of`` or ``fdr`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    PELT proposes places on the square roots of the counts, weekday and time of year (harmonics,
    where there are two years) taken off, with the penalty 2σ²·ln n, σ² the long-run variance. A
    joint regression of season and steps with long-run errors then drops what it cannot tell from
    noise, at Šidák's correction for the places a change could have stood at; Benjamini-Hochberg
    over all changes and all series without one. Public holidays and days on which the source was
    silent are left out. In simulated series without a change (two years of overdispersed counts
    whose days hang together) 3–5 in a hundred show one; where days a month apart still hang
    together, or at under half a message a day, up to twice that.

    A slow rise comes out as a staircase. Of less than two years nobody can tell the season from a
    change, and the verdict says so. Without a comparison no change says what caused it.

    References
    ----------
    Killick R., Fearnhead P., Eckley I. A. (2012). Optimal detection of changepoints with a linear
    computational cost. JASA 107, 1590-1598.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr} is not in (0, 1)", where=_WHERE, remedy="Try 0.05")
    if of not in _UNITS:
        raise ParameterError(f"{of} is not counted", where=_WHERE, remedy=f"Take {list(_UNITS)}")
    data = daily(counts, of, zone=zone, where=_WHERE, working_days=True)
    if not data.values:
        raise NotEnoughDataError("there are no days to compare", where=_WHERE)
    season = steps.Season(data.days, yearly=data.years >= 2)
    tried = [
        (key, values, _found(values, season, error=fdr))
        for key, values in bar(data.values.items(), name="изменения")
    ]
    series = [
        _Series(key, values, fitted, data=data, of=of)
        for key, values, fitted in _controlled(tried, season, fdr=fdr)
    ]
    rows = [row for one in series for row in one.rows()]
    frame = pl.DataFrame(rows, schema=_schema(data), orient="row")
    return c.CHANGES.conform(frame.sort(*data.by, c.CHANGED_AT))


def _schema(data: Daily) -> pl.Schema:
    return pl.Schema({name: c.CHANGES.full_schema[name] for name in data.by} | c.CHANGES.schema)


def _found(values: FloatArray, season: steps.Season, *, error: float) -> steps.Fit | None:
    if values.size < FEWEST_DAYS or values.sum() < FEWEST_COUNTED:
        return None
    return steps.find(values, season, error=error)


def _controlled(
    tried: list[tuple[tuple[Any, ...], FloatArray, steps.Fit | None]],
    season: steps.Season,
    *,
    fdr: float,
) -> Iterator[tuple[tuple[Any, ...], FloatArray, _Judged | None]]:
    """Hold the false-discovery rate over all series; one without a change is a hypothesis too."""
    fits = [fitted for _, _, fitted in tried if fitted is not None]
    p_values = np.concatenate([[], *(f.p_values() if f.at else np.ones(1) for f in fits)])
    accepted = p_values[q_values(p_values) <= fdr]
    largest = float(accepted.max()) if accepted.size else 0.0
    for key, values, fitted in tried:
        if fitted is None:
            yield key, values, None
            continue
        kept = steps.prune(fitted, season, error=largest)
        # The share of hypotheses expected below each p, over the share found there.
        q = [_q(p, p_values) for p in kept.p_values()]
        yield key, values, _Judged(kept, q)


def _q(p: float, p_values: FloatArray) -> float:
    below = max(int((p_values <= p).sum()), 1)
    return float(min(1.0, p * p_values.size / below))


@dataclass(frozen=True, slots=True)
class _Judged:
    fitted: steps.Fit
    q: list[float]


@dataclass(frozen=True, slots=True)
class _Series:
    """One series and what is said of it."""

    key: tuple[Any, ...]
    values: FloatArray
    judged: _Judged | None
    data: Daily
    of: str

    def rows(self) -> Iterator[tuple[Any, ...]]:
        if self.judged is None:
            counted, days = int(self.values.sum()), self.values.size
            yield self._silent(
                f"{TOO_LITTLE}: {_UNITS[self.of]} {wording.grouped(counted)} "
                f"за {days} {wording.plural(days, 'день', 'дня', 'дней')}"
            )
        elif not self.judged.fitted.at:
            yield self._silent(NOTHING)
        else:
            yield from map(self._row, range(len(self.judged.fitted.at)))

    def _silent(self, verdict: str) -> tuple[Any, ...]:
        empty = (None,) * (len(c.CHANGES.schema) - 1)
        return (*self.key, *empty, verdict)

    def _row(self, number: int) -> tuple[Any, ...]:
        assert self.judged is not None
        fitted = self.judged.fitted
        before, after = steps.levels(self.values, fitted)[number : number + 2]
        edges = [0, *fitted.at, self.values.size - 1]
        place, reach = fitted.at[number], steps.uncertainty(fitted, fitted.at[number])
        places = (place, max(place - reach, edges[number]), min(place + reach, edges[number + 2]))
        sizes, halves = steps.effects(self.values, fitted)
        size, half = sizes[number], halves[number]
        change = [float(np.expm1(size + shift)) for shift in (0, -half, half)]
        verdict = self._verdict(places, before.value, after.value, change)
        return (
            *self.key,
            *(self.data.starts[day] for day in places),
            before.value,
            *before.interval(),
            after.value,
            *after.interval(),
            *change,
            self.judged.q[number],
            verdict,
        )

    def _verdict(
        self, places: tuple[int, int, int], before: float, after: float, change: list[float]
    ) -> str:
        at, low, high = (date.fromordinal(int(self.data.days[place])) for place in places)
        more = "больше" if change[0] > 0 else "меньше"
        ends = " до ".join(wording.change(end) for end in change[1:])
        season = "" if self.data.years >= 2 else "; сезон не отделён: данных меньше двух лет"
        levels = " → ".join(wording.decimal(level, digits=1) for level in (before, after))
        size = f"на {wording.percent(abs(change[0]))}"
        if change[0] >= 1:
            size = f"в {wording.decimal(1 + change[0], digits=1)} раза"
        return (
            f"с {wording.day(at)} — {size} {more} "
            f"(от {ends}); {_UNITS[self.of]} в день: {levels}; "
            f"дата — между {wording.day(low)} и {wording.day(high)}{season}"
        )
