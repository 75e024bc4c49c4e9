"""Answers of Odnoklassniki: comments of a discussion and topics of a group.

A topic the group published, or somebody on behalf of it, is a post; a topic of a member is a
message. So are comments, but those the group wrote are answers, or posts if they reply to nobody.

The schema is put together from public clients of the API, as its documentation names no fields of a
comment: ``discussions.getComments`` answers ``comments, has_more, anchor, discussionId,
discussionType``, a comment has ``id, author_id, text, date, like_count, reply_to_comment_id, type,
attrs``, and ``author_type`` where the author is a group; ``getDiscussionComments`` calls the list
``commentss`` and has ``author_ref`` (``user:…``, ``group:…``), ``created_ms`` and ``likes_count``.
``date`` is Moscow's clock without a zone. A topic has ``media`` (a list of texts, photos, films,
polls), ``author_ref, owner_ref, created_ms`` and summaries of likes, comments and reshares.

Not verified: how a removed comment is marked (``type`` that begins with ``REMOVED`` or ``DELETED``
is taken for one), whether a group always has ``author_type``, and ``views_count`` of a topic. The
id of a comment, as three published ones of 2014 have it, is base64 of milliseconds, a number, the
milliseconds again, the discussion and its kind; it is used where ``date`` or the discussion is
missing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.readers import content, items, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.items import Item
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Damaged

FORMATS = {"ok": frozenset({content.RECORDS, content.LINES})}

_COMMENTS = ("comments", "commentss")
_LISTS = (*_COMMENTS, "media_topics", "discussions")
_ALONE = ("comment", "discussion")
_OF_ANSWER = {"has_more", "anchor", "discussionId", "discussionType"}
_OF_TOPIC = {"object_type", "owner_ref", "discussion_summary"}
_OF_COMMENT = {"attrs", "liked_it", "reply_to_comment_id", "author_type"}
_INSIDE_ID = re.compile(r"(\d{13}):-?\d+:\d{13}:(\d+):\d+")
_WITHOUT_ZONE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_REMOVED = ("REMOVED", "DELETED")
_KINDS = ("video", "poll", "photo")
_CALLED = {"movie": "video"}
_COUNTS = {c.VIEWS, c.LIKES, c.COMMENTS, c.SHARES}
_SHOWN = ("date", "created_ms", "type", "text", "title", "error_code", "error_msg")


def sniff(file: Glance) -> str | None:
    """Tell answers of Odnoklassniki, its comments or its topics."""
    if file.container not in FORMATS["ok"]:
        return None
    # Of an object only its names and lists are seen, and what holds one comment is no longer.
    short = not file.keys.isdisjoint(_ALONE)
    outside: Item = dict.fromkeys(file.keys) | {name: list(of) for name, of in file.lists.items()}
    found = (*file.items, items.alone(file) if short else outside)
    return "ok" if any(map(_is_known, found)) or _failed(outside) else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read one answer, a list of answers, or a list of comments or topics.

    Raises
    ------
    InputError
        If Odnoklassniki answered with nothing but an error.
    """
    if _failed(whole := items.alone(file)):
        raise InputError(
            f"Odnoklassniki answered with an error, {_raw(whole)}",
            where=str(file.path),
            remedy="Ask it again",
        )
    draft = Draft(asked.timezone, owned=True)
    messages: list[dict[str, object]] = []
    said: list[dict[str, object]] = []
    pages = list(items.outermost(file, _LISTS))
    for row, (item, answer) in enumerate(_items(pages), start=1):
        number = _number(item) if isinstance(item, dict) else None
        if number is None:
            _refuse(item, row, draft)
            continue
        if str(item.get("type")).startswith(_REMOVED):
            draft.refuse(row, reading.DELETED, _raw(item))
            continue
        topic = _is_topic(item)
        text = _words_of_topic(item, answer) if topic else items.words(item, "text")
        page = _page_of_topic(item) if topic else _page_of_comment(item)
        reason = reading.objection(text)
        # A photo without words is a post all the same.
        shown = page is not None and topic and _kind(item) != "text"
        if reason and not (reason == reading.NO_TEXT and shown):
            draft.refuse(row, reason, _raw(item))
            continue
        told = {c.ROW: row, c.TEXT: text}
        told |= _of_topic(item) if topic else _of_comment(item, answer, number)
        if page is not None:
            told |= {c.POST_ID: number, c.PAGE_ID: page, c.KIND: _kind(item) if topic else "text"}
            said.append({name: told[name] for name in told if name != c.AUTHOR_ID})
        else:
            told |= {c.MESSAGE_ID: number, c.CHANNEL: "ok"}
            told[c.THREAD_ID] = told.get(c.POST_ID) or number
            messages.append({name: told[name] for name in told if name not in _COUNTS})
    draft.messages.append(reading.timed(messages, c.MESSAGES, draft))
    draft.posts.append(reading.timed(said, reading.SAID, draft))
    if unfinished := _unfinished(pages):
        draft.note(reading.MORE_PAGES, times=unfinished)
    return draft


