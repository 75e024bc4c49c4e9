"""Answers of VK's wall.get, wall.getComments and board.getComments.

What the page itself put on its wall is a post. What people wrote there, under a post or on an open
wall, is a message. A comment of the page (``from_id`` is the owner, or a community with
``is_from_post_author``) answers the comment it replies to, and is a post where it replies to none;
one of another community is a post of that one. Ids are VK's own, ``owner_number``; a wall that
belongs to a person is keyed. Comments of a board name no owner: it is taken from mentions such as
``[id5:bp-10_7|Анна]``, which also tell the comment replied to, else from the only community that
speaks; where there is neither, the date stands in the id, as numbers are repeated over walls.

A broadcast that is announced (``upcoming``) is none. VK does not mark one that is over: whatever
else is of the type ``live`` counts as one. Replies that ``thread.count`` has and the file has not
are noted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import content, items, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.items import Item
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Damaged

FORMATS = {"vk": frozenset({content.RECORDS, content.LINES})}

Place = tuple[int | None, int]

_SHOWN = ("id", "date", "post_id", "post_type", "deleted", "text", "error_code", "error_msg")
_LISTS = ("response", "items")
_COMMENT = {"post_id", "thread", "parents_stack", "reply_to_comment"}
_WALL = {"owner_id", "to_id", "post_type", "comments", "reposts", "copy_history"}
_MENTION = re.compile(r"\[(?:(?:id|club|public|event|app)[\w:-]*|https?://[^\s|\]]+)\|([^\]]*)\]")
_ON_BOARD = re.compile(r"\[(?:id|club|public)\d{1,18}:bp(-\d{1,18})_(\d{1,18})\|")
# The first of these among the attachments tells what kind of post it is.
_KINDS = ("live", "clip", "video", "poll", "photo")
_SHORT_VIDEOS = {"short_video", "clip"}
# Answers of «execute» hold answers; deeper nesting is none of VK's.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whose the items of one answer are, and when they were written, if they do not say whose."""

    owner: int | None = None
    dates: Mapping[int, str] = field(default_factory=dict)

    def name(self, wall: str | None, number: int) -> str:
        """Name a post or a comment."""
        return f"{wall or 'wall' + self.dates.get(number, '')}_{number}"


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
        If VK answered with nothing but an error, or there are no items.
    """
    draft = Draft(asked.timezone, owned=True)
    messages: list[dict[str, object]] = []
    said: list[dict[str, object]] = []
    stated: dict[Place, int] = {}
    replies: defaultdict[Place, set[int]] = defaultdict(set)
    for row, (item, above, answer) in enumerate(_items(file), start=1):
        number = reading.whole(item.get("id")) if isinstance(item, dict) else None
        if number is None:
            _refuse(item, row, draft)
            continue
        owner = _owner(item, above, answer)
        first, replied_to = _above(item, above)
        if first is not None:
            replies[owner, first].add(number)
        if "thread" in item and (count := _count(item, "thread")):
            stated[owner, number] = count
        if item.get("deleted") or item.get("is_deleted"):
            draft.refuse(row, reading.DELETED, _raw(item))
            continue
        page = _speaking_page(item, above, owner)
        text, reason = _text(item)
        # A photo without words is a post all the same.
        shown = page is not None and (item.get("attachments") or item.get("copy_history"))
        if reason and not (reason == reading.NO_TEXT and shown):
            draft.refuse(row, reason, _raw(item))
            continue
        wall = None if owner is None else _page(owner, asked.key)
        name = answer.name(wall, number)
        found: dict[str, object] = {
            c.ROW: row,
            c.TEXT: text,
            c.PUBLISHED_AT: items.written(item, "date"),
            reading.EDITED_AT: items.written(item, "edited"),
        }
        if copied := items.parts(item, "copy_history"):
            found[c.FORWARDED_FROM] = items.name_of(items.number(copied[0].get("owner_id")))
        # Another community answers for nobody here.
        ours = page is None or owner in (page, None) or item.get("is_from_post_author")
        if replied_to and ours:
            found[c.REPLY_TO_ID] = answer.name(wall, replied_to)
        if page is not None:
            said.append(found | _post(item) | {c.POST_ID: name, c.PAGE_ID: _page(page, asked.key)})
            continue
        post = reading.whole(item.get("post_id", (above or item).get("post_id")))
        found[c.MESSAGE_ID] = found[c.THREAD_ID] = name
        found[c.CHANNEL] = "vk"
        found[c.AUTHOR_ID] = items.name_of(item.get("from_id"))
        found[c.PAGE_ID] = wall
        if post is not None:
            found[c.POST_ID] = found[c.THREAD_ID] = answer.name(wall, post)
        elif first is not None:
            found[c.THREAD_ID] = answer.name(wall, first)
        messages.append(found)
    draft.messages.append(reading.timed(messages, c.MESSAGES, draft))
    draft.posts.append(reading.timed(said, reading.SAID, draft))
    missing = sum(max(0, count - len(replies[place])) for place, count in stated.items())
    if missing:
        draft.note(reading.REPLIES_MISSING, times=missing)
    return draft


# --- answers → items ------------------------------------------------------------------------------


def _items(file: Glance) -> Iterator[tuple[Any, Item | None, _Answer]]:
    """Yield the items of all answers, each comment followed by those of its thread."""
    whole = items.alone(file)
    if _failed(whole):
        raise InputError(
            f"VK answered with an error, {_raw(whole)}",
            where=str(file.path),
            remedy="Ask it again",
        )
    found = list(_answers(items.outermost(file, _LISTS)))
    broken = any(found) and all(_is_answer(one) for listed in found for one in listed)
    if whole is not None and (broken or not _is_answer(whole)):
        raise InputError(
            "no list of items",
            where=str(file.path),
            remedy="Save whole answers of VK, with «items»",
        )
    for listed in found:
        answer = _seen(listed)
        for item in listed:
            yield item, None, answer
            if isinstance(item, dict) and "thread" in item:
                yield from ((reply, item, answer) for reply in _thread(item))


def _answers(pages: Iterable[Any], depth: int = 0) -> Iterator[list[Any]]:
    """Yield the items of each answer; what is no answer goes with its like beside it."""
    bare: list[Any] = []
    for page in pages:
        listed = page.get("items", page.get("response")) if _is_answer(page) else None
        if not isinstance(listed, (list, dict)) or depth > _DEEPEST:
            bare.append(page)
            continue
        if bare:
            yield bare
            bare = []
        if isinstance(listed, dict):
            yield from _answers([listed], depth + 1)
        elif "items" in page:
            yield listed
        else:
            # One of the oldest API begins with the count.
            counted = bool(listed) and isinstance(listed[0], int)
            yield from _answers(listed[counted:], depth + 1)
    if bare:
        yield bare


def _seen(listed: Sequence[Any]) -> _Answer:
    """Tell whose items are that do not say so."""
    unowned = [
        item
        for item in listed
        if isinstance(item, dict) and "owner_id" not in item and "to_id" not in item
    ]
    if not unowned:
        return _Answer()
    for item in unowned:
        if found := _on_board(item):
            return _Answer(int(found[1]))
    everyone = unowned + [reply for item in unowned for reply in _thread(item)]
    speaking = {items.number(item.get("from_id")) for item in everyone}
    communities = {one for one in speaking if one is not None and one < 0}
    if len(communities) == 1:
        return _Answer(communities.pop())
    dates = ((reading.whole(item.get("id")), items.written(item, "date")) for item in everyone)
    return _Answer(None, {number: date for number, date in dates if number and date})


def _thread(item: Item) -> list[Any]:
    found = items.part(item, "thread").get("items")
    return found if isinstance(found, list) else []


def _is_answer(page: Any) -> bool:
    held = isinstance(page, dict) and not page.keys().isdisjoint({"response", "items"})
    return held and "id" not in page


def _failed(item: Any) -> bool:
    return isinstance(item, dict) and "error" in item and "items" not in item


# --- items → who, where, what ---------------------------------------------------------------------


def _refuse(item: Any, row: int, draft: Draft) -> None:
    if isinstance(item, Damaged):
        items.set_aside(item, row, draft)
    else:
        draft.refuse(row, reading.ERROR if _failed(item) else reading.FORM, _raw(item))


def _owner(item: Item, above: Item | None, answer: _Answer) -> int | None:
    found = items.number(item.get("owner_id", item.get("to_id")))
    if found is None and above is not None:
        return _owner(above, None, answer)
    return answer.owner if found is None else found


def _page(owner: int, key: bytes) -> str:
    return str(owner) if owner < 0 else pseudonym(str(owner), key)


def _speaking_page(item: Item, above: Item | None, owner: int | None) -> int | None:
    """Return the page that says it; None where it is a person."""
    speaker = items.number(item.get("from_id"))
    if speaker is None:
        comment = above is not None or not item.keys().isdisjoint(_COMMENT)
        return None if comment or item.keys().isdisjoint(_WALL) else owner
    return speaker if speaker == owner or speaker < 0 else None


def _above(item: Item, above: Item | None) -> tuple[int | None, int | None]:
    """Comment whose thread it stands in, and the one it replies to."""
    found = item.get("parents_stack")
    parents = found if isinstance(found, list) and found else [above.get("id")] if above else [None]
    first, last = reading.whole(parents[0]), reading.whole(parents[-1])
    replied_to = reading.whole(item.get("reply_to_comment")) or last
    if replied_to is None and (mention := _on_board(item)):
        replied_to = int(mention[2])
    return first, replied_to


def _on_board(item: Item) -> re.Match[str] | None:
    text = item.get("text")
    return _ON_BOARD.search(text) if isinstance(text, str) and ":bp-" in text else None


def _post(item: Item) -> dict[str, object]:
    return {
        c.KIND: _kind(item),
        c.VIEWS: _count(item, "views"),
        c.LIKES: _count(item, "likes"),
        c.COMMENTS: _count(item, "comments"),
        c.SHARES: _count(item, "reposts"),
    }


def _count(item: Item, name: str) -> int | None:
    return reading.whole(items.part(item, name).get("count"))


def _text(item: Item) -> tuple[str, str | None]:
    """Words of an item, else of what it reposts, else its poll's question; why they are refused."""
    text = _words(item, "text")
    reason = reading.objection(text)
    if reason == reading.NO_TEXT:
        text = next(filter(reading.VISIBLE.search, _other_words(item)), text)
        reason = reading.objection(text)
    return text, reason


