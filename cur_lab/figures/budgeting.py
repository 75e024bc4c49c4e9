"""Pictures of participatory budgeting: who gets the money, how the vote ran, what posts did."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import Backtest, Counterfactuals, Equity, PostEffects
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    escaped,
    finish,
    passes_absent,
    wrapped,
)
from cur_lab.wording import NOT_SHOWN, decimal, percent

__all__ = [
    "counterfactuals",
    "curves",
    "forecasts",
    "history",
    "lorenz",
    "post_path",
    "turnout",
]

# How the title of published numbers begins.
PUBLISHED = "Больше всего голосов в день было в кампанию"
_SYMBOLS = ("circle", "diamond", "square")


@passes_absent
def lorenz(lorenz: pl.DataFrame, indices: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the Lorenz curve of money over people; the title gives Gini with its interval.

    Parameters
    ----------
    lorenz, indices
        Tables of :class:`cur_lab.budgeting.Equity`.
    caption
        Number of votes and projects, period, source.
    """
    gini = {row[c.METRIC]: row for row in indices.iter_rows(named=True)}.get("gini")
    if gini is None or lorenz.is_empty():
        return finish(go.Figure(), title="Денег не распределено", caption=caption, height=200)
    people = [0.0, *(lorenz[c.PEOPLE_SHARE] * 100).round(2).to_list()]
    money = [0.0, *(lorenz[c.MONEY_SHARE] * 100).round(2).to_list()]
    names = ["", *(wrapped(name) for name in lorenz[c.MUNICIPALITY])]
    figure = go.Figure(
        [
            go.Scatter(
                x=[0, 100],
                y=[0, 100],
                mode="lines",
                name="поровну на жителя",
                line={"color": QUIET, "dash": "dot"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=people,
                y=money,
                mode="lines+markers",
                name="как решено",
                line={"color": PALETTE[0], "width": 2},
                marker={"size": 6},
                text=names,
                hovertemplate="%{text}<br>%{x:.1f} % жителей, %{y:.1f} % денег<extra></extra>",
            ),
        ]
    )
    figure.update_xaxes(title_text="жители, % от меньших денег на жителя к большим")
    figure.update_yaxes(title_text="деньги победивших проектов, %")
    title = f"Коэффициент Джини денег на жителя: {_interval(gini)}"
    return finish(figure, title=title, caption=caption, height=440)


@passes_absent
def turnout(municipalities: pl.DataFrame, indices: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw money per head against turnout, a circle per municipality, area by people.

    Parameters
    ----------
    municipalities, indices
        Tables of :class:`cur_lab.budgeting.Equity`.
    caption
        Number of votes and projects, period, source.
    """
    shown = municipalities.sort(c.POPULATION, c.MUNICIPALITY, descending=[True, False])
    largest = max(shown[c.POPULATION].to_list(), default=1)
    figure = go.Figure(
        go.Scatter(
            x=(shown[c.TURNOUT] * 100).round(2).to_list(),
            y=shown[c.MONEY_PER_HEAD].round(1).to_list(),
            mode="markers",
            marker={
                "size": shown[c.POPULATION].to_list(),
                "sizemode": "area",
                "sizeref": 2 * largest / 50**2,
                "sizemin": 4,
                "color": PALETTE[5],
                "opacity": 0.75,
                "line": {"color": PALETTE[0], "width": 1},
            },
            customdata=[
                [wrapped(name), people, won]
                for name, people, won in shown.select(
                    c.MUNICIPALITY, c.N_VOTERS, c.N_WINNERS
                ).rows()
            ],
            hovertemplate="%{customdata[0]}<br>явка %{x:.1f} %, %{customdata[1]} голосовавших"
            "<br>%{y:.0f} рублей на жителя, победителей %{customdata[2]}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text="явка: голосовавшие на жителя, %", rangemode="tozero")
    figure.update_yaxes(title_text="рублей на жителя", rangemode="tozero")
    slope = {row[c.METRIC]: row for row in indices.iter_rows(named=True)}.get("elasticity")
    title = "Связь явки и денег на жителя по этим данным не определяется"
    if slope is not None and slope[c.VALUE_LOW] is not None and slope[c.VALUE_LOW] > 0:
        title = f"Где явка выше на 1 %, денег на жителя больше на {_interval(slope, '%')}"
    elif slope is not None and slope[c.VALUE_HIGH] is not None and slope[c.VALUE_HIGH] < 0:
        title = f"Где явка выше, денег на жителя меньше: эластичность {_interval(slope)}"
    return finish(figure, title=title, caption=caption, height=440)


@passes_absent
def counterfactuals(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw money per head of each municipality under each way to split it.

    Parameters
    ----------
    table
        Frame of :func:`cur_lab.budgeting.counterfactuals`.
    caption
        Number of votes and projects, period, source.
    """
    order = (
        table.filter(pl.col(c.RULE) == "as_decided")
        .sort(c.POPULATION, c.MUNICIPALITY)[c.MUNICIPALITY]
        .to_list()
    )
    figure = go.Figure()
    for place, rule in enumerate(("as_decided", "population_quota", "equal_voice")):
        name = c.CODES[c.RULE][rule]
        money = dict(
            table.filter(pl.col(c.RULE) == rule)
            .select(c.MUNICIPALITY, c.MONEY_PER_HEAD)
            .iter_rows()
        )
        figure.add_scatter(
            x=[_rounded(money.get(district)) for district in order],
            y=[wrapped(district, width=36) for district in order],
            mode="markers",
            name=name,
            marker={"size": 10, "color": PALETTE[place], "symbol": _SYMBOLS[place]},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.0f}} рублей<extra></extra>",
        )
    nothing = table.filter((pl.col(c.RULE) == "as_decided") & (pl.col(c.N_WINNERS) == 0)).height
    figure.update_xaxes(title_text="рублей на жителя", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    title = f"Без единого победителя остались {nothing} из {len(order)} муниципалитетов"
    return finish(figure, title=title, caption=caption, height=220 + 26 * len(order))


@passes_absent
def history(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw votes per day of each published campaign; not joined, for rules changed between.

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
            y=votes[c.VOTES_PER_DAY].round(0).to_list(),
            marker_color=PALETTE[0],
            customdata=[
                [wrapped(c.CODES[c.BREAK].get(changed, "")), decimal(value, digits=0)]
                for changed, value in votes.select(c.BREAK, c.VALUE).rows()
            ],
            hovertemplate="%{x}<br>%{customdata[1]} голосов, %{y:.0f} в день"
            "<br>%{customdata[0]}<extra></extra>",
        )
    )
    figure.update_xaxes(type="category", title_text="окно голосования")
    figure.update_yaxes(title_text="голосов в день", rangemode="tozero", tickformat=",d")
    told = votes.drop_nulls(c.VOTES_PER_DAY)
    title = "Опубликованных чисел голосов нет"
    if told.height:
        best = told.sort(c.VOTES_PER_DAY, c.PERIOD, descending=[True, False]).row(0, named=True)
        title = f"{PUBLISHED} {best[c.PERIOD]}"
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
    half = table.filter(pl.col(c.ELAPSED) == 0.5)
    title = "Ход голосования"
    if half.height:
        votes = int(table.filter(pl.col(c.ELAPSED) == 1.0)[c.VOTES_COUNT].sum())
        share = int(half[c.VOTES_COUNT].sum()) / votes if votes else 0.0
        title = f"К середине срока отдано {percent(share)} голосов"
    figure.update_xaxes(title_text="прошло срока, %")
    figure.update_yaxes(title_text="отдано голосов, %")
    return finish(figure, title=title, caption=caption, height=440)


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
    inside = judged.filter(pl.col(c.FINAL).is_between(c.FORECAST_LOW, c.FORECAST_HIGH)).height
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
    title = f"Итог попал в интервал у {inside} из {judged.height} проектов"
    return finish(figure, title=title, caption=caption, height=620)


