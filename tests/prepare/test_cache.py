"""What is kept of texts read before: what it saves, what it tells, what it survives."""

import os
import random
import sqlite3
import stat
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import cli, prepare
from cur_lab.prepare import cache

MESSAGES = pl.DataFrame(
    {
        "message_id": [f"m{n}" for n in range(40)],
        "channel": ["vk", "telegram"] * 20,
        "author_id": [f"author-{n}" for n in range(40)],
        "text": [f"Не горит фонарь на улице Садовой у дома {n}, темно вечерами" for n in range(35)]
        + ["Прорвало трубу возле школы", "", None, "Прорвало трубу возле школы", "\u202e<b>\t\n"],
    }
)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch) -> Path:
    """Each test has a folder of its own and hears every warning."""
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path / "kept"))
    cache._warn.cache_clear()
    return tmp_path / "kept"


@pytest.fixture
def read(monkeypatch) -> dict[str, list[int]]:
    """How many texts were read for each purpose, time after time."""
    asked: dict[str, list[int]] = {}

    def count(purpose):
        asked[purpose], real = [], getattr(prepare, f"_{purpose}")
        monkeypatch.setattr(
            prepare, f"_{purpose}", lambda texts: asked[purpose].append(len(texts)) or real(texts)
        )

    for purpose in ("terms", "addresses", "families"):
        count(purpose)
    return asked


def test_what_was_read_is_read_no_more(read):
    first = prepare.messages(MESSAGES)
    assert read == {"terms": [38], "addresses": [38], "families": [40]}
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert_frame_equal(prepare.messages(MESSAGES.reverse()).reverse(), first)
    assert read == {"terms": [38], "addresses": [38], "families": [40]}
    plain = prepare.with_families(prepare.with_addresses(prepare.with_terms(MESSAGES)))
    assert_frame_equal(plain, first)


def test_one_changed_text_costs_one_text(read):
    prepare.messages(MESSAGES)
    changed = MESSAGES.with_columns(text=pl.col("text").replace("", "Спасибо за ремонт"))
    found = prepare.messages(changed)
    assert read == {"terms": [38, 1], "addresses": [38, 1], "families": [40, 40]}
    assert found["terms"][36].to_list() == ["ремонт"]


@pytest.mark.parametrize("column", ["message_id", "channel"])
def test_families_are_those_of_these_ids_and_channels(column, read):
    prepare.messages(MESSAGES)
    prepare.messages(MESSAGES.with_columns(pl.col(column) + "x"))
    assert read["families"] == [40, 40]
    prepare.messages(MESSAGES.drop("channel"))
    assert read["families"] == [40, 40, 40]


def test_another_key_or_another_code_finds_nothing(read, tmp_path, monkeypatch):
    prepare.messages(MESSAGES)
    monkeypatch.setenv("CUR_LAB_KEY", str(tmp_path / "other.key"))
    prepare.messages(MESSAGES)
    monkeypatch.setattr(cache, "_code", lambda: b"another version")
    prepare.messages(MESSAGES)
    assert read == {"terms": [38] * 3, "addresses": [38] * 3, "families": [40] * 3}


def test_the_version_heeds_source_and_dictionary(monkeypatch):
    usual = cache._code.__wrapped__
    known = usual()
    assert known == usual()
    monkeypatch.setattr(cache, "version", lambda name: "0" if name == "pymorphy3-dicts-ru" else "1")
    assert usual() != known
    monkeypatch.undo()
    monkeypatch.setattr(cache, "_ROOMS", cache._ROOMS[1:])
    assert usual() != known


def test_the_files_hold_no_text_no_word_and_no_author(kept):
    prepared = prepare.messages(MESSAGES)
    stored = b"".join(path.read_bytes() for path in kept.iterdir())
    hidden = [*prepared.select("text", "street", "template", "family", "author_id", "message_id")]
    words = {*pl.concat([*hidden, prepared["terms"].explode(empty_as_null=True)]).drop_nulls()}
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "cp1251"):
            # Two or three bytes are met by chance.
            if len(found := word.encode(encoding, "ignore")) > 4:
                assert found not in stored, word


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_only_the_owner_may_read(kept):
    prepare.messages(MESSAGES)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.iterdir()} == {0o600}


def test_a_damaged_file_is_made_again(kept, read):
    first = prepare.messages(MESSAGES)
    for path in kept.iterdir():
        path.write_bytes(b"not a database" * 1000)
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert read == {"terms": [38] * 2, "addresses": [38] * 2, "families": [40] * 2}


def test_a_damaged_entry_is_made_again(kept, read):
    first = prepare.messages(MESSAGES)
    for name, one in (("texts", "rowid = 7"), ("corpora", "true")):
        connection = sqlite3.connect(kept / f"{name}.sqlite")
        with connection:
            connection.execute(f"UPDATE entries SET value = substr(value, 2) WHERE {one}")
        connection.close()
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert read == {"terms": [38, 1], "addresses": [38, 1], "families": [40, 40]}


