"""One look for every figure: template, palette, caption."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import wraps
from html import unescape
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
import polars as pl

from cur_lab.columns import Absent
from cur_lab.headlines import Headline

# Okabe & Ito (2008): told apart with every common form of colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Beyond this many zeros a smaller p says nothing more.
_MOST = 12
QUIET = "#8A8F98"
# Cividis runs from dark blue to yellow with even lightness: readable in grey and colour-blind safe.
SEQUENTIAL = "Cividis_r"

# Below the axis title, where it can lie over neither the caption nor the marks.
LEGEND_BELOW = {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom"}

TEMPLATE = "cur_lab"
UNNAMED = "не указано"
# Characters a line of the title and of the caption holds, pixels a line more takes, the first ones.
_TITLE, _CAPTION = 110, 160
_LINE, _FINE, _TOP = 22, 16, 84
# No number is parted from its unit.
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")
# Title of the figure of what has nothing to draw.
NOTHING = Headline("Недостаточно данных")

pio.templates[TEMPLATE] = go.layout.Template(
    layout=go.Layout(
        font={"family": "PT Sans, Segoe UI, Roboto, Arial, sans-serif", "size": 13},
        title={"x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 12}, "font_size": 17},
        colorway=PALETTE,
        paper_bgcolor="white",
        plot_bgcolor="white",
        separators=", ",
        margin={"l": 12, "r": 24, "t": _TOP, "b": 48},
        xaxis={"gridcolor": "#E6E8EB", "zerolinecolor": "#C5C9CE", "automargin": True},
        yaxis={"gridcolor": "#E6E8EB", "zerolinecolor": "#C5C9CE", "automargin": True},
        hoverlabel={"align": "left"},
    )
)


def finish(figure: go.Figure, *, title: Headline, caption: str, height: int) -> go.Figure:
    """Put the house template, a title that says the finding and a caption under a figure.

    Parameters
    ----------
    figure
        The figure; it is changed and returned.
    title
        What the figure shows, one sentence. Escaped: labels may carry what citizens wrote.
    caption
        Number of messages, period, source.
    height
        In pixels.
    """
    # The caption stands below the title: below the axes its place would depend on their labels.
    below = wrapped(caption, width=_CAPTION)
    subtitle = {"text": below, "font": {"size": 12, "color": QUIET}}
    # Plotly breaks no line.
    written = wrapped(title, width=_TITLE)
    added = _LINE * written.count("<br>") + _FINE * below.count("<br>")
    return figure.update_layout(
        template=TEMPLATE,
        title={"text": written, "subtitle": subtitle},
        height=height + added,
        margin_t=_TOP + added,
    )


def nothing(caption: str) -> go.Figure:
    """Return the figure of what has nothing to draw."""
    return finish(go.Figure(), title=NOTHING, caption=caption, height=200)


def escaped(text: str) -> str:
    """Escape what plotly would read as markup: it renders ``<b>``, ``<a href>`` in any text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(text: str, *, width: int = 42) -> str:
    """Escape a label and break it into lines of at most ``width`` characters."""
    lines: list[str] = []
    for word in _BREAKABLE.split(text.strip()):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return "<br>".join(escaped(line) for line in lines)


def passes_absent(
    draw: Callable[..., go.Figure | Absent],
) -> Callable[..., go.Figure | Absent]:
    """Let a figure of a frame pass on what stands in the frame's place.

    A figure in which nothing is drawn becomes its title as a sentence: empty axes look finished.
    """

    @wraps(draw)
    def drawn(frame: Any, *others: Any, **options: Any) -> go.Figure | Absent:
        for given in (frame, *others):
            if isinstance(given, Absent):
                return given
        figure = draw(frame, *others, **options)
        if isinstance(figure, Absent) or any(map(_filled, figure.data)):
            return figure
        return Absent(unescape(figure.layout.title.text.replace("<br>", " ")))

    return drawn


def _filled(trace: Any) -> bool:
    """Tell whether there is anything in a trace; a treemap has values, all others a place."""
    return bool(len(trace["x" if "x" in trace else "values"] or ()))


def strengths(x: list[str], y: list[str], p: list[list[float | None]]) -> go.Figure:
    """Draw p-values as cells: the smaller, the darker.

    Parameters
    ----------
    x, y
        What is tested, and of whom; escaped.
    p
        One row for each of `y`; None where nothing was tested.
    """
    figure = go.Figure(
        go.Heatmap(
            x=x,
            y=y,
            z=[[_zeros(cell) for cell in row] for row in p],
            zmin=0,
            zmax=_MOST,
            colorscale=SEQUENTIAL,
            colorbar={
                "title": {"text": "нулей после запятой в p", "side": "right"},
                "thickness": 12,
            },
            hovertemplate="%{y}<br>%{x}<br>p = 10<sup>−%{z:.1f}</sup><extra></extra>",
            hoverongaps=False,
            xgap=1,
            ygap=1,
        )
    )
    return figure.update_yaxes(autorange="reversed", showgrid=False)


def _zeros(p: float | None) -> float | None:
    return None if p is None else round(-math.log10(max(p, 10**-_MOST)) + 0.0, 1)


def intervals(
    rows: pl.DataFrame, by: str, names: tuple[str, str, str], factor: float
) -> dict[str, object]:
    """Place points with asymmetric bars; a bound that is not there leaves no bar.

    Parameters
    ----------
    rows
        One point each.
    by
        Column that names the points; a null is «не указано».
    names
        Columns of the value and of the ends of its interval.
    factor
        To multiply by: 100 for shares.
    """
    value, low, high = ((rows[name] * factor).round(3).to_list() for name in names)
    return {
        "x": value,
        "y": [wrapped(name or UNNAMED) for name in rows[by]],
        "mode": "markers",
        "error_x": reaching(value, low, high),
    }


def bars(
    rows: pl.DataFrame, name: str, *, factor: float = 1.0, digits: int = 1, colour: str = QUIET
) -> dict[str, object]:
    """Interval around each point of a column, from its ``…_low`` and ``…_high``.

    Parameters
    ----------
    rows
        One point each; where a bound is not there, there is no bar.
    name
        Column of the value.
    factor, digits
        What values are multiplied by and how they are rounded, as the points are.
    colour
        Of the bars.
    """
    value, low, high = (
        (rows[end] * factor).round(digits).to_list()
        for end in (name, f"{name}_low", f"{name}_high")
    )
    return reaching(value, low, high, colour)


def reaching(
    value: list[float | None],
    low: list[float | None],
    high: list[float | None],
    colour: str = QUIET,
) -> dict[str, object]:
    """Interval around each point from rounded values and ends."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [_reach(v, h) for v, h in zip(value, high, strict=True)],
        "arrayminus": [_reach(lo, v) for lo, v in zip(low, value, strict=True)],
        "color": colour,
        "thickness": 1.5,
        "width": 0,
    }


def _reach(start: float | None, stop: float | None) -> float:
    return 0.0 if start is None or stop is None else round(stop - start, 3)
