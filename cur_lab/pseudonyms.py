"""Keyed pseudonyms: the same person gets the same name, and nobody without the key can go back.

A plain hash of an account number is undone by hashing all account numbers; a keyed hash is not.
"""

from __future__ import annotations

import os
import secrets
from hashlib import blake2b
from pathlib import Path

import polars as pl

from cur_lab.errors import InputError

KEY_VARIABLE = "CUR_LAB_KEY"
_KEY_BYTES = 32
_PSEUDONYM_BYTES = 8


def key_path() -> Path:
    """Where the key lies: ``$CUR_LAB_KEY``, or the user's configuration folder."""
    if named := os.environ.get(KEY_VARIABLE):
        return Path(named).expanduser()
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "cur-lab" / "pseudonyms.key"


def load_key(path: str | os.PathLike[str] | None = None) -> bytes:
    """Read the key, making it on first use with rights for its owner only.

    Parameters
    ----------
    path
        The key file; by default :func:`key_path`.

    Returns
    -------
    bytes
        32 random bytes. Never print or store them with the data.

    Raises
    ------
    InputError
        If the file is not a key of ours, others may read it, or it would be made in a repository.
    """
    path = Path(path).expanduser() if path is not None else key_path()
    if not path.exists():
        _refuse_in_repository(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # O_EXCL: of two processes that start together, one makes the key and both read it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(_KEY_BYTES) + "\n")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(
            "the pseudonym key can be read by others", where=str(path), remedy=f"chmod 600 {path}"
        )
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise InputError(
            "not a pseudonym key (64 hexadecimal digits)",
            where=str(path),
            remedy="Name another file, or move this one away and a new key will be made; "
            "pseudonyms made with another key will not match",
        )
    return key


def _refuse_in_repository(path: Path) -> None:
    """Refuse a place beside the data: a key there would be published with them one day."""
    folder = path.absolute().parent
    # Whoever keeps the settings of their home under version control is no danger to the data.
    home = {Path.home(), *Path.home().parents}
    if any((above / ".git").exists() for above in (folder, *folder.parents) if above not in home):
        raise InputError(
            "a pseudonym key is not made inside a repository",
            where=str(path),
            remedy=f"Name a file outside it with {KEY_VARIABLE}, or leave it to the default",
        )


def rotate_key(path: str | os.PathLike[str] | None = None) -> Path:
    """Put the key away and make another: from now on nobody's pseudonyms match the earlier ones.

    Parameters
    ----------
    path
        The key file; by default :func:`key_path`.

    Returns
    -------
    Path
        Where the earlier key lies, for its owner only, under the first free name beside it. Who
        removes it makes the earlier pseudonyms irreversible for good.

    Raises
    ------
    InputError
        As :func:`load_key`.
    """
    path = Path(path).expanduser() if path is not None else key_path()
    load_key(path)
    number = 1
    while (earlier := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    path.rename(earlier)
    load_key(path)
    return earlier


def pseudonym(identifier: str, key: bytes) -> str:
    """Return the pseudonym of one identifier: 16 hexadecimal digits of keyed BLAKE2b (RFC 7693)."""
    digest = blake2b(identifier.encode("utf-8"), key=key, digest_size=_PSEUDONYM_BYTES)
    return digest.hexdigest()


def pseudonymise(identifiers: pl.Series, key: bytes) -> pl.Series:
    """Replace every identifier of a String series by its pseudonym; null stays null.

    With 64 bits, two of a million people share a pseudonym with probability below 3e-8.
    """
    unique = identifiers.drop_nulls().unique()
    names = [pseudonym(identifier, key) for identifier in unique]
    return identifiers.replace_strict(
        unique, pl.Series(names, dtype=pl.String), default=None, return_dtype=pl.String
    )
