"""XLSX sheets as rows of strings, with a look inside before the library unpacks them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from cur_lab.errors import InputError

# Sheets compress 5 to 30 times; a hundred times and this large is made to fill the memory.
_RATIO, _LARGE = 100, 200_000_000
# The library lays a sheet out as a full rectangle, 32 bytes a cell, before anyone can object: one
# forgotten cell in the last corner asks for half a terabyte and ends the process.
_CELLS, _SPARSE_CELLS, _FILLED = 60_000_000, 5_000_000, 0.01
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_CHUNK = 1 << 20


def sheets(path: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield name and cells of every sheet that is not empty, all as strings, header included.

    Raises
    ------
    InputError
        If the file is no workbook, is broken, or unpacks to more than the memory should hold.
    """
    _look_inside(path)
    try:
        workbook = fastexcel.read_excel(path)
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, dtypes="string").to_polars()
            if sheet.height:
                yield name, sheet
    except (fastexcel.FastExcelError, pl.exceptions.PanicException) as error:
        raise InputError(
            f"cannot be read as XLSX ({str(error).splitlines()[0]})",
            where=str(path),
            remedy="Open it in Excel or LibreOffice and save it again as XLSX or CSV",
        ) from None


def _look_inside(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts)
            if size > _LARGE and size > _RATIO * packed:
                raise InputError(
                    f"unpacks from {packed:,} to {size:,} bytes, unlike any table",
                    where=str(path),
                    remedy="Save it again as CSV if you trust where it comes from",
                )
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and not part.is_dir():
                    _measure(archive, part, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InputError(
            f"a broken archive ({error})",
            where=str(path),
            remedy="The file was cut off or is not XLSX: save or download it again",
        ) from None
    except RuntimeError as error:
        raise InputError(
            f"cannot be unpacked ({error})", where=str(path), remedy="Save it without a password"
        ) from None


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    """Compare the cells a sheet has with the rectangle around them."""
    filled, width, height, rest = 0, 0, 0, b""
    with archive.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            cells = _CELL.findall(rest + chunk)
            filled += len(cells)
            width = max([width, *(_number(column) for column in {column for column, _ in cells})])
            height = max([height, *(int(row) for _, row in cells)])
            rest = chunk[-32:]
    area = width * height
    if area > _CELLS or (area > _SPARSE_CELLS and filled < _FILLED * area):
        raise InputError(
            f"a sheet of {height:,} rows and {width:,} columns with {filled:,} filled cells",
            where=f"{path}, {part.filename}",
            remedy="Delete the stray cells far right or far below, or save the sheet as CSV",
        )


def _number(letters: bytes) -> int:
    """Column letters → number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
