"""Telegram Desktop's JSON: channels → posts, groups and dialogues → messages.

A message is called ``chat/number``. A dialogue is known by the other person, so its number is keyed
and its name left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import content, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft

FORMATS = {"telegram": frozenset({content.RECORDS})}

Item = Mapping[str, Any]

_CHANNELS = {"public_channel", "private_channel"}
_DIALOGUES = {"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"}
# What a rejected row shows: nothing that holds a name.
_SHOWN = ("id", "type", "action", "date", "media_type", "text")
_MEDIA = {
    "video_file": "video",
    "animation": "video",
    "video_message": "clip",
}


def sniff(file: Glance) -> str | None:
    """Tell an export of one chat or of many."""
    known = file.keys & {"messages", "chats", "left_chats"}
    return "telegram" if file.container == content.RECORDS and known else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read an export of one chat or of many.

    Raises
    ------
    InputError
        If it has no list of messages.
    """
    draft, row, key = Draft(asked.timezone, owned=True), 0, asked.key
    messages: list[dict[str, object]] = []
    posts: list[dict[str, object]] = []
    for chat in _chats(file.document, file.path):
        items = chat["messages"]
        rows = [
            (row, item)
            for row, item in enumerate(items, start=row + 1)
            if _accepted(item, row, draft)
        ]
        row += len(items)
        if chat.get("type") in _CHANNELS:
            posts += _posts(chat, rows, draft)
        else:
            messages += _messages(chat, rows, draft, key)
    draft.messages.append(reading.timed(messages, c.MESSAGES, draft))
    draft.posts.append(reading.timed(posts, c.POSTS, draft))
    return draft


def _chats(document: Any, path: Path) -> Iterator[Item]:
    if not isinstance(document, dict):
        document = {}
    chats: list[Any] = [document]
    if "messages" not in document:
        parts = (document.get(name) for name in ("chats", "left_chats"))
        lists = [part.get("list") for part in parts if isinstance(part, dict)]
        chats = [chat for part in lists if isinstance(part, list) for chat in part]
        if not any(isinstance(part, list) for part in lists):
            chats = [None]
    for place, chat in enumerate(chats, start=1):
        if not isinstance(chat, dict) or not isinstance(chat.get("messages"), list):
            raise InputError(
                "no list of messages",
                where=f"{path}, chat {place}",
                remedy="In Telegram Desktop choose «Export chat history», format JSON",
            )
        yield chat


def _accepted(item: Any, row: int, draft: Draft) -> bool:
    if not isinstance(item, dict) or reading.whole(item.get("id")) is None:
        draft.refuse(row, reading.FORM, reading.as_found(item, _SHOWN))
    elif item.get("type") == "service":
        draft.refuse(row, reading.SERVICE, reading.as_found(item, _SHOWN))
    elif item.get("type") != "message":
        draft.refuse(row, reading.FORM, reading.as_found(item, _SHOWN))
    else:
        return True
    return False


def _posts(chat: Item, rows: list[tuple[int, Item]], draft: Draft) -> list[dict[str, object]]:
    page = _chat_id(chat)
    # A post nobody reacted to has no reactions in the export; nor has any, where they are off.
    off = not any("reactions" in item for _, item in rows)
    posts: list[dict[str, object]] = []
    for row, item in rows:
        text, kind = _text(item), _kind(item)
        # A photo without words is a post all the same.
        reason = reading.objection(text)
        if reason and (reason != reading.NO_TEXT or kind == "text"):
            draft.refuse(row, reason, reading.as_found(item, _SHOWN))
            continue
        posts.append(
            {
                c.ROW: row,
                c.POST_ID: f"{page}/{reading.whole(item['id'])}",
                c.PAGE_ID: page,
                c.TEXT: text,
                c.KIND: kind,
                c.LIKES: None if off else _reactions(item),
                c.FORWARDED_FROM: _person(item, "forwarded_from"),
                **_times(item),
            }
        )
    return posts


