"""Frames as tables for reading: Russian headings, formatted numbers, nothing of a text executed.

:func:`show` lays out any frame from the vocabulary of columns; :func:`of` lays out a table of a
result, by the result's type, with the columns and the title its chapter gives it.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from great_tables import GT

from cur_lab.columns import Absent
from cur_lab.dispatch import by_type
from cur_lab.tables.layout import show, written

# Chapters with tables of plain frames; they are imported on first use.
_MODULES = ("topics", "trends")
__all__ = ["of", "show", "written", *_MODULES]


@by_type("cur_lab.tables")
def of(result: object, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    """Lay out a table of a result.

    Parameters
    ----------
    result
        What a public function yields as a bundle of frames, such as ``trends.hotspots(…)``.
    part
        Which of its tables, such as ``"repeats"``; the leading one if None.
    source
        Note below the table.

    Returns
    -------
    GT or Absent
        The table; a sentence where there is nothing to show.

    Raises
    ------
    ParameterError
        If the result is none of ours, or has no such table.
    """
    raise NotImplementedError


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