def _words(item: Item, name: str) -> str:
    """Read a text with mentions as their words."""
    text = items.words(item, name)
    return _MENTION.sub(r"\1", text) if "[" in text else text


def _other_words(item: Item) -> Iterator[str]:
    sources = [item, *items.parts(item, "copy_history")]
    yield from (_words(source, "text") for source in sources)
    for source in sources:
        for attached in items.parts(source, "attachments"):
            yield _words(items.part(attached, "poll"), "question")


def _kind(item: Item) -> str:
    """Kind of the richest attachment, of the post itself or of what it reposts."""
    sources = [item, *items.parts(item, "copy_history")[:1]]
    kinds = {_called(one) for source in sources for one in items.parts(source, "attachments")}
    return next((kind for kind in _KINDS if kind in kinds), "text")


def _called(attached: Item) -> str:
    kind, video = str(attached.get("type")), items.part(attached, "video")
    if kind != "video":
        return kind
    if video.get("upcoming"):
        return "announcement"
    if video.get("live") or video.get("type") == "live":
        return "live"
    return "clip" if str(video.get("type")) in _SHORT_VIDEOS else kind


def _raw(item: Any) -> str:
    """Write what a rejected item shows: no names, and of attachments their kinds."""
    if _failed(item):
        return reading.as_found(item["error"], _SHOWN)
    if isinstance(item, dict) and (attached := items.parts(item, "attachments")):
        item = item | {"attachments": [_called(one) for one in attached]}
    return reading.as_found(item, (*_SHOWN, "attachments"))
