"""Campaigns planted among the messages, and organic events that resemble them.

Which of them are coordinated is written in ``coordination.toml`` and in the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.catalogue import by_key
from cur_lab.synthetic.grammar import capital, tidy
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.messages import Message, thread_of
from cur_lab.synthetic.noise import dirty
from cur_lab.synthetic.people import Author, newcomer
from cur_lab.synthetic.planting import Draft, Regulars, aged, citizen, district, message
from cur_lab.synthetic.region import UTC_OFFSET, Place, place, region
from cur_lab.synthetic.streams import Dice, identifier
from cur_lab.synthetic.writer import Task, Writer


@dataclass(frozen=True, slots=True)
class Chorus:
    """Messages that sound together: a campaign, or what only looks like one."""

    campaign_id: str
    kind: str
    coordinated: bool
    what: str
    municipalities: tuple[int, ...]
    messages: tuple[Message, ...]
    incidents: tuple[Incident, ...]

    def reports(self, incident: Incident) -> int:
        """Return how many of the messages report an incident."""
        return sum(m.incident == incident for m in self.messages)


def choruses(seed: int, written: list[Message]) -> list[Chorus]:
    """Write the campaigns and look-alikes.

    Parameters
    ----------
    seed
        Seed of the region.
    written
        The messages so far: established senders are taken from them.
    """
    regulars = Regulars(written)
    return [_chorus(seed, plan, regulars) for plan in plans.read("coordination")["campaign"]]


def _chorus(seed: int, plan: dict[str, Any], regulars: Regulars) -> Chorus:
    name = plan["kind"]
    dice = Dice(seed, "chorus", name)
    homes = [district(centre) for centre in plan["places"]]
    moments = _moments(plan, dice)
    places = {home: _place(seed, name, home, "all") for home in homes}
    incidents = _incidents(seed, plan, places, moments) if plan.get("incident") else {}
    voices: list[tuple[Author, str, int]] = []
    planted = []
    for number, moment in enumerate(moments):
        own = Dice(seed, "chorus message", name, number)
        if len(voices) < plan["accounts"]:
            channel, home = own.pick(plan["channels"]), own.pick(homes)
            author = _author(seed, plan, regulars, channel, home, moment, number)
            voices.append((author, channel, home))
        else:
            author, channel, home = own.pick(voices)
            home = own.pick(homes)
        where = places[home] if plan.get("one_place") else _place(seed, name, home, number)
        about = own.pick([i for i in incidents.values() if i.municipality == home] or [None])
        if about:
            where = replace(where, street=about.where.street, village=about.where.village)
        rubric = by_key().get(own.pick(plan.get("rubrics", [plan.get("rubric", "")])))
        draft = Draft(
            name=f"{name}/{number}",
            author=author,
            channel=channel,
            municipality=home,
            written_at=moment,
            text="",
            kind=plan["message"],
            rubric=about.rubric if about else rubric,
            where=where,
            incident=about,
            thread_id=_thread(seed, plan, channel, home, moment),
        )
        planted.append(message(seed, replace(draft, text=_text(plan, draft, own))))
    return Chorus(
        campaign_id=identifier(seed, "campaign", name),
        kind=name,
        coordinated=plan["coordinated"],
        what=plan["what"],
        municipalities=tuple(homes),
        messages=tuple(planted),
        incidents=tuple(incidents.values()),
    )


def _moments(plan: dict[str, Any], dice: Dice) -> list[datetime]:
    """Draw the times: sittings of some minutes, or days by the hours of the channel."""
    moments = []
    for number in range(plan["messages"]):
        if "sittings" in plan:
            start = plan["sittings"][number % len(plan["sittings"])]
            seconds = 60 * plan["minutes"] * dice.uniform() ** plan.get("bend", 1.0)
            moments.append(start + timedelta(seconds=int(seconds)))
        else:
            day = plan["start"] + timedelta(days=dice.integer(0, plan["days"] - 1))
            hour = dice.weighted(range(24), calendar.hours(plan["channels"][0]))
            moments.append(day + timedelta(hours=hour, seconds=dice.integer(0, 3599)))
    return sorted(moments)


def _place(seed: int, name: str, home: int, which: str | int) -> Place:
    where = place(region().municipalities[home], Dice(seed, "chorus place", name, home, which))
    return replace(where, village=None)


def _incidents(
    seed: int, plan: dict[str, Any], places: dict[int, Place], moments: list[datetime]
) -> dict[tuple[int, str], Incident]:
    """Let something happen in each place shortly before the first message about it."""
    began = moments[0] - timedelta(minutes=2)
    happened = {}
    for home, where in places.items():
        for key in plan.get("rubrics", [plan.get("rubric")]):
            dice = Dice(seed, "chorus incident", plan["kind"], home, key)
            happened[home, key] = Incident(
                incident_id=identifier(seed, "chorus incident", plan["kind"], home, key),
                rubric=by_key()[key],
                municipality=home,
                where=where,
                started_at=began,
                ended_at=moments[-1] + timedelta(hours=1 + 9 * dice.uniform()),
                severity=1.0,
                shock_id=None,
            )
    return happened


def _author(
    seed: int,
    plan: dict[str, Any],
    regulars: Regulars,
    channel: str,
    home: int,
    moment: datetime,
    number: int,
) -> Author:
    name = ("chorus", plan["kind"], number)
    if "age" not in plan:
        return citizen(seed, regulars, channel, home, moment, *name, known=plan["known"])
    dice = Dice(seed, "chorus account", plan["kind"], number)
    if dice.chance(plan["known"]) and (found := regulars.pick(channel, home, moment, dice)):
        return found
    low, high = plan["age"]
    age = timedelta(days=low + (high - low) * dice.uniform())
    return aged(newcomer(seed, channel, moment, *name), channel, moment, age)


def _thread(
    seed: int, plan: dict[str, Any], channel: str, home: int, moment: datetime
) -> str | None:
    """Name the post all of a day stand under, where the plan wants one."""
    if not plan.get("threads"):
        return None
    return thread_of(channel, home, moment, Dice(seed, "chorus thread", plan["kind"]))


def _text(plan: dict[str, Any], draft: Draft, dice: Dice) -> str:
    author, channel = draft.author, draft.channel
    rubric = draft.rubric or by_key()["culture.events"]
    task = Task(
        rubric, (), draft.kind, channel, author, draft.where, draft.written_at, repeat=False
    )
    writer = Writer(task, dice)
    first, *middle, last = plan.get("parts") or plans.read("coordination")["words"][rubric.key]
    if plan.get("shuffled"):
        middle = dice.shuffled(middle)
    middle = [part for part in middle if not dice.chance(plan.get("optional", 0.0))]
    said = [writer.say(dice.pick(part)) for part in (first, *middle, last)]
    text = tidy(" ".join(_sentence(part) for part in said if part).rstrip("."))
    if plan.get("pasted"):
        return text if text[-1] in "!❗🙏" else f"{text}."
    return dirty(text, channel, author.neatness, plan.get("glad", False), dice)


def _sentence(part: str) -> str:
    return capital(part) if part[-1] in "?!" else f"{capital(part)}."


def truth(planted: list[Chorus]) -> dict[str, pl.DataFrame]:
    """Return the tables of campaigns and of their messages."""
    names = [m.name for m in region().municipalities]
    rows = []
    for chorus in planted:
        moments = [m.written_at - UTC_OFFSET for m in chorus.messages]
        homes = chorus.municipalities
        rows.append(
            {
                "campaign_id": chorus.campaign_id,
                "kind": chorus.kind,
                "coordinated": chorus.coordinated,
                "what": chorus.what,
                "municipality": names[homes[0]] if len(homes) == 1 else None,
                "first_at": min(moments),
                "last_at": max(moments),
                "messages": len(moments),
                "accounts": len({m.author.author_id for m in chorus.messages}),
            }
        )
    times = pl.col("first_at", "last_at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    members = [(m.message_id, chorus.campaign_id) for chorus in planted for m in chorus.messages]
    return {
        "truth/campaigns": pl.DataFrame(rows).with_columns(times),
        "truth/campaign_messages": pl.DataFrame(
            members, schema=["message_id", "campaign_id"], orient="row"
        ).sort("message_id"),
    }
