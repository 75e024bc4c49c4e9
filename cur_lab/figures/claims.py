"""Pictures of claims that come back and of an intake under attack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, QUIET, escaped, finish, wrapped
from cur_lab.wording import percent

__all__ = ["filters", "intake", "spread", "stances"]

STANCES = {
    "spreads": "повторяют",
    "asks": "спрашивают",
    "doubts": "сомневаются",
    "refutes": "опровергают",
}
FILTERS = {"rate": "частота на автора", "duplicates": "повторы текста"}
WINDOWS = {"10m": "10 минут", "1h": "час", "1d": "сутки"}
_COLOURS = dict(zip(STANCES, (PALETTE[1], PALETTE[0], PALETTE[4], PALETTE[2]), strict=True))
_NOTHING = 200


def spread(
    curves: pl.DataFrame, *, title: str, refuted: datetime | None, caption: str
) -> go.Figure:
    """Draw the messages about one claim per day and stance, the refutation as a line.

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
        return _nothing("Совпадений с записью реестра не найдено", caption)
    figure = go.Figure()
    for stance, name in STANCES.items():
        rows = curves.filter(pl.col(c.STANCE) == stance).sort(c.PERIOD_START)
        figure.add_bar(
            x=_days(rows[c.PERIOD_START]),
            y=rows[c.MESSAGES_COUNT].to_list(),
            name=name,
            marker={"color": _COLOURS[stance], "line": {"width": 0}},
            hovertemplate="%{x|%d.%m.%Y}: %{y}<extra>%{fullData.name}</extra>",
        )
    after = 0
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
        after = int(curves.filter(pl.col(c.PERIOD_START) > refuted)[c.MESSAGES_COUNT].sum())
    total = int(curves[c.MESSAGES_COUNT].sum())
    share = f", после опровержения {percent(after / total)}" if refuted is not None else ""
    figure.update_layout(barmode="stack", bargap=0.1, legend=LEGEND_BELOW, margin_b=84)
    figure.update_yaxes(title_text="сообщений в день")
    figure.update_xaxes(tickformat="%d.%m.%y")
    short = title if len(title) <= 60 else title[:57].rstrip() + "…"
    return finish(figure, title=f"«{short}»: {total} сообщений{share}", caption=caption, height=400)


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
        return _nothing("Совпадений с реестром не найдено", caption)
    drawn = drawn.sort(c.MESSAGES_COUNT, c.CLAIM_ID)
    labels = [wrapped(titles.get(name, name), width=46) for name in drawn[c.CLAIM_ID]]
    figure = go.Figure()
    for stance, name in STANCES.items():
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
    asks, total = int(drawn["asks"].sum()), int(drawn[c.MESSAGES_COUNT].sum())
    title = f"Спрашивают в {percent(asks / total)} совпавших сообщений: {asks} из {total}"
    return finish(figure, title=title, caption=caption, height=190 + 48 * drawn.height)


