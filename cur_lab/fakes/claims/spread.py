"""How refuted claims spread: when first seen, how fast, where, what the refutation changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import SchemaError
from cur_lab.fakes import lacking
from cur_lab.fakes.claims.refutation import Effect, effect_of, standing
from cur_lab.fakes.claims.stretches import TOLD, curves_of
from cur_lab.fakes.claims.waves import Doubling, Wave, waves
from cur_lab.inference import wilson
from cur_lab.statements.matching import LEAST

__all__ = ["Spread", "spread"]

BEFORE, AFTER, ALWAYS = "before_refutation", "after_refutation", "all"
STANCES = (c.SPREADS, c.ASKS, c.DOUBTS, c.REFUTES)
_HOUR = timedelta(hours=1)
_CUTS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
NONE = "none"
# Waves of those who ask, who repeat, who doubt and who refute are told apart; a claim came back
# where it is repeated again. Those who ask come first.
_WAVING = (c.ASKS, c.SPREADS, c.DOUBTS, c.REFUTES)
# What a refutation is to end; an undecided message may refute as well as repeat.
_TELLING = (c.SPREADS, c.ASKS, c.DOUBTS)


@dataclass(frozen=True, eq=False)
class Spread:
    """Curves and figures of matched claims.

    Attributes
    ----------
    claims
        ``columns.SPREAD_CLAIMS``: one row per claim of the registry.
    curves
        ``columns.SPREAD_CURVES``: messages by stance and day, or by as many days as hold ten.
    waves
        ``columns.SPREAD_WAVES``: stretches of ten messages of one stance or more without a quiet
        fortnight, those who ask first; a claim that comes back is repeated in several.
    stances
        ``columns.SPREAD_STANCES``: who repeats and who asks, before and after the refutation; how
        many messages tell it at all. Shares are of the decided ones.
    places
        ``columns.SPREAD_PLACES``: the same by municipality, where there are ten messages.
    effects
        ``columns.SPREAD_EFFECTS``: what the refutation changed against equal peaks; neither
        messages that refute count nor those whose stance is not decided.
    askers
        ``columns.SPREAD_ASKERS``: where ten messages or more ask after the refutation.
    tiers
        ``columns.SPREAD_TIERS``: messages by how surely they are matched.
    checks
        ``columns.CHECKS``: what could not be computed, and why.
    """

    claims: pl.DataFrame
    curves: pl.DataFrame
    waves: pl.DataFrame
    stances: pl.DataFrame
    places: pl.DataFrame
    effects: pl.DataFrame
    askers: pl.DataFrame
    tiers: pl.DataFrame
    checks: pl.DataFrame
    _matches: pl.DataFrame = field(repr=False)
    _rows: pl.DataFrame = field(repr=False)

    @cached_property
    def leading(self) -> str | None:
        """The claim most asked about and repeated after its refutation; None without a curve."""
        told = self._rows.filter(pl.col(c.STANCE).is_in([c.ASKS, c.SPREADS]))
        late = (pl.col(c.PHASE) == AFTER).sum().alias("late")
        counted = (
            told.join(self.curves, on=c.CLAIM_ID, how="semi")
            .drop_nulls(c.PUBLISHED_AT)
            .group_by(c.CLAIM_ID)
            .agg(late, pl.len().alias(c.MESSAGES_COUNT))
        )
        ordered = counted.sort("late", c.MESSAGES_COUNT, c.CLAIM_ID, descending=[True, True, False])
        return next(iter(ordered[c.CLAIM_ID]), None)

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """Table ``spread_sensitivity``: messages and claims repeated again at other thresholds."""
        if self.claims.is_empty():
            return c.SPREAD_SENSITIVITY.empty()
        refuted = dict(self.claims.select(c.CLAIM_ID, c.REFUTED_AT).rows())
        scored = self._rows.drop_nulls(c.PUBLISHED_AT)
        rows = []
        for cut in _CUTS:
            kept = scored.filter(pl.col(c.SCORE) >= cut)
            late = [
                any(wave.start >= refuted[name] for wave in _known_waves(kept, name, c.SPREADS))
                for name in kept[c.CLAIM_ID].unique()
                if refuted[name] is not None
            ]
            reached = int((self._matches[c.SCORE] >= cut).sum())
            told = cut >= LEAST and not scored.is_empty()
            rows.append((cut, reached, sum(late) if told else None))
        return pl.DataFrame(rows, schema=c.SPREAD_SENSITIVITY.schema, orient="row")

    def recovered(self, members: pl.DataFrame) -> pl.DataFrame:
        """Return table ``spread_recovered``: tiers beside what a sample region holds.

        Parameters
        ----------
        members
            ``claim_messages`` of :func:`cur_lab.datasets.truth`.
        """
        known = members.select(c.MESSAGE_ID, right=c.CLAIM_ID, near="near_claim_id")
        same = (pl.col(c.CLAIM_ID) == pl.col("right")).fill_null(pl.col("right").is_not_null())
        judged = self._matches.join(known, on=c.MESSAGE_ID, how="left")
        counted = judged.group_by(pl.col(c.TIER).fill_null(NONE)).agg(
            pl.len().alias(c.MESSAGES_COUNT),
            same.sum().alias(c.STATED),
            pl.col("near").count().alias(c.NEAR_MISSES),
        )
        return c.SPREAD_RECOVERED.conform(counted).sort(c.MESSAGES_COUNT, c.TIER)

    def stances_recovered(self, members: pl.DataFrame) -> pl.DataFrame:
        """Return table ``stances_recovered``: stances found beside those of a sample region.

        Parameters
        ----------
        members
            As :meth:`recovered` takes them.
        """
        said = members.select(c.MESSAGE_ID, pl.col(c.STANCE).alias(c.PLANTED_STANCE)).drop_nulls()
        both = self._matches.drop_nulls(c.STANCE).join(said, on=c.MESSAGE_ID)
        counted = both.group_by(c.PLANTED_STANCE, c.STANCE).len(c.MESSAGES_COUNT)
        return c.STANCES_RECOVERED.conform(counted).sort(c.PLANTED_STANCE, c.STANCE)


@c.needs(c.MESSAGE_ID)
def spread(matches: pl.DataFrame, messages: pl.DataFrame, claims: pl.DataFrame) -> Spread:
    """Follow matched claims through time and municipalities.

    Parameters
    ----------
    matches
        What :func:`matches` yields.
    messages
        Needs ``message_id``; uses ``published_at``, ``author_id``, ``municipality`` and ``rubric``
        where they are there.
    claims
        The registry; uses ``first_seen_at``, ``refuted_at`` and ``withdrawn_at``: a refutation
        withdrawn by the time of the last message counts as none.

    Returns
    -------
    Spread
        All tables empty if no message was matched against the registry.

    Raises
    ------
    SchemaError
        If a column is missing.

    Notes
    -----
    Curves show what the export holds. A claim that first appears in it may have gone round
    elsewhere before; «совпало с записью реестра» is all that is said of a message.
    """
    where = "fakes.spread"
    c.CLAIM_MATCHES.require(
        matches, [c.MESSAGE_ID, c.CLAIM_ID, c.TIER, c.STANCE, c.SCORE], where=where
    )
    c.MESSAGES.require(messages, [c.MESSAGE_ID], where=where)
    c.CLAIMS.require(claims, [c.CLAIM_ID], where=where)
    if matches[c.MESSAGE_ID].null_count():
        raise SchemaError("a match without message_id", where=where, remedy="Drop the row")
    last: Any = c.MESSAGES.complete(messages, c.PUBLISHED_AT)[c.PUBLISHED_AT].max()
    dates = (c.FIRST_SEEN_AT, c.REFUTED_AT, c.WITHDRAWN_AT)
    registry = standing(c.CLAIMS.complete(claims, c.TEXT, *dates).sort(c.CLAIM_ID), last)
    if matches.is_empty():
        registry = registry.clear()
    rows = _matched(matches, messages, registry)
    timed = rows.drop_nulls(c.PUBLISHED_AT)
    found = {
        name: {stance: _known_waves(timed, name, stance) for stance in _WAVING}
        for name in registry[c.CLAIM_ID]
    }
    return Spread(
        claims=_claims(rows, registry, found),
        curves=curves_of(timed),
        waves=_waves(registry, found),
        stances=_stances(rows),
        places=_places(rows),
        effects=_effects(timed, messages, registry, last),
        askers=_askers(rows),
        tiers=_tiers(matches),
        checks=_checks(rows, messages) if matches.height else c.CHECKS.empty(),
        _matches=matches,
        _rows=rows,
    )


# --- tables ---------------------------------------------------------------------------------------


def _matched(matches: pl.DataFrame, messages: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """Join matched messages with time, author, municipality, and whether the refutation was out."""
    known = c.MESSAGES.complete(messages, c.PUBLISHED_AT, c.AUTHOR_ID, c.MUNICIPALITY, c.CHANNEL)
    known = known.unique(c.MESSAGE_ID, keep="first", maintain_order=True)
    phase = (
        pl.when(pl.col(c.PUBLISHED_AT) >= pl.col(c.REFUTED_AT))
        .then(pl.lit(AFTER))
        .when(pl.col(c.PUBLISHED_AT) < pl.col(c.REFUTED_AT))
        .then(pl.lit(BEFORE))
    )
    return (
        matches.filter(pl.col(c.CLAIM_ID).is_not_null())
        .select(c.MESSAGE_ID, c.CLAIM_ID, c.STANCE, c.SCORE)
        .join(registry.select(c.CLAIM_ID, c.REFUTED_AT), on=c.CLAIM_ID, how="inner")
        .join(
            known.select(c.MESSAGE_ID, c.PUBLISHED_AT, c.AUTHOR_ID, c.MUNICIPALITY, c.CHANNEL),
            on=c.MESSAGE_ID,
            how="inner",
        )
        .with_columns(phase.alias(c.PHASE))
        .sort(c.CLAIM_ID, c.PUBLISHED_AT, c.MESSAGE_ID)
    )


def _known_waves(timed: pl.DataFrame, claim: str, *stances: str) -> list[Wave]:
    of_claim = timed.filter(pl.col(c.CLAIM_ID) == claim, pl.col(c.STANCE).is_in(stances))
    times = of_claim[c.PUBLISHED_AT].sort().to_list()
    return [wave for wave in waves(times) if len(wave.times) >= TOLD]


def _claims(
    rows: pl.DataFrame, registry: pl.DataFrame, found: dict[str, dict[str, list[Wave]]]
) -> pl.DataFrame:
    records = []
    stated = registry.select(c.CLAIM_ID, c.TEXT, c.FIRST_SEEN_AT, c.REFUTED_AT)
    for name, text, known, refuted in stated.rows():
        of_claim = rows.filter(pl.col(c.CLAIM_ID) == name)
        parts = found[name][c.SPREADS]
        seen: Any = of_claim[c.PUBLISHED_AT].min()
        lead = (known - seen) / _HOUR if known and seen else None
        reached = of_claim[c.MUNICIPALITY].drop_nulls().n_unique()
        records.append(
            {
                c.CLAIM_ID: name,
                c.TEXT: text,
                c.REFUTED_AT: refuted,
                c.MESSAGES_COUNT: of_claim.height,
                c.FIRST_SEEN_AT: seen,
                c.LEAD_HOURS: lead,
                c.MUNICIPALITIES_COUNT: reached if reached or of_claim.is_empty() else None,
                c.WAVES: len(parts),
            }
            | _pace("doubling_hours", parts[0].growth() if parts else None)
            | _pace("half_life_hours", parts[0].fading() if parts else None)
        )
    return c.SPREAD_CLAIMS.conform(pl.DataFrame(records, schema=c.SPREAD_CLAIMS.schema))


def _pace(name: str, pace: Doubling | None) -> dict[str, float | None]:
    ends = (None, None, None) if pace is None else (pace.hours, pace.low, pace.high)
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))


def _waves(registry: pl.DataFrame, found: dict[str, dict[str, list[Wave]]]) -> pl.DataFrame:
    refuted = dict(registry.select(c.CLAIM_ID, c.REFUTED_AT).rows())
    records = [
        (
            name,
            stance,
            number,
            wave.start,
            wave.stop,
            wave.peak,
            len(wave.times),
            None if refuted[name] is None else wave.start >= refuted[name],
        )
        for name, by_stance in found.items()
        for stance in _WAVING
        for number, wave in enumerate(by_stance[stance], 1)
    ]
    # As it is: by claim, those who ask first.
    return c.SPREAD_WAVES.conform(pl.DataFrame(records, schema=c.SPREAD_WAVES.schema, orient="row"))


def _stances(rows: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat([rows.with_columns(pl.lit(ALWAYS).alias(c.PHASE)), rows.drop_nulls(c.PHASE)])
    return c.SPREAD_STANCES.conform(_shares(both, [c.CLAIM_ID, c.PHASE]))


def _places(rows: pl.DataFrame) -> pl.DataFrame:
    placed = rows.drop_nulls(c.MUNICIPALITY)
    counted = _shares(placed, [c.CLAIM_ID, c.MUNICIPALITY])
    return c.SPREAD_PLACES.conform(counted.filter(pl.col(c.MESSAGES_COUNT) >= TOLD))


def _shares(rows: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Messages by stance, authors, how many are decided, and the askers' share among them."""
    counted = (
        rows.group_by(keys)
        .agg(
            pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT),
            pl.col(c.AUTHOR_ID).drop_nulls().n_unique().cast(pl.Int64).alias(c.AUTHORS),
            *(
                (pl.col(c.STANCE) == s).sum().cast(pl.Int64).alias(s)
                for s in (*STANCES, c.UNDECIDED)
            ),
        )
        .with_columns(pl.sum_horizontal(STANCES).alias(c.DECIDED))
        .sort(keys)
    )
    asks, both = counted[c.ASKS], counted[c.ASKS] + counted[c.SPREADS]
    return counted.with_columns(
        *_share(c.DECIDED_SHARE, counted[c.DECIDED], counted[c.MESSAGES_COUNT]),
        *_share(c.ASKERS_SHARE, asks, both),
    )


