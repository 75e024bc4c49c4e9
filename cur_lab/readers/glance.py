"""What is seen of a file before it is read, and what is asked of its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cur_lab.readers import content

Named = Mapping[str, str] | Sequence[str]

_ITEMS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for: format, columns by header, key of pseudonyms, zone of dates."""

    kind: str
    named: Named
    key: bytes
    timezone: str


@dataclass(frozen=True)
class Glance:
    """A file as seen from outside; what it holds is looked at when first asked for.

    Attributes
    ----------
    path
        Where it is.
    container
        What its bytes are: one of ``content.CONTAINERS``.
    """

    path: Path
    container: str

    @classmethod
    def at(cls, path: Path) -> Glance:
        """Look at a file.

        Raises
        ------
        InputError
            If it is missing, empty or nothing we read.
        """
        return cls(path, content.find(path))

    @cached_property
    def document(self) -> Any:
        """The whole of a JSON file; of JSON Lines those that can be read; else None."""
        if self.container == content.LINES:
            return [item for _, item, _ in content.json_lines(self.path) if item is not None]
        return content.load_json(self.path) if self.container == content.RECORDS else None

    @cached_property
    def keys(self) -> frozenset[str]:
        """Names of the outermost object of a JSON file; of a list none."""
        return frozenset(self.document) if isinstance(self.document, dict) else frozenset()

    @cached_property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """First objects of the outermost list, of the list under ``messages``, or of the lines."""
        found = self.document
        if isinstance(found, dict):
            found = found.get("messages")
        listed = found if isinstance(found, list) else []
        return [item for item in listed[:_ITEMS] if isinstance(item, dict)]
