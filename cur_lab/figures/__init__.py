"""Figures: one module per method, frame → plotly figure. Nothing here computes."""

from cur_lab.figures import theme, topics

__all__ = ["theme", "topics"]
