"""Pictures of places: streets against what is expected, districts on a plan."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import PALETTE, QUIET, SEQUENTIAL, bars, finish, passes_absent, wrapped
from cur_lab.headlines import hotspots as headlines
from cur_lab.trends import Hotspots

__all__ = ["districts", "streets"]


@of.register
def _hotspots(result: Hotspots, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    drawings = {
        "streets": lambda: streets(result.streets, caption=caption, top=15),
        "districts": lambda: districts(result.largest, caption=caption),
    }
    return chosen(picture, drawings)


@passes_absent
def streets(found: pl.DataFrame, *, caption: str, top: int = 20) -> go.Figure:
    """Draw streets with more messages of a rubric than expected, with 95 % intervals.

    Parameters
    ----------
    found
        ``Hotspots.streets`` of :func:`cur_lab.trends.hotspots`.
    caption
        Number of messages, period, source.
    top
        How many streets are drawn, the most certain first.
    """
    sure = found.filter(pl.col(c.VERDICT) == "above_expected")
    drawn = sure.sort(c.Q_VALUE, c.MUNICIPALITY, c.STREET, c.RUBRIC).head(top)
    if drawn.is_empty():
        return finish(go.Figure(), title=headlines.streets(drawn), caption=caption, height=200)
    drawn = drawn.sort(c.RATIO, c.MUNICIPALITY, c.STREET, c.RUBRIC)
    figure = go.Figure(
        go.Scatter(
            x=drawn[c.RATIO].round(2).to_list(),
            y=[wrapped(label, width=60) for label in _labels(drawn)],
            mode="markers",
            marker={"size": 9, "color": PALETTE[1]},
            error_x=bars(drawn, c.RATIO, digits=2),
            customdata=drawn[c.MESSAGES_COUNT].to_list(),
            hovertemplate="%{y}<br>×%{x:.1f}, сообщений: %{customdata}<extra></extra>",
        )
    )
    figure.add_vline(x=1, line_color=QUIET, line_dash="dot")
    figure.update_xaxes(
        title_text="во сколько раз больше ожидаемого, и 95 %-й интервал", rangemode="tozero"
    )
    title = headlines.streets(drawn)
    return finish(figure, title=title, caption=caption, height=200 + 40 * drawn.height)


def _labels(drawn: pl.DataFrame) -> list[str]:
    return [
        f"{wording.street(row[c.STREET])}, {row[c.MUNICIPALITY] or 'место не указано'}: "
        f"{row[c.RUBRIC] or 'все'}"
        for row in drawn.iter_rows(named=True)
    ]


@passes_absent
def districts(found: pl.DataFrame, *, caption: str) -> go.Figure | Absent:
    """Draw districts where they lie: colour is the rate, a ring marks what is beyond chance.

    Parameters
    ----------
    found
        ``Hotspots.districts`` of :func:`cur_lab.trends.hotspots`, of one group of rubrics, with
        coordinates.
    caption
        Number of messages, period, source.
    """
    drawn = found.sort(c.MUNICIPALITY)
    if drawn.is_empty() or c.LATITUDE not in drawn.columns:
        return Absent.lacking(
            "муниципалитетов" if drawn.is_empty() else "координат муниципалитетов"
        )
    sure = [verdict in ("above_region", "below_region") for verdict in drawn[c.VERDICT]]
    figure = go.Figure(
        go.Scatter(
            x=drawn[c.LONGITUDE].round(3).to_list(),
            y=drawn[c.LATITUDE].round(3).to_list(),
            mode="markers+text",
            text=[wrapped(_short(name), width=18) for name in drawn[c.MUNICIPALITY]],
            textposition="top center",
            textfont={"size": 10},
            marker={
                "size": 22,
                "color": drawn[c.RATE].round(2).to_list(),
                "colorscale": SEQUENTIAL,
                "colorbar": {"title": {"text": "на 10 тыс. жителей"}, "thickness": 12},
                "line": {
                    "color": [PALETTE[1] if one else "white" for one in sure],
                    "width": [4 if one else 1 for one in sure],
                },
            },
            customdata=_intervals(drawn),
            hovertemplate="%{text}<br>%{customdata}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="долгота, °", showgrid=False)
    figure.update_yaxes(title_text="широта, °", showgrid=False, scaleanchor="x", scaleratio=1.8)
    title = headlines.districts(found)
    return finish(figure, title=title, caption=caption, height=560)


def _intervals(drawn: pl.DataFrame) -> list[str]:
    rates = drawn.select(c.RATE, c.RATE_LOW, c.RATE_HIGH).iter_rows()
    written = ([wording.decimal(number, digits=1) for number in row] for row in rates)
    return [f"{rate} на 10 тыс. жителей ({low}–{high})" for rate, low, high in written]


def _short(name: str) -> str:
    for kind in ("муниципальный округ", "городской округ", "муниципальный район"):
        name = name.replace(kind, "").strip()
    return name
