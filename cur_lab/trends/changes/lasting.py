"""Lasting changes: since when, by how much, how sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray, q_values
from cur_lab.progress import bar
from cur_lab.trends.changes import steps
from cur_lab.trends.changes.daily import Daily, Unit, daily

__all__ = ["changes", "robustness"]

_WHERE = "trends.changes"
FEWEST_DAYS = 56
FEWEST_COUNTED = 100
MORE, LESS, NOTHING, TOO_LITTLE = "more", "less", "nothing_found", "too_little"
SEASON = "season_mixed_in"


@c.needs(c.PERIOD_START, c.RECORDED)
def changes(
    counts: pl.DataFrame,
    *,
    of: Unit = "messages",
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
        counted): ``verdict`` says which. ``note`` says where the season is not told from a change.

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
    change, and ``note`` says so. Without a comparison no change says what caused it.

    References
    ----------
    Killick R., Fearnhead P., Eckley I. A. (2012). Optimal detection of changepoints with a linear
    computational cost. JASA 107, 1590-1598.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr} is not in (0, 1)", where=_WHERE, remedy="Try 0.05")
    if of not in get_args(Unit):
        remedy = f"Take one of {', '.join(get_args(Unit))}"
        raise ParameterError(f"{of} is not counted", where=_WHERE, remedy=remedy)
    data = daily(counts, of, zone=zone, where=_WHERE, working_days=True)
    if not data.values:
        raise NotEnoughDataError(
            "there are no days to compare",
            where=_WHERE,
            code="few_days",
        )
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
    frame = pl.DataFrame(rows, schema=_schema(data))
    # Levels are least squares: their last digits hang on the processor.
    return c.CHANGES.conform(frame.sort(*data.by, c.CHANGED_AT), digits=9)


@c.needs(c.PERIOD_START, c.RECORDED)
def robustness(
    counts: pl.DataFrame, *, fdr: Sequence[float] = (0.05, 0.01), zone: str = "Europe/Moscow"
) -> pl.DataFrame:
    """Count the changes found when incidents or authors are counted, and fewer false ones borne.

    Parameters
    ----------
    counts
        Frame of :func:`cur_lab.trends.counts` by day.
    fdr
        False-discovery rates to try.
    zone
        Time zone the days were counted in.

    Returns
    -------
    DataFrame
        ``columns.CHANGE_SENSITIVITY``: one row for each unit and rate; none where no series is long
        and full enough for a change to be looked for.

    Raises
    ------
    NotEnoughDataError
        If there are no days.
    ParameterError
        If the counts are not daily, or ``fdr`` makes no sense.
    SchemaError
        If a column is missing.
    """
    rows = []
    for unit in get_args(Unit):
        for rate in fdr:
            found = changes(counts, of=unit, fdr=rate, zone=zone)
            # No change found would be told of what was never looked at; authors are the fewest.
            if unit == c.MESSAGES_COUNT and (found[c.VERDICT] == "too_little").all():
                return c.CHANGE_SENSITIVITY.empty()
            changed = found.drop_nulls(c.CHANGED_AT)
            series = c.COUNTS.splits(found)
            with_change = changed.select(series).n_unique() if series else min(changed.height, 1)
            rows.append((unit, rate, changed.height, with_change))
    return c.CHANGE_SENSITIVITY.conform(
        pl.DataFrame(rows, schema=c.CHANGE_SENSITIVITY.schema, orient="row")
    )


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

    def rows(self) -> Iterator[dict[str, Any]]:
        basis = dict(zip(self.data.by, self.key, strict=True)) | {
            c.UNIT: self.of,
            c.OBSERVED: int(self.values.sum()),
            c.DAYS: self.values.size,
        }
        if self.judged is None:
            yield basis | {c.VERDICT: TOO_LITTLE}
        elif not self.judged.fitted.at:
            yield basis | {c.VERDICT: NOTHING}
        else:
            for number in range(len(self.judged.fitted.at)):
                yield basis | self._change(number, self.judged)

    def _change(self, number: int, judged: _Judged) -> dict[str, Any]:
        fitted = judged.fitted
        before, after = steps.levels(self.values, fitted)[number : number + 2]
        edges = [0, *fitted.at, self.values.size - 1]
        place, reach = fitted.at[number], steps.uncertainty(fitted, fitted.at[number])
        places = (place, max(place - reach, edges[number]), min(place + reach, edges[number + 2]))
        sizes, halves = steps.effects(self.values, fitted)
        change = [float(np.expm1(sizes[number] + shift * halves[number])) for shift in (0, -1, 1)]
        return {
            **_triple(c.CHANGED_AT, (self.data.starts[day] for day in places), stem="changed"),
            **_triple(c.BEFORE, (before.value, *before.interval())),
            **_triple(c.AFTER, (after.value, *after.interval())),
            **_triple(c.CHANGE, change),
            c.Q_VALUE: judged.q[number],
            c.VERDICT: MORE if change[0] > 0 else LESS,
            c.NOTE: None if self.data.years >= 2 else SEASON,
        }


def _triple(name: str, values: Iterable[Any], *, stem: str | None = None) -> dict[str, Any]:
    return dict(zip((name, f"{stem or name}_low", f"{stem or name}_high"), values, strict=True))
