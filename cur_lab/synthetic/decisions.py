"""Decisions of the authorities, and what follows from them in the complaints.

An effect thins what would have been written: each incident (or, where reports are merely closed,
each report) has a number u of its own in [0, 1), and a report at time t is left out if u is less
than the planted fall p(t). So the expected change is exactly -p(t), rows not concerned stay as they
were, and the counterfactual is known to the letter: it is what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.answers import NOTHING, Answer, hasty
from cur_lab.synthetic.catalogue import Rubric, by_key
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.messages import Message
from cur_lab.synthetic.planting import district
from cur_lab.synthetic.region import region, utc
from cur_lab.synthetic.streams import Dice, identifier

HORIZON = 90  # days over which the truth states an effect
_PEAK_DAYS = 14
_MARGIN = 150  # days a peak keeps from both ends
_MENTIONED = 0.3
_MENTIONED_DAYS = 180
_END = datetime.combine(calendar.LAST, time.max)
_LASTING = ("step", "ramp", "growing")

Happened = list[tuple[Incident, int]]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision and the fall of reports planted after it. Times are local."""

    decision_id: str
    decided_at: datetime
    kind: str
    scope: str
    triggered_by: str
    rubric: Rubric | None
    municipality: int | None
    title: str
    budget: float | None
    shape: str
    plan: dict[str, Any]

    def fall(self, moment: datetime) -> float:
        """Return p(t): the share of reports that is missing at a time because of the decision."""
        days = (moment - self.decided_at) / timedelta(days=1)
        if days < 0:
            return 0.0
        first, growth, ramp = self._course()
        if self.shape == "temporary":
            left = 1 - (days - self.plan["hold"]) / self.plan["fade"]
            return float(first * min(max(left, 0.0), 1.0))
        return first + growth * min(days / ramp, 1.0)

    def reached(self, luck: float) -> datetime:
        """Return when a fall that only grows reaches ``luck``."""
        first, growth, ramp = self._course()
        days = max(0.0, luck - first) / growth * ramp if growth else 0.0
        return self.decided_at + timedelta(days=days)

    def _course(self) -> tuple[float, float, float]:
        plan = self.plan
        return plan.get("first", 0.0), plan.get("growth", 0.0), plan.get("ramp", 1.0)

    def effect(self) -> float:
        """Return the planted relative change of the rate, the mean over the horizon."""
        hours = range(HORIZON * 24)
        falls = (self.fall(self.decided_at + timedelta(hours=hour)) for hour in hours)
        return 0.0 - sum(falls) / len(hours)

    def concerns(self, rubric: Rubric | None, municipality: int) -> bool:
        """Whether it speaks of this rubric in this district."""
        ours = self.rubric is None or (rubric is not None and rubric.key == self.rubric.key)
        return ours and self.municipality in (None, municipality)


def decisions(seed: int, written: Sequence[Message]) -> list[Decision]:
    """Read the decisions, oldest first; those that follow a peak are dated by what is written."""
    source = plans.read("decisions")
    found = [_decision(seed, plan, written) for plan in source["decision"]]
    for opened in source["centre"]["opened"]:
        plan = source["centre"] | opened
        plan |= {
            "key": f"centre/{opened['district']}",
            "title": f"{plan['title']} ({opened['district']})",
            "scope": "municipality",
            "triggered_by": "plan",
            "shape": "growing",
        }
        found.append(_decision(seed, plan, written))
    return sorted(found, key=lambda d: (d.decided_at, d.decision_id))


def _decision(seed: int, plan: dict[str, Any], written: Sequence[Message]) -> Decision:
    rubric = by_key()[plan["rubric"]] if "rubric" in plan else None
    municipality = district(plan["district"]) if "district" in plan else None
    return Decision(
        decision_id=identifier(seed, "decision", plan["key"]),
        decided_at=plan.get("at") or _after_peak(rubric, municipality, written),
        kind=plan["kind"],
        scope=plan["scope"],
        triggered_by=plan["triggered_by"],
        rubric=rubric,
        municipality=municipality,
        title=plan["title"],
        budget=plan.get("budget"),
        shape=plan["shape"],
        plan=plan,
    )


def _after_peak(
    rubric: Rubric | None, municipality: int | None, written: Sequence[Message]
) -> datetime:
    """Return the working day after the fortnight with most complaints."""
    daily = [0] * calendar.DAYS
    for message in written:
        if message.label == rubric and message.municipality == municipality:
            daily[(message.written_at.date() - calendar.FIRST).days] += 1
    days = range(_MARGIN, calendar.DAYS - _MARGIN)
    last = max(days, key=lambda day: sum(daily[day - _PEAK_DAYS + 1 : day + 1]))
    decided = calendar.day(last + 1)
    while decided.weekday() >= 5 or calendar.is_holiday(decided):
        decided += timedelta(days=1)
    return datetime.combine(decided, time(16))


# --- what follows from them ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is written, and what would have been besides without the decisions."""

    written: list[Message]
    missing: list[Message]
    happened: Happened


