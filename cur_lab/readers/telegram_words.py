"""What one item of Telegram Desktop's export says: its words, kind, times and people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cur_lab.readers import reading

Item = Mapping[str, Any]

_MEDIA = {"video_file": "video", "animation": "video", "video_message": "clip"}
# What makes a post of something that has no words.
_SHOWING = {"photo", "file", "media_type", "poll", "location_information", "rich_message"}
# Members that hold no words of the writer, or whose words are read below.
_KNOWN = frozenset(
    {
        "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id",
        "author", "forwarded_from", "forwarded_from_id", "saved_from", "reply_to_message_id",
        "reply_to_peer_id", "via_bot", "photo", "photo_file_size", "file", "file_name", "file_size",
        "thumbnail", "thumbnail_file_size", "media_type", "media_spoiler", "sticker_emoji",
        "mime_type", "duration_seconds", "width", "height", "performer", "title", "text",
        "text_entities", "poll", "todo_list", "rich_message", "reactions", "inline_bot_buttons",
        "contact_information", "contact_vcard", "contact_vcard_file_size", "location_information",
        "place_name", "address", "live_location_period_seconds", "self_destruct_period_seconds",
        "game_title", "game_description", "game_link", "invoice_information",
        "giveaway_information", "giveaway_results", "paid_stars_amount",
    }
)  # fmt: skip

_NAMED = 40
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}")


def text_of(item: Item) -> str:
    """Words in one piece: of the text, else of its entities, a poll, a list of tasks, blocks."""
    found = item.get("text")
    text = found if isinstance(found, str) else _pieces(found)
    if not text:
        text = _pieces(item.get("text_entities"))
    if not text and (poll := item.get("poll")) and isinstance(poll, dict):
        text = _pieces(poll.get("question"))
    if not text and (tasks := item.get("todo_list")) and isinstance(tasks, dict):
        listed = (one for name, one in tasks.items() if name != "title" and isinstance(one, list))
        lines = [_pieces(tasks.get("title")), *(_pieces(one) for part in listed for one in part)]
        text = "\n".join(line for line in lines if line)
    if not text and "rich_message" in item:
        text = "\n".join(_under_text(item["rich_message"]))
    return reading.sound(text)


def unread_words(item: Item, *, wordless: bool) -> list[str]:
    """Name the members nobody told us of that hold words.

    Of a message without words of its own, any two words in a row are words somebody wrote.
    """
    unknown = item.keys() - _KNOWN
    return sorted(
        reading.sound(name)[:_NAMED]
        for name in unknown
        if next(_under_text(item[name]), "").strip() or (wordless and _speaks(item[name]))
    )


def _speaks(found: Any) -> bool:
    if isinstance(found, str):
        return bool(_TWO_WORDS.search(found))
    inner = found.values() if isinstance(found, dict) else found
    return isinstance(found, (dict, list)) and any(map(_speaks, inner))


def _pieces(found: Any) -> str:
    """Join pieces that are strings or hold them under ``text``, as they stand."""
    if isinstance(found, str):
        return found
    if isinstance(found, list):
        return "".join(map(_pieces, found))
    return _pieces(found["text"]) if isinstance(found, dict) and "text" in found else ""


def _under_text(found: Any) -> Iterator[str]:
    """Yield what stands under ``text`` at any depth, the pieces of one text joined."""
    if isinstance(found, dict):
        for name, value in found.items():
            words = _pieces(value) if name == "text" else ""
            if words:
                yield words
            else:
                yield from _under_text(value)
    elif isinstance(found, list):
        for one in found:
            yield from _under_text(one)


def kind_of(item: Item) -> str:
    """Tell what kind of a post it is."""
    if "poll" in item:
        return "poll"
    media = item.get("media_type")
    if isinstance(media, str) and media in _MEDIA:
        return _MEDIA[media]
    return "photo" if "photo" in item else "text"


def shows_something(item: Item) -> bool:
    """Tell a post without words from an empty one."""
    return not _SHOWING.isdisjoint(item)


def reactions_of(item: Item) -> tuple[int | None, int | None]:
    """Count people's reactions, and paid ones, which are stars; None where there are none."""
    found = item.get("reactions")
    if found is None:
        return None, None
    people, paid = 0, None
    for one in found if isinstance(found, list) else ():
        count = reading.whole(one.get("count")) if isinstance(one, dict) else None
        if not count:
            continue
        # Other kinds name their emoji.
        unnamed = "type" not in one and one.keys().isdisjoint({"emoji", "document_id"})
        if one.get("type") == "paid" or unnamed:
            paid = (paid or 0) + count
        else:
            people += count
    return people, paid


def written(item: Item, name: str) -> str | None:
    """Unix seconds if the export has them: the date beside them is in the exporter's own zone."""
    value = item.get(f"{name}_unixtime", item.get(name))
    if value is None or isinstance(value, str):
        return value if value is None else reading.sound(value)
    return reading.sound(str(value))


def person_of(item: Item, role: str) -> str | None:
    """Id of a person or channel; the name where the export has no id; older ids lack the prefix."""
    found = item.get(f"{role}_id")
    if isinstance(found, str) and found.startswith(("user", "channel", "chat")):
        return reading.sound(found)
    if (number := reading.whole(found)) is not None:
        return f"user{number}"
    for value in (found, item.get(role)):
        if isinstance(value, str) and value.strip():
            return reading.sound(value)
    return None


def source_of(item: Item) -> str | None:
    """Where a forward comes from; one of a deleted account from nobody else's."""
    if "forwarded_from" not in item and "forwarded_from_id" not in item:
        return None
    return person_of(item, "forwarded_from") or f"deleted {item.get('id')} {written(item, 'date')}"


def from_its_channel(item: Item) -> bool:
    """Tell a channel's post that Telegram itself put into the group of its discussions."""
    sender = item.get("from_id")
    if not isinstance(sender, str) or not sender.startswith("channel"):
        return False
    forwarded = item.get("forwarded_from")
    named = isinstance(forwarded, str) and forwarded == item.get("from")
    return named or ("saved_from" in item and "forwarded_from" in item)
