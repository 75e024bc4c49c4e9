"""An analyst's names for topics: a small table, kept in a file; two topics of one name are one."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError
from cur_lab.readers import content, delimited

_DELIMITERS = (";", ",", "\t")
_SHOWN_KEYWORDS, _SHOWN_EXAMPLES = 10, 5


def write(names: pl.DataFrame, path: Path) -> Path:
    """Write the table to edit as a spreadsheet opens it: semicolons, a mark of the encoding."""
    names.write_csv(path, separator=";", include_bom=True)
    return path


def read(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Read the table that was edited."""
    source = Path(path)
    if not source.is_file():
        raise InputError(
            "there is no such file",
            where=str(source),
            remedy="Write one with model.write_names and fill in its column name",
        )
    encoding = content.encoding(source)
    read = {
        delimiter: list(delimited.records(source, delimiter, encoding)) for delimiter in _DELIMITERS
    }
    rows = max(read.values(), key=lambda found: _width(found[:1]))
    first = rows[0] if rows and isinstance(rows[0], list) else []
    heading = [cell.strip().lstrip("\ufeff") for cell in first]
    if missing := {c.LABEL, c.NAME} - set(heading):
        raise SchemaError.missing(missing, heading, where=source.name)
    places = heading.index(c.LABEL), heading.index(c.NAME)
    filled = []
    for number, row in enumerate(rows[1:], start=2):
        if not isinstance(row, list) or len(row) < len(heading):
            raise InputError(
                f"row {number} has other cells than the heading",
                where=source.name,
                remedy="A label with a separator in it stands in quotes",
            )
        filled.append(tuple(row[place].strip() or None for place in places))
    return pl.DataFrame(filled, schema={c.LABEL: pl.String, c.NAME: pl.String}, orient="row")


def _width(rows: list[delimited.Record]) -> int:
    return len(rows[0]) if rows and isinstance(rows[0], list) else 0


def groups(topics: pl.DataFrame, names: pl.DataFrame, *, where: str) -> dict[int, str]:
    """Give every topic its name; check that the table speaks of these topics, once of each."""
    if missing := {c.LABEL, c.NAME} - set(names.columns):
        raise SchemaError.missing(missing, names.columns, where=where)
    wanted = names.select(pl.col(c.LABEL, c.NAME).cast(pl.String).str.strip_chars())
    wanted = wanted.filter(pl.col(c.NAME).fill_null("") != "").unique(maintain_order=True)
    known = topics[c.LABEL].to_list()
    for label in wanted[c.LABEL].to_list():
        if label not in known:
            near = get_close_matches(label or "", known, n=1)
            raise InputError(
                f"no topic is called {label}",
                where=where,
                remedy=f"The nearest is {near[0]}" if near else "Labels are those of model.topics",
            )
    twice = wanted.filter(pl.col(c.LABEL).is_duplicated())[c.LABEL]
    if len(twice):
        raise InputError(
            f"the topic {twice[0]} has two names", where=where, remedy="Keep one of its rows"
        )
    new = dict(wanted.iter_rows())
    return {topic: new.get(label, label) for topic, label in topics.select(c.TOPIC, c.LABEL).rows()}


def numbered(topics: pl.DataFrame, named: dict[int, str], apart: int | None) -> dict[int, int]:
    """Give every old topic its new number: the largest first, what was set apart last."""
    sizes: dict[str, int] = {}
    for topic, size in topics.sort(c.TOPIC).select(c.TOPIC, c.SIZE).iter_rows():
        sizes[named[topic]] = sizes.get(named[topic], 0) + size
    last = None if apart is None else named[apart]
    order = sorted(sizes, key=lambda name: (name == last, -sizes[name], name))
    place = {name: number for number, name in enumerate(order)}
    return {topic: place[name] for topic, name in named.items()}


def merged(topics: pl.DataFrame, named: dict[int, str], number: dict[int, int]) -> pl.DataFrame:
    """Sum the rows of topics of one name up.

    The interval of a sum is the sum of intervals, which errs on the wide side; a topic put together
    by hand was found by no refit and has no stability.
    """
    parts = topics.sort(c.TOPIC).with_columns(
        pl.col(c.TOPIC).replace_strict(named, return_dtype=pl.String).alias(c.LABEL),
        pl.col(c.TOPIC).replace_strict(number, return_dtype=pl.Int64),
    )
    one = pl.len() == 1
    summed = parts.group_by(c.TOPIC, maintain_order=True).agg(
        pl.col(c.LABEL).first(),
        pl.col(c.SIZE, c.SHARE).sum(),
        pl.col(c.SHARE_LOW).sum(),
        pl.col(c.SHARE_HIGH).sum().clip(upper_bound=1.0),
        pl.when(one).then(pl.col(c.STABILITY).first()),
        pl.col(c.KEYWORDS),
        pl.col(c.EXAMPLES),
    )
    lists = {c.KEYWORDS: _SHOWN_KEYWORDS, c.EXAMPLES: _SHOWN_EXAMPLES}
    mixed = [
        pl.Series(name, [_mixed(rows, n) for rows in summed[name]], dtype=pl.List(pl.String))
        for name, n in lists.items()
    ]
    return c.TOPICS.conform(summed.with_columns(mixed).sort(c.TOPIC))


def _mixed(rows: pl.Series, n: int) -> list[str]:
    """Take the first of each list, then the second of each, no one twice."""
    lists = rows.to_list()
    longest = max(map(len, lists), default=0)
    ordered = [row[at] for at in range(longest) for row in lists if at < len(row)]
    return list(dict.fromkeys(ordered))[:n]


def owners(number: dict[int, int], centres: int, owner: tuple[int, ...] | None) -> tuple[int, ...]:
    """Topic of every centre after the topics got other numbers."""
    before = owner if owner is not None else tuple(range(centres))
    return tuple(number[topic] for topic in before)


def middles(centres: np.ndarray, owner: tuple[int, ...] | None) -> np.ndarray:
    """One direction per topic: the mean of its centres."""
    if owner is None:
        return centres
    sums = np.zeros((max(owner) + 1, centres.shape[1]))
    np.add.at(sums, np.asarray(owner), centres)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), dtype=np.float32)
