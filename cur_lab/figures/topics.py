"""Pictures of topics: shares with intervals, the map, topics by group, the crosswalk."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab.columns import (
    CHILD,
    CHILD_LABEL,
    LABEL,
    SHARE,
    SHARE_HIGH,
    SHARE_LOW,
    SIZE,
    TOPIC,
    Absent,
)
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    PALETTE,
    SEQUENTIAL,
    bars,
    finish,
    passes_absent,
    wrapped,
)
from cur_lab.headlines import Headline, telling
from cur_lab.headlines import topics as headlines
from cur_lab.topics import Model
from cur_lab.wording import percent

__all__ = ["by_group", "landscape", "shares", "tree"]


@of.register
def _model(result: Model, picture: str | None = None, *, caption: str) -> go.Figure:
    return chosen(
        picture,
        {"shares": lambda: shares(result.topics, apart=result.apart, caption=caption)},
    )


@passes_absent
def shares(
    topics: pl.DataFrame, *, caption: str, top: int = 25, apart: int | None = None
) -> go.Figure:
    """Draw the largest topics as points with their 95 % intervals.

    Parameters
    ----------
    topics
        The table :data:`cur_lab.columns.TOPICS`.
    caption
        Number of messages, period, source.
    top
        How many topics are drawn.
    apart
        The topic of thanks and chatter, which the title does not speak of.
    """
    drawn = topics.sort(SHARE, TOPIC, descending=[True, False]).head(top)
    title = headlines.shares(topics, apart=apart)
    if drawn.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
    # Bottom to top is plotly's order of categories.
    drawn = drawn.reverse()
    share, low, high = (
        (drawn[column] * 100).round(2).to_list() for column in (SHARE, SHARE_LOW, SHARE_HIGH)
    )
    figure = go.Figure(
        go.Scatter(
            x=share,
            y=[wrapped(label) for label in drawn[LABEL]],
            mode="markers",
            marker={"size": 9, "color": PALETTE[0]},
            error_x=bars(drawn, SHARE, factor=100, digits=2),
            customdata=[
                [percent(lo / 100), percent(hi / 100)] for lo, hi in zip(low, high, strict=True)
            ],
            hovertemplate="%{y}<br>%{x:.1f} % (%{customdata[0]}–%{customdata[1]})<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="доля сообщений, %, и 95 %-й интервал", rangemode="tozero")
    return finish(figure, title=title, caption=caption, height=180 + 30 * drawn.height)


@passes_absent
def by_group(
    breakdown: pl.DataFrame | Absent,
    *,
    by: str,
    heading: str,
    caption: str,
    top: int = 12,
    in_order: bool = False,
    apart: int | None = None,
) -> go.Figure | Absent:
    """Draw the share of each topic within each group as a heat map.

    Messages that state no group are not drawn.

    Parameters
    ----------
    breakdown
        Frame of :func:`cur_lab.topics.breakdown`: a row per group and topic. Cells it suppressed
        (null share) stay empty.
    by
        The grouping column.
    heading
        What the groups are, in Russian: «муниципалитет», «канал».
    caption
        Number of messages, period, source.
    top
        How many topics are drawn, the largest first.
    in_order
        Groups stand in their own order, as months must; otherwise the largest comes first.
    apart
        The topic of thanks and chatter, which is not drawn.
    """
    if isinstance(breakdown, Absent):
        return breakdown
    breakdown = breakdown.drop_nulls(by).filter(pl.col(TOPIC).ne_missing(apart))
    if not breakdown[SHARE].count():
        return Absent(headlines.by_group(breakdown, by=by, heading=heading, of=0))
    order = (
        breakdown.group_by(TOPIC, LABEL)
        .agg(pl.col(SIZE).sum())
        .sort(SIZE, TOPIC, descending=[True, False])
        .head(top)
    )
    sizes = breakdown.group_by(by).agg(pl.col(SIZE).sum())
    groups = sizes.sort(by) if in_order else sizes.sort(SIZE, by, descending=[True, False])
    cells = {(row[by], row[TOPIC]): row for row in breakdown.iter_rows(named=True)}
    rows = [[cells.get((group, topic), {}) for topic in order[TOPIC]] for group in groups[by]]
    figure = go.Figure(
        go.Heatmap(
            x=[wrapped(label, width=24) for label in order[LABEL]],
            y=[wrapped(telling.group(group, by)) for group in groups[by]],
            z=[[_rounded(cell.get(SHARE)) for cell in row] for row in rows],
            customdata=[[_interval(cell) for cell in row] for row in rows],
            hovertemplate="%{y}<br>%{x}<br>%{z:.1f} %%{customdata}<extra></extra>",
            hoverongaps=False,
            colorscale=SEQUENTIAL,
            colorbar={"title": {"text": "доля, %"}, "thickness": 12},
            xgap=1,
            ygap=1,
        )
    )
    # A category, or plotly reads months as dates and names them in English.
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    figure.update_xaxes(tickangle=-45, showgrid=False)
    drawn = breakdown.filter(pl.col(TOPIC).is_in(order[TOPIC].to_list()))
    title = headlines.by_group(drawn, by=by, heading=heading, of=breakdown[TOPIC].n_unique())
    return finish(figure, title=title, caption=caption, height=300 + 26 * groups.height)


def landscape(layout: pl.DataFrame | Absent, *, caption: str) -> go.Figure | Absent:
    """Draw topics as circles on a plane: near means alike, area means messages.

    Parameters
    ----------
    layout
        Frame of :meth:`cur_lab.topics.Model.layout`: topic, label, size, x, y.
    caption
        Number of messages, period, source.
    """
    if isinstance(layout, Absent):
        return layout
    largest = max(layout[SIZE].to_list(), default=1)
    named = layout.sort(SIZE, TOPIC, descending=[True, False]).head(15)[TOPIC].to_list()
    figure = go.Figure(
        go.Scatter(
            x=layout["x"].round(3).to_list(),
            y=layout["y"].round(3).to_list(),
            mode="markers+text",
            text=[
                wrapped(label, width=22) if topic in named else ""
                for topic, label in layout.select(TOPIC, LABEL).iter_rows()
            ],
            textposition="top center",
            textfont={"size": 11},
            marker={
                "size": layout[SIZE].to_list(),
                "sizemode": "area",
                "sizeref": 2 * largest / 60**2,
                "sizemin": 4,
                "color": PALETTE[5],
                "opacity": 0.75,
                "line": {"color": PALETTE[0], "width": 1},
            },
            customdata=[
                [wrapped(label), size] for label, size in layout.select(LABEL, SIZE).rows()
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]} сообщений<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    title = Headline("Карта тем: чем ближе круги, тем больше общих слов")
    return finish(figure, title=title, caption=caption, height=620)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _interval(cell: dict[str, float]) -> str:
    if cell.get(SHARE) is None:
        return ""
    return f" ({percent(cell[SHARE_LOW])}–{percent(cell[SHARE_HIGH])})"


@passes_absent
def tree(children: pl.DataFrame, model: Model, *, caption: str) -> go.Figure:
    """Draw topics as a treemap whose boxes open into their parts.

    Parameters
    ----------
    children
        Frame of :func:`cur_lab.topics.children`.
    model
        Fitted topics: those without parts are drawn whole.
    caption
        Number of messages, period, source.
    """
    title = headlines.children(children)
    if children.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
    whole = dict(model.topics.sort(TOPIC).select(TOPIC, SIZE).iter_rows())
    whole |= dict(children.group_by(TOPIC).agg(pl.col(SIZE).sum()).sort(TOPIC).iter_rows())
    named = dict(model.topics.select(TOPIC, LABEL).iter_rows())
    parts = children.sort(TOPIC, CHILD).select(TOPIC, CHILD, CHILD_LABEL, SIZE).rows()
    figure = go.Figure(
        go.Treemap(
            ids=[f"{topic}" for topic in named]
            + [f"{topic}-{child}" for topic, child, *_ in parts],
            labels=[wrapped(label) for label in [*named.values(), *(part[2] for part in parts)]],
            parents=[""] * len(named) + [str(topic) for topic, *_ in parts],
            values=[*(whole[topic] for topic in named), *(size for *_, size in parts)],
            branchvalues="total",
            tiling={"pad": 2},
            marker={"colors": [PALETTE[5]] * (len(named) + len(parts))},
            hovertemplate="%{label}<br>%{value} сообщений<extra></extra>",
        )
    )
    return finish(figure, title=title, caption=caption, height=640)
