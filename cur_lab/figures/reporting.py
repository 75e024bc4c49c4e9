"""Pictures of how readily people report."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import PALETTE, QUIET, finish, intervals, nothing, passes_absent
from cur_lab.headlines import reporting as headlines
from cur_lab.headlines.telling import LABEL, label
from cur_lab.trends.reporting import Reporting

__all__ = ["rates"]


@of.register
def _(result: Reporting, picture: str | None = None, *, caption: str) -> go.Figure:
    return chosen(picture, {"rates": lambda: rates(result.rates, caption=caption)})


@passes_absent
def rates(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw how readily each group reports, against the mean of the groups.

    Parameters
    ----------
    frame
        ``rates`` of :func:`cur_lab.trends.reporting`; groups without a ratio are left out.
    caption
        Number of messages, period, source.
    """
    named = frame.with_columns(label(frame))
    drawn = named.drop_nulls(c.RATIO).sort(c.RATIO, LABEL)
    if drawn.is_empty():
        return nothing(caption)
    points = intervals(drawn, LABEL, (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH), 1)
    figure = go.Figure(
        go.Scatter(
            **points,
            marker={"size": 9, "color": PALETTE[0]},
            customdata=[
                [round(rate, 4), round(delay, 1)]
                for rate, delay in drawn.select(c.RATE, c.DELAY_DAYS).iter_rows()
            ],
            hovertemplate="%{y}<br>%{x:.2f} от среднего<br>%{customdata[0]} в день на происшествие"
            "<br>до первого сообщения %{customdata[1]} дн.<extra></extra>",
        )
    )
    figure.add_vline(x=1, line={"color": QUIET, "dash": "dot"})
    figure.update_xaxes(
        title_text="темп сообщений к среднему, логарифмическая шкала, и 95 %-й интервал", type="log"
    )
    title = headlines.rates(frame)
    return finish(figure, title=title, caption=caption, height=180 + 30 * drawn.height)
