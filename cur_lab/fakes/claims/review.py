"""Fast-growing families of texts that state no claim of the registry: what to read next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, privacy
from cur_lab.errors import NotEnoughDataError
from cur_lab.fakes.claims.stretches import TOLD
from cur_lab.fakes.claims.waves import waves
from cur_lab.statements.stance import stances

__all__ = ["review"]

# So many messages within so long make a family fast: a reading list, no finding.
_MANY = 8
_SOON = timedelta(hours=48)
_CUT = 300


@c.needs(c.MESSAGE_ID)
def review(matches: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """List families of texts that grew fast and state no claim of the registry.

    What a registry does not hold yet has to be read by a person; this is the reading list.

    Parameters
    ----------
    matches
        What :func:`matches` yields.
    messages
        Needs ``message_id``, ``text`` and ``published_at``; uses ``author_id``.

    Returns
    -------
    DataFrame
        ``columns.CLAIM_REVIEW``: families none of whose messages is matched and of which eight
        came within two days, largest first. A family of fewer than ten authors is not listed, nor,
        where nobody's author is known, one of fewer than ten messages. ``example`` is one redacted
        text where it asks; nothing else is quoted.

    Raises
    ------
    SchemaError
        If a column is missing.
    NotEnoughDataError
        If no message has a time.
    """
    where = "fakes.review"
    c.CLAIM_MATCHES.require(matches, [c.MESSAGE_ID, c.CLAIM_ID], where=where)
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT, c.PUBLISHED_AT], where=where)
    matched = matches.filter(pl.col(c.CLAIM_ID).is_not_null())[c.MESSAGE_ID]
    copies = prepare.with_families(messages)
    asked = copies.join(matches.select(c.MESSAGE_ID), on=c.MESSAGE_ID, how="semi")
    if not asked[c.PUBLISHED_AT].count():
        raise NotEnoughDataError(
            "no message has a time",
            where=where,
            remedy="Give messages with published_at",
            code="no_dates",
        )
    grouped = _families(asked).filter(
        ~pl.col(c.MESSAGE_ID).is_in(matched.implode()).any().over(c.FAMILY)
    )
    rows = []
    for (family,), members in grouped.group_by(c.FAMILY, maintain_order=True):
        fast = [
            wave for wave in waves(members[c.PUBLISHED_AT].sort().to_list()) if _is_fast(wave.times)
        ]
        if not fast:
            continue
        pace = fast[0].growth()
        authors = members[c.AUTHOR_ID].drop_nulls().n_unique() or None
        if (authors or members.height) < TOLD:
            continue
        ends = (None, None, None) if pace is None else (pace.hours, pace.low, pace.high)
        first = members[c.TEXT].sort()[0]
        rows.append((family, members.height, authors, fast[0].start, *ends, first))
    table = pl.DataFrame(rows, schema=c.CLAIM_REVIEW.schema, orient="row")
    asks = stances(table[c.EXAMPLE]) == c.ASKS
    shown = privacy.excerpts(table[c.EXAMPLE], characters=_CUT)
    table = table.with_columns(pl.when(asks).then(shown).alias(c.EXAMPLE))
    return c.CLAIM_REVIEW.conform(table.sort(c.MESSAGES_COUNT, c.FAMILY, descending=[True, False]))


def _is_fast(times: Sequence[datetime]) -> bool:
    return any(
        late - early <= _SOON for early, late in zip(times, times[_MANY - 1 :], strict=False)
    )


def _families(messages: pl.DataFrame) -> pl.DataFrame:
    rows = c.MESSAGES.complete(messages, c.AUTHOR_ID, c.PUBLISHED_AT)
    copies = rows.drop_nulls([c.PUBLISHED_AT, c.FAMILY])
    return copies.filter(pl.len().over(c.FAMILY) >= _MANY).sort(c.FAMILY, c.MESSAGE_ID)
