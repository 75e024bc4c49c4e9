"""What happens in the region: incidents, and the reports people make of them.

Incidents occur in proportion to residents; reports of an open incident arrive as a Poisson process
whose rate is the district's propensity times the incident's severity. So some incidents are never
reported, and the number of duplicates tells how readily a district writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from cur_lab.synthetic import calendar
from cur_lab.synthetic.catalogue import Rubric, rubrics
from cur_lab.synthetic.region import Place, place, region
from cur_lab.synthetic.streams import Dice, identifier, stream

PER_WEIGHT = 340  # reports over the two years at scale 1 by a rubric of weight 1
CHANNELS = ("gosuslugi", "vk", "telegram", "bot", "ok", "hotline")
_CHANNEL_WEIGHTS = (0.33, 0.22, 0.18, 0.11, 0.09, 0.07)
_SEVERITY_SHAPE = 0.6
_WEEK_SHAPE = 5.0
_TASTE_SIGMA = 0.3
_BEGIN = datetime.combine(calendar.FIRST, datetime.min.time())
_END = datetime.combine(calendar.LAST, datetime.max.time())


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing gone wrong at one place. Times are local."""

    incident_id: str
    rubric: Rubric
    municipality: int
    where: Place
    started_at: datetime
    ended_at: datetime
    severity: float
    shock_id: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """One message about an incident: when, where from, in which order."""

    incident: Incident
    number: int
    channel: str
    written_at: datetime


def incidents(seed: int, scale: float, shocks: tuple[calendar.Shock, ...]) -> Iterator[Incident]:
    """Draw the incidents rubric by rubric, each from its own stream."""
    for rubric in rubrics():
        yield from of_rubric(seed, scale, rubric, shocks)


def of_rubric(
    seed: int, scale: float, rubric: Rubric, shocks: tuple[calendar.Shock, ...]
) -> Iterator[Incident]:
    """Draw the incidents of one rubric.

    The daily rate in a district is residents x season x weather x a taste of the district x a gamma
    factor per week, so that counts are overdispersed; times are in no order.
    """
    draw = stream(seed, "incidents", rubric.key)
    districts = region().municipalities
    level = _level(draw, scale, rubric)
    weeks = calendar.DAYS // 7 + 1
    busy = draw.gamma(_WEEK_SHAPE, 1 / _WEEK_SHAPE, (len(districts), weeks))
    rate = (level[:, None] * calendar.season(rubric.months)[None, :]) * np.repeat(busy, 7, axis=1)[
        :, : calendar.DAYS
    ]
    struck = np.full(rate.shape, -1)
    for number, shock in enumerate(shocks):
        factor = rubric.shocks.get(shock.kind, 1.0)
        if factor != 1.0:
            days = slice(shock.first, shock.last + 1)
            for municipality in shock.municipalities:
                rate[municipality, days] *= factor
                struck[municipality, days] = number
    counts = draw.poisson(rate)
    for number, (municipality, start) in enumerate(
        (int(m), int(d)) for m, d in np.argwhere(counts) for _ in range(counts[m, d])
    ):
        shock_number = int(struck[municipality, start])
        shock_id = shocks[shock_number].shock_id if shock_number >= 0 else None
        yield _incident(seed, rubric, number, municipality, start, shock_id)


def opened_before(seed: int, scale: float) -> Iterator[Incident]:
    """Draw the incidents that began before the first day and go on after it.

    Without them the first weeks would be quiet: lasting troubles would have had no time to begin.
    """
    for rubric in rubrics():
        back = min(int(5 * rubric.days) + 1, 365)
        level = _level(stream(seed, "incidents", rubric.key), scale, rubric)
        season = calendar.season(rubric.months)[365 - back : 365]
        counts = stream(seed, "incidents before", rubric.key).poisson(level[:, None] * season)
        for number, (municipality, day) in enumerate(
            (int(m), int(d)) for m, d in np.argwhere(counts) for _ in range(counts[m, d])
        ):
            name = f"before {number}"
            incident = _incident(seed, rubric, name, municipality, day - back, None)
            if incident.ended_at > _BEGIN:
                yield incident


def _level(draw: np.random.Generator, scale: float, rubric: Rubric) -> npt.NDArray[np.float64]:
    """Mean incidents a day in each district; the taste of a district is the stream's first draw."""
    districts = region().municipalities
    residents = np.array([m.population for m in districts], dtype=float)
    share = residents / residents.sum()
    heard = float(share @ np.array([m.propensity for m in districts]))
    expected = rubric.weight * PER_WEIGHT * scale / (rubric.spread * heard)
    taste = np.exp(_TASTE_SIGMA * draw.standard_normal(len(districts)) - _TASTE_SIGMA**2 / 2)
    return np.asarray(expected / calendar.DAYS * (share * taste), dtype=float)


def _incident(
    seed: int, rubric: Rubric, number: int | str, municipality: int, day: int, shock_id: str | None
) -> Incident:
    dice = Dice(seed, "incident", rubric.key, number)
    began = datetime.combine(calendar.day(day), datetime.min.time()) + timedelta(
        hours=24 * dice.uniform()
    )
    lasts = float(-np.log(1 - dice.uniform()) * rubric.days)
    severity = stream(seed, "severity", rubric.key, number).gamma(
        _SEVERITY_SHAPE, 1 / _SEVERITY_SHAPE
    )
    return Incident(
        incident_id=identifier(seed, "incident", rubric.key, number),
        rubric=rubric,
        municipality=municipality,
        where=place(region().municipalities[municipality], dice),
        started_at=began,
        ended_at=began + timedelta(days=max(lasts, 0.05)),
        severity=float(severity),
        shock_id=shock_id,
    )


def reports(seed: int, incident: Incident) -> list[Report]:
    """Draw the reports of one incident; there may be none."""
    district = region().municipalities[incident.municipality]
    draw = stream(seed, "reports", incident.incident_id)
    mean = district.propensity * incident.rubric.spread * incident.severity
    count = int(draw.poisson(mean))
    if not count:
        return []
    dice = Dice(seed, "reports", incident.incident_id, "times")
    weights = _channel_weights(incident)
    written = []
    for _ in range(count):
        channel = dice.weighted(CHANNELS, weights)
        moment = _moment(incident, channel, dice)
        if _BEGIN <= moment <= _END:
            written.append((moment, channel))
    written.sort()
    return [Report(incident, n, channel, moment) for n, (moment, channel) in enumerate(written)]


def _channel_weights(incident: Incident) -> list[float]:
    # Short-lived trouble goes to chats, lasting trouble to the portal.
    quick = incident.rubric.days <= 4
    return [
        weight * (0.55 if quick and channel == "gosuslugi" else 1.0)
        for channel, weight in zip(CHANNELS, _CHANNEL_WEIGHTS, strict=True)
    ]


def _moment(incident: Incident, channel: str, dice: Dice) -> datetime:
    """Draw a time within the incident that fits the habits of the channel."""
    span = incident.ended_at - incident.started_at
    moment = incident.started_at
    for _ in range(4):
        moment = incident.started_at + span * dice.uniform()
        if dice.chance(calendar.eagerness(channel, moment.date()) / 1.25):
            break
    if span > timedelta(days=1):
        hour = dice.weighted(range(24), calendar.hours(channel))
        midnight = datetime.combine(moment.date(), datetime.min.time())
        moment = midnight + timedelta(hours=hour, seconds=dice.integer(0, 3599))
        if moment < incident.started_at:
            moment += timedelta(days=1)
    elif not 6 <= moment.hour <= 23:
        moment += timedelta(hours=dice.integer(2, 6))
    return moment.replace(microsecond=0)
