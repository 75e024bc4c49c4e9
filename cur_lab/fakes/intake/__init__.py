"""A channel under attack: volume against its norm, surges, what filters would have stopped."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.fakes import lacking
from cur_lab.fakes.intake import filters
from cur_lab.fakes.intake.norm import VARIANCE, norm
from cur_lab.inference import BoolArray, q_values

__all__ = ["Intake", "intake"]

_EVERY = re.compile(r"(\d{1,4})(m|h|d)")
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_MOST_BINS = 3_000_000
# Loud bins this near are one surge.
_GAP = timedelta(hours=1)
# A surge begins and ends in bins that would not be called loud by themselves.
_EDGE = 0.01
_NEW = timedelta(days=30)
# An hour of the week that was seen once has no norm but itself.
_SHORTEST = timedelta(days=14)
# So many alike, or of one author, within a surge are held for it.
_ALIKE = 3
# Surges of fewer messages are counted, and nothing else is told of them.
TOLD = 10
# Bins tried beside the chosen ones.
_WIDTHS = ("10m", "30m", "1h")
_AROUND = timedelta(hours=36)
_MOST_OF_IT = 0.8
_STEP, _SURGE, _FLAGGED, _IS_NEW = "_step", "_surge", "_flagged", "_is_new"


@dataclass(frozen=True, eq=False)
class Intake:
    """What came in, and what a filter would have done.

    Attributes
    ----------
    volume
        ``columns.INTAKE_VOLUME``: bins that are not empty, with norm and q over all bins.
    surges
        ``columns.INTAKE_SURGES``: loud bins run together.
    filters
        ``columns.INTAKE_FILTERS``: for each setting what it stops of the attack and of the rest.
    checks
        ``columns.CHECKS``: what could not be run or is only estimated, and why.
    """

    volume: pl.DataFrame
    surges: pl.DataFrame
    filters: pl.DataFrame
    checks: pl.DataFrame
    _timed: pl.DataFrame = field(repr=False)
    _every: str = field(repr=False)
    _fdr: float = field(repr=False)

    @property
    def around(self) -> pl.DataFrame:
        """Rows of ``volume`` a day and a half around the largest surge; all without a surge."""
        largest = self.surges.sort(c.MESSAGES_COUNT, c.STARTED_AT).tail(1)
        if largest.is_empty():
            return self.volume.clear()
        start, stop = largest[c.STARTED_AT].item(), largest[c.ENDED_AT].item()
        near = pl.col(c.PERIOD_START).is_between(start - _AROUND, stop + _AROUND)
        return self.volume.filter(near)

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """Table ``intake_sensitivity``: surges in bins of other lengths."""
        if self._timed.is_empty():
            return c.INTAKE_SENSITIVITY.empty()
        rows = []
        for every in dict.fromkeys((self._every, *_WIDTHS)):
            surging, _ = _surging(self._timed, every, self._fdr)
            sizes = surging.drop_nulls(_SURGE).group_by(_SURGE).len()["len"]
            rows.append((every, len(sizes), sizes.max() or 0))
        return pl.DataFrame(rows, schema=c.INTAKE_SENSITIVITY.schema, orient="row")

    def recovered(self, planted: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
        """Return the row of ``intake_filters`` that would stop a planted flood at the least cost.

        Parameters
        ----------
        planted, members
            ``campaigns`` and ``campaign_messages`` of :func:`cur_lab.datasets.truth`. The attack is
            what disposable accounts sent; four fifths of it are to be stopped.
        """
        flood = planted.filter(pl.col(c.KIND) == "disposable accounts")
        ids = members.join(flood, on="campaign_id", how="semi")[c.MESSAGE_ID]
        held = self._timed[c.MESSAGE_ID].is_in(ids.implode()).to_numpy()
        tried = _filters(self._timed, held) if held.any() else c.INTAKE_FILTERS.empty()
        order = (c.STOPPED_HONEST, c.STOPPED_ATTACK, c.FILTER, c.WINDOW, c.ALLOWED)
        return tried.filter(pl.col(c.ATTACK_SHARE) >= _MOST_OF_IT).sort(order).head(1)


@c.needs(c.MESSAGE_ID, c.TEXT)
def intake(
    messages: pl.DataFrame,
    *,
    every: str = "10m",
    fdr: float = 0.05,
    attack: Collection[str] | None = None,
) -> Intake:
    """Look for surges in what a channel takes in and try filters on it.

    Parameters
    ----------
    messages
        Of one channel, best. Needs ``message_id`` and ``text``; uses ``published_at``,
        ``author_id`` and ``account_created_at`` where they are there.
    every
        Length of a bin: minutes, hours or days, such as ``"10m"``.
    fdr
        False-discovery rate of loud bins.
    attack
        Ids of messages known to be the attack. Without them what the filters stop is estimated: a
        message of a surge is held for the attack if two others of the surge say the same or come
        from the same author; all others count as honest.

    Returns
    -------
    Intake
        Tables; empty ones where the data lack what they need, with the reason in ``checks``.

    Raises
    ------
    SchemaError
        If a column is missing or an id is empty.
    ParameterError
        If ``every`` or ``fdr`` makes no sense.
    NotEnoughDataError
        If the messages that have a date are of less than two weeks.

    Notes
    -----
    A surge is no attack: an outage fills a channel too, with different texts of different people.
    """
    where = "fakes.intake"
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=where)
    if messages[c.MESSAGE_ID].null_count():
        raise SchemaError("a message without message_id", where=where, remedy="Drop the row")
    minutes = _minutes(every)
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr} is not in (0, 1)", where=where, remedy="Try 0.05")
    rows = _rows(messages)
    checks = _checks(rows, messages)
    timed = rows.drop_nulls(c.PUBLISHED_AT).sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    if timed.is_empty():
        nothing = (c.INTAKE_VOLUME.empty(), c.INTAKE_SURGES.empty(), c.INTAKE_FILTERS.empty())
        return Intake(*nothing, checks, timed, every, fdr)
    _check_length(timed[c.PUBLISHED_AT], minutes, where=where)
    if timed[c.PUBLISHED_AT][-1] - timed[c.PUBLISHED_AT][0] < _SHORTEST:
        raise NotEnoughDataError(
            "messages of less than two weeks",
            where=where,
            remedy="Give messages of two weeks and longer: the norm is that of an hour of the week",
            code="short_intake",
        )
    surging, bins = _surging(timed, every, fdr)
    held = _held(surging, attack)
    told = int(held.sum()) >= TOLD
    return Intake(
        volume=_volume(surging, bins),
        surges=_surges(surging, bins, timedelta(minutes=minutes)),
        filters=_filters(surging, held) if told else c.INTAKE_FILTERS.empty(),
        checks=checks if told else pl.concat([checks, _nothing_held(held)]),
        _timed=timed,
        _every=every,
        _fdr=fdr,
    )


def _minutes(every: str) -> int:
    found = _EVERY.fullmatch(every)
    if not found or not int(found[1]):
        raise ParameterError(
            f"every {every!r} is not a length of time in minutes, hours or days",
            where="fakes.intake",
            remedy='Write minutes, hours or days: "10m", "1h", "1d"',
        )
    return int(found[1]) * _MINUTES[found[2]]


def _check_length(times: pl.Series, minutes: int, *, where: str) -> None:
    span = times[-1] - times[0]
    if span / timedelta(minutes=minutes) > _MOST_BINS:
        raise ParameterError(
            f"messages from {times[0]:%Y} to {times[-1]:%Y} are too many bins of {minutes} minutes",
            where=where,
            remedy="Drop wrong dates or take longer bins",
        )


def _rows(messages: pl.DataFrame) -> pl.DataFrame:
    """Messages with family and whether the account was new."""
    used = (c.PUBLISHED_AT, c.AUTHOR_ID, c.ACCOUNT_CREATED_AT, c.TEXT)
    rows = c.MESSAGES.complete(prepare.with_families(messages), *used)
    age = pl.col(c.PUBLISHED_AT) - pl.col(c.ACCOUNT_CREATED_AT)
    return rows.unique(c.MESSAGE_ID, keep="first", maintain_order=True).select(
        c.MESSAGE_ID,
        c.PUBLISHED_AT,
        c.AUTHOR_ID,
        c.FAMILY,
        (age < _NEW).alias(_IS_NEW),
    )


def _surging(timed: pl.DataFrame, every: str, fdr: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Messages with the number of their surge, and the bins with their norm."""
    bins = norm(timed[c.PUBLISHED_AT], every=every)
    bins = bins.with_columns(pl.Series(c.Q_VALUE, q_values(bins[c.P_VALUE])))
    return _with_surges(timed, bins, every, fdr), bins


