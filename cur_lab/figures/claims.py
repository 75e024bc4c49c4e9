"""Pictures of claims that come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.claims import Spread
from cur_lab.figures import of
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, finish, passes_absent, wrapped
from cur_lab.headlines import Headline
from cur_lab.headlines import claims as headlines

__all__ = ["spread", "stances"]

_STANCES = c.CODES[c.STANCE]
_COLOURS = dict(zip(_STANCES, (*(PALETTE[n] for n in (1, 0, 4, 2)), QUIET), strict=True))
_NOTHING = 200
_DAY = 86_400_000  # milliseconds, as widths of bars are given


@passes_absent
def spread(
    curves: pl.DataFrame, *, title: str, refuted: datetime | None, caption: str
) -> go.Figure:
    """Draw the messages a day about one claim by stance, the refutation as a line.

    Parameters
    ----------
    curves
        Rows of one claim of table ``spread_curves``.
    title
        What the registry calls the claim.
    refuted
        When the refutation was published.
    caption
        Number of messages, period, source.
    """
    if curves.is_empty():
        return _nothing(headlines.course(curves, claim=title, refuted=refuted), caption)
    figure = go.Figure()
    for stance, name in _STANCES.items():
        rows = curves.filter(pl.col(c.STANCE) == stance).sort(c.PERIOD_START)
        figure.add_bar(
            x=_days(rows[c.PERIOD_START]),
            y=(rows[c.MESSAGES_COUNT] / rows[c.DAYS_TOGETHER]).round(2).to_list(),
            width=[_DAY * days for days in rows[c.DAYS_TOGETHER]],
            offset=0,
            customdata=[list(row) for row in rows.select(c.MESSAGES_COUNT, c.DAYS_TOGETHER).rows()],
            name=name,
            marker={"color": _COLOURS[stance], "line": {"width": 0}},
            hovertemplate="с %{x|%d.%m.%Y}, дней: %{customdata[1]}<br>"
            "сообщений: %{customdata[0]}<extra>%{fullData.name}</extra>",
        )
    if refuted is not None:
        figure.add_vline(x=f"{refuted:%Y-%m-%d %H:%M}", line={"dash": "dash", "color": "#000000"})
        figure.add_annotation(
            x=f"{refuted:%Y-%m-%d %H:%M}",
            y=1,
            yref="paper",
            text="опровержение",
            showarrow=False,
            xanchor="left",
            xshift=4,
        )
    figure.update_layout(barmode="stack", legend=LEGEND_BELOW, margin_b=84)
    figure.update_yaxes(title_text="сообщений в день")
    figure.update_xaxes(tickformat="%d.%m.%y")
    said = headlines.course(curves, claim=title, refuted=refuted)
    return finish(figure, title=said, caption=caption, height=400)


@passes_absent
def stances(table: pl.DataFrame, *, titles: Mapping[str, str], caption: str) -> go.Figure:
    """Draw how messages stand to each claim, as shares.

    Parameters
    ----------
    table
        Rows of table ``spread_stances`` of one phase.
    titles
        Claim id → what to call it.
    caption
        Number of messages, period, source.
    """
    drawn = table.filter(pl.col(c.MESSAGES_COUNT) > 0)
    if drawn.is_empty():
        return _nothing(headlines.stances(drawn), caption)
    drawn = drawn.sort(c.MESSAGES_COUNT, c.CLAIM_ID)
    labels = [wrapped(titles.get(name, name), width=46) for name in drawn[c.CLAIM_ID]]
    figure = go.Figure()
    for stance, name in _STANCES.items():
        part = (100 * drawn[stance] / drawn[c.MESSAGES_COUNT]).round(1)
        figure.add_bar(
            x=part.to_list(),
            y=labels,
            name=name,
            orientation="h",
            marker={"color": _COLOURS[stance], "line": {"width": 0}},
            customdata=drawn[stance].to_list(),
            text=[str(count) if count else "" for count in drawn[stance]],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate="%{y}<br>%{fullData.name}: %{customdata} (%{x:.0f} %)<extra></extra>",
        )
    figure.update_layout(barmode="stack", legend=LEGEND_BELOW, margin_b=84)
    figure.update_xaxes(title_text="доля сообщений, %", range=[0, 100], title_standoff=8)
    title = headlines.stances(drawn)
    return finish(figure, title=title, caption=caption, height=190 + 58 * drawn.height)


def _days(days: pl.Series) -> list[str]:
    return days.dt.strftime("%Y-%m-%d").to_list()


def _nothing(title: Headline, caption: str) -> go.Figure:
    return finish(go.Figure(), title=title, caption=caption, height=_NOTHING)


@of.register
def _(result: Spread, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    titles = {
        name: title or name for name, title in result.claims.select(c.CLAIM_ID, c.TEXT).rows()
    }
    everywhere = result.stances.filter(pl.col(c.PHASE) == "all")
    return chosen(
        picture,
        {
            "course": lambda: _leading(result, titles, caption),
            "stances": lambda: stances(everywhere, titles=titles, caption=caption),
        },
    )


def _leading(result: Spread, titles: Mapping[str, str], caption: str) -> go.Figure | Absent:
    of_claim = pl.col(c.CLAIM_ID) == pl.lit(result.leading, pl.String)
    refuted = result.claims.filter(of_claim)[c.REFUTED_AT]
    return spread(
        result.curves.filter(of_claim),
        title=titles.get(result.leading or "", ""),
        refuted=refuted.item() if refuted.len() else None,
        caption=caption,
    )
