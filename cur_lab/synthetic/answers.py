"""What the authorities answer, when, and whether it was to the point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.catalogue import Rubric, rubrics
from cur_lab.synthetic.grammar import capital, expand, verbs
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.region import Municipality, region, street_in
from cur_lab.synthetic.streams import Dice

_ANSWERED = {
    "gosuslugi": 0.97,
    "hotline": 0.9,
    "bot": 0.86,
    "vk": 0.7,
    "ok": 0.66,
    "telegram": 0.52,
}
_MEDIAN_DAYS = {"gosuslugi": 6.0, "hotline": 3.0, "bot": 2.0, "vk": 0.6, "ok": 0.7, "telegram": 0.7}
_SPREAD = 0.75
_PACE_SIGMA = 0.45
_HASTY_REOPENED = 0.65
_SHORT = ("vk", "telegram", "ok", "bot")
_END = datetime.combine(calendar.LAST, datetime.max.time())


@dataclass(frozen=True, slots=True)
class Answer:
    """The fate of one message; times are local, None where nothing happened by the last day."""

    answered_at: datetime | None
    text: str | None
    boilerplate: bool | None
    resolved_at: datetime | None
    reopened_at: datetime | None


NOTHING = Answer(None, None, None, None, None)


@cache
def boilerplate_share(agency: str) -> float:
    """Return how often an agency answers with an empty phrase; it is a habit of the agency."""
    return 0.12 + 0.5 * Dice(0, "boilerplate", agency).uniform()


@cache
def pace(agency: str) -> float:
    """Return how many times longer than usual an agency takes; a habit of the agency, too."""
    return float(np.exp(_PACE_SIGMA * Dice(0, "pace", agency).normal()))


@cache
def agencies() -> pl.DataFrame:
    """List the bodies that answer, with their habits."""
    names = sorted(
        {
            name.replace("<of>", municipality.of)
            for rubric in rubrics()
            for name in rubric.agencies
            for municipality in region().municipalities
        }
    )
    return pl.DataFrame(
        {
            "agency": names,
            "pace": [pace(name) for name in names],
            "boilerplate_share": [boilerplate_share(name) for name in names],
        }
    )


def answer(
    seed: int,
    message_id: str,
    kind: str,
    channel: str,
    agency: str,
    incident: Incident,
    written_at: datetime,
) -> Answer:
    """Draw the answer to one message.

    Boilerplate comes sooner, says nothing of the place, and is often followed by a claim that the
    problem is solved while it is not; then the citizen reopens.
    """
    dice = Dice(seed, "answer", message_id)
    if not dice.chance(_ANSWERED[channel]):
        return NOTHING
    boilerplate = kind in ("complaint", "report", "question") and dice.chance(
        boilerplate_share(agency)
    )
    days = (
        _MEDIAN_DAYS[channel]
        * float(np.exp(_SPREAD * dice.normal()))
        * pace(agency)
        * (0.7 if boilerplate else 1.0)
    )
    answered_at = _office_hours(written_at + timedelta(days=days), dice)
    if answered_at > _END:
        return NOTHING
    resolved_at = reopened_at = None
    if kind in ("complaint", "report"):
        fixed = max(incident.ended_at, answered_at) + timedelta(hours=1 + 40 * dice.uniform())
        claimed = dice.chance(0.5 if boilerplate else 0.85)
        if claimed and boilerplate and incident.ended_at > answered_at:
            # Reported as fixed together with the answer, while it still goes on.
            resolved_at = answered_at
            if dice.chance(0.45):
                reopened_at = answered_at + timedelta(days=0.2 + 6 * dice.uniform())
        elif claimed:
            resolved_at = _office_hours(fixed, dice)
            if dice.chance(0.04):
                reopened_at = resolved_at + timedelta(days=0.5 + 12 * dice.uniform())
    text = _text(kind, boilerplate, channel, agency, incident, written_at, answered_at, dice)
    return Answer(
        answered_at,
        text,
        boilerplate,
        resolved_at if resolved_at and resolved_at <= _END else None,
        reopened_at.replace(microsecond=0) if reopened_at and reopened_at <= _END else None,
    )


def hasty(agency: str, channel: str, written_at: datetime, dice: Dice) -> Answer:
    """Draw the answer of a body that is told to be quick: an empty phrase, closed, not fixed."""
    answered_at = _office_hours(written_at + timedelta(days=2 * dice.uniform()), dice)
    if answered_at > _END:
        return NOTHING
    reopened_at = None
    if dice.chance(_HASTY_REOPENED):
        reopened_at = answered_at + timedelta(days=0.2 + 6 * dice.uniform())
    head = plans.read("answers")["greetings_short" if channel in _SHORT else "greetings"][0]
    return Answer(
        answered_at,
        f"{head} {_phrase(agency, dice)}.",
        True,
        answered_at,
        reopened_at.replace(microsecond=0) if reopened_at and reopened_at <= _END else None,
    )


def _phrase(agency: str, dice: Dice) -> str:
    """Choose an empty phrase: each agency has few of them and uses them word for word."""
    phrases: list[str] = plans.read("answers")["boilerplate"]
    return dice.pick(Dice(0, "phrases", agency).shuffled(phrases)[:3])


def _office_hours(moment: datetime, dice: Dice) -> datetime:
    """Move a time to the next working day between 8 and 18 when it falls outside."""
    if not 8 <= moment.hour < 18:
        days = 1 if moment.hour >= 18 else 0
        moment = moment.replace(hour=dice.integer(8, 17), minute=dice.integer(0, 59)) + timedelta(
            days=days
        )
    while moment.weekday() >= 5 or calendar.is_holiday(moment.date()):
        moment += timedelta(days=1)
    return moment.replace(microsecond=0)


def _text(
    kind: str,
    boilerplate: bool,
    channel: str,
    agency: str,
    incident: Incident,
    written_at: datetime,
    answered_at: datetime,
    dice: Dice,
) -> str:
    source = plans.read("answers")
    where, rubric = incident.where, incident.rubric

    def fill(slot: str, arguments: str) -> str:
        match slot:
            case "fix":
                return expand(verbs(dice.pick(rubric.fixes), arguments), dice, fill)
            case "at":
                if not where.village:
                    return f"на {street_in(where.street, 'loct')}, {where.house}"
                return f"в населённом пункте {where.village}, {where.street}, {where.house}"
            case "agency":
                return agency
            case "date":
                return f"{(answered_at + timedelta(days=dice.integer(2, 40))):%d.%m.%Y}"
            case "past":
                visited = max(written_at, answered_at - timedelta(days=dice.integer(1, 5)))
                return f"{visited:%d.%m.%Y}"
            case "number":
                low, high = arguments.split(":")
                return str(dice.integer(int(low), int(high)))
            case "company":
                return dice.pick(region().companies)
            case "of":
                return where.municipality.of
            case _:
                return {"within": where.municipality.within}[slot]

    def say(name: str) -> str:
        return capital(expand(dice.pick(source[name]), dice, fill))

    short = channel in _SHORT
    head = say("greetings_short" if short else "greetings")
    if kind == "thanks":
        body = [say("thanks")]
    elif boilerplate:
        return f"{head} {_phrase(agency, dice)}."
    elif kind in ("question", "proposal"):
        body = [say(kind), say("plan")]
    else:
        done = incident.ended_at <= answered_at
        body = [say("checked"), say("done" if done else "plan")]
        if dice.chance(0.4) and not short:
            body.append(say("detail"))
    tail = [say("farewell")] if dice.chance(0.3) else []
    return " ".join(f"{part}." if part[-1] not in ".!" else part for part in [head, *body, *tail])


def agency_of(rubric: Rubric, municipality: Municipality, dice: Dice) -> str:
    """Choose the body a message goes to; names take the genitive of the district."""
    return dice.pick(rubric.agencies).replace("<of>", municipality.of)
