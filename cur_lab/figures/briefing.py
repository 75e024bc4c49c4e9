"""Pictures for a district: its problems against the norm."""

from __future__ import annotations

from datetime import timedelta

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    finish,
    nothing,
    passes_absent,
    wrapped,
)
from cur_lab.headlines import briefing as headlines
from cur_lab.trends.briefing import Briefing
from cur_lab.trends.briefing.problems import notable
from cur_lab.wording import calendar_day, grouped, plural

__all__ = ["problems"]

_COLOURS = {
    "above_norm": PALETTE[1],
    "maybe_above": PALETTE[4],
    "within_norm": QUIET,
    "maybe_below": PALETTE[5],
    "below_norm": PALETTE[0],
    "short_history": PALETTE[6],
}


@of.register
def _(result: Briefing, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    of_window, of_all = captions(result, caption)
    drawings = {
        "problems": lambda: problems(result.problems, caption=of_window),
        "waiting": lambda: of(result.answers, caption=of_all),
    }
    return chosen(picture, drawings)


def captions(result: Briefing, source: str) -> tuple[str, str]:
    """Say what a part of a briefing rests on: the window, or all that is known by its end."""
    number = int(result.facts.filter(pl.col("fact") == "messages")[c.VALUE][0])
    noun = plural(number, "сообщение", "сообщения", "сообщений")
    last = calendar_day(result.until - timedelta(microseconds=1))
    told = (
        f"n = {grouped(number)} {noun}; {result.municipality}; {result.period}; {source}",
        f"{result.municipality}; за всё время по {last}; {source}",
    )
    return told[0].removesuffix("; "), told[1].removesuffix("; ")


@passes_absent
def problems(table: pl.DataFrame, *, caption: str, top: int = 12) -> go.Figure:
    """Draw the messages of each problem beside the range that is usual for it.

    Parameters
    ----------
    table
        ``columns.BRIEFING_PROBLEMS``.
    caption
        Number of messages, period, source.
    top
        How many problems are drawn: those outside the norm, then those with most messages.
    """
    drawn = notable(table, top).reverse()
    if drawn.is_empty():
        return nothing(caption)
    names = [wrapped(name) for name in drawn[c.SUBJECT]]
    figure = go.Figure(_usual(drawn, names))
    for verdict, colour in _COLOURS.items():
        judged = drawn[c.VERDICT] == verdict
        if judged.any():
            figure.add_scatter(
                x=drawn.filter(judged)[c.MESSAGES_COUNT].to_list(),
                y=[name for name, taken in zip(names, judged, strict=True) if taken],
                mode="markers",
                marker={"size": 10, "color": colour},
                name=c.CODES[c.VERDICT][verdict],
            )
    figure.update_xaxes(title_text="сообщений за период; полоса — норма, 95 %", rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=names)
    figure.update_layout(legend=LEGEND_BELOW)
    title = headlines.problems(table)
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
