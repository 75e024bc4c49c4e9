"""What another threshold, window or width of an event would have flagged."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.fakes.campaigns import timing
from cur_lab.fakes.campaigns.permutations import Reading
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.verdicts import TIGHT, WORDING, Readings, generator, judge
from cur_lab.inference import BoolArray, FloatArray

_WINDOWS = {
    "10s": (10.0,),
    "1m": (60.0,),
    "10m": (600.0,),
    "30m": (1800.0,),
    "all": timing.WINDOWS,
}
_SPREADS = (1800.0, timing.SPREAD, 7200.0)
# By family, seconds of an event and windows.
Again = dict[tuple[str, bytes], dict[float, dict[str, Reading]]]


def grid(
    stream: Stream,
    families: list[Family],
    readings: list[Readings],
    similarity: float,
    flagged: BoolArray,
    known: Again,
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
    known
        What was read again; what is read here is added.
    """
    sizes: FloatArray = np.array([len(f.members) for f in families], dtype=float)
    alike = [
        number
        for number, reading in enumerate(readings)
        if reading[WORDING].p <= fdr and TIGHT in reading
    ]
    for number in alike:
        if (family := families[number]).key not in known:
            known[family.key] = {
                spread: timing.tightnesses(
                    stream, family, generator(family, seed), _WINDOWS, spread
                )
                for spread in _SPREADS
            }
    rows = []
    for name, spread in product(_WINDOWS, _SPREADS):
        again = list(readings)
        for number in alike:
            tight = known[families[number].key][spread][name]
            again[number] = {**readings[number], TIGHT: tight}
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
