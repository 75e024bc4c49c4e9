"""Answers of VK's wall.get and wall.getComments.

What the page itself put on its wall is a post. What people wrote there, under a post or on an open
wall, is a message. Ids are VK's own, ``owner_number``; a wall that belongs to a person is keyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import content, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft

FORMATS = {"vk": frozenset({content.RECORDS, content.LINES})}

Item = Mapping[str, Any]

_SHOWN = ("id", "date", "post_id", "post_type", "deleted", "text", "error_code", "error_msg")
_MENTION = re.compile(r"\[(?:(?:id|club|public|event|app)[\w:-]*|https?://[^\s|\]]+)\|([^\]]*)\]")
# The first of these among the attachments tells what kind of post it is.
_KINDS = ("live", "clip", "video", "poll", "photo")
_SHORT_VIDEOS = {"short_video", "clip"}


def sniff(file: Glance) -> str | None:
    """Tell answers of VK: its wrapping, or items with an owner or a writer by number."""
    if file.container not in FORMATS["vk"]:
        return None
    known = any(
        "text" in item
        and (
            item.keys() & {"owner_id", "post_id"} or reading.whole(item.get("from_id")) is not None
        )
        for item in file.items
    )
    answers = any(_is_answer(item) or _failed(item) for item in file.items)
    return "vk" if known or answers or file.keys & {"response", "items", "error"} else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read one answer, a list of answers, or a bare list of items.

    Raises
    ------
    InputError
        If VK answered with nothing but errors, or there are no items.
    """
    draft, path, key = Draft(asked.timezone, owned=True), file.path, asked.key
    posts: list[dict[str, object]] = []
    messages: list[dict[str, object]] = []
    for row, (item, above) in enumerate(_items(file.document, path), start=1):
        if not isinstance(item, dict) or reading.whole(item.get("id")) is None:
            draft.refuse(row, reading.ERROR if _failed(item) else reading.FORM, _raw(item))
            continue
        if item.get("deleted") or item.get("is_deleted"):
            draft.refuse(row, reading.DELETED, _raw(item))
            continue
        text = _text(item)
        common = {
            c.ROW: row,
            c.TEXT: text,
            c.PUBLISHED_AT: _written(item, "date"),
            reading.EDITED_AT: _written(item, "edited"),
        }
        own = above is None and _by_the_page(item)
        # A photo without words is a post all the same.
        wordless = own and (item.get("attachments") or item.get("copy_history"))
        reason = reading.objection(text)
        if reason and not (reason == reading.NO_TEXT and wordless):
            draft.refuse(row, reason, _raw(item))
        elif own:
            posts.append(common | _post(item, key))
        else:
            messages.append(common | _message(item, above, key))
    draft.messages.append(reading.timed(messages, c.MESSAGES, draft))
    draft.posts.append(reading.timed(posts, c.POSTS, draft))
    return draft


def _items(document: Any, path: Path) -> Iterator[tuple[Any, Item | None]]:
    """Yield the items of all pages, each comment followed by those of its thread."""
    if isinstance(document, dict) and _failed(document):
        raise InputError(
            f"VK answered with an error, {_raw(document)}", where=str(path), remedy="Ask it again"
        )
    if not (isinstance(document, list) or _is_answer(document)):
        raise _no_items(path)
    for page in document if isinstance(document, list) else [document]:
        for item in _page(page, path):
            yield item, None
            if isinstance(item, dict):
                yield from ((reply, item) for reply in _thread(item))


def _page(page: Any, path: Path) -> list[Any]:
    if not _is_answer(page):
        return [page]
    found = page.get("items", page.get("response"))
    if isinstance(found, dict):
        return _page(found, path)
    if not isinstance(found, list):
        raise _no_items(path)
    if "items" in page:
        return found
    # An answer of «execute» holds several; one of the oldest API begins with the count.
    several = found[1:] if found and isinstance(found[0], int) else found
    return [item for one in several for item in _page(one, path)]


