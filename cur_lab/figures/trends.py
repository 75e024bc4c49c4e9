"""Pictures of complaints over time: counts, changes, decomposition, channel mix."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cur_lab import clock
from cur_lab import columns as c
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    escaped,
    finish,
    passes_absent,
    wrapped,
)
from cur_lab.figures.timeline import russian_dates, times
from cur_lab.headlines import trends as headlines

__all__ = ["changes", "counts", "decomposition", "mix"]

_UNITS = {unit: c.CODES[c.UNIT][unit] for unit in (c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS)}
_PARTS = {
    c.OBSERVED: "сколько было",
    c.TREND: "медленная часть",
    c.SEASONAL_WEEK: "неделя",
    c.SEASONAL_YEAR: "год",
    c.REST: "остаток",
}
_NOTHING = "не указано"


@passes_absent
def counts(frame: pl.DataFrame, *, caption: str, zone: str = "Europe/Moscow") -> go.Figure:
    """Draw messages, incidents and authors of one series over time.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.trends.counts` with one series. Periods in which the source was
        silent are left empty.
    caption
        Number of messages, period, source.
    zone
        Time zone of the axis.
    """
    drawn = frame.sort(c.PERIOD_START)
    if drawn.is_empty():
        return finish(go.Figure(), title=headlines.counts(drawn), caption=caption, height=200)
    lines = [
        go.Scatter(
            x=times(drawn[c.PERIOD_START], zone),
            y=_recorded(drawn, unit),
            name=name,
            mode="lines",
            line={"width": 2, "color": colour},
        )
        for (unit, name), colour in zip(_UNITS.items(), PALETTE, strict=False)
    ]
    figure = go.Figure(lines)
    figure.update_yaxes(title_text="за период", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW, hovermode="x unified")
    russian_dates(figure)
    return finish(figure, title=headlines.counts(drawn), caption=caption, height=420)


@passes_absent
def changes(
    frame: pl.DataFrame,
    found: pl.DataFrame,
    *,
    caption: str,
    of: str = c.MESSAGES_COUNT,
    name: str = "",
    zone: str = "Europe/Moscow",
) -> go.Figure:
    """Draw the daily counts of a series with the levels between its changes.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.trends.counts` by day. Of several series the one whose change is the
        most certain is drawn.
    found
        Frame of :func:`cur_lab.trends.changes` of the same series.
    caption
        Number of messages, period, source.
    of
        Column of counts.
    name
        What the series is, for the title; its own name where there are several.
    zone
        Time zone of the axis.
    """
    by = c.COUNTS.splits(frame)
    if by and not found.is_empty():
        chosen = found.sort(c.Q_VALUE, *by, c.CHANGED_AT, nulls_last=True).head(1).select(by)
        frame, found = (part.join(chosen, on=by, nulls_equal=True) for part in (frame, found))
        name = name or ", ".join(value or _NOTHING for value in chosen.row(0))
    drawn = frame.sort(c.PERIOD_START)
    dated = found.drop_nulls(c.CHANGED_AT).sort(c.CHANGED_AT)
    figure = go.Figure(
        go.Scatter(
            x=times(drawn[c.PERIOD_START], zone),
            y=_recorded(drawn, of),
            name="за день",
            mode="lines",
            line={"width": 1, "color": QUIET},
        )
    )
    if not drawn.is_empty():
        edges = times(
            pl.concat([drawn[c.PERIOD_START][:1], dated[c.CHANGED_AT], drawn[c.PERIOD_START][-1:]]),
            zone,
        )
        for number, level in enumerate(_levels(dated)):
            figure.add_traces(_level(edges[number : number + 2], level, first=number == 0))
    for low, high in zip(
        times(dated[c.CHANGED_LOW], zone), times(dated[c.CHANGED_HIGH], zone), strict=True
    ):
        figure.add_vrect(x0=low, x1=high, fillcolor=PALETTE[1], opacity=0.12, line_width=0)
    figure.update_yaxes(title_text=f"{_UNITS[of]} в день", rangemode="tozero")
    figure.update_layout(legend=LEGEND_BELOW)
    russian_dates(figure)
    title = headlines.changes(found, name=name, zone=zone)
    return finish(figure, title=title, caption=caption, height=420)


@passes_absent
def decomposition(parts: pl.DataFrame, *, caption: str, zone: str = "Europe/Moscow") -> go.Figure:
    """Draw the parts of one series one below the other, each on its own scale.

    Parameters
    ----------
    parts
        Frame of :func:`cur_lab.trends.decomposition` with one series.
    caption
        Number of messages, period, source.
    zone
        Time zone of the axis.
    """
    drawn = parts.sort(c.PERIOD_START)
    shown = {name: heading for name, heading in _PARTS.items() if drawn[name].count()}
    figure = make_subplots(
        rows=max(len(shown), 1), cols=1, shared_xaxes=True, vertical_spacing=0.05
    )
    days = times(drawn[c.PERIOD_START], zone)
    for row, (name, heading) in enumerate(shown.items(), start=1):
        line = go.Scatter(
            x=days,
            y=drawn[name].round(2).to_list(),
            name=heading,
            mode="lines",
            line={"width": 1.2, "color": PALETTE[0]},
            showlegend=False,
        )
        figure.add_trace(line, row=row, col=1)
        figure.update_yaxes(title_text=heading, row=row, col=1)
    russian_dates(figure)
    title = headlines.decomposition(parts)
    return finish(figure, title=title, caption=caption, height=160 + 120 * len(shown))


@passes_absent
def mix(
    found: pl.DataFrame, *, caption: str, top: int = 12, zone: str = "Europe/Moscow"
) -> go.Figure:
    """Draw the change of a channel beside that of the others and of all, with 95 % intervals.

    Parameters
    ----------
    found
        Frame of :func:`cur_lab.trends.mix`; changes of channels are drawn, the latest on top.
    caption
        Number of messages, period, source.
    top
        How many changes are drawn.
    zone
        Time zone of the dates.
    """
    drawn = (
        found.drop_nulls([c.CHANGED_AT, c.CHANNEL])
        .with_columns(clock.local(c.CHANGED_AT, zone))
        .sort(c.CHANGED_AT, c.CHANNEL, descending=[True, False])
        .head(top)
        .reverse()
    )
    if drawn.is_empty():
        title = headlines.mix(found)
        return finish(go.Figure(), title=title, caption=caption, height=200)
    series = {
        "этот канал": (c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH),
        "остальные каналы": (c.OTHERS, c.OTHERS_LOW, c.OTHERS_HIGH),
        "всего": (c.TOTAL, c.TOTAL_LOW, c.TOTAL_HIGH),
    }
    points = [
        _points(drawn, _channel_labels(drawn), *names, name=name, colour=PALETTE[number])
        for number, (name, names) in enumerate(series.items())
    ]
    figure = go.Figure(points)
    figure.add_vline(x=1, line_color=QUIET, line_dash="dot")
    figure.update_xaxes(title_text="во сколько раз изменилось, и 95 %-й интервал", type="log")
    figure.update_layout(legend=LEGEND_BELOW, scattermode="group")
    title = headlines.mix(drawn)
    return finish(figure, title=title, caption=caption, height=220 + 70 * drawn.height)


def _recorded(frame: pl.DataFrame, of: str) -> list[int | None]:
    return frame.select(pl.when(c.RECORDED).then(pl.col(of)).alias(of))[of].to_list()


def _levels(dated: pl.DataFrame) -> Iterator[tuple[float, float, float]]:
    if dated.height:
        yield dated.select(c.BEFORE, c.BEFORE_LOW, c.BEFORE_HIGH).row(0)
    yield from dated.select(c.AFTER, c.AFTER_LOW, c.AFTER_HIGH).iter_rows()


def _level(
    ends: list[str | None], level: tuple[float, float, float], *, first: bool
) -> list[go.Scatter]:
    value, low, high = (round(number, 2) for number in level)
    line = go.Scatter(
        x=ends,
        y=[value, value],
        mode="lines",
        name="уровень",
        showlegend=first,
        line={"width": 3, "color": PALETTE[0]},
    )
    band = go.Scatter(
        x=[*ends, *reversed(ends)],
        y=[low, low, high, high],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor="rgba(0, 114, 178, 0.2)",
        name="95 %-й интервал уровня",
        showlegend=first,
        hoverinfo="skip",
    )
    return [band, line]


def _points(
    drawn: pl.DataFrame,
    labels: list[str],
    value: str,
    low: str,
    high: str,
    *,
    name: str,
    colour: str,
) -> go.Scatter:
    # Ratios: a doubling and a halving are equally far from one.
    ratio, least, most = ((drawn[column] + 1).round(3).to_list() for column in (value, low, high))
    return go.Scatter(
        x=ratio,
        y=labels,
        mode="markers",
        name=name,
        marker={"size": 9, "color": colour},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(h - r, 3) for h, r in zip(most, ratio, strict=True)],
            "arrayminus": [round(r - lo, 3) for lo, r in zip(least, ratio, strict=True)],
            "color": colour,
            "thickness": 1.5,
            "width": 0,
        },
        hovertemplate="%{y}<br>%{x:.2f}<extra>" + escaped(name) + "</extra>",
    )


def _channel_labels(drawn: pl.DataFrame) -> list[str]:
    groups = c.MIX.splits(drawn)
    labels = []
    for row in drawn.iter_rows(named=True):
        where = (str(row[group] or _NOTHING) for group in groups)
        labels.append(wrapped(", ".join([*where, _channel(row[c.CHANNEL]), _day(row)])))
    return labels


def _channel(code: str) -> str:
    return c.CODES[c.CHANNEL].get(code, code)


def _day(row: dict[str, Any]) -> str:
    when: datetime = row[c.CHANGED_AT]
    return f"{when:%d.%m.%Y}"
