"""Keyed pseudonyms."""

import os
import stat
from hashlib import blake2b

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import pseudonyms, readers
from cur_lab.errors import InputError

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12).filter(str.isprintable)), max_size=30))
def test_a_series_is_named_one_by_one(identifiers):
    series = pl.Series("author", identifiers, dtype=pl.String)
    named = pseudonyms.pseudonymise(series, KEY)
    assert named.to_list() == [
        None if one is None else pseudonyms.pseudonym(one, KEY) for one in identifiers
    ]
    assert named.n_unique() == series.n_unique()
    assert named.name == "author"


def test_nobody_without_the_key_gets_the_same_name():
    assert pseudonyms.pseudonym("77", KEY) != pseudonyms.pseudonym("77", OTHER)


def test_of_a_known_vector():
    # Pseudonyms in published studies must not change with a release.
    assert pseudonyms.pseudonym("user77", KEY) == "fdf9fafde1477919"


def test_key_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "pseudonyms.key"
    key = pseudonyms.load_key(path)
    assert len(key) == 32
    assert pseudonyms.load_key(path) == key
    assert key.hex() not in repr(pseudonyms.load_key)
    assert pseudonyms.load_key(tmp_path / "another.key") != key
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_key_is_found_by_variable_then_in_the_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv(pseudonyms.KEY_VARIABLE, str(tmp_path / "mine.key"))
    assert pseudonyms.key_path() == tmp_path / "mine.key"
    monkeypatch.delenv(pseudonyms.KEY_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert pseudonyms.key_path() == tmp_path / "cur-lab" / "pseudonyms.key"


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX")
def test_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "pseudonyms.key"
    key = pseudonyms.load_key(path)
    path.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600") as raised:
        pseudonyms.load_key(path)
    assert key.hex() not in str(raised.value)


@pytest.mark.parametrize("content", ["", "пароль", "00" * 31, "zz" * 32])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path, content):
    path = tmp_path / "pseudonyms.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(InputError, match="not a pseudonym key") as raised:
        pseudonyms.load_key(path)
    assert not content or content not in str(raised.value)


def test_key_is_not_made_inside_a_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    with pytest.raises(InputError, match="not made inside a repository"):
        pseudonyms.load_key(tmp_path / "deep" / "pseudonyms.key")
    assert not (tmp_path / "deep").exists()


def test_rotated_key_gives_other_names_and_keeps_the_earlier_for_its_owner(tmp_path):
    path = tmp_path / "pseudonyms.key"
    before = pseudonyms.load_key(path)
    first, second = pseudonyms.rotate_key(path), pseudonyms.rotate_key(path)
    assert pseudonyms.load_key(first) == before
    keys = {pseudonyms.load_key(one) for one in (path, first, second)}
    assert len(keys) == 3
    assert len({pseudonyms.pseudonym("77", key) for key in keys}) == 3


def test_trying_all_ids_without_the_key_finds_nobody():
    target = pseudonyms.pseudonym("4242", KEY)
    tried = {pseudonyms.pseudonym(f"{number}", OTHER) for number in range(10_000)}
    tried |= {blake2b(f"{n}".encode(), digest_size=8).hexdigest() for n in range(10_000)}
    assert target not in tried


def test_the_key_is_in_nothing_that_is_read_or_printed(tmp_path, capsys):
    path = tmp_path / "messages.csv"
    path.write_text("date,author_id,text\n2024-01-02,77,Яма\n2024-01-03,78,Свет\n", "utf-8")
    reading = readers.read(path, key=KEY)
    print(reading, repr(reading))
    told = capsys.readouterr().out + "".join(
        frame.write_csv() for frame in (reading.messages, reading.rejected)
    )
    reading.messages.write_parquet(tmp_path / "messages.parquet")
    stored = (tmp_path / "messages.parquet").read_bytes()
    assert pseudonyms.pseudonym("77", KEY) in told
    assert KEY.hex() not in told
    assert repr(KEY) not in told
    assert KEY not in stored
    assert KEY.hex().encode() not in stored
