"""Count in trailing windows of several lengths at once, every hour, against the baseline.

Three messages in twenty minutes are much for a village and nothing by the day; a slow leak is the
other way round. At every hour with a message the windows of 1, 2, 3, 6, 12 and 24 hours that end
with it are compared with a negative binomial, and the most surprising one speaks. That it is the
most surprising of six overlapping ones, that hours follow one another, that there are a thousand
series: all this is accounted for later, by how often such surprises came in the past (``null``).

Weather strikes many districts at once. What the other places of the group show in the same window,
without the loudest of them, raises the expectation of each; and the group itself is watched over
all places but the loudest as one series more: a storm is one finding and not fifteen.

References
----------
Kulldorff M. (2001). Prospective time periodic geographical disease surveillance using a scan
statistic. JRSS A 164, 61-72 (trailing windows of several lengths).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least
from cur_lab.trends.alarms.baseline import Baseline
from cur_lab.trends.alarms.events import DAY, Panel, weekdays
from cur_lab.trends.alarms.scatter import Scatter

WINDOWS = np.array([1, 2, 3, 6, 12, 24], dtype=np.int64)
SHARED = -1  # in place of a place: all of them but the loudest
EVERYWHERE = -2  # … in all groups but the loudest
RUN_IN = 14  # days until the baseline is worth a comparison
ENOUGH = 10  # past messages of a place below which nothing is said about it
_TINY = 1e-300
_SEVERAL = 5  # groups of which a rise may be one of all
_FROM_ONE = 3.0  # times its expected count that a group at most adds to a rise of all
_RISE_PRIOR = 3.0  # messages by which a rise of the whole source is drawn to none


@dataclass(frozen=True, eq=False)
class Scores:
    """One entry per hour and series with a message that could be judged, in order of time.

    Attributes
    ----------
    hour
        The period that is over.
    group, place
        The series; place −1: all places but the loudest, −2: all groups but the loudest.
    surprise
        −ln p of the most surprising window.
    window
        Its length in periods.
    observed, expected, size
        Its count, expected count, and size parameter of the negative binomial.
    level
        Expected number in the longest window.
    """

    hour: IntArray
    group: IntArray
    place: IntArray
    surprise: FloatArray
    window: IntArray
    observed: FloatArray
    expected: FloatArray
    size: FloatArray
    level: FloatArray

    @classmethod
    def joined(cls, parts: list[Scores]) -> Scores:
        """Join the scores of successive days."""
        names = cls.__dataclass_fields__
        if not parts:
            whole, real = np.zeros(0, np.int64), np.zeros(0)
            return cls(whole, whole, whole, real, whole, real, real, real, real)
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def scan(panel: Panel) -> Scores:
    """Score every hour with a message by what was known when it was over."""
    baseline = Baseline(panel.groups, panel.places)
    within, across, over = (Scatter(panel.groups + 1, WINDOWS) for _ in range(3))
    weekday = weekdays(panel.first, panel.days).tolist()
    edges = np.searchsorted(panel.hour, np.arange(panel.days + 1) * DAY)
    born = np.full(panel.groups, panel.days)
    np.minimum.at(born, panel.group, panel.hour // DAY)
    before = np.ones(DAY)
    parts: list[Scores] = []
    for day in range(panel.days):
        today = slice(int(edges[day]), int(edges[day + 1]))
        rhythm = baseline.rhythm(weekday[day])
        if today.start < today.stop and day >= RUN_IN:
            block = _Block.of(panel, day, slice(int(edges[day - 1]), today.stop))
            habits = baseline.habits(weekday[day], block.groups)
            two_days = np.concatenate([before[:, None] * habits, rhythm[:, None] * habits])
            load = _trailing(two_days) / DAY
            found = []
            old = born + RUN_IN <= day  # a channel that joins the source is no rise
            cells = _cells(block, load, baseline)
            shared = _shared_cells(block, load, baseline)
            if panel.groups >= _SEVERAL:
                plain = _trailing(np.concatenate([before, rhythm])) / DAY
                whole = _Whole.of(block, load, plain, baseline, old)
                cells, shared = (whole.raised(part, block, over) for part in (cells, shared))
                everywhere = whole.cells(block)
                found.append(_judged(everywhere, over, day, keep=everywhere.counts[:, -1] > 1))
                over.learn(everywhere.group, everywhere.counts, everywhere.due)
            enough = np.bincount(panel.place[: today.start], minlength=panel.places) >= ENOUGH
            found.append(_judged(cells, within, day, keep=enough[cells.place] & old[cells.group]))
            within.learn(cells.group, cells.counts, cells.due)
            if panel.places > 1:
                several = (shared.counts[:, -1] > 1) & old[shared.group]
                found.append(_judged(shared, across, day, keep=several))
                across.learn(shared.group, shared.counts, shared.due)
            parts.append(_in_order(Scores.joined(found)))
        before = rhythm
        _learn(panel, baseline, within, day, today, weekday[day])
    return Scores.joined(parts)


@dataclass(frozen=True, eq=False)
class _Block:
    """Counts in the trailing windows of one day, for groups with a message in it.

    ``sums`` has the shape (hours of the day, windows, groups, places); ``present`` tells in which
    hours of the day there is a message, shape (hours, groups, places).
    """

    day: int
    groups: IntArray
    sums: FloatArray
    present: BoolArray

    @classmethod
    def of(cls, panel: Panel, day: int, span: slice) -> _Block:
        hour = panel.hour[span] - (day - 1) * DAY
        group, place = panel.group[span], panel.place[span]
        groups = np.unique(group[hour >= DAY])
        where = np.minimum(np.searchsorted(groups, group), groups.size - 1)
        active = groups[where] == group
        counts = np.zeros((2 * DAY, groups.size, panel.places))
        np.add.at(counts, (hour[active], where[active], place[active]), 1.0)
        return cls(day, groups, _trailing(counts), counts[DAY:] > 0)


def _trailing(hourly: FloatArray) -> FloatArray:
    """Sum over the windows that end with each hour of the second of two days."""
    total = np.concatenate([np.zeros_like(hourly[:1]), np.cumsum(hourly, axis=0)])
    ends = np.arange(DAY + 1, 2 * DAY + 1)
    return np.asarray(total[ends][:, None] - total[ends[:, None] - WINDOWS[None, :]])


@dataclass(frozen=True, eq=False)
class _Cells:
    """Hours and series to be judged: counts and expected counts, shape (cells, windows)."""

    hour: IntArray
    group: IntArray
    place: IntArray
    counts: FloatArray
    due: FloatArray
    uncertainty: FloatArray


def _cells(block: _Block, load: FloatArray, baseline: Baseline) -> _Cells:
    """Every hour and series with a message; the rest of the group raises what is expected."""
    hour, active, place = np.nonzero(block.present)
    group = block.groups[active]
    daily = baseline.daily()[group]
    share = load[hour, :, active]
    cell = np.arange(hour.size)
    counts = block.sums[hour, :, active]  # cells, windows, places
    own = counts[cell, :, place]
    due = daily[cell, place][:, None] * share
    if daily.shape[1] > 2:
        others = counts.copy()
        others[cell, :, place] = -1.0
        loudest = others.argmax(axis=2)
        heard = counts.sum(2) - own - np.take_along_axis(counts, loudest[:, :, None], 2)[:, :, 0]
        rest = daily.sum(1)[:, None] - daily[cell, place][:, None] - daily[cell[:, None], loudest]
        due = due * np.maximum(1.0, (heard + 1) / (rest * share + 1))
    doubt = baseline.uncertainty()[group, place][:, None]
    return _Cells(hour, group, place, own, due, doubt)


def _shared_cells(block: _Block, load: FloatArray, baseline: Baseline) -> _Cells:
    """Every hour and group with a message, over all places but the loudest."""
    hour, active = np.nonzero(block.present.any(axis=2))
    group = block.groups[active]
    daily = baseline.daily()[group]
    counts = block.sums[hour, :, active]
    loudest = counts.argmax(axis=2)
    rest = daily.sum(1)[:, None] - daily[np.arange(hour.size)[:, None], loudest]
    due = np.maximum(rest, 1e-6) * load[hour, :, active]
    place = np.full(hour.size, SHARED)
    return _Cells(hour, group, place, counts.sum(2) - counts.max(2), due, np.zeros((hour.size, 1)))


@dataclass(frozen=True, eq=False)
class _Whole:
    """The source as a whole: counts and expected counts by group, and of all groups.

    Of shape (hours, windows, groups with a message that day) and (hours, windows).
    """

    counts: FloatArray
    due: FloatArray
    all_due: FloatArray
    groups: int

    @classmethod
    def of(
        cls,
        block: _Block,
        load: FloatArray,
        plain: FloatArray,
        baseline: Baseline,
        old: BoolArray,
    ) -> _Whole:
        daily = baseline.daily().sum(axis=1) * old
        due = daily[block.groups] * load
        quiet = daily.sum() - daily[block.groups].sum()
        # What one group does alone, or two at once, is no rise of all.
        counts = np.minimum(block.sums.sum(axis=3) * old[block.groups], _FROM_ONE * due + 1)
        return cls(counts, due, due.sum(axis=2) + quiet * plain, daily.size)

    def _without(self, group: IntArray) -> tuple[FloatArray, FloatArray]:
        """Leave one group of each hour and window out of what was counted and expected."""
        counts, due = (
            np.take_along_axis(part, group[..., None], axis=2)[..., 0]
            for part in (self.counts, self.due)
        )
        return self.counts.sum(axis=2) - counts, np.maximum(self.all_due - due, 1e-6)

    def cells(self, block: _Block) -> _Cells:
        """Every hour with a message, over all groups but the loudest."""
        hour = np.flatnonzero(block.present.any(axis=(1, 2)))
        counts, due = self._without(self.counts.argmax(axis=2))
        group, place = np.full(hour.size, self.groups), np.full(hour.size, EVERYWHERE)
        return _Cells(hour, group, place, counts[hour], due[hour], np.zeros((hour.size, 1)))

    def raised(self, cells: _Cells, block: _Block, scatter: Scatter) -> _Cells:
        """Raise what is expected by as much as all other groups but the loudest surely rose."""
        loudest = self.counts.argmax(axis=2)
        quieter = self.counts.copy()
        np.put_along_axis(quieter, loudest[..., None], -1.0, axis=2)
        next_loudest = quieter.argmax(axis=2)
        active = np.searchsorted(block.groups, cells.group)
        other = np.where(
            loudest[cells.hour] == active[:, None], next_loudest[cells.hour], loudest[cells.hour]
        )
        heard, due = self.counts.sum(axis=2)[cells.hour], self.all_due[cells.hour]
        cell, window = np.arange(active.size)[:, None], np.arange(WINDOWS.size)[None, :]
        for left_out in (active[:, None], other):
            heard = heard - self.counts[cells.hour[cell], window, left_out]
            due = due - self.due[cells.hour[cell], window, left_out]
        # Where one group alone wrote it was left out twice.
        heard, due = np.maximum(heard, 0.0), np.maximum(due, 0.0)
        surely = heard - np.sqrt(heard * (1 + scatter.clump[self.groups]))
        rise = np.maximum(1.0, (surely + _RISE_PRIOR) / (due + _RISE_PRIOR))
        # What is sure of the longer windows holds for the last hours in them.
        rise = np.maximum.accumulate(rise[:, ::-1], axis=1)[:, ::-1]
        return replace(cells, due=cells.due * rise)


def _judged(cells: _Cells, scatter: Scatter, day: int, *, keep: BoolArray) -> Scores:
    """Tail probability of every window, and the smallest of each cell."""
    due = np.maximum(cells.due[keep], 1e-9)
    group, counts, doubt = cells.group[keep], cells.counts[keep], cells.uncertainty[keep]
    size = due / (scatter.clump[group] + (scatter.swing[group] + doubt) * due)
    p = at_least(counts, due, size)
    best = p.argmin(axis=1)
    cell = np.arange(best.size)
    return Scores(
        hour=(day * DAY + cells.hour)[keep],
        group=group,
        place=cells.place[keep],
        surprise=-np.log(np.maximum(p[cell, best], _TINY)),
        window=WINDOWS[best],
        observed=counts[cell, best],
        expected=due[cell, best],
        size=size[cell, best],
        level=due[:, -1],
    )


def _in_order(scores: Scores) -> Scores:
    order = np.lexsort((scores.place, scores.group, scores.hour))
    return Scores(*(getattr(scores, name)[order] for name in Scores.__dataclass_fields__))


def _learn(
    panel: Panel, baseline: Baseline, within: Scatter, day: int, today: slice, weekday: int
) -> None:
    group, place = panel.group[today], panel.place[today]
    flat = group * panel.places + place
    counts = np.bincount(flat, minlength=panel.groups * panel.places).astype(float)
    baseline.learn(
        weekday,
        counts.reshape(panel.groups, panel.places),
        panel.hour[today] - day * DAY,
        flat,
        ~panel.silent[day * DAY : (day + 1) * DAY],
        1 + within.clump[:-1, -1:],
    )
