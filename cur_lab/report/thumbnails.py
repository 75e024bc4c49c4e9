"""A figure as a small picture of a few kilobytes: its marks, without words and without a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import pairwise
from typing import Any

from cur_lab.figures import theme

_WIDTH, _HEIGHT, _MARGIN = 400, 150, 8
# More marks than these are one blot at this size.
_MOST = 300
_PALE, _DARK = (226, 232, 238), (0, 62, 108)

Trace = Mapping[str, Any]


def svg(figure: Mapping[str, Any]) -> str:
    """Draw the first panel of a plotly figure; empty where there is nothing to draw.

    Parameters
    ----------
    figure
        As JSON: ``data`` and ``layout``. Points, lines, bars and heat maps are drawn.
    """
    layout = figure.get("layout") or {}
    traces = [trace for trace in figure.get("data") or [] if _of_first_panel(trace)]
    if layout.get("barmode") in ("stack", "relative"):
        traces = _stacked(traces)
    x = _Axis.of(_extent(traces, "x"), _MARGIN, _WIDTH - _MARGIN, zero=_grows(traces, "h"))
    ends = (_HEIGHT - _MARGIN, _MARGIN)
    if (layout.get("yaxis") or {}).get("autorange") == "reversed":
        ends = ends[::-1]
    y = _Axis.of(_extent(traces, "y"), *ends, zero=_grows(traces, "v"))
    marks = [
        mark
        for number, trace in enumerate(traces)
        for mark in _marks(trace, x, y, theme.PALETTE[number % len(theme.PALETTE)])
    ]
    if not marks:
        return ""
    # What it shows is said beside it.
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(marks)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """Where a value stands: numbers and days by their size, names by their order."""

    places: Mapping[object, float]
    low: float
    high: float
    start: float
    stop: float

    @classmethod
    def of(cls, values: Iterable[object], start: float, stop: float, *, zero: bool) -> _Axis:
        seen = [value for value in dict.fromkeys(values) if value is not None]
        numbers = [_number(value) for value in seen]
        if None in numbers:
            numbers = [float(place) for place in range(len(seen))]
        known = [number for number in numbers if number is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        if zero:
            low, high = min(low, 0.0), max(high, 0.0)
        return cls(dict(zip(seen, known, strict=True)), low, high, start, stop)

    def at(self, value: object) -> float | None:
        return self.scaled(self.places[value]) if value in self.places else None

    def scaled(self, number: float) -> float:
        share = (number - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.start + (self.stop - self.start) * min(max(share, 0.0), 1.0), 1)


def _marks(trace: Trace, x: _Axis, y: _Axis, colour: str) -> Iterator[str]:
    kind = trace.get("type", "scatter")
    if kind == "heatmap":
        yield from _cells(trace)
        return
    pairs = list(zip(_values(trace, "x"), _values(trace, "y"), strict=False))
    pairs = pairs[:: max(1, len(pairs) // _MOST)]
    placed = [(x.at(left), y.at(top)) for left, top in pairs]
    points = [(across, up) for across, up in placed if across is not None and up is not None]
    own = _colour(trace, "marker") or _colour(trace, "line") or colour
    if kind == "bar":
        yield from _bars(points, x, y, own, flat=trace.get("orientation") == "h")
    elif kind in ("scatter", "scattergl"):
        mode = trace.get("mode", "lines")
        if trace.get("fill") == "toself":
            corners = " ".join(f"{across},{up}" for across, up in points)
            yield f'<polygon points="{corners}" fill="{own}" fill-opacity=".15"/>'
        elif "lines" in mode and (path := _path(placed)):
            yield f'<path d="{path}" fill="none" stroke="{own}" stroke-width="1.5"/>'
        if "markers" in mode:
            yield from _intervals(trace, x, y, pairs)
            for across, up in points:
                yield f'<circle cx="{across}" cy="{up}" r="3" fill="{own}"/>'


def _path(placed: Iterable[tuple[float | None, float | None]]) -> str:
    """Join points into lines; what is not there ends one."""
    written, drawing = [], False
    for across, up in placed:
        known = across is not None and up is not None
        if known:
            written.append(f"{'L' if drawing else 'M'}{across} {up}")
        drawing = known
    return "".join(written)


def _bars(
    points: Sequence[tuple[float, float]], x: _Axis, y: _Axis, colour: str, *, flat: bool
) -> Iterator[str]:
    places = sorted({up if flat else across for across, up in points})
    gaps = [after - before for before, after in pairwise(places)]
    thick = max(1.0, 0.7 * min([*gaps, _WIDTH / 8]))
    for across, up in points:
        if flat:
            zero = x.scaled(0.0)
            left, top = min(zero, across), up - thick / 2
            wide, tall = abs(across - zero), thick
        else:
            zero = y.scaled(0.0)
            left, top = across - thick / 2, min(zero, up)
            wide, tall = thick, abs(up - zero)
        yield (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" '
            f'fill="{colour}"/>'
        )


def _intervals(
    trace: Trace, x: _Axis, y: _Axis, pairs: Sequence[tuple[object, object]]
) -> Iterator[str]:
    for (_, top), ends in zip(pairs, _ends(trace, "x"), strict=False):
        up, left, right = y.at(top), x.at(ends[0]), x.at(ends[1])
        if up is not None and left is not None and right is not None:
            yield (
                f'<line x1="{left}" x2="{right}" y1="{up}" y2="{up}" '
                f'stroke="{theme.QUIET}" stroke-width="1"/>'
            )


def _ends(trace: Trace, name: str) -> list[tuple[Any, Any]]:
    """Return the ends of the interval about each value, where a trace has intervals."""
    error = trace.get(f"error_{name}") or {}
    reach = zip(error.get("arrayminus") or [], error.get("array") or [], strict=False)
    return [
        (value - below, value + above)
        if all(isinstance(part, int | float) for part in (value, below, above))
        else (None, None)
        for value, (below, above) in zip(_values(trace, name), reach, strict=False)
    ]


def _extent(traces: Iterable[Trace], name: str) -> Iterator[object]:
    for trace in traces:
        yield from _values(trace, name)
        for ends in _ends(trace, name):
            yield from ends


def _stacked(traces: Iterable[Trace]) -> list[Trace]:
    """Join bars that stand on each other into one, as high as all of them."""
    heights: dict[object, float] = {}
    others = []
    for trace in traces:
        flat = trace.get("orientation") == "h"
        if trace.get("type") != "bar" or flat:
            others.append(trace)
            continue
        for place, value in zip(_values(trace, "x"), _values(trace, "y"), strict=False):
            heights[place] = heights.get(place, 0.0) + (value or 0)
    joined = {"type": "bar", "x": list(heights), "y": list(heights.values())}
    return [joined, *others] if heights else others


def _cells(trace: Trace) -> Iterator[str]:
    lines = [line for line in trace.get("z") or [] if isinstance(line, list)]
    known = [value for line in lines for value in line if isinstance(value, int | float)]
    if not known:
        return
    low, high = min(known), max(known)
    across, up = _values(trace, "x"), _values(trace, "y")
    wide = (_WIDTH - 2 * _MARGIN) / max(len(across), 1)
    tall = (_HEIGHT - 2 * _MARGIN) / max(len(up), 1)
    step = max(1, len(lines) * len(across) // (3 * _MOST))
    for row, line in list(enumerate(lines))[::step]:
        for column, value in enumerate(line):
            if isinstance(value, int | float):
                share = (value - low) / (high - low) if high > low else 0.5
                mixed = (round(p + (d - p) * share) for p, d in zip(_PALE, _DARK, strict=True))
                yield (
                    f'<rect x="{_MARGIN + column * wide:.1f}" y="{_MARGIN + row * tall:.1f}" '
                    f'width="{wide - 1:.1f}" height="{max(tall * step - 0.5, 0.5):.1f}" '
                    f'fill="#{"".join(f"{part:02x}" for part in mixed)}"/>'
                )


def _of_first_panel(trace: Trace) -> bool:
    return {trace.get("xaxis", "x"), trace.get("yaxis", "y")} == {"x", "y"}


def _grows(traces: Sequence[Trace], orientation: str) -> bool:
    """Tell whether bars grow along an axis: it has a zero then."""
    return any(
        trace.get("type") == "bar" and (trace.get("orientation") or "v") == orientation
        for trace in traces
    )


def _values(trace: Trace, name: str) -> list[Any]:
    given = trace.get(name)
    if isinstance(given, list | tuple):
        # A category of two levels is a list itself.
        return [value if not isinstance(value, list) else tuple(value) for value in given]
    other = trace.get("y" if name == "x" else "x")
    return list(range(len(other))) if isinstance(other, list | tuple) else []


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.replace(tzinfo=None).toordinal() + moment.hour / 24 + moment.minute / 1440


def _colour(trace: Trace, part: str) -> str:
    given = (trace.get(part) or {}).get("color")
    return escape(given) if isinstance(given, str) else ""
