"""Days put together so that a bin of the series holds several messages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cur_lab.inference import FloatArray

# Two years: what lies further back tells more of other times than of this one.
_HISTORY = 728
# Messages a bin should hold on average, for its logarithm to behave.
_LEAST_PER_BIN = 8.0
_WIDTHS = (7, 14, 28)


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Days put together so that a bin of the series holds several messages.

    Attributes
    ----------
    starts, lengths
        First day and number of recorded days of each bin.
    weeks
        The middle of each bin, in weeks.
    past
        Number of bins before the decision.
    """

    starts: FloatArray
    lengths: FloatArray
    weeks: FloatArray
    past: int
    edges: npt.NDArray[np.int64]
    keep: npt.NDArray[np.bool_]

    def sums(self, daily: FloatArray) -> FloatArray:
        """Add up days; shape (bins, …)."""
        total = np.concatenate([np.zeros((1, *daily.shape[1:])), np.cumsum(daily, axis=0)])
        return np.asarray((total[self.edges[:, 1]] - total[self.edges[:, 0]])[self.keep])


def binned(
    series: FloatArray, recorded: npt.NDArray[np.bool_], *, before: int, at: int, horizon: int
) -> Bins:
    """Cut the days before a decision and the horizon after it into bins of one to four weeks.

    Bins are whole weeks, so that a weekday weighs the same in each; the last one may be shorter.
    Those in which the source was silent more than half of the time are left out.
    """
    known = recorded[:before]
    level = series[:before][known].mean() if known.any() else 0.0
    width = next((w for w in _WIDTHS if level * w >= _LEAST_PER_BIN), _WIDTHS[-1])
    # A short horizon is no reason for a bin longer than it.
    width = max(_WIDTHS[0], min(width, horizon // 7 * 7))
    past = min(before, _HISTORY) // width
    marks = [*range(at, at + horizon, width), at + horizon]
    if len(marks) > 2 and marks[-1] - marks[-2] < width / 2:
        marks.pop(-2)
    edges = [(before - width * k, before - width * (k - 1)) for k in range(past, 0, -1)]
    edges += pairwise(marks)
    edges_array = np.array(edges, dtype=np.int64).reshape(-1, 2)
    covered = np.concatenate([[0], np.cumsum(recorded)])
    lengths = (covered[edges_array[:, 1]] - covered[edges_array[:, 0]]).astype(float)
    keep = lengths > (edges_array[:, 1] - edges_array[:, 0]) / 2
    middle = edges_array.mean(axis=1)
    return Bins(
        edges_array[keep, 0].astype(float),
        lengths[keep],
        np.round(middle[keep] / 7, 6),
        int(keep[:past].sum()),
        edges_array,
        keep,
    )
