"""A shift of the channel mix: the same messages, from some day on elsewhere.

Nobody writes more or less; what changes is where, and with it how long a text is, how soon it is
answered and whether at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cur_lab.synthetic import plans
from cur_lab.synthetic.answers import NOTHING, answer
from cur_lab.synthetic.catalogue import by_key
from cur_lab.synthetic.messages import Message, thread_of
from cur_lab.synthetic.noise import dirty
from cur_lab.synthetic.people import Author
from cur_lab.synthetic.planting import Regulars, citizen
from cur_lab.synthetic.streams import Dice
from cur_lab.synthetic.writer import Task, write

_KNOWN = 0.4


def moved(seed: int, written: Sequence[Message]) -> list[Message]:
    """Return the messages with some of them in another channel; their number stays the same.

    A copy goes where its original went.
    """
    regulars = Regulars(written)
    elsewhere: dict[str, tuple[Message, Message]] = {}
    rows = []
    for message in written:
        if message.copy_of in elsewhere:
            row = _copied(seed, message, *elsewhere[message.copy_of], regulars)
        elif channel := _target(seed, message):
            row = _rewritten(seed, message, channel, regulars)
            elsewhere[message.message_id] = (message, row)
        else:
            row = message
        rows.append(row)
    return rows


def _target(seed: int, message: Message) -> str | None:
    """Choose where a message goes instead, or None if it stays."""
    begun = message.written_at.date() >= plans.read("channels")["at"]
    if not begun or message.copy_of or not message.incident:
        return None
    luck = Dice(seed, "channel", message.message_id).uniform()
    for move in plans.read("channels")["move"]:
        if move["from"] == message.channel:
            if luck < move["share"]:
                return str(move["to"])
            luck -= move["share"]
    return None


def _rewritten(seed: int, message: Message, channel: str, regulars: Regulars) -> Message:
    """Say the same where people write otherwise; rubric, place and minute stay."""
    rubric, incident = message.rubric, message.incident
    if rubric is None or incident is None:
        return message
    dice = Dice(seed, "moved", message.message_id)
    author = _sender(seed, message, channel, regulars)
    others = tuple(by_key()[key] for key in message.problems[1:])
    moment, glad = message.written_at, message.kind == "thanks"
    task = Task(rubric, others, message.kind, channel, author, incident.where, moment, False)
    text = dirty(write(task, dice), channel, author.neatness, glad, dice)
    return _sent(seed, message, channel, author, text)


def _copied(
    seed: int, copy: Message, original: Message, moved: Message, regulars: Regulars
) -> Message:
    same = copy.author.author_id == original.author.author_id
    author = moved.author if same else _sender(seed, copy, moved.channel, regulars)
    return _sent(seed, copy, moved.channel, author, moved.text)


def _sender(seed: int, message: Message, channel: str, regulars: Regulars) -> Author:
    name, moment = ("moved", message.message_id), message.written_at
    return citizen(seed, regulars, channel, message.municipality, moment, *name, known=_KNOWN)


def _sent(seed: int, message: Message, channel: str, author: Author, text: str) -> Message:
    dice = Dice(seed, "moved thread", message.message_id)
    incident, moment, reply = message.incident, message.written_at, NOTHING
    if message.agency and incident:
        name, kind = message.message_id, message.kind
        reply = answer(seed, name, kind, channel, message.agency, incident, moment)
    return replace(
        message,
        channel=channel,
        author=author,
        text=text,
        voice=author.voice,
        reply=reply,
        thread_id=thread_of(channel, message.municipality, moment, dice),
    )


def table() -> pl.DataFrame:
    """Return what was planted: from which day, from where, where to, and how large a share."""
    moves = plans.read("channels")["move"]
    return pl.DataFrame(
        {
            "date": [plans.read("channels")["at"]] * len(moves),
            "from": [move["from"] for move in moves],
            "to": [move["to"] for move in moves],
            "share": [float(move["share"]) for move in moves],
        }
    )
