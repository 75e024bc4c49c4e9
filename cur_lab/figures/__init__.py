"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import budgeting, integrity, theme, topics

__all__ = ["budgeting", "integrity", "theme", "topics"]
