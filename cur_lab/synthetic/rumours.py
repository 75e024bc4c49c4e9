"""Refuted claims: who spreads, doubts, asks and refutes, and messages that only come near.

A claim spreads in one or two waves; the second uses other words. After the refutation fewer
people spread it, by a share of its own, and more refute it. A near miss speaks of the same
subject in the same words and does not state the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import calendar, plans
from cur_lab.synthetic.catalogue import by_key
from cur_lab.synthetic.grammar import capital, expand
from cur_lab.synthetic.messages import Message
from cur_lab.synthetic.noise import dirty
from cur_lab.synthetic.planting import Draft, Regulars, citizen, district, message
from cur_lab.synthetic.region import UTC_OFFSET, place, region
from cur_lab.synthetic.streams import Dice, identifier
from cur_lab.synthetic.writer import Task, Writer

NEAR_MISSES = 80  # per claim
_CHANNELS = ("vk", "telegram", "ok", "bot")
_CHANNEL_WEIGHTS = (0.36, 0.35, 0.18, 0.11)
_STANCES = ("spreads", "doubts", "asks")
_STANCE_WEIGHTS = (0.5, 0.17, 0.33)
_REFUTERS = 0.24  # per message of a wave
_EARLY_REFUTERS = 0.15  # of them write before the refutation
_AT_HOME = 0.62  # of the messages come from the district concerned
# How a near miss is put: plainly, or in the words of those who spread, ask, refute, doubt.
_NEAR = {"plain": 0.5, "spreads": 0.16, "asks": 0.18, "refutes": 0.11, "doubts": 0.05}
_KINDS = {"asks": "question", "doubts": "other", "refutes": "other"}
_BEGIN = datetime.combine(calendar.FIRST, datetime.min.time())
_END = datetime.combine(calendar.LAST, datetime.max.time())


@dataclass(frozen=True, slots=True)
class Line:
    """One message about a claim: its stance and wave, both None for a near miss."""

    message: Message
    stance: str | None
    wave: int | None


@dataclass(frozen=True, slots=True)
class Rumour:
    """A refuted claim with all that was written about it."""

    claim_id: str
    plan: dict[str, Any]
    lines: tuple[Line, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages, near misses too."""
        return tuple(line.message for line in self.lines)


def rumours(seed: int, written: list[Message]) -> list[Rumour]:
    """Write what is said about the refuted claims.

    Parameters
    ----------
    seed
        Seed of the region.
    written
        The messages so far: established senders are taken from them.
    """
    regulars = Regulars(written)
    found = []
    for plan in plans.read("rumours")["claim"]:
        lines = [*_about(seed, plan, regulars), *_near(seed, plan, regulars)]
        found.append(Rumour(identifier(seed, "claim", plan["key"]), plan, tuple(lines)))
    return found


def _about(seed: int, plan: dict[str, Any], regulars: Regulars) -> Iterator[Line]:
    for number, wave in enumerate(plan["waves"], start=1):
        dice = Dice(seed, "claim wave", plan["key"], number)
        for index, (moment, stance) in enumerate(sorted(_wave(plan, wave, dice))):
            if moment <= _END:
                name = f"{plan['key']}/{number}/{index}"
                yield Line(
                    _message(seed, plan, regulars, name, moment, stance, wave), stance, number
                )


def _wave(plan: dict[str, Any], wave: dict[str, Any], dice: Dice) -> Iterator[tuple[datetime, str]]:
    """Draw when who says what; after the refutation a share of the spreaders falls silent."""
    refuted = plan["refuted"]
    for _ in range(wave["count"]):
        moment = _moment(wave["start"], wave["days"], wave["shape"], dice)
        stance = dice.weighted(_STANCES, _STANCE_WEIGHTS)
        silent = plan["effect"] * (1.0 if stance == "spreads" else 0.5)
        # Other words are not recognised as what has been refuted.
        heard = wave["start"] < refuted <= moment
        if not heard or not dice.chance(silent):
            yield moment, stance
    for _ in range(int(_REFUTERS * wave["count"])):
        early = dice.chance(_EARLY_REFUTERS)
        if early or wave["start"] > refuted:
            yield _moment(wave["start"], wave["days"], wave["shape"], dice), "refutes"
        else:
            yield _moment(refuted, wave["days"], "burst", dice), "refutes"


