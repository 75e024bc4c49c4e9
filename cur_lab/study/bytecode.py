"""Bytecode of what a study imports, where none may lie beside the source.

Every notebook has a kernel of its own, and each imports the same libraries. In a container, or
where libraries lie in a folder of somebody else's, Python keeps no bytecode, and every kernel
compiles all of them again: 2 to 5 seconds each. There bytecode is kept in our own cache folder; by
its rules Python compiles anew whatever has changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cur_lab
from cur_lab import files
from cur_lab.errors import InputError

_FORBIDDEN, _PREFIX = "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"


@contextmanager
def kept() -> Iterator[None]:
    """Keep the bytecode of what this process imports meanwhile."""
    before = sys.pycache_prefix, sys.dont_write_bytecode
    try:
        if (folder := _folder()) is not None:
            sys.pycache_prefix, sys.dont_write_bytecode = folder, False
        yield
    finally:
        sys.pycache_prefix, sys.dont_write_bytecode = before


def environment() -> dict[str, str]:
    """Tell what a kernel must find in its environment to keep bytecode; nothing where it does."""
    folder = sys.pycache_prefix or _folder()
    return {} if folder is None else {_FORBIDDEN: "", _PREFIX: folder}


def _folder() -> str | None:
    """Where to keep it; None where it is kept beside the source or where the user has said."""
    beside = cur_lab.__spec__.cached if cur_lab.__spec__ is not None else None
    if sys.pycache_prefix is not None or (beside is not None and Path(beside).is_file()):
        return None
    folder = files.cache() / files.BYTECODE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.check_writable(folder)
    except (OSError, InputError):
        return None
    return str(folder)
