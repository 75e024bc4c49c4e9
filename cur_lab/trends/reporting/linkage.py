"""Which messages report the same incident."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import SchemaError
from cur_lab.trends.answers.stamps import TIMES
from cur_lab.trends.reporting.rates import ENDING, HOME, SILENT_DAYS
from cur_lab.trends.reporting.severity import FIRST_GAP, SECOND_GAP

GAP = timedelta(days=30)
_KINDS = ("complaint", "report")
_END = "end"
_WHERE = "trends.reporting"


def by_address(reports: pl.DataFrame, *, gap: timedelta = GAP) -> pl.DataFrame:
    """Link reports of one rubric, municipality, street and house that follow each other.

    Parameters
    ----------
    reports
        ``message_id``, ``published_at``, ``municipality``, ``rubric``, ``text``, ``resolved_at``.
    gap
        A report that comes later than that after the one before is of another incident, unless a
        mark of a fix says how long the incident was open: then all reports until it are of one, and
        the next is of another.

    Returns
    -------
    DataFrame
        ``message_id``, ``incident_id`` (the id of its first message) of the reports that name a
        house; the others cannot be linked.
    """
    ordered = reports.sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    placed = prepare.with_address_keys(ordered).drop_nulls(
        [c.STREET, c.HOUSE, c.MUNICIPALITY, c.RUBRIC]
    )
    current: dict[tuple[str, str, str], tuple[str, datetime, datetime | None]] = {}
    found = []
    for message, written, fixed, *place in placed.select(
        c.MESSAGE_ID, c.PUBLISHED_AT, c.RESOLVED_AT, c.MUNICIPALITY, c.RUBRIC, c.ADDRESS
    ).iter_rows():
        key = (place[0], place[1], place[2])
        incident, last, closed = current.get(key, (message, written, None))
        if written - last > gap if closed is None else written > closed:
            incident, closed = message, None
        ends = [end for end in (closed, fixed) if end is not None]
        current[key] = (incident, written, min(ends, default=None))
        found.append((message, incident))
    return pl.DataFrame(
        found, schema={c.MESSAGE_ID: pl.String, c.INCIDENT_ID: pl.String}, orient="row"
    )


def linked(
    messages: pl.DataFrame, groups: list[str], incidents: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return reports with their incident, and how many messages have none, by reason."""
    types = c.MESSAGES.full_schema
    used = [c.MESSAGE_ID, c.PUBLISHED_AT, c.AUTHOR_ID, c.TEXT, c.MUNICIPALITY, c.RUBRIC, c.KIND]
    columns = dict.fromkeys([*used, *TIMES, *groups])
    messages = prepare.with_families(messages)
    typed = (
        pl.col(name).cast(types[name])
        if name in messages.columns
        else pl.lit(None, types[name]).alias(name)
        for name in columns
    )
    known = prepare.with_addresses(messages.select(*typed, *prepare.given(messages)))
    # A fix that did not hold ended nothing.
    known = known.with_columns(
        pl.when(pl.col(c.REOPENED_AT).is_null()).then(c.RESOLVED_AT).alias(c.RESOLVED_AT)
    )
    if incidents is None:
        fit = known.filter(_unfit().is_null())
        links = by_address(fit)
    elif absent := {c.MESSAGE_ID, c.INCIDENT_ID} - set(incidents.columns):
        raise SchemaError.missing(absent, incidents.columns, where=f"{_WHERE}(incidents)")
    else:
        links = incidents.select(pl.col(c.MESSAGE_ID, c.INCIDENT_ID).cast(pl.String)).drop_nulls()
        c.check_once(links, c.MESSAGE_ID, where=f"{_WHERE}(incidents)")
    homes = prepare.with_address_keys(known).select(c.MESSAGE_ID, _home().alias(HOME))
    joined = known.join(homes, on=c.MESSAGE_ID, how="left", validate="1:1")
    joined = joined.join(links, on=c.MESSAGE_ID, how="left", validate="m:1").with_columns(
        pl.coalesce(
            _unfit(),
            pl.when(pl.col(c.INCIDENT_ID).is_null()).then(pl.lit("no_house"))
            if incidents is None
            else pl.when(pl.col(c.INCIDENT_ID).is_null()).then(pl.lit("no_incident")),
        ).alias(c.REASON)
    )
    unused = joined.drop_nulls(c.REASON).group_by(c.REASON).agg(pl.len().cast(pl.Int64).alias(c.N))
    reports = joined.filter(pl.col(c.REASON).is_null()).sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    return reports, c.UNUSED_REPORTS.conform(unused.sort(c.REASON))


