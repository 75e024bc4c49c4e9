"""How a message is handled: by which rules, registered and due when, extended, sent on, graded.

Drawn after everything else and from streams of its own, so that no text, answer or date of the
region hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import calendar
from cur_lab.synthetic.answers import agencies
from cur_lab.synthetic.messages import Message
from cur_lab.synthetic.region import region, utc
from cur_lab.synthetic.streams import Dice

_NETWORKS = ("vk", "ok", "telegram")
_ANSWER_NEEDED = 0.2  # of what is left without an answer in a network
_SENT_ON = 0.45  # of what is left without an answer on the portal
_EXTENDED = 0.6  # of what is not answered when its term ends
_GRADED = 0.25
_PORTAL_DAYS, _FAST_DAYS, _LAW_DAYS = 30, 10, 30
_END = datetime.combine(calendar.LAST, time.max)
_LATE_JOINERS = 0.2
_FEDERAL = ("Роспотребнадзор", "социального фонда")


@dataclass(frozen=True, slots=True)
class Handling:
    """What the source tells of a message beside its text and answer; local times."""

    regime: str | None = None
    registered_at: datetime | None = None
    due_at: datetime | None = None
    extended_until: datetime | None = None
    redirected_at: datetime | None = None
    answer_required: bool | None = None
    status: str | None = None
    rating: int | None = None
    term_ends: datetime | None = None


def handled(seed: int, message: Message) -> Handling:
    """Draw how one message is handled; nothing is known of what no agency got."""
    if message.agency is None:
        return Handling()
    dice = Dice(seed, "handling", message.message_id)
    answered = message.reply.answered_at
    if message.channel in _NETWORKS:
        needed = answered is not None or (message.kind != "thanks" and dice.chance(_ANSWER_NEEDED))
        return Handling(
            regime="network", answer_required=needed, status=_status(message, None, None, needed)
        )
    needed = message.kind != "thanks"
    if message.channel != "gosuslugi":
        return Handling(
            answer_required=needed,
            status=_status(message, None, None, needed),
            rating=_rating(message, dice),
        )
    regime = dice.pick(("appeal", "portal", "portal", "portal", "fast"))
    registered = message.written_at + timedelta(minutes=1)
    if regime == "appeal":
        registered = _morning(message.written_at, dice)
        # A body that answers at once registers at once.
        registered = min(registered, answered) if answered else registered
    days = {"appeal": _LAW_DAYS, "portal": _PORTAL_DAYS, "fast": _FAST_DAYS}[regime]
    ends = datetime.combine(registered.date() + timedelta(days=days), time.max)
    sent_on = None
    if needed and answered is None and dice.chance(_SENT_ON):
        moment = registered + timedelta(days=1 + 5 * dice.uniform())
        sent_on = moment.replace(microsecond=0) if moment <= _END else None
    extended = None
    waits = answered is None or answered > ends
    if needed and sent_on is None and ends <= _END and waits and dice.chance(_EXTENDED):
        extended = datetime.combine(ends.date() + timedelta(days=_LAW_DAYS), time.max)
    return Handling(
        regime=regime,
        registered_at=registered,
        # The portal names its own terms; that of an appeal is the law's.
        due_at=None if regime == "appeal" else ends,
        extended_until=extended,
        redirected_at=sent_on,
        answer_required=needed,
        status=_status(message, sent_on, extended, needed),
        rating=_rating(message, dice),
        term_ends=extended or ends,
    )


def _morning(written: datetime, dice: Dice) -> datetime:
    """Draw a registration within the three days the law leaves for it."""
    return datetime.combine(
        written.date() + timedelta(days=dice.integer(1, 3)), time(9)
    ) + timedelta(minutes=dice.integer(0, 480))


def _status(
    message: Message, sent_on: datetime | None, extended: datetime | None, needed: bool
) -> str:
    reply = message.reply
    if reply.reopened_at:
        return "возобновлено"
    if reply.resolved_at:
        return "решено"
    if reply.answered_at:
        return "дан ответ"
    if not needed:
        return "ответ не требуется"
    if sent_on:
        return "перенаправлено"
    return "срок продлён" if extended else "в работе"


def _rating(message: Message, dice: Dice) -> int | None:
    """Draw the citizen's grade: empty phrases get low ones."""
    if message.reply.answered_at is None or not dice.chance(_GRADED):
        return None
    return dice.pick((1, 1, 1, 2, 2, 3, 5) if message.reply.boilerplate else (2, 4, 4, 5, 5, 5))


def columns_of(found: Sequence[Handling]) -> dict[str, pl.Series]:
    """Return the columns of messages, in the order of ``found``."""
    times = (c.REGISTERED_AT, c.DUE_AT, c.EXTENDED_UNTIL, c.REDIRECTED_AT)
    dated = {name: utc([getattr(one, name) for one in found]) for name in times}
    said = {
        c.ANSWER_REQUIRED: pl.Boolean,
        c.REGIME: pl.String,
        c.STATUS: pl.String,
        c.RATING: pl.Int64,
    }
    return dated | {
        name: pl.Series([getattr(one, name) for one in found], dtype=dtype)
        for name, dtype in said.items()
    }


def truth(written: Sequence[Message], found: Sequence[Handling]) -> pl.DataFrame:
    """Return when each term really ends, and what has become of the message by the last day."""
    pairs = [pair for pair in zip(written, found, strict=True) if pair[1].term_ends]
    states = [_state(message.reply.answered_at, one) for message, one in pairs]
    return pl.DataFrame(
        {
            "message_id": [message.message_id for message, _ in pairs],
            "term_ends_at": utc([one.term_ends for _, one in pairs]),
            "state": states,
        },
        schema_overrides={"state": pl.String},
    )


def _state(answered: datetime | None, one: Handling) -> str:
    ends = one.term_ends or _END
    if not one.answer_required:
        return "not_required"
    if answered:
        return "in_time" if answered <= ends else "late"
    if one.redirected_at:
        return "redirected"
    return "overdue" if ends < _END else "not_yet_due"


def bodies(seed: int) -> pl.DataFrame:
    """Return the table ``agencies``: the level of each body, since when it is connected."""
    names = agencies()["agency"].to_list()
    ours = [m.of for m in region().municipalities]
    first = datetime.combine(calendar.FIRST, time()) - timedelta(days=400)
    connected = []
    for name in names:
        dice = Dice(seed, "connected", name)
        late = dice.chance(_LATE_JOINERS)
        connected.append(first + timedelta(days=dice.integer(500, 800) if late else 0))
    return c.AGENCIES.conform(
        pl.DataFrame(
            {
                c.AGENCY: names,
                c.LEVEL: [_level(name, ours) for name in names],
                c.REGIME: None,
                c.CONNECTED_AT: utc(connected),
            }
        )
    )


def _level(name: str, ours: Sequence[str]) -> str:
    if any(word in name for word in _FEDERAL):
        return "federal"
    return "municipality" if any(name.endswith(of) for of in ours) else "region"
