"""Lists of flat objects, one for each message: JSON and JSON Lines."""

from __future__ import annotations

from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.readers import content, items, reading, tabular
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.items import Item
from cur_lab.readers.reading import Draft
from cur_lab.readers.window import Damaged

FORMATS = {content.RECORDS: frozenset({content.RECORDS, content.LINES})}


def sniff(file: Glance) -> str | None:
    """Tell a list of objects that is nobody else's."""
    listed = file.container in FORMATS[content.RECORDS] and not file.keys
    return content.RECORDS if listed and file.items else None


def read(file: Glance, asked: Asked) -> Draft:
    """Read the objects; their names are the headers."""
    if items.alone(file) is not None:
        raise InputError(
            "JSON, but not a list of objects",
            where=str(file.path),
            remedy="Leave format out and it will be found",
        )
    draft = Draft(asked.timezone)
    rows: list[tuple[int, Item]] = []
    for row, item in enumerate(items.outermost(file, ()), start=1):
        if isinstance(item, Damaged):
            items.set_aside(item, row, draft)
        elif isinstance(item, dict):
            rows.append((row, {reading.sound(name): value for name, value in item.items()}))
        else:
            draft.refuse(row, reading.FORM, reading.as_found(item, ()))
    names = list(dict.fromkeys(name for _, item in rows for name in item))
    frame = pl.DataFrame(
        [[row, *(_cell(item.get(name)) for name in names)] for row, item in rows],
        schema={c.ROW: pl.Int64, **{f"_{place}": pl.String for place in range(len(names))}},
        orient="row",
    )
    return tabular.read_cells(names, frame, asked.named, draft, file.path)


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value if value is None else reading.sound(value)
    return reading.sound(reading.as_found(value, list(value) if isinstance(value, dict) else ()))
