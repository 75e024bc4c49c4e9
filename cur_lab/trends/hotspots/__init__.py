"""Places people complain of more than expected, and complaints that come back."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import ParameterError
from cur_lab.trends.hotspots import districts, houses, streets

__all__ = ["Hotspots", "hotspots"]

_WHERE = "trends.hotspots"
_NAMED = (c.MUNICIPALITY, c.RUBRIC, c.RUBRIC_GROUP, c.AUTHOR_ID)
_TIMES = (c.PUBLISHED_AT, c.ANSWERED_AT, c.RESOLVED_AT)


@dataclass(frozen=True, slots=True)
class Hotspots:
    """What was found, from districts down to houses.

    Attributes
    ----------
    districts
        ``columns.HOTSPOT_DISTRICTS``; empty without the table of municipalities.
    streets
        ``columns.HOTSPOT_STREETS``: streets with a rubric of at least ``k`` authors.
    houses
        ``columns.HOTSPOT_HOUSES``: houses with a rubric of at least ``k`` authors.
    repeats
        ``columns.REPEATS``: how often complaints of a house come back.
    located
        Messages that name a street.
    hidden_streets, hidden_houses
        Cells with fewer than ``k`` authors, which are not shown.
    """

    districts: pl.DataFrame
    streets: pl.DataFrame
    houses: pl.DataFrame
    repeats: pl.DataFrame
    located: int
    hidden_streets: int
    hidden_houses: int

    @property
    def coverage(self) -> pl.DataFrame:
        """Table ``hotspot coverage``: messages that name a street, small cells not shown."""
        row = (self.located, self.hidden_streets, self.hidden_houses)
        return pl.DataFrame([row], schema=c.HOTSPOT_COVERAGE.schema, orient="row")

    @property
    def largest(self) -> pl.DataFrame:
        """Districts in the group of rubrics with most messages."""
        group = pl.col(c.RUBRIC_GROUP)
        sizes = self.districts.group_by(c.RUBRIC_GROUP).agg(pl.col(c.MESSAGES_COUNT).sum())
        first = sizes.sort(c.MESSAGES_COUNT, group, descending=[True, False]).head(1)
        return self.districts.join(
            first, on=c.RUBRIC_GROUP, how="semi", nulls_equal=True, maintain_order="left"
        )


@c.needs(c.MESSAGE_ID, c.TEXT)
def hotspots(
    messages: pl.DataFrame,
    *,
    municipalities: pl.DataFrame | None = None,
    fdr: float = 0.05,
    k: int = 5,
    seed: int = 0,
) -> Hotspots:
    """Find districts, streets and houses with more complaints than expected, and repeats.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; uses ``municipality``, ``rubric``, ``rubric_group``,
        ``author_id``, the dates, ``street``, ``house`` and ``family`` where they are there.
    municipalities
        Table ``municipalities``: residents for rates, coordinates for neighbours.
    fdr
        False-discovery rate of the verdicts, for streets and for districts.
    k
        Streets and houses named by fewer authors are not shown: a house with one complaint says
        who complained.
    seed
        Of the permutations of districts.

    Raises
    ------
    ParameterError
        If ``fdr`` or ``k`` makes no sense.
    SchemaError
        If a column is missing.

    Notes
    -----
    *Streets.* Expected are the messages that name the street, times the rubric's share on the
    other streets of the district; where there is but one rubric, as many as an average named street
    has. How streets differ anyway is a gamma distribution around 1, fitted to all streets by
    moments: the ratio is its posterior mean (Clayton and Kaldor 1987), p the negative binomial's
    upper tail, q Benjamini-Hochberg's over all streets and rubrics of their districts. What is
    known of a street is who writes and whom it is easy to name: its length and its residents are
    not in the data.

    *Districts.* Gi* (Ord and Getis 1995) of messages per 10,000 residents over a district and its
    four nearest, p by 9,999 permutations of the other districts. The interval of a rate heeds that
    one author writes several messages.

    *Repeats.* Complaints of one house and rubric are one case until an answer, until it is reported
    as fixed, or for 14 days; the next one after that is a repeat. Counted are cases that could be
    followed for 90 days; the interval heeds that houses have several (Rao and Scott 1992).

    References
    ----------
    Clayton D., Kaldor J. (1987). Empirical Bayes estimates of age-standardized relative risks for
    use in disease mapping. Biometrics 43, 671-681.
    Ord J. K., Getis A. (1995). Local spatial autocorrelation statistics. Geographical Analysis 27,
    286-306.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr} is not in (0, 1)", where=_WHERE, remedy="Try 0.05")
    if k < 2:
        raise ParameterError("k is the smallest cell to show, 2 or more", where=_WHERE)
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=_WHERE)
    known = _known(messages)
    located = _located(known, messages)
    by_street = streets.find(located, fdr=fdr)
    by_house = houses.count(located)
    shown_streets = by_street.filter(pl.col(c.AUTHORS) >= k)
    shown_houses = by_house.filter(pl.col(c.AUTHORS) >= k)
    return Hotspots(
        districts=districts.find(known, municipalities, fdr=fdr, seed=seed),
        streets=shown_streets,
        houses=shown_houses,
        repeats=houses.repeats(located),
        located=located[c.MESSAGE_ID].n_unique(),
        hidden_streets=by_street.height - shown_streets.height,
        hidden_houses=by_house.height - shown_houses.height,
    )


def _known(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the columns in use, absent ones as nulls; an unknown author is somebody else."""
    columns = [
        (pl.col(name) if name in messages.columns else pl.lit(None))
        .cast(c.MESSAGES.full_schema[name])
        .alias(name)
        for name in (*_NAMED, *_TIMES)
    ]
    return messages.select(c.MESSAGE_ID, *columns).with_columns(
        pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID).alias(c.AUTHOR_ID)
    )


def _located(known: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Return the messages that name a street, with its place and family."""
    named = prepare.with_address_keys(prepare.with_families(messages))
    return (
        known.with_columns(named.select(c.STREET, c.HOUSE, c.ADDRESS, c.FAMILY).get_columns())
        .drop_nulls(c.STREET)
        .with_columns(pl.coalesce(c.FAMILY, c.MESSAGE_ID).alias(c.FAMILY))
        .unique([c.MESSAGE_ID, c.STREET, c.ADDRESS])
        .sort(c.MESSAGE_ID, c.ADDRESS, c.STREET)
    )
