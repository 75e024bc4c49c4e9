"""How readily people report: the rate of further reports of what somebody has reported already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.parameters import LONGEST
from cur_lab.trends.answers.stamps import TIMES
from cur_lab.trends.reporting import linkage, rates, severity

__all__ = ["Reporting", "reporting"]

CAPS = (30, 60, 90)
WRONG_LINKS = 0.1
# What is left of a maximum hangs on the processor.
_DIGITS = 9
_WHERE = "trends.reporting"


@dataclass(frozen=True, eq=False)
class Reporting:
    """Reporting rates by group, and how much they hang on what was assumed.

    Attributes
    ----------
    rates
        ``columns.REPORTING``, sorted by group.
    sensitivity
        ``columns.REPORTING_SENSITIVITY``: the same under other caps, with copies left out, with
        further reports of one author counted, and with a tenth of the incidents wrongly merged or
        split.
    incidents
        ``columns.REPORTED_INCIDENTS``: what was linked.
    unused
        ``columns.UNUSED_REPORTS``: messages that could not be linked, and why.
    """

    rates: pl.DataFrame
    sensitivity: pl.DataFrame
    incidents: pl.DataFrame
    unused: pl.DataFrame


@needs(c.PUBLISHED_AT, c.MUNICIPALITY, c.RUBRIC, c.TEXT)
def reporting(
    messages: pl.DataFrame,
    *,
    incidents: pl.DataFrame | None = None,
    by: Sequence[str] = (c.MUNICIPALITY,),
    cap: int = 60,
    until: datetime | None = None,
    k: int = 10,
    seed: int = 0,
) -> Reporting:
    """Estimate how often an incident that is open is reported, from reports after the first.

    Who compares districts by their messages compares their troubles times their readiness to
    write. After the first report the trouble is known to be there: how many more come per day
    tells the readiness alone.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``published_at``, ``municipality``, ``rubric``, ``text`` and the
        columns of ``by``; uses ``resolved_at``, ``reopened_at``, ``author_id`` and ``kind`` (only
        complaints and reports are counted where it is there).
    incidents
        Frame ``message_id, incident_id``; by default messages of one rubric at one house are one
        incident until it is marked as fixed; without a mark, as long as they follow each other
        within 30 days.
    by
        Groups to compare: ``municipality``, ``rubric``, ``rubric_group``, ``channel``, ``agency``,
        ``kind``, as of the first report.
    cap
        No incident is watched for more days after its first report; also how long one without a
        mark of a fix is taken to last before the data tell (with the weight of one incident).
    until
        End of observation; by default the last time in the data.
    k
        Groups with fewer incidents get no rate; ``reason`` says ``too_few``.
    seed
        Of the wrong links drawn for the sensitivity.

    Returns
    -------
    Reporting
        Rates at the same mix of rubrics for every group, with 95 % intervals.

    Raises
    ------
    NotEnoughDataError
        If no message can be linked to an incident, or none was watched after its first report.
    ParameterError
        If ``by``, ``cap``, ``until`` or ``k`` makes no sense.
    SchemaError
        If a column is missing, or a message stands on more than one row.

    Notes
    -----
    Reports of an open incident after the first are Poisson; the log rate is group + rubric. An
    incident is watched until it is marked as fixed, to ``cap`` days, or until a silence of 30 days:
    after that the next report would be taken for another incident. How much of a silence without a
    mark it was still open is not seen. Incidents of a rubric end at a rate of their own, and both
    rates follow by maximum likelihood: short gaps between reports and then none tell of an end,
    gaps of any length of few reports.

    Intervals leave out one house after the other, for its incidents share what is loud or quiet
    about it. Reports come at an even rate in this model, so the expected delay of the first one is
    1 / rate; where incidents differ in severity it is longer than that, and mild incidents without
    a mark of a fix look like such that have ended, which makes rates too high. Whether they differ
    is asked of the gaps between reports (long ones follow long ones); then ``reason`` says
    ``severity_differs``, and intervals reach down to where every silence is of an open incident.

    The rate is that of incidents somebody reported. Of those nobody reports the data say nothing,
    and a group whose silence is total is not in the table.

    References
    ----------
    Liu Z., Bhandaram U., Garg N. (2023). Quantifying spatial under-reporting disparities in
    resident crowdsourcing. Nature Computational Science 4, 57-65.
    """
    groups = _checked(messages, by, cap, until, k)
    reports, unused = linkage.linked(messages, groups, incidents)
    if reports.is_empty():
        raise NotEnoughDataError(
            "no message can be linked to an incident",
            where=_WHERE,
            remedy="Messages need a date, a rubric, a municipality and a house; or give incidents",
            code="no_linked_messages",
        )
    until = until or _last(messages)
    reports = reports.filter(pl.col(c.PUBLISHED_AT) <= until)
    gap = linkage.GAP if incidents is None else None
    main = linkage.observed(linkage.first_of_author(reports), groups, cap, until, gap=gap)
    if main.is_empty():
        raise NotEnoughDataError(
            "no incident was watched after its first report",
            where=_WHERE,
            remedy="Give messages of several weeks, or a later until",
            code="not_watched",
        )
    table = _rates(main, groups, cap, k)
    return Reporting(
        table.select(*groups, *c.REPORTING.schema.names()),
        _sensitivity(reports, table, groups, cap, until, k, seed, gap),
        c.REPORTED_INCIDENTS.conform(main).select(*groups, *c.REPORTED_INCIDENTS.schema.names()),
        unused,
    )


def _checked(
    messages: pl.DataFrame, by: Sequence[str], cap: int, until: datetime | None, k: int
) -> list[str]:
    groups = c.REPORTING.split_by(by, where=_WHERE)
    if not groups:
        raise ParameterError("by names nothing", where=_WHERE, remedy="Name a column")
    if not 1 <= cap <= LONGEST or k < 2:
        raise ParameterError(
            f"cap = {cap}, k = {k} make no sense",
            where=_WHERE,
            remedy=f"cap from 1 to {LONGEST} days, k of 2 or more",
        )
    if until is not None and (not isinstance(until, datetime) or until.tzinfo is None):
        raise ParameterError(
            "until has no time zone", where=_WHERE, remedy="Give datetime(..., tzinfo=UTC)"
        )
    needed = [c.MESSAGE_ID, c.PUBLISHED_AT, c.MUNICIPALITY, c.RUBRIC, c.TEXT, *groups]
    c.MESSAGES.require(messages, needed, where=_WHERE)
    c.check_once(messages, c.MESSAGE_ID, where=_WHERE)
    return groups


def _last(messages: pl.DataFrame) -> datetime:
    times = [name for name in (c.PUBLISHED_AT, *TIMES) if name in messages.columns]
    last = messages.select(pl.max_horizontal(pl.col(times).max())).item()
    assert isinstance(last, datetime)
    return last


# --- rates --------------------------------------------------------------------------------------


def _rates(observed: pl.DataFrame, groups: list[str], cap: int, k: int) -> pl.DataFrame:
    totals = observed.group_by(groups).agg(
        pl.len().cast(pl.Int64).alias(c.INCIDENTS),
        pl.col(c.DUPLICATES).sum(),
        pl.col(c.EXPOSURE_DAYS).sum(),
    )
    totals = totals.sort(groups).with_row_index(rates.GROUP)
    shown = totals.filter(pl.col(c.INCIDENTS) >= k)
    # Where rubrics and groups coincide, the mix of rubrics is the group's own.
    mixed = c.RUBRIC if set(groups) <= {c.MUNICIPALITY, c.CHANNEL, c.KIND} else None
    data = observed.join(
        shown.select(rates.GROUP, *groups), on=groups, nulls_equal=True, how="inner"
    ).with_columns((pl.col(mixed) if mixed else pl.lit(None, pl.String)).alias(rates.MIX))
    # A mild incident that is open and a loud one that has ended are silent alike: the rate then
    # lies anywhere between the two readings of all silences.
    unknown = bool((data[rates.SILENT_DAYS] > 0).any()) and severity.differs(data, groups)
    found = rates.fit(data, usual_days=cap)
    if unknown:
        found = found.spanned(rates.fit(data.with_columns(pl.lit(0.0).alias(rates.SILENT_DAYS))))
    estimates = pl.DataFrame(
        {
            rates.GROUP: found.groups,
            c.RATE: found.rate,
            c.RATE_LOW: found.low,
            c.RATE_HIGH: found.high,
            c.RATIO: found.ratio,
            c.RATIO_LOW: found.ratio_low,
            c.RATIO_HIGH: found.ratio_high,
        },
        schema_overrides={rates.GROUP: pl.UInt32},
    ).with_columns(pl.exclude(rates.GROUP).fill_nan(None))
    table = totals.join(estimates, on=rates.GROUP, how="left", validate="1:1").with_columns(
        _delay(c.RATE).alias(c.DELAY_DAYS),
        _delay(c.RATE_HIGH).alias(c.DELAY_DAYS_LOW),
        _delay(c.RATE_LOW).alias(c.DELAY_DAYS_HIGH),
        pl.when(pl.col(c.RATE).is_null())
        .then(pl.lit("too_few"))
        .when(pl.col(c.DUPLICATES) == 0)
        .then(pl.lit("no_duplicates"))
        .when(pl.lit(unknown))
        .then(pl.lit("severity_differs"))
        .alias(c.REASON),
    )
    return c.REPORTING.conform(table.sort(rates.GROUP), digits=_DIGITS)


def _delay(rate: str) -> pl.Expr:
    return pl.when(pl.col(rate) > 0).then(1 / pl.col(rate))


def _sensitivity(
    reports: pl.DataFrame,
    table: pl.DataFrame,
    groups: list[str],
    cap: int,
    until: datetime,
    k: int,
    seed: int,
    gap: timedelta | None,
) -> pl.DataFrame:
    own = linkage.first_of_author(reports)
    draw = np.random.default_rng(seed)
    scenarios = {
        **{f"open_{days}_days": (own, days) for days in CAPS},
        "without_copies": (linkage.without_copies(own), cap),
        "with_repeats": (reports, cap),
        "wrongly_merged": (linkage.merged(own, WRONG_LINKS, draw), cap),
        "wrongly_split": (linkage.split(own, WRONG_LINKS, draw), cap),
    }
    main = table.select(*groups, pl.col(c.RATE).alias("main"))
    kept = [c.INCIDENTS, c.RATE, c.RATE_LOW, c.RATE_HIGH, c.RATIO]
    parts = [table.select(pl.lit("main").alias(c.SCENARIO), *groups, *kept)]
    for name, (kept_reports, days) in scenarios.items():
        observed = linkage.observed(kept_reports, groups, days, until, gap=gap)
        found = _rates(observed, groups, days, k)
        parts.append(found.select(pl.lit(name).alias(c.SCENARIO), *groups, *kept))
    joined = pl.concat(parts).join(main, on=groups, how="left", nulls_equal=True, validate="m:1")
    change = pl.when(pl.col("main") > 0).then(pl.col(c.RATE) / pl.col("main") - 1)
    ordered = c.REPORTING_SENSITIVITY.conform(joined.with_columns(change.alias(c.CHANGE)))
    return ordered.select(*groups, *c.REPORTING_SENSITIVITY.schema.names()).sort(
        c.SCENARIO, *groups, maintain_order=True
    )
