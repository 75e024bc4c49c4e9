"""What planted messages share: senders who were there before, and rows like all the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cur_lab.synthetic.answers import NOTHING, agency_of, answer
from cur_lab.synthetic.catalogue import Rubric
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.messages import Message, official_label, thread_of
from cur_lab.synthetic.people import Author, newcomer
from cur_lab.synthetic.region import Place, region
from cur_lab.synthetic.streams import Dice, identifier


class Regulars:
    """Senders by channel and district, with the time they were first heard of."""

    def __init__(self, written: Iterable[Message]) -> None:
        self._known: dict[tuple[str, int], dict[str, tuple[datetime, Author]]] = {}
        for message in written:
            known = self._known.setdefault((message.channel, message.municipality), {})
            known.setdefault(message.author.author_id, (message.written_at, message.author))

    def pick(self, channel: str, municipality: int, moment: datetime, dice: Dice) -> Author | None:
        """Return someone heard of before ``moment``, or None; nobody is returned twice."""
        known = self._known.get((channel, municipality), {})
        before = [author for first, author in known.values() if first < moment]
        if not before:
            return None
        author = dice.pick(before)
        # Neighbours are many: each speaks once in what is planted.
        del known[author.author_id]
        return author


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to become a message: who writes when, where and what about."""

    name: str
    author: Author
    channel: str
    municipality: int
    written_at: datetime
    text: str
    kind: str
    rubric: Rubric | None
    where: Place
    incident: Incident | None = None
    thread_id: str | None = None


def citizen(
    seed: int,
    regulars: Regulars,
    channel: str,
    municipality: int,
    moment: datetime,
    *name: str | int,
    known: float = 0.4,
) -> Author:
    """Return who writes: with probability ``known`` someone heard of before, else a newcomer."""
    dice = Dice(seed, "citizen", *name)
    found = None
    if dice.chance(known):
        found = regulars.pick(channel, municipality, moment, dice)
    return found or newcomer(seed, channel, moment, "citizen", *name)


def message(seed: int, draft: Draft) -> Message:
    """Give a draft what every message has: an official rubric, an agency, an answer, a thread."""
    dice = Dice(seed, "planted", draft.name)
    message_id = identifier(seed, "planted", draft.name)
    rubric = draft.rubric
    label = official_label(rubric, draft.channel, dice) if rubric else None
    agency = agency_of(label, draft.where.municipality, dice) if label else None
    reply = NOTHING
    if agency and rubric:
        about = draft.incident or _occasion(draft, rubric)
        reply = answer(seed, message_id, draft.kind, draft.channel, agency, about, draft.written_at)
    thread = thread_of(draft.channel, draft.municipality, draft.written_at, dice)
    return Message(
        message_id=message_id,
        written_at=draft.written_at,
        author=draft.author,
        channel=draft.channel,
        municipality=draft.municipality,
        text=draft.text,
        kind=draft.kind,
        rubric=rubric,
        label=label,
        agency=agency,
        incident=draft.incident,
        problems=(rubric.key,) if rubric else (),
        voice=draft.author.voice,
        reply=reply,
        thread_id=draft.thread_id or thread,
    )


def _occasion(draft: Draft, rubric: Rubric) -> Incident:
    """Return what an agency answers about where nothing has happened."""
    municipality, moment = draft.municipality, draft.written_at
    over = moment + timedelta(days=rubric.days)
    return Incident("", rubric, municipality, draft.where, moment, over, 1.0, None)


def district(name: str) -> int:
    """Return the number of a district by its centre."""
    return next(n for n, m in enumerate(region().municipalities) if m.centre == name)


def aged(author: Author, channel: str, moment: datetime, age: timedelta) -> Author:
    """Let an account be opened ``age`` before ``moment``, where the channel tells."""
    if channel not in ("vk", "bot"):
        return author
    return replace(author, created_at=(moment - age).replace(microsecond=0))
