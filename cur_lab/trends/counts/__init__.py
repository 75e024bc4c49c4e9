"""Messages, incidents and authors: over time, in the last period, in all."""

from cur_lab.trends.counts.counting import counts
from cur_lab.trends.counts.sums import latest, totals

__all__ = ["counts", "latest", "totals"]