def _share(name: str, part: pl.Series, whole: pl.Series) -> list[pl.Expr]:
    """Share with Wilson's interval; null of nothing."""
    low, high = wilson(part.to_numpy(), whole.to_numpy())
    some = pl.Series("some", whole > 0)
    ends = ((name, part / whole), (f"{name}_low", low), (f"{name}_high", high))
    return [pl.when(some).then(pl.Series(value)).alias(key) for key, value in ends]


def _effects(
    timed: pl.DataFrame,
    messages: pl.DataFrame,
    registry: pl.DataFrame,
    last: Any,
) -> pl.DataFrame:
    others = _others(messages, timed) if timed.height else []
    records = []
    dated = registry.select(c.CLAIM_ID, c.REFUTED_AT, c.WITHDRAWN_AT)
    for name, refuted, withdrawn in dated.rows():
        parts = _known_waves(timed, name, *_TELLING)
        earlier = [wave for wave in parts if refuted and wave.start <= refuted]
        if refuted is None:
            effect = Effect(None, None, note="withdrawn" if withdrawn else "no_refutation_date")
        else:
            told = (pl.col(c.CLAIM_ID) == name) & pl.col(c.STANCE).is_in(_TELLING)
            times = timed.filter(told)[c.PUBLISHED_AT].to_list()
            peak = earlier[-1].peak if earlier else None
            effect = effect_of(times, peak, refuted, last, others)
        records.append((name, *astuple(effect)))
    table = pl.DataFrame(records, schema=c.SPREAD_EFFECTS.schema, orient="row")
    return c.SPREAD_EFFECTS.conform(table)


