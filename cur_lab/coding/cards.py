"""The card of a published figure: what has to be told beside it, and whether it is."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import ParameterError

__all__ = ["ITEMS", "card"]

# What is to be told of a published poll, after the guideline of ESOMAR and WAPOR (2014).
ITEMS = (
    *("sponsor", "conducted_by", "population", "sample_size", "area", "dates"),
    *("sampling", "mode", "weighting", "wording", "undecided", "margin"),
)
_PROBABILITY = "probability"


def card(about: Mapping[str, object]) -> pl.DataFrame:
    """Audit what is told beside the figure of a poll, one's own or somebody else's.

    Parameters
    ----------
    about
        Item → what the publication says of it; the items are ``coding.ITEMS``. ``probability``
        tells whether everybody had a known chance to be asked.

    Returns
    -------
    DataFrame
        ``columns.SURVEY_CARD``: every item, whether it is given, and what it says. A margin of a
        poll that people chose to answer is none, whoever prints it: ``reason`` says so.

    Raises
    ------
    ParameterError
        If an item is unknown.

    References
    ----------
    ESOMAR, WAPOR (2014). Guideline on opinion polls and published surveys.

    Examples
    --------
    >>> told = card({"sponsor": "Правительство области", "sample_size": 1200, "margin": "3 %"})
    >>> told.filter(pl.col("is_given")).select("item", "reason").rows()
    [('sponsor', None), ('sample_size', None), ('margin', 'chance_unknown')]
    """
    if unknown := sorted(set(about) - {*ITEMS, _PROBABILITY}):
        raise ParameterError(
            f"item {unknown[0]!r} is not known",
            where="coding.card",
            remedy=f"Take some of {', '.join((*ITEMS, _PROBABILITY))}",
        )
    chance = about.get(_PROBABILITY)
    rows = []
    for item in ITEMS:
        told = about.get(item)
        given = told is not None and str(told).strip() != ""
        reason = None
        if item == "margin" and chance is not True:
            reason = "chance_unknown" if chance is None else "self_selected"
        rows.append((item, given, str(told).strip() if given else None, reason))
    return c.SURVEY_CARD.conform(pl.DataFrame(rows, schema=c.SURVEY_CARD.schema, orient="row"))
