"""Errors that say what was wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class CurLabError(Exception):
    """Base of every error the package raises on purpose.

    Parameters
    ----------
    problem
        What is wrong, without a full stop.
    where
        The file, column, row or parameter it was found in.
    remedy
        What the user can do about it.
    """

    def __init__(self, problem: str, *, where: str | None = None, remedy: str | None = None):
        self.problem = problem
        self.where = where
        self.remedy = remedy
        place = f"{where}: " if where else ""
        advice = f". {remedy}" if remedy else ""
        super().__init__(f"{place}{problem}{advice}")


class InputError(CurLabError):
    """A file cannot be read as any of the formats we know."""


class SchemaError(CurLabError):
    """A table lacks a column, or a column has the wrong type."""

    @classmethod
    def missing(
        cls, missing: Iterable[str], available: Iterable[str], *, where: str
    ) -> SchemaError:
        """Name the missing columns, the available ones and the nearest guesses."""
        missing, available = sorted(missing), sorted(available)
        guesses = [guess for name in missing for guess in get_close_matches(name, available, n=1)]
        hint = f"Did you mean {', '.join(guesses)}? " if guesses else ""
        return cls(
            f"no column {', '.join(missing)}",
            where=where,
            remedy=f"{hint}Available columns: {', '.join(available) or 'none'}",
        )


class ParameterError(CurLabError, ValueError):
    """A parameter has a value that makes no sense."""


class NotEnoughDataError(CurLabError):
    """The data cannot carry the question («недостаточно данных»).

    Parameters
    ----------
    problem, where, remedy
        As of every error.
    code
        What is not enough; the vocabulary of columns has the words a notebook prints.
    """

    def __init__(
        self,
        problem: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        code: str = "not_enough",
    ):
        super().__init__(problem, where=where, remedy=remedy)
        self.code = code


class MissingExtraError(CurLabError, ImportError):
    """An optional part is not installed."""

    @classmethod
    def of(cls, package: str, extra: str) -> MissingExtraError:
        """Name the package that is absent and the extra that brings it."""
        return cls(
            f"{package} is not installed",
            remedy=f"Run: uv sync --extra {extra} (or pip install 'cur-lab[{extra}]')",
        )


class DownloadError(CurLabError):
    """A public data set could not be fetched or does not match its checksum."""


class StudyError(CurLabError):
    """A notebook of the study failed."""
