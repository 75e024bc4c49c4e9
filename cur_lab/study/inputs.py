"""The bytes a study was made from: which files, and their SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from cur_lab import files

_FILES, _FOLDER = ("messages_file", "election_file"), "region"
# What a study reads of a region's folder; its own notebooks and reports are results.
_READ = ("*.toml", "*.csv", "*.parquet", "sources/**/*", "votes/**/*")


def of(assigned: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """List the files that notebooks read.

    Parameters
    ----------
    assigned
        Name → value of the parameters, for each notebook; one without data reads the sample.

    Returns
    -------
    list of dict
        ``file`` (of a region: below its folder) and ``sha256``, sorted by file.
    """
    found: dict[str, Path] = {}
    for given in assigned:
        named = [Path(given[name]) for name in _FILES if given.get(name) is not None]
        found |= {path.name: path for path in named}
        if named:
            continue
        own = given.get(_FOLDER)
        folder = files.shipped("datasets", "zarechye") if own is None else Path(own)
        found |= {path.relative_to(folder).as_posix(): path for path in _read_of(folder)}
    return [{"file": name, "sha256": _digest(found[name])} for name in sorted(found)]


def without_paths(given: Mapping[str, Any]) -> dict[str, Any]:
    """Name files and folders among the parameters without where they lie."""
    paths = {*_FILES, _FOLDER}
    return {
        name: Path(value).name if name in paths and value is not None else value
        for name, value in given.items()
    }


def _read_of(folder: Path) -> list[Path]:
    found = {path for pattern in _READ for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
