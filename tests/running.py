"""Cells of a notebook run in this process, as a kernel would: what each of them shows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat

FORMS = ("_repr_html_", "_repr_markdown_", "to_json")


def cells(path: Path) -> list[nbformat.NotebookNode]:
    found = nbformat.read(path, as_version=4).cells
    return [cell for cell in found if cell.cell_type == "code"]


def run(source: str, names: dict[str, object]) -> object:
    """Run a cell; return what its last line yields."""
    *body, last = ast.parse(source).body
    shown = isinstance(last, ast.Expr)
    exec(compile(ast.Module(body if shown else [*body, last], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if shown else None


def run_all(path: Path, **given: object) -> Iterator[tuple[nbformat.NotebookNode, object]]:
    """Run a notebook with parameters put in after their cell."""
    names: dict[str, object] = {}
    for cell in cells(path):
        yield cell, run(cell.source, names)
        names |= {name: value for name, value in given.items() if name in names}


def written(result: object) -> str:
    """What a reader sees of a result."""
    return "\n".join(str(getattr(result, form)()) for form in FORMS if hasattr(result, form))
