"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import integrity, theme, topics

__all__ = ["integrity", "theme", "topics"]