def _with_surges(timed: pl.DataFrame, bins: pl.DataFrame, every: str, fdr: float) -> pl.DataFrame:
    """Give messages the number of their surge; null outside."""
    loud = bins.filter((pl.col(c.Q_VALUE) <= fdr) | (pl.col(c.P_VALUE) <= _EDGE))
    apart = (pl.col(c.PERIOD_START).diff() > _GAP).fill_null(False)
    loud = loud.with_columns(apart.cum_sum().cast(pl.Int64).alias(_SURGE))
    proven = (pl.col(c.Q_VALUE) <= fdr).any().over(_SURGE)
    spans = (
        loud.filter(proven)
        .group_by(_SURGE)
        .agg(
            pl.col(c.PERIOD_START).min().alias(c.STARTED_AT),
            pl.col(c.PERIOD_START).max().alias(c.ENDED_AT),
        )
    )
    located = timed.with_columns(pl.col(c.PUBLISHED_AT).dt.truncate(every).alias(_STEP))
    within = pl.col(_STEP) <= pl.col(c.ENDED_AT)
    return (
        located.sort(_STEP, c.PUBLISHED_AT, c.MESSAGE_ID)
        .join_asof(spans.sort(c.STARTED_AT), left_on=_STEP, right_on=c.STARTED_AT)
        .with_columns(pl.when(within).then(pl.col(_SURGE)).alias(_SURGE))
        .drop(c.STARTED_AT, c.ENDED_AT)
        .sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    )


