"""Pictures of answers: waiting, what becomes of messages."""

from __future__ import annotations

from typing import Literal

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    finish,
    intervals,
    nothing,
    passes_absent,
    wrapped,
)
from cur_lab.headlines import answers as headlines
from cur_lab.headlines.telling import LABEL, label
from cur_lab.trends.answers import Resolution

__all__ = ["incidence", "waiting"]

_EVENTS = {"answer": "ответа", "resolution": "отметки об устранении"}
_STAGES = (
    ("written", "answer"),
    ("written", "fixed"),
    ("answered", "fixed"),
    ("answered", "reopened"),
    ("fixed", "reopened"),
)


@of.register
def _(result: Resolution, picture: str | None = None, *, caption: str) -> go.Figure:
    drawings = {
        "waiting": lambda: waiting(result, caption=caption),
        "fixes": lambda: waiting(result, event="resolution", caption=caption),
        "incidence": lambda: incidence(result.risks, caption=caption),
    }
    return chosen(picture, drawings)


@passes_absent
def waiting(
    times: Resolution,
    *,
    caption: str,
    event: Literal["answer", "resolution"] = "answer",
    top: int = 6,
    days: int = 60,
) -> go.Figure:
    """Draw how the share of messages still waiting falls, with its 95 % band.

    Parameters
    ----------
    times
        What :func:`cur_lab.trends.resolution` yields.
    caption
        Number of messages, period, source.
    event
        For what they wait.
    top
        How many groups are drawn, those with most messages first.
    days
        Where the axis ends.
    """
    largest = times.waiting(event, days=days).head(top)
    if largest.is_empty():
        return nothing(caption)
    names = label(largest)
    drawn = times.curves.filter(pl.col(c.EVENT) == event, pl.col(c.DAYS) <= days)
    drawn = drawn.with_columns(label(drawn))
    figure = go.Figure()
    for place, called in enumerate(names):
        curve = drawn.filter(pl.col(LABEL) == called).sort(c.DAYS)
        # The last step holds to the end of the axis.
        steps = [*curve[c.DAYS].round(2).to_list(), float(days)]
        share, low, high = (
            [*(curve[column] * 100).round(2).to_list(), round(100 * curve[column][-1], 2)]
            for column in (c.STILL_OPEN, c.STILL_OPEN_LOW, c.STILL_OPEN_HIGH)
        )
        colour = PALETTE[place % len(PALETTE)]
        name = wrapped(called)
        hidden = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
        figure.add_scatter(x=steps, y=high, showlegend=False, legendgroup=name, **hidden)
        figure.add_scatter(
            x=steps,
            y=low,
            fill="tonexty",
            fillcolor=_faint(colour),
            showlegend=False,
            legendgroup=name,
            **hidden,
        )
        figure.add_scatter(
            x=steps,
            y=share,
            mode="lines",
            line={"color": colour, "width": 2, "shape": "hv"},
            name=name,
            legendgroup=name,
            hovertemplate="%{x:.1f} дн.: %{y:.1f} %<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title_text="дней с момента сообщения", range=[0, days])
    figure.update_yaxes(title_text=f"ещё нет {_EVENTS[event]}, %", range=[0, 101])
    figure.update_layout(legend=LEGEND_BELOW)
    return finish(
        figure,
        title=headlines.waiting(largest, event=event, days=days),
        caption=caption,
        height=470 + 24 * len(names),
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"


@passes_absent
def incidence(risks: pl.DataFrame, *, caption: str, days: Literal[7, 30, 90] = 30) -> go.Figure:
    """Draw what comes first, by group: incidences within so many days, with 95 % intervals.

    Parameters
    ----------
    risks
        ``risks`` of :func:`cur_lab.trends.resolution`.
    caption
        Number of messages, period, source.
    days
        Within which time.
    """
    drawn = risks.filter(pl.col(c.DAYS) == days).drop_nulls(c.INCIDENCE)
    if drawn.is_empty():
        return nothing(caption)
    drawn = drawn.with_columns(label(drawn))
    figure = go.Figure()
    for place, (since, cause) in enumerate(_STAGES):
        rows = drawn.filter(pl.col(c.SINCE) == since, pl.col(c.CAUSE) == cause).sort(
            LABEL, descending=True
        )
        if rows.height:
            points = intervals(rows, LABEL, (c.INCIDENCE, c.INCIDENCE_LOW, c.INCIDENCE_HIGH), 100)
            figure.add_scatter(
                **points,
                name=wrapped(f"{c.CODES[c.SINCE][since]}: {c.CODES[c.CAUSE][cause]}"),
                marker={"size": 9, "color": PALETTE[place], "symbol": place},
                hovertemplate="%{y}<br>%{x:.1f} %<extra>%{fullData.name}</extra>",
            )
    figure.update_xaxes(title_text=f"доля за {days} дней, %, и 95 %-й интервал", rangemode="tozero")
    figure.update_yaxes(type="category")
    figure.update_layout(legend=LEGEND_BELOW)
    title = headlines.incidence(risks, days=days)
    height = 300 + 34 * drawn[LABEL].n_unique()
    return finish(figure, title=title, caption=caption, height=height)
