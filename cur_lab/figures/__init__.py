"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import (
    alarms,
    answers,
    briefing,
    budgeting,
    campaigns,
    claims,
    hotspots,
    impact,
    integrity,
    theme,
    topics,
    trends,
)

__all__ = [
    "alarms",
    "answers",
    "briefing",
    "budgeting",
    "campaigns",
    "claims",
    "hotspots",
    "impact",
    "integrity",
    "theme",
    "topics",
    "trends",
]
