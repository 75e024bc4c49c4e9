"""The sentences the package may say, read from its sources: what is to be translated.

A sentence with holes is written as the catalogue has it, ``no {0} called {1}``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "cur_lab"
_ERRORS = {
    node.name
    for node in ast.parse((PACKAGE / "errors.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ClassDef)
}


class Said(NamedTuple):
    """A sentence, where it stands, and the context it has in the catalogue."""

    text: str
    context: str | None
    place: str


def raised() -> Iterator[Said]:
    """Yield what every error of the package says: the problem, the place, the remedy."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from _Module(path).said()


class _Module:
    def __init__(self, path: Path):
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.speaks = any(
            isinstance(node, ast.ImportFrom) and node.module == "cur_lab.translation"
            for node in self.tree.body
        )
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def said(self) -> Iterator[Said]:
        for call in ast.walk(self.tree):
            if not isinstance(call, ast.Call):
                continue
            given = {one.arg: one.value for one in call.keywords}
            name = ast.unparse(call.func)
            if name in _ERRORS or (name == "cls" and self.path.name == "errors.py"):
                place = f"{self.path.relative_to(PACKAGE.parent)}:{call.lineno}"
                problem = call.args[0] if call.args else given["problem"]
                for what, context in ((problem, None), (given.get("remedy"), None)):
                    yield from self._sentences(what, context, place)
                yield from self._sentences(given.get("where"), "where", place)
            elif (name == "say" and self.speaks) or name == "warnings.warn":
                place = f"{self.path.relative_to(PACKAGE.parent)}:{call.lineno}"
                yield from self._sentences(call.args[0], None, place)

    def _sentences(self, node: ast.expr | None, context: str | None, place: str) -> Iterator[Said]:
        for text, parts in self._texts(node, frozenset()):
            words = re.search(r"[A-Za-z]", re.sub(r"\{\d+\}", "", text))
            # A place without a hole is a name, as are capitals in a hole.
            name = (context == "where" and "{" not in text) or (
                context == "part" and text.isupper()
            )
            if words and not name:
                yield Said(text, context, place)
            for part in parts:
                yield from self._sentences(part, "part", place)

    def _texts(
        self, node: ast.expr | None, seen: frozenset[str]
    ) -> Iterator[tuple[str, list[ast.expr]]]:
        """Yield each text an expression may be, with what may fill its holes with words."""
        match node:
            case ast.Constant(value=str(text)):
                yield text, []
            case ast.JoinedStr(values=values):
                text, parts, holes = "", [], 0
                for value in values:
                    if isinstance(value, ast.FormattedValue):
                        text += f"{{{holes}}}"
                        holes += 1
                        parts.append(value.value)
                    else:
                        text += str(value.value)
                yield text, parts
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._texts(body, seen)
                yield from self._texts(orelse, seen)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self._texts(value, seen)
            case ast.Name(id=name) if name not in seen:
                for value in self._values(node):
                    yield from self._texts(value, seen | {name})

    def _values(self, name: ast.Name) -> Iterator[ast.expr]:
        """Yield what a name may stand for: assigned in its function, given to it, or a constant."""
        function = self._function(name)
        for loop in ast.walk(function or self.tree):
            if isinstance(loop, ast.For) and isinstance(loop.target, ast.Tuple):
                names = list(map(ast.unparse, loop.target.elts))
                if name.id in names and isinstance(loop.iter, ast.Name):
                    for row in self._rows(loop.iter):
                        yield row.elts[names.index(name.id)]
        found = False
        for node in ast.walk(function or self.tree):
            if (
                isinstance(node, ast.Assign)
                and any(isinstance(to, ast.Name) and to.id == name.id for to in node.targets)
                and self._function(node) is function
            ):
                found = True
                yield node.value
        if function is None or found:
            return
        arguments = function.args
        positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        if name.id in {*positional, *(one.arg for one in arguments.kwonlyargs)}:
            for call in ast.walk(self.tree):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name:
                    yield from (one.value for one in call.keywords if one.arg == name.id)
                    if name.id in positional[: len(call.args)]:
                        yield call.args[positional.index(name.id)]
            return
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and name.id in map(ast.unparse, node.targets):
                yield node.value

    def _rows(self, constant: ast.Name) -> Iterator[ast.Tuple]:
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and constant.id in map(ast.unparse, node.targets):
                yield from (row for row in ast.walk(node.value) if isinstance(row, ast.Tuple))

    def _function(self, node: ast.AST) -> ast.FunctionDef | None:
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef):
                return node
        return None
