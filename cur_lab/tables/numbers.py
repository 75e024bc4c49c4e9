"""What a laid-out table states, cell by cell, for whoever computes it again.

A table carries the columns it shows; :func:`stated` reads them where a study asks. Nothing is
stated that the table does not show: a suppressed cell is null here too, and of texts only those
that name a row stand there, as redacted as they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl
from great_tables import GT

from cur_lab.columns import CODES

# Optimisers stop, and sums are rounded, that far apart on different machines.
TOLERANCE = 1e-4
_DIGITS = 10
_LABEL = 80
_CARRIED = "_cur_lab"
_FACTS = ["fact", "value"]


def carry(table: GT, name: str, frame: pl.DataFrame, written: pl.DataFrame) -> GT:
    """Put into a table what it shows: the columns with their intervals, raw and as written."""
    ends = [f"{column}_{end}" for column in written.columns for end in ("low", "high")]
    kept = [*written.columns, *(end for end in ends if end in frame.columns)]
    table.__dict__[_CARRIED] = (name, frame.select(list(dict.fromkeys(kept))), written)
    return table


def drop(table: GT) -> GT:
    """Let a table state nothing: it is about the run, not about the data."""
    table.__dict__.pop(_CARRIED, None)
    return table


def name_of(table: GT) -> str | None:
    """Name of a table, equal between runs; None where it states nothing."""
    carried = table.__dict__.get(_CARRIED)
    return carried[0] if carried else None


def digest(table: GT) -> str:
    """Hash what the reader sees of a table: SHA-256, 64 hex digits."""
    _, _, written = table.__dict__[_CARRIED]
    return sha256(written.write_csv().encode("utf-8")).hexdigest()


def together(digests: Mapping[str, str]) -> str:
    """Hash several tables by their names and digests: SHA-256, 16 hex digits."""
    lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
    return sha256(lines.encode("utf-8")).hexdigest()[:16]


def stated(table: GT) -> list[dict[str, Any]]:
    """List the cells of a table that hold a number, a day, a code or a yes.

    Returns
    -------
    list of dict
        ``row`` (what names it in words), ``column``, ``value``, ``tolerance``: how far another
        computation may be off, 0 for what is counted or said in words.
    """
    if _CARRIED not in table.__dict__:
        return []
    _, frame, written = table.__dict__[_CARRIED]
    labels, naming = _labels(frame, written)
    cells = []
    for column in frame.columns:
        if column in naming or not _is_stated(frame, column, written.columns):
            continue
        for row, value in zip(labels, frame[column], strict=True):
            value = _plain(value)
            tolerance = abs(value) * TOLERANCE if isinstance(value, float) else 0
            cells.append(
                {"row": row, "column": column, "value": value, "tolerance": _rounded(tolerance)}
            )
    return cells


def _is_stated(frame: pl.DataFrame, column: str, shown: Sequence[str]) -> bool:
    kind = frame.schema[column]
    if kind == pl.String:
        return column in CODES or list(shown) == _FACTS
    return kind.is_numeric() or kind.is_temporal() or kind == pl.Boolean


def _labels(frame: pl.DataFrame, written: pl.DataFrame) -> tuple[list[str], set[str]]:
    """Name rows by as few columns as tell them apart, words before days before numbers."""
    schema = frame.schema
    words = [name for name in written.columns if schema[name] == pl.String]
    days = [name for name in written.columns if schema[name].is_temporal()]
    rest = [name for name in written.columns if schema[name].is_numeric()]
    naming: list[str] = []
    labels = [""] * frame.height
    for name in [*words, *days, *rest]:
        if naming and (len(set(labels)) == len(labels) or name in rest):
            break
        naming.append(name)
        labels = [_joined(row) for row in written.select(naming).iter_rows()]
    return _told_apart(labels), set(naming)


def _joined(cells: Iterable[str]) -> str:
    label = "; ".join(cells)
    return label if len(label) <= _LABEL else f"{label[:_LABEL]}…"


def _told_apart(labels: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    apart = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        apart.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return apart


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _rounded(value) if math.isfinite(value) else str(value)
    return value.isoformat() if isinstance(value, date) else value


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
