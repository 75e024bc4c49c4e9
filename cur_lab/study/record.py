"""What a study found, number by number, as the file another person checks it by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from cur_lab import __version__, files
from cur_lab.errors import InputError
from cur_lab.notebook import recording
from cur_lab.study import inputs
from cur_lab.tables import numbers

NAME = "findings.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell of a table.

    Attributes
    ----------
    notebook
        File name without the ending.
    cell
        Identifier of the notebook's cell that showed it.
    table
        Title of the table.
    row, column
        What names the row in words, and our name of the column.
    value
        Number, day, code, or None where the table prints a dash.
    tolerance
        How far another computation may be off.
    """

    notebook: str
    cell: str
    table: str
    row: str
    column: str
    value: Any
    tolerance: float

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it stands; a title may tell a finding of its own."""
        return self.notebook, self.cell, self.row, self.column


@dataclass(frozen=True, slots=True)
class Record:
    """What one executed notebook told.

    Attributes
    ----------
    findings
        In the order shown.
    digest
        Hash of all its tables, the same as in its passport; empty without tables.
    absent
        Identifier of a cell → why these data cannot have an answer to it.
    bare
        Cells that were answered and have nothing to show.
    """

    findings: tuple[Finding, ...] = ()
    digest: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()


def take(notebook: NotebookNode, name: str) -> Record:
    """Take what the tables told the study out of a notebook, which is changed."""
    findings: list[Finding] = []
    digests: dict[str, str] = {}
    absent: dict[str, str] = {}
    bare: set[str] = set()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            told = _told(output)
            if told.get("unknown"):
                absent[cell.id] = told["absent"]
            elif "absent" in told:
                bare.add(cell.id)
            cells = told.get("cells", ())
            findings += [Finding(name, cell.id, told["title"], **one) for one in cells]
            if "digest" in told:
                digests[told["name"]] = told["digest"]
    digest = numbers.together(digests) if digests else ""
    return Record(tuple(findings), digest, absent, frozenset(bare))


def _told(output: NotebookNode) -> dict[str, Any]:
    told: dict[str, Any] = {}
    forms = output.get("metadata", {})
    for form in list(forms):
        if isinstance(forms[form], dict) and recording.KEY in forms[form]:
            told |= forms[form].pop(recording.KEY)
            if not forms[form]:
                del forms[form]
    return told


def write(
    out: Path, records: Mapping[str, Record], assigned: Mapping[Path, Mapping[str, Any]]
) -> Path:
    """Write the findings, one a line, below what they were found from.

    Parameters
    ----------
    out
        Folder.
    records
        Notebook → what it told.
    assigned
        Notebook → name → value, as given. Files and folders are told by their names: where they
        lie is nobody's business.
    """
    parameters = {path.stem: given for path, given in assigned.items()}
    head = {
        "format": _FORMAT,
        "cur_lab": __version__,
        "sources": inputs.of(assigned.values()),
        "notebooks": [
            {
                "notebook": name,
                "parameters": inputs.without_paths(parameters[name]),
                "digest": record.digest,
            }
            for name, record in records.items()
        ],
    }
    lines = [
        json.dumps(asdict(finding), ensure_ascii=False)
        for record in records.values()
        for finding in record.findings
    ]
    top = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    body = ",\n  ".join(lines)
    return files.write_text(out / NAME, f'{top},\n "findings": [\n  {body}\n ]\n}}\n')


def read(path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Read what :func:`write` wrote: what it was found from, and the findings.

    Raises
    ------
    InputError
        If the file is not there or is no such file.
    """
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        findings = [Finding(**one) for one in head.pop("findings")]
        _check(head)
    except FileNotFoundError:
        raise InputError(
            "no findings of a study",
            where=str(path),
            remedy="Name the file as --against FILE, or run cur-lab study --region first",
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"no findings of a study ({type(error).__name__})",
            where=str(path),
            remedy="Name the file findings.json that cur-lab study wrote",
        ) from error
    return head, findings


def _check(head: Mapping[str, Any]) -> None:
    if head["format"] != _FORMAT:
        raise ValueError(f"format {head['format']}")
    for name in ("sources", "notebooks"):
        _ = head[name]


def by_place(findings: Iterable[Finding]) -> dict[tuple[str, str, str, str], Finding]:
    """Index findings by where they stand."""
    return {finding.place: finding for finding in findings}
