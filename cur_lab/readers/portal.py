"""Projects and votes as regional portals export them: two tables → one election."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.clock import ZONE, zone_of
from cur_lab.errors import InputError
from cur_lab.pseudonyms import load_key, pseudonymise
from cur_lab.readers.amounts import MONEY, amount, written
from cur_lab.readers.election import Election
from cur_lab.readers.headings import Known
from cur_lab.readers.portal_tables import ABOVE, BROKEN, NUMBER, UNIT, PortalTable, table
from cur_lab.readers.times import utc

__all__ = ["read_election"]

_PROJECTS = Known(
    {
        c.PROJECT_ID: (
            "id проекта", "номер проекта", "код проекта", "№ проекта", "id", "номер", "№", "код",
        ),
        c.COST: (
            "стоимость проекта", "стоимость", "общая стоимость", "сметная стоимость",
            "сумма проекта", "сумма", "бюджет проекта", "бюджет", "цена",
        ),
        c.TITLE: (
            "название проекта", "наименование проекта", "название", "наименование", "проект",
            "name",
        ),
        c.DESCRIPTION: ("описание проекта", "описание"),
        c.MUNICIPALITY: (
            "муниципальное образование", "муниципалитет", "муниципальный округ",
            "городской округ", "район", "округ", "мо",
        ),
        c.CATEGORY: ("категория проекта", "категория", "направление", "типология"),
        c.CO_FINANCING: ("софинансирование", "сумма софинансирования", "объем софинансирования"),
        c.APPLICANT: ("заявитель", "инициатор", "инициативная группа", "автор", "автор проекта"),
        c.POINTS: ("баллы", "дополнительные баллы"),
        c.STATUS: ("статус", "статус проекта", "состояние"),
        c.CONTRACTED_AT: ("дата контракта", "дата договора", "дата заключения договора"),
        c.DUE_AT: ("срок", "срок реализации", "плановый срок", "плановая дата завершения"),
        c.COMPLETED_AT: ("дата завершения", "дата сдачи", "дата окончания работ"),
        c.ACTUAL_COST: ("фактическая стоимость", "освоено", "итоговая стоимость"),
        c.PAID_BY_RESIDENTS: ("средства населения", "средства жителей", "взнос жителей"),
        c.PAID_BY_MUNICIPALITY: ("средства муниципалитета", "местный бюджет"),
        c.PAID_BY_SPONSORS: ("средства спонсоров", "спонсоры", "внебюджетные средства"),
    }
)  # fmt: skip
_VOTES = Known(
    {
        c.VOTER_ID: (
            "id голосующего", "голосующий", "id пользователя", "пользователь", "id участника",
            "участник", "id избирателя", "избиратель", "номер избирателя", "номер голосующего",
            "номер участника", "код избирателя", "код голосующего", "код участника",
            "номер телефона", "телефон", "телефон голосующего",
        ),
        c.PROJECT_ID: (
            "id проекта", "номер проекта", "код проекта", "№ проекта", "выбранный проект",
            "выбранные проекты", "проекты", "проект", "vote",
        ),
        c.CAST_AT: (
            "дата и время голоса", "дата и время голосования", "дата и время", "время голоса",
            "время голосования", "дата голоса", "дата голосования", "дата",
        ),
        c.CHANNEL: ("канал", "канал голосования", "способ голосования", "источник голоса"),
        c.MUNICIPALITY: (
            "муниципальное образование", "муниципалитет", "муниципальный округ",
            "городской округ", "район", "округ", "мо",
        ),
    }
)  # fmt: skip
_CHANNELS = {
    "esia": ("esia", "есиа", "госуслуги", "епгу"),
    "sms": ("sms", "смс"),
    "call_centre": ("call_centre", "call centre", "колл-центр", "колл центр", "контакт-центр"),
    "paper": ("paper", "бумага", "бумажный бюллетень", "очно"),
}
# Words for what became of a project, by how they begin.
_STATUSES = {
    "cancelled": ("отмен", "снят", "отказ", "отклон"),
    "planned": ("план", "не начат"),
    "contracted": ("контракт", "договор", "заключ"),
    "under_way": ("в работе", "выполняется", "реализуется", "идут", "идет", "строится"),
    "completed": ("завершен", "реализован", "выполнен", "построен", "сдан", "исполнен"),
}
_DATES = (c.CONTRACTED_AT, c.DUE_AT, c.COMPLETED_AT)
_PHONE_DIGITS = 10
_DUPLICATE = "duplicate"


def read_election(
    projects: str | os.PathLike[str],
    votes: str | os.PathLike[str],
    *,
    budget: float,
    vote_type: str = "choose-1",
    columns: Mapping[str, str] | None = None,
    key: bytes | None = None,
    timezone: str = ZONE,
) -> Election:
    """Read the two tables of a regional portal into an election: CSV, XLSX or ODS, all sheets.

    Parameters
    ----------
    projects
        A row per project; number and cost are needed. «Стоимость, тыс. руб.» counts in thousands.
    votes
        A row per vote; who (any identifier or a telephone number) and the project are needed. A
        list of projects by commas or semicolons is a vote for each.
    budget
        Money to spend: no export names it.
    vote_type
        approval or choose-1.
    columns
        Header → our column, where the header is not one we know.
    key
        For the pseudonyms, as ``pseudonyms.load_key`` gives; None takes the user's own.
    timezone
        Name of the zone that times without one are in.

    Returns
    -------
    Election
        Voters are keyed pseudonyms. ``number_gap`` of a vote, the distance from its telephone
        number to the nearest other one of the channel, is taken before numbers become pseudonyms.
        In ``rejected``: rows of votes that are broken, stand above a header or on a sheet without
        one, votes for unknown projects and repeated ones, by their row headers left out and
        without the identifier of the voter; and the sheets of projects that have no header. Times
        and figures that cannot be read are in ``unreadable``.

    Raises
    ------
    InputError
        If a table is broken, or a project is told twice or has no cost.
    SchemaError
        If a needed column is not found.
    """
    named = columns or {}
    zone_of(timezone, where="timezone")
    offered = table(Path(projects), _PROJECTS, (c.PROJECT_ID, c.COST), named, amounts=MONEY)
    for row, reason, _ in offered.lost:
        if reason == BROKEN:
            raise InputError(
                "another number of fields than the header, or an open quote",
                where=offered.where(Path(projects), row),
                remedy="Correct the row, or save the table as XLSX",
            )
    unreadable: list[pl.DataFrame] = []
    typed = _typed(offered, Path(projects), timezone, unreadable)
    cast = table(Path(votes), _VOTES, (c.VOTER_ID, c.PROJECT_ID), named)
    kept, rejected = _sound(cast, typed[c.PROJECT_ID])
    if c.CAST_AT in kept.columns:
        kept = _timed(kept, c.CAST_AT, timezone, unreadable)
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
    beside = [
        (row, reason, f"{Path(projects).name}: {raw}")
        for row, reason, raw in offered.lost
        if reason != ABOVE
    ]
    return Election(
        {"budget": written(budget), "vote_type": vote_type},
        typed,
        kept.select(c.VOTER_ID).unique(maintain_order=True),
        kept.select(*order, *extra, c.NUMBER_GAP),
        pl.concat([rejected, _lost(beside)]).sort(c.ROW, c.REASON, c.RAW),
        unreadable=pl.concat([c.UNREADABLE.empty(), *unreadable]).sort(c.COLUMN, c.ROW),
    )


def _lost(rows: list[tuple[int, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=c.REJECTED.schema, orient="row")


def _timed(
    frame: pl.DataFrame, name: str, timezone: str, unreadable: list[pl.DataFrame]
) -> pl.DataFrame:
    """Read a column of dates; note what cannot be read."""
    read = frame.with_columns(utc(frame[name], timezone))
    unread = read[name].is_null() & frame[name].is_not_null()
    unreadable.append(
        frame.filter(unread).select(
            c.ROW, pl.lit(name).alias(c.COLUMN), pl.col(name).str.slice(0, 100).alias(c.RAW)
        )
    )
    return read


def _typed(
    offered: PortalTable, path: Path, timezone: str, unreadable: list[pl.DataFrame]
) -> pl.DataFrame:
    """Check the projects and give their columns the right type."""
    frame = offered.frame
    for row, project in (
        frame.filter(pl.col(c.PROJECT_ID).is_null() | ~pl.col(c.PROJECT_ID).is_first_distinct())
        .select(c.ROW, c.PROJECT_ID)
        .iter_rows()
    ):
        raise InputError(
            "a project without a number" if project is None else f"project {project} again",
            where=offered.where(path, row),
            remedy="Give every project a number of its own",
        )
    for name in (*MONEY, c.POINTS):
        if name not in frame.columns:
            continue
        values = []
        number, unit = (
            pl.col(told) if told in frame.columns else pl.lit(None)
            for told in (name + NUMBER, name + UNIT)
        )
        cells = frame.select(c.ROW, name, number.alias("number"), unit.alias("unit"))
        for row, cell, typed, times in cells.iter_rows():
            value = _money(cell, times or 1.0, number=bool(typed))
            if value is None and (cell is not None or name == c.COST):
                raise InputError(
                    f"{name} {cell!r} is no amount",
                    where=offered.where(path, row),
                    remedy="Write digits, at most two behind the mark of the kopecks (400000,50): "
                    "three could be thousands; 0 marks a withdrawn project",
                )
            values.append(value)
        frame = frame.with_columns(pl.Series(name, values, dtype=pl.Float64))
    for name in _DATES:
        if name in frame.columns:
            frame = _timed(frame, name, timezone, unreadable)
    if c.STATUS in frame.columns:
        frame = frame.with_columns(_status())
    return frame.drop(c.ROW, *(name for name in frame.columns if name.endswith((NUMBER, UNIT))))


def _money(cell: str | None, times: float, *, number: bool) -> float | None:
    """Read an amount; what is a number by its type has no marks of thousands."""
    value = float(cell) * times if number and cell is not None else amount(cell, times)
    return value if value is not None and value >= 0 else None


def _status() -> pl.Expr:
    """Name the states we know as the table of projects does; keep the others as found."""
    word = pl.col(c.STATUS).str.to_lowercase().str.replace_all("ё", "е", literal=True)
    status = pl.col(c.STATUS)
    for code, beginnings in _STATUSES.items():
        known = pl.any_horizontal(word.str.starts_with(beginning) for beginning in beginnings)
        status = pl.when(known | (word == code)).then(pl.lit(code)).otherwise(status)
    return status.alias(c.STATUS)


def _sound(cast: PortalTable, known: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split votes into those that count and the rejected ones."""
    frame = _split(cast.frame, known)
    reason = (
        pl.when(pl.col(c.VOTER_ID).is_null())
        .then(pl.lit("no_voter"))
        .when(~pl.col(c.PROJECT_ID).is_in(known.implode()).fill_null(False))
        .then(pl.lit("unknown_project"))
        .when(~pl.struct(c.VOTER_ID, c.PROJECT_ID).is_first_distinct())
        .then(pl.lit(_DUPLICATE))
    )
    frame = frame.with_columns(reason.alias(c.REASON))
    rejected = frame.filter(pl.col(c.REASON).is_not_null()).select(
        c.ROW, c.REASON, pl.format("голос за {}", pl.col(c.PROJECT_ID).fill_null("")).alias(c.RAW)
    )
    kept = frame.filter(pl.col(c.REASON).is_null()).drop(c.REASON)
    return kept, pl.concat([rejected, _lost(cast.lost)])


def _split(votes: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Make a vote of each project of a list; what is no list of known projects stays as it is."""
    listed = pl.col(c.PROJECT_ID).str.contains("[,;]")
    if not votes.select(listed.any()).item():
        return votes
    split = (
        pl.col(c.PROJECT_ID)
        .str.replace_all(";", ",", literal=True)
        .str.split(",")
        .list.eval(pl.element().str.strip_chars())
    )
    whole = pl.col(c.PROJECT_ID).is_in(known.implode())
    all_known = split.list.eval(pl.element().is_in(known.implode())).list.all()
    return votes.with_columns(
        pl.when(listed & ~whole & all_known)
        .then(split)
        .otherwise(pl.concat_list(c.PROJECT_ID))
        .alias(c.PROJECT_ID)
    ).explode(c.PROJECT_ID)


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
