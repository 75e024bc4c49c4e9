"""One form of an executed notebook: where no result changed, no line of the file does.

Left out is what differs between runs, machines and versions of Python: times, papermill's notes,
the kernel's own description, how often a stream was flushed. The versions a notebook was executed
with stand in its last cell, which nbval skips.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

import nbformat
from nbformat import NotebookNode

from cur_lab import files

_INJECTED = "injected-parameters"
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_PASSING = ("papermill", "execution", "widgets", "ExecuteTime", "collapsed", "scrolled")


def canonical(executed: NotebookNode, original: NotebookNode) -> NotebookNode:
    """Bring an executed notebook into the form it is kept in.

    Parameters
    ----------
    executed
        Not changed.
    original
        What was executed: its cells keep their ids; one without has that of its place. The cell
        of parameters that papermill puts in is named after its tag.
    """
    cells = []
    ids = iter([cell.get("id", f"cell-{place:02}") for place, cell in enumerate(original.cells)])
    for cell in executed.cells:
        injected = _INJECTED in cell.metadata.get("tags", ())
        kept = NotebookNode(cell)
        kept["id"] = _INJECTED if injected else next(ids)
        kept["metadata"] = _lasting(cell.metadata)
        if "outputs" in cell:
            kept["outputs"] = _merged(cell.outputs)
        cells.append(kept)
    metadata = _lasting(executed.metadata) | _KERNEL
    return nbformat.from_dict(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def without_folders(copy: NotebookNode, parameters: Mapping[str, object]) -> None:
    """Name files and folders of the parameters without where they lie: a copy is handed on."""
    paths = [value for value in parameters.values() if isinstance(value, str | PurePath)]
    for cell in copy.cells:
        if cell["id"] == _INJECTED:
            for path in filter(PurePath.is_absolute, map(Path, paths)):
                cell.source = cell.source.replace(repr(str(path))[1:-1], path.name)


def write(notebook: NotebookNode, path: Path) -> Path:
    """Write a notebook with sorted keys and Cyrillic as it is read, as Jupyter does."""
    return files.write_text(path, f"{nbformat.writes(notebook)}\n")


def _lasting(metadata: NotebookNode) -> dict[str, object]:
    return {name: value for name, value in metadata.items() if name not in _PASSING and value != []}


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what was printed on one stream without anything in between."""
    merged: list[NotebookNode] = []
    for output in outputs:
        stream = output.get("name") if output.output_type == "stream" else None
        if stream and merged and merged[-1].get("name") == stream:
            merged[-1] = NotebookNode(merged[-1], text=merged[-1].text + output.text)
        else:
            merged.append(output)
    return merged
