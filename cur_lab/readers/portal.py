"""Projects and votes as regional portals export them: two tables, CSV or XLSX → one election."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError
from cur_lab.pseudonyms import load_key, pseudonymise
from cur_lab.readers import content, delimited, headers, workbook
from cur_lab.readers.election import Election
from cur_lab.readers.times import utc

__all__ = ["read_election"]

_PROJECTS: dict[str, tuple[str, ...]] = {
    c.PROJECT_ID: ("id проекта", "номер проекта", "код проекта", "№ проекта", "id", "номер", "№"),
    c.COST: ("стоимость проекта", "стоимость", "стоимость руб", "сумма", "бюджет проекта"),
    c.TITLE: ("название проекта", "наименование проекта", "название", "наименование", "проект"),
    c.DESCRIPTION: ("описание проекта", "описание"),
    c.MUNICIPALITY: ("муниципальное образование", "муниципалитет", "район", "округ", "мо"),
    c.CATEGORY: ("категория", "направление", "типология"),
    c.CO_FINANCING: ("софинансирование", "сумма софинансирования"),
    c.APPLICANT: ("заявитель", "инициатор", "инициативная группа"),
    c.POINTS: ("баллы", "дополнительные баллы"),
}
_VOTES: dict[str, tuple[str, ...]] = {
    c.VOTER_ID: ("id голосующего", "голосующий", "id пользователя", "номер телефона", "телефон"),
    c.PROJECT_ID: ("id проекта", "номер проекта", "код проекта", "№ проекта"),
    c.CAST_AT: ("дата и время голоса", "дата и время", "время голоса", "дата голоса", "дата"),
    c.CHANNEL: ("канал", "способ голосования", "источник голоса"),
    c.MUNICIPALITY: ("муниципальное образование", "муниципалитет", "район", "округ", "мо"),
}
_CHANNELS = {
    "esia": ("esia", "есиа", "госуслуги", "епгу"),
    "sms": ("sms", "смс"),
    "call_centre": ("call_centre", "call centre", "колл-центр", "колл центр", "контакт-центр"),
    "paper": ("paper", "бумага", "бумажный бюллетень", "очно"),
}
_TOP_ROWS = 20
_PHONE_DIGITS = 10
_DUPLICATE = "duplicate"
_BROKEN = "another number of fields than the header, or an open quote"


def read_election(
    projects: str | os.PathLike[str],
    votes: str | os.PathLike[str],
    *,
    budget: float,
    vote_type: str = "choose-1",
    columns: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Election:
    """Read the two tables of a regional portal, CSV or XLSX, into an election.

    Parameters
    ----------
    projects
        A row per project; number and cost are needed.
    votes
        A row per vote; who (any identifier or a telephone number) and the project are needed.
    budget
        Money to spend: no export names it.
    vote_type
        approval or choose-1.
    columns
        Header → our column, where the header is not one we know.
    key
        For the pseudonyms, as ``pseudonyms.load_key`` gives; None takes the user's own.

    Returns
    -------
    Election
        Voters are keyed pseudonyms. ``number_gap`` of a vote, the distance from its telephone
        number to the nearest other one of the channel, is taken before numbers become pseudonyms.
        In ``rejected``: broken rows of votes, votes for unknown projects and repeated ones, with
        their row below the header and without the identifier of the voter.

    Raises
    ------
    InputError
        If a table is broken, or a project is told twice or has no cost.
    SchemaError
        If a needed column is not found.
    """
    named = columns or {}
    offered, torn = _table(Path(projects), _PROJECTS, (c.PROJECT_ID, c.COST), named)
    if torn:
        raise InputError(
            _BROKEN,
            where=f"{projects}, row {torn[0]} below the header",
            remedy="Correct the row, or save the table as XLSX",
        )
    table = _typed(offered, Path(projects))
    cast, torn = _table(Path(votes), _VOTES, (c.VOTER_ID, c.PROJECT_ID), named)
    kept, rejected = _sound(cast, torn, table[c.PROJECT_ID])
    if c.CAST_AT in kept.columns:
        kept = kept.with_columns(utc(kept[c.CAST_AT]))
    if c.CHANNEL in kept.columns:
        kept = kept.with_columns(_channel())
    kept = kept.with_columns(_number_gap(kept))
    kept = kept.with_columns(
        pseudonymise(kept[c.VOTER_ID], load_key() if key is None else key),
        pl.lit(None, dtype=pl.Float64).alias(c.POINTS),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(c.VOTER_ID).alias(c.RANK),
    )
    extra = [name for name in (c.CAST_AT, c.CHANNEL, c.MUNICIPALITY) if name in kept.columns]
    order = (c.VOTER_ID, c.PROJECT_ID, c.POINTS, c.RANK)
    return Election(
        {"budget": f"{budget:.15g}", "vote_type": vote_type},
        table,
        kept.select(c.VOTER_ID).unique(maintain_order=True),
        kept.select(*order, *extra, c.NUMBER_GAP),
        rejected,
    )


def _table(
    path: Path,
    known: Mapping[str, tuple[str, ...]],
    needed: tuple[str, ...],
    named: Mapping[str, str],
) -> tuple[pl.DataFrame, list[int]]:
    """Read a table under our names, as strings, with the row of each; tell the broken rows."""
    rows = _rows(path)
    best: dict[str, int] = {}
    for place, row in enumerate(rows[:_TOP_ROWS]):
        matched = headers.match(row, named, known)
        found = {name: row.index(header) for name, header in matched.items()}
        best = max(best, found, key=len)
        if not set(needed) <= set(found):
            continue
        width = len(row)
        records = [
            [number, *(cell.strip() or None for cell in cells[:width])]
            for number, cells in enumerate(rows[place + 1 :], start=1)
            if len(cells) >= width and not any(cells[width:])
        ]
        schema = {c.ROW: pl.Int64, **{f"_{at}": pl.String for at in range(width)}}
        frame = pl.DataFrame(records, schema=schema, orient="row")
        torn = sorted(set(range(1, len(rows) - place)) - set(frame[c.ROW]))
        names = [pl.col(f"_{at}").alias(name) for name, at in found.items()]
        return frame.select(c.ROW, *names), torn
    raise SchemaError.missing(
        set(needed) - set(best), [cell for cell in rows[0] if cell], where=str(path)
    )


def _rows(path: Path) -> list[list[str]]:
    kind = content.find(path)
    if kind == content.XLSX:
        _, sheet = next(iter(workbook.sheets(path)), ("", pl.DataFrame()))
        rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows()]
    elif kind in (content.CSV, content.TSV):
        # The right delimiter splits the top rows into most fields.
        delimiter = max(
            delimited.DELIMITERS,
            key=lambda mark: sum(
                len(record)
                for record in islice(delimited.records(path, mark), _TOP_ROWS)
                if isinstance(record, list)
            ),
        )
        rows = [
            record if isinstance(record, list) else []
            for record in delimited.records(path, delimiter)
        ]
    else:
        raise InputError("neither CSV nor XLSX", where=str(path), remedy="Save it as one of these")
    if not rows:
        raise InputError("the table is empty", where=str(path), remedy="Export it again")
    rows[0] = [cell.removeprefix("\ufeff") for cell in rows[0]]
    return rows


def _money(text: str | None) -> float | None:
    """Read an amount: «1 250 000,50 руб.»."""
    digits = re.sub(r"[\s\u00a0]|руб\.?|₽", "", text or "").replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _typed(offered: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Check the projects and give their amounts the right type."""
    for row, project in (
        offered.filter(pl.col(c.PROJECT_ID).is_null() | ~pl.col(c.PROJECT_ID).is_first_distinct())
        .select(c.ROW, c.PROJECT_ID)
        .iter_rows()
    ):
        raise InputError(
            "a project without a number" if project is None else f"project {project} again",
            where=f"{path}, row {row} below the header",
            remedy="Give every project a number of its own",
        )
    amounts = {}
    for name in (c.COST, c.CO_FINANCING, c.POINTS):
        if name not in offered.columns:
            continue
        amounts[name] = [_money(cell) for cell in offered[name]]
        for row, cell, amount in zip(offered[c.ROW], offered[name], amounts[name], strict=True):
            if amount is None and (cell is not None or name == c.COST):
                raise InputError(
                    f"{name} {cell!r} is no amount",
                    where=f"{path}, row {row} below the header",
                    remedy="Write digits; 0 marks a withdrawn project",
                )
    return offered.drop(c.ROW).with_columns(
        pl.Series(name, values, dtype=pl.Float64) for name, values in amounts.items()
    )


