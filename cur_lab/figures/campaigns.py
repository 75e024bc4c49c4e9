"""Pictures of campaigns: evidence, a family beside its channel, shares, sensitivity, power."""

from __future__ import annotations

from textwrap import shorten

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    SEQUENTIAL,
    bars,
    finish,
    nothing,
    passes_absent,
    strengths,
    wrapped,
)
from cur_lab.figures.timeline import times
from cur_lab.headlines import campaigns as headlines

__all__ = ["course", "evidence", "power", "sensitivity", "shares"]

_SHOWN = 25
_ZONE = "Europe/Moscow"


@passes_absent
def evidence(families: pl.DataFrame, lines: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw which line of evidence says how much of every family with a verdict.

    Parameters
    ----------
    families, lines
        Tables ``campaign_families`` and ``campaign_evidence``.
    caption
        Number of messages, period, source.
    """
    drawn = families.drop_nulls(c.VERDICT).sort(
        pl.col(c.VERDICT) != "review", c.P_VALUE, c.FAMILY, nulls_last=True
    )
    if drawn.is_empty():
        title = headlines.evidence(families, top=_SHOWN)
        return finish(go.Figure(), title=title, caption=caption, height=200)
    drawn = drawn.head(_SHOWN)
    # The setting stands last: it describes and does not decide.
    order = (
        lines.select(c.ROLE, c.LINE)
        .unique()
        .sort(pl.col(c.ROLE).replace_strict(_ROLES, return_dtype=pl.Int64), c.LINE)
    )
    shown = order[c.LINE].to_list()
    p = {(f, line): p for f, line, p in lines.select(c.FAMILY, c.LINE, c.P_VALUE).iter_rows()}
    figure = strengths(
        [wrapped(c.CODES[c.LINE][line], width=30) for line in shown],
        [_row(*row) for row in drawn.select(_ROW).iter_rows()],
        [[p.get((family, line)) for line in shown] for family in drawn[c.FAMILY]],
    )
    # Upright labels of ten columns would lie over each other.
    figure.update_xaxes(side="bottom", showgrid=False, tickangle=-40)
    title = headlines.evidence(families, top=_SHOWN)
    return finish(figure, title=title, caption=caption, height=290 + 40 * drawn.height)


_ROLES = {"words": 0, "conduct": 1, "setting": 2}
_ROW = (c.FAMILY, c.VERDICT, c.MESSAGES_COUNT, c.TEMPLATE)


def _row(family: str, verdict: str, messages: int, template: str) -> str:
    mark = "▲ " if verdict == "review" else ""
    # Two families may begin alike; the name tells them apart.
    opening = wrapped(shorten(template, 60, placeholder="…"), width=40)
    return f"{mark}{opening} · {messages} · {family[:4]}"


@passes_absent
def course(frame: pl.DataFrame, *, what: str, caption: str) -> go.Figure:
    """Draw the messages of a family on top of the others of its channels.

    Parameters
    ----------
    frame
        Table ``campaign_course``.
    what
        The verdict on the family in words.
    caption
        Number of messages, period, source.
    """
    figure = go.Figure()
    moments = times(frame[c.PERIOD_START], _ZONE)
    for name, column, colour in (
        ("остальные сообщения канала", c.BESIDE, QUIET),
        ("сообщения семьи", c.INSIDE, PALETTE[1]),
    ):
        figure.add_bar(x=moments, y=frame[column].to_list(), name=name, marker_color=colour)
    figure.update_layout(barmode="stack", bargap=0.02, legend=LEGEND_BELOW, margin_b=80)
    figure.update_yaxes(title_text="сообщений")
    figure.update_xaxes(tickformat="%d.%m<br>%H:%M", title_text="время московское")
    title = headlines.course(frame, what=what)
    return finish(figure, title=title, caption=caption, height=400)


@passes_absent
def shares(frame: pl.DataFrame, *, caption: str, top: int = 12) -> go.Figure:
    """Draw shares of rubrics raw and with flagged families counted once, where they differ most.

    Parameters
    ----------
    frame
        Table ``campaign_shares``.
    caption
        Number of messages, period, source.
    top
        Rubrics drawn.
    """
    moved = (pl.col(c.SHARE) - pl.col(c.SHARE_ONCE)).abs()
    drawn = frame.sort(moved, c.LABEL, descending=[True, False]).head(top).reverse()
    labels = [wrapped(label, width=36) for label in drawn[c.LABEL]]
    figure = go.Figure()
    for name, column, colour, symbol in (
        ("все сообщения", c.SHARE, PALETTE[1], "circle"),
        ("отмеченная семья за одно", c.SHARE_ONCE, PALETTE[0], "diamond"),
    ):
        figure.add_scatter(
            x=(100 * drawn[column]).round(3).to_list(),
            y=labels,
            name=name,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 9},
            error_x=bars(drawn, column, factor=100, digits=3, colour=colour),
        )
    figure.update_layout(legend=LEGEND_BELOW, margin_b=90)
    figure.update_xaxes(title_text="доля сообщений, %", rangemode="tozero")
    title = headlines.shares(frame)
    return finish(figure, title=title, caption=caption, height=220 + 34 * drawn.height)


@passes_absent
def sensitivity(grid: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw how many families call for a check under every threshold, window and width.

    Parameters
    ----------
    grid
        Table ``campaign_sensitivity``.
    caption
        Number of messages, period, source.
    """
    if grid.is_empty():
        return nothing(caption)
    thresholds = grid[c.SIMILARITY].unique().sort().to_list()
    titles = [f"сходство от {value:.1f}".replace(".", ",") for value in thresholds]
    figure = make_subplots(cols=len(thresholds), shared_yaxes=True, subplot_titles=titles)
    windows = grid[c.WINDOWS].unique(maintain_order=True).to_list()
    spreads = grid[c.SPREAD].unique().sort().to_list()
    flagged: list[int] = grid[c.FLAGGED].to_list()
    for column, threshold in enumerate(thresholds, start=1):
        part = grid.filter(pl.col(c.SIMILARITY) == threshold)
        known = {(w, s): f for w, s, f in part.select(c.WINDOWS, c.SPREAD, c.FLAGGED).iter_rows()}
        cells = [[known.get((window, spread)) for spread in spreads] for window in windows]
        figure.add_heatmap(
            row=1,
            col=column,
            x=[f"{spread:.0f} мин" for spread in spreads],
            y=[wrapped(c.CODES[c.WINDOWS][window], width=14) for window in windows],
            z=cells,
            text=cells,
            texttemplate="%{text}",
            zmin=0,
            zmax=max(1, *flagged),
            colorscale=SEQUENTIAL,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate="окна %{y}, ширина события %{x}: %{z}<extra></extra>",
        )
    figure.update_xaxes(title_text="ширина события", showgrid=False)
    figure.update_yaxes(showgrid=False)
    figure.update_yaxes(title_text="окна", col=1)
    title = headlines.sensitivity(grid)
    return finish(figure, title=title, caption=caption, height=380)


@passes_absent
def power(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the share of artificial campaigns that would be flagged, by their size.

    Parameters
    ----------
    frame
        Table ``campaign_power``.
    caption
        Number of messages, period, source.
    """
    figure = go.Figure()
    kinds = frame[c.KIND].unique(maintain_order=True).to_list()
    for kind, colour in zip(kinds, PALETTE, strict=False):
        part = frame.filter(pl.col(c.KIND) == kind).sort(c.SIZE)
        figure.add_scatter(
            x=part[c.SIZE].to_list(),
            y=(100 * part[c.FOUND]).round(1).to_list(),
            name=c.CODES[c.KIND][kind],
            mode="lines+markers",
            line_color=colour,
            error_y=bars(part, c.FOUND, factor=100, colour=colour),
        )
    figure.update_layout(legend=LEGEND_BELOW, margin_b=110)
    figure.update_xaxes(title_text="сообщений в искусственной кампании", rangemode="tozero")
    figure.update_yaxes(title_text="замечено, %", range=[0, 104])
    title = headlines.power(frame)
    return finish(figure, title=title, caption=caption, height=430)


@of.register
def _(result: Campaigns, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    drawn = chosen(
        picture,
        {
            "evidence": lambda: evidence(result.families, result.evidence, caption=caption),
            "course": lambda: _leading(result, caption),
            "shares": lambda: shares(
                result.topic_shares if result.topic_shares.height else Absent.lacking("рубрик"),
                caption=caption,
            ),
            "power": lambda: power(
                result.power if result.power.height else Absent.lacking("авторов", "времени"),
                caption=caption,
            ),
            "sensitivity": lambda: sensitivity(result.sensitivity, caption=caption),
        },
    )
    return result.unanswered or drawn


def _leading(result: Campaigns, caption: str) -> go.Figure | Absent:
    if result.leading is None:
        return Absent(headlines.evidence(result.families, top=_SHOWN))
    verdict = result.families.filter(pl.col(c.FAMILY) == result.leading)[c.VERDICT].item()
    what = c.CODES[c.VERDICT][verdict]
    came = result.course(result.leading)
    return course(came, what=what, caption=caption) if came.height else Absent.lacking("времени")
