"""Pictures of the integrity of votes: evidence, one project by the hour, excess, power."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cur_lab import columns as c
from cur_lab.budgeting import Integrity
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    SEQUENTIAL,
    bars,
    escaped,
    finish,
    passes_absent,
    strengths,
    wrapped,
)
from cur_lab.headlines import integrity as headlines
from cur_lab.wording import percent

__all__ = ["by_hour", "evidence", "excess", "power"]

_WAYS = ("esia", "sms", "call_centre", "paper")
_TESTS = ("rise", "channel", "night", "off_hours", "numbers", "regularity", "identical")
_ZONE = "Europe/Moscow"
_NAMED = (c.PROJECT_ID, c.TITLE, c.VERDICT)


@passes_absent
def evidence(flags: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw which test saw how much in each project that stands out.

    Parameters
    ----------
    flags
        Table ``integrity_flags``.
    caption
        Number of votes, period, source.
    """
    drawn = flags.filter(pl.col(c.VERDICT) != "ordinary")
    title = headlines.evidence(flags)
    if drawn.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
    order = (
        drawn.group_by(c.PROJECT_ID)
        .agg(pl.col(c.TITLE).first(), pl.col(c.VERDICT).first(), pl.col(c.P_VALUE).min())
        .sort(pl.col(c.VERDICT) != c.REVIEW, c.P_VALUE, c.PROJECT_ID)
    )
    tests = [test for test in _TESTS if test in set(drawn[c.TEST])]
    p = {
        (project, test): p
        for project, test, p in drawn.select(c.PROJECT_ID, c.TEST, c.P_VALUE).rows()
    }
    figure = strengths(
        [wrapped(c.CODES[c.TEST][test], width=12) for test in tests],
        [
            f"{'▲ ' if verdict == c.REVIEW else ''}{wrapped(title or project, width=48)}"
            for project, title, verdict in order.select(
                c.PROJECT_ID, c.TITLE, c.VERDICT
            ).iter_rows()
        ],
        [[p.get((project, test)) for test in tests] for project in order[c.PROJECT_ID]],
    )
    figure.update_xaxes(side="top", showgrid=False, tickangle=0)
    figure = finish(figure, title=title, caption=caption, height=190 + 42 * order.height)
    return figure.update_layout(margin_t=figure.layout.margin.t + 66, margin_b=24)


