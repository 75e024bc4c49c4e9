"""Pictures of fairness: how money lies over people, beside turnout, and split otherwise."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import Counterfactuals, Equity
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, finish, passes_absent, wrapped
from cur_lab.headlines import fairness as headlines

__all__ = ["counterfactuals", "lorenz", "turnout"]

# What is random about an interval whose votes and money are counted in full.
_DRAWN = "Интервал — по повторному отбору муниципалитетов. "
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
    title = headlines.lorenz(indices if lorenz.height else indices.clear())
    if lorenz.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
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
    return finish(figure, title=title, caption=_DRAWN + caption, height=440)


@passes_absent
def turnout(municipalities: pl.DataFrame, indices: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw money per head against turnout, a circle per municipality, area by people.

    Where turnout is not known everywhere it is votes per hundred residents, and said so.

    Parameters
    ----------
    municipalities, indices
        Tables of :class:`cur_lab.budgeting.Equity`.
    caption
        Number of votes and projects, period, source.
    """
    shown = municipalities.sort(c.POPULATION, c.MUNICIPALITY, descending=[True, False])
    largest = max(shown[c.POPULATION].to_list(), default=1)
    told = shown[c.TURNOUT].null_count() == 0
    active = shown[c.TURNOUT] * 100 if told else shown[c.VOTES_PER_100]
    hover = "явка %{x:.1f} %" if told else "%{x:.1f} голосов на 100 жителей"
    figure = go.Figure(
        go.Scatter(
            x=active.round(2).to_list(),
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
            hovertemplate=f"%{{customdata[0]}}<br>{hover}, голосовавших %{{customdata[1]}}"
            "<br>денег на жителя %{y:.0f}, победителей %{customdata[2]}<extra></extra>",
        )
    )
    axis = (
        "явка: голосовавшие из тех, кто может голосовать, %" if told else "голосов на 100 жителей"
    )
    figure.update_xaxes(title_text=axis, rangemode="tozero")
    figure.update_yaxes(title_text="денег на жителя", rangemode="tozero")
    title = headlines.turnout(indices, told=told)
    if "интервал" in title:
        caption = _DRAWN + caption
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
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.0f}}<extra></extra>",
        )
    figure.update_xaxes(title_text="денег на жителя", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    title = headlines.counterfactuals(table)
    return finish(figure, title=title, caption=caption, height=220 + 26 * len(order))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


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
