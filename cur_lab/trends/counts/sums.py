"""What is said of a whole source beside public figures, and of its last period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from cur_lab import clock, disclosure, prepare
from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.inference import garwood, wilson
from cur_lab.trends.counts.counting import Period, counts, residents

_WHERE = "trends.totals"
_SOCIAL = ("vk", "ok", "telegram")
_ROADS = "(?i)дорог"
_YEAR = 365.25
_LEAST_DAYS = 28
_COVERED = 0.9


@c.needs(c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT)
def latest(
    messages: pl.DataFrame,
    by: Sequence[str] = (c.MUNICIPALITY,),
    every: Period = "1mo",
    *,
    municipalities: pl.DataFrame | None = None,
    k: int = 5,
) -> pl.DataFrame:
    """Count the last whole period of every series, fit to be shown.

    Parameters
    ----------
    messages, by, every, municipalities
        As :func:`cur_lab.trends.counts` takes them; ``by`` names at least one column.
    k
        Cells of fewer authors are suppressed, and those from which they could be told.

    Returns
    -------
    DataFrame
        ``columns.LATEST``: one row for every series. Of periods the source covers to nine tenths
        the last; if it covers none so far, the last there is.

    Raises
    ------
    NotEnoughDataError
        If no message has a date.
    ParameterError
        If ``by``, ``every`` or ``k`` makes no sense.
    SchemaError
        If a column is missing.
    """
    counted = counts(messages, by, every, municipalities=municipalities)
    last = counted.filter(pl.col(c.PERIOD_START) == _whole(messages, counted, every))
    keys = c.COUNTS.splits(counted)
    shown = disclosure.publishable(last.drop(c.RECORDED), quasi=keys, count=c.AUTHORS, k=k)
    when = pl.lit(last[c.PERIOD_START][0]).alias(c.PERIOD_START)
    return c.LATEST.conform(shown.with_columns(when))


def _whole(messages: pl.DataFrame, counted: pl.DataFrame, every: str) -> datetime:
    """Find the last period that the source covers nearly to its end."""
    local = messages.select(clock.local(c.PUBLISHED_AT))[c.PUBLISHED_AT]
    begins = clock.local(c.PERIOD_START)
    periods = counted.select(c.PERIOD_START, begins.dt.offset_by(every).alias("end")).unique()
    told = pl.min_horizontal("end", pl.lit(local.max())) - pl.max_horizontal(
        begins, pl.lit(local.min())
    )
    covered = told / (pl.col("end") - begins)
    whole = periods.filter(covered >= _COVERED)
    start = (periods if whole.is_empty() else whole)[c.PERIOD_START].max()
    assert isinstance(start, datetime)
    return start


@c.needs(c.MESSAGE_ID, c.TEXT)
def totals(messages: pl.DataFrame, *, municipalities: pl.DataFrame | None = None) -> pl.DataFrame:
    """Size a source in the units of public figures, each beside its denominator.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; uses ``published_at``, ``author_id``, ``channel``,
        ``rubric_group`` and ``family``.
    municipalities
        Table ``municipalities``, for the yearly rate.

    Returns
    -------
    DataFrame
        ``columns.TOTALS``, one row. A share or rate whose denominator is not known is null. The
        interval of the share is Wilson's; that of the rate is Garwood's, and heeds that one author
        writes several messages. A year is as many days with a message as a year has; of
        fewer than 28 days there is no yearly rate. A message without an author is of its own.

    Raises
    ------
    NotEnoughDataError
        If there are no messages.
    SchemaError
        If a column is missing.
    """
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=_WHERE)
    if not messages[c.MESSAGE_ID].count():
        raise NotEnoughDataError(
            "there are no messages",
            where=_WHERE,
            code="no_messages",
        )
    used = (c.PUBLISHED_AT, c.AUTHOR_ID, c.CHANNEL, c.RUBRIC_GROUP)
    known = prepare.with_families(messages).select(
        c.MESSAGE_ID,
        c.FAMILY,
        *(
            (pl.col(name) if name in messages.columns else pl.lit(None))
            .cast(c.MESSAGES.full_schema[name])
            .alias(name)
            for name in used
        ),
    )
    social = known.filter(pl.col(c.CHANNEL).is_in(_SOCIAL)).drop_nulls(c.RUBRIC_GROUP)
    row = {
        c.MESSAGES_COUNT: known.height,
        c.INCIDENTS: known.select(pl.coalesce(c.FAMILY, c.MESSAGE_ID).n_unique()).item(),
        c.AUTHORS: _authors(known),
        c.SOCIAL: social.height,
        **_roads(social),
        c.POPULATION: None if municipalities is None else residents(municipalities),
    }
    row |= _yearly(known, row[c.POPULATION])
    return c.TOTALS.conform(pl.DataFrame([row], schema_overrides=dict(c.TOTALS.schema)))


def _authors(known: pl.DataFrame) -> int | None:
    """Count authors, each message of nobody known as one; none known is no number."""
    if not known[c.AUTHOR_ID].count():
        return None
    return int(known.select(pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID).n_unique()).item())


def _roads(social: pl.DataFrame) -> dict[str, float]:
    if social.is_empty():
        return {}
    about = social.filter(pl.col(c.RUBRIC_GROUP).str.contains(_ROADS)).height
    low, high = wilson(about, social.height)
    return {
        c.ROAD_SHARE: about / social.height,
        c.ROAD_SHARE_LOW: float(low),
        c.ROAD_SHARE_HIGH: float(high),
    }


def _yearly(known: pl.DataFrame, population: int | None) -> dict[str, float]:
    dated = known.drop_nulls(c.PUBLISHED_AT)
    if not population or dated.is_empty():
        return {}
    # Messages come by author: the variance of their number is the sum of squares.
    of_author = dated.group_by(pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID)).len()["len"].to_numpy()
    low, high = garwood(dated.height, dispersion=float(of_author @ of_author) / dated.height)
    days = dated.select(clock.local(c.PUBLISHED_AT).dt.date().n_unique()).item()
    # Some days say nothing of a year.
    if days < _LEAST_DAYS:
        return {}
    scale = 10_000 * _YEAR / days / population
    return {
        c.YEARLY_RATE: dated.height * scale,
        c.YEARLY_RATE_LOW: float(low) * scale,
        c.YEARLY_RATE_HIGH: float(high) * scale,
    }