def aftermath(
    seed: int, taken: Sequence[Decision], written: Iterable[Message], happened: Happened
) -> Aftermath:
    """Leave out what nobody writes any more, and let answers speak of the decisions."""
    kept: list[Message] = []
    missing: dict[str, Message] = {}
    for message in written:
        source = message.copy_of or message.reply_to_id
        gone = source in missing if source else _gone(seed, taken, message)
        if gone:
            missing[message.message_id] = message
        else:
            kept.append(_answered(seed, taken, message))
    lost: dict[str, int] = {}
    for message in missing.values():
        if message.incident and not message.copy_of:
            key = message.incident.incident_id
            lost[key] = lost.get(key, 0) + 1
    changed = [
        (_ended(seed, taken, incident), count - lost.get(incident.incident_id, 0))
        for incident, count in happened
        if not _prevented(seed, taken, incident)
    ]
    return Aftermath(kept, list(missing.values()), changed)


def _gone(seed: int, taken: Sequence[Decision], message: Message) -> bool:
    incident = message.incident
    if incident is None:
        return False
    for decision in taken:
        if decision.concerns(message.rubric, message.municipality):
            fall = decision.fall(message.written_at)
            # Asked only where something can be missing: most decisions change nothing.
            if fall and _luck(seed, decision, incident, message.message_id) < fall:
                return True
    return False


def _luck(seed: int, decision: Decision, incident: Incident, message_id: str) -> float:
    """Return u: of the incident where it is fixed, of the report where people stop writing."""
    name = message_id if decision.shape == "closed" else incident.incident_id
    return Dice(seed, "felt", decision.decision_id, name).uniform()


def _prevented(seed: int, taken: Sequence[Decision], incident: Incident) -> bool:
    """Whether an incident does not happen at all."""
    for decision in _fixing(taken, incident):
        luck = _luck(seed, decision, incident, "")
        start, end = decision.fall(incident.started_at), decision.fall(incident.ended_at)
        if start and luck < min(start, end):
            return True
    return False


def _ended(seed: int, taken: Sequence[Decision], incident: Incident) -> Incident:
    """End an incident when its turn comes, if that is earlier than its own end."""
    for decision in _fixing(taken, incident):
        luck = _luck(seed, decision, incident, "")
        if decision.shape not in _LASTING or luck >= decision.fall(incident.ended_at):
            continue
        fixed_at = max(incident.started_at, decision.reached(luck))
        return replace(incident, ended_at=fixed_at)
    return incident


def _fixing(taken: Sequence[Decision], incident: Incident) -> list[Decision]:
    concerned = (d for d in taken if d.concerns(incident.rubric, incident.municipality))
    return [decision for decision in concerned if decision.shape in (*_LASTING, "temporary")]


def _answered(seed: int, taken: Sequence[Decision], message: Message) -> Message:
    """Change the answer where a decision changes how it is given, or is spoken of."""
    if message.label is None or message.agency is None:
        return message
    for decision in taken:
        since = message.written_at - decision.decided_at
        if decision.rubric is None or since < timedelta(0):
            continue
        if not decision.concerns(message.label, message.municipality):
            continue
        dice = Dice(seed, "decision answer", decision.decision_id, message.message_id)
        if decision.shape == "closed":
            reply = hasty(message.agency, message.channel, message.written_at, dice)
            return replace(message, reply=reply)
        if since <= timedelta(days=_MENTIONED_DAYS) and dice.chance(_MENTIONED):
            return replace(message, reply=_mention(message.reply, decision))
    return message


def _mention(reply: Answer, decision: Decision) -> Answer:
    if reply is NOTHING or reply.text is None or reply.boilerplate:
        return reply
    taken = f"Решение по этому вопросу принято {decision.decided_at:%d.%m.%Y}: {decision.title}."
    return replace(reply, text=f"{reply.text} {taken}")


# --- tables ---------------------------------------------------------------------------------------
def tables(
    taken: Sequence[Decision], written: Sequence[Message], missing: Sequence[Message]
) -> dict[str, pl.DataFrame]:
    """Return the decisions as an analyst sees them, and what was planted."""
    names = [m.name for m in region().municipalities]
    shown = pl.DataFrame(
        {
            c.DECISION_ID: [d.decision_id for d in taken],
            c.DECIDED_AT: utc([d.decided_at for d in taken]),
            c.KIND: [d.kind for d in taken],
            c.SCOPE: [d.scope for d in taken],
            c.TRIGGERED_BY: [d.triggered_by for d in taken],
            c.RUBRIC: [d.rubric.name if d.rubric else None for d in taken],
            c.MUNICIPALITY: [
                names[d.municipality] if d.municipality is not None else None for d in taken
            ],
            c.TITLE: [d.title for d in taken],
            c.BUDGET: [d.budget for d in taken],
        }
    )
    planted = pl.DataFrame(
        {
            "decision_id": [d.decision_id for d in taken],
            "effect": [d.effect() for d in taken],
            "effect_at_end": [0.0 - d.fall(_END) for d in taken],
            "shape": [d.shape for d in taken],
            "triggered_by": [d.triggered_by for d in taken],
            "identifiable": [d.plan.get("identifiable", True) for d in taken],
            "messages": [_counted(d, written) for d in taken],
            "missing": [_counted(d, missing) for d in taken],
            "note": [d.plan["note"] for d in taken],
        }
    )
    return {"decisions": c.DECISIONS.conform(shown), "truth/decisions": planted}


def _counted(decision: Decision, rows: Iterable[Message]) -> int:
    """Count what has the decision's official rubric and district within the horizon."""
    end = decision.decided_at + timedelta(days=HORIZON)
    return sum(
        decision.decided_at <= m.written_at < end and decision.concerns(m.label, m.municipality)
        for m in rows
    )