def test_a_folder_that_cannot_be_written_is_told_of_once(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    expected = prepare.messages(MESSAGES)
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path / "file" / "kept"))
    with pytest.warns(UserWarning, match="CUR_LAB_CACHE") as heard:
        found = prepare.messages(MESSAGES)
    assert len(heard) == 1
    assert_frame_equal(found, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prepare.messages(MESSAGES)


def test_a_key_that_cannot_be_had_is_told_of(tmp_path, monkeypatch):
    (tmp_path / "short.key").write_text("1234")
    (tmp_path / "short.key").chmod(0o600)
    monkeypatch.setenv("CUR_LAB_KEY", str(tmp_path / "short.key"))
    with pytest.warns(UserWarning, match="no key"):
        found = prepare.messages(MESSAGES)
    assert found["terms"].null_count() == 1


def test_the_oldest_goes_when_there_is_too_much(kept, read, monkeypatch):
    many = pl.DataFrame(
        {"message_id": [f"{n}" for n in range(3000)], "text": [f"яма {n}" * 9 for n in range(3000)]}
    )
    prepare.messages(many)
    full = (kept / "texts.sqlite").stat().st_size
    monkeypatch.setitem(cache.MOST_BYTES, cache.TEXTS, full // 2)
    prepare.messages(MESSAGES)
    assert (kept / "texts.sqlite").stat().st_size <= full // 2
    assert 0 < cache.held()[0].entries < 3000
    asked = len(read["terms"])
    prepare.messages(MESSAGES)
    assert len(read["terms"]) == asked


SCRIPT = """
import sys, polars as pl
from cur_lab import prepare
frame = pl.read_parquet(sys.argv[1])
for _ in range(5):
    found = prepare.messages(frame)
    frame = frame.with_columns(text=pl.col("text") + sys.argv[3])
found.write_parquet(sys.argv[2])
"""


def test_two_processes_share_the_files(tmp_path, kept, read):
    MESSAGES.write_parquet(tmp_path / "in.parquet")
    told = []
    for number, mark in enumerate(["!", "!"]):
        command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / "in.parquet")]
        told.append(subprocess.Popen([*command, str(tmp_path / f"{number}.parquet"), mark]))
    assert [process.wait() for process in told] == [0, 0]
    left, right = (pl.read_parquet(tmp_path / f"{n}.parquet") for n in range(2))
    assert_frame_equal(left, right)
    again = MESSAGES.with_columns(text=pl.col("text") + "!!!!")
    assert_frame_equal(prepare.messages(again), left)
    assert read == {"terms": [], "addresses": [], "families": []}
    assert not list(kept.glob("*-journal"))


TELLING = """
import os, signal, sys, time, polars as pl
from cur_lab import prepare
real, end = prepare._terms, sys.argv[2]
def slow(texts):
    print("derives", len(texts), flush=True)
    if end == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(1)
    return real(texts)
prepare._terms = slow
frame = pl.read_parquet(sys.argv[1])
print("begins", flush=True)
print(prepare.messages(frame).hash_rows().to_list())
"""


def telling(path, end="well"):
    command = [sys.executable, "-W", "error", "-c", TELLING, str(path), end]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_one_process_derives_another_waits_for(tmp_path, kept):
    MESSAGES.write_parquet(tmp_path / "in.parquet")
    both = [telling(tmp_path / "in.parquet") for _ in range(2)]
    said = [process.communicate(timeout=120)[0].splitlines() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    derived = [line for lines in said for line in lines if line.startswith("derives")]
    assert derived == [f"derives {MESSAGES['text'].drop_nulls().n_unique()}"]
    assert said[0][-1] == said[1][-1]


def test_a_process_killed_while_it_derives_holds_nobody_up(tmp_path, kept):
    prepare.messages(MESSAGES)
    changed = MESSAGES.with_columns(text=pl.col("text") + "!")
    changed.write_parquet(tmp_path / "in.parquet")
    killed = telling(tmp_path / "in.parquet", "killed")
    killed.communicate(timeout=120)
    assert killed.returncode < 0
    process = telling(tmp_path / "in.parquet")
    assert process.communicate(timeout=120)[0].splitlines()[1].startswith("derives")
    for name in (cache.TEXTS, cache.CORPORA):
        with closing(sqlite3.connect(kept / f"{name}.sqlite")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_command_shows_and_clears(kept, capsys):
    prepare.messages(MESSAGES)
    other = kept / "not-ours.csv"
    other.write_text("")
    assert cli.main(["cache"]) == 0
    shown = capsys.readouterr().out.split()
    assert shown[0] == str(kept)
    assert shown[1:4] == ["texts", "38", "entries"]
    assert shown[6:9] == ["corpora", "1", "entries"]
    assert cli.main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out.split()[2] == "0"
    assert list(kept.iterdir()) == [other]


@pytest.mark.parametrize("seed", range(30))
def test_flipped_bytes_of_the_first_page_are_survived(seed, kept):
    draw, first = random.Random(seed), prepare.messages(MESSAGES)
    for path in kept.iterdir():
        # The lock is a file of nothing.
        content = bytearray(path.read_bytes().ljust(4096, b"\0"))
        for _ in range(draw.randint(5, 100)):
            content[draw.randrange(4096)] ^= draw.randint(1, 255)
        path.write_bytes(content)
    assert_frame_equal(prepare.messages(MESSAGES), first)
    assert [part.entries for part in cache.held()] == [38, 1]


@pytest.mark.parametrize(
    "other",
    [
        "TABLE entries (id INTEGER PRIMARY KEY, key TEXT, value TEXT)",
        "TABLE entries (name, value)",
        "VIEW entries AS SELECT 1 AS name, 2 AS value",
    ],
)
def test_another_table_of_that_name_is_made_again(other, kept, read):
    kept.mkdir()
    for name in ("texts", "corpora"):
        with closing(sqlite3.connect(kept / f"{name}.sqlite")) as connection:
            connection.execute(f"CREATE {other}")
    prepare.messages(MESSAGES)
    prepare.messages(MESSAGES)
    assert read == {"terms": [38], "addresses": [38], "families": [40]}


def test_what_cannot_be_removed_is_told_of_with_a_remedy(kept, capsys):
    (kept / "texts.sqlite" / "inside").mkdir(parents=True)
    assert cli.main(["cache", "--clear"]) != 0
    assert "Remove it by hand, or name another folder in CUR_LAB_CACHE" in capsys.readouterr().err
