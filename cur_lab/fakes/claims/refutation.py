"""What a refutation changed, against peaks as high that nobody refuted.

A refutation comes at the peak, and after a peak there is less anyway. So the fall is compared with
the fall after equal peaks of other series at the same distance from the peak.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import FloatArray

_DAY = 86_400.0
_WINDOW = 3.0  # days before and after
_APART = 14.0  # days between peaks of one series
_FEWEST = 3
_NEAR = 1.5  # a control's messages before, to the claim's
# Ends of a 95 % range that are ranks too: of fewer peaks none is outside the range by chance.
_CONTROLS = 39


@dataclass(frozen=True)
class Effect:
    """Messages before and after; the change to what equal peaks showed, or why there is none."""

    before: int | None
    after: int | None
    controls: int | None = None
    usual: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    note: str | None = None


def standing(registry: pl.DataFrame, last: datetime | None) -> pl.DataFrame:
    """Take the date off a refutation that was withdrawn by the end of the data; keep when it was.

    Parameters
    ----------
    registry
        With ``refuted_at`` and ``withdrawn_at``.
    last
        End of the data; None: not known, and what was ever withdrawn is.
    """
    withdrawn = pl.col(c.WITHDRAWN_AT).is_not_null()
    if last is not None:
        withdrawn &= pl.col(c.WITHDRAWN_AT) <= last
    return registry.with_columns(
        pl.when(~withdrawn).then(c.REFUTED_AT).alias(c.REFUTED_AT),
        pl.when(withdrawn).then(c.WITHDRAWN_AT).alias(c.WITHDRAWN_AT),
    )


def effect_of(
    times: Sequence[datetime],
    peak: datetime | None,
    refuted: datetime,
    last: datetime,
    others: Sequence[FloatArray],
) -> Effect:
    """Compare the days after a refutation with the days after equal peaks.

    Parameters
    ----------
    times
        Of the messages that spread the claim.
    peak
        Of the wave the refutation fell into; None: there was none before it.
    refuted
        When the refutation was published.
    last
        End of the data: a window beyond it says nothing.
    others
        Times of other series in seconds, sorted, without refutations.

    Returns
    -------
    Effect
        ``change`` is the ratio after : before divided by the median one of equal peaks, its
        interval from their ranks; ``p`` the two-sided rank among them.
    """
    own = np.array(sorted(time.timestamp() for time in times))
    moment = refuted.timestamp()
    before, after = _around(own, moment)
    if peak is None:
        return Effect(before, after, note="not_seen_before")
    if refuted + timedelta(days=_WINDOW) > last:
        return Effect(before, after, note="too_soon")
    if before < _FEWEST:
        return Effect(before, after, note="quiet_before")
    lag = moment - peak.timestamp()
    usual = _falls(others, lag, before, last.timestamp())
    if len(usual) < _CONTROLS:
        return Effect(before, after, len(usual), note="few_peaks")
    ratio = (after + 0.5) / (before + 0.5)
    rank = min((usual <= ratio).sum(), (usual >= ratio).sum())
    p = min(1.0, 2 * (1 + int(rank)) / (1 + len(usual)))
    # The range holds exactly the ratios of p > 0.05: beside the interval no p says otherwise.
    outside = math.floor(0.025 * (1 + len(usual)))
    ordered = np.sort(usual)
    low, middle, high = ordered[outside - 1], np.median(ordered), ordered[-outside]
    return Effect(
        before,
        after,
        len(usual),
        usual=float(middle),
        change=float(ratio / middle),
        low=float(ratio / high),
        high=float(ratio / low),
        p=p,
    )


def _falls(others: Sequence[FloatArray], lag: float, before: int, last: float) -> FloatArray:
    """Ratios after : before of other series as far from an equal peak."""
    ratios = []
    for times in others:
        for peak in _peaks(times):
            moment = peak + lag
            there, then = _around(times, moment)
            if before / _NEAR <= there <= before * _NEAR and moment + _WINDOW * _DAY <= last:
                ratios.append((then + 0.5) / (there + 0.5))
    return np.array(ratios)


def _around(times: FloatArray, moment: float) -> tuple[int, int]:
    width = _WINDOW * _DAY
    start, middle, stop = np.searchsorted(times, [moment - width, moment, moment + width])
    return int(middle - start), int(stop - middle)


def _peaks(times: FloatArray) -> list[float]:
    """Middles of the busiest days of a series, at least a fortnight apart, highest first."""
    if len(times) < _FEWEST:
        return []
    places = np.arange(len(times))
    stops = np.searchsorted(times, times + _DAY)
    counts = stops - places
    found: list[float] = []
    for place in np.lexsort((places, -counts)):
        if counts[place] < _FEWEST or len(found) >= 20:
            break
        middle = float(times[(place + stops[place] - 1) // 2])
        if all(abs(middle - other) >= _APART * _DAY for other in found):
            found.append(middle)
    return found
