"""Tables a user fills in a spreadsheet: Russian or English headings, comments, any separator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab import privacy
from cur_lab.datasets import unnamed
from cur_lab.errors import CurLabError, InputError, SchemaError
from cur_lab.readers import content, delimited, workbook
from cur_lab.readers.amounts import amount, multiplier
from cur_lab.readers.headings import Known, match
from cur_lab.readers.times import utc

# Tables that may lie in the folder of a region, as name.csv or name.xlsx, with the headings the
# folder is made with; headings of columns and English names are understood as well.
TABLES: dict[c.Table, dict[str, str]] = {
    c.MUNICIPALITIES: {c.MUNICIPALITY: "Муниципалитет"},
    c.DECISIONS: {
        c.DECISION_ID: "Номер решения",
        c.DECIDED_AT: "Дата решения",
        c.SCOPE: "Охват",
        c.TRIGGERED_BY: "Повод",
        c.TITLE: "Название",
        c.BUDGET: "Сумма, руб.",
    },
    c.COMMITMENTS: {
        c.BROADCAST_ID: "Номер эфира",
        c.TEXT: "Что обещано",
        c.EVIDENCE_URL: "Ссылка",
    },
    c.AGENCIES: {},
    c.CLAIMS: {
        c.CLAIM_ID: "Номер утверждения",
        c.TEXT: "Утверждение",
        c.FIRST_SEEN_AT: "Впервые замечено",
        c.REFUTED_AT: "Опровергнуто",
        c.SOURCE: "Источник опровержения",
        c.VERDICT: "Вердикт",
        c.EVIDENCE_URL: "Ссылка",
    },
    c.NOTICES: {
        c.NOTICE_ID: "Номер извещения",
        c.PUBLISHED_AT: "Дата",
        c.TEXT: "Текст",
    },
    c.BROADCASTS: {
        c.BROADCAST_ID: "Номер эфира",
        c.STARTED_AT: "Начало",
        c.SPEAKER_ROLE: "Должность",
        c.PROJECT_ID: "Номер проекта",
    },
    c.PAGES: {c.TITLE: "Название"},
    c.PAGE_MONTHS: {},
    c.FOLLOWER_COUNTS: {c.AT: "Когда"},
    c.SURVEY: {c.WEIGHT: "Вес"},
    c.PANEL_SCORES: {c.SCORE: "Балл"},
    c.HUMAN_CODES: {},
    c.TOPIC_NAMES: {},
}  # fmt: skip
# Words of a cell → codes; the codes themselves are understood too.
_WORDS: dict[tuple[str, str], dict[str, str]] = {
    (c.DECISIONS.name, c.KIND): {
        "деньги": "money", "работы": "works", "приказ": "order", "распоряжение": "order",
        "постановление": "order", "центр": "centre", "другое": "other", "прочее": "other",
    },
    (c.DECISIONS.name, c.SCOPE): {
        "регион": "region", "область": "region", "муниципалитет": "municipality",
        "район": "municipality", "город": "municipality",
    },
    (c.DECISIONS.name, c.TRIGGERED_BY): {
        "пик": "peak", "эфир": "broadcast", "прямая линия": "broadcast", "план": "plan",
        "другое": "other", "прочее": "other",
    },
    (c.AGENCIES.name, c.LEVEL): {word: code for code, word in c.CODES[c.LEVEL].items()},
    (c.AGENCIES.name, c.REGIME): {word: code for code, word in c.CODES[c.REGIME].items()},
    (c.PAGES.name, c.NETWORK): {
        **{word.lower(): code for code, word in c.CODES[c.NETWORK].items()},
        "вк": "vk", "тг": "telegram", "телеграм": "telegram", "ок": "ok", "макс": "max",
    },
}  # fmt: skip
_ANSWERS = {"да": True, "true": True, "1": True, "нет": False, "false": False, "0": False}
SUFFIXES = (".csv", ".tsv", ".xlsx", ".ods")
# What stands where the user left a cell empty that no row can do without.
_ASSUMED = {(c.DECISIONS.name, c.KIND): "other"}

EMPTY_CELL = "empty_cell"
TWICE = "told_twice"
_TOP_ROWS = 10
_PEOPLE = re.compile(r"\s*чел(?:овека?)?\.?$")


@dataclass(frozen=True, slots=True)
class Filled:
    """A table of the user's, and an account of it.

    Attributes
    ----------
    frame
        In the schema of the table.
    rejected, unreadable
        Rows and cells that were not taken, with their row in the file.
    unused
        Headings that are no columns of the table.
    rows
        Number of rows below the heading, comments aside.
    """

    frame: pl.DataFrame
    rejected: pl.DataFrame
    unreadable: pl.DataFrame
    unused: tuple[str, ...]
    rows: int


def headings(table: c.Table) -> dict[str, str]:
    """Return the heading of every column of a table, as a new folder has them."""
    own = TABLES.get(table, {})
    return {
        name: own.get(name, c.HEADINGS[name].text if name in c.HEADINGS else name)
        for name in table.full_schema
    }


def files(folder: Path) -> list[tuple[c.Table, Path]]:
    """List the tables that lie in a folder; of two files of one table the first suffix is taken."""
    lying = {path.name.casefold(): path for path in sorted(folder.iterdir()) if path.is_file()}
    found = []
    for table in TABLES:
        names = [f"{table.name}{suffix}" for suffix in SUFFIXES]
        found += [(table, lying[name]) for name in names if name in lying][:1]
    return found


def strangers(folder: Path) -> list[CurLabError]:
    """Tell files that look like tables of a region and are not read."""
    read = {path for _, path in files(folder)}
    names = {table.name: path for table, path in files(folder)}
    told: list[CurLabError] = []
    for path in sorted(folder.iterdir()):
        own = path.suffix.casefold() in SUFFIXES and not path.name.startswith((".", "~$"))
        if not own or path in read or not path.is_file():
            continue
        if (name := path.stem.casefold()) in names:
            told.append(
                InputError(
                    f"not read: the table is taken from {names[name].name}",
                    where=path.name,
                    remedy="Keep one of the two files",
                )
            )
        else:
            known = [table.name for table in TABLES]
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            told.append(
                InputError(
                    "not read: no table of a region is called so",
                    where=path.name,
                    remedy=f"{hint}There are: {', '.join(known)}; exports belong into sources",
                )
            )
    return told


def read(path: Path, table: c.Table, timezone: str) -> Filled:
    """Read a table of the user's.

    Lines that begin with ``#`` are comments, ``#12`` is not. Dates without a zone are in
    ``timezone``.

    Raises
    ------
    InputError
        If the file is no table.
    SchemaError
        If no row of it names a column of the table, or a column it cannot do without is absent.
    """
    numbered = [
        (number, cells)
        for number, cells in enumerate(_rows(path, table), start=1)
        if any(cells) and not _is_comment(cells)
    ]
    if not numbered:
        raise InputError(
            "the file is empty",
            where=path.name,
            remedy=f"Its first line names the columns: {', '.join(table.full_schema)}",
        )
    place, found = _header(numbered, table, path)
    names = numbered[place][1]
    lines = numbered[place + 1 :]
    cells = pl.DataFrame(
        {
            c.ROW: pl.Series([number for number, _ in lines], dtype=pl.Int64),
            **{
                column: pl.Series(
                    [_cell(line, names.index(heading)) for _, line in lines], dtype=pl.String
                )
                for column, heading in found.items()
            },
        }
    )
    typed = cells.with_columns(
        _typed(cells[name], table, heading, timezone) for name, heading in found.items()
    )
    whole = _completed(typed, table)
    kept, rejected = _sound(whole, table)
    return Filled(
        unnamed.table(table.conform(kept.drop(c.ROW))),
        rejected,
        _unreadable(cells, typed),
        tuple(name for name in names if name and name not in found.values()),
        len(lines),
    )


def _rows(path: Path, table: c.Table) -> Iterator[list[str]]:
    """Yield the rows of the sheet, or by the separator, under which most columns are found."""
    kind = content.find(path)
    if kind in (content.XLSX, content.ODS):
        sheets = [sheet.rows() for sheet in workbook.sheets(path)]
        found = max(sheets, key=lambda rows: _recognised(rows[:_TOP_ROWS], table), default=[])
        yield from map(_stripped, found)
    elif kind in (content.CSV, content.TSV):
        delimiter = max(
            delimited.DELIMITERS,
            key=lambda mark: _recognised(islice(delimited.records(path, mark), _TOP_ROWS), table),
        )
        yield from map(_stripped, delimited.records(path, delimiter))
    else:
        raise InputError("no table", where=path.name, remedy="Save it as CSV or XLSX")


def _recognised(top: Iterable[list[str] | delimited.Broken], table: c.Table) -> int:
    return max((len(_match(_stripped(record), table)) for record in top), default=0)


def _stripped(record: list[str] | delimited.Broken) -> list[str]:
    cells = record if isinstance(record, list) else [record.line]
    return [cell.strip("\ufeff \t\r\n\u00a0") for cell in cells]


def _is_comment(cells: Sequence[str]) -> bool:
    return bool(re.match(r"#(?!\d)", cells[0]))


def _header(
    numbered: Sequence[tuple[int, list[str]]], table: c.Table, path: Path
) -> tuple[int, dict[str, str]]:
    """Find the row that names most columns of the table."""
    matched = [_match(cells, table) for _, cells in numbered[:_TOP_ROWS]]
    place = max(range(len(matched)), key=lambda at: (len(matched[at]), -at))
    if not matched[place]:
        raise SchemaError.missing(
            _needed(table), [cell for cell in numbered[0][1] if cell], where=path.name
        )
    if missing := _needed(table) - set(matched[place]):
        raise SchemaError.missing(
            missing, [cell for cell in numbered[place][1] if cell], where=path.name
        )
    return place, matched[place]


def _match(cells: Sequence[str], table: c.Table) -> dict[str, str]:
    """Column → heading, of the headings we write, the general ones and the English names."""
    return match(cells, {}, _known(table))


@cache
def _known(table: c.Table) -> Known:
    return Known(
        {
            name: (heading, c.HEADINGS[name].text if name in c.HEADINGS else name)
            for name, heading in headings(table).items()
        }
    )


def _needed(table: c.Table) -> set[str]:
    """Columns that nothing can stand for."""
    return {
        column.name
        for column in table.columns
        if not column.nullable and column.name not in _stand_ins(table)
    }


def _stand_ins(table: c.Table) -> set[str]:
    first = table.columns[0].name
    numbered = {first} if first.endswith("_id") and table not in _NAMED_ELSEWHERE else set()
    return numbered | {name for of, name in _ASSUMED if of == table.name} | {c.SCOPE}


# Their first column names rows of another table: a number of our own would name nothing.
_NAMED_ELSEWHERE = {c.PAGES, c.PAGE_MONTHS, c.HUMAN_CODES}


def _cell(line: Sequence[str], place: int) -> str | None:
    return (line[place] or None) if place < len(line) else None


def _typed(cells: pl.Series, table: c.Table, heading: str, timezone: str) -> pl.Series:
    dtype = table.full_schema[cells.name]
    if dtype == pl.Datetime:
        return utc(cells, timezone)
    if dtype == pl.Date:
        return utc(cells, timezone).dt.convert_time_zone(timezone).dt.date()
    if dtype.is_integer() or cells.name == c.BUDGET:
        times = multiplier(heading)
        counted = [amount(_PEOPLE.sub("", cell or ""), times) for cell in cells]
        return pl.Series(cells.name, counted, dtype=pl.Float64).cast(dtype, strict=False)
    if dtype.is_numeric():
        # Degrees and points have as many decimals as they like: nothing parts thousands.
        return cells.str.replace(",", ".", literal=True).cast(dtype, strict=False)
    if dtype == pl.Boolean:
        answers = [_ANSWERS.get((cell or "").lower()) for cell in cells]
        return pl.Series(cells.name, answers, dtype=pl.Boolean)
    words = _WORDS.get((table.name, cells.name), {})
    told = [words.get((cell or "").lower(), cell) for cell in cells]
    return pl.Series(cells.name, told, dtype=pl.String)


def _completed(typed: pl.DataFrame, table: c.Table) -> pl.DataFrame:
    """Fill what a user may leave empty: the number of a row, what a decision is about."""
    absent = [name for name in table.schema if name not in typed.columns]
    frame = typed.with_columns(pl.lit(None, table.schema[name]).alias(name) for name in absent)
    for name in _stand_ins(table) & set(table.schema):
        if name == c.SCOPE:
            of_all = pl.col(c.MUNICIPALITY).is_null()
            instead = pl.when(of_all).then(pl.lit("region")).otherwise(pl.lit("municipality"))
        elif (table.name, name) in _ASSUMED:
            instead = pl.lit(_ASSUMED[table.name, name])
        else:
            instead = pl.col(c.ROW).cast(pl.String)
        frame = frame.with_columns(pl.col(name).fill_null(instead))
    return frame


def _sound(frame: pl.DataFrame, table: c.Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Set aside rows without a needed cell, and all but the first of one name."""
    needed = [column.name for column in table.columns if not column.nullable]
    empty = pl.coalesce(pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in needed)
    unique = _unique(table)
    again = ~pl.struct(unique).is_first_distinct() if unique else pl.lit(False)
    told = frame.with_columns(empty.alias("_empty"), again.alias("_again"))
    reason = (
        pl.when(pl.col("_empty").is_not_null())
        .then(pl.lit(EMPTY_CELL))
        .when("_again")
        .then(pl.lit(TWICE))
    )
    told = told.with_columns(reason.alias(c.REASON))
    rejected = told.filter(pl.col(c.REASON).is_not_null()).select(
        c.ROW,
        c.REASON,
        pl.coalesce("_empty", pl.lit(unique[0] if unique else "")).alias(c.RAW),
    )
    kept = told.filter(pl.col(c.REASON).is_null()).drop("_empty", "_again", c.REASON)
    return kept, c.REJECTED.conform(rejected)


def _unique(table: c.Table) -> list[str]:
    """Columns that name a row."""
    keys: Mapping[c.Table, list[str]] = {
        c.PAGE_MONTHS: [c.PAGE_ID, c.MONTH],
        c.SURVEY: [],
        c.PANEL_SCORES: [c.JUDGE, c.ENTRY, c.CRITERION],
        c.HUMAN_CODES: [c.MESSAGE_ID, c.CODER, c.CODE],
    }
    return keys.get(table, [table.columns[0].name])


def _unreadable(cells: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """Cells that are there and are neither a date nor a number."""
    lost = [
        cells.select(c.ROW, pl.lit(name).alias(c.COLUMN), pl.col(name).alias(c.RAW)).filter(
            typed[name].is_null() & cells[name].is_not_null()
        )
        for name in cells.columns
        if name != c.ROW
    ]
    found = pl.concat([c.UNREADABLE.empty(), *lost])
    if found.is_empty():
        return found

    # Cut first, half a number would be left that no rule knows.
    shown = privacy.redact(found[c.RAW]).str.slice(0, 100)
    return found.with_columns(shown).sort(c.ROW, c.COLUMN)
