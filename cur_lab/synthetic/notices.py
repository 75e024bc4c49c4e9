"""Official notices of trouble: of the accidents, and of ordinary outages and planned works.

Most notices have nothing to do with an accident, so that the table is no key to them: some come
hours late, some before the works they announce, some where nobody complains at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.accidents import Accident, announcement
from cur_lab.synthetic.catalogue import by_key
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.region import place, region, utc
from cur_lab.synthetic.streams import Dice, identifier

_OF_TROUBLE = 34  # notices of incidents people reported
_OF_WORKS = 10  # notices of works nobody may have noticed
_AHEAD = 0.25  # share of the former that were planned and announced the day before


@dataclass(frozen=True, slots=True)
class Notice:
    """One official notice; local time."""

    notice_id: str
    published_at: datetime
    municipality: int
    rubric: str
    text: str


def notices(
    seed: int, planted: Sequence[Accident], happened: Iterable[tuple[Incident, int]]
) -> list[Notice]:
    """Write the notices, oldest first."""
    found = [
        Notice(a.notice_id, a.notice_at, a.incident.municipality, a.incident.rubric.name, a.notice)
        for a in planted
    ]
    found += _of_trouble(seed, happened)
    found += [_of_works(seed, number) for number in range(_OF_WORKS)]
    return sorted(found, key=lambda n: (n.published_at, n.notice_id))


def _of_trouble(seed: int, happened: Iterable[tuple[Incident, int]]) -> list[Notice]:
    """Announce the incidents most wrote about, in order of a number drawn for each."""
    worth = [
        incident
        for incident, count in happened
        if count >= 2 and incident.rubric.key in plans.read("accidents")["ordinary"]
    ]
    drawn = {i.incident_id: Dice(seed, "noticed", i.incident_id).uniform() for i in worth}
    chosen = sorted(worth, key=lambda i: (drawn[i.incident_id], i.incident_id))[:_OF_TROUBLE]
    return [_of_incident(seed, incident) for incident in chosen]


def _of_incident(seed: int, incident: Incident) -> Notice:
    dice = Dice(seed, "ordinary notice", incident.incident_id)
    began = incident.started_at
    if dice.chance(_AHEAD):
        moment = began - timedelta(hours=14 + 20 * dice.uniform())
    else:
        moment = began + timedelta(hours=0.3 + 8 * dice.uniform() ** 1.5)
    return _notice(seed, incident, moment, dice)


def _of_works(seed: int, number: int) -> Notice:
    dice = Dice(seed, "works notice", number)
    home = dice.integer(0, len(region().municipalities) - 1)
    rubric = by_key()[dice.pick(tuple(plans.read("accidents")["ordinary"]))]
    day = calendar.day(dice.integer(1, calendar.DAYS - 2))
    moment = datetime.combine(day, time(9)) + timedelta(minutes=dice.integer(0, 500))
    incident = Incident(
        incident_id=f"works/{number}",
        rubric=rubric,
        municipality=home,
        where=place(region().municipalities[home], dice),
        started_at=moment,
        ended_at=moment,
        severity=0.0,
        shock_id=None,
    )
    return _notice(seed, incident, moment, dice)


def _notice(seed: int, incident: Incident, moment: datetime, dice: Dice) -> Notice:
    clause = dice.pick(plans.read("accidents")["ordinary"][incident.rubric.key])
    more = dice.shuffled(incident.where.municipality.streets)[: dice.integer(0, 3)]
    streets = list(dict.fromkeys([incident.where.street, *more]))
    return Notice(
        identifier(seed, "notice", incident.incident_id),
        _awake(moment, dice),
        incident.municipality,
        incident.rubric.name,
        announcement(clause, incident, streets, dice),
    )


def _awake(moment: datetime, dice: Dice) -> datetime:
    """Move a time of the night to the morning."""
    if moment.hour < 7:
        moment = moment.replace(hour=7 + dice.integer(0, 2))
    return moment.replace(second=0, microsecond=0)


def tables(planted: Sequence[Accident], found: Sequence[Notice]) -> dict[str, pl.DataFrame]:
    """Return the notices as an analyst sees them, and the accidents."""
    names = [m.name for m in region().municipalities]
    shown = pl.DataFrame(
        {
            c.NOTICE_ID: [n.notice_id for n in found],
            c.PUBLISHED_AT: utc([n.published_at for n in found]),
            c.MUNICIPALITY: [names[n.municipality] for n in found],
            c.RUBRIC: [n.rubric for n in found],
            c.TEXT: [n.text for n in found],
        }
    )
    incidents = [a.incident for a in planted]
    truth = pl.DataFrame(
        {
            "accident_id": [identifier("accident", i.incident_id) for i in incidents],
            "municipality": [names[i.municipality] for i in incidents],
            "rubric": [i.rubric.name for i in incidents],
            "incident_id": [i.incident_id for i in incidents],
            "started_at": utc([i.started_at for i in incidents]),
            "ended_at": utc([i.ended_at for i in incidents]),
            "first_message_at": utc([a.messages[0].written_at for a in planted]),
            "third_message_at": utc([a.messages[2].written_at for a in planted]),
            "notice_id": [a.notice_id for a in planted],
            "notice_at": utc([a.notice_at for a in planted]),
            "reports": [len(a.messages) for a in planted],
        }
    )
    return {"notices": c.NOTICES.conform(shown), "truth/accidents": truth}
