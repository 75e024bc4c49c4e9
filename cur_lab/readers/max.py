"""Messages of MAX: answers of its Bot API, dumps of ``maxapi``, histories of ``maxapi-python``.

What stands in a channel is a post. What people write under a post or in a group is a message. What
the channel says under a post, which has no sender, answers the comment it replies to, or is a post;
so does a bot that replies. A bot that replies to nobody greets or shows a menu: a service message.

``timestamp`` and ``time`` are milliseconds. Where they are missing, the id has them: ``mid.`` and
32 hexadecimal digits are the chat and ``seq``, whose upper 48 bits are the milliseconds of writing.
``seq`` itself is above 2**53, and whatever passed through JavaScript has it rounded: it is not
used. Nor is markup, whose offsets are in units of UTF-16: ``text`` is whole without it. A dump of
``maxapi`` loses the post a comment stands under, if the API did not name it in ``recipient``.

Not verified: that ``stats`` of ``maxapi-python``, untyped there, always calls views ``views``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cur_lab import columns as c
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import content, items, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.items import Item
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Damaged

FORMATS = {"max": frozenset({content.RECORDS, content.LINES})}

_MID = re.compile(r"mid\.[0-9a-f]{16}([0-9a-f]{12})[0-9a-f]{4}", re.IGNORECASE)
_NEWS = {"message_created", "message_edited"}
_LISTS = ("messages", "updates")
_OF_BOT = {"timestamp", "body"}
_OF_CLIENT = {"attaches", "chat_id", "chatId", "reaction_info", "reactionInfo"}
_KINDS = ("video", "poll", "photo")
_CALLED = {"image": "photo"}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a dump of either kind says of a message."""

    number: str | None
    text: str
    at: str | None
    edited: str | None = None
    chat: str | None = None
    channel: bool = False
    private: bool = False
    sender: str | None = None
    bot: bool = False
    comment: bool = False
    post: str | None = None
    reply: str | None = None
    source: str | None = None
    attached: tuple[str, ...] = ()
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    removed: bool = False


