"""Tables of media monitoring: which rows are a page's posts and which are what people wrote.

Brand Analytics, Медиалогия and the like put both into one table. «Тип автора» tells them apart:
what a page, a community or a newspaper said is a post, its comments too, for no column tells whom
they answer. Without a column of the author's type every row is a message.
"""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.readers.headings import Header, Known, match

_WRITER = "writer"
_KNOWN = Known(
    {_WRITER: ("тип автора", "тип аккаунта", "тип профиля", "author type", "author kind")}
)
_PAGES = (
    "сми", "сообществ", "паблик", "публичн", "групп", "страниц", "канал", "организац", "меди",
    "бренд", "официальн", "media", "community", "page", "group", "channel", "brand",
)  # fmt: skip


def heading(header: Header) -> str | None:
    """Heading of the column that tells a page from people, of a table that has one."""
    return match(header.names, {}, _KNOWN).get(_WRITER)


def of_pages(header: Header, cells: pl.DataFrame) -> pl.Series:
    """Rows that a page published."""
    rows, name = cells[c.ROW].cast(pl.Int64), heading(header)
    if name is None:
        return rows.clear()
    writers = cells[f"_{header.names.index(name)}"].cast(pl.String, strict=False)
    pages = writers.str.to_lowercase().str.contains(rf"^\s*(?:{'|'.join(_PAGES)})")
    return rows.filter(pages.fill_null(value=False))


def split(messages: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make posts of the rows of pages that name the page.

    Returns
    -------
    tuple
        Messages of people, and posts; a page is the author named, or the source.
    """
    known = c.MESSAGES.complete(messages, c.AUTHOR_ID, c.CHANNEL, c.PUBLISHED_AT)
    page = pl.coalesce(c.AUTHOR_ID, c.CHANNEL)
    published = pl.col(c.ROW).is_in(rows.implode()) & page.is_not_null()
    posts = known.filter(published).select(
        c.ROW,
        pl.col(c.MESSAGE_ID).alias(c.POST_ID),
        page.alias(c.PAGE_ID),
        c.PUBLISHED_AT,
        c.TEXT,
        pl.lit("text").alias(c.KIND),
    )
    return messages.filter(~known.select(published).to_series()), posts
