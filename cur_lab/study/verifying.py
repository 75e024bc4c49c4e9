"""A study handed over is run again, and every number that came out otherwise is named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from cur_lab.errors import InputError
from cur_lab.study import record
from cur_lab.study.execution import find, run
from cur_lab.study.record import Finding

REPORT = "report"
_SCHEMA = dict.fromkeys(("notebook", "table", "row", "column", "was", "is", "tolerance"), pl.String)
_SOURCE, _PARAMETER, _FAILED = "источник", "параметр", "выполнение"
_ABSENT = "нет"


def verify(
    region: str | os.PathLike[str],
    *,
    against: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
) -> pl.DataFrame:
    """Run a study of a region again and compare what it finds with what was handed over.

    Parameters
    ----------
    region
        Folder of the region.
    against
        The ``findings.json`` that :func:`cur_lab.study.run` wrote; ``report/findings.json`` of the
        folder if None. Its notebooks run with its parameters.
    out
        Folder for the new report; it is not kept if None.

    Returns
    -------
    DataFrame
        One row for each file whose bytes are others, each parameter, each notebook that did not
        run, and each number that differs by more than its tolerance: ``notebook, table, row,
        column, was, is, tolerance``. Empty where everything is confirmed.

    Raises
    ------
    InputError
        If there are no findings to compare with, or one of their notebooks is not known.
    CurLabError
        As :func:`cur_lab.study.run`.
    """
    folder = Path(region)
    before, were = record.read(Path(against or folder / REPORT / record.NAME))
    if not before["notebooks"]:
        raise InputError(
            "the findings name no notebook", where=record.NAME, remedy="Run cur-lab study again"
        )
    notebooks = find([one["notebook"] for one in before["notebooks"]])
    with TemporaryDirectory() as kept:
        to = Path(out or kept)
        failed = [
            (outcome.name, _FAILED, "", "", "выполнено", outcome.error, "")
            for outcome in run(notebooks, to, region=folder, parameters=_shared(before))
            if outcome.error
        ]
        after, are = record.read(to / record.NAME)
    rows = [
        *_files(before["sources"], after["sources"]),
        *_parameters(before["notebooks"], after["notebooks"]),
        *failed,
        *compared(were, are),
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _shared(before: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the parameters the study was given; the region is where it lies now."""
    named: dict[str, Any] = {}
    for one in before["notebooks"]:
        named |= {name: value for name, value in one["parameters"].items() if name != "region"}
    return named


def _files(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, ...]]:
    was, now = ({one["file"]: one["sha256"] for one in read} for read in (before, after))
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            found = was.get(name, _ABSENT), now.get(name, _ABSENT)
            yield ("", _SOURCE, name, "sha256", *found, "")


def _parameters(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, ...]]:
    now = {one["notebook"]: one["parameters"] for one in after}
    for one in before:
        name, was = one["notebook"], one["parameters"]
        for parameter in sorted((was.keys() | now[name].keys()) - {"region"}):
            pair = was.get(parameter), now[name].get(parameter)
            if pair[0] != pair[1]:
                yield (name, _PARAMETER, parameter, "", *map(_written, pair), "")


def compared(were: Sequence[Finding], are: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    """Name what differs by more than its tolerance: a row of :func:`verify` each.

    The title of a table is compared too: it often says a finding.
    """
    titles = {(one.notebook, one.cell): one.table for one in are}
    for (notebook, cell), told in {(one.notebook, one.cell): one.table for one in were}.items():
        if (otherwise := titles.get((notebook, cell), told)) != told:
            yield (notebook, told, "", "title", told, otherwise, "")
    old, new = record.by_place(were), record.by_place(are)
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place), new.get(place)
        if was is None or now is None or not _same(was, now):
            one = was or now
            assert one is not None
            yield (
                one.notebook,
                one.table,
                one.row,
                one.column,
                _ABSENT if was is None else _written(was.value),
                _ABSENT if now is None else _written(now.value),
                f"{one.tolerance:g}",
            )


def _same(was: Finding, now: Finding) -> bool:
    if was.value == now.value:
        return True
    pair = was.value, now.value
    if any(isinstance(value, bool | str) or value is None for value in pair):
        return False
    return bool(abs(pair[0] - pair[1]) <= was.tolerance)


def _written(value: object) -> str:
    return "—" if value is None else str(value)
