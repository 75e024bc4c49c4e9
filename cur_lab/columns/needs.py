"""What a function needs of a frame, what a frame lacks, and what stands in a result's place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from html import escape, unescape
from typing import Any, TypeVar

import polars as pl

_Function = TypeVar("_Function", bound=Callable[..., Any])

UNKNOWN = "не определяется по этим данным"


@dataclass(frozen=True, slots=True)
class Absent:
    """Stands in a result's place where the data lack what it needs.

    Tables and figures pass it through, and a notebook prints it as a sentence.

    Attributes
    ----------
    reason
        Why there is no result, without a full stop.
    unknown
        Whether the data cannot answer; otherwise they were asked, and there is nothing to show.
    """

    reason: str
    unknown: bool = False

    @classmethod
    def lacking(cls, *what: str) -> Absent:
        """Say what is not there, in the genitive: «дат», «рубрик»."""
        listed = " и ".join(filter(None, [", ".join(what[:-1]), *what[-1:]]))
        return cls(f"В этих данных нет {listed}: {UNKNOWN}", unknown=True)

    @classmethod
    def untested(cls, why: str | None = None) -> Absent:
        """Say that no test could be made, and what table tells why; nothing found is no finding."""
        told = f" (почему, сказано в таблице «{why}»)" if why else ""
        return cls(f"Проверить нечем{told}: {UNKNOWN}", unknown=True)

    @classmethod
    def read(cls, markdown: str) -> str | None:
        """Return the reason a notebook printed; None if it printed something else."""
        found = re.fullmatch(r"\*(.+)\.\*", markdown.strip(), re.DOTALL)
        return unescape(found[1]) if found else None

    def __str__(self) -> str:
        return f"{self.reason}."

    def _repr_markdown_(self) -> str:
        # A title may carry what citizens wrote, and Markdown takes HTML for HTML.
        return f"*{escape(str(self), quote=False)}*"


def needs(*names: str) -> Callable[[_Function], _Function]:
    """Declare the columns a public function cannot do without.

    Parameters
    ----------
    *names
        Columns that must be there and hold a value. The function's own check stays: this is what
        can be told before anything is computed.
    """

    def declared(function: _Function) -> _Function:
        function.__needs__ = names  # type: ignore[attr-defined]
        return function

    return declared


def lacks(
    function: Callable[..., Any], subject: object, *, by: Sequence[str] = ()
) -> tuple[str, ...]:
    """Tell which columns a function needs and a frame does not have.

    Parameters
    ----------
    function
        A public function declared with :func:`needs`; one without needs nothing.
    subject
        The frame it is to be called on, or a bundle of frames such as an election.
    by
        Further columns that this call asks for.

    Returns
    -------
    tuple of str
        Names of columns that are absent or hold no value, in the order they are asked for; a frame
        without rows lacks none of the columns it has.
    """
    asked = dict.fromkeys((*getattr(function, "__needs__", ()), *by))
    frames = _frames(subject)
    return tuple(name for name in asked if not any(_holds(frame, name) for frame in frames))


def _frames(subject: object) -> list[pl.DataFrame]:
    if isinstance(subject, pl.DataFrame):
        return [subject]
    if is_dataclass(subject):
        values = (getattr(subject, field.name) for field in fields(subject))
        return [value for value in values if isinstance(value, pl.DataFrame)]
    return []


def _holds(frame: pl.DataFrame, name: str) -> bool:
    if name not in frame.columns:
        return False
    return frame.is_empty() or frame[name].null_count() < frame.height
