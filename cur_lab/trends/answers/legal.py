"""When an answer is due: by the export, or by the law its rules rest on."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from cur_lab import columns as c
from cur_lab.clock import ZONE

__all__ = ["terms"]

NOT_KNOWN = "not_known"
NO_REGIME, NO_TERM = "no_regime", "no_term"
NOT_REGISTERED, NOT_CONNECTED = "not_registered", "not_connected"
USED = (
    *(c.REGIME, c.CHANNEL, c.AGENCY),
    *(c.REGISTERED_AT, c.DUE_AT, c.EXTENDED_UNTIL, c.REDIRECTED_AT),
)
_EVER = date.min, date.max
_PLACE = "_place"
_BY_ACT = "_by_act"


@cache
def terms() -> pl.DataFrame:
    """Legal terms of an answer by the rules it is given by, with the act that sets each.

    The rules (``regime``) are not the channel: the portal «Госуслуги. Решаем вместе» carries
    appeals under 59-ФЗ and quicker messages alike, so they are read from the export. Only terms
    set by a federal act are listed. Targets that a region sets its own staff, hours for a message
    in a social network, are not law and are not here; nor are the terms the portal promises for
    messages that are no appeals, for which no act was found.

    Returns
    -------
    DataFrame
        ``columns.LEGAL_TERMS``. ``term_days`` is null where no act sets a term; then ``source``
        says so. A row with a channel goes before one without.

    Examples
    --------
    >>> terms().filter(regime="appeal").select("channel", "term_days").rows()
    [(None, 30), ('email', None)]
    """
    written = files("cur_lab.trends.answers").joinpath("legal.csv").read_text(encoding="utf-8")
    table = pl.read_csv(written.encode(), infer_schema_length=None, try_parse_dates=True)
    return c.LEGAL_TERMS.conform(table).sort(c.REGIME, c.CHANNEL, c.VALID_FROM)


def due(messages: pl.DataFrame, agencies: pl.DataFrame | None = None) -> pl.DataFrame:
    """Tell of each message when its answer is due, in the order given.

    A term of the export goes before that of the law, an extension before both. The law's runs from
    registration to the end of its last day in Moscow.

    Returns
    -------
    DataFrame
        ``term_days`` and ``source`` of the law, ``due_at``, and ``reason`` where that is null.
    """
    known = c.MESSAGES.complete(messages, *USED).select(USED).with_row_index(_PLACE)
    joined = c.AGENCIES.empty() if agencies is None else agencies
    bodies = joined.select(
        c.AGENCY, pl.col(c.REGIME).alias("_regime"), c.LEVEL, c.CONNECTED_AT
    ).unique(c.AGENCY, keep="first", maintain_order=True)
    known = known.join(bodies, on=c.AGENCY, how="left", maintain_order="left").with_columns(
        pl.coalesce(c.REGIME, "_regime").alias(c.REGIME)
    )
    known = known.join(_of_law(known), on=_PLACE, how="left", maintain_order="left")
    day = pl.col(c.REGISTERED_AT).dt.convert_time_zone(ZONE).dt.truncate("1d")
    days = pl.concat_str(pl.col(c.TERM_DAYS) + 1, pl.lit("d"))
    by_act = day.dt.offset_by(days).dt.convert_time_zone("UTC") - pl.duration(microseconds=1)
    stated = pl.max_horizontal(c.DUE_AT, c.EXTENDED_UNTIL)
    early = (pl.col(c.CONNECTED_AT) > pl.col(c.REGISTERED_AT)).fill_null(False)
    due_at = pl.when(~early).then(pl.coalesce(stated, by_act))
    return known.with_columns(due_at.alias(_BY_ACT)).select(
        c.TERM_DAYS,
        pl.col(c.SOURCE).fill_null(NOT_KNOWN),
        pl.col(_BY_ACT).alias(c.DUE_AT),
        pl.when(pl.col(_BY_ACT).is_null())
        .then(
            pl.when(early)
            .then(pl.lit(NOT_CONNECTED))
            .when(pl.col(c.REGIME).is_null())
            .then(pl.lit(NO_REGIME))
            .when(pl.col(c.REGISTERED_AT).is_null())
            .then(pl.lit(NOT_REGISTERED))
            .otherwise(pl.lit(NO_TERM))
        )
        .alias(c.REASON),
    )


def _of_law(known: pl.DataFrame) -> pl.DataFrame:
    """Find the row of the law for each message: in force on its day, the most special first."""
    day = pl.col(c.REGISTERED_AT).dt.convert_time_zone(ZONE).dt.date()
    since, until = (
        pl.col(name).fill_null(end)
        for name, end in zip((c.VALID_FROM, c.VALID_TO), _EVER, strict=True)
    )
    law = terms().rename({c.CHANNEL: "_channel", c.RECIPIENT: "_level"})
    found = known.select(_PLACE, c.REGIME, c.CHANNEL, c.LEVEL, day.alias("_day")).join(
        law, on=c.REGIME, how="inner"
    )
    fits = (
        (pl.col("_channel").is_null() | (pl.col("_channel") == pl.col(c.CHANNEL)))
        & (pl.col("_level").is_null() | (pl.col("_level") == pl.col(c.LEVEL)))
        & pl.col("_day").is_between(since, until)
    )
    # Without a day of registration the rules still name their act.
    undated = pl.col("_day").is_null() & pl.col("_channel").is_null()
    return (
        found.filter(fits.fill_null(False) | undated)
        .sort(_PLACE, pl.col("_channel").is_null(), pl.col("_level").is_null(), c.VALID_FROM)
        .unique(_PLACE, keep="first", maintain_order=True)
        .select(_PLACE, c.TERM_DAYS, c.SOURCE)
    )
