"""Damaged exports of Telegram: by its own client and by the libraries that read its API."""

import json

import pytest
from benchmarks import damage

pytestmark = pytest.mark.benchmark

TEXTS = (
    "Яма на дороге",
    "Снег, лёд и «каша»",
    'Темно; "страшно"',
    "нет тепла\nвторой день",
    "🙂",
    "",
)


def desktop(number: int) -> bytes:
    item = {
        "id": number,
        "type": "message",
        "date": "2024-01-05T10:00:00",
        "date_unixtime": str(1704439800 + number),
        "from": "Иван",
        "from_id": f"user{number % 7}",
        "reply_to_message_id": max(1, number - 3),
        "text": [TEXTS[number % 6], {"type": "bold", "text": "!"}],
        "text_entities": [{"type": "plain", "text": TEXTS[number % 6]}],
    }
    return json.dumps(item, ensure_ascii=False).encode()


def telethon(number: int) -> bytes:
    item = {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 15},
        "date": "2024-01-05T10:00:00+00:00",
        "message": TEXTS[number % 6],
        "from_id": {"_": "PeerUser", "user_id": number % 7},
        "reply_to": {"_": "MessageReplyHeader", "reply_to_msg_id": max(1, number - 3)},
        "entities": [{"_": "MessageEntityBold", "offset": 0, "length": 1}],
        "views": number,
    }
    return json.dumps(item, ensure_ascii=False).encode()


def pyrogram(number: int) -> bytes:
    item = {
        "_": "Message",
        "id": number,
        "from_user": {"_": "User", "id": number % 7, "first_name": "Иван"},
        "date": "2024-01-05 10:00:00",
        "chat": {"_": "Chat", "id": -1000000000015, "type": "ChatType.SUPERGROUP"},
        "text": TEXTS[number % 6],
        "reply_to_message_id": max(1, number - 3),
    }
    return json.dumps(item, ensure_ascii=False).encode()


def one_chat(name: str, number: int, *items: bytes) -> bytes:
    head = f'{{"name": "{name}", "type": "public_supergroup", "id": {number}, "messages": ['
    return head.encode() + b", ".join(items) + b"]}"


def tgstat(number: int) -> bytes:
    text = TEXTS[number % 5].replace("\n", " ").replace('"', "").replace(";", ",")
    return f"https://t.me/gorod/{number};01.02.2025 10:00;{text};{number * 1000};{number}".encode()


API = len(b'{"_": "Message", "id": 24, ')
EXPORTS = {
    "telethon": damage.Export(b"[", tuple(map(telethon, range(1, 25))), b", ", b"]", guard=API),
    "pyrogram": damage.Export(b"[", tuple(map(pyrogram, range(1, 25))), b", ", b"]", guard=API),
    "telethon lines": damage.Export(
        b"", tuple(map(telethon, range(1, 25))), b"\n", b"\n", guard=API, never=b"\n\r"
    ),
    "several chats": damage.Export(
        b'{"about": "x", "chats": {"list": ['
        + one_chat("А", 6, desktop(1), desktop(2))
        + b', {"name": "B", "type": "private_supergroup", "id": 7, "messages": [',
        tuple(map(desktop, range(1, 25))),
        b", ",
        b']}]}, "left_chats": {"list": [' + one_chat("В", 8, desktop(1)) + b"]}}",
        guard=len(b'{"id": 24, "type": "message"'),
        rows=27,
    ),
    "tgstat": damage.Export(
        "Ссылка;Дата;Текст;Просмотры;Реакции\n".encode(),
        tuple(map(tgstat, range(1, 25))),
        b"\n",
        b"\n",
        guard=len("https://t.me/gorod/24"),
        tail=0,
        never=b'\n\r"',
    ),
    "telegram": damage.Export(
        b'{"name": "\xd0\x94", "type": "public_supergroup", "id": 5, "messages": [\n ',
        tuple(map(desktop, range(1, 25))),
        b",\n ",
        b"\n]}",
        guard=len(b'{"id": 24, "type": "message"'),
    ),
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_damaged(kind, tmp_path, monkeypatch):
    damage.quick(monkeypatch)
    damage.put_through(EXPORTS[kind], tmp_path, f"{kind}.json")
