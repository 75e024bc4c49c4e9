"""Messages as Telethon dumps them: ``to_json``, ``to_dict``, or a script's own flat objects.

A list, JSON Lines, or an answer of the API with its messages inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cur_lab.readers import content, listed, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.telegram_api import SHOWN, Chats, Sent, counted, words, written

FORMATS = {"telethon": frozenset({content.RECORDS, content.LINES})}

Item = Mapping[str, Any]

_TYPES = {"Message", "MessageService", "MessageEmpty"}
_PEERS = {"user_id": "user", "channel_id": "channel", "chat_id": "chat"}
# Bot API and Telethon's own ``chat_id`` put this before the number of a channel.
_CHANNELS = 10**12
# What a flat object has that nobody else's has.
_FLAT = ({"sender_id", "chat_id"}, {"sender_id", "peer_id"}, {"views", "forwards"})


def sniff(file: Glance) -> str | None:
    """Tell objects of the API by their peers, flat ones by their names."""
    if file.container not in FORMATS["telethon"]:
        return None
    return "telethon" if any(map(_ours, file.items)) else None


def _ours(item: Item) -> bool:
    said = item.keys() & {"message", "text", "raw_text", "action"}
    if item.get("_") in _TYPES and "chat" not in item:
        return bool(said or item.keys() & {"peer_id", "to_id"})
    peers = (item.get(name) for name in ("peer_id", "to_id", "from_id"))
    if any(isinstance(peer, Mapping) and peer.keys() & _PEERS.keys() for peer in peers):
        return "id" in item
    flat = "id" in item and "date" in item and said
    if "message" in item and item.keys() >= {"from_id", "peer_id"}:
        return bool(flat)
    return bool(flat) and any(item.keys() >= names for names in _FLAT)


def read(file: Glance, asked: Asked) -> Draft:
    """Read a dump.

    Raises
    ------
    InputError
        If it is damaged and nothing in it is whole.
    """
    draft, beside = Draft(asked.timezone, owned=True), dict[str, Any]()
    chats = Chats(draft, asked.key)
    kept: list[tuple[int, Item]] = []
    for row, item in listed.objects(file, draft, SHOWN, beside):
        number = reading.whole(item.get("id")) if isinstance(item, dict) else None
        if number is None:
            draft.refuse(row, reading.FORM, reading.as_found(item, SHOWN))
        elif item.get("_") == "MessageEmpty":
            draft.refuse(row, reading.DELETED, reading.as_found(item, SHOWN))
        elif item.get("_") == "MessageService" or isinstance(item.get("action"), dict):
            action = item.get("action")
            if isinstance(action, dict) and action.get("_") == "MessageActionTopicCreate":
                chats.section(_chat(item), number, action.get("title"))
            draft.refuse(row, reading.SERVICE, reading.as_found(item, SHOWN))
        else:
            kept.append((row, item))
    titles = _titles(beside)
    for row, item in kept:
        sent = _sent(item)
        sent.title, sent.followers = titles.get(sent.chat, (sent.title, None))
        chats.take(row, sent, item)
    chats.finish()
    return draft


def _sent(item: Item) -> Sent:
    chat, sender = _chat(item), _peer(item.get("from_id", item.get("sender_id")))
    forward, reply = _inner(item, "fwd_from"), _inner(item, "reply_to")
    text, kind, shows = _content(item)
    likes, paid = _reactions(item.get("reactions"))
    replies = item.get("replies")
    source = None
    if forward:
        number, named = item.get("id"), forward.get("from_name")
        source = _peer(forward.get("from_id")) or (named if isinstance(named, str) else None)
        source = reading.sound(source) if source else f"deleted {chat} {number}"
    # Only the channel that a group belongs to is put there with where it was saved from.
    from_channel = sender is not None and sender.startswith("channel") and sender != chat
    its_channel = from_channel and isinstance(forward.get("saved_from_peer"), Mapping)
    if its_channel and source == sender:
        source = None
    top, number = (
        reading.whole(reply.get("reply_to_top_id")),
        reading.whole(
            reply.get("reply_to_msg_id", item.get("reply_to_msg_id", item.get("reply_to")))
        ),
    )
    section = reply.get("forum_topic") is True
    in_channel = chat.startswith("channel")
    # In a channel nobody is named; in a group an anonymous admin is the group itself.
    broadcast = item.get("post") is True or (sender is None and in_channel)
    return Sent(
        number=int(item["id"]),
        chat=chat,
        text=text,
        sender=sender if sender is not None or in_channel else _other(item, chat),
        published=written(item.get("date")),
        edited=written(item.get("edit_date")),
        title=_title(item),
        kind=kind,
        shows=shows,
        voice=broadcast or sender == chat,
        broadcast=broadcast,
        its_channel=its_channel,
        forwarded=source,
        reply=number,
        elsewhere=_peer(reply.get("reply_to_peer_id")),
        top=number if section and top is None else top,
        section=section,
        views=counted(item.get("views")),
        shares=counted(item.get("forwards")),
        comments=counted(replies.get("replies") if isinstance(replies, Mapping) else replies),
        likes=likes,
        paid=paid,
    )


def _inner(item: Item, name: str) -> Item:
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}


def _chat(item: Item) -> str:
    for name in ("peer_id", "to_id", "chat_id", "channel_id"):
        if (peer := _peer(item.get(name))) is not None:
            return peer.replace("user", "channel", 1) if name == "channel_id" else peer
    return "channeltelegram"


def _peer(found: Any) -> str | None:
    """Name a peer as Telegram Desktop does; a bare number says by its sign what it is."""
    if isinstance(found, Mapping):
        for name, kind in _PEERS.items():
            if (number := reading.whole(found.get(name))) is not None:
                return f"{kind}{number}"
        return None
    number = reading.whole(found)
    if number is None and isinstance(found, str) and found.removeprefix("-").isdigit():
        number = reading.whole(int(found)) if len(found) < 20 else None
    if number is None:
        return None
    if number >= 0:
        return f"user{number}"
    return f"channel{-number - _CHANNELS}" if -number > _CHANNELS else f"chat{-number}"


def _other(item: Item, chat: str) -> str | None:
    """Who wrote in a dialogue where the dump names nobody: the other, unless it was sent."""
    return chat if chat.startswith("user") and item.get("out") is not True else None


def _title(item: Item) -> str | None:
    for name in ("chat_title", "channel_title", "channel", "chat"):
        found = item.get(name)
        found = found.get("title") if isinstance(found, Mapping) else found
        if isinstance(found, str) and found.strip():
            return found
    return None


def _titles(beside: Mapping[str, Any]) -> dict[str, tuple[str | None, int | None]]:
    """Titles and followers of the chats an answer of the API lists."""
    listed_chats = beside.get("chats")
    found = {}
    for chat in listed_chats if isinstance(listed_chats, list) else ():
        number = reading.whole(chat.get("id")) if isinstance(chat, dict) else None
        if number is not None:
            title = chat.get("title")
            kind = "chat" if chat.get("_") == "Chat" else "channel"
            found[f"{kind}{number}"] = (
                title if isinstance(title, str) else None,
                counted(chat.get("participants_count")),
            )
    return found


def _content(item: Item) -> tuple[str, str, bool]:
    """Words, kind, and whether there is something to see beside words."""
    names = ("message", "text", "raw_text")
    text = next((found for name in names if (found := words(item.get(name)))), "")
    media = item.get("media")
    if not isinstance(media, Mapping):
        return text, "text", media not in (None, False, "")
    form = str(media.get("_", ""))
    match form:
        case "MessageMediaPhoto":
            return text, "photo", True
        case "MessageMediaPoll":
            poll = _inner(media, "poll")
            kind = "quiz" if poll.get("quiz") is True else "poll"
            return text or words(poll.get("question")), kind, True
        case "MessageMediaToDo":
            tasks = _inner(media, "todo")
            lines = tasks.get("list")
            titles = [tasks, *(one for one in lines or () if isinstance(one, Mapping))]
            said = [words(one.get("title")) for one in titles]
            return text or "\n".join(line for line in said if line), "text", True
        case "MessageMediaDocument":
            return text, _document(media), True
        case _:
            return text, "text", form not in ("", "MessageMediaEmpty", "MessageMediaWebPage")


def _document(media: Item) -> str:
    document = _inner(media, "document")
    attributes = document.get("attributes")
    for one in attributes if isinstance(attributes, list) else ():
        if isinstance(one, Mapping) and one.get("_") == "DocumentAttributeVideo":
            return "clip" if one.get("round_message") is True else "video"
    kind = document.get("mime_type")
    return "video" if isinstance(kind, str) and kind.startswith("video/") else "text"


def _reactions(found: Any) -> tuple[int | None, int | None]:
    """People's reactions and stars; of a flat dump a number, or emoji → number."""
    if not isinstance(found, Mapping):
        results = found
        if isinstance(results, list):
            found = {"results": results}
        else:
            return counted(results), None
    results = found.get("results")
    if not isinstance(results, list):
        counts = [counted(count) for count in found.values()]
        return sum(count for count in counts if count), None
    people, paid = 0, None
    for one in results:
        count = counted(one.get("count")) if isinstance(one, Mapping) else None
        if count is None:
            continue
        if _inner(one, "reaction").get("_") == "ReactionPaid":
            paid = (paid or 0) + count
        else:
            people += count
    return people, paid
