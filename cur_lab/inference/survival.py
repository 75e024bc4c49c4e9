"""Estimators of time to an event; pandas, which lifelines speaks, stays behind this border."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy

from cur_lab.inference.arrays import FloatArray, IntArray
from cur_lab.inference.intervals import wilson

Estimate = tuple[float | None, float | None, float | None]  # value, low, high
UNKNOWN: Estimate = (None, None, None)
_Z = float(scipy.special.ndtri(0.975))


class Survival:
    """Kaplan-Meier estimate of the share still without the event, with its log-log 95 % band.

    Parameters
    ----------
    durations
        Until the event or the end of observation, in days.
    happened
        Whether the event was observed.
    """

    def __init__(self, durations: FloatArray, happened: npt.NDArray[np.bool_]):
        from lifelines import KaplanMeierFitter

        fit = KaplanMeierFitter().fit(durations, happened)
        self.times: FloatArray = fit.survival_function_.index.to_numpy(dtype=float)
        self.share: FloatArray = fit.survival_function_.to_numpy(dtype=float)[:, 0]
        self.low, self.high = fit.confidence_interval_.to_numpy(dtype=float).T
        table = fit.event_table
        # Nobody is left at risk before a time at which the last ones drop out.
        self.at_risk = (table["at_risk"] - table["removed"]).to_numpy(dtype=np.int64)

    def quantile(self, p: float) -> Estimate:
        """Time by which a share ``p`` has had the event; an end that is not reached is None."""
        value, low, high = (
            self._reached(band, 1 - p) for band in (self.share, self.low, self.high)
        )
        return UNKNOWN if value is None else (value, low, high)

    def _reached(self, falling: FloatArray, share: float) -> float | None:
        # A product of fractions that is one half comes out a hair above it.
        places = np.flatnonzero(falling <= share + 1e-12)
        return float(self.times[places[0]]) if places.size else None

    def happened_by(self, time: float) -> Estimate:
        """Share that has had the event by ``time``; None where nobody was followed so long."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        value = 1 - self.share[place]
        if time > self.times[-1] and value < 1:
            return UNKNOWN
        if value == 0:
            # No event has no variance, yet the share is not known to be zero.
            return 0.0, 0.0, float(wilson(0, self.at_risk[place])[1])
        return float(value), float(1 - self.high[place]), float(1 - self.low[place])


def incidences(
    durations: FloatArray, causes: IntArray, cause: int, times: Sequence[float]
) -> list[Estimate]:
    """Cumulative incidence of one of several competing events by each time (Aalen-Johansen).

    Parameters
    ----------
    durations
        Until the first event or the end of observation, in days.
    causes
        Number of the event, 0 if none was observed.
    cause
        The event of interest.
    times
        In days; an estimate is None where nobody was followed so long.

    Notes
    -----
    Estimate and log-log interval are those of ``lifelines.AalenJohansenFitter``, which the tests
    hold them to; it loops over the rows in Python and takes minutes for the agencies of a region.
    Causes at one moment are ties of one risk set, as in the estimator's definition; lifelines
    jitters them apart at random.
    """
    known, place = np.unique(durations, return_inverse=True)
    left = np.bincount(place)
    at_risk = (left[::-1].cumsum()[::-1]).astype(float)
    observed = np.bincount(place, weights=causes > 0).astype(float)
    of_cause = np.bincount(place, weights=causes == cause).astype(float)
    found: list[Estimate] = []
    for time in times:
        stop = int(np.searchsorted(known, time, side="right"))
        if stop == known.size and time > known[-1] and observed[-1] < at_risk[-1]:
            found.append(UNKNOWN)
        elif of_cause[:stop].sum() == 0:
            # No event has no variance, yet the share is not known to be zero.
            found.append((0.0, 0.0, float(wilson(0, left[stop:].sum())[1])))
        else:
            found.append(_aalen_johansen(observed[:stop], of_cause[:stop], at_risk[:stop]))
    return found


def _aalen_johansen(observed: FloatArray, of_cause: FloatArray, at_risk: FloatArray) -> Estimate:
    """Incidence at the last of the times, with the interval of Collett (2015), section 12.4."""
    remaining = at_risk - observed
    before = np.append(1.0, np.cumprod(remaining / at_risk)[:-1])
    share = (before * of_cause / at_risk).cumsum()
    end = float(share[-1])
    rise = end - share
    variance = (
        # After the last event nobody remains, and nothing rises.
        (rise**2 * observed / at_risk / np.maximum(remaining, 1)).sum()
        + (before**2 * of_cause * (at_risk - of_cause) / at_risk**3).sum()
        - 2 * (rise * before * of_cause / at_risk**2).sum()
    )
    # A sum that is one up to rounding has a logarithm of noise.
    if end >= 1 - 1e-9 or variance <= 0:
        return end, None, None
    spread = _Z * np.sqrt(variance) / (end * abs(np.log(end)))
    low, high = np.exp(-np.exp(np.log(-np.log(end)) + np.array([spread, -spread])))
    return end, float(low), float(high)
