"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import (
    alarms,
    briefing,
    budgeting,
    hotspots,
    impact,
    integrity,
    theme,
    topics,
    trends,
)

__all__ = [
    "alarms",
    "briefing",
    "budgeting",
    "hotspots",
    "impact",
    "integrity",
    "theme",
    "topics",
    "trends",
]
