"""Axes of time that read the same in every time zone and language of the browser."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl


def times(values: pl.Series, zone: str) -> list[str | None]:
    """Write local times as plotly takes them, without a zone it would convert again."""
    return values.dt.convert_time_zone(zone).dt.strftime("%Y-%m-%d %H:%M").to_list()


def russian_dates(figure: go.Figure) -> None:
    """Write dates in numbers, for plotly names months in English."""
    figure.update_xaxes(tickformat="%d.%m.%Y", hoverformat="%d.%m.%Y")