# --- answers → items ------------------------------------------------------------------------------


def _items(pages: Iterable[Any]) -> Iterator[tuple[Any, Item]]:
    """Yield comments and topics, each with the answer it stands in."""
    for page in pages:
        lists = _lists(page)
        for listed in lists:
            yield from ((item, page) for item in listed)
        if not lists:
            alone = [page[name] for name in _ALONE if name in page] if _is_object(page) else []
            yield (alone[0], page) if alone else (page, {})


def _lists(page: Any) -> list[list[Any]]:
    found = [page.get(name) for name in _LISTS] if _is_object(page) else []
    return [listed for listed in found if isinstance(listed, list)]


def _unfinished(pages: Iterable[Any]) -> int:
    """Count the discussions of which every page says that more follow."""
    more: dict[str | None, bool] = {}
    for page in pages:
        if _is_object(page) and "has_more" in page:
            discussion = items.name_of(page.get("discussionId"))
            more[discussion] = page["has_more"] is True and more.get(discussion, True)
    return sum(more.values())


def _is_object(page: Any) -> bool:
    return isinstance(page, dict)


def _is_answer(answer: Item) -> bool:
    listed = [one for name in _COMMENTS for one in items.parts(answer, name)]
    return (
        "media_topics" in answer
        or (bool(answer.keys() & _OF_ANSWER) and not answer.keys().isdisjoint(_COMMENTS))
        or any(map(_is_comment, listed))
    )


def _is_known(item: Any) -> bool:
    if not _is_object(item):
        return False
    inside = [items.part(item, name) for name in _ALONE]
    return _is_answer(item) or any(_is_topic(one) or _is_comment(one) for one in (item, *inside))


def _is_topic(item: Item) -> bool:
    published = "created_ms" in item and isinstance(item.get("media"), list)
    return published or not item.keys().isdisjoint(_OF_TOPIC)


def _is_comment(item: Item) -> bool:
    """Tell a comment by names that no other source has beside the text."""
    author = "author_ref" in item or ("author_id" in item and item.keys() & _OF_COMMENT)
    return "text" in item and bool(author)


def _failed(item: Any) -> bool:
    return isinstance(item, dict) and "error_code" in item and "error_msg" in item


def _number(item: Item) -> str | None:
    return items.name_of(item.get("id", item.get("object_id")))


# --- items → who, when, what ----------------------------------------------------------------------


def _page_of_comment(item: Item) -> str | None:
    """Name the group that wrote it; None where a person did."""
    kind, author = _reference(item.get("author_ref"))
    if kind == "group" or item.get("author_type") == "GROUP":
        return items.name_of(item.get("author_id")) or author or "ok"
    return None


