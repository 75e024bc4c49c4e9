"""Utility accidents: many people write at once, hours before anybody announces anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from cur_lab.synthetic import plans
from cur_lab.synthetic.calendar import hours
from cur_lab.synthetic.catalogue import Rubric, by_key
from cur_lab.synthetic.grammar import capital, expand
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.messages import Message
from cur_lab.synthetic.noise import dirty
from cur_lab.synthetic.planting import Draft, Regulars, citizen, district, message
from cur_lab.synthetic.region import Place, place, region, street_in
from cur_lab.synthetic.streams import Dice, identifier
from cur_lab.synthetic.writer import Task, write

_CHANNELS = ("telegram", "vk", "bot", "ok", "hotline", "gosuslugi")
_CHANNEL_WEIGHTS = (0.38, 0.26, 0.13, 0.1, 0.09, 0.04)
_KINDS = ("complaint", "question", "report")
_KIND_WEIGHTS = (0.62, 0.27, 0.11)
_FEWEST = 6
_HASTE = 1.9  # above 1: the more, the more of the messages come in the first hours
_KNOWN = 0.35  # how many of those who write have written before


@dataclass(frozen=True, slots=True)
class Accident:
    """One accident with its messages and the notice that came later. Times are local."""

    incident: Incident
    messages: tuple[Message, ...]
    notice_id: str
    notice_at: datetime
    notice: str


def accidents(seed: int, scale: float, written: Sequence[Message]) -> list[Accident]:
    """Plant the accidents among what is written; some of those who write have written before."""
    regulars = Regulars(written)
    return [_accident(seed, scale, plan, regulars) for plan in plans.read("accidents")["accident"]]


def _accident(seed: int, scale: float, plan: dict[str, Any], regulars: Regulars) -> Accident:
    dice = Dice(seed, "accident", plan["rubric"])
    number = district(dice.pick(plan["districts"]))
    home = region().municipalities[number]
    began = datetime.combine(
        date(dice.pick((2024, 2025)), dice.pick(plan["months"]), dice.integer(1, 28)),
        datetime.min.time(),
    ) + timedelta(hours=dice.integer(*plan["hours"]), minutes=dice.integer(0, 59))
    streets = dice.shuffled(home.streets)[: plan["streets"]]
    incident = Incident(
        incident_id=identifier(seed, "accident", plan["rubric"]),
        rubric=by_key()[plan["rubric"]],
        municipality=number,
        where=_house(_in_town(seed, number, plan), streets, dice),
        started_at=began,
        ended_at=began + timedelta(hours=dice.integer(*plan["lasts"])),
        severity=0.0,
        shock_id=None,
    )
    size = max(_FEWEST, round(dice.integer(*plan["size"]) * min(scale, 1.0)))
    times = _times(incident, size, dice)
    rows = tuple(
        _message(seed, incident, plan, streets, order, moment, regulars)
        for order, moment in enumerate(times)
    )
    expected = home.propensity * incident.rubric.spread
    incident = replace(incident, severity=size / expected)
    notice_at = times[0] + timedelta(hours=1.2 + 4.6 * dice.uniform())
    return Accident(
        incident,
        rows,
        identifier(seed, "notice", incident.incident_id),
        notice_at.replace(second=0, microsecond=0),
        announcement(plan["notice"], incident, streets, dice),
    )


def _in_town(seed: int, number: int, plan: dict[str, Any]) -> Place:
    # The mains of a town do not end in its villages.
    home = region().municipalities[number]
    return replace(place(home, Dice(seed, "accident place", plan["rubric"])), village=None)


def _house(where: Place, streets: Sequence[str], dice: Dice) -> Place:
    house = str(dice.integer(1, 60)) + dice.pick(("", "", "", "", "А", " корп. 2"))
    entrance = dice.integer(1, 6)
    return replace(where, street=dice.pick(streets), house=house, entrance=entrance)


def _times(incident: Incident, size: int, dice: Dice) -> list[datetime]:
    """Draw when people write: most in the first hours, few at night."""
    first = incident.started_at + timedelta(minutes=4 + 25 * dice.uniform())
    span, rhythm = incident.ended_at - first, hours("telegram")
    found = [first]
    while len(found) < size:
        moment = first + span * dice.uniform() ** _HASTE + timedelta(minutes=15 * dice.uniform())
        if dice.chance(0.1 + 0.9 * rhythm[moment.hour] / max(rhythm)):
            found.append(moment)
    return sorted(moment.replace(microsecond=0) for moment in found)


def _message(
    seed: int,
    incident: Incident,
    plan: dict[str, Any],
    streets: Sequence[str],
    order: int,
    moment: datetime,
    regulars: Regulars,
) -> Message:
    name = (incident.incident_id, order)
    dice = Dice(seed, "accident message", *name)
    channel = dice.weighted(_CHANNELS, _CHANNEL_WEIGHTS)
    kind = dice.weighted(_KINDS, _KIND_WEIGHTS)
    where = _house(incident.where, streets, dice)
    author = citizen(seed, regulars, channel, incident.municipality, moment, *name, known=_KNOWN)
    voice = "official" if channel == "hotline" else author.voice
    rubric = _at_once(incident.rubric, plan, incident.started_at, moment, dice)
    task = Task(rubric, (), kind, channel, replace(author, voice=voice), where, moment, False)
    return message(
        seed,
        Draft(
            name=f"accident/{incident.incident_id}/{order}",
            author=author,
            channel=channel,
            municipality=incident.municipality,
            written_at=moment,
            text=dirty(write(task, dice), channel, author.neatness, False, dice),
            kind=kind,
            rubric=incident.rubric,
            where=where,
            incident=replace(incident, where=where),
        ),
    )


def _at_once(
    rubric: Rubric, plan: dict[str, Any], began: datetime, moment: datetime, dice: Dice
) -> Rubric:
    """Give a rubric the words of the first hours."""
    ago = dice.pick(_ago(began, moment))

    def words(name: str) -> tuple[str, ...]:
        return tuple(clause.replace("<ago>", ago) for clause in plan[name])

    return replace(
        rubric,
        acute=True,
        problems=words("problems"),
        short=words("short"),
        consequences=words("consequences"),
        fixes=words("fixes"),
        questions=words("questions"),
    )


def _ago(began: datetime, moment: datetime) -> tuple[str, ...]:
    """Say how long it has lasted, as people do."""
    passed = (moment - began) / timedelta(hours=1)
    hour, part = began.hour, "утра" if began.hour < 12 else "обеда"
    if passed < 1:
        return ("только что", "прямо сейчас", "буквально сейчас", f"с {hour} часов")
    if passed < 3:
        return (f"с {hour} часов", f"часов с {hour}", f"примерно с {began:%H:%M}", f"с {part}")
    if moment.date() == began.date():
        return (f"с {hour} часов", f"с самого {part}", f"с {part}", f"с {began:%H:%M}")
    if passed < 36:
        return ("со вчерашнего дня", "со вчера", f"со вчерашнего {part}", "ещё со вчера")
    return (f"с {began.day} числа", f"с {began:%d.%m}", "не первый день")


def announcement(clause: str, incident: Incident, streets: Sequence[str], dice: Dice) -> str:
    """Write the official notice of what happened on some streets."""
    home = incident.where.municipality
    named = [street_in(street, "nomn", with_kind=False) for street in streets]

    def fill(slot: str, _: str) -> str:
        return {
            "streets": ", ".join(named),
            "street": streets[0],
            "address": f"адресу {incident.where.street}, {incident.where.house}",
            "within": home.within,
            "of": home.of,
        }[slot]

    return capital(expand(clause, dice, fill))
