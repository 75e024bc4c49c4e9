"""What every chapter needs beside a message, derived once.

Every function of the package uses these columns where they are there and derives those it needs
otherwise, so that ``f(prepare.messages(m))`` equals ``f(m)`` and costs less. Only
:func:`messages` keeps what it derives on disk; what and how, ``cache`` says.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from cur_lab import entities, families, text
from cur_lab.columns import (
    ADDRESS,
    CHANNEL,
    FAMILY,
    HOUSE,
    MESSAGE_ID,
    MESSAGES,
    PREPARED,
    ROW,
    STREET,
    TEMPLATE,
    TERM_LIST,
    TEXT,
)
from cur_lab.entities.address import address_key
from cur_lab.errors import SchemaError
from cur_lab.prepare import cache

__all__ = ["messages"]

_TERMS, _ADDRESS, _FAMILY = (TERM_LIST,), (STREET, HOUSE), (FAMILY, TEMPLATE)


def messages(frame: pl.DataFrame) -> pl.DataFrame:
    """Add to messages what is derived from their texts.

    Parameters
    ----------
    frame
        Needs ``message_id`` and ``text``; uses ``channel`` where it is there. Give the whole
        stream and filter afterwards: a copy outside a part is a copy all the same.

    Returns
    -------
    DataFrame
        The frame with the columns of :data:`cur_lab.columns.PREPARED`: ``terms`` as
        :func:`cur_lab.text.terms` gives them; ``street`` and ``house`` of the first address that
        names a house, or else of the first that names a street; ``family`` and ``template`` as
        :func:`cur_lab.families.find` gives them, null for a text that stands alone. Columns that
        are there already stay. Texts changed afterwards need the columns dropped.

    Raises
    ------
    SchemaError
        If a column is missing, or one of these is there and not what it should be.

    Examples
    --------
    >>> frame = pl.DataFrame({"message_id": ["a"], "text": ["Яма на ул. Лесной, дом 5"]})
    >>> messages(frame).select("terms", "street", "house", "family").row(0)
    (['яма', 'улица', 'лесной', 'дом'], 'улица лесная', '5', None)
    """
    MESSAGES.require(frame, [MESSAGE_ID, TEXT], where="prepare.messages")
    lacking = [n for names in (_TERMS, _ADDRESS) if not _there(frame, names) for n in names]
    if lacking:
        found = _of_texts(frame, lambda texts: cache.of_texts(texts, _read))
        frame = frame.with_columns(found.select(lacking).get_columns())
    if not _there(frame, _FAMILY):
        rows = _channelled(frame, pl.col(MESSAGE_ID))
        frame = frame.with_columns(cache.of_corpus(rows, _families).get_columns())
    return _typed(frame, tuple(PREPARED.schema))


def with_terms(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``terms`` where they are not there."""
    if _there(frame, _TERMS):
        return _typed(frame, _TERMS)
    return frame.with_columns(_of_texts(frame, _terms).get_columns())