def _others(messages: pl.DataFrame, timed: pl.DataFrame) -> list[Any]:
    """Take times of series that nobody refuted: official rubrics by municipality."""
    keys = [k for k in (c.RUBRIC, c.MUNICIPALITY) if k in messages.columns]
    rest = messages.join(timed.select(c.MESSAGE_ID), on=c.MESSAGE_ID, how="anti")
    rest = rest.drop_nulls([c.PUBLISHED_AT, *keys]).sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    if not keys:
        return []
    seconds = pl.col(c.PUBLISHED_AT).dt.epoch("us") / 1e6
    grouped = rest.group_by(keys).agg(seconds).sort(keys)
    return [np.array(times) for times in grouped[c.PUBLISHED_AT].to_list()]


def _askers(rows: pl.DataFrame) -> pl.DataFrame:
    asked = rows.filter(pl.col(c.STANCE) == c.ASKS, pl.col(c.PHASE) == AFTER)
    counted = [
        asked.drop_nulls(by)
        .group_by(pl.col(by).alias(c.GROUP))
        .len(c.MESSAGES_COUNT)
        .with_columns(pl.lit(by).alias(c.BY))
        for by in (c.MUNICIPALITY, c.CHANNEL)
    ]
    told = pl.concat(counted).filter(pl.col(c.MESSAGES_COUNT) >= TOLD)
    order = [c.BY, c.MESSAGES_COUNT, c.GROUP]
    return c.SPREAD_ASKERS.conform(told).sort(order, descending=[True, True, False])


def _tiers(matches: pl.DataFrame) -> pl.DataFrame:
    counted = matches.group_by(pl.col(c.TIER).fill_null(NONE)).len(c.MESSAGES_COUNT)
    return c.SPREAD_TIERS.conform(counted).sort(c.MESSAGES_COUNT, c.TIER, descending=[True, False])


def _checks(rows: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Say what the data do not allow."""
    known = c.MESSAGES.complete(messages, c.PUBLISHED_AT, c.AUTHOR_ID, c.MUNICIPALITY)
    wanted = (
        (c.PUBLISHED_AT, "course", "no_times"),
        (c.AUTHOR_ID, "authors", "no_authors"),
        (c.MUNICIPALITY, "reach", "no_municipalities"),
    )
    untimed = rows[c.PUBLISHED_AT].null_count()
    return lacking.checks(known, wanted, timed="course", untimed=untimed)
