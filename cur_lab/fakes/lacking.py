"""What messages lack for a table of claims or of an intake."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from cur_lab import columns as c


def checks(
    messages: pl.DataFrame, wanted: Sequence[tuple[str, str, str]], *, timed: str, untimed: int
) -> pl.DataFrame:
    """Lay out table ``checks``.

    Parameters
    ----------
    messages
        With every wanted column, null where nothing is known.
    wanted
        Column, code of what needs it, code of why that is not there.
    timed
        Code of what leaves messages without a time out.
    untimed
        How many of them there are.
    """
    rows: list[tuple[str, str, int | None]] = [
        (what, why, None) for name, what, why in wanted if not messages[name].count()
    ]
    if untimed and messages[c.PUBLISHED_AT].count():
        rows.append((timed, "untimed", untimed))
    return pl.DataFrame(rows, schema=c.CHECKS.schema, orient="row")
