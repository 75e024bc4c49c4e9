"""Topics on a plane."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import exact
from cur_lab.topics import consensus, naming
from cur_lab.topics.model import Model

# The plane is found step by step; what a processor adds to the last digits is not told.
_DECIMALS = 4


@exact.one_thread()
def layout(model: Model) -> pl.DataFrame:
    """Place topics on a plane so that their distances there resemble those of their centres.

    Parameters
    ----------
    model
        Fitted topics.

    Returns
    -------
    DataFrame
        Columns of :data:`cur_lab.columns.LAYOUT`: coordinates without a unit, and for every topic
        how well the plane keeps its distances to the others (Pearson correlation); null with fewer
        than four topics, where it says nothing.

    Notes
    -----
    Metric multidimensional scaling (SMACOF; Borg & Groenen 2005) of cosine distances, started from
    the classical solution, so that it needs no random start. Axes and orientation mean nothing.
    """
    middles = naming.middles(model.centres, model.owner)
    frame = model.topics.select(c.TOPIC, c.LABEL, c.SIZE).sort(c.TOPIC).head(len(middles))
    distances = consensus.distances(middles)
    plane = _plane(distances) if frame.height > 2 else np.eye(2)[: frame.height]
    quality = _quality(distances, plane) if frame.height > 3 else [None] * frame.height
    return c.LAYOUT.conform(
        frame.with_columns(
            pl.Series(c.X, plane[:, 0].round(_DECIMALS)),
            pl.Series(c.Y, plane[:, 1].round(_DECIMALS)),
            pl.Series(c.QUALITY, quality, pl.Float64).round(_DECIMALS),
        )
    )


def _plane(distances: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray:
    from sklearn.manifold import MDS

    scaling = MDS(metric="precomputed", init="classical_mds", n_init=1, normalized_stress=False)
    plane: np.ndarray = scaling.fit_transform(distances)
    # A mirror image is as good: the topic farthest along an axis lies on its positive side.
    farthest = np.abs(plane).argmax(axis=0)
    return plane * np.where(plane[farthest, [0, 1]] < 0, -1, 1)


def _quality(distances: np.ndarray, plane: np.ndarray) -> list[float]:
    drawn = np.linalg.norm(plane[:, None] - plane[None], axis=2)
    others = ~np.eye(len(plane), dtype=bool)
    return [
        float(np.corrcoef(distances[row, others[row]], drawn[row, others[row]])[0, 1])
        for row in range(len(plane))
    ]
