"""How far counts scatter beyond chance: reports of one incident come in clumps.

The variance of a count with mean E in a window is taken as E (1 + clump) + swing E². The clump is
the number of further messages a message draws within the window; the swing is what is left of the
weather, week by week. Both are measured at the messages themselves, from the number of others in
the window beyond the expected one.
"""

from __future__ import annotations

import numpy as np

from cur_lab.trends.alarms.series import FloatArray, IntArray

_FADE = 0.998  # half a year or so
_GROUP_PRIOR = 100.0  # messages by which a group is drawn to all groups
_FLOOR = 0.03
_CAP, _CAP_SLOPE = 2.0, 4.0  # a burst must not set the scale: others enter up to 2 + 4 E


class Scatter:
    """Clumping of every group and swing of all, for each window."""

    def __init__(self, groups: int, windows: IntArray) -> None:
        size = windows.size
        # Half of a clump is still to come when a message is looked at, but not within one hour.
        self._whole = 2 - 1 / windows
        self._others, self._due = np.zeros((groups, size)), np.zeros((groups, size))
        self._number = np.zeros((groups, size))
        self._moments = np.zeros((5, size))
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
        self._others *= _FADE
        self._due *= _FADE
        self._number *= _FADE
        self._moments *= _FADE
        seen = counts > 0
        others = seen * (np.minimum(counts - 1, _CAP + _CAP_SLOPE * due) - due)
        np.add.at(self._others, group, others)
        np.add.at(self._due, group, seen * due)
        np.add.at(self._number, group, seen)
        weight = seen / (0.2 + due)
        for row, value in enumerate((np.ones_like(due), due, due**2, others, others * due)):
            self._moments[row] += (weight * value).sum(0)
        self._refresh()

    def _refresh(self) -> None:
        one, due, square, others, product = self._moments + np.array(
            [[5.0], [1.0], [5.0], [1.0], [1.0]]
        )
        determinant = np.maximum(one * square - due**2, 1e-9)
        self.swing = np.clip((one * product - due * others) / determinant, 0.02, 2.0)
        common = np.clip((others - self.swing * due) / one, _FLOOR, None)
        own = self._others - self.swing * self._due
        drawn = (own + _GROUP_PRIOR * common) / (self._number + _GROUP_PRIOR)
        self.clump = np.asarray(self._whole * np.maximum(drawn, _FLOOR), dtype=float)
