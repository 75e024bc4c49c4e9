"""Messages in the language of whoever reads them: errors stay English, the command line need not.

The catalogue ``locale/ru.po`` holds every sentence with holes, ``no {0} called {1}``, and its
Russian, with the holes in the order Russian wants. What is said is found among them as it stands,
so whoever raises an error writes plain English and knows nothing of this. A new sentence wants an
entry there; ``tests/test_translation.py`` names those that have none, as the catalogue writes them.
An entry has a context where it is no sentence: ``part`` fills a hole of another, ``where`` is a
place.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from cur_lab.errors import CurLabError

__all__ = ["error", "of_text", "russian_is_spoken", "say"]

_HOLE = re.compile(r"\{(\d+)\}")
# The first that is set decides, as POSIX has it.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
# The primary language of a Windows language identifier, and the one that is Russian.
_PRIMARY, _RUSSIAN = 0x3FF, 0x19


def russian_is_spoken() -> bool:
    """Tell whether messages are to be in Russian: by the environment, on Windows by its own."""
    named = next((value for name in _VARIABLES if (value := os.environ.get(name))), None)
    if named is not None:
        return named.casefold().startswith(("ru_", "ru.", "russian")) or named.casefold() == "ru"
    if sys.platform == "win32":
        import ctypes

        language: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return language & _PRIMARY == _RUSSIAN
    return False


def say(text: str, *, context: str | None = None, russian: bool | None = None) -> str:
    """Return a sentence in Russian where Russian is spoken, else, or if it is not known, as it is.

    Parameters
    ----------
    text
        In English, its holes filled.
    context
        Of the entry: None for a sentence, ``"part"``, ``"where"``.
    russian
        Whether Russian is wanted; None asks the environment.

    Examples
    --------
    >>> say("no sample region called 'x'", russian=True)
    "не найдено: учебный регион 'x'"
    >>> say("no such sentence", russian=True)
    'no such sentence'
    """
    # argparse asks for the Russian of nothing too.
    if not text or not (russian_is_spoken() if russian is None else russian):
        return text
    found = _entries(text, context)
    if not found:
        return text
    # Of sentences that fit the one that says most by itself is meant.
    entry = max(found, key=lambda entry: (entry.letters, entry.russian))
    match = entry.pattern.fullmatch(text)
    filled = {
        number: say(part, context="part", russian=True)
        for number, part in zip(entry.holes, match.groups() if match else (), strict=True)
    }
    return _HOLE.sub(lambda hole: filled[hole[1]], entry.russian)


def error(problem: CurLabError, *, russian: bool | None = None) -> str:
    """Return what an error says, in the language of :func:`say`.

    Examples
    --------
    >>> from cur_lab.errors import InputError
    >>> error(InputError("no such file", where="x.csv", remedy="Check the path"), russian=True)
    'x.csv: нет такого файла. Проверьте путь'
    """
    place = f"{say(problem.where, context='where', russian=russian)}: " if problem.where else ""
    advice = f". {say(problem.remedy, russian=russian)}" if problem.remedy else ""
    return f"{place}{say(problem.problem, russian=russian)}{advice}"


def of_text(said: str, *, russian: bool | None = None) -> str:
    """Return what an error says, in the language of :func:`say`, where only its text is left.

    Examples
    --------
    >>> of_text("fdr: 'x' is not a path. The default is None", russian=True)
    "fdr: 'x' — не путь. По умолчанию None"
    """
    for place, rest in _cut(said, ": "):
        for problem, advice in _cut(rest or place, ". "):
            if _entries(problem) and (not advice or _entries(advice)):
                found = CurLabError(problem, where=place if rest else None, remedy=advice or None)
                return error(found, russian=russian)
    return said


def _cut(text: str, mark: str) -> Iterator[tuple[str, str]]:
    """Cut a text in two at each mark in turn, then leave it whole."""
    start = text.find(mark)
    while start >= 0:
        yield text[:start], text[start + len(mark) :]
        start = text.find(mark, start + 1)
    yield text, ""


def _entries(text: str, context: str | None = None) -> list[_Entry]:
    return [one for one in _catalogue().get(context, ()) if one.pattern.fullmatch(text)]


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    holes: tuple[str, ...]
    letters: int
    russian: str


@cache
def _catalogue() -> dict[str | None, list[_Entry]]:
    """Read the entries by context."""
    with files("cur_lab").joinpath("locale/ru.po").open("rb") as file:
        known = read_po(file, locale="ru")
    entries: dict[str | None, list[_Entry]] = {}
    for message in known:
        if message.id and message.string:
            entries.setdefault(message.context, []).append(
                _entry(str(message.id), str(message.string))
            )
    return entries


def _entry(english: str, russian: str) -> _Entry:
    pieces = _HOLE.split(english)
    literal, holes = pieces[::2], tuple(pieces[1::2])
    pattern = "(.*?)".join(re.escape(piece) for piece in literal)
    return _Entry(re.compile(pattern, re.DOTALL), holes, sum(map(len, literal)), russian)
