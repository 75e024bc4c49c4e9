"""Pictures of decisions: what changed, placebos, a roll-out, money beside complaints."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab import disclosure
from cur_lab.clock import local
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import (
    LEGEND_BELOW,
    PALETTE,
    QUIET,
    finish,
    intervals,
    nothing,
    passes_absent,
    wrapped,
)
from cur_lab.figures.timeline import russian_dates
from cur_lab.headlines import Headline
from cur_lab.headlines import decisions as headlines
from cur_lab.trends.decisions import Impact, Impacts, Responsiveness, Rollout

__all__ = ["event_study", "money", "overview", "path", "placebos"]

_BAND = "rgba(0, 114, 178, 0.18)"
_KINDS = ("decision", "place", "time")


@of.register
def _(result: Impact, picture: str | None = None, *, caption: str) -> go.Figure:
    caption = f"«{result.title}». {caption}" if result.title else caption
    bins = disclosure.publishable(result.path, quasi=[c.PERIOD_START, c.PHASE], count=c.OBSERVED)
    drawings = {
        "path": lambda: path(bins, title=headlines.impact(result), caption=caption),
        "placebos": lambda: _placebos(result, caption),
    }
    return chosen(picture, drawings)


def _placebos(result: Impact, caption: str) -> go.Figure | Absent:
    title = headlines.rank(result)
    if not result.rank()[1]:
        # Nothing is beside the decision: its own point alone would look like a comparison.
        return Absent(title)
    return placebos(result.placebos, title=title, caption=caption)


@of.register
def _(result: Impacts, picture: str | None = None, *, caption: str) -> go.Figure:
    return chosen(picture, {"overview": lambda: overview(result.overview, caption=caption)})


@of.register
def _(result: Rollout, picture: str | None = None, *, caption: str) -> go.Figure:
    title = headlines.rollout(result)
    return chosen(picture, {"path": lambda: event_study(result.path, title=title, caption=caption)})


@of.register
def _(result: Responsiveness, picture: str | None = None, *, caption: str) -> go.Figure:
    return chosen(picture, {"money": lambda: money(result.shares, caption=caption)})


@passes_absent
def path(frame: pl.DataFrame, *, title: Headline, caption: str) -> go.Figure:
    """Draw counted messages against those expected without the decision.

    Parameters
    ----------
    frame
        Table ``impact_path``.
    title
        What the figure shows.
    caption
        Number of messages, period, source.
    """
    before, after = (frame.filter(pl.col(c.PHASE) == phase) for phase in ("before", "after"))
    figure = go.Figure()
    # Bins suppressed as small have no interval.
    band = after.drop_nulls([c.EXPECTED_LOW, c.EXPECTED_HIGH])
    figure.add_scatter(
        x=_days(band) + _days(band)[::-1],
        y=_rounded(band[c.EXPECTED_HIGH]) + _rounded(band[c.EXPECTED_LOW])[::-1],
        fill="toself",
        fillcolor=_BAND,
        line={"width": 0},
        hoverinfo="skip",
        name="95 %-й интервал отдельного отрезка",
    )
    figure.add_scatter(
        x=_days(frame),
        y=_rounded(frame[c.EXPECTED]),
        line={"color": PALETTE[0], "dash": "dash"},
        mode="lines",
        name="ожидалось без решения",
    )
    figure.add_scatter(
        x=_days(frame),
        y=frame[c.OBSERVED].to_list(),
        line={"color": PALETTE[1]},
        mode="lines+markers",
        marker={"size": 5},
        name="сообщений",
    )
    if after.height and before.height:
        figure.add_vline(x=_days(after)[0], line={"color": QUIET, "dash": "dot"})
    figure.update_yaxes(title="сообщений за отрезок", rangemode="tozero")
    figure.update_xaxes(title="начало отрезка")
    russian_dates(figure)
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96)
    return finish(figure, title=title, caption=caption, height=430)


@passes_absent
def placebos(frame: pl.DataFrame, *, title: Headline, caption: str) -> go.Figure:
    """Draw the decision among estimates where and when nothing was decided.

    Parameters
    ----------
    frame
        Table ``impact_placebos``.
    title
        What the figure shows, such as the rank.
    caption
        Number of messages, period, source.
    """
    figure = go.Figure()
    drawn = frame.filter(pl.col(c.KIND).is_in(_KINDS)).drop_nulls(c.SCORE)
    ranked = drawn.sort(c.SCORE, c.DECIDED_AT, c.MUNICIPALITY).with_row_index("place", offset=1)
    colours = dict(zip(_KINDS, (PALETTE[1], PALETTE[0], QUIET), strict=True))
    for kind in _KINDS:
        shown = ranked.filter(pl.col(c.KIND) == kind)
        figure.add_bar(
            x=shown["place"].to_list(),
            y=[round(score, 2) for score in shown[c.SCORE]],
            marker={"color": colours[kind], "line": {"width": 0}},
            name=c.CODES[c.KIND][kind],
            customdata=[
                [wrapped(place or "этот же ряд"), f"{moment:%d.%m.%Y}"]
                for place, moment in shown.select(c.MUNICIPALITY, c.DECIDED_AT).iter_rows()
            ],
            hovertemplate="%{customdata[0]}, %{customdata[1]}: %{y}<extra></extra>",
        )
    figure.update_yaxes(title="изменение в единицах его погрешности")
    figure.update_xaxes(title="по порядку: от самого сильного спада", showgrid=False)
    figure.update_layout(legend=LEGEND_BELOW, margin_b=96, bargap=0.15)
    return finish(figure, title=title, caption=caption, height=400)


@passes_absent
def event_study(frame: pl.DataFrame, *, title: Headline, caption: str) -> go.Figure:
    """Draw the effect by four weeks since the decision in all districts together.

    Parameters
    ----------
    frame
        Table ``rollout_path``.
    title
        What the figure shows.
    caption
        Number of messages, period, source.
    """
    known = frame.drop_nulls([c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH])
    figure = go.Figure(
        go.Scatter(
            x=known[c.WEEKS_SINCE].to_list(),
            y=_per_cent(known[c.CHANGE]),
            error_y=_bars(known),
            mode="markers",
            marker={"color": PALETTE[0], "size": 8},
            customdata=known[c.DISTRICTS].to_list(),
            hovertemplate="с %{x}-й недели: %{y} %, районов %{customdata}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_hline(y=0, line={"color": QUIET})
    figure.add_vline(x=-0.5, line={"color": QUIET, "dash": "dot"})
    figure.update_yaxes(title="изменение, %")
    figure.update_xaxes(title="недель со дня решения (начало четырёх недель)")
    return finish(figure, title=title, caption=caption, height=400)


@passes_absent
def overview(frame: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the change after each decision with its interval.

    Parameters
    ----------
    frame
        Table ``impacts``; rows without a number are listed without a mark.
    caption
        Number of messages, period, source.
    """
    labels = [wrapped(label, width=44) for label in frame[c.TITLE]]
    known = frame.with_columns(pl.Series("label", labels)).drop_nulls(c.CHANGE)
    sure = (known[c.CHANGE_HIGH] < 0) | (known[c.CHANGE_LOW] > 0)
    figure = go.Figure(
        go.Scatter(
            x=_per_cent(known[c.CHANGE]),
            y=known["label"].to_list(),
            error_x=_bars(known),
            mode="markers",
            marker={"size": 9, "color": [PALETTE[1] if found else QUIET for found in sure]},
            hovertemplate="%{y}: %{x} %<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_vline(x=0, line={"color": QUIET})
    figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1])
    figure.update_xaxes(title="изменение против ожидаемого, %")
    title = headlines.overview(frame)
    return finish(figure, title=title, caption=caption, height=150 + 52 * frame.height)


