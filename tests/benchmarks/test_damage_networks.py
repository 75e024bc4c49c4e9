"""Damaged answers of VK, MAX and Odnoklassniki, and requests of Open311."""

import base64
import json

import pytest
from benchmarks import damage

pytestmark = pytest.mark.benchmark

AT = 1740812400000
TEXTS = (
    "Яма на дороге",
    "Снег, лёд и «каша»",
    'Темно; "страшно"',
    "нет тепла\nвторой день",
    "🙂",
    "",
)
NUMBERS = range(1, 25)


def vk(number: int) -> dict[str, object]:
    return {
        "id": number,
        "from_id": -10 if number % 5 == 0 else number % 7,
        "owner_id": -10,
        "post_id": 1,
        "date": 1704439800 + number,
        "text": TEXTS[number % 6],
        "parents_stack": [number - 1],
        "reply_to_comment": number - 1,
        "attachments": [{"type": "video", "video": {"type": "live", "upcoming": 1}}],
        "thread": {"count": 3, "items": []},
    }


def mid(number: int) -> str:
    return f"mid.{2**64 - 70:016x}{(AT + number) << 16:016x}"


def of_bot(number: int) -> dict[str, object]:
    quoted = {"mid": mid(number - 1), "seq": number, "text": TEXTS[number % 6], "markup": []}
    person = {"user_id": number % 7, "first_name": "Иван", "is_bot": number % 5 == 0}
    return {
        "sender": None if number % 3 == 0 else person,
        "recipient": {"chat_id": -70, "chat_type": "channel", "post_id": mid(0)},
        "timestamp": AT + number,
        "link": {"type": "reply", "sender": person, "message": quoted},
        "body": {"mid": mid(number), "seq": number, "text": TEXTS[number % 6], "markup": []},
        "stat": {"views": number},
    }


def of_client(number: int) -> dict[str, object]:
    return {
        "id": number,
        "chat_id": -70,
        "post_id": number % 2 or None,
        "sender": number % 7 or None,
        "text": TEXTS[number % 6],
        "time": AT + number,
        "type": "USER",
        "attaches": [{"type": "POLL", "title": "Где яма?"}],
        "stats": {"views": 5},
        "reaction_info": {"total_count": 3, "counters": [{"count": 3, "reaction": "👍"}]},
        "link": {"type": "REPLY", "message": {"id": number - 1, "text": "Да"}},
    }


def comment_id(number: int) -> str:
    return base64.b64encode(f"{AT + number}:-1:{AT + number}:62:1".encode()).decode()


def ok(number: int) -> dict[str, object]:
    return {
        "id": comment_id(number),
        "author_id": f"53800000000{number % 7}",
        "author_type": "GROUP" if number % 5 == 0 else "USER",
        "date": "2025-03-01 10:00:00",
        "text": TEXTS[number % 6],
        "type": "ACTIVE_MESSAGE",
        "reply_to_comment_id": comment_id(number - 1),
        "attrs": {"flags": "l,s"},
    }


def request(number: int) -> dict[str, object]:
    return {
        "service_request_id": str(number),
        "status": "closed" if number % 2 else "open",
        "status_notes": TEXTS[number % 6],
        "service_name": "Дороги",
        "description": TEXTS[number % 6],
        "requested_datetime": "2025-03-01T10:00:00+03:00",
        "updated_datetime": "2025-03-02T10:00:00Z",
        "lat": 55.1,
    }


def flat(number: int) -> dict[str, object]:
    text = TEXTS[number % 6]
    return {"id": number, "date": "2025-03-01 10:00", "text": text, "author": {"id": number}}


def written(items: object, guard: str, before: str, after: str, **more: object) -> damage.Export:
    """Write items between what stands about them; each keeps its members up to ``guard``."""
    found = tuple(json.dumps(one, ensure_ascii=False).encode() for one in items)
    length = max(one.index(guard.encode()) for one in found) + len(guard.encode())
    return damage.Export(before.encode(), found, b", ", after.encode(), guard=length, **more)


def csv_row(number: int) -> bytes:
    text = TEXTS[number % 6].replace("\n", " ").replace('"', "").replace(",", "")
    row = f"{number},open,{text},Дороги,{text},2025-03-01T10:00:00Z,2025-03-02"
    return row.encode()


EXPORTS = {
    "vk": written(map(vk, NUMBERS), '"owner_id"', '{"response": {"count": 24, "items": [', "]}}"),
    "vk answers": written(map(vk, NUMBERS), '"owner_id"', '[{"count": 24, "items": [', "]}]"),
    "max": written(map(of_bot, NUMBERS), '"sender":', '{"messages": [', "]}"),
    "maxapi-python": written(map(of_client, NUMBERS), '"post_id"', "[", "]"),
    "ok": written(
        map(ok, NUMBERS), '"author_type"', '{"comments": [', '], "has_more": true, "anchor": "a"}'
    ),
    "open311": written(map(request, NUMBERS), '"status_notes"', "[", "]"),
    "open311.csv": damage.Export(
        b"service_request_id,status,status_notes,service_name,description,requested_datetime,"
        b"updated_datetime\n",
        tuple(map(csv_row, NUMBERS)),
        b"\n",
        b"\n",
        guard=3,
        tail=0,
        never=b'\n\r",',
    ),
    "objects": written(map(flat, NUMBERS), '"date"', "[", "]"),
    "vk lines": damage.Export(
        b"",
        tuple(json.dumps(vk(number), ensure_ascii=False).encode() for number in NUMBERS),
        b"\n",
        b"\n",
        guard=len('{"id": 24, "from_id": -10, "owner_id"'),
        never=b"\n\r",
    ),
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_damaged(kind, tmp_path, monkeypatch):
    damage.quick(monkeypatch)
    damage.put_through(EXPORTS[kind], tmp_path, kind)
