"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import briefing, budgeting, integrity, theme, topics

__all__ = ["briefing", "budgeting", "integrity", "theme", "topics"]
