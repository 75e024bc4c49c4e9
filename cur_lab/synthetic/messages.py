"""The messages of the region: reports of incidents, copies of them, and chatter around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log

from cur_lab.progress import bar
from cur_lab.synthetic import calendar
from cur_lab.synthetic.answers import NOTHING, Answer, agency_of, answer
from cur_lab.synthetic.catalogue import Rubric, by_key, rubrics
from cur_lab.synthetic.incidents import Incident, Report, incidents, opened_before, reports
from cur_lab.synthetic.noise import dirty, form_residue
from cur_lab.synthetic.people import Author, Crowd
from cur_lab.synthetic.region import region
from cur_lab.synthetic.streams import Dice, identifier
from cur_lab.synthetic.writer import Task, chatter, write

_LABELLED = {"gosuslugi": 1.0, "bot": 1.0, "hotline": 1.0, "vk": 0.82, "ok": 0.82, "telegram": 0.7}
_MISROUTED_NEAR = 0.09
_MISROUTED_FAR = 0.03
_SOCIAL = ("vk", "telegram", "ok")
_CHATTER = 0.13  # replies per message of a social channel
_RESENT = 0.008  # the same person sends the same text again
_COPIED = 0.005  # neighbours send the text on with small changes
_FORWARDED = 0.03  # a message of a chat is forwarded to another
_SAME_AUTHOR = 0.12  # a second report of an incident comes from the one who wrote first


@dataclass(frozen=True, slots=True)
class Message:
    """One message with what was planted in it. Times are local."""

    message_id: str
    written_at: datetime
    author: Author
    channel: str
    municipality: int
    text: str
    kind: str
    rubric: Rubric | None
    label: Rubric | None
    agency: str | None
    incident: Incident | None
    problems: tuple[str, ...]
    voice: str
    reply: Answer
    thread_id: str | None
    reply_to_id: str | None = None
    forwarded_from: str | None = None
    copy_of: str | None = None


def messages(
    seed: int, scale: float, shocks: tuple[calendar.Shock, ...]
) -> tuple[list[Message], list[tuple[Incident, int]]]:
    """Write all messages, oldest first, and list every incident with its number of reports."""
    return _written(seed, incidents(seed, scale, shocks), crowds_of=seed)


def still_open(seed: int, scale: float) -> tuple[list[Message], list[tuple[Incident, int]]]:
    """Write the messages about what began before the first day; others write them.

    Their senders are a crowd of their own, so that no other message changes its author.
    """
    return _written(seed, opened_before(seed, scale), crowds_of=seed + 1)


def _written(
    seed: int, troubles: Iterable[Incident], *, crowds_of: int
) -> tuple[list[Message], list[tuple[Incident, int]]]:
    planned: list[Report] = []
    happened: list[tuple[Incident, int]] = []
    for incident in troubles:
        made = reports(seed, incident)
        happened.append((incident, len(made)))
        planned += made
    planned.sort(key=lambda r: (r.written_at, r.incident.incident_id, r.number))
    written: list[Message] = []
    crowds: dict[tuple[str, int], Crowd] = {}
    first_author: dict[str, Author] = {}

    def crowd(channel: str, municipality: int) -> Crowd:
        return crowds.setdefault((channel, municipality), Crowd(crowds_of, channel, municipality))

    for report in bar(planned, name="Заречье"):
        message = _report(seed, report, crowd, first_author)
        written.append(message)
        written += _copies(seed, message, crowd)
        if message.channel in _SOCIAL:
            written += _replies(seed, message, crowd)
    end = datetime.combine(calendar.LAST, datetime.max.time())
    written = [message for message in written if message.written_at <= end]
    written.sort(key=lambda m: (m.written_at, m.message_id))
    return written, happened


_Crowds = Callable[[str, int], Crowd]


def _report(seed: int, report: Report, crowd: _Crowds, first_author: dict[str, Author]) -> Message:
    incident, channel = report.incident, report.channel
    dice = Dice(seed, "message", incident.incident_id, report.number)
    people = crowd(channel, incident.municipality)
    earlier = first_author.get(incident.incident_id + channel)
    repeat = earlier is not None and dice.chance(_SAME_AUTHOR)
    author = people.again(earlier) if repeat and earlier else people.next(report.written_at)
    first_author.setdefault(incident.incident_id + channel, author)
    kind, moment = _kind(incident, report, dice)
    others = _other_problems(incident.rubric, kind, dice)
    task = Task(incident.rubric, others, kind, channel, author, incident.where, moment, repeat)
    # A citizen writes differently each time, but usually in the own voice.
    voice = (
        author.voice if dice.chance(0.7) else dice.pick(("angry", "resigned", "official", "chatty"))
    )
    task.author = replace(author, voice="official" if channel == "hotline" else voice)
    text = dirty(write(task, dice), channel, author.neatness, kind == "thanks", dice)
    if channel == "gosuslugi" and dice.chance(0.6):
        text = form_residue(text, dice)
    message_id = identifier(seed, "message", incident.incident_id, report.number)
    label = official_label(incident.rubric, channel, dice)
    district = region().municipalities[incident.municipality]
    agency = agency_of(label, district, dice) if label else None
    reply = answer(seed, message_id, kind, channel, agency, incident, moment) if agency else NOTHING
    return Message(
        message_id=message_id,
        written_at=moment,
        author=author,
        channel=channel,
        municipality=incident.municipality,
        text=text,
        kind=kind,
        rubric=incident.rubric,
        label=label,
        agency=agency,
        incident=incident,
        problems=(incident.rubric.key, *(other.key for other in others)),
        voice=task.author.voice,
        reply=reply,
        thread_id=thread_of(channel, incident.municipality, moment, dice),
    )


def _kind(incident: Incident, report: Report, dice: Dice) -> tuple[str, datetime]:
    rubric, moment = incident.rubric, report.written_at
    kind = dice.weighted(
        ("complaint", "question", "proposal", "thanks", "report"),
        (0.76, 0.1, 0.05, 0.04, rubric.threat),
    )
    if kind == "thanks":
        # One thanks when it is over.
        moment = max(moment, incident.ended_at + timedelta(hours=30 * dice.uniform()))
        moment = moment.replace(microsecond=0)
    return kind, moment


def _other_problems(rubric: Rubric, kind: str, dice: Dice) -> tuple[Rubric, ...]:
    if kind != "complaint" or not dice.chance(0.12):
        return ()
    near = [r for r in rubrics() if r.group == rubric.group and r.key != rubric.key]
    far = [r for r in rubrics() if r.group != rubric.group and r.place == rubric.place]
    pool = near if near and (dice.chance(0.6) or not far) else far
    chosen = [dice.pick(pool)] if pool else []
    if pool and dice.chance(0.2):
        chosen.append(dice.pick(pool))
    return tuple(dict.fromkeys(chosen))


def official_label(rubric: Rubric, channel: str, dice: Dice) -> Rubric | None:
    """Choose the official rubric: at times an operator takes a neighbouring or a wrong one."""
    if not dice.chance(_LABELLED[channel]):
        return None
    share = dice.uniform()
    if share < _MISROUTED_NEAR:
        near = [by_key()[key] for key in rubric.confused_with if key in by_key()]
        near = near or [r for r in rubrics() if r.group == rubric.group]
        return dice.pick(near)
    if share < _MISROUTED_NEAR + _MISROUTED_FAR:
        return dice.weighted(rubrics(), [r.weight for r in rubrics()])
    return rubric


def thread_of(channel: str, municipality: int, moment: datetime, dice: Dice) -> str | None:
    """Name the post a comment stands under: pages post daily, comments lag by a day or three."""
    if channel not in _SOCIAL:
        return None
    number = max(0, (moment.date() - calendar.FIRST).days - int(3.2 * dice.uniform() ** 3))
    return f"{channel}-{municipality + 1:02d}-{number:04d}"


def _copies(seed: int, message: Message, crowd: _Crowds) -> Iterable[Message]:
    """Send a text again: by the same person unchanged, or by a neighbour with small changes."""
    dice = Dice(seed, "copies", message.message_id)
    resent, copied = dice.chance(_RESENT), dice.chance(_COPIED)
    forwarded = message.channel == "telegram" and dice.chance(_FORWARDED)
    people = crowd(message.channel, message.municipality)
    copies = []
    if resent:
        copies.append((people.again(message.author), message.text))
    if copied:
        for _ in range(1 + int(-1.2 * log(1 - dice.uniform()))):
            author = people.next(message.written_at)
            copies.append((author, _retold(message.text, author, dice)))
    if forwarded:
        copies.append((people.next(message.written_at), message.text))
    for number, (author, text) in enumerate(copies):
        delay = timedelta(hours=0.2 + 60 * dice.uniform() ** 2)
        moment = (message.written_at + delay).replace(microsecond=0)
        message_id = identifier(seed, "copy", message.message_id, number)
        reply = NOTHING
        if message.agency and message.incident:
            reply = answer(
                seed,
                message_id,
                message.kind,
                message.channel,
                message.agency,
                message.incident,
                moment,
            )
        source = message.author.author_id if forwarded and number == len(copies) - 1 else None
        yield replace(
            message,
            message_id=message_id,
            written_at=moment,
            author=author,
            text=text,
            reply=reply,
            forwarded_from=source,
            copy_of=message.message_id,
        )


def _retold(text: str, author: Author, dice: Dice) -> str:
    """Change a little of a neighbour's text: nothing, a greeting, the last words, a number."""
    match dice.integer(0, 4):
        case 0:
            return text
        case 1:
            return "Здравствуйте! " + text if not text.startswith("<p>") else text
        case 2:
            return f"{text} {author.person.initials}"
        case 3:
            return text.rstrip(".!") + "!!!"
        case _:
            words = text.split(" ")
            return " ".join(words[: max(3, len(words) - dice.integer(1, 3))])


def _replies(seed: int, message: Message, crowd: _Crowds) -> Iterable[Message]:
    """Write what others answer under a message of a social channel."""
    if message.rubric is None or message.incident is None:
        return
    dice = Dice(seed, "replies", message.message_id)
    people = crowd(message.channel, message.municipality)
    number = 0
    while dice.chance(_CHATTER / (1 + _CHATTER)) and number < 6:
        moment = message.written_at + timedelta(minutes=1 + 400 * dice.uniform() ** 3)
        author = people.next(moment)
        where = message.incident.where
        task = Task(message.rubric, (), "other", message.channel, author, where, moment, False)
        text = chatter(task, dice)
        yield replace(
            message,
            message_id=identifier(seed, "reply", message.message_id, number),
            written_at=moment.replace(microsecond=0),
            author=author,
            text=dirty(text, message.channel, author.neatness, dice.chance(0.4), dice),
            kind="other",
            rubric=None,
            label=None,
            agency=None,
            incident=None,
            problems=(),
            reply=NOTHING,
            reply_to_id=message.message_id,
            voice="chatty",
        )
        number += 1
