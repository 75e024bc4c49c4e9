"""What a district writes about in the window, beside what is usual there, with a quote each."""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, privacy, text
from cur_lab.inference import design_effect, wilson
from cur_lab.trends.briefing.scope import Scope
from cur_lab.trends.briefing.usual import against_norm
from cur_lab.vectors import weighted

# A subject of fewer people is not shown: it would single them out.
LEAST_AUTHORS = 5
_READABLE = (60, 500)  # characters of a quote's message
_QUOTED = 160  # … of the quote
# A briefing is handed on: it quotes what was said in public, and too little to be searched for.
PUBLIC = ("vk", "ok", "telegram", "max")
WORDS_QUOTED = 8
_PLACE = "place"


def problems(messages: pl.DataFrame, scope: Scope, *, fdr: float = 0.05) -> pl.DataFrame:
    """Count the subjects of the window three ways and set them against the norm.

    Returns
    -------
    DataFrame
        ``columns.BRIEFING_PROBLEMS``, most messages first; without subjects of fewer than five
        authors.
    """
    local = in_window(messages, scope)
    counted = _counted(local)
    usual = against_norm(messages, scope).rename({c.RUBRIC: c.SUBJECT})
    joined = counted.join(usual, on=c.SUBJECT, how="left", validate="1:1")
    return c.BRIEFING_PROBLEMS.conform(
        joined.with_columns(_judged(fdr).alias(c.VERDICT)).sort(
            pl.col(c.MESSAGES_COUNT) * -1, c.SUBJECT
        )
    )


def in_window(messages: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Messages of the district in the window."""
    return messages.filter(
        pl.col(c.MUNICIPALITY) == scope.municipality,
        pl.col(c.PUBLISHED_AT).is_between(scope.since, scope.until, closed="left"),
    )


def _counted(local: pl.DataFrame) -> pl.DataFrame:
    named = local.with_columns(
        pl.coalesce(c.FAMILY, c.MESSAGE_ID).alias(c.FAMILY),
        # A message without an author is one author: nobody knows better.
        pl.coalesce(c.AUTHOR_ID, c.MESSAGE_ID).alias(c.AUTHOR_ID),
        pl.col(c.RUBRIC).alias(c.SUBJECT),
    )
    counted = (
        named.filter(pl.col(c.SUBJECT).is_not_null())
        .group_by(c.SUBJECT)
        .agg(
            pl.len().cast(pl.Int64).alias(c.MESSAGES_COUNT),
            pl.col(c.FAMILY).n_unique().cast(pl.Int64).alias(c.INCIDENTS),
            pl.col(c.AUTHOR_ID).n_unique().cast(pl.Int64).alias(c.AUTHORS),
        )
        .sort(c.SUBJECT)
    )
    return counted.with_columns(*_shares(named, counted)).filter(pl.col(c.AUTHORS) >= LEAST_AUTHORS)


def _shares(named: pl.DataFrame, counted: pl.DataFrame) -> list[pl.Series]:
    """Share of each subject with Wilson's interval at the effective number of messages."""
    hits = (named[c.SUBJECT].to_numpy()[:, None] == counted[c.SUBJECT].to_numpy()[None, :]).astype(
        float
    )
    authors = named[c.AUTHOR_ID].rank("dense").to_numpy().astype(np.int64) - 1
    effect = design_effect(hits, np.ones(named.height), authors)
    number = counted[c.MESSAGES_COUNT].to_numpy()
    low, high = wilson(number / effect, named.height / effect)
    share = number / max(named.height, 1)
    return [pl.Series(c.SHARE, share), pl.Series(c.SHARE_LOW, low), pl.Series(c.SHARE_HIGH, high)]


def _judged(fdr: float) -> pl.Expr:
    """Judge the comparison; outside the range without a small q is what chance does at times."""
    rise, sure = pl.col(c.CHANGE) > 0, pl.col(c.Q_VALUE) < fdr
    count = pl.col(c.MESSAGES_COUNT)
    return (
        pl.when(pl.col(c.EXPECTED).is_null())
        .then(pl.lit("short_history"))
        .when(sure & rise)
        .then(pl.lit("above_norm"))
        .when(sure)
        .then(pl.lit("below_norm"))
        .when(count > pl.col(c.EXPECTED_HIGH))
        .then(pl.lit("maybe_above"))
        .when(count < pl.col(c.EXPECTED_LOW))
        .then(pl.lit("maybe_below"))
        .otherwise(pl.lit("within_norm"))
    )


def notable(table: pl.DataFrame, top: int) -> pl.DataFrame:
    """Keep so many problems: those outside the norm, then those with most messages; in order.

    Parameters
    ----------
    table
        Table ``briefing problems``, most messages first.
    top
        How many.
    """
    usual = pl.col(c.VERDICT).is_in(["within_norm", "short_history"])
    ranked = table.with_row_index(_PLACE).sort(usual, _PLACE)
    return ranked.head(top).sort(_PLACE).drop(_PLACE)


def quotes(messages: pl.DataFrame, scope: Scope, *, top: int) -> pl.DataFrame:
    """Choose for each of the main subjects the public message nearest to all the others.

    Returns
    -------
    DataFrame
        ``columns.BRIEFING_QUOTES``: eight words at most, redacted, in the order of
        :func:`problems`.
    """
    local = in_window(messages, scope)
    order = _counted(local).sort(pl.col(c.MESSAGES_COUNT) * -1, c.SUBJECT)
    spoken = pl.col(c.TEXT).str.strip_chars().fill_null("") != ""
    said = pl.col(c.CHANNEL).is_in(PUBLIC).fill_null(False)
    chosen = []
    for name in order[c.SUBJECT].head(top):
        about = local.filter(pl.col(c.RUBRIC) == name, spoken, said).sort(c.MESSAGE_ID)
        if about.height:
            chosen.append((name, about[c.TEXT][_middle(about)]))
    if not chosen:
        return c.BRIEFING_QUOTES.empty()
    frame = pl.DataFrame(chosen, schema=[c.SUBJECT, c.TEXT], orient="row")
    return c.BRIEFING_QUOTES.conform(
        frame.with_columns(
            privacy.excerpts(frame[c.TEXT], characters=_QUOTED, words=WORDS_QUOTED, keep="street")
        )
    )


def _middle(messages: pl.DataFrame) -> int:
    """Place of the text whose words are nearest to those of all; of readable length if any is."""
    lengths = text.clean(messages[c.TEXT]).str.len_chars().fill_null(0)
    readable = lengths.is_between(*_READABLE).to_numpy()
    words = weighted(prepare.with_terms(messages)[c.TERM_LIST].to_list())
    nearness = words @ np.asarray(words.mean(axis=0)).ravel()
    return int(np.lexsort((-nearness.round(6), ~readable))[0])
