"""Raw exports → canonical tables, every row of the source accounted for.

==============  ============================================================================
``telegram``    JSON of Telegram Desktop: one chat or many, channels → posts, others → messages
``telethon``    dumps of Telethon: JSON, JSON Lines, answers of the API, flat objects
``pyrogram``    dumps of Pyrogram and its forks: JSON, JSON Lines
``tgstat``      tables of posts with views, of TGStat and the like
``vk``          answers of ``wall.get``, ``wall.getComments``, ``board.getComments``
``max``         messages and comments of MAX: its Bot API, ``maxapi``, ``maxapi-python``
``ok``          comments and topics of Odnoklassniki: ``discussions``, ``mediatopic``
``open311``     service requests of GeoReport v2, JSON or CSV
``tabular``     CSV, TSV, XLSX, Parquet, lists of JSON objects, by their headers
``pabulib``     elections of participatory budgeting
``portal``      projects and votes of regional portals → the same kind of election
==============  ============================================================================

Reasons a row is rejected for, codes of ``columns.CODES["reason"]``:

=====================================  =========================================================
``duplicate``                          its id was read before
``no_text``                            a message without words
``text_not_read``                      its words stand in a part of it we do not read
``text_too_long``                      over 100,000 characters: a file gone wrong, not a message
``nul_character``                      a NUL in the text
``damaged``, ``cut_off``               not JSON here; the file ends within it
``service_message``, ``deleted``       nobody says anything
``unsupported``                        Telegram Desktop was too old to export it
``not_a_message``, ``error_answer``    another thing in the list; VK's errors among good answers
``wrong_number_of_fields``             more or fewer than the header has
``broken_quotes``                      quotes of a CSV that do not close
``above_header``, ``no_text_column``   a row above the table; a sheet beside it
=====================================  =========================================================
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cur_lab.clock import ZONE, zone_of
from cur_lab.errors import InputError
from cur_lab.pseudonyms import load_key
from cur_lab.readers import registry, tabular
from cur_lab.readers.election import Election
from cur_lab.readers.glance import Asked, Glance, Named
from cur_lab.readers.pabulib import read_pabulib
from cur_lab.readers.pabulib_writing import write_pabulib
from cur_lab.readers.portal import read_election
from cur_lab.readers.reading import Draft, Reading, finish

__all__ = ["Election", "Reading", "read", "read_election", "read_pabulib", "write_pabulib"]

StrPath = str | os.PathLike[str]


def read(
    path: StrPath | Sequence[StrPath],
    format: str | None = None,  # noqa: A002  the name studies use
    columns: Mapping[str, str] | Sequence[str] | None = None,
    key: bytes | None = None,
    *,
    timezone: str = ZONE,
) -> Reading:
    """Read an export into messages, posts and rejected rows.

    Authors and sources of forwards become keyed pseudonyms; texts stay as found. A date
    that cannot be read leaves a null, and the date as found stands in ``unreadable``.

    Parameters
    ----------
    path
        A file, or several exports that may overlap: a message in two of them is read once, in its
        last edition.
    format
        ``"telegram"``, ``"telethon"``, ``"pyrogram"``, ``"tgstat"``, ``"vk"``, ``"max"``,
        ``"ok"``, ``"open311"``, ``"csv"``, ``"tsv"``, ``"xlsx"``, ``"ods"``, ``"parquet"`` or
        ``"json"`` (a list of flat objects); None finds it by content.
    columns
        For tables: header of the source → our column, where our guess is wrong or missing; or the
        list of headers of a table that has none.
    key
        For the pseudonyms, as ``pseudonyms.load_key`` gives; None takes the user's own.
    timezone
        Name of the zone that dates without one are in.

    Returns
    -------
    Reading
        ``messages``, ``posts``, ``answers`` and ``rejected`` have together as many rows as the
        source.

    Raises
    ------
    InputError
        If a file is missing, empty, cut off, damaged or of no known format.
    SchemaError
        If a table has no column of texts, or a named column is not there.
    ParameterError
        If the format or a column is not one of ours, or there is no such time zone.

    Examples
    --------
    >>> reading = read("appeals.xlsx", columns={"Что случилось": "text"})  # doctest: +SKIP
    >>> reading.messages, reading.rejected  # doctest: +SKIP
    """
    registry.check_format(format)
    zone_of(timezone, where="timezone")
    tabular.check_named(columns or {})
    if isinstance(path, (str, os.PathLike)):
        paths, names = [Path(path)], None
    else:
        paths = [Path(one) for one in path]
        names = [str(one) for one in paths]
    if not paths:
        raise InputError("no file to read", where="path", remedy="Name at least one")
    key = load_key() if key is None else key
    with _without_collecting():
        drafts = [_draft(one, format, columns or {}, key, timezone) for one in paths]
    return finish(drafts, names, key)


def _draft(path: Path, kind: str | None, named: Named, key: bytes, timezone: str) -> Draft:
    file = Glance.at(path)
    source, kind = registry.choose(file, kind)
    return source.read(file, Asked(kind, named, key, timezone))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Make no search for cycles: there are none in what is read, and it takes a quarter longer."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
