"""What is seen of a file before it is read, and what is asked of its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from cur_lab.readers import content
from cur_lab.readers.window import Broken, Marks, Window

Named = Mapping[str, str] | Sequence[str]

# So much is looked at: first items of a list, characters of a value.
_ITEMS, _VALUE = 50, 1 << 20
_ANY = Marks(r"\{")


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

    @property
    def keys(self) -> frozenset[str]:
        """Names of the outermost object of JSON, as far as was looked."""
        return self._outside[0]

    @property
    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Name of the outermost object → first items of the list under it, as far as was looked.

        An outermost list, and the lines of JSON Lines, are under an empty name.
        """
        return self._outside[1]

    @property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """First objects of the outermost list, of the list under ``messages``, or of the lines."""
        first = self.lists.get("", self.lists.get("messages", ()))
        return [item for item in first if isinstance(item, dict)]

    @cached_property
    def _outside(self) -> tuple[frozenset[str], dict[str, list[Any]]]:
        keys: list[str] = []
        lists: dict[str, list[Any]] = {}
        if self.container == content.LINES:
            lines = islice(content.json_lines(self.path), _ITEMS)
            lists[""] = [item for _, item, _ in lines]
        elif self.container == content.RECORDS:
            window = Window(self.path, content.glimpse_encoding(self.path))
            # Whoever reads what is broken will say where and why.
            with closing(window), suppress(Broken):
                _look(window, keys, lists)
        return frozenset(keys), lists


def _look(window: Window, keys: list[str], lists: dict[str, list[Any]]) -> None:
    if window.peek() == "[":
        lists[""] = list(islice(window.items(_ANY), _ITEMS))
        return
    for name in window.members():
        keys.append(name)
        if window.peek() == "[":
            items = window.items(_ANY)
            lists[name] = list(islice(items, _ITEMS))
            if next(items, None) is not None:
                return
        else:
            window.about(_VALUE)
