"""Unusual rises of complaints, found as they happen, with what stands behind them.

==============  ===========================================================================
``events``      messages as events of many series
``baseline``    what is usual, from the past only
``scatter``     how far counts scatter beyond chance
``scan``        hours: trailing windows of several lengths at once
``rolling``     … EARS C1 on the last six, beside the scan
``ears``        days or weeks with a short history
``farrington``  … with a long one
``periods``     which of the two
``null``        how often such surprises come by chance
``episodes``    raised within a budget; alarms less than a day apart are one
``subjects``    words that no rubric covers
``watch``       all of it together
``power``       what a budget lets one see
``background``  first messages, streets, notices
``findings``    all as tables
==============  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
import scipy

from cur_lab import clock, prepare
from cur_lab import columns as c
from cur_lab.errors import ParameterError
from cur_lab.inference import FloatArray
from cur_lab.trends.alarms import findings
from cur_lab.trends.alarms.events import (
    HOUR,
    ROW_GROUP,
    ROW_PLACE,
    Panel,
    dated,
    first_day,
    one_per_author,
)
from cur_lab.trends.alarms.periods import LENGTH
from cur_lab.trends.alarms.subjects import lemmas
from cur_lab.trends.alarms.watch import watch_hours, watch_periods, watch_terms

__all__ = ["Alarms", "alarms"]

_WHERE = "trends.alarms"
_EVERY = {"1h": 1} | LENGTH
Every = Literal["1h", "1d", "1w"]
WIDE = 5
_STRICTER = (1, 4, 40)  # what the budget is divided by
# Of the budget, where districts are told apart: the rest is for series.
_FOR_WORDS = 0.25
_BY = (c.MUNICIPALITY, c.RUBRIC, c.RUBRIC_GROUP, c.TOPIC, c.CHANNEL, c.AGENCY)


@dataclass(frozen=True, eq=False)
class Alarms:
    """What stood out, and why we say so.

    Attributes
    ----------
    episodes
        Table ``alarm episodes``: one row per discovery, earliest alarm first.
    evidence
        Table ``alarm evidence``: first messages of every episode, redacted.
    places
        Table ``alarm places``: streets and houses its messages name.
    checks
        Table ``alarm checks``: series about which nothing can be said, and why.
    power
        Table ``alarm power``: the smallest burst of an hour that the budget lets one see; empty
        where days or weeks are watched.
    budget
        How many false episodes a year were borne in the whole region.
    """

    episodes: pl.DataFrame
    evidence: pl.DataFrame
    places: pl.DataFrame
    checks: pl.DataFrame
    power: pl.DataFrame
    budget: float

    @property
    def lag(self) -> pl.DataFrame:
        """Table ``alarm lag``: how many hours the official notice came after the alarm."""
        lags = self.episodes[c.LAG_HOURS].drop_nulls()
        median, low, high = _median(lags.to_numpy())
        counted = (self.episodes.height, lags.len(), int((lags > 0).sum()))
        return pl.DataFrame([(*counted, median, low, high)], c.ALARM_LAG.schema, orient="row")

    @property
    def sensitivity(self) -> pl.DataFrame:
        """Table ``alarm sensitivity``: what is left when fewer false episodes are borne."""
        chance, wide = pl.col(c.CHANCE_PER_YEAR), pl.col(c.AUTHORS) >= WIDE
        kept = [
            self.episodes.select(
                pl.lit(self.budget / part).alias(c.BORNE_PER_YEAR),
                (chance <= self.budget / part).sum().cast(pl.Int64).alias(c.EPISODES_COUNT),
                ((chance <= self.budget / part) & wide).sum().cast(pl.Int64).alias(c.WIDE_COUNT),
            )
            for part in _STRICTER
        ]
        return c.ALARM_SENSITIVITY.conform(pl.concat(kept))


@c.needs(c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT)
def alarms(
    messages: pl.DataFrame,
    *,
    by: Sequence[str] = (c.MUNICIPALITY, c.RUBRIC),
    every: Every = "1h",
    budget: str = "12 per region-year",
    notices: pl.DataFrame | None = None,
    zone: str = "Europe/Moscow",
) -> Alarms:
    """Find unusual rises of complaints, each judged by nothing but its past.

    Hours are judged by trailing windows of 1 to 24 hours against a negative binomial whose rhythm
    is pooled over all series and whose level is that of the series, shrunk; where a series has a
    message a day and more, three tenths of the budget go to EARS C1 on the same windows. Days and
    weeks are judged by EARS C1-C3, and by Farrington Flexible once there is a year and a half of
    history. How often such a surprise comes by chance is measured on the past of all series (see
    ``null``); raised is what by chance comes no oftener than the budget allows. What a series did
    more than twice is its habit. An author counts once a day in a series.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``text`` and the columns of `by`; uses
        ``author_id``, ``rubric`` and ``seen_at``: a message counts from when it was seen. Messages
        without a date are left out; those without a rubric are a series.
    by
        Columns that make one series each: ``municipality``, ``rubric``, ``rubric_group``,
        ``topic``, ``channel``, ``agency``. With ``municipality`` a rise that many districts share
        is one episode, and raises what is expected of each of them.
    every
        How often to look: ``"1h"``, ``"1d"`` or ``"1w"`` (from Monday).
    budget
        How many false episodes whoever reads the alarms is ready to bear in a year, over all series
        of the region: ``"12 per region-year"``. Where districts are told apart a quarter of it is
        spent on words.
    notices
        Table ``notices``, for the lag between an alarm and the official notice.
    zone
        Days and hours are those of this time zone; public holidays those of Russia.

    Returns
    -------
    Alarms
        ``chance_per_year`` is the number of episodes as strong that come by chance in a year, over
        all series: at most the budget. ``q`` is the expected share of such among the episodes at
        least as strong that were raised so far; it decides nothing. The end of an episode, its
        messages and evidence are of the whole of it; the rest was known when it was raised. Hours
        in which the whole source is silent are no zeros. The first four weeks, the first two of
        a rubric or channel, and districts before their eleventh message are not judged.

    Raises
    ------
    NotEnoughDataError
        If no message has a date, or all are of one day.
    ParameterError
        If `by`, `every` or `budget` makes no sense.
    SchemaError
        If a column is missing or has another type.
    """
    by = _checked(messages, by, every, notices)
    borne = clock.per_year(budget)
    clock.zone_of(zone, where=_WHERE)
    frame = dated(prepare.with_families(messages), by, zone)
    first = first_day(frame, zone)
    words = lemmas(frame)
    panel = _panel(frame, first)
    for_words = borne * _FOR_WORDS if c.MUNICIPALITY in by else 0.0
    rest = borne - for_words
    if every == "1h":
        found, power = watch_hours(panel, rest)
    else:
        found, power = watch_periods(panel, every, rest), c.ALARM_POWER.empty()
    if for_words:
        found = found + watch_terms(frame, words, _EVERY[every], found, for_words)
    laid = findings.tables(frame, words, found, by=by, notices=notices, first=first, zone=zone)
    return Alarms(
        laid.episodes, laid.evidence, laid.places, findings.checks(frame, by), power, borne
    )


def _median(values: FloatArray) -> tuple[float | None, ...]:
    """Median with its 95 % interval, from order statistics; None where there are too few."""
    if not values.size:
        return None, None, None
    ends = scipy.stats.quantile_test(values, p=0.5).confidence_interval(0.95)
    found = (float(np.median(values)), float(ends.low), float(ends.high))
    return tuple(end if np.isfinite(end) else None for end in found)


def _checked(
    messages: pl.DataFrame,
    by: Sequence[str],
    every: str,
    notices: pl.DataFrame | None,
) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if unknown := [name for name in names if name not in _BY]:
        raise ParameterError(
            f"cannot split by {', '.join(unknown)}",
            where="by",
            remedy=f"There are: {', '.join(_BY)}",
        )
    if every not in _EVERY:
        raise ParameterError(
            f"every is {every!r}", where="every", remedy=f"There are: {', '.join(_EVERY)}"
        )
    needed = (c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT)
    c.MESSAGES.require(messages, needed, where=_WHERE)
    for name in names:
        if name == c.TOPIC and name in messages.columns:
            continue
        c.MESSAGES.require(messages, [name], where=_WHERE)
    if notices is not None:
        c.NOTICES.require(notices, c.NOTICES.schema.names(), where="notices")
    return names


def _panel(frame: pl.DataFrame, first: date) -> Panel:
    once = one_per_author(frame)
    hour, group, place = (once[name].to_numpy() for name in (HOUR, ROW_GROUP, ROW_PLACE))
    return Panel.of_events(
        first,
        hour,
        group,
        place,
        groups=frame[ROW_GROUP].n_unique(),
        places=frame[ROW_PLACE].n_unique(),
    )
