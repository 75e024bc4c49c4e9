"""What stands behind an alarm: who wrote first, where, how many, and when it was announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, privacy

SHOWN = 5  # first messages
_STREETS = 5


@dataclass(frozen=True, eq=False)
class Evidence:
    """Of one episode: counts, first messages, places."""

    messages: int
    incidents: int
    authors: int
    first: pl.DataFrame
    places: pl.DataFrame

    @property
    def streets(self) -> list[str]:
        """Streets named most, commonest first."""
        named = self.places.group_by(c.STREET).agg(pl.col(c.MESSAGES_COUNT).sum())
        ranked = named.sort(c.MESSAGES_COUNT, c.STREET, descending=[True, False])
        return ranked[c.STREET].head(_STREETS).to_list()


def evidence(messages: pl.DataFrame) -> Evidence:
    """Gather the evidence of an episode from its messages, in order of time."""
    ordered = messages.sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    worded = ordered.select(c.MESSAGE_ID, c.PUBLISHED_AT, c.TEXT).drop_nulls(c.TEXT)
    first = worded.head(SHOWN)
    return Evidence(ordered.height, _incidents(ordered), _authors(ordered), first, _places(ordered))


def _incidents(messages: pl.DataFrame) -> int:
    copies = messages[c.FAMILY].drop_nulls()
    return int(messages.height - copies.len() + copies.n_unique())


def _authors(messages: pl.DataFrame) -> int:
    if c.AUTHOR_ID not in messages.columns:
        return messages.height
    authors = messages[c.AUTHOR_ID]
    return int(authors.drop_nulls().n_unique() + authors.null_count())


def _places(messages: pl.DataFrame) -> pl.DataFrame:
    """Streets and houses, and how many messages name each; flats are nobody's business."""
    return (
        prepare.with_addresses(messages)
        .drop_nulls(c.STREET)
        .group_by(c.STREET, c.HOUSE)
        .agg(pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT))
        .sort(c.MESSAGES_COUNT, c.STREET, c.HOUSE, descending=[True, False, False])
    )


def redacted(first: pl.DataFrame) -> pl.DataFrame:
    """Redact the texts of all first messages at once."""
    if first.is_empty():
        return first
    return first.with_columns(privacy.redact(first[c.TEXT]))


def notice_of(
    notices: pl.DataFrame | None,
    municipalities: list[str],
    rubric: str | None,
    began: datetime,
    ended: datetime,
) -> datetime | None:
    """Find the first notice on this rubric and district, from a day before to the end."""
    if notices is None or rubric is None:
        return None
    near = pl.col(c.PUBLISHED_AT).is_between(
        pl.lit(began).dt.offset_by("-1d"), pl.lit(ended).dt.offset_by("1d")
    )
    about = notices.filter(
        near & pl.col(c.MUNICIPALITY).is_in(municipalities) & (pl.col(c.RUBRIC) == rubric)
    )
    found = about[c.PUBLISHED_AT].min()
    assert found is None or isinstance(found, datetime)
    return found