def sniff(file: Glance) -> str | None:
    """Tell messages of MAX, in answers or alone."""
    if file.container not in FORMATS["max"]:
        return None
    seen = [*file.items, *file.lists.get("updates", ()), dict.fromkeys(file.keys)]
    inside = [one for page in seen for name in _LISTS for one in items.parts(page, name)]
    return "max" if any(_known(item) for item in (*seen, *inside)) else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read one answer, a list of answers, of messages or of updates."""
    draft = Draft(asked.timezone, owned=True)
    messages: list[dict[str, object]] = []
    said: list[dict[str, object]] = []
    above: dict[object, object] = {}
    for row, item in enumerate(_items(items.outermost(file, _LISTS)), start=1):
        found = _found(item)
        if found is None or found.number is None:
            _refuse(item, row, draft)
        elif reason := _objection(found):
            draft.refuse(row, reason, _raw(found))
        else:
            above[_keyed(found.number, found, asked.key)] = _keyed(found.reply, found, asked.key)
            if _by_the_page(found):
                said.append({c.ROW: row, **_post(found, asked.key)})
            else:
                messages.append({c.ROW: row, **_message(found, asked.key)})
    for message in messages:
        message[c.THREAD_ID] = message[c.POST_ID] or _beginning(message[c.MESSAGE_ID], above)
    draft.messages.append(reading.timed(messages, c.MESSAGES, draft))
    draft.posts.append(reading.timed(said, reading.SAID, draft))
    return draft


def _items(outermost: Iterable[Any]) -> Iterator[Any]:
    """Yield messages and updates, wherever they stand."""
    for one in outermost:
        lists = (one.get(name) for name in _LISTS) if isinstance(one, dict) else ()
        found = next((listed for listed in lists if isinstance(listed, list)), None)
        if found is None:
            yield one
        else:
            yield from found


def _known(item: Any) -> bool:
    """Tell by names that no other source has together."""
    if not isinstance(item, dict):
        return False
    if "update_type" in item or ("recipient" in item and not item.keys().isdisjoint(_OF_BOT)):
        return True
    return "time" in item and not item.keys().isdisjoint(_OF_CLIENT)


def _found(item: Any) -> _Found | None:
    if not isinstance(item, dict):
        return None
    if "update_type" in item:
        if str(item["update_type"]) not in _NEWS:
            return None
        found = _found_by_a_bot(items.part(item, "message"))
        edited = item["update_type"] == "message_edited"
        return replace(found, edited=items.written(item, "timestamp")) if edited else found
    return _found_by_a_client(item) if "time" in item else _found_by_a_bot(item)


def _found_by_a_bot(item: Item) -> _Found:
    """Read a message of the Bot API."""
    sender, recipient = items.part(item, "sender"), items.part(item, "recipient")
    body, link = items.part(item, "body"), items.part(item, "link")
    linked = items.part(link, "message")
    forwarded = _forwarded(link)
    chat = items.name_of(recipient.get("chat_id"))
    kind, post = recipient.get("chat_type"), _of_bot(recipient.get("post_id"), chat)
    person = items.name_of(sender.get("user_id"))
    # A message of maxapi always has these members, a comment never.
    bare = item.keys().isdisjoint({"stat", "url"}) and "attachments" not in body
    number = body.get("mid")
    if number is None and forwarded:
        # A forward without words of its own has no body, and so no id.
        number = f"{items.written(item, 'timestamp')}/{linked.get('mid')}"
    return _Found(
        number=_of_bot(number, chat),
        text=_text(body, linked if forwarded else {}),
        at=items.written(item, "timestamp") if item.get("timestamp") else _moment(number),
        chat=chat,
        channel=kind == "channel",
        private=kind == "dialog",
        sender=person,
        bot=sender.get("is_bot") is True,
        comment=post is not None or (kind == "channel" and bare),
        post=post,
        reply=None if forwarded else _of_bot(linked.get("mid"), chat),
        source=_source(link, items.part(link, "sender").get("user_id")) if forwarded else None,
        attached=_attached(body, "attachments") or _attached(linked, "attachments") * forwarded,
        views=reading.whole(items.part(item, "stat").get("views")),
    )


def _found_by_a_client(item: Item) -> _Found:
    """Read a message as a person's application gets it, its names in either case."""
    item = {_snake(name): value for name, value in item.items()}
    link = {_snake(name): value for name, value in items.part(item, "link").items()}
    linked = items.part(link, "message")
    forwarded = _forwarded(link)
    reactions = {_snake(name): n for name, n in items.part(item, "reaction_info").items()}
    comments = {_snake(name): n for name, n in items.part(item, "comments_info").items()}
    chat, person = items.name_of(item.get("chat_id")), items.name_of(item.get("sender"))
    post = _of_client(item.get("post_id"), chat)
    kinds = _attached(item, "attaches")
    return _Found(
        number=_of_client(item.get("id"), chat),
        text=_text(item, linked if forwarded else {}),
        at=items.written(item, "time"),
        edited=items.written(item, "update_time"),
        chat=chat,
        channel=person is None or item.get("type") == "CHANNEL",
        private=chat is not None and not chat.startswith("-") and person is not None,
        sender=None if item.get("type") == "CHANNEL" else person,
        comment=post is not None,
        post=post,
        reply=None if forwarded else _of_client(linked.get("id"), chat),
        source=_source(link, linked.get("sender")) if forwarded else None,
        attached=kinds or _attached(linked, "attaches") * forwarded,
        views=reading.whole(items.part(item, "stats").get("views")),
        likes=reading.whole(reactions.get("total_count")),
        comments=reading.whole(comments.get("total_count")),
        removed=item.get("status") == "REMOVED",
    )


def _objection(found: _Found) -> str | None:
    if found.removed:
        return reading.DELETED
    answers = found.reply is not None or (found.channel and not found.comment)
    if "control" in found.attached or (found.bot and not answers):
        return reading.SERVICE
    reason = reading.objection(found.text)
    # A photo without words is a post all the same.
    shown = _by_the_page(found) and found.reply is None and _kind(found) != "text"
    return None if reason == reading.NO_TEXT and shown else reason


def _by_the_page(found: _Found) -> bool:
    return found.bot or (found.channel and (found.sender is None or not found.comment))


