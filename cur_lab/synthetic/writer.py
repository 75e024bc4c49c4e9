"""Texts of messages: clauses of a rubric and of a voice, put together to a wanted length.

No frame spans a whole message. A message has a plan (problem, duration, consequence, earlier
attempts, mood, demand …) whose parts, order and number are drawn, and each part is one of many
clauses with alternatives inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from cur_lab.synthetic import plans
from cur_lab.synthetic.catalogue import Rubric
from cur_lab.synthetic.grammar import capital, counted, expand, inflect, tidy, verbs
from cur_lab.synthetic.people import Author
from cur_lab.synthetic.region import Place, address, region, short_street, street_in
from cur_lab.synthetic.streams import Dice

# Quantiles of length in characters: a portal invites letters, a chat invites lines.
_LENGTHS = {
    "gosuslugi": (
        (0.0, 12), (0.05, 28), (0.1, 42), (0.25, 100), (0.5, 240),
        (0.75, 450), (0.95, 1050), (0.99, 2200), (1.0, 4500),
    ),
    "bot": ((0.0, 10), (0.1, 35), (0.5, 130), (0.9, 380), (1.0, 1200)),
    "hotline": ((0.0, 60), (0.1, 110), (0.5, 240), (0.9, 480), (1.0, 1100)),
    "vk": ((0.0, 10), (0.1, 35), (0.5, 125), (0.9, 400), (1.0, 2600)),
    "telegram": ((0.0, 9), (0.1, 30), (0.5, 105), (0.9, 320), (1.0, 1800)),
    "ok": ((0.0, 10), (0.1, 35), (0.5, 120), (0.9, 350), (1.0, 1500)),
}  # fmt: skip
_MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
_MINUTES = ("00", "10", "15", "20", "30", "40", "45", "50")
_SHORTEST = 46
# How often a part is added, and where in the text it tends to stand.
_PARTS = {
    "problem": 1.3, "consequence": 1.3, "duration": 0.9, "attempt": 1.0, "mood": 0.8,
    "demand": 1.4, "story": 0.7, "aside": 1.4, "self": 0.35,
}  # fmt: skip
_ACUTE_PARTS = {"problem": 0.3, "consequence": 1.3, "demand": 0.7}
_RUSHED = 210  # characters: who sits without water writes no letter
_ORDER = {
    "self": 0.0, "problem": 1.0, "duration": 2.0, "consequence": 3.0, "story": 3.5, "aside": 3.7,
    "attempt": 4.0, "law": 4.5, "side": 5.0, "mood": 6.0, "demand": 7.0,
}  # fmt: skip
_POLITE = {"official": 0.5, "resigned": 0.45, "chatty": 0.35, "angry": 0.15}
_POLITE_CHANNEL = {
    "gosuslugi": 0.75,
    "hotline": 0.0,
    "bot": 0.8,
    "vk": 0.5,
    "ok": 0.5,
    "telegram": 0.5,
}
_SPLICED = {"chatty": 0.3, "resigned": 0.12, "angry": 0.1, "official": 0.03}  # «беда, течёт»
_STOPS = (".", ".", ".", ".", ".", "...", "!")


@cache
def voices() -> dict[str, Any]:
    """Read the words that belong to no rubric: how people talk, and what their life is full of."""
    said, life = plans.read("voices"), plans.read("life")
    found: dict[str, Any] = said | {"words": said["words"] | life["words"]} | life["texts"]
    return found


@dataclass(slots=True)
class Task:
    """What one message is to say."""

    rubric: Rubric
    others: tuple[Rubric, ...]
    kind: str
    channel: str
    author: Author
    where: Place
    written_at: datetime
    repeat: bool


@dataclass(slots=True)
class Writer:
    """One message being written: what is left to say, and what has been said."""

    task: Task
    dice: Dice
    placed: bool = False
    used: set[str] = field(default_factory=set)

    # --- slots ----------------------------------------------------------------------------------
    def fill(self, slot: str, arguments: str) -> str:
        """Fill one slot of a clause."""
        return _SLOTS[slot](self, arguments)

    def say(self, source: str) -> str:
        """Write out a clause."""
        return expand(source, self.dice, self.fill)

    def fresh(self, sources: tuple[str, ...] | list[str]) -> str | None:
        """Return a clause not used in this message yet, or None."""
        left = [source for source in sources if source not in self.used]
        if not left:
            return None
        source = self.dice.pick(left)
        self.used.add(source)
        return self.say(source)

    def at(self, _: str) -> str:
        """Name the place, in full only once."""
        places = voices()["places"]
        if self.placed:
            return self.say(self.dice.pick(places["again"]))
        self.placed = True
        return self.say(self.dice.pick(places[self.task.rubric.place]))

    def fix(self, grammemes: str) -> str:
        """Say what is to be done, in the wanted form of the verb."""
        return self.say(verbs(self.dice.pick(self.task.rubric.fixes), grammemes))

    def company(self) -> str:
        """Name the company that manages the house, the same in every message about it."""
        companies, where = region().companies, self.task.where
        return companies[(where.number + len(where.street)) % len(companies)]

    def settlement(self) -> str:
        """Name the village or the district, with its preposition."""
        where = self.task.where
        if where.village:
            return self.dice.pick(
                (
                    f"в деревне {where.village}",
                    f"в д. {where.village}",
                    f"в селе {where.village}",
                    f"в с. {where.village}",
                )
            )
        return where.municipality.within


_Slot = Callable[[Writer, str], str]


def _number(writer: Writer, arguments: str) -> str:
    low, high = arguments.split(":")
    return str(writer.dice.integer(int(low), int(high)))


def _count(writer: Writer, arguments: str) -> str:
    noun, *bounds = arguments.split(":")
    low, high = (int(bound) for bound in bounds) if bounds else (2, 9)
    return counted(writer.dice.integer(low, high), noun)


def _month(writer: Writer, arguments: str) -> str:
    # Months people name lie in the half year behind them.
    month = _MONTHS[(writer.task.written_at.month - 1 - writer.dice.integer(0, 5)) % 12]
    return inflect(month, f"{arguments},sing")


def _word(writer: Writer, arguments: str) -> str:
    name, _, grammemes = arguments.partition(":")
    grammemes, _, style = grammemes.partition(":")
    word = inflect(writer.dice.pick(voices()["words"][name]), f"{grammemes},sing")
    return capital(word) if style else word


def _street2(writer: Writer, arguments: str) -> str:
    streets = writer.task.where.municipality.streets
    return short_street(writer.dice.pick(streets), arguments, writer.dice)


def _house_number(writer: Writer, _: str) -> str:
    return writer.task.where.house


_SLOTS: dict[str, _Slot] = {
    "at": Writer.at,
    "fix": Writer.fix,
    "address": lambda w, _: address(w.task.where, w.dice),
    "street": lambda w, case: street_in(w.task.where.street, case),
    "sshort": lambda w, case: short_street(w.task.where.street, case, w.dice),
    "street2": _street2,
    "house": _house_number,
    "entrance": lambda w, _: str(w.task.where.entrance),
    "shop": lambda w, _: w.task.where.shop,
    "schoolno": lambda w, _: str(w.task.where.number),
    "route": lambda w, _: str(1 + w.task.where.number * 3 % 97),
    "district_in": lambda w, _: "в " + inflect(w.task.where.district, "loct,sing"),
    "settlement_in": lambda w, _: w.settlement(),
    "within": lambda w, _: w.task.where.municipality.within,
    "within_comma": lambda w, _: " " + w.task.where.municipality.of + ",",
    "of": lambda w, _: w.task.where.municipality.of,
    "centre_accs": lambda w, _: w.task.where.municipality.centre,
    "company": lambda w, _: w.company(),
    "fio": lambda w, _: w.task.author.person.full,
    "firstname": lambda w, _: w.task.author.person.name,
    "initials": lambda w, _: w.task.author.person.initials,
    "phone": lambda w, _: w.task.author.person.phone,
    "n": lambda w, _: str(w.dice.integer(2, 9)),
    "nn": lambda w, _: str(w.dice.integer(10, 95)),
    "nnn": lambda w, _: str(w.dice.integer(101, 989)),
    "nnnn": lambda w, _: str(w.dice.integer(1001, 9899)),
    "nnnnn": lambda w, _: str(w.dice.integer(10001, 98999)),
    "number": _number,
    "count": _count,
    "time": lambda w, _: f"{w.dice.integer(5, 23)}:{w.dice.pick(_MINUTES)}",
    "month": _month,
    "since": lambda w, _: w.say(w.dice.pick(voices()["since"])),
    "years": lambda w, _: counted(w.dice.integer(2, 9), "год"),
    "word": _word,
    "a": lambda w, _: "а" if w.task.author.person.female else "",
}  # fmt: skip


def wanted_length(channel: str, dice: Dice) -> int:
    """Draw a length from the quantiles of the channel."""
    share, table = dice.uniform(), _LENGTHS[channel]
    for (low, short), (high, long) in pairwise(table):
        if share <= high:
            return int(short + (long - short) * (share - low) / (high - low))
    return table[-1][1]


def write(task: Task, dice: Dice) -> str:
    """Write the clean text of one message."""
    writer = Writer(task, dice)
    length = wanted_length(task.channel, dice)
    if task.rubric.acute:
        length = min(length, _RUSHED)
    if length < _SHORTEST and task.kind in ("complaint", "report") and task.channel != "hotline":
        return _short(writer, length)
    voice = task.author.voice
    body = _opening(writer)
    body += _middle(writer, voice, length - sum(map(len, body)))
    return _joined(writer, voice, body)


def _short(writer: Writer, length: int) -> str:
    text = writer.say(writer.dice.pick(writer.task.rubric.short))
    if len(text) + 14 < length:
        where = writer.say(writer.dice.pick(voices()["places"][writer.task.rubric.place]))
        text = f"{text} {where}" if writer.dice.chance(0.7) else f"{capital(where)} {text}"
    return capital(text) + writer.dice.pick(("", "", ".", "!"))


def chatter(task: Task, dice: Dice) -> str:
    """Write one or two remarks that concern no rubric."""
    writer = Writer(task, dice)
    count = 2 if dice.chance(0.35) else 1
    return ". ".join(capital(writer.fresh(voices()["chatter"]) or "") for _ in range(count))


def _opening(writer: Writer) -> list[str]:
    """Say the main thing in the way of its kind."""
    task, dice, v = writer.task, writer.dice, voices()
    rubric = task.rubric
    problem = writer.fresh(rubric.problems) or ""
    match task.kind:
        case "proposal":
            reason = writer.say(dice.pick(v["proposal_reasons"]))
            lead = [problem] if dice.chance(0.45) else []
            return [*lead, writer.say(dice.pick(v["proposals"])), reason]
        case "question":
            general = () if rubric.acute else tuple(v["questions"])
            asked = dice.pick(rubric.questions + general)
            lead = [problem] if dice.chance(0.4) else []
            return [*lead, writer.say(asked).rstrip("?") + "?"]
        case "thanks":
            more = [writer.say(dice.pick(v["thanks_more"]))] if dice.chance(0.6) else []
            return [writer.say(dice.pick(v["thanks"])), *more]
        case "report":
            return [writer.say(dice.pick(v["reports"])) + " " + problem]
    if not writer.placed and dice.chance(0.6):
        where = writer.say(dice.pick(v["places"][rubric.place]))
        writer.placed = True
        return dice.pick(([f"{where} {problem}"], [problem, where], [f"{where}: {problem}"]))
    return [problem]


def _middle(writer: Writer, voice: str, room: int) -> list[str]:
    """Add parts until the text is as long as wanted, then put them in a believable order."""
    task, dice, v = writer.task, writer.dice, voices()
    if task.kind == "thanks":
        return []
    parts: list[tuple[float, str]] = []
    sides = list(task.others)
    plan = _PARTS | {"law": 0.35 if voice == "official" else 0.05, "side": 2.0 if sides else 0.0}
    if task.rubric.acute:
        plan = dict(_ACUTE_PARTS)
    elif task.kind in ("question", "proposal"):
        plan |= {"attempt": 0.3, "demand": 0.2, "mood": 0.4}
    for _ in range(60):
        if room <= 25:
            break
        name = dice.weighted(list(plan), list(plan.values()))
        plan[name] *= 0.35 if name in ("demand", "mood", "duration", "self") else 0.8
        text = _part(writer, name, voice, sides, v)
        if text is None:
            plan[name] = 0.0
            continue
        if len(text) > room * 1.6 + 20:
            continue
        room -= len(text) + 2
        parts.append((_ORDER[name] + 1.2 * dice.uniform(), text))
    return [text for _, text in sorted(parts)]


def _part(
    writer: Writer, name: str, voice: str, sides: list[Rubric], v: dict[str, Any]
) -> str | None:
    rubric = writer.task.rubric
    match name:
        case "problem":
            return writer.fresh(rubric.problems)
        case "consequence":
            return writer.fresh(rubric.consequences)
        case "duration":
            return writer.fresh(v["durations"])
        case "attempt":
            return writer.fresh(v["attempts"])
        case "mood":
            return writer.fresh(v["moods"][voice])
        case "story":
            return writer.fresh(v["stories"])
        case "aside":
            return writer.fresh(v["asides"])
        case "law":
            return writer.fresh(v["laws"])
        case "self":
            return writer.fresh(v["selves"])
        case "side":
            if not sides:
                return None
            text = writer.fresh(sides.pop().problems)
            return writer.dice.pick(v["side_links"]) + text if text else None
        case _:
            return writer.fresh(v["demands"])


def _joined(writer: Writer, voice: str, parts: list[str]) -> str:
    """Join the parts: greeting first, thanks and signature last, stops by voice."""
    task, dice, v = writer.task, writer.dice, voices()
    polite = _POLITE[voice] * _POLITE_CHANNEL[task.channel]
    if task.repeat and dice.chance(0.6):
        parts = [writer.say(dice.pick(v["repeats"])), *parts]
    if dice.chance(polite):
        parts = [writer.say(dice.pick(v["greetings"])), *parts]
    if dice.chance(polite * 0.7):
        parts = [*parts, writer.say(dice.pick(v["closings"]))]
    if task.channel == "hotline":
        parts[0] = writer.say(dice.pick(v["operator"])) + " " + parts[0]
    text = ""
    for part in parts:
        if not part:
            continue
        if not text:
            text = capital(part)
        elif text[-1] in "?!" or not dice.chance(_SPLICED[voice]):
            text = f"{text}{_stop(text, voice, dice)} {capital(part)}"
        else:
            text = f"{text}, {part}"
    if text[-1] not in "?!.:" and dice.chance(0.75):
        text += "!" if voice == "angry" and dice.chance(0.4) else "."
    return re.sub(r"\s+([,.!?])", r"\1", tidy(text))


def _stop(text: str, voice: str, dice: Dice) -> str:
    """Choose how a sentence ends in this voice."""
    if text[-1] in "?!.:":
        return ""
    if voice == "angry" and dice.chance(0.3):
        return "!"
    return "." if voice == "official" else dice.pick(_STOPS)
