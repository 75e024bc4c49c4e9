"""Online control of the false-discovery rate.

Every hour is one batch test over all series: its level is the number of chance episodes it may
expect to raise. LORD++ hands out the levels so that their sum never exceeds ``fdr`` times the
number of episodes raised so far: a quiet stretch makes it sparing, a discovery earns budget.

References
----------
Ramdas A., Yang F., Wainwright M., Jordan M. (2017). Online control of the false discovery rate
with decaying memory. NeurIPS 30 (LORD++). Javanmard A., Montanari A. (2018). Online rules for
control of false discovery rate and false discovery exceedance. Annals of Statistics 46, 526-554.
Zrnic T., Jiang D., Ramdas A., Jordan M. (2020). The power of batching in multiple hypothesis
testing. AISTATS.
"""

from __future__ import annotations

import numpy as np

# The budget of a discovery is spent over years, half of it within the first two months.
_SPREAD, _POWER = 30.0, 1.6
_HORIZON = 20_000


def _spending() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weight = (np.arange(_HORIZON) + _SPREAD) ** -_POWER
    return np.asarray(weight / weight.sum(), dtype=np.float64)


class Budget:
    """Levels of successive periods, by the discoveries before them.

    Parameters
    ----------
    fdr
        Rate to keep.
    periods_per_day
        24 for hours; less than one for weeks.
    """

    def __init__(self, fdr: float, periods_per_day: float) -> None:
        self._fdr = fdr
        self._per_day = periods_per_day
        self._found: list[int] = []
        self._daily = _spending()

    def level(self, period: int) -> float:
        """Return how many chance episodes the period may be expected to raise."""
        earlier = [found for found in self._found if found < period]
        level = 0.5 * self._fdr * self._spent(period)
        if earlier:
            level += 0.5 * self._fdr * self._spent(period - earlier[0])
            level += self._fdr * sum(self._spent(period - found) for found in earlier[1:])
        return level

    def found(self, period: int) -> None:
        """Enter a discovery; it earns from the next period on."""
        self._found.append(period)

    def _spent(self, periods: int) -> float:
        day = min(int(periods / self._per_day), _HORIZON - 1)
        return float(self._daily[day]) / self._per_day
