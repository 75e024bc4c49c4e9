"""A chat of Telegram Desktop's export, gathered message by message, then made into tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers import reading
from cur_lab.readers import telegram_words as words
from cur_lab.readers.glance import Asked
from cur_lab.readers.reading import EDITED_AT, Draft
from cur_lab.readers.telegram_threads import NUMBER, links

Item = Mapping[str, Any]

# What a rejected row shows: nothing that holds a name.
SHOWN = ("id", "type", "action", "date", "media_type", "text")

_CHANNELS = {"public_channel", "private_channel"}
_DIALOGUES = {"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"}
_NAME, _VOICE, _WORDLESS = "_name", "_voice", "_wordless"
_SCHEMA: dict[str, Any] = {
    c.ROW: pl.Int64,
    NUMBER: pl.Int64,
    c.AUTHOR_ID: pl.String,
    c.TEXT: pl.String,
    c.KIND: pl.String,
    c.PUBLISHED_AT: pl.String,
    EDITED_AT: pl.String,
    c.FORWARDED_FROM: pl.String,
    c.LIKES: pl.Int64,
    c.PAID_REACTIONS: pl.Int64,
    _WORDLESS: pl.Boolean,
}
# Rows are packed into a table each time there are so many: strings of Python are large.
_PACKED = 20_000


class Chat:
    """One chat while it is read.

    Its name, type and number usually stand before its messages, but need not.
    """

    def __init__(self, asked: Asked, draft: Draft) -> None:
        self._key, self._draft = asked.key, draft
        self._about: dict[str, Any] = {}
        self._rows: list[tuple[Any, ...]] = []
        self._packed: list[pl.DataFrame] = []
        # Number of a message → the number it replies to, or the name of one in another chat.
        self._above: dict[int, int | str] = {}
        self._topics: dict[int, str] = {}
        self._channels: set[str] = set()
        self._raw: dict[int, tuple[str, str]] = {}

    @property
    def begun(self) -> bool:
        """Whether messages were taken."""
        return bool(self._rows or self._packed)

    def know(self, name: str, value: Any) -> None:
        """Take a member of the chat beside its messages."""
        self._about[name] = value

    def service(self, item: Item) -> None:
        """Take what a service message tells: the sections of a forum."""
        title = item.get("title")
        if item.get("action") == "topic_created":
            number = item["id"]
            self._topics[int(number)] = title if isinstance(title, str) else str(number)

    def take(self, row: int, item: Item) -> None:
        """Take a message."""
        text = words.text_of(item)
        reason = reading.objection(text)
        wordless = reason == reading.NO_TEXT
        for name in (unread := words.unread_words(item, wordless=wordless)):
            self._draft.note(reading.NOT_READ, name)
        if reason is not None:
            raw = reading.as_found(item, SHOWN)
            if wordless and unread:
                reason = reading.UNREAD
                raw = f"text in {', '.join(unread)} is not read: {raw}"
            if not (wordless and words.shows_something(item)):
                self._draft.refuse(row, reason, raw)
                return
            # Whether a photo without words is a post depends on who sent it.
            self._raw[row] = (reason, raw)
        number = int(item["id"])
        if (answered := reading.whole(item.get("reply_to_message_id"))) is not None:
            elsewhere = item.get("reply_to_peer_id")
            self._above[number] = (
                f"{_peer(elsewhere, self._key)}/{answered}"
                if isinstance(elsewhere, str)
                else answered
            )
        author, source = words.person_of(item, "from"), words.source_of(item)
        if source is not None and words.from_its_channel(item):
            self._channels.add(str(author))
            source = source if item.get("forwarded_from") != item.get("from") else None
        self._rows.append(
            (
                row,
                number,
                author,
                text,
                words.kind_of(item),
                words.written(item, "date"),
                words.written(item, "edited"),
                source,
                *words.reactions_of(item),
                wordless,
            )
        )
        if len(self._rows) == _PACKED:
            self._pack()

    def finish(self) -> None:
        """Make the messages and posts of the draft; what came without words and is no post goes."""
        self._pack()
        found = pl.concat(self._packed)
        self._packed = []
        if found.is_empty():
            return
        number, name = reading.whole(self._about.get("id")), self._about.get("name")
        self._id = reading.sound(str(name)) if number is None else str(number)
        own, kind = f"channel{self._id}", self._about.get("type")
        if kind in _DIALOGUES:
            self._id, name = pseudonym(self._id, self._key), None
        self._name = reading.sound(name) if isinstance(name, str) and name.strip() else "telegram"
        author = pl.col(c.AUTHOR_ID)
        voice = author.is_in([own, *sorted(self._channels)]).fill_null(value=False)
        page = pl.when(author == own).then(None).otherwise(author.str.strip_prefix("channel"))
        if kind in _CHANNELS:
            voice, page = pl.lit(value=True), pl.lit(None, pl.String)
        else:
            found = found.join(
                links(self._id, self._above, self._topics),
                on=NUMBER,
                how="left",
                maintain_order="left",
            )
        found = found.with_columns(
            voice.alias(_VOICE), pl.format("{}/{}", pl.lit(self._id), NUMBER).alias(_NAME)
        )
        lost = found.filter(~pl.col(_VOICE) & pl.col(_WORDLESS))
        for row in lost[c.ROW]:
            self._draft.refuse(row, *self._raw[row])
        said = found.filter(_VOICE).with_columns(page.fill_null(self._id).alias(c.PAGE_ID))
        self._posts(said)
        self._messages(found.filter(~pl.col(_VOICE) & ~pl.col(_WORDLESS)), said)

    def _pack(self) -> None:
        self._packed.append(pl.DataFrame(self._rows, schema=_SCHEMA, orient="row"))
        self._rows = []

    def _posts(self, said: pl.DataFrame) -> None:
        if said.is_empty():
            return
        # A post nobody reacted to has no reactions in the export; nor has any, where they are off.
        likes = pl.col(c.LIKES).fill_null(0) if said[c.LIKES].count() else pl.col(c.LIKES)
        posts = said.with_columns(likes).rename({_NAME: c.POST_ID})
        self._draft.posts.append(_finished(posts, reading.SAID, self._draft))

    def _messages(self, written: pl.DataFrame, said: pl.DataFrame) -> None:
        if written.is_empty():
            return
        messages = (
            written.drop(c.KIND)
            .rename({_NAME: c.MESSAGE_ID})
            .with_columns(
                pl.lit(self._name).alias(c.CHANNEL),
                pl.col(c.THREAD_ID).fill_null(pl.col(c.MESSAGE_ID)),
            )
        )
        if said.height:
            posts = said.select(pl.col(_NAME).alias(c.POST_ID), c.PAGE_ID).unique(c.POST_ID)
            messages = messages.join(
                posts.with_columns(pl.col(c.POST_ID).alias(c.THREAD_ID)),
                on=c.THREAD_ID,
                how="left",
                maintain_order="left",
            )
        self._draft.messages.append(_finished(messages, c.MESSAGES, self._draft))


def _finished(found: pl.DataFrame, table: c.Table, draft: Draft) -> pl.DataFrame:
    kept = [name for name in (*table.full_schema, *reading.DRAFT) if name in found.columns]
    return reading.dated(found.select(kept), table, draft)


def _peer(peer: str, key: bytes) -> str:
    digits = peer.removeprefix("user").removeprefix("channel").removeprefix("chat")
    return pseudonym(digits, key) if peer.startswith("user") else reading.sound(digits)
