"""The voice of the authority beside that of citizens.

What a page says is read as a post; where it says it in reply, ``reply_to_id`` stands beside the
post. Here those that reply to a citizen become answers on the message they reply to.
"""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c

_TARGET = "_target"


def settle(
    messages: pl.DataFrame, posts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Put what pages replied to citizens on the messages.

    A page that goes on after its own reply answers the same citizen. A reply to a post remains a
    post; one to a message that is not there is an answer to nobody we know.

    Parameters
    ----------
    messages
        Ids as they are in ``reply_to_id``; they may repeat.
    posts
        Each once, with ``reply_to_id`` where a page replied.

    Returns
    -------
    tuple
        Messages with the first answer to each, the posts that answer nobody, and all answers.
    """
    nothing = c.PAGE_ANSWERS.empty()
    if c.REPLY_TO_ID not in posts.columns:
        return messages, posts, nothing
    replied = posts.filter(pl.col(c.REPLY_TO_ID).is_not_null())
    if replied.is_empty():
        return messages, posts.drop(c.REPLY_TO_ID), nothing
    above = dict(replied.select(c.POST_ID, c.REPLY_TO_ID).rows())
    targets = [_first_above(post, above) for post in replied[c.POST_ID]]
    of_page = set(posts[c.POST_ID])
    replied = replied.with_columns(pl.Series(_TARGET, targets, dtype=pl.String)).filter(
        ~pl.col(_TARGET).is_in(of_page)
    )
    answers = c.PAGE_ANSWERS.conform(
        replied.select(
            c.POST_ID,
            c.PAGE_ID,
            pl.col(_TARGET).alias(c.MESSAGE_ID),
            pl.col(c.PUBLISHED_AT).alias(c.ANSWERED_AT),
            pl.col(c.TEXT).alias(c.ANSWER_TEXT),
        )
    ).sort(c.MESSAGE_ID, c.ANSWERED_AT, c.POST_ID, nulls_last=True)
    posts = posts.join(replied, on=c.POST_ID, how="anti").drop(c.REPLY_TO_ID)
    return _answered(messages, answers), posts, answers


def _first_above(post: str, above: dict[str, str]) -> str:
    """Follow a page's replies to itself up to what it first replied to."""
    seen = {post}
    while (post := above.get(post, "")) in above and post not in seen:
        seen.add(post)
    return post


def _answered(messages: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    first = answers.unique(c.MESSAGE_ID, keep="first", maintain_order=True)
    first = first.select(
        c.MESSAGE_ID,
        pl.col(c.ANSWERED_AT).alias("_at"),
        pl.col(c.ANSWER_TEXT).alias("_said"),
    )
    known = c.MESSAGES.complete(messages, c.ANSWERED_AT, c.ANSWER_TEXT)
    joined = known.join(first, on=c.MESSAGE_ID, how="left", maintain_order="left")
    # What the source itself says of the answer stands.
    told = pl.col(c.ANSWERED_AT).is_not_null() | pl.col(c.ANSWER_TEXT).is_not_null()
    return joined.with_columns(
        pl.when(told).then(c.ANSWERED_AT).otherwise("_at").alias(c.ANSWERED_AT),
        pl.when(told).then(c.ANSWER_TEXT).otherwise("_said").alias(c.ANSWER_TEXT),
    ).drop("_at", "_said")
