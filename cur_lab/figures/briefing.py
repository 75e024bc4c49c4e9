"""Pictures for a district: its problems against the norm."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, finish, wrapped
from cur_lab.wording import plural

__all__ = ["problems"]

_COLOURS = {
    "выше нормы": PALETTE[1],
    "возможно, выше": PALETTE[4],
    "в пределах нормы": QUIET,
    "возможно, ниже": PALETTE[5],
    "ниже нормы": PALETTE[0],
    "недостаточно данных о прошлом": PALETTE[6],
}


def problems(table: pl.DataFrame, *, caption: str, top: int = 12) -> go.Figure:
    """Draw the messages of each problem beside the range that is usual for it.

    Parameters
    ----------
    table
        ``columns.BRIEFING_PROBLEMS``.
    caption
        Number of messages, period, source.
    top
        How many problems are drawn, most messages first.
    """
    drawn = table.head(top).reverse()
    if drawn.is_empty():
        return finish(go.Figure(), title="Недостаточно данных", caption=caption, height=200)
    names = [wrapped(name) for name in drawn[c.SUBJECT]]
    figure = go.Figure(_usual(drawn, names))
    for note, colour in _COLOURS.items():
        chosen = drawn[c.NOTE] == note
        if chosen.any():
            figure.add_scatter(
                x=drawn.filter(chosen)[c.MESSAGES_COUNT].to_list(),
                y=[name for name, taken in zip(names, chosen, strict=True) if taken],
                mode="markers",
                marker={"size": 10, "color": colour},
                name=note,
            )
    figure.update_xaxes(title_text="сообщений за период; полоса — норма, 95 %", rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=names)
    figure.update_layout(legend=LEGEND_BELOW)
    above = table.filter(pl.col(c.NOTE) == "выше нормы").height
    word = plural(above, "рубрика", "рубрики", "рубрик")
    title = f"Выше нормы — {above} {word}" if above else "Ни одна рубрика не выше нормы"
    return finish(figure, title=title, caption=caption, height=230 + 34 * drawn.height)


def _usual(drawn: pl.DataFrame, names: list[str]) -> go.Scatter:
    """One line with a gap after every range: a null lifts the pen."""
    ends = drawn.select(c.EXPECTED_LOW, c.EXPECTED_HIGH).rows()
    return go.Scatter(
        x=[end for low, high in ends for end in (low, high, None)],
        y=[name for name in names for _ in range(3)],
        mode="lines",
        line={"color": "#C9D6E2", "width": 9},
        name="норма",
        hoverinfo="skip",
    )