def _held(timed: pl.DataFrame, attack: Collection[str] | None) -> BoolArray:
    """Which messages count as the attack."""
    if attack is not None:
        known = pl.Series(list(attack), dtype=pl.String)
        return timed[c.MESSAGE_ID].is_in(known.implode()).to_numpy()
    alike = [
        (pl.col(key).is_not_null() & (pl.len().over(_SURGE, key) >= _ALIKE))
        for key in (c.FAMILY, c.AUTHOR_ID)
    ]
    held = pl.col(_SURGE).is_not_null() & (alike[0] | alike[1])
    return timed.select(held.alias("held"))["held"].to_numpy()


def _volume(timed: pl.DataFrame, bins: pl.DataFrame) -> pl.DataFrame:
    grouped = timed.group_by(pl.col(_STEP).alias(c.PERIOD_START)).agg(
        pl.col(c.FAMILY).is_not_null().sum().cast(pl.Int64).alias(c.IN_FAMILIES),
        pl.col(c.AUTHOR_ID).drop_nulls().n_unique().cast(pl.Int64).alias(c.AUTHORS),
        _new_accounts(),
        pl.col(_SURGE).is_not_null().any().alias(c.IN_SURGE),
    )
    table = bins.filter(pl.col(c.MESSAGES_COUNT) > 0).join(
        grouped, on=c.PERIOD_START, how="left", validate="1:1"
    )
    return c.INTAKE_VOLUME.conform(
        table.select(c.INTAKE_VOLUME.schema.names()).sort(c.PERIOD_START)
    )


def _new_accounts() -> pl.Expr:
    known = pl.col(_IS_NEW).count()
    return pl.when(known > 0).then(pl.col(_IS_NEW).sum()).cast(pl.Int64).alias(c.NEW_ACCOUNTS)


def _surges(timed: pl.DataFrame, bins: pl.DataFrame, width: timedelta) -> pl.DataFrame:
    records = []
    surging = timed.drop_nulls(_SURGE)
    for _, members in surging.group_by(_SURGE, maintain_order=True):
        steps = members[_STEP].sort()
        start, stop = steps[0], steps[-1]
        of_surge = bins.filter(pl.col(c.PERIOD_START).is_between(start, stop))
        expected = float(of_surge[c.EXPECTED].sum())
        error = 1.96 * float(of_surge[VARIANCE].sum()) ** 0.5
        excess = members.height - expected
        copied = members.filter(pl.len().over(c.FAMILY) >= _ALIKE).drop_nulls(c.FAMILY)
        records.append(
            {
                c.STARTED_AT: start,
                c.ENDED_AT: stop + width,
                c.MESSAGES_COUNT: members.height,
                c.EXPECTED: expected,
                c.EXCESS: excess,
                c.EXCESS_LOW: excess - error,
                # No more of them can be beyond the norm than there are.
                c.EXCESS_HIGH: min(excess + error, members.height),
                c.Q_VALUE: of_surge[c.Q_VALUE].min(),
                c.IN_FAMILIES: copied.height,
                c.FAMILIES_COUNT: copied[c.FAMILY].n_unique(),
                c.AUTHORS: members[c.AUTHOR_ID].drop_nulls().n_unique(),
                c.NEW_ACCOUNTS: members.select(_new_accounts()).item(),
            }
        )
    table = pl.DataFrame(records, schema=c.INTAKE_SURGES.schema)
    return c.INTAKE_SURGES.conform(table.sort(c.STARTED_AT))


def _filters(timed: pl.DataFrame, held: BoolArray) -> pl.DataFrame:
    keys = [(filters.RATE, c.AUTHOR_ID), (filters.DUPLICATES, c.FAMILY)]
    usable = [(name, key) for name, key in keys if timed[key].count()]
    return filters.grid(timed, held, usable)


def _checks(rows: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Say what the data do not allow."""
    if messages.is_empty():
        return c.CHECKS.empty()
    wanted = (
        (c.PUBLISHED_AT, "volume", "no_times"),
        (c.AUTHOR_ID, filters.RATE, "no_authors"),
        (_IS_NEW, "new_accounts", "no_account_dates"),
        (c.FAMILY, filters.DUPLICATES, "no_copies"),
    )
    untimed = rows[c.PUBLISHED_AT].null_count()
    return lacking.checks(rows, wanted, timed="volume", untimed=untimed)


def _nothing_held(held: BoolArray) -> pl.DataFrame:
    row = ("filters", "little_to_stop" if held.any() else "nothing_to_stop", None)
    return pl.DataFrame([row], schema=c.CHECKS.schema, orient="row")