def _home() -> pl.Expr:
    """Municipality and house in one key; null where either is not known."""
    house = pl.when(pl.col(c.HOUSE).is_not_null()).then(c.ADDRESS)
    return pl.concat_str(c.MUNICIPALITY, house, separator="\n")


def _unfit() -> pl.Expr:
    """Name why a message is no report; null if it is one."""
    rules = {
        "no_date": pl.col(c.PUBLISHED_AT).is_null(),
        "no_report": ~pl.col(c.KIND).is_in(_KINDS),
        "no_rubric_or_district": pl.any_horizontal(pl.col(c.RUBRIC, c.MUNICIPALITY).is_null()),
        "fixed_before_written": pl.col(c.RESOLVED_AT) < pl.col(c.PUBLISHED_AT),
    }
    return pl.coalesce(
        *(pl.when(wrong.fill_null(False)).then(pl.lit(reason)) for reason, wrong in rules.items()),
        pl.lit(None, pl.String),
    )


def first_of_author(reports: pl.DataFrame) -> pl.DataFrame:
    """Leave out further reports of one author about one incident: they tell of the author."""
    author = pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID)
    return reports.filter(pl.struct(c.INCIDENT_ID, author.alias("author")).is_first_distinct())


def without_copies(reports: pl.DataFrame) -> pl.DataFrame:
    """Leave out reports in the words of an earlier one of the same incident: herding."""
    wording = pl.coalesce(c.FAMILY, c.MESSAGE_ID)
    return reports.filter(pl.struct(c.INCIDENT_ID, wording.alias("said")).is_first_distinct())


def observed(
    reports: pl.DataFrame,
    groups: list[str],
    cap: int,
    until: datetime,
    *,
    gap: timedelta | None = GAP,
) -> pl.DataFrame:
    """One row per incident: group and rubric of its first report, duplicates, days watched.

    Parameters
    ----------
    reports
        With ``incident_id`` and ``home``.
    groups
        Columns to compare by.
    cap
        No incident is watched for more days after its first report.
    until
        End of observation.
    gap
        As they were linked: after such a silence the next report would have been of another
        incident, so that watching ends with it. None: the links are known.

    Notes
    -----
    Watching must end where the next report would no longer have been counted: who watches on after
    that finds the quiet quieter than they are. Reports and days up to such a moment stand in the
    ratio of the rate, however long or short the chain has become.
    """
    opened, last = pl.col(c.PUBLISHED_AT).min(), pl.col(c.PUBLISHED_AT).max()
    # Any report may bear the mark; the first of them closes.
    closed = pl.col(c.RESOLVED_AT).min()
    end = pl.min_horizontal(closed, opened + timedelta(days=cap), pl.lit(until))
    own = pl.col(c.INCIDENT_ID)
    watched = reports.with_columns(end.over(own).alias(_END), closed.over(own).alias(c.CLOSED_AT))
    counted = watched.filter(pl.col(c.PUBLISHED_AT) <= pl.col(_END))
    named = dict.fromkeys([*groups, c.RUBRIC, c.MUNICIPALITY, HOME])
    unknown = pl.col(c.CLOSED_AT).is_null()
    quiet = pl.col(_END) if gap is None else pl.min_horizontal(_END, pl.col("last") + gap)
    stop = pl.when(unknown).then(quiet).otherwise(_END)
    return (
        counted.sort(c.PUBLISHED_AT, c.MESSAGE_ID)
        .group_by(c.INCIDENT_ID)
        .agg(
            *(pl.col(name).first() for name in named),
            pl.col(_END, c.CLOSED_AT).first(),
            opened.alias(c.FIRST_REPORT_AT),
            last.alias("last"),
            (pl.len().cast(pl.Int64) - 1).alias(c.DUPLICATES),
            *(
                _days(pl.col(c.PUBLISHED_AT).diff().slice(place, 1).first()).alias(gap)
                for place, gap in ((1, FIRST_GAP), (2, SECOND_GAP))
            ),
        )
        .with_columns(
            pl.coalesce(HOME, c.INCIDENT_ID).alias(HOME),
            pl.col(c.RUBRIC).alias(ENDING),
            _days(stop - pl.col(c.FIRST_REPORT_AT)).alias(c.EXPOSURE_DAYS),
            pl.when(unknown).then(_days(stop - pl.col("last"))).otherwise(0.0).alias(SILENT_DAYS),
        )
        # Reported at the very end of observation: there was no time for a duplicate.
        .filter(pl.col(c.EXPOSURE_DAYS) > 0)
        .sort(*groups, c.INCIDENT_ID)
    )


