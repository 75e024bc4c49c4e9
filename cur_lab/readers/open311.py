"""Service requests of Open311 GeoReport v2: JSON and CSV.

``description`` is the text, ``service_name`` the rubric, ``agency_responsible`` the body. By the
specification ``updated_datetime`` of a closed request is when it was closed; ``status_notes`` says
why it stands as it does, and is the answer, dated by the last change of the request: it cannot have
been later. Numbers are unique within ``jurisdiction_id``, which goes before them where it is given.
Place and address have no column of ours and are named among the unused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.readers import content, delimited, items, reading, tabular
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Damaged

FORMATS = {"open311": frozenset({content.CSV, content.RECORDS, content.LINES})}

_NUMBER, _STATUS, _NOTES, _CHANGED, _PLACE = (
    "service_request_id", "status", "status_notes", "updated_datetime", "jurisdiction_id"
)  # fmt: skip
_LISTS = ("service_requests", "requests")
_BESIDE = {"requested_datetime", "service_code", "service_name", _CHANGED}
# Not headings of the source: what follows from two of them.
_CLOSED_AT, _NOTED_AT = "updated_datetime (closed)", "updated_datetime (status_notes)"
_OURS = {
    _NUMBER: c.MESSAGE_ID,
    "requested_datetime": c.PUBLISHED_AT,
    "description": c.TEXT,
    "service_name": c.RUBRIC,
    "agency_responsible": c.AGENCY,
    _NOTES: c.ANSWER_TEXT,
    _NOTED_AT: c.ANSWERED_AT,
    _CLOSED_AT: c.RESOLVED_AT,
}
_HEAD_CHARACTERS = 4096

Cells = dict[str, str | None]


def sniff(file: Glance) -> str | None:
    """Tell requests by their number and one more name of the standard."""
    if file.container == content.CSV:
        with file.path.open(encoding=content.glimpse_encoding(file.path), errors="replace") as top:
            head = top.readline(_HEAD_CHARACTERS)
        known = _NUMBER in head and any(name in head for name in _BESIDE)
    elif file.container in FORMATS["open311"]:
        inside = [one for name in _LISTS for one in file.lists.get(name, ())]
        pages = [one for page in file.items for name in _LISTS for one in items.parts(page, name)]
        seen = [*file.items, *inside, *pages, dict.fromkeys(file.keys)]
        known = any(
            isinstance(one, dict) and _NUMBER in one and not one.keys().isdisjoint(_BESIDE)
            for one in seen
        )
    else:
        known = False
    return "open311" if known else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read the requests; what the user names goes before what the standard does.

    Raises
    ------
    SchemaError
        If there are no descriptions and no other column is named for the texts.
    """
    draft = Draft(asked.timezone)
    found = _rows(file, draft) if file.container == content.CSV else _objects(file, draft)
    rows = [(row, _settled(cells)) for row, cells in found]
    names = list(dict.fromkeys(name for _, cells in rows for name in cells))
    frame = pl.DataFrame(
        [[row, *(cells.get(name) for name in names)] for row, cells in rows],
        schema={c.ROW: pl.Int64, **{f"_{place}": pl.String for place in range(len(names))}},
        orient="row",
    )
    named = dict(asked.named) if isinstance(asked.named, Mapping) else {}
    ours = {
        name: column
        for name, column in _OURS.items()
        if name in names and name not in named and column not in named.values()
    }
    return tabular.read_cells(names, frame, ours | named, draft, file.path)


def _objects(file: Glance, draft: Draft) -> Iterator[tuple[int, Cells]]:
    """Yield the requests of JSON, alone or in answers."""
    for row, item in enumerate(_listed(file), start=1):
        if isinstance(item, Damaged):
            items.set_aside(item, row, draft)
        elif not isinstance(item, dict) or _NUMBER not in item:
            failed = isinstance(item, dict) and "code" in item
            raw = reading.as_found(item, ("code", "description", "token"))
            draft.refuse(row, reading.ERROR if failed else reading.FORM, raw)
        else:
            yield row, {reading.sound(name): _cell(value) for name, value in item.items()}


def _listed(file: Glance) -> Iterator[Any]:
    for page in items.outermost(file, _LISTS):
        lists = [page.get(name) for name in _LISTS] if isinstance(page, dict) else []
        found = next((listed for listed in lists if isinstance(listed, list)), None)
        if found is None:
            yield page
        else:
            yield from found


def _rows(file: Glance, draft: Draft) -> Iterator[tuple[int, Cells]]:
    """Yield the requests of a table; a row of another width is set aside."""
    delimiter = max(delimited.DELIMITERS, key=lambda mark: _NUMBER in _names(file, mark))
    names = _names(file, delimiter)
    for row, record in enumerate(islice(delimited.records(file.path, delimiter), 1, None), 1):
        if isinstance(record, delimited.Broken):
            draft.refuse(row, reading.QUOTE, record.line)
        elif len(record) < len(names) or any(record[len(names) :]):
            draft.refuse(row, reading.FIELDS, delimiter.join(record))
        else:
            yield row, dict(zip(names, record, strict=False))


def _names(file: Glance, delimiter: str) -> list[str]:
    first = next(delimited.records(file.path, delimiter), [])
    return [name.strip("\ufeff ") for name in first] if isinstance(first, list) else []


def _settled(cells: Cells) -> Cells:
    """Name a request by its jurisdiction too, and date its end and its answer."""
    changed = cells.get(_CHANGED)
    place, number = cells.get(_PLACE), cells.get(_NUMBER)
    closed = (cells.get(_STATUS) or "").strip().casefold() == "closed"
    return cells | {
        _NUMBER: f"{place.strip()}/{number}" if number and place and place.strip() else number,
        _CLOSED_AT: changed if closed else None,
        _NOTED_AT: changed if (cells.get(_NOTES) or "").strip() else None,
    }


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value if value is None else reading.sound(value)
    try:
        return reading.sound(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return None
