"""How long the law gives an authority to answer, by channel."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from cur_lab import columns as c

__all__ = ["terms"]

NOT_KNOWN = "not_known"


@cache
def terms() -> pl.DataFrame:
    """Legal term of an answer by channel, with the act that sets it.

    Only terms set by a federal act are listed. Targets that a region sets its own staff, hours for
    a message in a social network, are not law and are not here; nor are the shorter terms a
    platform promises for some categories of messages.

    Returns
    -------
    DataFrame
        ``columns.LEGAL_TERMS``. ``term_days`` is null where no act sets a term; then
        ``source`` says so. A channel that is not listed is
        ``not_known``.
    """
    written = files("cur_lab.trends.answers").joinpath("legal.csv").read_text(encoding="utf-8")
    return c.LEGAL_TERMS.conform(pl.read_csv(written.encode(), infer_schema_length=None)).sort(
        c.CHANNEL
    )


def of_channels(channel: pl.Series) -> pl.DataFrame:
    """Return ``term_days`` and ``source`` of each message's channel, in the order given."""
    return (
        channel.cast(pl.String)
        .alias(c.CHANNEL)
        .to_frame()
        .join(terms(), on=c.CHANNEL, how="left", maintain_order="left", validate="m:1")
        .select(c.TERM_DAYS, pl.col(c.SOURCE).fill_null(NOT_KNOWN))
    )
