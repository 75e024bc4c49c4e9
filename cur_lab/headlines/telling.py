"""What several headlines need: names of rows, who is apart from the others, what chance does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab import wording

LABEL = "label"
UNNAMED = "не указано"
# Of intervals that say 95 %, so many miss what they should hold.
_MISSES = 0.05


def label(frame: pl.DataFrame) -> pl.Series:
    """Name each row by all it is grouped by, in a column ``label``."""
    groups = c.RESOLUTION.splits(frame)
    if not groups:
        return pl.repeat("все сообщения", frame.height, eager=True).alias(LABEL)
    worded = [pl.col(name).replace(c.CODES.get(name, {})).fill_null(UNNAMED) for name in groups]
    return frame.select(pl.concat_str(worded, separator=" · ").alias(LABEL)).to_series()


def group(name: str | date | None, by: str) -> str:
    """Name one group: a code in words, a month written out."""
    if isinstance(name, date):
        return wording.month(name)
    return c.CODES.get(by, {}).get(name or UNNAMED, name or UNNAMED)


def share(row: Mapping[str, Any], name: str) -> str:
    """Write a share of a row with its interval."""
    ends = (row[end] for end in (name, f"{name}_low", f"{name}_high"))
    return wording.interval(*ends, write=wording.percent, finer=wording.FINER_SHARES)


def leaders(frame: pl.DataFrame, value: str, *ties: str) -> pl.DataFrame:
    """Keep the row of the largest value and those its interval does not tell from it.

    Parameters
    ----------
    frame
        With ``…_low`` and ``…_high`` of the value.
    value
        Column to lead by; rows without a value are left out.
    ties
        Columns that settle a tie.
    """
    ranked = frame.drop_nulls(value).sort(pl.col(value) * -1, *ties)
    reach = pl.coalesce(f"{value}_high", value) > pl.coalesce(f"{value}_low", value).first()
    return ranked.filter(reach | (pl.int_range(pl.len()) == 0))


def by_chance(found: int, of: int) -> bool:
    """Tell whether so many of independent 95 % intervals miss a true nought now and then."""
    from scipy.stats import binom

    return bool(binom.sf(found - 1, of, _MISSES) > _MISSES)
