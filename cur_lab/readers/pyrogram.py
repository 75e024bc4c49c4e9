"""Messages as Pyrogram and its forks write them: ``str(message)``, a list or JSON Lines.

Dates are on the clock of the machine that made the dump, without a zone: they are taken to be in
the zone asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cur_lab.readers import content, listed, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.telegram_api import SHOWN, Chats, Sent, counted, words, written

FORMATS = {"pyrogram": frozenset({content.RECORDS, content.LINES})}

Item = Mapping[str, Any]

_CHANNELS = 10**12
_KINDS = {"photo": "photo", "video": "video", "animation": "video", "video_note": "clip"}
# What a post without words may show.
_SHOWING = {*_KINDS, "poll", "document", "audio", "voice", "sticker", "location", "venue"}


def sniff(file: Glance) -> str | None:
    """Tell messages by the object of their chat."""
    if file.container not in FORMATS["pyrogram"]:
        return None
    return "pyrogram" if any(map(_ours, file.items)) else None


def _ours(item: Item) -> bool:
    chat = item.get("chat")
    number = item.get("id", item.get("message_id"))
    return isinstance(chat, Mapping) and "id" in chat and reading.whole(number) is not None


def read(file: Glance, asked: Asked) -> Draft:
    """Read a dump.

    Raises
    ------
    InputError
        If it is damaged and nothing in it is whole.
    """
    draft = Draft(asked.timezone, owned=True)
    chats = Chats(draft, asked.key)
    for row, item in listed.objects(file, draft, SHOWN, {}):
        if not isinstance(item, dict) or not _ours(item):
            draft.refuse(row, reading.FORM, reading.as_found(item, SHOWN))
        elif item.get("empty") is True:
            draft.refuse(row, reading.DELETED, reading.as_found(item, SHOWN))
        elif item.get("service") not in (None, False):
            topic = item.get("forum_topic_created")
            if isinstance(topic, Mapping):
                chats.section(_chat(item), _number(item), topic.get("title", topic.get("name")))
            draft.refuse(row, reading.SERVICE, reading.as_found(item, SHOWN))
        else:
            chats.take(row, _sent(item), item)
    chats.finish()
    return draft


def _sent(item: Item) -> Sent:
    chat, on_behalf = _chat(item), _inner(item, "sender_chat")
    kind = _word(_inner(item, "chat").get("type"))
    person = _inner(item, "from_user") or _inner(item, "from")
    sender = _peer(on_behalf) or _peer(person)
    source, origin = _forwarded(item)
    its_channel = (
        bool(on_behalf)
        and sender != chat
        and (item.get("automatic_forward") is True or origin == sender)
    )
    likes, paid = _reactions(item.get("reactions"))
    top = reading.whole(item.get("reply_to_top_message_id", item.get("message_thread_id")))
    section = item.get("is_topic_message") is True or item.get("topic_message") is True
    reply = reading.whole(item.get("reply_to_message_id"))
    if reply is None and _inner(item, "reply_to_message"):
        reply = _number(_inner(item, "reply_to_message"))
    text, form, shows = _content(item)
    about = _inner(item, "chat")
    title = about.get("title")
    return Sent(
        number=_number(item),
        chat=chat,
        text=text,
        sender=sender,
        published=written(item.get("date")),
        edited=written(item.get("edit_date")),
        title=title if isinstance(title, str) else None,
        kind=form,
        shows=shows,
        broadcast=kind == "channel",
        voice=kind == "channel" or (bool(on_behalf) and sender == chat),
        its_channel=its_channel,
        forwarded=None if its_channel and origin == sender else source,
        reply=reply,
        top=top,
        section=section,
        views=counted(item.get("views")),
        shares=counted(item.get("forwards")),
        likes=likes,
        paid=paid,
        followers=counted(about.get("members_count")),
    )


def _inner(item: Item, name: str) -> Item:
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(item: Item) -> int:
    return reading.whole(item.get("id", item.get("message_id"))) or 0


def _word(found: Any) -> str:
    """Read the name of a kind: ``ChatType.CHANNEL`` is ``channel``."""
    return found.rpartition(".")[2].lower() if isinstance(found, str) else ""


def _chat(item: Item) -> str:
    return _peer(_inner(item, "chat")) or "chattelegram"


def _peer(found: Item) -> str | None:
    """Name a peer as Telegram Desktop does: the sign of the number says what it is."""
    number = reading.whole(found.get("id"))
    if number is None:
        return None
    if number >= 0:
        return f"user{number}"
    return f"channel{-number - _CHANNELS}" if -number > _CHANNELS else f"chat{-number}"


def _forwarded(item: Item) -> tuple[str | None, str | None]:
    """Tell where a forward comes from, and that again if it is a chat."""
    # New forks put all of it into one object.
    origin = _inner(item, "forward_origin") or item
    chat = next(
        (peer for name in ("forward_from_chat", "chat", "sender_chat")
         if (origin is not item or name == "forward_from_chat")
         and (peer := _peer(_inner(origin, name)))),
        None,
    )  # fmt: skip
    person = _peer(_inner(origin, "forward_from" if origin is item else "sender_user"))
    named = origin.get("forward_sender_name" if origin is item else "sender_user_name")
    if chat or person:
        return chat or person, chat
    if isinstance(named, str) and named.strip():
        return reading.sound(named), None
    if item.get("forward_date") is not None or origin is not item:
        return f"deleted {_chat(item)} {_number(item)}", None
    return None, None


def _content(item: Item) -> tuple[str, str, bool]:
    """Words, kind, and whether there is something to see beside words."""
    text = words(item.get("text")) or words(item.get("caption"))
    poll = _inner(item, "poll")
    if poll:
        kind = "quiz" if _word(poll.get("type")) == "quiz" else "poll"
        return text or words(poll.get("question")), kind, True
    media = _word(item.get("media"))
    shown = next((name for name in _KINDS if name == media or item.get(name)), None)
    shows = media in _SHOWING or any(item.get(name) for name in _SHOWING)
    return text, _KINDS[shown] if shown else "text", shows


def _reactions(found: Any) -> tuple[int | None, int | None]:
    """People's reactions and stars."""
    listed_ones = found.get("reactions") if isinstance(found, Mapping) else found
    if not isinstance(listed_ones, list):
        return None, None
    people, paid = 0, None
    for one in listed_ones:
        count = counted(one.get("count")) if isinstance(one, Mapping) else None
        if count is None:
            continue
        stars = one.get("is_paid") is True or _word(one.get("type")) == "paid"
        if stars or "Paid" in str(_inner(one, "type").get("_", "")):
            paid = (paid or 0) + count
        else:
            people += count
    return people, paid
