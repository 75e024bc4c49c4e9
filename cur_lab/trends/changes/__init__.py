"""Lasting changes of daily counts: a new level, its parts, a move between channels.

=================  ==============================================================
``daily``          counts as series over the same days
``dependence``     how far days that hang together scatter
``steps``          changes of level in one series
``lasting``        … in every series, with dates, sizes and q-values
``decomposition``  trend, weekday, time of year, rest
``yearly``         … the time of year, and whether it repeats
``mix``            a shift between channels told from a real rise
``shifts``         … in words
=================  ==============================================================
"""

from cur_lab.trends.changes.decomposition import decomposition
from cur_lab.trends.changes.lasting import changes, robustness
from cur_lab.trends.changes.mix import mix

__all__ = ["changes", "decomposition", "mix", "robustness"]
