"""Groups of accounts that return, told without any account or message."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import privacy, text
from cur_lab.fakes.campaigns.returning import Circle, Returning
from cur_lab.fakes.campaigns.stream import Stream

# Fewer accounts are counted, not shown; and so are phrases of fewer.
_SHOWN = 10
_PHRASES = 6


def table(stream: Stream, found: Returning) -> pl.DataFrame:
    """Lay out table ``campaign_appeals``."""
    days = stream.frame[c.PUBLISHED_AT].dt.date()
    rows = [
        {
            c.AUTHORS: len(group.accounts),
            c.MESSAGES_COUNT: len(group.members),
            c.FIRST_DAY: days.gather(group.members).min(),
            c.LAST_DAY: days.gather(group.members).max(),
            c.MUNICIPALITIES_COUNT: len(
                np.unique(stream.places[group.members][stream.places[group.members] >= 0])
            ),
            c.PHRASES: _phrases(stream, group),
            c.EXPLANATION: "collective_appeal",
        }
        for group in found.groups
        if len(group.accounts) >= _SHOWN
    ]
    frame = c.CAMPAIGN_APPEALS.conform(pl.DataFrame(rows, schema=c.CAMPAIGN_APPEALS.schema))
    order = [c.AUTHORS, c.MESSAGES_COUNT, c.FIRST_DAY, c.LAST_DAY]
    return frame.sort(*order, pl.col(c.PHRASES).list.join("\n"), descending=[True] * 5)


def sizes(stream: Stream, found: Returning) -> pl.DataFrame:
    """Lay out table ``campaign_appeal_sizes``; empty where there are no accounts or no times."""
    if not (stream.knows(stream.accounts) and stream.knows(stream.times)):
        return c.CAMPAIGN_APPEAL_SIZES.empty()
    shown = sum(len(group.accounts) >= _SHOWN for group in found.groups)
    rows = [("under_ten", len(found.groups) - shown), ("ten_and_more", shown)]
    frame = pl.DataFrame(rows, schema=[c.GROUP_SIZE, c.GROUPS_COUNT], orient="row")
    return c.CAMPAIGN_APPEAL_SIZES.conform(
        frame.with_columns(pl.lit(found.expected).alias(c.EXPECTED))
    )


def _phrases(stream: Stream, group: Circle) -> list[str]:
    """Give the phrases most accounts of the group have in common, as most of them write them."""
    words = stream.words.gather(group.members)
    known = words.explode(empty_as_null=False).unique().sort()
    lemmas = text.terms(known).list.first()
    lemma = dict(zip(known, lemmas, strict=True))
    writers: dict[frozenset[str], set[int]] = defaultdict(set)
    written: dict[frozenset[str], Counter[str]] = defaultdict(Counter)
    for account, said in zip(stream.accounts[group.members].tolist(), words, strict=True):
        counted = [(lemma[word], word) for word in said if lemma[word]]
        for step in (1, 2):
            for (first, one), (second, other) in zip(counted, counted[step:], strict=False):
                pair = frozenset((first, second))
                writers[pair].add(account)
                written[pair][f"{one} {other}"] += 1
    shared = {
        pair for one in group.pairs for pair in [frozenset(one)] if len(writers[pair]) >= _SHOWN
    }
    ranked = sorted(shared, key=lambda pair: (-len(writers[pair]), sorted(pair)))[:_PHRASES]
    said_most = (
        min(written[pair], key=lambda form: (-written[pair][form], form)) for pair in ranked
    )
    return privacy.redact(pl.Series(list(said_most), dtype=pl.String)).to_list()
