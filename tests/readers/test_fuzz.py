"""Damaged files: an error of ours, or every row accounted for; never anything else."""

import csv
import io
import json
import random
from pathlib import Path

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.errors import CurLabError

KEY = bytes(range(32))
TEXTS = [
    "Яма на дороге",
    "Снег, лёд и «каша»",
    "Темно; страшно",
    "нет тепла\nвторой день",
    "🙂",
    "",
]


def rows() -> list[dict[str, object]]:
    return [
        {"id": n, "text": TEXTS[n % 6], "date": f"{n % 28 + 1:02}.01.2024 10:{n:02}", "author": "я"}
        for n in range(1, 25)
    ]


def table(separator: str, encoding: str) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows()[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows())
    return file.getvalue().encode(encoding, errors="replace")


def telegram() -> bytes:
    messages = [
        {"id": row["id"], "type": "message", "date": "2024-01-05T10:00:00", "from_id": "user1",
         "text": [row["text"], {"type": "bold", "text": "!"}], "reply_to_message_id": 3}
        for row in rows()
    ]  # fmt: skip
    chat = {"id": 5, "type": "public_supergroup", "name": "Двор", "messages": messages}
    return json.dumps({"chats": {"list": [chat]}}, ensure_ascii=False).encode()


def vk() -> bytes:
    items = [
        {"id": row["id"], "from_id": 7, "owner_id": -1, "post_id": 1, "date": 1704439800,
         "text": row["text"], "thread": {"count": 1, "items": [{"id": 1000, "text": "да"}]}}
        for row in rows()
    ]  # fmt: skip
    return json.dumps([{"response": {"count": 24, "items": items}}]).encode()


def parquet() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(rows()).write_parquet(file)
    return file.getvalue()


def xlsx() -> bytes:
    file = io.BytesIO()
    pl.DataFrame(rows()).write_excel(file)
    return file.getvalue()


SOURCES = {
    "csv": lambda: table(",", "utf-8"),
    "windows": lambda: table(";", "cp1251"),
    "utf-16": lambda: table("\t", "utf-16"),
    "telegram": telegram,
    "vk": vk,
    "parquet": parquet,
    "xlsx": xlsx,
}
SPITE = [b'"', b"'", b";", b",", b"\n", b"\r", b"\0", b"\xff", b"\xd0", b"{", b"}", b"[", b"]",
         b"null", b"-1", b"1e999", b"\\ud83d", b"\\u0000", b"true", b'""', b"\x1f"]  # fmt: skip


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Cut, drop, repeat or overwrite a few places."""
    found = bytearray(content)
    for _ in range(dice.choice([1, 1, 1, 2, 5])):
        if not found:
            break
        place = dice.randrange(len(found))
        stop = min(len(found), place + dice.choice([1, 1, 3, 40]))
        match dice.randrange(6):
            case 0:
                del found[place:]
            case 1:
                del found[place:stop]
            case 2:
                found[place:place] = found[place:stop] * dice.choice([1, 2, 50])
            case 3:
                found[place:place] = dice.choice(SPITE)
            case 4:
                found[place:stop] = dice.choice(SPITE)
            case _:
                found[place] = dice.randrange(256)
    return bytes(found)


def expected_rows(content: bytes, kind: str) -> int | None:
    """Count the rows without our readers, where what a row is stays beyond doubt."""
    if kind == "csv":
        # Quoted line breaks and broken quotes make it a matter of judgement.
        lines = content.decode("utf-8", errors="replace")
        return None if '"' in lines else sum(1 for row in csv.reader(io.StringIO(lines)) if row) - 1
    try:
        found = json.loads(content)
        if kind == "telegram":
            return sum(len(chat["messages"]) for chat in found["chats"]["list"])
        if kind == "vk":
            items = [item for page in found for item in page["response"]["items"]]
            return len(items) + sum(len(item["thread"]["items"]) for item in items)
    except Exception:
        return None
    return None


def check(path: Path, content: bytes, kind: str) -> bool:
    """Read and check; tell whether it could be read."""
    path.write_bytes(content)
    try:
        reading = readers.read(path, key=KEY)
    except CurLabError as error:
        assert str(path) in str(error)  # noqa: PT017
        return False
    tables = (reading.messages, reading.posts, reading.answers, reading.rejected)
    total = sum(map(len, tables))
    places = reading.rejected[c.ROW]
    assert places.is_unique().all()
    assert places.is_between(1, total).all()
    if (expected := expected_rows(content, kind)) is not None:
        assert total == expected
    return True


@pytest.mark.parametrize(
    "rounds", [20, pytest.param(1500, marks=pytest.mark.benchmark)], ids=["short", "long"]
)
@pytest.mark.parametrize("kind", SOURCES)
def test_damaged_file(kind, rounds, tmp_path, monkeypatch):
    # Names are looked for at some hundred rows a second, and not what is tried here.
    monkeypatch.setattr("cur_lab.privacy.redact", lambda texts, names: texts)
    content, dice = SOURCES[kind](), random.Random(rounds)
    assert check(tmp_path / "whole", content, kind)
    read = [check(tmp_path / "damaged", damaged(content, dice), kind) for _ in range(rounds)]
    print(f"{kind}: {sum(read)} of {rounds} damaged files could be read")


def test_a_damaged_line_does_not_take_its_neighbours_along(tmp_path, monkeypatch):
    monkeypatch.setattr("cur_lab.privacy.redact", lambda texts, names: texts)
    dice = random.Random(0)
    for _ in range(60):
        lines = ["id,text,author"] + [f'{n},"Яма, {n}",Иван' for n in range(1, 30)]
        hit = dice.randrange(1, 30)
        line = lines[hit]
        place = dice.randrange(len(line))
        spite = dice.choice(['"', ",", '""', "\0", '",', "\r", ',"'])
        lines[hit] = line[:place] + spite + line[place + dice.randrange(3) :]
        path = tmp_path / "table.csv"
        path.write_bytes("\n".join(lines).encode())
        reading = readers.read(path, key=KEY)
        others = {str(n) for n in range(1, 30) if n != hit}
        assert others <= set(reading.messages[c.MESSAGE_ID]), lines[hit]
