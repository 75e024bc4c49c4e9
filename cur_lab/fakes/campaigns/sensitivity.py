"""What another threshold, window or width of an event would have flagged."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.fakes.campaigns import timing
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.verdicts import TIGHT, WORDING, Readings, generator, judge
from cur_lab.inference import BoolArray, FloatArray

_WINDOWS = {"10s": (10.0,), "1m": (60.0,), "10m": (600.0,), "all": timing.WINDOWS}
_SPREADS = (600.0, 1800.0, 3600.0)


def grid(
    stream: Stream,
    families: list[Family],
    readings: list[Readings],
    similarity: float,
    flagged: BoolArray,
    *,
    fdr: float,
    seed: int,
) -> pl.DataFrame:
    """Flag again under every window and width.

    Only families of the same words are read again: the others could not be flagged.

    Parameters
    ----------
    similarity
        Threshold the families were found at.
    flagged
        Messages of the families that are flagged by the usual settings.
    """
    sizes: FloatArray = np.array([len(f.members) for f in families], dtype=float)
    rows = []
    for (name, windows), spread in product(_WINDOWS.items(), _SPREADS):
        again = list(readings)
        for number, (family, reading) in enumerate(zip(families, readings, strict=True)):
            if not reading[WORDING].p <= fdr or TIGHT not in reading:
                continue
            rng = generator(family, seed)
            tight = timing.tightness(stream, family, rng, windows=windows, spread=spread)
            if tight is not None:
                again[number] = {**reading, TIGHT: tight}
        judged = judge(again, sizes, fdr)
        found = [f for f, hit in zip(families, judged.flagged, strict=True) if hit]
        members = np.concatenate([f.members for f in found]) if found else np.array([], dtype=int)
        rows.append(
            (
                similarity,
                name,
                spread / 60,
                len(families),
                len(found),
                int(flagged[members].sum()),
                int(len(members) - flagged[members].sum()),
                int(flagged.sum()),
            )
        )
    return pl.DataFrame(rows, schema=c.CAMPAIGN_SENSITIVITY.schema, orient="row")
