"""What a workbook's own XML tells and the library does not: merged cells, epoch, true size."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

import polars as pl

from cur_lab.errors import InputError

# The library lays a sheet out as a full rectangle, 32 bytes a cell, before anyone can object: one
# forgotten cell in the last corner asks for half a terabyte and ends the process.
_CELLS, _SPARSE_CELLS, _FILLED = 60_000_000, 5_000_000, 0.01
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_CHUNK, _OVERLAP = 1 << 20, 256
_ODS = "content.xml"
_OF_DAY = re.compile(r"PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(?:[.,]\d+)?S)?")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "


Area = tuple[int, int, int, int]


@dataclass(slots=True)
class Overlay:
    """What is laid over the cells of one sheet; rows and columns count from 0.

    Attributes
    ----------
    merged
        Rectangles that show the value of their first cell: top, left, bottom, right.
    clocks
        Times of day the library leaves out, by row and column.
    """

    merged: list[Area] = field(default_factory=list)
    clocks: dict[tuple[int, int], str] = field(default_factory=dict)

    def over(self, cells: pl.DataFrame, first: int) -> pl.DataFrame:
        """Fill in the cells.

        Parameters
        ----------
        cells
            Rows of the sheet from its first on.
        first
            Column of the sheet that is the first of ``cells``.
        """
        columns = cells.get_columns()
        rows: dict[int, list[int]] = defaultdict(list)
        values: dict[int, list[object]] = defaultdict(list)
        # No two merged areas overlap, unless somebody made them to fill the memory.
        left_over = cells.height * cells.width
        for top, left, bottom, right in self.merged:
            bottom, right = min(bottom, cells.height - 1), min(right - first, cells.width - 1)
            left -= first
            left_over -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if left < 0 or left > right or top > bottom or left_over < 0:
                continue
            value = columns[left][top]
            for place in range(left, right + 1):
                rows[place] += range(top, bottom + 1)
                values[place] += [value] * (bottom - top + 1)
        for (row, column), clock in self.clocks.items():
            if row < cells.height and 0 <= column - first < cells.width:
                rows[column - first].append(row)
                values[column - first].append(clock)
        filled = {place: columns[place].scatter(rows[place], values[place]) for place in rows}
        return cells.with_columns(filled.values())


def inside(archive: zipfile.ZipFile, path: Path) -> tuple[dict[str, Overlay], bool]:
    """Look into a workbook: what lies over its sheets, and whether its days count from 1904.

    Raises
    ------
    InputError
        If a sheet would be laid out over more cells than the memory should hold.
    """
    names = set(archive.namelist())
    if _ODS in names and "mimetype" in names:
        return _of_ods(archive, path), False
    sheets = _sheet_names(archive, names)
    found: dict[str, Overlay] = {}
    for part in archive.infolist():
        if part.filename.startswith("xl/worksheets/") and not part.is_dir():
            areas = _of_xlsx(archive, part, path)
            if areas and part.filename in sheets:
                found[sheets[part.filename]] = Overlay(areas)
    book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    return found, bool(re.search(rb"""date1904=["'](?:1|true)["']""", book))


# --- XLSX ---------------------------------------------------------------------------------------


def _sheet_names(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Part of the archive → name of the sheet it holds; what is broken is left to the library."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, relations} <= names:
        return {}
    try:
        targets = {
            one.get("Id"): str(PurePosixPath("xl") / (one.get("Target") or ""))
            for one in ElementTree.fromstring(archive.read(relations)).iter()
        }
        found = {}
        for sheet in ElementTree.fromstring(archive.read(book)).iter():
            if not sheet.tag.endswith("}sheet"):
                continue
            related = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
            found[targets.get(related, "").lstrip("/")] = sheet.get("name") or ""
    except ElementTree.ParseError:
        return {}
    return found


def _of_xlsx(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> list[Area]:
    """Compare the cells a sheet has with the rectangle around them; collect the merged ones."""
    filled, width, height, rest = 0, 0, 0, b""
    merged: set[Area] = set()
    with archive.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            whole = rest + chunk
            cells = _CELL.findall(whole)
            filled += len(cells)
            width = max([width, *(_number(column) for column in {column for column, _ in cells})])
            height = max([height, *(int(row) for _, row in cells)])
            for left, top, right, bottom in _MERGED.findall(whole):
                merged.add((int(top) - 1, _number(left) - 1, int(bottom) - 1, _number(right) - 1))
            rest = chunk[-_OVERLAP:]
    _check_area(filled, height, width, f"{path}, {part.filename}")
    return sorted(merged)


def _check_area(filled: int, height: int, width: int, where: str) -> None:
    area = width * height
    if area > _CELLS or (area > _SPARSE_CELLS and filled < _FILLED * area):
        raise InputError(
            f"a sheet of {height:,} rows and {width:,} columns with {filled:,} filled cells",
            where=where,
            remedy="Delete the stray cells far right or far below, or save the sheet as CSV",
        )


def _number(letters: bytes) -> int:
    """Column letters → number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- ODS ----------------------------------------------------------------------------------------


class _OdsSheet:
    """Where the parser stands in a sheet, how far its filled cells reach, what is merged."""

    def __init__(self, name: str):
        self.name = name
        self.row = self.column = self.repeated = 0
        self.filled = self.height = self.width = 0
        self.overlay = Overlay()

    def cell(self, told: dict[str, str]) -> None:
        times = _count(told, "number-columns-repeated")
        down, right = _count(told, "number-rows-spanned"), _count(told, "number-columns-spanned")
        if down > 1 or right > 1:
            bottom, last = self.row + down - 1, self.column + right - 1
            self.overlay.merged.append((self.row, self.column, bottom, last))
        if clock := _OF_DAY.fullmatch(told.get(f"{_OFFICE}time-value", "")):
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            self.overlay.clocks[self.row, self.column] = f"{hours:02}:{minutes:02}:{seconds:02}"
        if f"{_OFFICE}value-type" in told:
            self.filled += times * self.repeated
            self.height = max(self.height, self.row + self.repeated)
            self.width = max(self.width, self.column + times)
        self.column += times


def _of_ods(archive: zipfile.ZipFile, path: Path) -> dict[str, Overlay]:
    found: list[_OdsSheet] = []

    def begin(tag: str, told: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            found.append(_OdsSheet(told.get(f"{_TABLE}name", "")))
        elif not found:
            return
        elif tag == f"{_TABLE}table-row":
            found[-1].column, found[-1].repeated = 0, _count(told, "number-rows-repeated")
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            found[-1].cell(told)

    def end(tag: str) -> None:
        if tag == f"{_TABLE}table-row" and found:
            found[-1].row += found[-1].repeated

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        with archive.open(_ODS) as content:
            for chunk in _chunks(content):
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise InputError(
            "cannot be read as a workbook",
            where=f"{path}, {_ODS}",
            remedy="Open it in LibreOffice and save it again as XLSX or CSV",
        ) from None
    for sheet in found:
        _check_area(sheet.filled, sheet.height, sheet.width, f"{path}, {sheet.name}")
    return {sheet.name: sheet.overlay for sheet in found}


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _count(told: dict[str, str], name: str) -> int:
    text = told.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isdigit() and len(text) < 10 else 1