@passes_absent
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
        return nothing(caption)
    drawn = drawn.reverse()
    figure = go.Figure()
    names = {
        "доля жалоб": (c.SHARE, c.SHARE_LOW, c.SHARE_HIGH),
        "доля названных денег": (c.MONEY_SHARE, c.MONEY_SHARE_LOW, c.MONEY_SHARE_HIGH),
    }
    for place, (name, values) in enumerate(names.items()):
        rows = drawn.drop_nulls(values[0])
        figure.add_scatter(
            **intervals(rows, c.RUBRIC, values, 100),
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
    title = headlines.money(shares)
    return finish(figure, title=title, caption=caption, height=240 + 36 * drawn.height)


def _days(frame: pl.DataFrame) -> list[str]:
    days = frame.select(local(c.PERIOD_START).dt.strftime("%Y-%m-%d"))
    return days.to_series().to_list()


def _rounded(values: pl.Series) -> list[float | None]:
    return values.round(1).to_list()


def _per_cent(values: pl.Series) -> list[float | None]:
    return _rounded(values * 100)


def _bars(known: pl.DataFrame) -> dict[str, object]:
    """Interval around each mark."""
    above, below = known[c.CHANGE_HIGH] - known[c.CHANGE], known[c.CHANGE] - known[c.CHANGE_LOW]
    return {
        "type": "data",
        "symmetric": False,
        "array": _per_cent(above),
        "arrayminus": _per_cent(below),
        "color": QUIET,
        "thickness": 1.5,
        "width": 4,
    }
