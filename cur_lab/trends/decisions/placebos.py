"""The same estimate where and when nothing was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cur_lab.trends.decisions.compared import Panel
from cur_lab.trends.decisions.estimating import (
    LEAST_DAYS,
    SYNTHETIC,
    Estimate,
    by_interrupted_series,
    by_synthetic_control,
)

# A placebo date a month: closer ones would repeat each other.
_STEP = 28


@dataclass(frozen=True, slots=True)
class Placebo:
    """An estimate without a decision; ``place`` None is the treated series."""

    place: str | None
    day: int
    estimate: Estimate


def in_place(panel: Panel, horizon: int, method: str) -> list[Placebo]:
    """Estimate in every untreated district at the date of the decision, without the treated."""
    place = {"at": panel.at, "before": panel.before, "horizon": horizon}
    # The other rubrics of the treated districts are no offset for another district.
    elsewhere = replace(panel, others=np.zeros(panel.days))
    found = []
    for number, name in enumerate(panel.names):
        series = panel.donors[:, number]
        if method == SYNTHETIC:
            others = np.delete(panel.donors, number, axis=1)
            estimate = by_synthetic_control(series, others, panel, **place)
        else:
            estimate = by_interrupted_series(series, elsewhere, **place)
        if estimate is not None:
            found.append(Placebo(name, panel.at, estimate))
    return found


def in_time(panel: Panel, horizon: int, method: str) -> list[Placebo]:
    """Estimate in the treated series at earlier dates whose horizon ends before the decision."""
    found = []
    for day in range(panel.before - horizon, LEAST_DAYS - 1, -_STEP):
        estimate = at(panel, day, horizon, method)
        if estimate is not None:
            found.append(Placebo(None, day, estimate))
    return found[::-1]


def at(panel: Panel, day: int, horizon: int, method: str) -> Estimate | None:
    """Estimate in the treated series at another day."""
    place = {"at": day, "before": day, "horizon": horizon}
    if method == SYNTHETIC:
        return by_synthetic_control(panel.treated, panel.donors, panel, **place)
    return by_interrupted_series(panel.treated, panel, **place)
