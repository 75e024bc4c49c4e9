from collections.abc import Callable
from pathlib import Path

import pytest

from cur_lab import columns as c
from cur_lab import readers

KEY = bytes(range(32))

Read = Callable[..., readers.Reading]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of text or bytes and return its path."""

    def written(content: str | bytes, name: str = "export.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written


@pytest.fixture
def read() -> Read:
    """Read with a key of the tests and check what holds of every reading."""

    def reading(path: object, *args: object, **options: object) -> readers.Reading:
        found = readers.read(path, *args, key=KEY, **options)
        c.MESSAGES.check(found.messages, where="messages")
        c.POSTS.check(found.posts, where="posts")
        c.PAGE_ANSWERS.check(found.answers, where="answers")
        c.FOLLOWER_COUNTS.check(found.followers, where="followers")
        c.NOTES.check(found.notes, where="notes")
        assert set(found.notes[c.NOTE]) <= c.CODES[c.NOTE].keys()
        c.REJECTED.check(found.rejected, where="rejected")
        c.UNREADABLE.check(found.unreadable, where="unreadable")
        assert not found.messages[c.MESSAGE_ID].is_duplicated().any()
        assert not found.posts[c.POST_ID].is_duplicated().any()
        assert (found.rejected[c.RAW].str.len_chars() <= 500).all()
        return found

    return reading
