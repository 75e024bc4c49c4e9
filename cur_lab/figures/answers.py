"""Pictures of answers: waiting, what becomes of messages, who reports, money and complaints."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, finish, wrapped
from cur_lab.wording import percent

__all__ = ["incidence", "money", "reporting", "waiting"]

UNNAMED = "не указано"
_EVENTS = {"answer": "ответа", "resolution": "отметки об устранении"}
_STAGES = {
    ("written", "answer"): "ответ без отметки об устранении",
    ("written", "fixed"): "отмечено устранённым вместе с ответом или раньше",
    ("answered", "fixed"): "после ответа отмечено устранённым",
    ("answered", "reopened"): "после ответа открыто снова",
    ("fixed", "reopened"): "после отметки об устранении открыто снова",
}


def waiting(
    curves: pl.DataFrame,
    *,
    by: str,
    caption: str,
    event: str = "answer",
    top: int = 6,
    days: int = 60,
) -> go.Figure:
    """Draw how the share of messages still waiting falls, with its 95 % band.

    Parameters
    ----------
    curves
        ``curves`` of :func:`cur_lab.trends.resolution`.
    by
        The grouping column.
    caption
        Number of messages, period, source.
    event
        "answer" or "resolution".
    top
        How many groups are drawn, those with most messages first.
    days
        Where the axis ends.
    """
    drawn = curves.filter(pl.col(c.EVENT) == event, pl.col(c.DAYS) <= days)
    if drawn.is_empty():
        return finish(go.Figure(), title="Недостаточно данных", caption=caption, height=200)
    sizes = drawn.group_by(by).agg(pl.col(c.AT_RISK).max())
    groups = sizes.sort(c.AT_RISK, by, descending=[True, False]).head(top)[by].to_list()
    figure = go.Figure()
    for place, group in enumerate(groups):
        curve = drawn.filter(pl.col(by).eq_missing(pl.lit(group, pl.String))).sort(c.DAYS)
        # The last step holds to the end of the axis.
        times = [*curve[c.DAYS].round(2).to_list(), float(days)]
        share, low, high = (
            [*(curve[column] * 100).round(2).to_list(), round(100 * curve[column][-1], 2)]
            for column in (c.STILL_OPEN, c.STILL_OPEN_LOW, c.STILL_OPEN_HIGH)
        )
        colour = PALETTE[place % len(PALETTE)]
        name = wrapped(group or UNNAMED)
        hidden = {"mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip"}
        figure.add_scatter(x=times, y=high, showlegend=False, legendgroup=name, **hidden)
        figure.add_scatter(
            x=times,
            y=low,
            fill="tonexty",
            fillcolor=_faint(colour),
            showlegend=False,
            legendgroup=name,
            **hidden,
        )
        figure.add_scatter(
            x=times,
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
        title=_longest_wait(drawn, by, groups, event, days),
        caption=caption,
        height=470 + 24 * len(groups),
    )


def _longest_wait(
    drawn: pl.DataFrame, by: str, groups: list[str | None], event: str, days: int
) -> str:
    chosen = drawn.filter(pl.col(by).is_in(groups, nulls_equal=True))
    ends = chosen.group_by(by).agg(pl.col(c.STILL_OPEN).min()).sort(c.STILL_OPEN, by)
    worst, best = ends.row(-1), ends.row(0)
    what = _EVENTS[event]
    if len(groups) == 1:
        return (
            f"{worst[0] or UNNAMED}: через {days} дней нет {what} у {percent(worst[1])} сообщений"
        )
    return (
        f"Через {days} дней нет {what} у {percent(worst[1])} ({worst[0] or UNNAMED}) "
        f"и у {percent(best[1])} ({best[0] or UNNAMED})"
    )


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"


def incidence(risks: pl.DataFrame, *, by: str, caption: str, days: int = 30) -> go.Figure:
    """Draw what comes first, by group: incidences within so many days, with 95 % intervals.

    Parameters
    ----------
    risks
        ``risks`` of :func:`cur_lab.trends.resolution`.
    by
        The grouping column.
    caption
        Number of messages, period, source.
    days
        7, 30 or 90.
    """
    drawn = risks.filter(pl.col(c.DAYS) == days).drop_nulls(c.INCIDENCE)
    if drawn.is_empty():
        return finish(go.Figure(), title="Недостаточно данных", caption=caption, height=200)
    figure = go.Figure()
    for place, ((since, cause), name) in enumerate(_STAGES.items()):
        rows = drawn.filter(pl.col(c.SINCE) == since, pl.col(c.CAUSE) == cause).sort(
            by, descending=True
        )
        if rows.height:
            points = _intervals(rows, by, (c.INCIDENCE, c.INCIDENCE_LOW, c.INCIDENCE_HIGH), 100)
            figure.add_scatter(
                **points,
                name=wrapped(name),
                marker={"size": 9, "color": PALETTE[place], "symbol": place},
                hovertemplate="%{y}<br>%{x:.1f} %<extra>%{fullData.name}</extra>",
            )
    figure.update_xaxes(title_text=f"доля за {days} дней, %, и 95 %-й интервал", rangemode="tozero")
    figure.update_yaxes(type="category")
    figure.update_layout(legend=LEGEND_BELOW)
    again = drawn.filter(pl.col(c.SINCE) == "fixed").sort(c.INCIDENCE, by, descending=[True, False])
    title = f"Что происходит с сообщениями за {days} дней"
    if again.height:
        worst = again.row(0, named=True)
        title = (
            f"{worst[by] or UNNAMED}: {percent(worst[c.INCIDENCE])} отмеченных устранёнными "
            f"открывают снова за {days} дней"
        )
    height = 300 + 34 * drawn[by].n_unique()
    return finish(figure, title=title, caption=caption, height=height)


def reporting(rates: pl.DataFrame, *, by: str, caption: str) -> go.Figure:
    """Draw how readily each group reports, against the mean of the groups.

    Parameters
    ----------
    rates
        ``rates`` of :func:`cur_lab.trends.reporting`; groups without a ratio are left out.
    by
        The grouping column.
    caption
        Number of messages, period, source.
    """
    drawn = rates.drop_nulls(c.RATIO).sort(c.RATIO, by)
    if drawn.is_empty():
        return finish(go.Figure(), title="Недостаточно данных", caption=caption, height=200)
    points = _intervals(drawn, by, (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH), 1)
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
    sure = drawn.filter((pl.col(c.RATIO_LOW) > 1) | (pl.col(c.RATIO_HIGH) < 1))
    title = (
        f"Об одинаковых происшествиях пишут по-разному: от среднего отличаются {sure.height} "
        f"из {drawn.height}"
        if sure.height
        else "Готовность писать не отличается от средней ни у кого"
    )
    return finish(figure, title=title, caption=caption, height=180 + 30 * drawn.height)


def money(shares: pl.DataFrame, *, caption: str, top: int = 12) -> go.Figure:
    """Draw the share of complaints beside the share of stated money, by rubric.

    Parameters
    ----------
    shares
        ``shares`` of :func:`cur_lab.trends.responsiveness`.
    caption
        Number of messages and decisions, period, source.
    top
        How many rubrics are drawn: those with money first, then those with most complaints.
    """
    known = shares.drop_nulls([c.RUBRIC, c.SHARE])
    drawn = known.sort(c.MONEY, c.SHARE, c.RUBRIC, descending=[True, True, False]).head(top)
    if drawn.is_empty():
        return finish(go.Figure(), title="Недостаточно данных", caption=caption, height=200)
    drawn = drawn.reverse()
    figure = go.Figure()
    names = {
        "доля жалоб": (c.SHARE, c.SHARE_LOW, c.SHARE_HIGH),
        "доля названных денег": (c.MONEY_SHARE, c.MONEY_SHARE_LOW, c.MONEY_SHARE_HIGH),
    }
    for place, (name, values) in enumerate(names.items()):
        rows = drawn.drop_nulls(values[0])
        figure.add_scatter(
            **_intervals(rows, c.RUBRIC, values, 100),
            name=name,
            marker={"size": 9, "color": PALETTE[place], "symbol": place},
            hovertemplate="%{y}<br>%{x:.1f} %<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(
        title_text="доля, %: у жалоб 95 %-й интервал, у денег границы неназванных сумм",
        rangemode="tozero",
    )
    figure.update_yaxes(type="category")
    figure.update_layout(legend=LEGEND_BELOW)
    funded = drawn.drop_nulls(c.MONEY_SHARE).sort(c.MONEY_SHARE, c.RUBRIC)
    title = "Доля жалоб по рубрикам: денег ни у одного решения не названо"
    if funded.height:
        best = funded.row(-1, named=True)
        title = (
            f"«{best[c.RUBRIC]}»: {percent(best[c.SHARE])} жалоб "
            f"и {percent(best[c.MONEY_SHARE])} названных денег"
        )
    return finish(figure, title=title, caption=caption, height=240 + 36 * drawn.height)


def _intervals(
    rows: pl.DataFrame, by: str, names: tuple[str, str, str], factor: float
) -> dict[str, object]:
    """Points with asymmetric bars; a bound that is not there leaves no bar."""
    value, low, high = ((rows[name] * factor).round(3).to_list() for name in names)
    return {
        "x": value,
        "y": [wrapped(name or UNNAMED) for name in rows[by]],
        "mode": "markers",
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [_reach(v, h) for v, h in zip(value, high, strict=True)],
            "arrayminus": [_reach(lo, v) for lo, v in zip(low, value, strict=True)],
            "color": QUIET,
            "thickness": 1.5,
            "width": 0,
        },
    }


def _reach(start: float | None, stop: float | None) -> float:
    return 0.0 if start is None or stop is None else round(stop - start, 3)