def _message(found: _Found, key: bytes) -> dict[str, object]:
    return {
        c.MESSAGE_ID: _keyed(found.number, found, key),
        c.PUBLISHED_AT: found.at,
        reading.EDITED_AT: found.edited,
        c.AUTHOR_ID: found.sender,
        c.CHANNEL: "max",
        c.TEXT: found.text,
        c.PAGE_ID: None if found.private else found.chat,
        c.POST_ID: found.post,
        c.REPLY_TO_ID: _keyed(found.reply, found, key),
        c.FORWARDED_FROM: found.source,
    }


def _post(found: _Found, key: bytes) -> dict[str, object]:
    return {
        c.POST_ID: _keyed(found.number, found, key),
        c.PAGE_ID: _keyed(found.chat, found, key) or "max",
        c.PUBLISHED_AT: found.at,
        reading.EDITED_AT: found.edited,
        c.TEXT: found.text,
        c.KIND: _kind(found),
        c.VIEWS: found.views,
        c.LIKES: found.likes,
        c.COMMENTS: found.comments,
        # In a channel there is nothing but its posts to reply to.
        c.REPLY_TO_ID: _keyed(found.reply, found, key) if found.comment or found.bot else None,
        c.FORWARDED_FROM: found.source,
    }


def _beginning(message: object, above: Mapping[object, object]) -> object:
    """Follow the replies up to what began the thread."""
    seen = {message}
    while (before := above.get(message)) is not None and before not in seen:
        seen.add(before)
        message = before
    return message


def _keyed(number: str | None, found: _Found, key: bytes) -> str | None:
    """Name a message; a dialogue is known by its person, so its messages are keyed."""
    return pseudonym(number, key) if number is not None and found.private else number


def _of_bot(number: Any, chat: str | None) -> str | None:
    """Name a message of the Bot API, whose ids hold the chat unless they are of another make."""
    if not isinstance(number, str) or not number.strip():
        return None
    return number if _MID.fullmatch(number) else reading.sound(f"{chat or 'max'}/{number}")


def _of_client(number: Any, chat: str | None) -> str | None:
    found = items.number(number)
    return None if found is None else f"{chat or 'max'}/{found}"


def _moment(number: Any) -> str | None:
    """Milliseconds of writing out of an id."""
    found = _MID.fullmatch(number) if isinstance(number, str) else None
    return str(int(found[1], 16)) if found else None


def _forwarded(link: Item) -> bool:
    kind = link.get("type")
    return isinstance(kind, str) and kind.casefold() == "forward"


def _source(link: Item, person: Any) -> str | None:
    """Who wrote what is forwarded: a person, else the chat it comes from."""
    return items.name_of(person) or items.name_of(link.get("chat_id"))


def _text(item: Item, linked: Item) -> str:
    """Words of a message; else of what it forwards; else the question of a poll."""
    polls = [one for source in (item, linked) for one in items.parts(source, "attaches")]
    candidates = (
        items.words(item, "text"),
        items.words(linked, "text"),
        *(items.words(one, "title") for one in polls if _called(one) == "poll"),
    )
    return next((text for text in candidates if reading.VISIBLE.search(text)), "")


def _attached(item: Item, name: str) -> tuple[str, ...]:
    return tuple(_called(one) for one in items.parts(item, name))


def _called(attachment: Item) -> str:
    """Name the kind of an attachment; a dump by aliases has it under ``_type``."""
    kind = str(attachment.get("_type", attachment.get("type"))).casefold()
    return _CALLED.get(kind, kind)


def _kind(found: _Found) -> str:
    return next((kind for kind in _KINDS if kind in found.attached), "text")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _refuse(item: Any, row: int, draft: Draft) -> None:
    if isinstance(item, Damaged):
        items.set_aside(item, row, draft)
    else:
        update = isinstance(item, dict) and "update_type" in item
        other = update and str(item["update_type"]) not in _NEWS
        reason = reading.SERVICE if other else reading.FORM
        draft.refuse(row, reason, reading.as_found(item, ("update_type", "timestamp", "time")))


def _raw(found: _Found) -> str:
    """Write what a rejected message shows: its words and kinds, no names."""
    shown = {"time": found.at, "text": found.text, "attachments": list(found.attached)}
    return reading.as_found(shown, list(shown))
