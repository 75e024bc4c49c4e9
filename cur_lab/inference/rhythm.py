"""How activity is spread over the hours of a week, or any other round of periods.

A Saturday or Sunday that Russia works, as its day off was moved, has the rhythm of a Friday.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from cur_lab.inference.arrays import FloatArray, IntArray

WEEK = 168
"""Hours in a week."""
_FRIDAY = 4


def shape(
    counts: FloatArray, places: IntArray, *, length: int = WEEK, prior: float = 0.0
) -> FloatArray:
    """Activity of every place of a round relative to the average.

    Parameters
    ----------
    counts
        What was counted in every period.
    places
        Where in the round each period stands.
    length
        Places of a round.
    prior
        Periods of average activity by which a place is drawn to the average: one seen a few times
        only is neither dead nor wild.

    Returns
    -------
    array
        Shape (length,).
    """
    average = max(float(counts.mean()), 1e-9)
    seen = np.bincount(places, minlength=length) + prior
    total = np.bincount(places, weights=counts, minlength=length) + prior * average
    return np.asarray(total / np.maximum(seen, 1e-9) / average, dtype=float)


def weekdays(days: IntArray) -> IntArray:
    """Tell which weekday each day is like: Monday 0, Sunday 6; a working Saturday is a Friday.

    Parameters
    ----------
    days
        Ordinals of dates, see :meth:`datetime.date.toordinal`.

    Examples
    --------
    On the 27th of April 2024, a Saturday, Russia worked.

    >>> from datetime import date
    >>> friday = date(2024, 4, 26).toordinal()
    >>> weekdays(np.arange(friday, friday + 3)).tolist()
    [4, 4, 6]
    """
    # Imported late: it takes longer than what is asked of it.
    from holidays import country_holidays

    calendar = country_holidays("RU")
    kinds = (days - 1) % 7
    free = np.unique(days[kinds > _FRIDAY])
    worked = [day for day in free.tolist() if calendar.is_working_day(date.fromordinal(day))]
    return np.where(np.isin(days, worked), _FRIDAY, kinds)
