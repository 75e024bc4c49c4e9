"""What a notebook can answer of a region, read from the notebook's own cells.

The cells are followed, not run: what is asked of which table, by :func:`cur_lab.notebook.ask` and
by name, and what each result is shown under. A function says by :func:`cur_lab.columns.needs` which
columns it cannot do without; so nothing here has to be kept in step with a notebook.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import polars as pl

import cur_lab
from cur_lab import columns as c
from cur_lab.datasets import Region
from cur_lab.readers import Election

# A table that is absent has no column: the name of the table alone is lacking.
Lacking = frozenset[tuple[str, str]]
_NOTHING: Lacking = frozenset()
_VOTES = "votes"
# What stands for a column where one vote is not enough.
SECOND = "second"
# What is of our own making beside what was read.
_DERIVED = set(c.PREPARED.schema) - set(c.MESSAGES.full_schema)
_KNOWN = {*c.MESSAGES.full_schema, *c.PROJECTS.full_schema, *c.VOTES.full_schema}


@dataclass(frozen=True, slots=True)
class Shown:
    """One result a notebook shows.

    Attributes
    ----------
    section
        Heading it stands under.
    lacking
        Tables and columns it would need and the region has not: ``("decisions", "")``,
        ``("messages", "rubric")``.
    """

    section: str
    lacking: Lacking


@dataclass(frozen=True, slots=True)
class Ability:
    """What a notebook shows of a region.

    Attributes
    ----------
    title
        First heading of the notebook.
    shown
        Results in the order of the notebook, without those of made-up regions.
    fuller
        Tables the region has not that would make some results fuller.
    """

    title: str
    shown: tuple[Shown, ...]
    fuller: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Value:
    """What a name stands for: frames that are known before anything runs, and what is lacking."""

    subject: pl.DataFrame | Election | Region | None = None
    lacking: Lacking = _NOTHING
    planted: bool = False
    data: bool = False
    entries: Mapping[str, _Value] = field(default_factory=dict)


def of(path: Path, region: Region) -> Ability:
    """Tell what a notebook can answer of a region.

    Parameters
    ----------
    path
        A curated notebook.
    region
        As :func:`cur_lab.datasets.load` gives it.
    """
    # nbformat would check the file against its schema, in longer than all else here takes.
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    following = _Following(region)
    title, section = path.stem, ""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for line in source.splitlines():
                if line.startswith("# "):
                    title = line[2:].strip()
                elif line.startswith("## "):
                    section = line[3:].strip()
        elif cell["cell_type"] == "code":
            following.section = section
            for statement in ast.parse(source).body:
                following.statement(statement)
    return Ability(title, tuple(following.shown), tuple(following.fuller))


class _Following:
    """Follows the statements of a notebook from its first cell to its last."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.section = ""
        self.names: dict[str, _Value] = {}
        self.aliases: dict[str, ast.expr] = {}
        self.shown: list[Shown] = []
        self.fuller: dict[str, None] = {}

    def statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement.targets[0], statement.value)
        elif isinstance(statement, ast.Expr):
            self._of(statement.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            if isinstance(value, ast.Tuple):
                for one, own in zip(target.elts, value.elts, strict=True):
                    self._assign(one, own)
            else:
                shared = self._of(value)
                names = (one.id for one in target.elts if isinstance(one, ast.Name))
                self.names |= dict.fromkeys(names, shared)
        elif isinstance(target, ast.Name):
            self.names[target.id] = self._of(value)
            self.aliases[target.id] = value

    def _of(self, expression: ast.expr) -> _Value:
        match expression:
            case ast.Name(id=name):
                return self.names.get(name, _Value())
            case ast.Attribute(value=base, attr=name):
                return self._attribute(self._of(base), name)
            case ast.Call():
                return self._call(expression)
            case ast.Dict(keys=keys, values=values):
                entries = {
                    str(key.value): self._of(value)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant)
                }
                return _Value(entries=entries)
            case ast.IfExp(body=body, orelse=otherwise):
                left, right = self._of(body), self._of(otherwise)
                return _Value(left.subject, left.lacking & right.lacking, left.planted)
            case ast.DictComp() | ast.ListComp() | ast.GeneratorExp():
                self._note_tables(expression)
                if isinstance(expression, ast.DictComp):
                    return _Value()
                return self._of(expression.elt)
            case ast.Subscript(value=base):
                return self._of(base)
        parts = [one for one in ast.iter_child_nodes(expression) if isinstance(one, ast.expr)]
        return _joined([self._of(one) for one in parts])

    def _attribute(self, base: _Value, name: str) -> _Value:
        if base.data and name == "messages":
            return self._table("messages")
        if base.data and name == "election":
            return self._election()
        if base.data and name == "campaigns":
            # One campaign is compared with another.
            enough = len(self.region.elections) > 1
            return _Value(None, _NOTHING if enough else frozenset([(_VOTES, SECOND)]))
        if base.data and name == "projects":
            vote = self._election()
            projects = vote.subject.projects if isinstance(vote.subject, Election) else None
            return _Value(projects, vote.lacking)
        if base.data:
            return _Value()
        return _Value(None, base.lacking, base.planted)

    def _call(self, call: ast.Call) -> _Value:
        name = ast.unparse(call.func)
        if name in ("notebook.load", "notebook.load_vote"):
            return _Value(data=True)
        if isinstance(call.func, ast.Attribute):
            owner = self._of(call.func.value)
            if owner.data and call.func.attr == "table":
                return self._table(_constant(call))
            if owner.data and call.func.attr == "truth":
                return _Value(planted=True)
            if name.endswith(".tables.get"):
                self._note_tables(call)
                return _Value(self.region.tables.get(_constant(call)))
        if name == "notebook.ask":
            return self._asked(call.args[0], call.args[1:], call.keywords)
        if name.startswith(("tables.", "figures.")):
            return self._drawn(call)
        if _resolved(self._meant(call.func)) is not None and call.args:
            return self._asked(call.func, call.args, call.keywords)
        given = [self._of(one) for one in (*call.args, *(word.value for word in call.keywords))]
        # A method of a frame gives the frame, more or less.
        base = self._of(call.func.value) if isinstance(call.func, ast.Attribute) else _Value()
        joined = _joined([base, *given])
        return _Value(base.subject, joined.lacking, joined.planted)

    def _drawn(self, call: ast.Call) -> _Value:
        given = [self._of(one) for one in call.args]
        value = _joined(given)
        about_data = any(one.subject is not None or one.lacking for one in given)
        derived = any(isinstance(one, ast.Name) for one in call.args[:1])
        if (about_data or derived) and not value.planted:
            self.shown.append(Shown(self.section, value.lacking))
        return value

    def _asked(
        self, function: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]
    ) -> _Value:
        given = [self._of(one) for one in args]
        options = {word.arg: self._of(word.value) for word in keywords if word.arg}
        for word in keywords:
            if word.arg is None:
                options |= self._of(word.value).entries
        joined = _joined([*given, *options.values(), self._of(function)])
        if joined.lacking or joined.planted or not given:
            return _Value(None, joined.lacking, joined.planted)
        called, subject = _resolved(self._meant(function)), given[0].subject
        if called is None or subject is None or isinstance(subject, Region):
            return _Value(None, joined.lacking, joined.planted)
        # What a dictionary gives is told when the notebook runs.
        computed = "by" in options and not any(word.arg == "by" for word in keywords)
        by = () if computed else self._by(called, args, keywords)
        lacks = [one for one in c.lacks(called, subject, by=by) if one not in _DERIVED]
        where = _VOTES if isinstance(subject, Election) else self._name_of(subject)
        return _Value(None, frozenset((where, one) for one in lacks))

    def _by(
        self, called: Callable[..., Any], args: list[ast.expr], keywords: list[ast.keyword]
    ) -> tuple[str, ...]:
        """Columns the call splits by, where the cell writes them out."""
        words = {word.arg: word.value for word in keywords if word.arg}
        try:
            bound = signature(called).bind_partial(*args, **words)
        except TypeError:
            return ()
        bound.apply_defaults()
        asked = bound.arguments.get("by")
        if isinstance(asked, ast.expr):
            try:
                asked = ast.literal_eval(asked)
            except ValueError:
                return ()
        several = (asked,) if isinstance(asked, str) else tuple(asked or ())
        return tuple(name for name in several if name in _KNOWN)

    def _table(self, name: str) -> _Value:
        if name in self.region.tables:
            return _Value(self.region.tables[name])
        return _Value(None, frozenset([(name, "")]))

    def _election(self) -> _Value:
        if self.region.elections:
            return _Value(list(self.region.elections.values())[-1])
        return _Value(None, frozenset([(_VOTES, "")]))

    def _name_of(self, frame: pl.DataFrame) -> str:
        named = (name for name, table in self.region.tables.items() if table is frame)
        return next(named, "messages")

    def _note_tables(self, expression: ast.expr) -> None:
        """Note the tables a result can do without, where the region has not got them."""
        if "tables.get" in ast.unparse(expression):
            for name in _constants(expression):
                if name in _TABLES and name not in self.region.tables:
                    self.fuller[name] = None

    def _meant(self, function: ast.expr) -> ast.expr:
        while isinstance(function, ast.Name) and function.id in self.aliases:
            function = self.aliases.pop(function.id)
        return function


# Names of one's own for topics are a choice, not something a region lacks.
_TABLES = {table.name for table in vars(c).values() if isinstance(table, c.Table)} - {
    c.TOPIC_NAMES.name
}


def _joined(values: list[_Value]) -> _Value:
    lacking = [one.lacking for one in values]
    lacking += [entry.lacking for one in values for entry in one.entries.values()]
    return _Value(None, frozenset().union(*lacking), any(one.planted for one in values))


def _resolved(function: ast.expr) -> Callable[..., Any] | None:
    """Find a public function by how a cell names it: ``trends.counts``."""
    if not isinstance(function, ast.Attribute):
        return None
    room, *names = ast.unparse(function).split(".")
    if room not in cur_lab.__all__ or room in ("columns", "figures", "notebook", "tables"):
        return None
    try:
        found = reduce(getattr, names, import_module(f"cur_lab.{room}"))
    except AttributeError:
        return None
    return found if callable(found) else None


def _constant(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def _constants(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
