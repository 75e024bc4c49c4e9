"""Frames as tables for reading: Russian headings, formatted numbers, nothing of a text executed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import polars as pl
from great_tables import GT, html
from great_tables import style as cell_style
from great_tables.loc import body

from cur_lab.figures.theme import percent

NOT_SHOWN = "—"


def table(
    frame: pl.DataFrame, headings: Mapping[str, str], *, title: str, source: str, name: str
) -> GT:
    """Lay out the columns named in ``headings``, in that order.

    Parameters
    ----------
    frame
        Text, number and list columns; lists are joined by commas, nulls shown as a dash.
    headings
        Column of the frame → heading in Russian.
    title
        What the table shows.
    source
        Note below the table: number of messages, period, source.
    name
        Identifier of the HTML element; a fixed one keeps the output equal between runs.
    """
    shown = frame.select(
        pl.Series(heading, [_cell(value) for value in frame[column]], dtype=pl.String)
        for column, heading in headings.items()
    )
    numbers = [headings[column] for column in headings if frame.schema[column].is_numeric()]
    laid_out = (
        GT(shown, id=name)
        .tab_header(title=html(escape(title)))
        .tab_source_note(html(escape(source)))
        .opt_align_table_header("left")
        .tab_options(table_font_size="15px", heading_title_font_size="17px", table_margin_left="0")
        .cols_align("left")
        .tab_style(cell_style.css("vertical-align: top"), body())
    )
    return laid_out.cols_align("right", columns=numbers) if numbers else laid_out


def interval(share: str, low: str, high: str) -> pl.Expr:
    """Write three share columns as one text, ``7,4 % (6,1–8,9 %)``."""
    return pl.struct(share, low, high).map_elements(
        lambda row: NOT_SHOWN if row[share] is None else _interval(row[share], row[low], row[high]),
        return_dtype=pl.String,
    )


def _interval(share: float, low: float, high: float) -> str:
    ends = f"{percent(low)}–{percent(high)}".replace("\u00a0%–", "–")
    return f"{percent(share)} ({ends})"


def _cell(value: object) -> str:
    # Great Tables escapes cells itself; headings and notes it takes as they are.
    if value is None:
        return NOT_SHOWN
    if isinstance(value, pl.Series | list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f")
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    return str(value)
