"""Where files lie, shipped or kept, and how they are written so that none is ever half there."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import platformdirs

from cur_lab.errors import InputError

CACHE_VARIABLE = "CUR_LAB_CACHE"
BYTECODE = "bytecode"
# Of a file that is not complete; a process that is killed leaves it behind.
_UNFINISHED = ".cur-lab-"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PACKAGE = Path(__file__).resolve().parent


def cache() -> Path:
    """Folder of what is kept to save time: ``$CUR_LAB_CACHE``, or the user's cache folder."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser()
    return platformdirs.user_cache_path("cur-lab", appauthor=False) / "derived"


def shipped(*parts: str) -> Path:
    """Path of a file that comes with the project, in a checkout or in an installed wheel.

    Parameters
    ----------
    *parts
        Path below the project root, such as ``"datasets", "zarechye"``.

    Raises
    ------
    InputError
        If the file is in neither place.
    """
    # A checkout first: an editable install has no _shipped folder.
    for root in (_PACKAGE.parent, _PACKAGE / "_shipped"):
        if root.name == "_shipped" or (root / "pyproject.toml").is_file():
            path = root.joinpath(*parts)
            if path.exists():
                return path
    raise InputError(
        "not among the files that come with cur-lab",
        where="/".join(parts),
        remedy="Reinstall the package or clone the repository again",
    )


def check_writable(folder: str | os.PathLike[str]) -> None:
    """Raise InputError unless files can be written into a folder, or it can be made.

    Nothing is left behind: asked before long work, so that its end is not lost.
    """
    path = Path(folder).absolute()
    there = next(place for place in (path, *path.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise InputError(
            f"a file, not a folder ({error.strerror})"
            if there.is_file()
            else f"cannot be written into ({error.strerror})",
            where=str(there),
            remedy="Name another folder",
        ) from error


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it over ``path`` when the block succeeds.

    A block that raises leaves the old file as it was and removes the temporary one.

    Raises
    ------
    InputError
        If the disk is full.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=f"{_UNFINISHED}{target.stem}-", suffix=target.suffix
    )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp gives owner-only rights; the result follows the user's umask like any other file.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise InputError(
            f"cannot be written ({error.strerror})",
            where=str(target),
            remedy="Make room on the disk and run it again: what stood there before is as it was",
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], content: str) -> Path:
    """Write ``content`` as UTF-8 so that the file is complete or not there; return its path."""
    with replacing(path) as temporary:
        temporary.write_text(content, encoding="utf-8", newline="\n")
    return Path(path)


@contextmanager
def alone(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Hold a folder, which is made if need be, for what is written within the block.

    What a killed process left unfinished there is removed first. The lock is a transaction of
    SQLite, which ends with the process, whatever ends that.

    Raises
    ------
    InputError
        If another process holds the folder.
    """
    path = Path(folder) / f"{_UNFINISHED}lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise InputError(
                "another run writes into it now",
                where=str(folder),
                remedy="Wait for its end or name another folder",
            ) from error
        for left in path.parent.rglob(f"{_UNFINISHED}*"):
            if left != path:
                left.unlink(missing_ok=True)
        try:
            yield
        finally:
            # Windows removes no open file; an empty one does no harm.
            with suppress(OSError):
                path.unlink(missing_ok=True)