def _is_answer(page: Any) -> bool:
    return isinstance(page, dict) and not page.keys().isdisjoint({"response", "items"})


def _no_items(path: Path) -> InputError:
    return InputError(
        "no list of items", where=str(path), remedy="Save whole answers of VK, with «items»"
    )


def _thread(item: Item) -> list[Any]:
    thread = item.get("thread")
    replies = thread.get("items") if isinstance(thread, dict) else None
    return replies if isinstance(replies, list) else []


def _failed(item: Any) -> bool:
    return isinstance(item, dict) and "error" in item and "items" not in item


def _by_the_page(item: Item) -> bool:
    comment = item.keys() & {"post_id", "thread", "parents_stack", "reply_to_comment"}
    wall = item.keys() & {"owner_id", "to_id", "post_type", "comments", "reposts", "copy_history"}
    owner = item.get("owner_id", item.get("to_id"))
    return bool(wall) and not comment and item.get("from_id", owner) == owner


def _post(item: Item, key: bytes) -> dict[str, object]:
    owner = _owner(item, item, key)
    copied = item.get("copy_history")
    original = copied[0] if isinstance(copied, list) and copied else None
    return {
        c.POST_ID: f"{owner}_{reading.whole(item['id'])}",
        c.PAGE_ID: owner,
        c.KIND: _kind(item, original),
        c.VIEWS: _count(item, "views"),
        c.LIKES: _count(item, "likes"),
        c.COMMENTS: _count(item, "comments"),
        c.SHARES: _count(item, "reposts"),
        c.FORWARDED_FROM: _person(original, "owner_id"),
    }


def _message(item: Item, above: Item | None, key: bytes) -> dict[str, object]:
    above = above or {}
    owner = _owner(item, above, key)
    number, post = (
        reading.whole(item["id"]),
        reading.whole(item.get("post_id", above.get("post_id"))),
    )
    parents = item.get("parents_stack")
    parent = parents[-1] if isinstance(parents, list) and parents else above.get("id")
    answered = reading.whole(item.get("reply_to_comment", parent))
    return {
        c.MESSAGE_ID: f"{owner}_{number}",
        c.AUTHOR_ID: _person(item, "from_id"),
        c.CHANNEL: "vk",
        c.THREAD_ID: f"{owner}_{number if post is None else post}",
        c.REPLY_TO_ID: None if answered is None else f"{owner}_{answered}",
    }


def _owner(item: Item, above: Item, key: bytes) -> str:
    number = reading.whole(item.get("owner_id", item.get("to_id", above.get("owner_id"))))
    if number is None:
        return "wall"
    return str(number) if number < 0 else pseudonym(str(number), key)


def _person(item: Item | None, role: str) -> str | None:
    number = reading.whole(item.get(role)) if isinstance(item, dict) else None
    return None if number is None else str(number)


def _count(item: Item, name: str) -> int | None:
    found = item.get(name)
    return reading.whole(found.get("count")) if isinstance(found, dict) else None


def _written(item: Item, name: str) -> str | None:
    value = item.get(name)
    return None if value is None else reading.sound(str(value))


def _text(item: Item) -> str:
    text = item.get("text")
    return _MENTION.sub(r"\1", reading.sound(text)) if isinstance(text, str) else ""


def _kind(item: Item, original: Any) -> str:
    """Kind of the richest attachment, of the post itself or of what it reposts."""
    kinds: set[str] = set()
    for source in (item, original):
        found = source.get("attachments") if isinstance(source, dict) else None
        for attached in found if isinstance(found, list) else []:
            if not isinstance(attached, dict):
                continue
            kind, video = attached.get("type"), attached.get("video")
            if kind == "video" and isinstance(video, dict):
                if video.get("live") or video.get("type") == "live":
                    kind = "live"
                elif video.get("type") in _SHORT_VIDEOS:
                    kind = "clip"
            kinds.add(str(kind))
    return next((kind for kind in _KINDS if kind in kinds), "text")


def _raw(item: Any) -> str:
    return reading.as_found(item["error"] if _failed(item) else item, _SHOWN)
