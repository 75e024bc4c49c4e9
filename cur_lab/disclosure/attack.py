"""What a reader who subtracts can learn of hidden cells: linear programmes over a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.optimize
import scipy.sparse

from cur_lab.inference.arrays import BoolArray, FloatArray, IntArray

_ROUNDING = 1e-6


def exposed(
    sizes: IntArray, hidden: BoolArray, totals: Sequence[BoolArray], secrets: BoolArray, k: int
) -> BoolArray:
    """Tell which secrets the published totals give away.

    The reader knows every cell that is shown, every total, and that a hidden cell counts at least
    one, for zeros are shown. What is left for a cell is an interval, and it gives the cell away
    unless it reaches from 1 to ``k - 1``.

    Parameters
    ----------
    sizes
        What the cells count.
    hidden
        Which of them are hidden.
    totals
        For every published total, which cells it sums up.
    secrets
        The hidden cells that must not be told.
    k
        The smallest cell that may be shown.

    References
    ----------
    Fischetti M., Salazar J. J. (2001). Solving the cell suppression problem on tabular data with
    linear constraints. Management Science 47(7), 1008–1027.
    """
    places = np.flatnonzero(hidden)
    found = np.zeros(len(sizes), dtype=bool)
    if not len(totals):
        return found
    known = np.unique(np.array(totals)[:, places], axis=0)
    sums = known.astype(np.float64) @ sizes[places]
    equations = scipy.sparse.csr_matrix(known.astype(np.float64))

    def possible(weights: FloatArray) -> FloatArray:
        answer = scipy.optimize.linprog(
            -weights, A_eq=equations, b_eq=sums, bounds=(1, None), method="highs"
        )
        # Without a bound from above it may be anything.
        return answer.x if answer.status == 0 else np.full(len(places), np.inf)

    low = high = possible(np.zeros(len(places)))
    for place, cell in enumerate(places):
        aim = np.zeros(len(places))
        aim[place] = 1.0
        # One solution says of every cell what it may be: most need no programme of their own.
        if secrets[cell] and high[place] < k - 1 - _ROUNDING:
            solved = possible(aim)
            low, high = np.fmin(low, solved), np.fmax(high, solved)
        if secrets[cell] and low[place] > 1 + _ROUNDING:
            solved = possible(-aim)
            low, high = np.fmin(low, solved), np.fmax(high, solved)
    found[places] = (high < k - 1 - _ROUNDING) | (low > 1 + _ROUNDING)
    return found & secrets
