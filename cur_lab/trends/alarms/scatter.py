"""How far counts scatter beyond chance: reports of one incident come in clumps.

The variance of a count with mean E in a window is taken as E (1 + clump) + swing E². The clump is
the number of further messages a message draws within the window; the swing is what is left of the
weather, week by week. Both are measured at the messages themselves, from the number of others in
the window beyond the expected one.
"""

from __future__ import annotations

import numpy as np

from cur_lab.inference import FloatArray, IntArray

_FADE = 0.998  # half a year or so
_PRIOR = 100.0  # messages by which a group is drawn to all groups
_FLOOR, _SWINGS = 0.03, (0.02, 2.0)
_CAP, _CAP_DEVIATIONS = 2.0, 3.0  # a burst must not set the scale


class Scatter:
    """Clump and swing of every group and window, shape (groups, windows).

    Both come from a weighted regression, without outliers, of the others in the window beyond the
    expected ones on the expected number: intercept and slope.
    """

    def __init__(self, groups: int, windows: IntArray) -> None:
        # Half of a clump is still to come when a message is looked at, but not within one hour.
        self._whole = 2 - 1 / windows
        start = np.array([5.0, 1.0, 5.0, 1.0, 1.0])
        self._all = np.broadcast_to(start[:, None, None], (5, 1, windows.size)).copy()
        self._weight = np.full(windows.size, 5.0)
        self._moments = np.zeros((5, groups, windows.size))
        self._refresh()

    def learn(self, group: IntArray, counts: FloatArray, due: FloatArray) -> None:
        """Take in the windows of a day that end in an hour with a message.

        Parameters
        ----------
        group
            Shape (cells,).
        counts, due
            Shape (cells, windows): messages and their expected number.
        """
        seen = (counts > 0).astype(float)
        variance = due * (1 + self.clump[group]) + self.swing[group] * due**2
        most = _CAP + _CAP_DEVIATIONS * np.sqrt(variance)
        others = np.minimum(counts - 1 - due, most)
        weight = seen / (0.2 + due)
        values = np.stack([np.ones_like(due), due, due**2, others, others * due]) * weight
        for fading in (self._moments, self._all, self._weight):
            fading *= _FADE
        for moment, value in zip(self._moments, values, strict=True):
            np.add.at(moment, group, value)
        self._all += values.sum(axis=1, keepdims=True)
        self._weight += seen.sum(axis=0)
        self._refresh()

    def _refresh(self) -> None:
        prior = _PRIOR * self._all / self._weight
        one, due, square, others, product = self._moments + prior
        determinant = np.maximum(one * square - due**2, 1e-9)
        self.swing = np.clip((one * product - due * others) / determinant, *_SWINGS)
        clump = np.maximum((others - self.swing * due) / one, _FLOOR)
        self.clump = np.asarray(self._whole * clump, dtype=float)
