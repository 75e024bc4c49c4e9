"""Messages of Telegram's API, as the libraries dump them → messages, posts and answers.

Ids and authors are those of Telegram Desktop's own export, so that a message in both is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import reading
from cur_lab.readers.reading import EDITED_AT, Draft
from cur_lab.readers.telegram_threads import NUMBER, Message, links

# What a rejected row shows: nothing that holds a name.
SHOWN = ("id", "_", "date", "message", "text", "caption")

_CHAT, _VOICE = "_chat", "_voice"


@dataclass(slots=True)
class Sent:
    """A message as both libraries tell it.

    ``chat`` and ``sender`` are marked ``channel…``, ``chat…`` or ``user…`` as in Telegram Desktop's
    export. ``voice``: said by the chat itself; ``broadcast``: which is a channel; ``its_channel``:
    a post of its channel that Telegram put there. ``top``: what began the thread; ``section``: it
    is a section of a forum.
    """

    number: int
    chat: str
    text: str
    sender: str | None = None
    published: str | None = None
    edited: str | None = None
    title: str | None = None
    kind: str = "text"
    shows: bool = False
    voice: bool = False
    broadcast: bool = False
    its_channel: bool = False
    forwarded: str | None = None
    reply: int | None = None
    elsewhere: str | None = None
    top: int | None = None
    section: bool = False
    views: int | None = None
    shares: int | None = None
    comments: int | None = None
    likes: int | None = None
    paid: int | None = None
    followers: int | None = None


@dataclass(slots=True)
class _Chat:
    rows: list[tuple[int, Sent]] = field(default_factory=list)
    above: dict[int, Message] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)
    channels: set[str] = field(default_factory=set)
    title: str | None = None


class Chats:
    """The messages of all chats of a file, gathered until each chat is known."""

    def __init__(self, draft: Draft, key: bytes) -> None:
        self._draft, self._key = draft, key
        self._chats: dict[str, _Chat] = defaultdict(_Chat)

    def section(self, chat: str, number: int, title: object) -> None:
        """Take a section of a forum."""
        named = reading.sound(title) if isinstance(title, str) else str(number)
        self._chats[chat].sections[number] = named

    def take(self, row: int, sent: Sent, raw: object) -> None:
        """Take a message, or refuse it."""
        chat = self._chats[sent.chat]
        sent.text = reading.sound(sent.text)
        reason = reading.objection(sent.text)
        said = sent.voice or sent.its_channel or sent.sender in chat.channels
        # A photo without words is a post all the same.
        if reason is not None and not (reason == reading.NO_TEXT and said and sent.shows):
            self._draft.refuse(row, reason, reading.as_found(raw, SHOWN))
            return
        if sent.its_channel and sent.sender is not None:
            chat.channels.add(sent.sender)
        chat.title = sent.title or chat.title
        if sent.section and sent.top is not None:
            chat.sections.setdefault(sent.top, str(sent.top))
        if sent.reply is None and sent.section:
            sent.reply = sent.top
        # What a channel refers to in its own posts is no citizen.
        if sent.reply is not None and not sent.broadcast:
            elsewhere = sent.elsewhere if sent.elsewhere != sent.chat else None
            answered: Message = sent.reply
            if elsewhere is not None:
                answered = f"{self._name(elsewhere)}/{sent.reply}"
            chat.above[sent.number] = answered
        chat.rows.append((row, sent))

    def finish(self) -> None:
        """Make messages and posts."""
        for name, chat in self._chats.items():
            if chat.rows:
                self._finish(name, chat)

    def _finish(self, name: str, chat: _Chat) -> None:
        named = self._name(name)
        numbers = {sent.number for _, sent in chat.rows}
        for _, sent in chat.rows:
            # What stands between a comment and the post it is under may not be in the dump.
            between = sent.reply if sent.reply != sent.top else None
            if between is not None and sent.top is not None and between not in numbers:
                chat.above.setdefault(between, sent.top)
        threads = links(named, chat.above, chat.sections)
        reacted = any(sent.likes is not None for _, sent in chat.rows)
        rows = [self._row(row, sent, chat, name, reacted=reacted) for row, sent in chat.rows]
        found = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
        found = found.join(threads, on=NUMBER, how="left", maintain_order="left").with_columns(
            pl.format("{}/{}", pl.lit(named), NUMBER).alias(_CHAT)
        )
        said = found.filter(_VOICE).rename({_CHAT: c.POST_ID})
        if said.height:
            self._draft.posts.append(_kept(said, reading.SAID, self._draft))
        written = found.filter(~pl.col(_VOICE)).drop(c.PAGE_ID, c.KIND)
        if written.height:
            posts = said.select(c.POST_ID, c.PAGE_ID).unique(c.POST_ID)
            messages = written.rename({_CHAT: c.MESSAGE_ID}).with_columns(
                pl.col(c.THREAD_ID).fill_null(pl.col(c.MESSAGE_ID)),
                pl.lit(self._channel(name, chat)).alias(c.CHANNEL),
            )
            messages = messages.join(
                posts.with_columns(pl.col(c.POST_ID).alias(c.THREAD_ID)),
                on=c.THREAD_ID,
                how="left",
                maintain_order="left",
            )
            self._draft.messages.append(_kept(messages, c.MESSAGES, self._draft))

    def _row(
        self, row: int, sent: Sent, chat: _Chat, name: str, *, reacted: bool
    ) -> tuple[Any, ...]:
        voice = sent.voice or sent.sender in chat.channels
        page = sent.sender if voice and sent.sender in chat.channels else name
        likes = sent.likes or 0 if reacted else None
        return (
            row,
            sent.number,
            voice,
            self._name(page or name),
            sent.sender,
            sent.text,
            sent.kind,
            sent.published,
            sent.edited,
            sent.forwarded,
            sent.views,
            likes,
            sent.comments,
            sent.shares,
            sent.followers,
            sent.paid,
        )

    def _name(self, chat: str) -> str:
        """Digits of a group or channel; a dialogue is known by the other person."""
        person = chat.startswith("user")
        digits = chat.removeprefix("channel").removeprefix("chat").removeprefix("user")
        return pseudonym(digits, self._key) if person else reading.sound(digits)

    def _channel(self, name: str, chat: _Chat) -> str:
        known = chat.title and chat.title.strip() and not name.startswith("user")
        return reading.sound(chat.title) if known and chat.title else "telegram"


_SCHEMA: dict[str, Any] = {
    c.ROW: pl.Int64,
    NUMBER: pl.Int64,
    _VOICE: pl.Boolean,
    c.PAGE_ID: pl.String,
    c.AUTHOR_ID: pl.String,
    c.TEXT: pl.String,
    c.KIND: pl.String,
    c.PUBLISHED_AT: pl.String,
    EDITED_AT: pl.String,
    c.FORWARDED_FROM: pl.String,
    c.VIEWS: pl.Int64,
    c.LIKES: pl.Int64,
    c.COMMENTS: pl.Int64,
    c.SHARES: pl.Int64,
    c.FOLLOWERS: pl.Int64,
    c.PAID_REACTIONS: pl.Int64,
}


def _kept(found: pl.DataFrame, table: c.Table, draft: Draft) -> pl.DataFrame:
    names = [name for name in (*table.full_schema, *reading.DRAFT) if name in found.columns]
    return reading.dated(found.select(names), table, draft)


def written(value: object) -> str | None:
    """Write a time as found."""
    return None if value in (None, 0, "") else reading.sound(str(value))


def words(found: Any) -> str:
    """Read a text that is a string, or an object that holds one under ``text``."""
    if isinstance(found, Mapping):
        found = found.get("text")
    return found if isinstance(found, str) else ""


def counted(found: object) -> int | None:
    """Read a count; what is below nought is none."""
    number = reading.whole(found)
    return number if number is not None and number >= 0 else None
