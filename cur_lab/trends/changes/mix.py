"""Shift between channels told from a real rise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import SchemaError
from cur_lab.inference import FloatArray, wilson
from cur_lab.trends.changes import shifts, steps
from cur_lab.trends.changes.daily import Daily, daily
from cur_lab.trends.changes.dependence import long_run
from cur_lab.trends.changes.lasting import NOTHING, TOO_LITTLE, changes
from cur_lab.trends.changes.shifts import Effect, Shares
from cur_lab.trends.counts.counting import tally

__all__ = ["mix"]

_WHERE = "trends.mix"
# Shares are compared over a season at most: further away they are those of another time.
_WINDOW = 90
# A change of the total within two weeks of a channel's is the same change.
_SAME = 14


@c.needs(c.MESSAGE_ID, c.PUBLISHED_AT, c.CHANNEL, c.TEXT)
def mix(
    messages: pl.DataFrame,
    *,
    by: Sequence[str] = (),
    fdr: float = 0.05,
    zone: str = "Europe/Moscow",
) -> pl.DataFrame:
    """Say of each change in a channel whether messages became more or moved between channels.

    A channel's count is the total times its share. Where a channel changes for longer than a week,
    the change of all messages and of all other channels on the same day is estimated beside it: a
    real rise lifts them together by a common factor, a move leaves the total and lowers the rest.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``channel``, ``text`` and the columns of ``by``.
        Messages without a channel count in the total only.
    by
        Columns that make one group each, such as ``municipality``; none for the whole source.
    fdr
        False-discovery rate of changes over all channels and groups.
    zone
        Days are those of this time zone.

    Returns
    -------
    DataFrame
        ``columns.MIX``: one row for each change of a channel, and of the total (``channel`` null);
        for a group without one, a row without a date. Shares are those of up to 90 days on either
        side.

    Raises
    ------
    NotEnoughDataError
        If no message has a date.
    ParameterError
        If ``by``, ``fdr`` or ``zone`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    Changes are found as in :func:`cur_lab.trends.changes`. Interval of a share: Wilson's at the
    effective size n/φ, φ the long-run dispersion of the daily shares. That one channel grew and
    the others did not fall does not tell more trouble from more people reached: the verdict is
    ``rose_alone`` or ``move_or_rise``.
    """
    if c.CHANNEL not in messages.columns:
        raise SchemaError.missing([c.CHANNEL], messages.columns, where=_WHERE)
    groups = [name for name in dict.fromkeys(by) if name != c.CHANNEL]
    # What is counted here are messages: no need to look for families.
    total = tally(messages, groups, "1d", zone=zone)
    channel = pl.col(c.CHANNEL).is_not_null()
    parts = tally(messages, [*groups, c.CHANNEL], "1d", zone=zone).filter(channel)
    together = daily(total, c.MESSAGES_COUNT, zone=zone, where=_WHERE, working_days=True)
    apart = daily(parts, c.MESSAGES_COUNT, zone=zone, where=_WHERE, working_days=True)
    found = _changes(total, together.by, fdr=fdr, zone=zone)
    found |= _changes(parts, together.by, fdr=fdr, zone=zone)
    season = steps.Season(together.days, yearly=together.years >= 2)
    rows = [
        (*key, *cells)
        for key, values in together.values.items()
        for cells in _Group(values, _channels(key, together, apart), season, together).rows(
            {channel: verdict for (group, channel), verdict in found.items() if group == key}
        )
    ]
    identity = {name: c.COUNTS.full_schema[name] for name in together.by}
    frame = pl.DataFrame(rows, schema=pl.Schema(identity | c.MIX.schema), orient="row")
    return c.MIX.conform(frame.sort(*together.by, c.CHANGED_AT, c.CHANNEL))


@dataclass(frozen=True, slots=True)
class _Found:
    """Days on which one series changed and by how much; the verdict where there is none."""

    at: dict[datetime, Effect]
    verdict: str


def _changes(
    counted: pl.DataFrame, by: list[str], *, fdr: float, zone: str
) -> dict[tuple[tuple[Any, ...], str | None], _Found]:
    """Group and channel (None: all together) → the days they changed on."""
    if counted.is_empty():
        return {}
    frame = changes(counted, fdr=fdr, zone=zone)
    if c.CHANNEL not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(c.CHANNEL))
    found: dict[tuple[tuple[Any, ...], str | None], _Found] = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row[name] for name in by)
        one = found.setdefault((key, row[c.CHANNEL]), _Found({}, row[c.VERDICT]))
        if row[c.CHANGED_AT] is not None:
            ends = (row[name] for name in (c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH))
            one.at[row[c.CHANGED_AT]] = Effect(*ends)
    return found


def _channels(key: tuple[Any, ...], together: Daily, apart: Daily) -> dict[str, FloatArray]:
    """Name of a channel → its counts in one group."""
    found = {}
    for full, values in apart.values.items():
        named = dict(zip(apart.by, full, strict=True))
        if tuple(named[name] for name in together.by) == key:
            found[named[c.CHANNEL]] = values
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Total and channels of one group on the same days."""

    total: FloatArray
    channels: dict[str, FloatArray]
    season: steps.Season
    data: Daily
    known: dict[bytes, tuple[int, ...]] = field(default_factory=dict)

    def rows(self, found: dict[str | None, _Found]) -> Iterator[tuple[Any, ...]]:
        empty = (None,) * (len(c.MIX.schema) - 1)
        if len(self.channels) < 2:
            yield (*empty, "one_channel")
        elif not any(one.at for one in found.values()):
            yield (*empty, TOO_LITTLE if found[None].verdict == TOO_LITTLE else NOTHING)
        else:
            changed = self._changed(found)
            for one in changed:
                yield self._row(one, self._partners(one, changed))

    def _changed(self, found: dict[str | None, _Found]) -> list[_Changed]:
        changed = []
        for channel, one in found.items():
            edges = [0, *map(self.data.starts.index, one.at), self.total.size]
            changed += [
                _Changed(channel, tuple(edges[n : n + 3]), effect)
                for n, effect in enumerate(one.at.values())
            ]
        return changed

    def _partners(self, one: _Changed, changed: list[_Changed]) -> list[str]:
        """Channels that changed the other way at the same time."""
        return sorted(
            other.channel
            for other in changed
            if other.channel is not None
            and abs(other.place - one.place) <= _SAME
            and other.effect.direction * one.effect.direction < 0
        )

    def _row(self, one: _Changed, partners: list[str]) -> tuple[Any, ...]:
        at = self.data.starts[one.place]
        if one.channel is None:
            moved = [n for n, own in self.channels.items() if self._shares(own, one.edges).moved]
            unknown = (None, None, None)
            known = (None, at, *one.effect.cells, *unknown, *one.effect.cells)
            verdict = shifts.of_total(one.effect, moved)
            return (*known, *unknown, *unknown, sorted(moved), verdict)
        own = self.channels[one.channel]
        total, others = (self._beside(v, one.place) for v in (self.total, self.total - own))
        shares = self._shares(own, one.edges)
        cells = (*one.effect.cells, *others.cells, *total.cells, *shares.before, *shares.after)
        verdict = shifts.of_channel(one.effect, others, total, shares, partners)
        return (one.channel, at, *cells, partners, verdict)

    def _beside(self, values: FloatArray, place: int) -> Effect:
        """Change of another series on a given day, its own changes at other times allowed for."""
        own = self._own_changes(values)
        near = min(own, key=lambda other: (abs(other - place), other), default=place)
        dropped = {near} if abs(near - place) <= _SAME else set()
        kept = {p for p in own if p not in dropped and abs(p - place) >= steps.SHORTEST}
        fitted = steps.fit(np.sqrt(values), self.season, sorted({*kept, place}))
        return _effect(values, fitted, place)

    def _own_changes(self, values: FloatArray) -> tuple[int, ...]:
        key = values.tobytes()
        if key not in self.known:
            self.known[key] = steps.find(values, self.season, error=0.05).at
        return self.known[key]

    def _shares(self, own: FloatArray, edges: tuple[int, ...]) -> Shares:
        first, place, last = edges
        sides = (
            slice(max(first, place - _WINDOW), place),
            slice(place, min(last, place + _WINDOW)),
        )
        counted = [(own[side].sum(), self.total[side].sum()) for side in sides]
        residuals = [_pearson(own[side], self.total[side]) for side in sides]
        dispersion = max(1.0, long_run(np.concatenate(residuals), parameters=2))
        hits, sizes = (np.array(column) / dispersion for column in zip(*counted, strict=True))
        low, high = wilson(hits, sizes)
        share = hits / np.maximum(sizes, 1e-9)
        # Newcombe's interval of the difference, from the two Wilson intervals.
        gap = share[1] - share[0]
        down = gap - np.hypot(share[1] - low[1], high[0] - share[0])
        up = gap + np.hypot(high[1] - share[1], share[0] - low[0])
        before, after = (tuple(map(float, ends)) for ends in zip(share, low, high, strict=True))
        return Shares(before, after, moved=bool(down > 0 or up < 0))


@dataclass(frozen=True, slots=True)
class _Changed:
    """One change of a channel (None: all together) and its neighbours in time."""

    channel: str | None
    edges: tuple[int, ...]
    effect: Effect

    @property
    def place(self) -> int:
        return self.edges[1]


def _effect(values: FloatArray, fitted: steps.Fit, place: int) -> Effect:
    sizes, halves = steps.effects(values, fitted)
    number = fitted.at.index(place)
    size, half = sizes[number], halves[number]
    return Effect(*(float(np.expm1(size + shift)) for shift in (0, -half, half)))


def _pearson(own: FloatArray, total: FloatArray) -> FloatArray:
    share = own.sum() / max(total.sum(), 1.0)
    scatter = np.sqrt(np.maximum(total * share * (1 - share), 1e-9))
    return np.where(total > 0, (own - total * share) / scatter, 0.0)
