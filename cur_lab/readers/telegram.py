"""Telegram Desktop's JSON: channels → posts, groups and dialogues → messages.

What a chat itself says, its anonymous admins and the posts of its channel put there by Telegram are
posts, or answers to what they reply to. A message is called ``chat/number``. A dialogue is known by
the other person, so its number is keyed and its name left out. The export is read in a stream:
hundreds of megabytes are usual.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import Any

from cur_lab.errors import InputError
from cur_lab.readers import content, reading
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.telegram_chat import SHOWN, Chat
from cur_lab.readers.window import Broken, Damaged, Marks, Repaired, Window

FORMATS = {"telegram": frozenset({content.RECORDS})}

_OUTSIDE = {"messages", "chats", "left_chats"}
_MESSAGES = re.compile(r'"messages"\s*:\s*(?=\[)')
_ABOUT = re.compile(r'"(name|type|id)"\s*:\s*("(?:[^"\\]|\\["\\/bfnrtu])*"|-?\d+)')
# Names of the first members of a full export.
_FULL = {"about", "personal_information"}
_TYPES = {"message", "service", "unsupported"}
# What messages of the API have under the same «messages».
_FOREIGN = {"_", "peer_id", "chat", "sender_id"}

_ITEM = r'\{\s*"id"\s*:\s*-?\d+\s*,\s*"type"\s*:'
_INSIDE = ('"id"', _ITEM + r'\s*"(?:message|service)"')
_MEMBERS = "name|type|id|about|username|description|topics|members|participants"
_ALONE = Marks(_ITEM, ends=r"\]\s*\}", members=_MEMBERS, inside=_INSIDE)
_AMONG = Marks(
    _ITEM,
    ends=r"\]\s*\}\s*\]\s*\}\s*\}",
    closes=r'\](?=\s*\}\s*(?:,\s*\{\s*"(?:name|type)"\s*:|\]\s*\}\s*,\s*"))',
    members=_MEMBERS,
    inside=_INSIDE,
)
# Written again by another program, in another order.
_REORDERED = Marks(
    r'\{\s*"(?:id|date|action|actor|author|edited|file|forwarded_from|from)"\s*:',
    ends=r"\]\s*\}",
    members=_MEMBERS + "|date|from",
)
_SHOWN_DAMAGED = re.compile(r'"(?:id|date|text)"\s*:\s*(?:"(?:[^"\\]|\\.){0,300}|-?\d+)')


def sniff(file: Glance) -> str | None:
    """Tell an export of one chat or of many."""
    if file.container not in FORMATS["telegram"]:
        return None
    own = any(item.get("type") in _TYPES for item in file.items)
    foreign = not own and any(item.keys() & _FOREIGN for item in file.items)
    known = file.keys & _OUTSIDE or file.keys >= _FULL
    return "telegram" if known and not foreign else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read an export of one chat or of many.

    Raises
    ------
    InputError
        If it has no list of messages, or nothing in it can be read.
    """
    draft = Draft(asked.timezone, owned=True)
    export = _Export(file, asked, draft)
    with closing(Window(file.path, content.encoding(file.path))) as window:
        try:
            export.read(window)
        except Broken as broken:
            export.fail(window, broken)
        if window.cut:
            draft.note(reading.FILE_CUT)
        export.finish(window)
    return draft