def with_addresses(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``street`` and ``house`` where they are not there."""
    if _there(frame, _ADDRESS):
        return _typed(frame, _ADDRESS)
    return frame.with_columns(_of_texts(frame, _addresses).get_columns())


def with_address_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``address``, the key in which two spellings of one street and house meet."""
    frame = with_addresses(frame)
    named = frame.select(_ADDRESS).unique().drop_nulls(STREET)
    keys = [address_key(*place) for place in named.iter_rows()]
    named = named.with_columns(pl.Series(ADDRESS, keys, dtype=pl.String))
    return frame.join(named, on=_ADDRESS, how="left", maintain_order="left", nulls_equal=True)


def with_families(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``family`` and ``template`` where they are not there; call it before any filter."""
    if _there(frame, _FAMILY):
        return _typed(frame, _FAMILY)
    return frame.with_columns(_families(_channelled(frame)).get_columns())


def given(frame: pl.DataFrame) -> list[str]:
    """Name the derived columns that are there, for those who select columns."""
    return [name for name in PREPARED.schema if name in frame.columns]


def _texts(frame: pl.DataFrame) -> pl.Series:
    MESSAGES.require(frame, [TEXT], where="prepare")
    return frame[TEXT].cast(pl.String)


def _of_texts(frame: pl.DataFrame, derive: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """Return what each text tells by itself: a million equal texts are one text."""
    texts = _texts(frame)
    distinct = texts.drop_nulls().unique().sort()
    found = derive(distinct).with_columns(distinct)
    placed = pl.DataFrame(texts).join(
        found, on=TEXT, how="left", maintain_order="left", validate="m:1"
    )
    return placed.drop(TEXT)


def _read(texts: pl.Series) -> pl.DataFrame:
    return pl.concat([_terms(texts), _addresses(texts)], how="horizontal")


def _terms(texts: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(text.terms(texts).alias(TERM_LIST))


def _addresses(texts: pl.Series) -> pl.DataFrame:
    found = (
        entities.addresses(texts)
        .drop_nulls(STREET)
        .sort(ROW, pl.col(HOUSE).is_null(), maintain_order=True)
        .unique(ROW, keep="first", maintain_order=True)
    )
    return _placed(found.select(ROW, *_ADDRESS), texts.len())


def _channelled(frame: pl.DataFrame, *more: pl.Expr) -> pl.DataFrame:
    """Return what decides on families."""
    channel = [pl.col(CHANNEL).cast(pl.String)] if CHANNEL in frame.columns else []
    return frame.select(*more, _texts(frame), *channel)


def _families(rows: pl.DataFrame) -> pl.DataFrame:
    # Rows are told apart by their place: an id may stand twice.
    numbered = rows.with_columns(pl.int_range(pl.len()).cast(pl.String).alias(MESSAGE_ID))
    found = families.find(numbered).select(pl.col(MESSAGE_ID).cast(pl.Int64).alias(ROW), *_FAMILY)
    return _placed(found, rows.height)


def _placed(found: pl.DataFrame, height: int) -> pl.DataFrame:
    """Lay out columns of some rows as columns of all."""
    rows = pl.DataFrame({ROW: pl.int_range(height, dtype=pl.Int64, eager=True)})
    return rows.join(found, on=ROW, how="left", maintain_order="left", validate="1:1").drop(ROW)


# --- columns that are there already -------------------------------------------------------------


def _typed(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    return frame.cast({name: PREPARED.schema[name] for name in names})


def _there(frame: pl.DataFrame, names: tuple[str, ...]) -> bool:
    """Tell whether the columns are there; whichever derived ones are there are checked."""
    for group in (_TERMS, _ADDRESS, _FAMILY):
        given = [name for name in group if name in frame.columns]
        if given and len(given) < len(group):
            raise _foreign(given, f"column {given[0]} without {', '.join({*group} - {*given})}")
        for name in given:
            found, expected = frame.schema[name], PREPARED.schema[name]
            # A column without a value has no type of its own.
            if found not in (expected, pl.Null, pl.List(pl.Null)):
                raise _foreign(given, f"column {name} is {found}, expected {expected}")
    _check_terms(frame)
    _check_families(frame)
    return names[0] in frame.columns


def _check_terms(frame: pl.DataFrame) -> None:
    if TERM_LIST in frame.columns and TEXT in frame.columns:
        unprepared = pl.col(TERM_LIST).is_null() & pl.col(TEXT).is_not_null()
        if number := frame.select(unprepared.sum()).item():
            raise _foreign(_TERMS, f"column {TERM_LIST} is empty in {number} rows with a text")


def _check_families(frame: pl.DataFrame) -> None:
    if FAMILY not in frame.columns:
        return
    if frame.select((pl.col(FAMILY).is_null() != pl.col(TEMPLATE).is_null()).any()).item():
        raise _foreign(_FAMILY, f"column {FAMILY} is not that of {TEMPLATE}: one has nulls alone")
    named = frame.select(FAMILY, TEMPLATE).unique()
    if named[FAMILY].n_unique() < named.height:
        raise _foreign(_FAMILY, f"column {FAMILY} has a name with several templates")


def _foreign(names: tuple[str, ...] | list[str], problem: str) -> SchemaError:
    return SchemaError(
        problem,
        where="messages",
        remedy=f"Drop {', '.join(names)}: they are derived anew; prepare.messages(…) makes them",
    )
