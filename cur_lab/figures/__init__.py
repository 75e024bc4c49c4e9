"""Figures: one module per chapter, frame → plotly figure. Nothing here computes.

:func:`of` draws a picture of a result, by the result's type; a frame has its own function in the
chapter's module, such as ``figures.trends.counts(frame, caption=…)``. Modules are imported on
first use.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import plotly.graph_objects as go

from cur_lab.columns import Absent
from cur_lab.dispatch import by_type

_MODULES = (
    "afterwards",
    "alarms",
    "answers",
    "briefing",
    "budgeting",
    "campaigns",
    "claims",
    "decisions",
    "fairness",
    "hotspots",
    "intake",
    "integrity",
    "reporting",
    "theme",
    "topics",
    "trends",
)
__all__ = ["of", *_MODULES]


@by_type("cur_lab.figures")
def of(result: object, picture: str | None = None, *, caption: str) -> go.Figure | Absent:
    """Draw a picture of a result.

    Parameters
    ----------
    result
        What a public function yields as a bundle of frames, such as ``trends.hotspots(…)``.
    picture
        Which picture, such as ``"streets"``; the leading one if None.
    caption
        Number of messages, period, source.

    Returns
    -------
    go.Figure or Absent
        The figure; a sentence where there is nothing to draw.

    Raises
    ------
    ParameterError
        If the result is none of ours, or has no such picture.
    """
    raise NotImplementedError


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
