"""The sources we read, in the order they are asked whether a file is theirs.

A source is a module with three names: ``FORMATS``, its names for formats with the containers each
may stand in; ``sniff``, the format of a file by what is seen of it, None where it is not theirs;
``read``, the file → a draft. A new source is a module and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from cur_lab.errors import InputError, ParameterError
from cur_lab.readers import (
    content,
    ok,
    open311,
    pyrogram,
    records,
    tabular,
    telegram,
    telethon,
    tgstat,
    vk,
)
from cur_lab.readers import max as of_max
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft


class Source(Protocol):
    """What a module of a source offers."""

    @property
    def FORMATS(self) -> Mapping[str, frozenset[str]]:  # noqa: N802, D102
        ...

    def sniff(self, file: Glance, /) -> str | None:  # noqa: D102
        ...

    def read(self, file: Glance, asked: Asked, /) -> Draft:  # noqa: D102
        ...


# The more a source asks of a file, the earlier it stands.
SOURCES: tuple[Source, ...] = (
    of_max, ok, open311, telegram, pyrogram, telethon, vk, tgstat, tabular, records
)  # fmt: skip


def check_format(name: str | None) -> None:
    """Raise ParameterError unless ``name`` is a format of ours or None."""
    known = [kind for source in SOURCES for kind in source.FORMATS]
    if name is not None and name not in known:
        raise ParameterError(
            f"unknown format {name!r}",
            where="format",
            remedy=f"Known formats: {', '.join(known)}; None finds it by content",
        )


def choose(file: Glance, kind: str | None) -> tuple[Source, str]:
    """Find whose file it is.

    Parameters
    ----------
    file
        What is seen of it.
    kind
        The format the user named, or None.

    Returns
    -------
    tuple
        The source and its name for the format.

    Raises
    ------
    InputError
        If it is nobody's, or cannot be what the user named.
    """
    for source in SOURCES:
        if kind is not None and kind in source.FORMATS:
            if file.container not in source.FORMATS[kind]:
                raise InputError(
                    f"not {kind} but {file.container} by its content",
                    where=str(file.path),
                    remedy="Leave format out and it will be found",
                )
            return source, kind
        if kind is None and (found := source.sniff(file)) is not None:
            return source, found
    raise content.stranger(file.document, file.path)
