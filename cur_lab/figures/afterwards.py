"""Pictures of what became of a vote: how soon winners are built, how campaigns went."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import Delivery, Seasons
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, escaped, finish, passes_absent
from cur_lab.headlines import afterwards as headlines

__all__ = ["course", "delivery"]


@passes_absent
def delivery(curve: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the share of winners completed by the days since the vote, with its 95 % band.

    Parameters
    ----------
    curve
        Table ``curve`` of :class:`cur_lab.budgeting.Delivery`.
    caption
        Number of votes and projects, period, source.
    """
    if curve.is_empty():
        return finish(go.Figure(), title=headlines.delivery(curve), caption=caption, height=200)
    days = curve[c.DAYS].round(1).to_list()
    share, low, high = (
        (curve[name] * 100).round(2).to_list() for name in (c.SHARE, c.SHARE_LOW, c.SHARE_HIGH)
    )
    banded = [
        place for place, (a, b) in enumerate(zip(low, high, strict=True)) if None not in (a, b)
    ]
    figure = go.Figure()
    figure.add_scatter(
        x=[*(days[n] for n in banded), *(days[n] for n in reversed(banded))],
        y=[*(high[n] for n in banded), *(low[n] for n in reversed(banded))],
        fill="toself",
        mode="lines",
        line={"width": 0, "shape": "hv"},
        fillcolor="rgba(86, 180, 233, 0.3)",
        name="95 %-й интервал",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=days,
        y=share,
        mode="lines",
        name="построено",
        line={"color": PALETTE[0], "width": 2, "shape": "hv"},
        hovertemplate="через %{x:.0f} дней: %{y:.0f} %<extra></extra>",
    )
    figure.update_xaxes(title_text="дней после голосования", rangemode="tozero")
    figure.update_yaxes(title_text="построено победивших проектов, %", range=[0, 100])
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    title = headlines.delivery(curve)
    return finish(figure, title=title, caption=caption, height=400)


@passes_absent
def course(course: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw votes by the share of the voting time that has passed, a line per campaign.

    Parameters
    ----------
    course
        Table ``course`` of :class:`cur_lab.budgeting.Seasons`.
    caption
        Number of campaigns, period, source.
    """
    title = headlines.course(course)
    if course.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
    figure = go.Figure()
    for place, ((name,), part) in enumerate(course.group_by(c.CAMPAIGN, maintain_order=True)):
        figure.add_scatter(
            x=[0.0, *(part[c.ELAPSED] * 100).to_list()],
            y=[0, *part[c.VOTES_COUNT].to_list()],
            mode="lines+markers",
            name=escaped(str(name)),
            line={"color": PALETTE[place % len(PALETTE)], "width": 2},
            hovertemplate="%{x:.0f} % срока: %{y} голосов<extra></extra>",
        )
    figure.update_xaxes(title_text="прошло срока голосования, %")
    figure.update_yaxes(title_text="голосов с начала", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    return finish(figure, title=title, caption=caption, height=400)


@of.register
def _(result: Delivery, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    return chosen(picture, {"curve": lambda: delivery(result.curve, caption=caption)})


@of.register
def _(result: Seasons, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    return chosen(picture, {"course": lambda: course(result.course, caption=caption)})
