"""What is usual: the rhythm of all series together, the level of each, how far counts scatter.

The rhythm (hour of the week, holidays) is pooled over all series, because the forty messages of one
series cannot carry 168 coefficients; a group bends it by the hours of workdays and weekends as far
as its own messages go. The level of a series is the recent rate of its group over all
places, times the share of its place, times a factor of its own that is shrunk to one. Everything
forgets, so that seasons and trends are followed, and is brought up to date once a day with the day
that is over; a day's count of a series enters no higher than its usual scatter allows, so a past
burst does not raise the baseline. What is learnt at once, of a whole series that forgets nothing,
is :mod:`cur_lab.inference.rhythm`.

References
----------
Noufaily A. et al. (2013). An improved algorithm for outbreak detection in multiple surveillance
systems. Statistics in Medicine 32, 1206-1222 (past outbreaks weighed down). Clayton D., Kaldor J.
(1987). Empirical Bayes estimates of age-standardized relative risks. Biometrics 43, 671-681
(gamma-Poisson shrinkage of levels).
"""

from __future__ import annotations

import numpy as np

from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.trends.alarms.events import DAY, HOLIDAY, WEEK

# Days after which an observation counts half.
_RATE_HALF_LIFE, _LEVEL_HALF_LIFE, _RHYTHM_HALF_LIFE, _SLOW_HALF_LIFE = 10.0, 90.0, 180.0, 180.0
_RATE_PRIOR = 2.0  # days of the slow rate mixed into the recent one
_RHYTHM_PRIOR = 20.0  # messages by which an hour of the week is drawn to hour x weekday
_HABIT_PRIOR = 5.0  # messages by which an hour of a group is drawn to that of all
_HOLIDAY_PRIOR = 30.0  # messages by which a holiday is drawn to a Sunday
# Until the level is known from ordinary days, it cannot be told from the effect of holidays.
_HOLIDAYS_FROM = 21.0
_SHRINKAGE_LIMITS = (0.5, 50.0)
_CAP_DEVIATIONS, _CAP_SLACK = 3.0, 2.0


def _decay(half_life: float) -> float:
    return float(0.5 ** (1 / half_life))