def _moment(start: datetime, days: int, shape: str, dice: Dice) -> datetime:
    """Draw a time: ``burst`` is early, ``slow`` rises and falls, ``late`` grows to the end."""
    share = dice.uniform()
    if shape == "burst":
        share = share**2.6
    elif shape == "slow":
        share = (share + dice.uniform()) / 2
    elif shape == "late":
        share = share**0.5
    day = start + timedelta(days=int(days * share))
    hour = dice.weighted(range(24), calendar.hours("vk"))
    moment = day.replace(hour=0, minute=0) + timedelta(hours=hour, seconds=dice.integer(0, 3599))
    return moment if moment > start else start + timedelta(seconds=dice.integer(1, 20_000))


def _near(seed: int, plan: dict[str, Any], regulars: Regulars) -> Iterator[Line]:
    """Write the near misses: two thirds at the time of the claim, the rest around it."""
    dice = Dice(seed, "near misses", plan["key"])
    for number in range(NEAR_MISSES):
        wave = dice.pick(plan["waves"])
        start, days = wave["start"] - timedelta(days=5), wave["days"] + 10
        if dice.chance(0.33):
            start, days = start - timedelta(days=90), days + 180
        moment = _moment(start, days, "even", dice)
        if _BEGIN <= moment <= _END:
            name = f"{plan['key']}/near/{number}"
            yield Line(_message(seed, plan, regulars, name, moment, None, wave), None, None)


def _message(
    seed: int,
    plan: dict[str, Any],
    regulars: Regulars,
    name: str,
    moment: datetime,
    stance: str | None,
    wave: dict[str, Any],
) -> Message:
    dice = Dice(seed, "rumour", name)
    channel = dice.weighted(_CHANNELS, _CHANNEL_WEIGHTS)
    centre = _centre(plan, stance, dice)
    municipality = district(centre)
    author = citizen(seed, regulars, channel, municipality, moment, "rumour", name)
    rubric = by_key()[plan["rubric"]]
    where = place(region().municipalities[municipality], dice)
    form = stance or dice.weighted(list(_NEAR), list(_NEAR.values()))
    kind = _KINDS.get(form, "complaint")
    task = Task(rubric, (), kind, channel, author, where, moment, repeat=False)
    clauses = plan[wave["words"]] if stance else plan["near"]
    home = centre == plan["places"][0]
    teller = Teller(Writer(task, dice), plan, clauses, home=home, refuted=moment > plan["refuted"])
    text = teller.tell(form, near=stance is None)
    text = dirty(text, channel, author.neatness, False, dice)
    draft = Draft(name, author, channel, municipality, moment, text, kind, rubric, where)
    return message(seed, draft)


def _centre(plan: dict[str, Any], stance: str | None, dice: Dice) -> str:
    """Choose the district: mostly, and for near misses always, the one concerned, if it is one."""
    home, *others = plan["places"]
    if plan.get("everywhere"):
        return str(dice.pick(plan["places"]))
    return str(home if stance is None or dice.chance(_AT_HOME) else dice.pick(others))