@passes_absent
def post_path(path: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw votes by hours since a post, as ratio to what was expected, with pointwise intervals.

    Parameters
    ----------
    path
        Table ``path`` of :class:`cur_lab.budgeting.PostEffects`.
    caption
        Number of posts and votes, period, source.
    """
    shown = path.drop_nulls(c.RATIO)
    if shown.is_empty():
        return finish(
            go.Figure(), title="Эффект постов не определяется", caption=caption, height=200
        )
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
    first = shown.filter(pl.col(c.HOUR).is_between(0, 5))[c.RATIO].median()
    title = "Голоса вокруг публикации поста"
    if isinstance(first, float):
        times = decimal(first, digits=1)
        title = f"В первые шесть часов после поста за проект голосуют в {times} раза чаще"
        if first < 1.05:
            title = "После поста за проект голосуют не чаще обычного"
    return finish(figure, title=title, caption=caption, height=440)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _interval(row: dict[str, float | None] | None, unit: str = "") -> str:
    if row is None:
        return NOT_SHOWN
    value, low, high = (decimal(row[end], digits=2) for end in (c.VALUE, c.VALUE_LOW, c.VALUE_HIGH))
    sign = f"\u00a0{unit}" if unit else ""
    return f"{value}{sign} (95 %-й интервал {low}–{high})"


@of.register
def _(result: Equity, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    pictures = {
        "turnout": lambda: turnout(result.municipalities, result.indices, caption=caption),
        "lorenz": lambda: lorenz(result.lorenz, result.indices, caption=caption),
    }
    return chosen(picture, pictures)


@of.register
def _(result: Counterfactuals, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    drawn = {"municipalities": lambda: counterfactuals(result.municipalities, caption=caption)}
    return chosen(picture, drawn)


@of.register
def _(result: PostEffects, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    posts = result.effects[c.POSTS_COUNT].to_list()
    told = f"постов {max(posts)}; {caption}"
    return chosen(picture, {"path": lambda: post_path(result.path, caption=told)})


@of.register
def _(result: Backtest, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    known = result.shares[c.ELAPSED]
    middle = result.projects.filter(pl.col(c.ELAPSED) == known[known.len() // 2])
    return chosen(picture, {"projects": lambda: forecasts(middle, caption=caption)})