def _days(span: pl.Expr) -> pl.Expr:
    return span.dt.total_microseconds() / 86_400e6


# --- wrong links ---------------------------------------------------------------------------------


def merged(reports: pl.DataFrame, share: float, draw: np.random.Generator) -> pl.DataFrame:
    """Give a share of the incidents to the one before of the same municipality and rubric.

    Parameters
    ----------
    reports
        With ``incident_id``, ``municipality``, ``rubric``, ``published_at``.
    share
        Of the incidents that are wrongly taken for another.
    draw
        Which ones.
    """
    incidents = _incidents(reports)
    chosen = pl.Series(draw.random(incidents.height) < share)
    before = pl.col(c.INCIDENT_ID).shift(1).over(c.MUNICIPALITY, c.RUBRIC)
    moved = (
        incidents.with_columns(before.alias("before"))
        .filter(chosen)
        .drop_nulls("before")
        .select(c.INCIDENT_ID, "before")
    )
    joined = reports.join(moved, on=c.INCIDENT_ID, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("before", c.INCIDENT_ID).alias(c.INCIDENT_ID)).drop(
        "before"
    )


def split(reports: pl.DataFrame, share: float, draw: np.random.Generator) -> pl.DataFrame:
    """Take the later reports of a share of the incidents for another incident."""
    incidents = _incidents(reports)
    cut = np.where(draw.random(incidents.height) < share, draw.random(incidents.height), 1.0)
    place = pl.int_range(pl.len()).over(c.INCIDENT_ID, order_by=[c.PUBLISHED_AT, c.MESSAGE_ID])
    cuts = incidents.select(c.INCIDENT_ID, pl.Series("cut", cut))
    joined = reports.join(cuts, on=c.INCIDENT_ID, how="left", maintain_order="left")
    later = place > pl.col("cut") * (pl.len().over(c.INCIDENT_ID) - 1)
    parted = pl.when(later).then(pl.col(c.INCIDENT_ID) + "+").otherwise(c.INCIDENT_ID)
    return joined.with_columns(parted.alias(c.INCIDENT_ID)).drop("cut")


def _incidents(reports: pl.DataFrame) -> pl.DataFrame:
    return (
        reports.sort(c.PUBLISHED_AT, c.MESSAGE_ID)
        .group_by(c.INCIDENT_ID)
        .agg(pl.col(c.MUNICIPALITY, c.RUBRIC, c.PUBLISHED_AT).first())
        .sort(c.MUNICIPALITY, c.RUBRIC, c.PUBLISHED_AT, c.INCIDENT_ID)
    )