@passes_absent
def by_hour(hours: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the votes of one project hour by hour and channel, the window in question shaded.

    Parameters
    ----------
    hours
        Frame of :meth:`cur_lab.budgeting.Integrity.hours`.
    caption
        Number of votes, period, source.
    """
    if hours.is_empty():
        return finish(go.Figure(), title=headlines.by_hour(hours), caption=caption, height=200)
    hours = hours.with_columns(
        pl.col(c.HOUR, c.STARTED_AT, c.ENDED_AT)
        .dt.convert_time_zone(_ZONE)
        .dt.replace_time_zone(None)
    )
    figure = go.Figure()
    # A channel keeps its colour from one project to the next.
    known = list(_WAYS)
    colour = dict(zip(known, PALETTE, strict=False))
    present = set(hours[c.CHANNEL])
    for channel in [*known, *sorted(present - set(known))]:
        if channel not in present:
            continue
        of_channel = hours.filter(pl.col(c.CHANNEL) == channel).sort(c.HOUR)
        figure.add_bar(
            x=of_channel[c.HOUR].dt.strftime("%Y-%m-%d %H:%M").to_list(),
            y=of_channel[c.VOTES_COUNT].to_list(),
            name=escaped(c.CODES[c.CHANNEL].get(channel, channel)),
            marker={"color": colour.get(channel, QUIET), "line": {"width": 0}},
            # The hour begins at its label and is not centred on it.
            offset=0,
            width=3_600_000,
            hovertemplate="%{x|%d.%m %H ч}: %{y}<extra>%{fullData.name}</extra>",
        )
    for start, stop in hours.select(c.STARTED_AT, c.ENDED_AT).unique().iter_rows():
        figure.add_vrect(
            x0=start.isoformat(sep=" "),
            x1=stop.isoformat(sep=" "),
            fillcolor=PALETTE[4],
            opacity=0.25,
            line_width=0,
            layer="below",
        )
    figure.update_layout(barmode="stack", bargap=0, legend=LEGEND_BELOW, margin_b=80)
    figure.update_yaxes(title_text="голосов за час")
    figure.update_xaxes(tickformat="%d.%m<br>%H ч")
    title = headlines.by_hour(hours)
    return finish(figure, title=title, caption=caption, height=400)


@passes_absent
def excess(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the votes beyond the expected of projects that call for a check.

    Parameters
    ----------
    frame
        Table ``integrity_excess``.
    caption
        Number of votes, period, source.
    """
    if frame.is_empty():
        return finish(go.Figure(), title=headlines.excess(frame), caption=caption, height=200)
    drawn = frame.sort(c.EXCESS, c.PROJECT_ID)
    figure = go.Figure(
        go.Scatter(
            x=drawn[c.EXCESS].round(1).to_list(),
            y=[wrapped(t or p) for t, p in drawn.select(c.TITLE, c.PROJECT_ID).iter_rows()],
            mode="markers",
            marker={"size": 10, "color": PALETTE[1]},
            error_x=bars(drawn, c.EXCESS),
            customdata=[
                [c.CODES[c.OUTCOME].get(outcome, "исход не пересчитан")]
                for outcome in drawn[c.OUTCOME]
            ],
            hovertemplate="%{y}<br>%{x:.0f} голосов<br>%{customdata[0]}<extra></extra>",
        )
    )
    label = "голосов сверх ожидаемого и 95 %-й интервал"
    figure.update_xaxes(title_text=label, title_standoff=10, rangemode="tozero")
    title = headlines.excess(drawn)
    return finish(figure, title=title, caption=caption, height=190 + 48 * drawn.height)


@passes_absent
def power(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the share of artificial surges that the tests would have shown, by channel.

    Parameters
    ----------
    frame
        Table ``integrity_power``.
    caption
        Number of votes, period, source.
    """
    channels = sorted(set(frame[c.CHANNEL]))
    if not channels:
        return finish(go.Figure(), title=headlines.power(frame), caption=caption, height=200)
    names = [escaped(c.CODES[c.CHANNEL].get(channel, channel)) for channel in channels]
    figure = make_subplots(cols=len(channels), shared_yaxes=True, subplot_titles=names)
    for place, channel in enumerate(channels, 1):
        of_channel = frame.filter(pl.col(c.CHANNEL) == channel)
        hours = sorted(set(of_channel[c.HOURS]))
        rows = sorted(set(of_channel[c.EXCESS]))
        cell = {(row[c.EXCESS], row[c.HOURS]): row for row in of_channel.iter_rows(named=True)}
        table = [[cell[e, h] for h in hours] for e in rows]
        figure.add_heatmap(
            x=[f"{h} ч" for h in hours],
            y=[str(e) for e in rows],
            z=[[round(100 * one[c.FOUND], 1) for one in line] for line in table],
            text=[[f"{100 * one[c.FOUND]:.0f}" for one in line] for line in table],
            texttemplate="%{text}",
            customdata=[
                [f"{percent(one[c.FOUND_LOW])}–{percent(one[c.FOUND_HIGH])}" for one in line]
                for line in table
            ],
            hovertemplate="%{y} голосов за %{x}: %{z:.0f} % (%{customdata})<extra></extra>",
            zmin=0,
            zmax=100,
            colorscale=SEQUENTIAL,
            showscale=place == len(channels),
            colorbar={"title": {"text": "найдено, %", "side": "right"}, "thickness": 12},
            row=1,
            col=place,
        )
    figure.update_yaxes(type="category")
    figure.update_yaxes(title_text="лишних голосов", col=1)
    title = headlines.power(frame)
    figure = finish(figure, title=title, caption=caption, height=380)
    return figure.update_layout(margin_t=figure.layout.margin.t + 40)


@of.register
def _(result: Integrity, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    pictures = {
        "evidence": lambda: evidence(result.flags, caption=caption),
        c.REVIEW: lambda: by_hour(result.hours(c.REVIEW), caption=caption),
        c.NATURAL: lambda: by_hour(result.hours(c.NATURAL), caption=caption),
        "excess": lambda: excess(result.excess, caption=caption),
        "power": lambda: power(result.power, caption=caption),
    }
    drawn = chosen(picture, pictures)
    why = c.UNCHECKED if result.checks.height else None
    return drawn if result.tested else Absent.untested(why)