def _sound(
    cast: pl.DataFrame, torn: list[int], known: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split votes into those that count and the rejected ones."""
    reason = (
        pl.when(pl.col(c.VOTER_ID).is_null())
        .then(pl.lit("a vote without a voter"))
        .when(~pl.col(c.PROJECT_ID).is_in(known.implode()).fill_null(False))
        .then(pl.lit("a vote for an unknown project"))
        .when(~pl.struct(c.VOTER_ID, c.PROJECT_ID).is_first_distinct())
        .then(pl.lit(_DUPLICATE))
    )
    cast = cast.with_columns(reason.alias(c.REASON))
    rejected = cast.filter(pl.col(c.REASON).is_not_null()).select(
        c.ROW, c.REASON, pl.format("голос за {}", pl.col(c.PROJECT_ID).fill_null("")).alias(c.RAW)
    )
    # What stands in a broken row may be a telephone number: it is not shown.
    broken = pl.DataFrame(
        [(row, _BROKEN, "") for row in torn], schema=c.REJECTED.schema, orient="row"
    )
    kept = cast.filter(pl.col(c.REASON).is_null()).drop(c.ROW, c.REASON)
    return kept, pl.concat([rejected, broken]).sort(c.ROW)


def _channel() -> pl.Expr:
    """Name the channels we know as the table of votes does; keep the others as found."""
    names = {alias: channel for channel, aliases in _CHANNELS.items() for alias in aliases}
    folded = pl.col(c.CHANNEL).str.to_lowercase().str.strip_chars()
    return folded.replace_strict(names, default=pl.col(c.CHANNEL), return_dtype=pl.String).alias(
        c.CHANNEL
    )


def _number_gap(votes: pl.DataFrame) -> pl.Series:
    """Distance from each telephone number to the nearest other one of the channel."""
    digits = pl.col(c.VOTER_ID).str.replace_all(r"[\s()+\-\u00a0]", "")
    # Eight and seven lead the same Russian number; anything but digits is no telephone number.
    number = pl.when(digits.str.contains(rf"^[78]?\d{{{_PHONE_DIGITS}}}$")).then(
        digits.str.tail(_PHONE_DIGITS).cast(pl.Int64, strict=False)
    )
    channel = pl.col(c.CHANNEL) if c.CHANNEL in votes.columns else pl.lit(None, dtype=pl.String)
    numbered = votes.select(channel.alias("of"), number.alias("number"))
    distinct = numbered.drop_nulls("number").unique().sort("of", "number")
    after = (pl.col("number").shift(-1) - pl.col("number")).over("of")
    before = (pl.col("number") - pl.col("number").shift(1)).over("of")
    gaps = distinct.with_columns(pl.min_horizontal(before, after).alias(c.NUMBER_GAP))
    return numbered.join(
        gaps, on=["of", "number"], how="left", nulls_equal=True, maintain_order="left"
    )[c.NUMBER_GAP]
