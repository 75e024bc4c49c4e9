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


EXPORTS = {
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
