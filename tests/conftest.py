"""Shared fixtures: real data where it is, a browser where it is, keys that touch nobody's home."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A program by itself, of a package that no test needs.
collect_ignore = ["fuzz_redact.py"]


@pytest.fixture(autouse=True)
def own_key(tmp_path_factory, monkeypatch):
    """No test reads or makes the user's pseudonym key, or what was derived for the user."""
    monkeypatch.setenv("CUR_LAB_KEY", str(tmp_path_factory.getbasetemp() / "pseudonyms.key"))
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path_factory.getbasetemp() / "derived"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Public files written by others; never part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data are not beside the checkout (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("chromium is not installed")
    return found


@pytest.fixture
def measured() -> Callable[..., None]:
    """Note a row of the README's table: ``measured("row", what="…", ours="…", peer="…")``."""
    from benchmarks import table

    def note(row: str, *, what: str, ours: str, peer: str) -> None:
        table.note(row, what=what, ours=ours, peer=peer, on=f"{datetime.now(UTC):%Y-%m-%d}")

    return note