class Teller:
    """Puts a text together: the claim or a near miss in the words of a stance, then more."""

    def __init__(
        self,
        writer: Writer,
        plan: dict[str, Any],
        clauses: list[str],
        *,
        home: bool,
        refuted: bool,
    ) -> None:
        self._writer, self._plan, self._home = writer, plan, home
        self._refuted, self._brief = refuted, False
        self._cores = writer.dice.shuffled(clauses)
        official = plan["official"] if refuted else []
        self._facts = writer.dice.shuffled([*plan["facts"], *official])

    def tell(self, form: str, *, near: bool) -> str:
        """Write the text; a near miss denied is denied without the facts about the claim."""
        dice, said = self._writer.dice, plans.read("rumours")["said"]
        self._brief = near and form in ("asks", "doubts", "refutes")
        if near:
            self._facts = dice.shuffled(said["retorts"])
        late = said["refuted"] if form == "refutes" and self._refuted and not near else []
        parts = [self._say(dice.pick([*said[form], *late]))]
        if near and form in ("plain", "spreads") and dice.chance(0.45):
            parts.append(self._say(self._cores.pop()))
        chance = 0.7
        for source in self._more(form, near):
            if dice.chance(chance):
                parts.append(self._say(source))
                chance *= 0.5
        if dice.chance(0.15):
            parts.insert(0, self._say(dice.pick(said["greetings"])))
        return " ".join(
            capital(part if part[-1] in ".?!" else part + dice.pick((".", ".", ".", "!")))
            for part in parts
        )

    def _more(self, form: str, near: bool) -> list[str]:
        """Return two clauses that may follow."""
        dice, said = self._writer.dice, plans.read("rumours")["said"]
        if form == "refutes":
            return self._facts[:1]
        if form in ("asks", "doubts"):
            own = [] if near else self._plan["reasons"]
            return dice.shuffled([*own, *said[f"{form}_more"]])[:2]
        own = self._plan["tails" if near else "details"]
        return dice.shuffled([*own, *said["feelings"]])[:2]

    def _say(self, source: str) -> str:
        return expand(source, self._writer.dice, self._fill)

    def _fill(self, slot: str, arguments: str) -> str:
        match slot:
            case "core":
                core = self._say(self._cores.pop())
                # Nobody asks whether «в больнице течёт крыша, примите меры» is true.
                return core.partition(",")[0] if self._brief else core
            case "fact":
                return capital(self._say(self._facts.pop()))
            case "here":
                ours, _, theirs = arguments.partition(":")
                return self._say(ours if self._home else theirs)
            case _:
                return self._writer.fill(slot, arguments)


def tables(found: list[Rumour]) -> dict[str, pl.DataFrame]:
    """Return the registry of claims and the truth about their messages."""
    registry = []
    rows = []
    for rumour in found:
        plan = rumour.plan
        first = min(line.message.written_at for line in rumour.lines if line.stance == "spreads")
        registry.append(
            {
                c.CLAIM_ID: rumour.claim_id,
                c.TEXT: plan["text"],
                c.FIRST_SEEN_AT: first - UTC_OFFSET,
                c.REFUTED_AT: plan["refuted"] - UTC_OFFSET,
                c.SOURCE: plan["source"],
                c.VERDICT: plan["verdict"],
                c.EVIDENCE_URL: f"https://zarechye.example/refuted/{rumour.claim_id}",
            }
        )
        for line in rumour.lines:
            near = line.stance is None
            rows.append(
                {
                    c.MESSAGE_ID: line.message.message_id,
                    "claim_id": None if near else rumour.claim_id,
                    "near_claim_id": rumour.claim_id if near else None,
                    "stance": line.stance,
                    "wave": line.wave,
                }
            )
    times = pl.col(c.FIRST_SEEN_AT, c.REFUTED_AT).cast(pl.Datetime("us"))
    claims = pl.DataFrame(registry).with_columns(times.dt.replace_time_zone("UTC"))
    texts = (c.MESSAGE_ID, "claim_id", "near_claim_id", "stance")
    schema = dict.fromkeys(texts, pl.String()) | {"wave": pl.Int64()}
    return {
        "claims": c.CLAIMS.conform(claims.sort(c.REFUTED_AT, c.CLAIM_ID)),
        "truth/claim_messages": pl.DataFrame(rows, schema=schema).sort("message_id"),
    }
