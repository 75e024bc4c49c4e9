"""Where Python keeps no bytecode of its own, a study keeps it in the cache folder."""

import os
import subprocess
import sys

import pytest

from cur_lab import cli, files
from cur_lab.prepare import cache
from cur_lab.study import bytecode

ASK = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A cache folder of its own, and a process that was told nothing of another place."""
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path))
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path / files.BYTECODE


def without_bytecode(monkeypatch, tmp_path):
    monkeypatch.setattr("cur_lab.__spec__.cached", str(tmp_path / "never" / "written.pyc"))


def test_a_kernel_compiles_once_what_would_be_compiled_every_time(kept, monkeypatch, tmp_path):
    without_bytecode(monkeypatch, tmp_path)
    (tmp_path / "slow_to_compile.py").write_text("x = 1\n", encoding="utf-8")
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | bytecode.environment()
    command = [sys.executable, "-c", f"{ASK}; import slow_to_compile"]
    told = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert told.stdout.decode().split() == ["False", str(kept)]
    assert [path.name.partition(".")[0] for path in kept.rglob("slow_*.pyc")] == ["slow_to_compile"]


def test_what_python_keeps_or_the_user_has_said_stays(kept, monkeypatch, tmp_path):
    beside = tmp_path / "kept.pyc"
    beside.touch()
    monkeypatch.setattr("cur_lab.__spec__.cached", str(beside))
    assert bytecode.environment() == {}
    without_bytecode(monkeypatch, tmp_path)
    monkeypatch.setattr(sys, "pycache_prefix", "/their/own")
    before = sys.dont_write_bytecode
    with bytecode.kept():
        assert (sys.pycache_prefix, sys.dont_write_bytecode) == ("/their/own", before)
    assert not kept.exists()


def test_the_process_is_afterwards_as_it_was(kept, monkeypatch, tmp_path):
    without_bytecode(monkeypatch, tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    with bytecode.kept():
        assert (sys.pycache_prefix, sys.dont_write_bytecode) == (str(kept), False)
        assert bytecode.environment()["PYTHONPYCACHEPREFIX"] == str(kept)
    assert (sys.pycache_prefix, sys.dont_write_bytecode) == (None, True)


def test_without_a_folder_to_write_nothing_is_kept(monkeypatch, tmp_path):
    without_bytecode(monkeypatch, tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path / "file" / "below"))
    assert bytecode.environment() == {}


def test_it_is_shown_and_cleared_with_the_rest(kept, capsys):
    (kept / "lib").mkdir(parents=True)
    (kept / "lib" / "module.pyc").write_bytes(b"x" * 2_000_000)
    assert [(part.name, part.entries, part.bytes) for part in cache.held()][-1] == (
        "bytecode",
        1,
        2_000_000,
    )
    assert cli.main(["cache", "--clear"]) == 0
    assert "bytecode" not in capsys.readouterr().out
    assert not kept.exists()