class _Export:
    """An export while it is read: the place in it, and what was wrong first."""

    def __init__(self, file: Glance, asked: Asked, draft: Draft) -> None:
        self.path, self.asked, self.draft = file.path, asked, draft
        self.row, self.lists, self.whole = 0, 0, 0
        ordered = not file.items or list(file.items[0])[:2] == ["id", "type"]
        self.alone = _ALONE if ordered else _REORDERED
        # The first chat that has no list of messages, if one has none.
        self.among, self.bare = False, 0
        self.chat = Chat(asked, draft)
        self.first_fault: tuple[str, str, bool] | None = None

    def read(self, window: Window) -> None:
        """Read the chats; a part that is not about them is passed over."""
        if window.peek() != "{":
            raise self.lacking()
        for name in window.members():
            if name == "messages":
                self.messages(window, self.alone)
            elif name in ("chats", "left_chats") and window.peek() == "{":
                for inner in window.members():
                    if inner == "list" and window.peek() == "[":
                        self.among = True
                        self.chats(window)
                    else:
                        window.about()
            else:
                self.chat.know(name, window.about())
        self.chat.finish()

    def chats(self, window: Window) -> None:
        """Read each chat of a list of them."""
        for place in window.each():
            if window.peek() != "{":
                raise Broken("Expecting a chat", cut=False) if self.whole else self.lacking(place)
            self.chat, before = Chat(self.asked, self.draft), self.lists
            for name in window.members():
                if name == "messages":
                    self.messages(window, _AMONG)
                else:
                    self.chat.know(name, window.about())
            self.bare = self.bare or (self.lists == before and place)
            self.chat.finish()
        self.chat = Chat(self.asked, self.draft)

    def messages(self, window: Window, marks: Marks) -> None:
        """Read the messages of a chat, each a row."""
        if window.peek() != "[":
            raise self.lacking()
        self.lists += 1
        for item in window.items(marks):
            self.row += 1
            if isinstance(item, Damaged):
                self.fault(item)
                continue
            if isinstance(item, Repaired):
                self.draft.note(reading.REPAIRED)
                item = item.value
            if (reason := _refusal(item)) is not None:
                self.whole += reason != reading.FORM
                if reason == reading.SERVICE:
                    self.chat.service(item)
                self.draft.refuse(self.row, reason, reading.as_found(item, SHOWN))
            else:
                self.whole += 1
                self.chat.take(self.row, item)

    def fault(self, item: Damaged) -> None:
        """Put a damaged item among the rejected."""
        self.first_fault = self.first_fault or (item.place, item.why, item.cut)
        shown = ", ".join(_SHOWN_DAMAGED.findall(item.text))
        reason = reading.CUT_OFF if item.cut else reading.DAMAGED
        self.draft.refuse(self.row, reason, f"{item.place}: {shown or item.why}")
        if not item.cut:
            self.draft.note(reading.FILE_DAMAGED)

    def fail(self, window: Window, broken: Broken) -> None:
        """Put what is damaged between messages among the rejected, and look for more messages."""
        self.row += 1
        self.fault(Damaged("", window.place, broken.why, broken.cut))
        window.cut |= broken.cut
        while (before := window.seek(_MESSAGES)) is not None:
            if self.chat.begun:
                self.chat.finish()
                self.chat = Chat(self.asked, self.draft)
            for name, value in _ABOUT.findall(before):
                self.chat.know(name, json.loads(value))
            try:
                self.messages(window, _AMONG if self.among else self.alone)
            except Broken as again:
                window.cut |= again.cut
        self.chat.finish()

    def finish(self, window: Window) -> None:
        """Raise InputError if there was no message at all, or none that could be read."""
        if window.cut and not self.first_fault:
            self.first_fault = window.place, "", True
        if self.first_fault and not self.whole:
            place, why, cut = self.first_fault
            raise content.broken(self.path, place, why, cut=cut)
        if not self.lists and (self.bare or not self.among):
            raise self.lacking(self.bare or 1)

    def lacking(self, place: int = 1) -> InputError:
        return InputError(
            "no list of messages",
            where=f"{self.path}, chat {place}",
            remedy="In Telegram Desktop choose «Export chat history», format JSON",
        )


def _refusal(item: Any) -> str | None:
    if not isinstance(item, dict) or reading.whole(item.get("id")) is None:
        return reading.FORM
    match item.get("type"):
        case "message":
            return None
        case "service":
            return reading.SERVICE
        case "unsupported":
            return reading.UNSUPPORTED
        case _:
            return reading.FORM
