"""Pictures of an intake under attack."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.intake import TOLD, Intake
from cur_lab.figures import of
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, bars, escaped, finish, passes_absent
from cur_lab.figures.timeline import times
from cur_lab.headlines import Headline
from cur_lab.headlines import intake as headlines

__all__ = ["filters", "volume"]

_NOTHING = 200
_ZONE = "Europe/Moscow"


@passes_absent
def volume(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the volume of a channel bin by bin against its norm; bins of a surge stand out.

    Parameters
    ----------
    frame
        Rows of table ``intake_volume``, best of a day or two; drawn in Moscow time.
    caption
        Number of messages, period, source.
    """
    if frame.is_empty():
        return _nothing(headlines.volume(frame), caption)
    rows = frame.sort(c.PERIOD_START)
    figure = go.Figure()
    for within, name, colour in ((False, "обычные", QUIET), (True, "всплеск", PALETTE[1])):
        part = rows.filter(pl.col(c.IN_SURGE) == within)
        figure.add_bar(
            x=times(part[c.PERIOD_START], _ZONE),
            y=part[c.MESSAGES_COUNT].to_list(),
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[
                [copies, "неизвестно" if new is None else new]
                for copies, new in part.select(c.IN_FAMILIES, c.NEW_ACCOUNTS).rows()
            ],
            hovertemplate=(
                "%{x|%d.%m %H:%M}: %{y}<br>с повторами текста: %{customdata[0]}"
                "<br>новых учётных записей: %{customdata[1]}<extra></extra>"
            ),
        )
    figure.add_scatter(
        x=times(rows[c.PERIOD_START], _ZONE),
        y=rows[c.EXPECTED_HIGH].to_list(),
        name="верх обычного (97,5 %)",
        mode="lines",
        line={"color": PALETTE[0], "width": 1.5, "shape": "hvh"},
        hoverinfo="skip",
    )
    figure.update_layout(barmode="overlay", legend=LEGEND_BELOW, margin_b=84)
    figure.update_yaxes(title_text="сообщений", rangemode="tozero")
    figure.update_xaxes(tickformat="%d.%m<br>%H:%M", title_text="время московское")
    return finish(figure, title=headlines.volume(rows), caption=caption, height=400)


@passes_absent
def filters(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw what each setting of a filter stops of the attack and what it costs the others.

    Parameters
    ----------
    table
        Table ``intake_filters``.
    caption
        Number of messages, period, source.
    """
    known = table.drop_nulls([c.ATTACK_SHARE, c.HONEST_SHARE])
    if known.is_empty():
        return _nothing(headlines.filters(table), caption)
    words, windows = c.CODES[c.FILTER], c.CODES[c.WINDOW]
    figure = go.Figure()
    for number, name in enumerate(words):
        rows = known.filter(pl.col(c.FILTER) == name).sort(c.HONEST_SHARE, c.WINDOW, c.ALLOWED)
        if rows.is_empty():
            continue
        figure.add_scatter(
            x=(100 * rows[c.HONEST_SHARE]).round(3).to_list(),
            y=(100 * rows[c.ATTACK_SHARE]).round(1).to_list(),
            name=words[name],
            mode="markers",
            marker={"size": 10, "color": PALETTE[number], "symbol": ("circle", "diamond")[number]},
            error_x=bars(rows, c.HONEST_SHARE, factor=100, digits=3),
            error_y=bars(rows, c.ATTACK_SHARE, factor=100),
            customdata=[
                [windows.get(window, escaped(window)), allowed]
                for window, allowed in rows.select(c.WINDOW, c.ALLOWED).rows()
            ],
            hovertemplate=(
                "не больше %{customdata[1]} за %{customdata[0]}"
                "<br>остановлено подозрительных %{y} %"
                "<br>и остальных %{x} %<extra>%{fullData.name}</extra>"
            ),
        )
    figure.update_layout(legend=LEGEND_BELOW, margin_b=84)
    label = "остановлено остальных сообщений, % (95 %-й интервал)"
    figure.update_xaxes(title_text=label, rangemode="tozero", title_standoff=8)
    figure.update_yaxes(title_text="остановлено подозрительных, %", range=[-3, 103])
    title = headlines.filters(table)
    return finish(figure, title=title, caption=caption, height=440)


def _nothing(title: Headline, caption: str) -> go.Figure:
    return finish(go.Figure(), title=title, caption=caption, height=_NOTHING)


def _around(result: Intake, caption: str) -> go.Figure | Absent:
    # What a table does not tell is not drawn.
    if result.surges.filter(pl.col(c.MESSAGES_COUNT) >= TOLD).is_empty():
        return Absent(headlines.surges(result.surges, least=TOLD))
    return volume(result.around, caption=caption)


@of.register
def _(result: Intake, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    return chosen(
        picture,
        {
            "volume": lambda: _around(result, caption),
            "filters": lambda: filters(result.filters, caption=caption),
        },
    )
