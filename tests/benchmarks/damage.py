"""Damaged files: what every reader of exports is put through.

An export is given in parts, so that damage can be kept inside the values of its items: the number
of its rows is then known. Damage anywhere may leave any number of rows, or an error of ours. In
both cases every row is accounted for, and nothing but an error of ours is raised.

``pytest -m benchmark tests/benchmarks/test_damage_*.py -s`` puts each format through 20,000 files;
``CUR_LAB_ROUNDS=500`` through fewer.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.errors import CurLabError

KEY = bytes(range(32))
ROUNDS = int(os.environ.get("CUR_LAB_ROUNDS", "20000"))
# A small file that takes longer than this is a hang.
SECONDS = 20.0

SPITE = (
    b'"', b"'", b";", b",", b"\n", b"\r", b"\0", b"\xff", b"\xd0", b"{", b"}", b"[", b"]", b"\\",
    b"\\x1f", b"\\ud83d", b"\\u0000", b"null", b"-1", b"1e999", b"true", b'""', b"\x1f", b":", b"<",
    "Ы".encode(), "🙂".encode(), "\u202e".encode(),
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """A file in parts.

    ``guard`` bytes at the beginning and ``tail`` at the end of an item tell where it stands and
    are left whole; bytes in ``never`` would begin another row and are not written into an item.
    ``rows`` is what the file counts as, one an item where not given.
    """

    before: bytes
    items: tuple[bytes, ...]
    between: bytes
    after: bytes
    guard: int
    tail: int = 1
    never: bytes = b""
    rows: int | None = None

    def whole(self, items: tuple[bytes, ...] | None = None) -> bytes:
        return self.before + self.between.join(items or self.items) + self.after

    @property
    def count(self) -> int:
        return len(self.items) if self.rows is None else self.rows


def damage_anywhere(content: bytes, dice: random.Random) -> bytes:
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


# Which item, where in it, how many bytes go, what is put in their place.
Blow = tuple[int, float, int, bytes]


def blows(export: Export) -> st.SearchStrategy[list[Blow]]:
    """Draw damage inside the values of items."""
    spite = st.sampled_from(SPITE) | st.binary(min_size=0, max_size=3)
    allowed = spite.map(lambda put: bytes(byte for byte in put if byte not in export.never))
    one = st.tuples(
        st.integers(0, len(export.items) - 1),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from((0, 0, 1, 1, 3, 20)),
        allowed,
    )
    return st.lists(one, min_size=1, max_size=4)


def damage_inside(export: Export, struck: list[Blow]) -> bytes:
    """Damage values only: as many items stand in the file as before."""
    items = list(export.items)
    for which, where, gone, put in struck:
        item = items[which]
        last = len(item) - export.tail
        if last <= export.guard:
            continue
        place = export.guard + int(where * (last - export.guard))
        items[which] = item[:place] + put + item[min(place + gone, last) :]
    return export.whole(tuple(items))


def read(path: Path, content: bytes, **options: object) -> int | None:
    """Read and check what holds of every reading; count its rows, None where it is refused."""
    path.write_bytes(content)
    began = time.process_time()
    try:
        reading = readers.read(path, key=KEY, **options)
    except CurLabError as error:
        assert str(path) in str(error)  # noqa: PT017
        assert error.remedy or "," in str(error)  # noqa: PT017
        return None
    assert time.process_time() - began < SECONDS
    parts = (reading.messages, reading.posts, reading.answers, reading.rejected)
    total = sum(map(len, parts))
    places = reading.rejected[c.ROW]
    assert places.is_unique().all()
    assert places.is_between(1, total).all()
    return total


def put_through(
    export: Export,
    folder: Path,
    name: str,
    *,
    rounds: int = ROUNDS,
    read: Callable[..., int | None] = read,
    **options: object,
) -> None:
    """Damage an export so many times, half of them with a known number of rows.

    ``read`` is what reads and checks; another one than that of messages may be given.
    """
    path = folder / name
    assert read(path, export.whole(), **options) == export.count

    dice, could = random.Random(rounds), 0
    for _ in range(rounds - rounds // 2):
        could += read(path, damage_anywhere(export.whole(), dice), **options) is not None

    @settings(
        max_examples=rounds // 2,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(blows(export))
    def with_known_rows(struck: list[Blow]) -> None:
        content = damage_inside(export, struck)
        assert read(path, content, **options) == export.count

    with_known_rows()
    print(f"{name}: {rounds} damaged files, {could} of those damaged anywhere could be read")


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave names where they are: they are looked for at some hundred rows a second."""
    monkeypatch.setattr("cur_lab.privacy.redact", lambda texts, names=True: texts)
