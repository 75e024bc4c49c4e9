"""``region.toml``: what a region is called, its time zone, what its files hold.

Whatever cannot be taken is told, and the rest is taken.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cur_lab import columns as c
from cur_lab.clock import ZONE, zone_of
from cur_lab.errors import CurLabError, InputError, ParameterError
from cur_lab.readers import content
from cur_lab.readers.registry import SOURCES

FILE = "region.toml"

FORMATS = tuple(kind for source in SOURCES for kind in source.FORMATS)
_VOTE_TYPES = ("choose-1", "approval")
_OURS = ("name", "timezone", "sources", "votes", "parameters")
_OF_SOURCE = 'a table { "heading" = "our column" } or a list of headings'
_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Source:
    """What is told of one file in ``sources/``."""

    channel: str | None = None
    format: str | None = None
    columns: Mapping[str, str] | list[str] | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is told of one vote in ``votes/`` that its tables do not say."""

    budget: float | None = None
    vote_type: str = _VOTE_TYPES[0]
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``region.toml`` says.

    Attributes
    ----------
    name
        As people call the region.
    timezone
        Name of the zone that dates without one are in.
    sources, votes
        By the path of the file below ``sources``, by the name of the vote.
    parameters
        For the notebooks.
    """

    name: str
    timezone: str = ZONE
    sources: Mapping[str, Source] = field(default_factory=dict)
    votes: Mapping[str, Campaign] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)


def read(folder: Path) -> tuple[Settings, list[CurLabError]]:
    """Read the settings of a region, and tell what of them could not be taken.

    A file that is no TOML leaves what holds without it: the name of the folder, Moscow's time.
    """
    path = folder / FILE
    if not path.is_file():
        missing = InputError(
            "there is no such file",
            where=FILE,
            remedy=f"The region is called {folder.name} and its dates are Moscow's; write the "
            "file to say otherwise: cur-lab new makes one",
        )
        return Settings(folder.name), [missing]
    try:
        # Notepad writes a mark before UTF-8, and older editors Windows-1251.
        text = path.read_bytes().decode(content.encoding(path), errors="replace")
    except OSError as error:
        closed = InputError(f"cannot be opened ({error.strerror})", where=FILE)
        return Settings(folder.name), [closed]
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Settings(folder.name), [_broken(error, text)]
    taking = _Taking(text)
    name = taking.value(written, "name", _words, "a text in quotes") or folder.name
    zone = taking.value(written, "timezone", _zone, "the name of a time zone, such as Asia/Omsk")
    settings = Settings(
        name,
        zone or ZONE,
        {file: taking.source(file, told) for file, told in taking.tables(written, "sources")},
        {vote: taking.campaign(vote, told) for vote, told in taking.tables(written, "votes")},
        taking.value(written, "parameters", _scalars, "a table of names and values") or {},
    )
    taking.unknown(written, _OURS, "")
    return settings, taking.problems


class _Taking:
    """Takes values one by one and keeps what was wrong with them, and the line of each."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.problems: list[CurLabError] = []

    def value(
        self,
        table: Mapping[str, Any],
        key: str,
        take: Callable[[Any], Any],
        wanted: str,
        section: str = "",
    ) -> Any:
        """Take a value that may be absent; a wrong one is told and as good as absent."""
        if key not in table:
            return None
        try:
            return take(table[key])
        except (TypeError, ValueError):
            self.problems.append(
                ParameterError(
                    f"{key} is {_shown(table[key])}, not taken",
                    where=self.place(key, section),
                    remedy=f"Give {wanted}",
                )
            )
            return None

    def unknown(self, table: Mapping[str, Any], known: tuple[str, ...], section: str) -> None:
        """Tell the keys nobody asked for, with the nearest that there is."""
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"Did you mean {near[0]}? " if near else ""
                self.problems.append(
                    ParameterError(
                        f"unknown key {key!r}, not taken",
                        where=self.place(key, section),
                        remedy=f"{hint}There are: {', '.join(known)}",
                    )
                )

    def tables(self, written: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Take a table of tables, such as ``[sources."chat.json"]``."""
        found = self.value(written, key, _table, f'a table such as [{key}."name"]') or {}
        sound = []
        for name in found:
            section = f'{key}."{name}"'
            table = self.value(found, name, _table, f"a table [{section}]", key)
            sound += [] if table is None else [(name, table)]
        return sound

    def source(self, file: str, told: Mapping[str, Any]) -> Source:
        section = f'sources."{file}"'
        self.unknown(told, ("channel", "format", "columns"), section)
        columns = self.value(told, "columns", _columns, _OF_SOURCE, section)
        if isinstance(columns, dict):
            columns = self.known_columns(columns, c.MESSAGES.full_schema.names(), section)
        return Source(
            self.value(told, "channel", _words, "a text in quotes", section),
            self.value(told, "format", _one_of(FORMATS), f"one of: {', '.join(FORMATS)}", section),
            columns,
        )

    def known_columns(
        self, columns: Mapping[str, str], known: Sequence[str], section: str
    ) -> dict[str, str]:
        """Tell headings that are to be columns there are not, and keep the others."""
        for heading, column in columns.items():
            if column not in known:
                near = get_close_matches(column, known, n=1)
                hint = f"Did you mean {near[0]}? " if near else ""
                self.problems.append(
                    ParameterError(
                        f"no column {column}, heading {heading!r} not taken",
                        where=self.place("columns", section),
                        remedy=f"{hint}There are: {', '.join(known)}",
                    )
                )
        return {heading: column for heading, column in columns.items() if column in known}

    def campaign(self, name: str, told: Mapping[str, Any]) -> Campaign:
        section = f'votes."{name}"'
        self.unknown(told, ("budget", "vote_type", "columns"), section)
        types = f"one of: {', '.join(_VOTE_TYPES)}"
        return Campaign(
            self.value(told, "budget", _amount, "a number above zero, in roubles", section),
            self.value(told, "vote_type", _one_of(_VOTE_TYPES), types, section) or _VOTE_TYPES[0],
            self.value(told, "columns", _names, 'a table { "heading" = "our column" }', section)
            or {},
        )

    def place(self, key: str, section: str) -> str:
        """Name the line a key stands on: TOML has told its sections in order."""
        opening = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]") if section else None
        written = re.compile(rf"""\s*(?:\[[^\]]*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
        inside = opening is None
        for number, line in enumerate(self.lines, start=1):
            inside = inside or bool(opening and opening.match(line.replace("'", '"')))
            if inside and written.match(line):
                return f"{FILE}, line {number}"
        return FILE


def _broken(error: Exception, text: str) -> InputError:
    """Tell what is no TOML, and the two slips that people make."""
    found = _LINE.search(str(error))
    lines = text.splitlines()
    number = int(found[1]) if found else len(lines)
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    if re.match(r"\s*[^\s\"'#\[=]*[^\x00-\x7f][^\"'=]*=", line):
        remedy = 'Put what is not Latin into quotes: "Дата" = "published_at"'
    elif "\\" in line:
        remedy = "Write / for \\ or put the value into single quotes"
    else:
        remedy = "Texts stand in quotes, a key once, one key to a line"
    return InputError(
        f"no TOML ({str(error).partition(' (at ')[0]}); none of the file is taken",
        where=f"{FILE}, line {number}",
        remedy=remedy,
    )


def _shown(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 40 else f"{written[:40]}…"


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value.strip()


def _zone(value: Any) -> str:
    name = _words(value)
    # A ParameterError is a ValueError.
    zone_of(name, where=FILE)
    return name


def _amount(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e15:
        raise TypeError
    return float(value)


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _names(value: Any) -> dict[str, str]:
    return {_words(heading): _words(column) for heading, column in _table(value).items()}


def _columns(value: Any) -> dict[str, str] | list[str]:
    if isinstance(value, list):
        return [_words(one) for one in value]
    return _names(value)


def _scalars(value: Any) -> dict[str, object]:
    table = _table(value)
    for one in table.values():
        for part in one if isinstance(one, list) else [one]:
            if not isinstance(part, str | int | float | date) or isinstance(part, time):
                raise TypeError
    return table


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str]:
    def take(value: Any) -> str:
        if value not in known:
            raise ValueError
        return str(value)

    return take
