"""The rubricator and its words: one TOML file per group of rubrics in ``rubrics/``.

A new rubric is a new ``[[rubric]]`` block in one of those files; nothing else needs to change.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

FLAT = (1.0,) * 12


@dataclass(frozen=True, slots=True)
class Rubric:
    """One official rubric with the words citizens use for it.

    ``months`` are relative frequencies from January to December, ``shocks`` multipliers by kind of
    weather, ``fixes`` infinitives («*заделать яму») from which demands, proposals, questions and
    thanks are made; ``threat`` is the share of reports of a danger. An ``acute`` rubric is
    written about within hours: nobody speaks of months, laws and letters sent before.
    """

    key: str
    name: str
    group: str
    weight: float
    place: str
    problems: tuple[str, ...]
    short: tuple[str, ...]
    consequences: tuple[str, ...]
    fixes: tuple[str, ...]
    questions: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    months: tuple[float, ...] = FLAT
    shocks: dict[str, float] = field(default_factory=dict, hash=False)
    confused_with: tuple[str, ...] = ()
    threat: float = 0.0
    spread: float = 1.0
    days: float = 20.0
    acute: bool = False


@cache
def rubrics() -> tuple[Rubric, ...]:
    """Read all rubrics, in the order of file names and of places in a file."""
    folder = files("cur_lab.synthetic").joinpath("rubrics")
    found: list[Rubric] = []
    for source in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if source.name.endswith(".toml"):
            found += _group(tomllib.loads(source.read_text(encoding="utf-8")))
    return tuple(found)


def _group(source: dict[str, Any]) -> list[Rubric]:
    group = []
    for entry in source["rubric"]:
        values: dict[str, Any] = {
            key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()
        }
        values["consequences"] = values.get("consequences", ()) + tuple(source["consequences"])
        values.setdefault("agencies", tuple(source["agencies"]))
        group.append(Rubric(group=source["group"], **values))
    return group


@cache
def by_key() -> dict[str, Rubric]:
    """Return the rubrics by key."""
    return {rubric.key: rubric for rubric in rubrics()}
