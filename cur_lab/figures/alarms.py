"""Pictures of alarms: episodes on a line of time."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.dispatch import chosen
from cur_lab.figures import of
from cur_lab.figures.theme import LEGEND_BELOW, PALETTE, finish, passes_absent, wrapped
from cur_lab.figures.timeline import russian_dates, times
from cur_lab.headlines import alarms as headlines
from cur_lab.trends import Alarms

__all__ = ["episodes"]


@of.register
def _alarms(result: Alarms, picture: str | None = None, *, caption: str) -> go.Figure:
    return chosen(picture, {"episodes": lambda: episodes(result.episodes, caption=caption)})


@passes_absent
def episodes(
    frame: pl.DataFrame, *, caption: str, top: int = 25, zone: str = "Europe/Moscow"
) -> go.Figure:
    """Draw alarm episodes on a line of time, with the official notice where there is one.

    Parameters
    ----------
    frame
        Table ``columns.ALARM_EPISODES``; the most certain are drawn.
    caption
        Number of messages, period, source.
    top
        How many episodes are drawn.
    zone
        Time zone of the axis.
    """
    drawn = frame.sort(c.CHANCE_PER_YEAR, c.EPISODE).head(top)
    drawn = drawn.sort(c.BEGAN_AT, c.EPISODE, descending=[True, False])
    title = headlines.episodes(frame, top=top)
    if drawn.is_empty():
        return finish(go.Figure(), title=title, caption=caption, height=200)
    labels = [wrapped(label, width=52) for label in _episode_labels(drawn)]
    lines_of_label = max(label.count("<br>") + 1 for label in labels)
    begun, detected, ended = (
        times(drawn[name], zone) for name in (c.BEGAN_AT, c.DETECTED_AT, c.ENDED_AT)
    )
    lines: list[Any] = [
        go.Scatter(
            x=[x for pair in zip(begun, ended, strict=True) for x in (*pair, None)],
            y=[y for label in labels for y in (label, label, None)],
            mode="lines",
            name="сообщения шли",
            line={"width": 6, "color": PALETTE[5]},
            hoverinfo="skip",
        ),
        go.Scatter(
            x=detected,
            y=labels,
            mode="markers",
            name="тревога",
            marker={"size": 10, "color": PALETTE[1], "symbol": "triangle-right"},
            customdata=_numbers(drawn),
            hovertemplate="%{y}<br>%{x}<br>%{customdata}<extra></extra>",
        ),
    ]
    notices = [(x, y) for x, y in zip(times(drawn[c.NOTICE_AT], zone), labels, strict=True) if x]
    if notices:
        marker = {"size": 9, "color": PALETTE[6], "symbol": "x"}
        xs, ys = zip(*notices, strict=True)
        lines.append(
            go.Scatter(x=list(xs), y=list(ys), mode="markers", name="извещение", marker=marker)
        )
    figure = go.Figure(lines)
    figure.update_layout(legend=LEGEND_BELOW)
    russian_dates(figure)
    return finish(
        figure, title=title, caption=caption, height=220 + (10 + 16 * lines_of_label) * drawn.height
    )


def _episode_labels(drawn: pl.DataFrame) -> list[str]:
    labels = []
    for row in drawn.iter_rows(named=True):
        hit = row[c.MUNICIPALITIES_HIT]
        several = f"{len(hit)} {wording.plural(len(hit), 'район', 'района', 'районов')}"
        place = row[c.MUNICIPALITY] or (several if hit else "вся область")
        subject = row[c.RUBRIC] or ", ".join(row[c.KEYWORDS][:3]) or "рубрика не указана"
        # The date keeps two episodes of one series apart.
        labels.append(f"{row[c.BEGAN_AT]:%d.%m.%Y}, {place}: {subject}")
    return labels


def _numbers(drawn: pl.DataFrame) -> list[str]:
    return [
        f"{row[c.OBSERVED]} за {row[c.HOURS]} ч, "
        f"ожидалось {wording.decimal(row[c.EXPECTED], digits=1)}"
        for row in drawn.iter_rows(named=True)
    ]
