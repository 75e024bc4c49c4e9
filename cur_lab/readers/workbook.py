"""Sheets of XLSX and ODS as rows of strings, with a look inside before the library unpacks them."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import fastexcel
import polars as pl

from cur_lab.errors import InputError
from cur_lab.readers.overlay import Overlay, inside

# Sheets compress 5 to 30 times; a hundred times and this large is made to fill the memory.
_RATIO, _LARGE = 100, 200_000_000
# Whatever it is packed like, more than this is not unpacked unless its reader says so.
LIMIT_VARIABLE, _LIMIT = "CUR_LAB_UNPACKED_MB", 4_000
_NOTHING = pl.DataFrame()
_ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True)
class Sheet:
    """One sheet that is not empty.

    Attributes
    ----------
    name
        Of the sheet.
    cells
        Columns ``_0, _1, …`` of strings, from the first row that has a cell on, header included. A
        cell merged over several holds for all of them.
    numbers
        Of the same shape: whether the cell is a number by its type, not a text that looks like
        one; empty unless asked for.
    since_1904
        Whether bare numbers of days count from 1904.
    """

    name: str
    cells: pl.DataFrame
    numbers: pl.DataFrame
    since_1904: bool

    def rows(self, first: int | None = None) -> list[list[str]]:
        """Return the first rows, or all, an empty cell as an empty string."""
        cells = self.cells if first is None else self.cells.head(first)
        return [["" if cell is None else cell for cell in row] for row in cells.iter_rows()]


def sheets(path: Path, *, numbers: bool = False) -> Iterator[Sheet]:
    """Yield every sheet that is not empty, hidden ones too.

    Parameters
    ----------
    path
        The file.
    numbers
        Whether to tell which cells are numbers, for about as long again.

    Raises
    ------
    InputError
        If the file is no workbook, is broken, or unpacks to more than the memory should hold.
    """
    _check_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            overlays, since_1904 = inside(archive, path)
    except _ARCHIVE_ERRORS as error:
        raise _broken(path, error) from None
    except RuntimeError as error:
        raise InputError(
            f"cannot be unpacked ({error})", where=str(path), remedy="Save it without a password"
        ) from None
    try:
        workbook = fastexcel.read_excel(path)
        for name in workbook.sheet_names:
            overlay = overlays.get(name, Overlay())
            cells = _loaded(workbook, name, "string", overlay)
            if cells.is_empty():
                continue
            # Only a number, or a text of digits alone, is read as a whole number.
            whole = _loaded(workbook, name, "int", Overlay(overlay.merged)) if numbers else _NOTHING
            whole = whole.select(pl.all().is_not_null())
            begin = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_max()
            yield Sheet(name, cells.slice(begin or 0), whole.slice(begin or 0), since_1904)
    except (fastexcel.FastExcelError, pl.exceptions.PanicException):
        raise InputError(
            "cannot be read as a workbook",
            where=str(path),
            remedy="Open it in Excel or LibreOffice and save it again as XLSX or CSV",
        ) from None


def _loaded(
    workbook: fastexcel.ExcelReader, name: str, dtype: Literal["string", "int"], overlay: Overlay
) -> pl.DataFrame:
    # With nothing skipped the rows are those of the sheet; columns begin with the first used one.
    loaded = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes=dtype)
    cells = loaded.to_polars()
    if cells.is_empty():
        return cells
    cells.columns = [f"_{place}" for place in range(cells.width)]
    return overlay.over(cells, loaded.available_columns()[0].absolute_index)


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except _ARCHIVE_ERRORS as error:
        raise _broken(path, error) from None
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    limit = os.environ.get(LIMIT_VARIABLE, "")
    most = int(limit) if limit.isdecimal() else _LIMIT
    if size > most * 1_000_000:
        raise InputError(
            f"unpacks to {size:,} bytes, more than the {most:,} MB allowed",
            where=str(path),
            remedy=f"Save it as CSV, or set {LIMIT_VARIABLE} higher if the memory has room",
        )
    if size > _LARGE and size > _RATIO * packed:
        raise InputError(
            f"unpacks from {packed:,} to {size:,} bytes, unlike any table",
            where=str(path),
            remedy="Save it again as CSV if you trust where it comes from",
        )


def _broken(path: Path, error: Exception) -> InputError:
    return InputError(
        f"a broken archive ({error})",
        where=str(path),
        remedy="The file was cut off or is no workbook: copy it again from where it came",
    )
