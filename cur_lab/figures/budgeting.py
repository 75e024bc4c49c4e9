"""Pictures of participatory budgeting: how the vote ran, what posts did, who gets the money."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import Backtest, PostEffects
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.fairness import counterfactuals, lorenz, turnout
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    escaped,
    finish,
    passes_absent,
    wrapped,
)
from cur_lab.headlines import budgeting as headlines

__all__ = [
    "counterfactuals",
    "curves",
    "forecasts",
    "history",
    "lorenz",
    "post_path",
    "turnout",
]

_DOUBTED = "Проверки не пройдены (см. таблицу): причина, возможно, не пост. "


@passes_absent
def history(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the votes of each published campaign; not joined, for rules changed between.

    Whole campaigns are an equal share of their time; votes per day would favour the shorter ones.

    Parameters
    ----------
    table
        Frame of :func:`cur_lab.budgeting.history`.
    caption
        Period and source.
    """
    votes = table.filter(pl.col(c.METRIC) == "votes").sort(c.OPENED_ON, c.PERIOD)
    figure = go.Figure(
        go.Bar(
            x=votes[c.PERIOD].to_list(),
            y=votes[c.VALUE].round(0).to_list(),
            marker_color=PALETTE[0],
            customdata=[
                [wrapped(c.CODES[c.BREAK].get(changed, "")), (closed - opened).days + 1]
                for changed, opened, closed in votes.select(
                    c.BREAK, c.OPENED_ON, c.CLOSED_ON
                ).rows()
            ],
            hovertemplate="%{x}<br>%{y} голосов, дней голосования: %{customdata[1]}"
            "<br>%{customdata[0]}<extra></extra>",
        )
    )
    figure.update_xaxes(type="category", title_text="окно голосования")
    figure.update_yaxes(title_text="голосов за кампанию", rangemode="tozero", tickformat=",d")
    title = headlines.history(table)
    return finish(figure, title=title, caption=caption, height=420)


@passes_absent
def curves(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the share of votes cast by each share of the campaign.

    Parameters
    ----------
    table
        Frame of :func:`cur_lab.budgeting.curves`.
    caption
        Number of votes, period, source.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name="поровну во времени",
        line={"color": QUIET, "dash": "dot"},
        hoverinfo="skip",
    )
    for place, ((group,), part) in enumerate(table.group_by(c.GROUP, maintain_order=True)):
        name = c.CODES[c.GROUP].get(str(group), str(group))
        figure.add_scatter(
            x=(part[c.ELAPSED] * 100).round(1).to_list(),
            y=(part[c.SHARE] * 100).round(2).to_list(),
            mode="lines",
            name=escaped(name),
            line={"color": PALETTE[place % len(PALETTE)], "width": 2},
            hovertemplate=f"{escaped(name)}<br>прошло %{{x:.0f}} % срока, "
            "отдано %{y:.1f} % голосов<extra></extra>",
        )
    figure.update_xaxes(title_text="прошло срока, %")
    figure.update_yaxes(title_text="отдано голосов, %")
    return finish(figure, title=headlines.curves(table), caption=caption, height=440)


@passes_absent
def forecasts(projects: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw forecasts with their intervals against what came, the largest projects.

    Parameters
    ----------
    projects
        Rows of table ``projects`` of :class:`cur_lab.budgeting.Backtest` of one share.
    caption
        Number of votes, period, source.
    """
    judged = projects.drop_nulls(c.FORECAST)
    shown = judged.sort(c.FINAL, c.PROJECT_ID, descending=[True, False]).head(30).reverse()
    middle = shown[c.FORECAST].round(0).to_list()
    figure = go.Figure(
        [
            go.Scatter(
                x=middle,
                y=list(range(shown.height)),
                mode="markers",
                name="прогноз, 90 %-й интервал",
                marker={"size": 7, "color": PALETTE[0]},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": (shown[c.FORECAST_HIGH] - shown[c.FORECAST]).round(0).to_list(),
                    "arrayminus": (shown[c.FORECAST] - shown[c.FORECAST_LOW]).round(0).to_list(),
                    "color": QUIET,
                    "thickness": 1.5,
                    "width": 0,
                },
                text=[escaped(project) for project in shown[c.PROJECT_ID]],
                hovertemplate="%{text}<br>прогноз %{x}<extra></extra>",
            ),
            go.Scatter(
                x=shown[c.FINAL].to_list(),
                y=list(range(shown.height)),
                mode="markers",
                name="итог",
                marker={"size": 9, "color": PALETTE[1], "symbol": "line-ns-open"},
                text=[escaped(project) for project in shown[c.PROJECT_ID]],
                hovertemplate="%{text}<br>итог %{x}<extra></extra>",
            ),
        ]
    )
    figure.update_xaxes(title_text="голосов к концу срока", rangemode="tozero", tickformat=",d")
    figure.update_yaxes(title_text="проекты", showticklabels=False)
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    title = headlines.forecasts(projects)
    return finish(figure, title=title, caption=caption, height=620)


@passes_absent
def post_path(path: pl.DataFrame, effects: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw votes by hours since a post, as ratio to what was expected, with pointwise intervals.

    Parameters
    ----------
    path, effects
        Tables of :class:`cur_lab.budgeting.PostEffects`; the title tells what the latter has of the
        first hours together, so that it cannot differ from the table.
    caption
        Number of posts and votes, period, source.
    """
    shown = path.drop_nulls(c.RATIO)
    if shown.is_empty():
        return finish(go.Figure(), title=headlines.posts(effects), caption=caption, height=200)
    hours = shown[c.HOUR].to_list()
    banded = shown.drop_nulls([c.RATIO_LOW, c.RATIO_HIGH])
    figure = go.Figure()
    figure.add_scatter(
        x=[*banded[c.HOUR].to_list(), *banded[c.HOUR].reverse().to_list()],
        y=[
            *banded[c.RATIO_HIGH].round(3).to_list(),
            *banded[c.RATIO_LOW].reverse().round(3).to_list(),
        ],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor="rgba(86, 180, 233, 0.3)",
        name="95 %-й интервал каждого часа",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=hours,
        y=shown[c.RATIO].round(3).to_list(),
        mode="lines",
        name="отношение к ожидаемому",
        line={"color": PALETTE[0], "width": 2},
        hovertemplate="%{x} ч после поста: в %{y:.2f} раза<extra></extra>",
    )
    figure.add_hline(y=1, line={"color": QUIET, "dash": "dot"})
    figure.add_vline(x=0, line={"color": QUIET, "dash": "dot"})
    figure.update_xaxes(title_text="часов от публикации")
    figure.update_yaxes(title_text="голоса к ожидаемым, раз", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    title = headlines.posts(effects)
    return finish(figure, title=title, caption=caption, height=440)


@of.register
def _(result: PostEffects, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    posts = result.effects[c.POSTS_COUNT].to_list()
    told = f"постов {max(posts)}; {caption}"
    if result.doubted:
        told = f"{_DOUBTED}{told}"
    return chosen(picture, {"path": lambda: post_path(result.path, result.effects, caption=told)})


@of.register
def _(result: Backtest, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    known = result.shares[c.ELAPSED]
    middle = result.projects.filter(pl.col(c.ELAPSED) == known[known.len() // 2])
    return chosen(picture, {"projects": lambda: forecasts(middle, caption=caption)})
