"""Briefings as files: one district, or every district with an index."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab import files, notebook, prepare, progress, translation, trends
from cur_lab.errors import CurLabError, NotEnoughDataError
from cur_lab.parameters import moment, place
from cur_lab.report.site import shell
from cur_lab.trends.briefing.scope import as_of
from cur_lab.wording import calendar_day

__all__ = ["write"]


def write(
    out: str | os.PathLike[str],
    *,
    municipality: str | None,
    until: str,
    messages: str | os.PathLike[str] | None = None,
    region: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Write the briefing of one district, or of all with an ``index.html``.

    Parameters
    ----------
    out
        Folder.
    municipality
        District; None for every district of the messages.
    until
        Last day, as ``2025-06-30``.
    messages
        The user's own export, with the tables that lie beside it.
    region
        Folder of the user's own region; the sample region if neither is given.

    Returns
    -------
    list of Path
        Pages written, the index last.

    Raises
    ------
    CurLabError
        As :func:`cur_lab.trends.briefing` and :func:`cur_lab.readers.read`; with every district,
        one about which nothing can be said is listed in the index with the reason.
    """
    # All that is asked is checked before anything is derived: that can take minutes.
    end, out = moment(until, where="until"), Path(out)
    files.check_writable(out)
    data = notebook.read(
        None if messages is None else os.fspath(messages),
        region=None if region is None else os.fspath(region),
    )
    as_of(data.messages, end)
    data.check_days(until=until)
    if municipality is not None:
        municipality = place(municipality, _districts(data.messages), where="municipality")
    elif not _districts(data.messages):
        raise NotEnoughDataError(
            "no message has a municipality",
            where="municipality",
            remedy="Give data with municipalities",
        )
    tables = data.tables
    known = as_of(prepare.messages(data.messages), end)
    found = None
    # Where there is too little for alarms, each page says so itself.
    with suppress(NotEnoughDataError):
        found = trends.alarms(known, notices=tables.get("notices"))

    def page(name: str) -> Path:
        briefing = trends.briefing(
            known,
            municipality=name,
            until=until,
            alarms=found,
            decisions=tables.get("decisions"),
            agencies=tables.get("agencies"),
            commitments=tables.get("commitments"),
        )
        path = out / f"{_file_name(briefing.municipality)}.html"
        return files.write_text(path, briefing.to_html(source=data.source))

    if municipality is not None:
        return [page(municipality)]
    names = _districts(known)
    written: list[Path] = []
    rows = []
    for name in progress.bar(names, name="Сводки"):
        try:
            written.append(page(name))
            rows.append(f'<a href="{escape(written[-1].name)}">{escape(name)}</a>')
        except NotEnoughDataError as error:
            rows.append(f"{escape(name)} — недостаточно данных: {escape(_told(error))}")
    return [*written, files.write_text(out / "index.html", _index(rows, end, data.source))]


def _districts(messages: pl.DataFrame) -> list[str]:
    return messages[c.MUNICIPALITY].drop_nulls().unique().sort().to_list()


def _told(error: CurLabError) -> str:
    return translation.error(error, russian=True)


def _file_name(municipality: str) -> str:
    """Letters and digits of any script and hyphens: nothing a path could be made of."""
    return re.sub(r"[^\w]+", "-", municipality).strip("-_")[:80] or "район"


def _index(rows: Iterable[str], end: datetime, source: str) -> str:
    items = "\n".join(f"<li>{row}</li>" for row in rows)
    last = calendar_day(end - timedelta(microseconds=1))
    heading = f"Сводки перед эфиром, {last}"
    told = f"<h1>{escape(heading)}</h1>\n<p>{escape(source)}</p>"
    return shell(heading, f"{told}\n<ul>\n{items}\n</ul>")