class Baseline:
    """Expected counts, from the days fed to :meth:`learn` so far."""

    def __init__(self, groups: int, places: int) -> None:
        self._hours, self._exposure = np.zeros(WEEK), np.zeros(WEEK)
        self._holiday_seen = self._holiday_due = 0.0
        self._rate, self._rate_days = np.zeros(groups), 0.0
        self._slow, self._slow_days = np.zeros(groups), 0.0
        self._by_place = np.zeros(places)
        self._seen, self._due = np.zeros((groups, places)), np.zeros((groups, places))
        self._habit_seen = np.zeros((groups, 2, DAY))
        self._habit_due = np.zeros((groups, 2, DAY))
        self._shrinkage = 2.0
        self._days = 0
        self._rhythm = np.ones(WEEK)

    def rhythm(self, weekday: int) -> FloatArray:
        """Return the multipliers of the 24 hours of a day, mean one over an ordinary week."""
        if weekday != HOLIDAY:
            return self._rhythm[weekday * DAY : (weekday + 1) * DAY]
        factor = (self._holiday_seen + _HOLIDAY_PRIOR) / (self._holiday_due + _HOLIDAY_PRIOR)
        return self._rhythm[-DAY:] * factor

    def habits(self, weekday: int, groups: IntArray) -> FloatArray:
        """Return what groups make of the rhythm, shape (24, groups), mean one over a week."""
        bent = (self._habit_seen[groups] + _HABIT_PRIOR) / (self._habit_due[groups] + _HABIT_PRIOR)
        week = self._rhythm.reshape(7, DAY)
        common = np.stack([week[:5].sum(0), week[5:].sum(0)])
        bent *= common.sum() / (bent * common).sum(axis=(1, 2), keepdims=True)
        return np.asarray(bent[:, self._free(weekday)].T, dtype=float)

    @staticmethod
    def _free(weekday: int) -> int:
        return int(weekday >= 5)

    def daily(self) -> FloatArray:
        """Return the expected number per ordinary day, shape (groups, places)."""
        return self._prior() * self._own()

    def uncertainty(self) -> FloatArray:
        """Return the squared relative error of the level of each series."""
        return np.asarray(1 / (self._shrinkage + self._seen), dtype=float)

    def _own(self) -> FloatArray:
        return np.asarray((self._shrinkage + self._seen) / (self._shrinkage + self._due))

    def _prior(self) -> FloatArray:
        """Rate of the group in the region times share of the place."""
        # Half a message more than seen: what was never heard of is rare, not impossible.
        slow = (self._slow + 0.5) / (self._slow_days + 1.0)
        rate = (self._rate + 0.5 + _RATE_PRIOR * slow) / (self._rate_days + _RATE_PRIOR)
        share = (self._by_place + 1) / (self._by_place.sum() + self._by_place.size)
        return np.asarray(rate[:, None] * share[None, :], dtype=float)

    def learn(
        self,
        weekday: int,
        counts: FloatArray,
        hour: IntArray,
        weights_of: IntArray,
        heard: BoolArray,
        scatter: FloatArray,
    ) -> None:
        """Take in a day that is over.

        Parameters
        ----------
        weekday
            Which weekday it is like, see ``events.weekdays``.
        counts
            Shape (groups, places): events of the day.
        hour, weights_of
            Of its events: hour of the day, and place in the flattened counts.
        heard
            Shape (24,): hours in which the source was not silent.
        scatter
            Shape (groups, 1): variance of a day's count divided by its mean.
        """
        if not heard.any():
            return
        rhythm = self.rhythm(weekday)
        exposure = float((rhythm * heard).sum() / DAY)
        prior = self._prior()
        due = prior * self._own() * exposure
        started = self._slow_days >= 7
        most = due + _CAP_DEVIATIONS * np.sqrt(due * scatter + due**2 * 0.1) + _CAP_SLACK
        kept = np.minimum(counts, most) if started else counts
        weights = (kept / np.maximum(counts, 1)).ravel()[weights_of]
        self._learn_rhythm(weekday, hour, weights, heard, rhythm, float(due.sum()) / exposure)
        seen = np.zeros((counts.shape[0], DAY))
        np.add.at(seen, (weights_of // counts.shape[1], hour), weights)
        self._learn_habits(weekday, seen, due.sum(1)[:, None] * rhythm * heard)
        self._learn_levels(kept, prior * exposure, exposure)
        self._days += 1
        if self._days % 7 == 0:
            self._learn_shrinkage(scatter)

    def _learn_rhythm(
        self,
        weekday: int,
        hour: IntArray,
        weights: FloatArray,
        heard: BoolArray,
        rhythm: FloatArray,
        per_day: float,
    ) -> None:
        fade = _decay(_RHYTHM_HALF_LIFE)
        if weekday == HOLIDAY and self._slow_days < _HOLIDAYS_FROM:
            return
        if weekday == HOLIDAY:
            factor = (self._holiday_seen + _HOLIDAY_PRIOR) / (self._holiday_due + _HOLIDAY_PRIOR)
            self._holiday_seen += weights.sum()
            self._holiday_due += per_day * float((rhythm * heard).sum()) / DAY / factor
            return
        begin = weekday * DAY
        self._hours *= fade
        self._exposure *= fade
        self._hours[begin : begin + DAY] += np.bincount(hour, weights=weights, minlength=DAY)
        # A busy month must not count for more: hours are exposed to the messages due.
        self._exposure[begin : begin + DAY] += heard * max(per_day, 1e-9) / DAY
        week, exposed = self._hours.reshape(7, DAY), self._exposure.reshape(7, DAY)
        by_hour = (week.sum(0) + 1) / (exposed.sum(0) + 1)
        by_day = (week.sum(1) + _RHYTHM_PRIOR) / (exposed.sum(1) + _RHYTHM_PRIOR)
        smooth = by_hour[None, :] * by_day[:, None] / max(float(by_day.mean()), 1e-9)
        raw = (week + _RHYTHM_PRIOR) / (exposed + _RHYTHM_PRIOR / smooth)
        self._rhythm = np.asarray((raw / raw.mean()).ravel(), dtype=float)

    def _learn_habits(self, weekday: int, seen: FloatArray, due: FloatArray) -> None:
        kind = self._free(weekday)
        scale = seen.sum() / max(float(due.sum()), 1e-9)
        for total, new in ((self._habit_seen, seen), (self._habit_due, due * scale)):
            total *= _decay(_RHYTHM_HALF_LIFE)
            total[:, kind] += new

    def _learn_levels(self, kept: FloatArray, prior: FloatArray, exposure: float) -> None:
        by_group = kept.sum(1)
        for name, half_life in (("rate", _RATE_HALF_LIFE), ("slow", _SLOW_HALF_LIFE)):
            fade = _decay(half_life)
            setattr(self, f"_{name}", getattr(self, f"_{name}") * fade + by_group)
            setattr(self, f"_{name}_days", getattr(self, f"_{name}_days") * fade + exposure)
        self._by_place = self._by_place * _decay(_SLOW_HALF_LIFE) + kept.sum(0)
        fade = _decay(_LEVEL_HALF_LIFE)
        self._seen = self._seen * fade + kept
        self._due = self._due * fade + prior

    def _learn_shrinkage(self, scatter: FloatArray) -> None:
        """Measure, by moments, how much the factors differ beyond the scatter of their counts."""
        # A sum that forgets has about half the variance of a plain one of the same size.
        excess = ((self._seen - self._due) ** 2 - 0.5 * scatter * self._due).sum()
        spread = float(excess / max(float((self._due**2).sum()), 1e-9))
        self._shrinkage = float(np.clip(1 / max(spread, 1e-6), *_SHRINKAGE_LIMITS))