def _messages(
    chat: Item, rows: list[tuple[int, Item]], draft: Draft, key: bytes
) -> list[dict[str, object]]:
    number, name = _chat_id(chat), chat.get("name")
    channel = reading.sound(name) if isinstance(name, str) and name.strip() else "telegram"
    if chat.get("type") in _DIALOGUES:
        number, channel = pseudonym(number, key), "telegram"
    answers = {
        f"{number}/{reading.whole(item['id'])}": _answered(item, number, key) for _, item in rows
    }
    messages: list[dict[str, object]] = []
    for row, item in rows:
        text = _text(item)
        if reason := reading.objection(text):
            draft.refuse(row, reason, reading.as_found(item, _SHOWN))
            continue
        message = f"{number}/{reading.whole(item['id'])}"
        messages.append(
            {
                c.ROW: row,
                c.MESSAGE_ID: message,
                c.AUTHOR_ID: _person(item, "from"),
                c.CHANNEL: channel,
                c.TEXT: text,
                c.THREAD_ID: _beginning(message, answers),
                c.REPLY_TO_ID: answers[message],
                c.FORWARDED_FROM: _person(item, "forwarded_from"),
                **_times(item),
            }
        )
    return messages


def _chat_id(chat: Item) -> str:
    number = reading.whole(chat.get("id"))
    return reading.sound(str(chat.get("name"))) if number is None else str(number)


def _times(item: Item) -> dict[str, object]:
    """Unix seconds if the export has them: the date beside them is in the exporter's own zone."""

    def written(name: str) -> str | None:
        value = item.get(f"{name}_unixtime", item.get(name))
        return None if value is None else reading.sound(str(value))

    return {c.PUBLISHED_AT: written("date"), reading.EDITED_AT: written("edited")}


def _text(item: Item) -> str:
    """Text in one piece; of a poll its question."""
    found = item.get("text")
    pieces = found if isinstance(found, list) else [found]
    texts = (piece.get("text") if isinstance(piece, dict) else piece for piece in pieces)
    text = "".join(piece for piece in texts if isinstance(piece, str))
    poll = item.get("poll")
    if not text and isinstance(poll, dict) and isinstance(poll.get("question"), str):
        text = poll["question"]
    return reading.sound(text)


def _kind(item: Item) -> str:
    if "poll" in item:
        return "poll"
    media = item.get("media_type")
    if isinstance(media, str) and media in _MEDIA:
        return _MEDIA[media]
    return "photo" if "photo" in item else "text"


def _reactions(item: Item) -> int:
    found = item.get("reactions")
    counts = (
        [reading.whole(one.get("count")) for one in found if isinstance(one, dict)]
        if (isinstance(found, list))
        else []
    )
    return sum(count for count in counts if count)


def _person(item: Item, role: str) -> str | None:
    """Id of a person or channel; the name where the export has no id; older ids lack the prefix."""
    found = item.get(f"{role}_id")
    if (number := reading.whole(found)) is not None:
        return f"user{number}"
    for value in (found, item.get(role)):
        if isinstance(value, str) and value.strip():
            return reading.sound(value)
    return None


def _answered(item: Item, chat: str, key: bytes) -> str | None:
    number = reading.whole(item.get("reply_to_message_id"))
    if number is None:
        return None
    elsewhere = item.get("reply_to_peer_id")
    if isinstance(elsewhere, str):
        person = elsewhere.startswith("user")
        digits = elsewhere.removeprefix("user").removeprefix("channel").removeprefix("chat")
        chat = pseudonym(digits, key) if person else reading.sound(digits)
    return f"{chat}/{number}"


def _beginning(message: str, answers: Mapping[str, str | None]) -> str:
    """Follow the replies up to the message that began the thread."""
    seen = {message}
    while (above := answers.get(message)) is not None and above not in seen:
        seen.add(above)
        message = above
    return message
