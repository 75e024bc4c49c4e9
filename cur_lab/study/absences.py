"""A notebook on a user's own data: what it cannot answer is said once, early, and not again.

Dropped are the words that hold for the sample region only (cells tagged ``sample``), and sections
all of whose results the data have no answer to; their code stays, so that the copy can be run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from cur_lab.columns import UNKNOWN
from cur_lab.report.cards import UNANSWERED, UNDETERMINED

SAMPLE = "sample"
_HEADING = re.compile(r"^## +(.+)$", re.M)
# What follows a figure, by the form of the house; it says nothing where there is no figure.
_OF_A_FIGURE = "**Чего это не показывает:**"
_TITLE = "Что по этим данным не определяется"


@dataclass(slots=True)
class _Section:
    title: str
    cells: list[NotebookNode] = field(default_factory=list)

    @property
    def showing(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.get("outputs")]


def gather(
    notebook: NotebookNode, absent: Mapping[str, str], bare: Collection[str] = ()
) -> NotebookNode:
    """Gather what these data cannot answer below the description of the data.

    Parameters
    ----------
    notebook
        An executed copy; not changed.
    absent
        Identifier of a cell → why it has no answer, as :func:`cur_lab.study.record.take` tells.
    bare
        Cells with nothing to show: they alone do not keep a section.
    """
    sections = _sections([cell for cell in map(_own, notebook.cells) if cell is not None])
    first = next((number for number, part in enumerate(sections) if part.showing), None)
    told: dict[str, list[str]] = {}
    for section in sections:
        showing = [cell.id for cell in section.showing if cell.id not in bare]
        if showing and all(name in absent for name in showing):
            for reason in dict.fromkeys(absent[name] for name in showing):
                told.setdefault(reason, []).append(section.title)
            section.cells = [_silent(cell) for cell in section.cells if "outputs" in cell]
    for section in sections:
        section.cells = list(_once(section.cells, absent, set(told)))
    answered = [part for part in sections[1:] if part.showing]
    if told and first is not None:
        # The description of the data and the passport answer nothing.
        said = _said(told, whole=len(answered) <= 2 and len(told) == 1)
        sections[first].cells.append(nbformat.v4.new_markdown_cell(said, id=UNDETERMINED))
    cells = [cell for section in sections for cell in section.cells]
    return nbformat.from_dict({**notebook, "cells": cells})


def _own(cell: NotebookNode) -> NotebookNode | None:
    """Leave the sample's cells without words and outputs."""
    if SAMPLE not in cell.metadata.get("tags", ()):
        return cell
    return _silent(cell) if "outputs" in cell else None


def _silent(cell: NotebookNode) -> NotebookNode:
    return NotebookNode(cell, outputs=[])


def _sections(cells: list[NotebookNode]) -> list[_Section]:
    """Cut at headings of the second level, which often end a cell of words."""
    sections = [_Section("")]
    for cell in cells:
        if cell.cell_type != "markdown":
            sections[-1].cells.append(cell)
            continue
        starts = [found.start() for found in _HEADING.finditer(cell.source)]
        ends = [*starts, len(cell.source)]
        for number, (start, end) in enumerate(zip([0, *starts], ends, strict=True)):
            piece = cell.source[start:end].strip()
            if heading := _HEADING.match(piece):
                sections.append(_Section(heading[1]))
            if piece:
                name = cell.id if start == 0 else f"{cell.id}-{number}"
                sections[-1].cells.append(NotebookNode(cell, source=piece, id=name))
    return sections


def _once(
    cells: list[NotebookNode], absent: Mapping[str, str], told: set[str]
) -> Iterator[NotebookNode]:
    """Say each reason once in a section, never one that is told above; drop a figure's words."""
    missing = False
    for cell in cells:
        if cell.cell_type == "markdown":
            if not (missing and _OF_A_FIGURE in cell.source):
                yield cell
            missing = False
            continue
        reason = absent.get(cell.id)
        missing = reason is not None
        if reason is not None and reason in told:
            yield _silent(cell)
            continue
        if reason is not None:
            told.add(reason)
        yield cell


def _said(told: Mapping[str, list[str]], *, whole: bool) -> str:
    reasons = {reason: reason.removesuffix(f": {UNKNOWN}") for reason in told}
    if whole:
        (reason,) = reasons.values()
        return f"{UNANSWERED} {reason}."
    lines = [
        f"- {reasons[reason]}: {', '.join(f'«{title}»' for title in titles)}."
        for reason, titles in told.items()
    ]
    return "\n".join([f"**{_TITLE}** — по причинам и разделам:", "", *lines])
