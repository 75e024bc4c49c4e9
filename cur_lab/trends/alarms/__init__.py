"""Unusual rises of complaints, found as they happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

__all__ = ["Alarms", "alarms"]


@dataclass(frozen=True, eq=False)
class Alarms:
    """What stood out, and why we say so.

    Attributes
    ----------
    episodes
        Table ``alarm episodes``: one row per discovery, earliest alarm first.
    evidence
        Table ``alarm evidence``: first messages of every episode, redacted.
    places
        Table ``alarm places``: streets and houses its messages name.
    skipped
        Table ``alarms not judged``: series about which nothing can be said, and why.
    """

    episodes: pl.DataFrame
    evidence: pl.DataFrame
    places: pl.DataFrame
    skipped: pl.DataFrame


def alarms(
    messages: pl.DataFrame,
    *,
    by: Sequence[str] = ("municipality", "rubric"),
    every: str = "1h",
    fdr: float = 0.05,
    notices: pl.DataFrame | None = None,
) -> Alarms:
    """Find unusual rises of complaints, each judged by its past only."""
    from cur_lab.errors import NotEnoughDataError

    raise NotEnoughDataError("alarms are being written")