def intake(volume: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw the volume of a channel bin by bin against its norm; bins of a surge stand out.

    Parameters
    ----------
    volume
        Rows of table ``intake_volume``, best of a day or two; local time.
    caption
        Number of messages, period, source.
    """
    if volume.is_empty():
        return _nothing("Сообщений в этом промежутке нет", caption)
    rows = volume.sort(c.PERIOD_START)
    times = rows[c.PERIOD_START].dt.strftime("%Y-%m-%d %H:%M").to_list()
    figure = go.Figure()
    for within, name, colour in ((False, "обычные", QUIET), (True, "всплеск", PALETTE[1])):
        part = rows.filter(pl.col(c.IN_SURGE) == within)
        figure.add_bar(
            x=part[c.PERIOD_START].dt.strftime("%Y-%m-%d %H:%M").to_list(),
            y=part[c.MESSAGES_COUNT].to_list(),
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[
                [copies, "неизвестно" if new is None else new]
                for copies, new in part.select(c.IN_FAMILIES, c.NEW_ACCOUNTS).rows()
            ],
            hovertemplate=(
                "%{x|%d.%m %H:%M}: %{y}<br>с повторами текста: %{customdata[0]}"
                "<br>новых учётных записей: %{customdata[1]}<extra></extra>"
            ),
        )
    figure.add_scatter(
        x=times,
        y=rows[c.EXPECTED_HIGH].to_list(),
        name="верх обычного (97,5 %)",
        mode="lines",
        line={"color": PALETTE[0], "width": 1.5, "shape": "hvh"},
        hoverinfo="skip",
    )
    figure.update_layout(barmode="overlay", legend=LEGEND_BELOW, margin_b=84)
    figure.update_yaxes(title_text="сообщений", rangemode="tozero")
    figure.update_xaxes(tickformat="%d.%m<br>%H:%M")
    loud = rows.filter(pl.col(c.IN_SURGE))
    if loud.is_empty():
        return finish(figure, title="Всплесков нет", caption=caption, height=400)
    usual = float(loud[c.EXPECTED].sum())
    title = (
        f"Во всплеске {loud[c.MESSAGES_COUNT].sum()} сообщений, "
        f"обычно в эти часы {usual:.1f}".replace(".", ",")
    )
    return finish(figure, title=title, caption=caption, height=400)


def filters(table: pl.DataFrame, *, caption: str) -> go.Figure:
    """Draw what each setting of a filter stops of the attack and what it costs the others.

    Parameters
    ----------
    table
        Table ``intake_filters``.
    caption
        Number of messages, period, source.
    """
    known = table.drop_nulls([c.ATTACK_SHARE, c.HONEST_SHARE])
    if known.is_empty():
        return _nothing("Останавливать нечего: подозрительных повторов во всплесках нет", caption)
    figure = go.Figure()
    for number, name in enumerate(FILTERS):
        rows = known.filter(pl.col(c.FILTER) == name).sort(c.HONEST_SHARE, c.WINDOW, c.ALLOWED)
        if rows.is_empty():
            continue
        figure.add_scatter(
            x=(100 * rows[c.HONEST_SHARE]).round(3).to_list(),
            y=(100 * rows[c.ATTACK_SHARE]).round(1).to_list(),
            name=FILTERS[name],
            mode="markers",
            marker={"size": 10, "color": PALETTE[number], "symbol": ("circle", "diamond")[number]},
            error_x=_ends(rows, c.HONEST_SHARE, 3),
            error_y=_ends(rows, c.ATTACK_SHARE, 1),
            customdata=[
                [WINDOWS.get(window, escaped(window)), allowed]
                for window, allowed in rows.select(c.WINDOW, c.ALLOWED).rows()
            ],
            hovertemplate=(
                "не больше %{customdata[1]} за %{customdata[0]}<br>остановлено атаки %{y} %"
                "<br>и остальных %{x} %<extra>%{fullData.name}</extra>"
            ),
        )
    figure.update_layout(legend=LEGEND_BELOW, margin_b=84)
    label = "остановлено остальных сообщений, % (95 %-й интервал)"
    figure.update_xaxes(title_text=label, rangemode="tozero", title_standoff=8)
    figure.update_yaxes(title_text="остановлено атаки, %", range=[-3, 103])
    best = known.sort(
        pl.col(c.ATTACK_SHARE) - 20 * pl.col(c.HONEST_SHARE), c.FILTER, c.WINDOW, c.ALLOWED
    ).row(-1, named=True)
    title = (
        f"«{FILTERS.get(best[c.FILTER], best[c.FILTER])}», не больше {best[c.ALLOWED]} за "
        f"{WINDOWS.get(best[c.WINDOW], best[c.WINDOW])}: остановлено "
        f"{percent(best[c.ATTACK_SHARE])} атаки и {percent(best[c.HONEST_SHARE])} остальных"
    )
    return finish(figure, title=title, caption=caption, height=440)


def _days(days: pl.Series) -> list[str]:
    return days.dt.strftime("%Y-%m-%d").to_list()


def _ends(rows: pl.DataFrame, name: str, digits: int) -> dict[str, object]:
    above = (100 * (rows[f"{name}_high"] - rows[name])).clip(lower_bound=0).round(digits)
    below = (100 * (rows[name] - rows[f"{name}_low"])).clip(lower_bound=0).round(digits)
    return {
        "type": "data",
        "symmetric": False,
        "array": above.to_list(),
        "arrayminus": below.to_list(),
        "color": QUIET,
        "thickness": 1,
        "width": 0,
    }


def _nothing(title: str, caption: str) -> go.Figure:
    return finish(go.Figure(), title=title, caption=caption, height=_NOTHING)
