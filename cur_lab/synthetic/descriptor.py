"""The Frictionless Data Package descriptor (v1) with the data dictionary.

References
----------
Walsh P., Pollock R. et al. (2017). Data Package. https://specs.frictionlessdata.io/data-package/
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from cur_lab import columns
from cur_lab.errors import SchemaError
from cur_lab.synthetic import plans

_TABLES = {
    "messages": columns.MESSAGES,
    "municipalities": columns.MUNICIPALITIES,
    "posts": columns.POSTS,
    "broadcasts": columns.BROADCASTS,
    "projects": columns.PROJECTS,
    "votes": columns.VOTES,
    "claims": columns.CLAIMS,
    "decisions": columns.DECISIONS,
    "notices": columns.NOTICES,
    "agencies": columns.AGENCIES,
    "commitments": columns.COMMITMENTS,
}
_TYPES = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.List: "array",
    pl.Datetime: "datetime",
}
_FORMATS = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def descriptor(folder: Path, tables: dict[str, pl.DataFrame], paths: dict[str, str]) -> str:
    """Describe the written tables.

    Parameters
    ----------
    folder
        Where they lie.
    tables
        The frames by name, such as ``"truth/incidents"``.
    paths
        Their files below the folder.

    Returns
    -------
    str
        JSON without a date, so that the same data give the same descriptor.

    Raises
    ------
    SchemaError
        If a field has no description.
    """
    package = {
        "profile": "data-package",
        "name": "zarechye",
        "title": "Заречье: a fictional Russian oblast writes to its authorities, 2024-2025",
        "description": "Made by cur_lab.synthetic from one seed; nothing in it is real. "
        "See README.md for what it can and cannot stand for.",
        "version": "1.0.0",
        "keywords": ["synthetic", "citizen feedback", "Russian", "participatory budgeting"],
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "contributors": [{"title": "cur-lab contributors", "role": "author"}],
        "resources": [
            _resource(name, frame, paths[name], folder) for name, frame in tables.items()
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(name: str, frame: pl.DataFrame, path: str, folder: Path) -> dict[str, Any]:
    content = (folder / path).read_bytes()
    suffix = path.rpartition(".")[2]
    return {
        "name": name.replace("/", "-"),
        "title": plans.read("dictionary")["titles"][name],
        "path": path,
        "profile": "tabular-data-resource" if suffix == "csv" else "data-resource",
        "format": suffix,
        "mediatype": _FORMATS[suffix],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "rows": frame.height,
        "schema": {
            "fields": [_field(name, column, frame) for column in frame.columns],
            "primaryKey": plans.read("dictionary")["keys"][name],
        },
    }


def _field(name: str, column: str, frame: pl.DataFrame) -> dict[str, Any]:
    table = _TABLES.get(name)
    known = {c.name: c for c in (table.columns + table.optional)} if table else {}
    dtype = frame.schema[column]
    field: dict[str, Any] = {"name": column, "type": _TYPES[dtype.base_type()]}
    if column in known:
        field["description"] = known[column].meaning
        if known[column].unit:
            field["unit"] = known[column].unit
        if not known[column].nullable:
            field["constraints"] = {"required": True}
        return field
    entries = plans.read("dictionary")
    for part in name.split("/"):
        entries = entries.get(part, {})
    if column not in entries:
        raise SchemaError(f"field {column} is not in dictionary.toml", where=f"table {name}")
    field["description"] = entries[column]
    return field
