"""The accountability ledger: from the first complaint to a decision, its money, and the outcome.

==========  ======================================================================================
``ledger``  one row per decision: first message, peak, answers, money, outcome
``hazard``  how often complaints are followed by a decision
``money``   share of complaints beside share of money
==========  ======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.clock import ZONE, local, zone_of
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.trends.decisions.responsiveness.hazard import hazard_of
from cur_lab.trends.decisions.responsiveness.ledger import ledger_of
from cur_lab.trends.decisions.responsiveness.money import shares_of

__all__ = ["Responsiveness", "responsiveness"]

_WHERE = "trends.responsiveness"


@dataclass(frozen=True, eq=False)
class Responsiveness:
    """How complaints are followed by decisions and money.

    Attributes
    ----------
    ledger
        ``columns.LEDGER``: one row per decision, by date. A link that the data do not carry is
        null, and ``gaps`` say why.
    hazard
        ``columns.DECISION_HAZARD``: decisions per 1,000 months of a rubric in a district, by last
        month's complaints, by rubric and by district.
    shares
        ``columns.MONEY_SHARES``: share of complaints and of stated money by rubric.
    """

    ledger: pl.DataFrame
    hazard: pl.DataFrame
    shares: pl.DataFrame


@needs(c.RUBRIC, c.MUNICIPALITY, c.PERIOD_START, c.MESSAGES_COUNT)
def responsiveness(
    counts: pl.DataFrame,
    decisions: pl.DataFrame,
    *,
    messages: pl.DataFrame | None = None,
    zone: str = ZONE,
) -> Responsiveness:
    """Set decisions beside the complaints they follow.

    Parameters
    ----------
    counts
        Frame of :func:`cur_lab.trends.counts` by ``rubric`` and ``municipality``, per day or hour.
    decisions
        Table ``decisions``.
    messages
        The messages behind the counts, with ``answered_at``, ``resolved_at`` and ``reopened_at``
        where there are any: without them answers and outcomes are not determined.
    zone
        Months begin in this time zone.

    Returns
    -------
    Responsiveness
        Frames sorted by decision, part and rubric.

    Raises
    ------
    NotEnoughDataError
        If the counts have no period.
    ParameterError
        If periods are longer than a day, or the zone is not known.
    SchemaError
        If a column is missing.

    Notes
    -----
    The ledger says what came before and after a decision, not what it did: for that see
    :func:`cur_lab.trends.impact`. Decisions about no rubric have no complaints of their own.
    """
    c.COUNTS.require(
        counts, [c.RUBRIC, c.MUNICIPALITY, c.PERIOD_START, c.MESSAGES_COUNT], where=_WHERE
    )
    named = [c.DECISION_ID, c.DECIDED_AT, c.RUBRIC, c.MUNICIPALITY, c.TITLE, c.BUDGET]
    c.DECISIONS.require(decisions, named, where=f"{_WHERE}(decisions)")
    if messages is not None:
        written = [c.MESSAGE_ID, c.PUBLISHED_AT, c.RUBRIC, c.MUNICIPALITY]
        c.MESSAGES.require(messages, written, where=f"{_WHERE}(messages)")
    known = _daily(counts, zone)
    ordered = decisions.select(named).sort(c.DECIDED_AT, c.DECISION_ID, nulls_last=True)
    return Responsiveness(
        ledger_of(known, ordered, messages),
        hazard_of(known, ordered),
        shares_of(known, ordered),
    )


def _daily(counts: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Sum counts per rubric, municipality and local day; days of a silent source are left out."""
    recorded = pl.col(c.RECORDED) if c.RECORDED in counts.columns else pl.lit(True)
    kept = counts.filter(recorded.fill_null(False)).drop_nulls(c.PERIOD_START)
    if kept.is_empty():
        raise NotEnoughDataError(
            "the counts have no recorded period",
            where=_WHERE,
            code="no_counts",
        )
    starts = kept[c.PERIOD_START].unique().sort()
    step = starts.diff().drop_nulls().min()
    # A day may have 25 hours.
    if isinstance(step, timedelta) and step > timedelta(hours=25):
        raise ParameterError(
            f"periods of {step.days} days are too long",
            where=_WHERE,
            remedy='Count with every="1d"',
        )
    zone_of(zone, where=_WHERE)
    day = local(c.PERIOD_START, zone).dt.truncate("1d")
    return (
        kept.group_by(c.RUBRIC, c.MUNICIPALITY, day.alias(c.PERIOD_START))
        .agg(pl.col(c.MESSAGES_COUNT).sum())
        .sort(c.RUBRIC, c.MUNICIPALITY, c.PERIOD_START)
    )
