"""What a simple filter at the door would have stopped: of a surge, and of everybody else."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.inference import BoolArray, wilson

RATE, DUPLICATES = "rate", "duplicates"
WINDOWS = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
ALLOWED = (1, 2, 3, 5)


def stopped(
    times: Sequence[object], keys: Sequence[str | None], *, allowed: int, window: timedelta
) -> BoolArray:
    """Tell which messages a filter stops.

    Parameters
    ----------
    times
        In microseconds, sorted.
    keys
        Author or family of each message; a message without one is never stopped.
    allowed
        Messages of one key let through within the window.
    window
        Sliding; only messages that were let through count.

    Returns
    -------
    array
        True where a message is stopped.
    """
    width = int(window / timedelta(microseconds=1))
    passed: dict[str, deque[int]] = {}
    result = np.zeros(len(keys), dtype=bool)
    for place, (time, key) in enumerate(zip(times, keys, strict=True)):
        if key is None:
            continue
        recent = passed.setdefault(key, deque(maxlen=allowed))
        # The oldest of the last few let through decides: if it is still within, the quota is full.
        if len(recent) == allowed and int(time) - recent[0] < width:  # type: ignore[call-overload]
            result[place] = True
        else:
            recent.append(int(time))  # type: ignore[call-overload]
    return result


def grid(rows: pl.DataFrame, attack: BoolArray, keys: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Try every setting.

    Parameters
    ----------
    rows
        Messages sorted by ``published_at``.
    attack
        Which of them are held for the attack.
    keys
        Filters by name and the column each goes by.

    Returns
    -------
    DataFrame
        ``columns.INTAKE_FILTERS``.
    """
    times = rows[c.PUBLISHED_AT].dt.epoch("us").to_list()
    records = []
    for name, column in keys:
        named = rows[column].to_list()
        for label, window in WINDOWS.items():
            for allowed in ALLOWED:
                hit = stopped(times, named, allowed=allowed, window=window)
                counts = (int((hit & attack).sum()), int((hit & ~attack).sum()))
                records.append((name, label, allowed, *counts))
    table = pl.DataFrame(
        records,
        schema=[c.FILTER, c.WINDOW, c.ALLOWED, c.STOPPED_ATTACK, c.STOPPED_HONEST],
        orient="row",
    )
    return c.INTAKE_FILTERS.conform(_shares(table, int(attack.sum()), int((~attack).sum())))


def _shares(table: pl.DataFrame, attack: int, honest: int) -> pl.DataFrame:
    for count, total, name in (
        (c.STOPPED_ATTACK, attack, c.ATTACK_SHARE),
        (c.STOPPED_HONEST, honest, c.HONEST_SHARE),
    ):
        low, high = wilson(table[count].to_numpy(), np.full(table.height, total))
        columns = {name: table[count].to_numpy() / max(total, 1), f"{name}_low": low}
        columns[f"{name}_high"] = high
        table = table.with_columns(
            pl.lit(None, pl.Float64).alias(column) if not total else pl.Series(column, values)
            for column, values in columns.items()
        )
    return table