def _page_of_topic(item: Item) -> str | None:
    """Name the group that published it; None where a member did."""
    kind, author = _reference(item.get("author_ref"))
    member = kind == "user" or item.get("owner_uid") is not None
    if member and item.get("is_on_behalf_of_group") is not True:
        return None
    groups = [one for one in items.parts(item, "ref_objects") if one.get("type") == "GROUP"]
    owner = _reference(item.get("owner_ref"))[1] or (author if kind == "group" else None)
    return owner or next((items.name_of(one.get("id")) for one in groups), None) or "ok"


def _of_comment(item: Item, answer: Item, number: str) -> dict[str, object]:
    moment, discussion = _inside(number)
    _, author = _reference(item.get("author_ref"))
    return {
        c.PUBLISHED_AT: _time(item, "created_ms", "date_ms", "date") or moment,
        c.AUTHOR_ID: items.name_of(item.get("author_id")) or author,
        c.POST_ID: items.name_of(answer.get("discussionId")) or discussion,
        c.LIKES: reading.whole(item.get("like_count", item.get("likes_count"))),
        c.REPLY_TO_ID: items.name_of(item.get("reply_to_comment_id")),
    }


def _of_topic(item: Item) -> dict[str, object]:
    _, author = _reference(item.get("author_ref"))
    return {
        c.PUBLISHED_AT: _time(item, "publication_date_ms", "created_ms", "creation_date"),
        c.AUTHOR_ID: author or items.name_of(item.get("owner_uid")),
        c.VIEWS: reading.whole(item.get("views_count")),
        c.LIKES: _count(item, "like_summary", "count", "like_count"),
        c.COMMENTS: _count(item, "discussion_summary", "comments_count", "total_comments_count"),
        c.SHARES: _count(item, "reshare_summary", "count", "reshare_count"),
    }


def _words_of_topic(item: Item, answer: Item) -> str:
    """Words of a topic, else its title, else the question of its poll."""
    media = items.parts(item, "media")
    polls = items.parts(items.part(answer, "entities"), "polls")
    texts = [items.words(one, "text") for one in media if one.get("type") == "text"]
    asked = [items.words(one, "question") for one in polls if _refers(media, one.get("id"))]
    candidates = ("\n".join(filter(None, texts)), items.words(item, "title"), "\n".join(asked))
    return next(filter(reading.VISIBLE.search, candidates), "")


def _refers(media: Iterable[Item], poll: Any) -> bool:
    return any(
        f"poll:{items.name_of(poll)}" in found
        for one in media
        if isinstance(found := one.get("poll_refs"), list)
    )


def _kind(item: Item) -> str:
    called = {str(one.get("type")) for one in items.parts(item, "media")}
    kinds = {_CALLED.get(one, one) for one in called}
    return next((kind for kind in _KINDS if kind in kinds), "text")


def _count(item: Item, summary: str, name: str, alone: str) -> int | None:
    found = reading.whole(items.part(item, summary).get(name))
    return reading.whole(item.get(alone)) if found is None else found


def _time(item: Item, *names: str) -> str | None:
    """Write a time; one without a zone is Moscow's wherever the region lies."""
    found = items.written(item, *names)
    return f"{found} МСК" if found and _WITHOUT_ZONE.fullmatch(found) else found


def _reference(value: Any) -> tuple[str, str | None]:
    """Split ``group:17`` into kind and id."""
    kind, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    return kind.casefold(), reading.sound(number) or None


def _inside(number: str) -> tuple[str | None, str | None]:
    """Read milliseconds of writing and the discussion out of the id of a comment."""
    try:
        plain = base64.b64decode(number, validate=True).decode("ascii")
    except ValueError:
        return None, None
    found = _INSIDE_ID.fullmatch(plain)
    return (found[1], found[2]) if found else (None, None)


def _refuse(item: Any, row: int, draft: Draft) -> None:
    if isinstance(item, Damaged):
        items.set_aside(item, row, draft)
    else:
        draft.refuse(row, reading.ERROR if _failed(item) else reading.FORM, _raw(item))


def _raw(item: Any) -> str:
    return reading.as_found(item, _SHOWN)
