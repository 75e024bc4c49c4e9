"""Whether incidents differ in how loud they are beyond chance, as the reports themselves tell."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.trends.reporting.rates import HOME

FIRST_GAP, SECOND_GAP = "first_gap", "second_gap"
# Of two questions: five in a hundred regions of alike incidents are taken for unlike.
_SURE = 0.025


def differs(incidents: pl.DataFrame, groups: list[str]) -> bool:
    """Tell whether incidents of a group and rubric, or their houses, are unlike each other.

    Of alike incidents the gap between the first two reports says nothing of the next gap, however
    long they last, nor of that of the next incident at the same house; that they end, or are no
    longer watched, makes a long gap be followed by shorter ones. Only where some are loud and
    others mild do long gaps follow long ones: Spearman's correlation of ranks within group and
    rubric, one-sided.

    Parameters
    ----------
    incidents
        One row each, with the columns of ``groups``, ``rubric``, ``home``, ``first_report_at``,
        ``first_gap`` and ``second_gap`` (null where there were fewer reports).
    groups
        Columns compared.
    """
    alike = list(dict.fromkeys([*groups, c.RUBRIC]))
    ordered = incidents.sort(c.FIRST_REPORT_AT, c.INCIDENT_ID)
    later = pl.col(FIRST_GAP).shift(-1).over([*alike, HOME])
    next_door = ordered.drop_nulls(FIRST_GAP).with_columns(later.alias(SECOND_GAP))
    return min(_chance(ordered, alike), _chance(next_door, alike)) < _SURE


def _chance(pairs: pl.DataFrame, alike: list[str]) -> float:
    """Chance of gaps as correlated as these, ranked within each group, were they shuffled there."""
    known = pairs.drop_nulls([FIRST_GAP, SECOND_GAP])
    x, y = (pl.col(gap).rank() - (pl.len() + 1) / 2 for gap in (FIRST_GAP, SECOND_GAP))
    # Of shuffled ranks the sum of products has the mean 0 and a known variance.
    sums = (
        known.group_by(alike)
        .agg(
            (x * y).sum().alias("together"),
            ((x**2).sum() * (y**2).sum() / (pl.len() - 1)).alias("variance"),
            pl.len().alias("n"),
        )
        .filter(pl.col("n") > 1)
        .sort(alike)
    )
    together, variance = (float(sums[name].to_numpy().sum()) for name in ("together", "variance"))
    return float(scipy.stats.norm.sf(together / np.sqrt(variance))) if variance > 0 else 1.0
