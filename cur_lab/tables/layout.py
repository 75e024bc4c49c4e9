"""Any frame as a table for reading, laid out from the vocabulary of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from html import escape
from typing import Any

import polars as pl
from great_tables import GT, html
from great_tables import style as cell_style
from great_tables.loc import body

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.columns import CODES, HEADINGS, Absent, Heading
from cur_lab.dispatch import chosen
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.tables import numbers
from cur_lab.wording import NOT_SHOWN

__all__ = ["show", "written"]

# Frame, title, columns.
Part = tuple[pl.DataFrame, str, tuple[str, ...]]
_BY_KIND: dict[str, Callable[[Any], str]] = {
    "share": wording.percent,
    "points": wording.percentage_points,
    "change": wording.change,
    "p": wording.probability,
    "moment": wording.moment,
    "day": wording.calendar_day,
    "month": wording.month,
    "street": wording.street,
}
# An interval whose ends read the same says that there is none.
_FINER = {"share": wording.FINER_SHARES}


def show(
    frame: pl.DataFrame | Absent,
    *columns: str,
    title: str,
    source: str | None = None,
    headings: Mapping[str, str] | None = None,
) -> GT | Absent:
    r"""Lay out columns of a frame: Russian headings, formatted numbers, codes in words.

    Parameters
    ----------
    frame
        Any frame of the package; what stands in a result's place is passed through.
    *columns
        Columns to show, in this order. A column ``x`` beside ``x_low`` and ``x_high`` is printed
        with its interval.
    title
        What the table shows; a full sentence where it says a finding.
    source
        Note below the table: number of messages, period, source.
    headings
        Headings of columns that mean something narrower here than in the vocabulary.

    Returns
    -------
    GT or Absent
        The table; a sentence where the frame has no rows. All text is escaped, and the identifier
        is equal between runs.

    Raises
    ------
    ParameterError
        If no column is named, or one of them twice.
    SchemaError
        If the frame lacks a column, or a column has no heading.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"rubric": ["Дороги"], "share": [0.2], "messages": [1200]})
    >>> laid_out = show(frame, "rubric", "share", title="Доли рубрик")
    >>> "20\xa0%" in laid_out.as_raw_html()
    True
    """
    if isinstance(frame, Absent):
        return frame
    if not columns or len(set(columns)) < len(columns):
        raise ParameterError(
            "no column is named, or one of them twice",
            where="tables.show",
            remedy=f"Take some of {', '.join(frame.columns)}",
        )
    if absent := set(columns) - set(frame.columns):
        raise SchemaError.missing(absent, frame.columns, where="tables.show")
    if frame.is_empty():
        return Absent(f"{title.rstrip('.')}: нечего показать")
    titles = {
        name: _heading(name, headings or {}).written(interval=_has_interval(frame, name))
        for name in columns
    }
    shown = pl.DataFrame([written(frame, name) for name in columns])
    # An identifier of one's own: a random one differs every run.
    name = f"t{blake2b(repr((title, columns)).encode(), digest_size=4).hexdigest()}"
    laid_out = (
        GT(shown, id=name)
        .tab_header(title=html(escape(title)))
        .cols_label(cases=titles)
        .opt_align_table_header("left")
        .tab_options(table_font_size="15px", heading_title_font_size="17px", table_margin_left="0")
        .cols_align("left")
        .tab_style(cell_style.css("vertical-align: top"), body())
    )
    if source:
        # Great Tables escapes cells itself; titles and notes it takes as they are.
        laid_out = laid_out.tab_source_note(html(escape(source)))
    if right := [column for column in columns if frame.schema[column].is_numeric()]:
        laid_out = laid_out.cols_align("right", columns=right)
    return numbers.carry(laid_out, name, frame, shown)


def show_part(
    part: str | None,
    source: str | None,
    parts: Mapping[str, Part],
    headings: Mapping[str, str] | None = None,
) -> GT | Absent:
    """Lay out the part of a result that is asked for, or the first."""
    laid_out = {
        name: partial(show, frame, *what, title=title, source=source, headings=headings)
        for name, (frame, title, what) in parts.items()
    }
    return chosen(part, laid_out)


def written(frame: pl.DataFrame, name: str) -> pl.Series:
    """Write a column as the reader sees it: numbers with intervals, codes and times in words.

    Parameters
    ----------
    frame
        Frame with the column, and with ``…_low`` and ``…_high`` where it has an interval.
    name
        The column; one the vocabulary does not know is written as its type says.

    Returns
    -------
    Series
        Of strings, as long as the frame.
    """
    heading = HEADINGS.get(name, Heading(name))
    write = partial(_cell, words=CODES.get(name, {}), heading=heading)
    if name == c.VALUE and c.UNIT in frame.columns:
        return pl.Series(name, _by_unit(frame, heading), dtype=pl.String)
    if not _has_interval(frame, name):
        return pl.Series(name, [write(value) for value in frame[name]], dtype=pl.String)
    rows = frame.select(name, f"{name}_low", f"{name}_high").iter_rows()
    finer = _FINER.get(heading.kind, ())
    estimates = [wording.interval(*row, write=write, finer=finer) for row in rows]
    return pl.Series(name, estimates, dtype=pl.String)


# Of units that are not written like the others of a column.
_UNITS: dict[str, dict[str, Any]] = {"share": {"kind": "share"}, "days": {"digits": 0}}


def _by_unit(frame: pl.DataFrame, heading: Heading) -> list[str]:
    """Write values of several units: a share among them is a percentage, like every other."""
    rows = []
    for row in frame.iter_rows(named=True):
        kind = replace(heading, **_UNITS.get(row[c.UNIT], {}))
        write = partial(_cell, words={}, heading=kind)
        ends = (row.get(f"{c.VALUE}_low"), row.get(f"{c.VALUE}_high"))
        finer = _FINER.get(kind.kind, ())
        rows.append(wording.interval(row[c.VALUE], *ends, write=write, finer=finer))
    return rows


def _heading(name: str, own: Mapping[str, str]) -> Heading:
    if name in own:
        return replace(HEADINGS.get(name, Heading("")), text=own[name], unit=None)
    if name not in HEADINGS:
        raise SchemaError(
            f"column {name} has no heading",
            where="tables.show",
            remedy="Add it to HEADINGS of its chapter in columns, or pass headings=",
        )
    return HEADINGS[name]


def _has_interval(frame: pl.DataFrame, name: str) -> bool:
    return {f"{name}_low", f"{name}_high"} <= set(frame.columns)


def _cell(value: object, *, words: Mapping[str, str], heading: Heading) -> str:
    if value is None:
        return NOT_SHOWN
    if isinstance(value, pl.Series | list):
        items = (_cell(item, words=words, heading=heading) for item in value)
        return ", ".join(items) or NOT_SHOWN
    if isinstance(value, str) and heading.kind != "street":
        return words.get(value, value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    if heading.kind in _BY_KIND:
        return _BY_KIND[heading.kind](value)
    if isinstance(value, int):
        return wording.grouped(value)
    if isinstance(value, float):
        # Kopecks of millions say nothing.
        digits = 0 if abs(value) >= 1000 else heading.digits
        return (wording.count if heading.kind == "count" else wording.decimal)(value, digits=digits)
    if isinstance(value, datetime):
        return wording.moment(value)
    return wording.calendar_day(value) if isinstance(value, date) else str(value)
