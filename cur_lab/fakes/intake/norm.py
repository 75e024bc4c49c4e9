"""How many messages a channel usually has in every bin: hour of the week, level, overdispersion."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.clock import ZONE
from cur_lab.inference import FloatArray, IntArray, overdispersed, rhythm

_LEVEL_DAYS = 28
# Counts beyond this quantile are left out of the norm: an attack must not raise its own.
_USUAL = 0.995
_PSEUDO = 2.0
_EPOCH = date(1970, 1, 1).toordinal()
VARIANCE = "variance"


def norm(times: pl.Series, *, every: str) -> pl.DataFrame:
    """Count messages in bins and compare them with a negative-binomial norm.

    The mean of a bin is the level of the 28 days around times the share of its hour of the week (a
    Saturday that Russia works is a Friday), both learnt from counts cut at what is usual for the
    hour; the dispersion is that of the Pearson residuals.

    Parameters
    ----------
    times
        Without nulls, UTC.
    every
        Length of a bin, a polars duration.

    Returns
    -------
    DataFrame
        ``period_start``, ``messages``, ``expected`` with the 95 % range of counts and their
        ``variance``, ``p`` of as many or more; every bin from the first message to the last.

    References
    ----------
    Noufaily A. et al. (2013). An improved algorithm for outbreak detection in multiple surveillance
    systems. Statistics in Medicine 32, 1206-1222.
    """
    bins = (
        pl.DataFrame({c.PERIOD_START: times.dt.truncate(every)})
        .group_by(c.PERIOD_START)
        .agg(pl.len().alias(c.MESSAGES_COUNT))
        .sort(c.PERIOD_START)
    )
    full = bins.upsample(c.PERIOD_START, every=every).with_columns(
        pl.col(c.MESSAGES_COUNT).fill_null(0).cast(pl.Int64)
    )
    counts = full[c.MESSAGES_COUNT].to_numpy().astype(float)
    local = full[c.PERIOD_START].dt.convert_time_zone(ZONE)
    # A bin's day counts from 1970, an ordinal from the year one.
    days = local.dt.date().cast(pl.Int64).to_numpy() + _EPOCH
    hours = rhythm.weekdays(days) * 24 + local.dt.hour().to_numpy()
    expected = _expected(counts, hours, per_day=_per_day(full))
    size = _size(counts, expected)
    low, high = overdispersed.limits(expected, size)
    return full.with_columns(
        pl.Series(c.EXPECTED, expected),
        pl.Series(c.EXPECTED_LOW, low),
        pl.Series(c.EXPECTED_HIGH, high),
        pl.Series(VARIANCE, expected + expected**2 / size),
        pl.Series(c.P_VALUE, overdispersed.at_least(counts, expected, size)),
    )


def _per_day(full: pl.DataFrame) -> int:
    if full.height < 2:
        return 1
    step = full[c.PERIOD_START][1] - full[c.PERIOD_START][0]
    per_day: int = round(timedelta(days=1) / step)
    return max(1, per_day)


def _expected(counts: FloatArray, hours: IntArray, *, per_day: int) -> FloatArray:
    usual = np.minimum(counts, max(1.0, float(np.quantile(counts, _USUAL))))
    overall = float(usual.mean())
    # An hour seen a few times only is drawn towards the average of all.
    shape = rhythm.shape(usual, hours, prior=_PSEUDO)
    width = min(len(counts), _LEVEL_DAYS * per_day)
    level = scipy.ndimage.uniform_filter1d(usual, width, mode="nearest")
    # Months of silence and one loud day: the level never falls to nothing.
    return np.asarray(np.maximum(level, 0.1 * overall) * shape[hours])


def _size(counts: FloatArray, expected: FloatArray) -> float:
    """Size of the negative binomial from Pearson residuals of the usual counts, by moments."""
    usual = counts <= np.maximum(1.0, np.quantile(counts, _USUAL))
    spread = overdispersed.dispersion(counts[usual], expected[usual])
    return 1 / min(max(spread, 1e-3), 10.0)
