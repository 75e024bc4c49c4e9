"""What a file is, by its first bytes, and its characters."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cur_lab.errors import InputError

CSV, TSV, XLSX, ODS, PARQUET = "csv", "tsv", "xlsx", "ods", "parquet"
RECORDS, LINES = "json", "jsonl"
CONTAINERS = (CSV, XLSX, ODS, PARQUET, RECORDS, LINES)

_HEAD_BYTES = 65_536
_HEAD_LINES, _LINE = 20, 1 << 20
_STRAY_CONTROLS = 8
# What holds the items of a document.
_LISTS = {"messages", "chats", "left_chats", "response", "items", "comments"}
_KNOWN = (
    "Readable are JSON of Telegram Desktop, dumps of Telethon and Pyrogram, answers of VK and "
    "Odnoklassniki, messages of MAX, requests of Open311, lists of objects, JSON Lines, CSV, TSV, "
    "XLSX, ODS, Parquet"
)
# It is the first and unpacked part of the archive.
_ODS_TYPE, _ODS_WITHIN = b"application/vnd.oasis.opendocument.spreadsheet", 256
# Formats people bring that we do not read, by how they begin, and what to do.
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save it as XLSX"),
    (b"%PDF", "a PDF", "Export the table as XLSX or CSV"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first"),
    (b"Rar!", "a RAR archive", "Unpack it first"),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV"),
)
_WEB_PAGE = ("<!doctype html", "<html", "<?xml")


def find(path: Path) -> str:
    """Tell the format of a file by its content.

    Returns
    -------
    str
        One of ``CONTAINERS``; ``"csv"`` stands for any text, ``"json"`` for any JSON.

    Raises
    ------
    InputError
        If the file is missing, empty or of no format we read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise InputError(
            "no such file", where=str(path), remedy=f"Looked in {path.absolute().parent}"
        ) from None
    except IsADirectoryError:
        raise InputError(
            "a folder, not a file", where=str(path), remedy="Name a file, or a list of files"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened ({error})", where=str(path)) from error
    if not head.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise InputError("the file is empty", where=str(path), remedy="Export it again")
    if head.startswith(b"PK\x03\x04"):
        return ODS if _ODS_TYPE in head[:_ODS_WITHIN] else XLSX
    if head.startswith(b"PAR1"):
        return PARQUET
    for start, name, remedy in _FOREIGN:
        if head.startswith(start):
            raise InputError(f"this is {name}", where=str(path), remedy=remedy)
    begins = _beginning(head, path)
    if b"<service_requests" in head:
        raise InputError(
            "these are requests of Open311 in XML",
            where=str(path),
            remedy="Ask the same address for .json in place of .xml",
        )
    if begins.casefold().startswith(_WEB_PAGE):
        raise InputError(
            "this is a web page or XML",
            where=str(path),
            remedy="In Telegram Desktop choose the format «JSON» when exporting; save a table "
            "opened in Excel as XLSX",
        )
    if begins[0] not in "[{":
        return CSV
    return LINES if begins[0] == "{" and _one_object_a_line(path) else RECORDS


def glimpse_encoding(path: Path) -> str:
    """Tell an encoding good enough for the signs and names of JSON, without reading the file."""
    with path.open("rb") as file:
        start = file.read(2)
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"


def _one_object_a_line(path: Path) -> bool:
    """Tell JSON Lines: most of the first lines are whole objects."""
    whole = lines = 0
    with path.open(encoding=glimpse_encoding(path), errors="replace") as file:
        # Other JSON may be one line of any length.
        while lines < _HEAD_LINES and (line := file.readline(_LINE)):
            if line.strip():
                lines += 1
                try:
                    found = json.loads(line, strict=False)
                    whole += isinstance(found, dict)
                except (ValueError, RecursionError):
                    if len(line) == _LINE:
                        return False
    if lines == whole == 1:
        # One object alone is a document, such as an answer of VK, unless it is a message.
        return "id" in found and _LISTS.isdisjoint(found)
    return lines > 1 and 2 * whole >= lines


def json_lines(path: Path) -> Iterator[tuple[int, Any, str]]:
    """Yield number, value and text of every line that is not blank; a damaged line has no value."""
    with path.open(encoding=encoding(path), errors="replace") as file:
        for row, line in enumerate(filter(str.strip, file), start=1):
            try:
                yield row, json.loads(line, strict=False), line
            except (ValueError, RecursionError):
                yield row, None, line


def encoding(path: Path) -> str:
    """Find the encoding: UTF-8, UTF-16 with its mark, else Windows-1251.

    A UTF-8 file with a few broken bytes stays UTF-8: reading all of it as Windows-1251 would spoil
    every word to mend one.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = letters = 0
    with path.open("rb") as file:
        start = file.read(3)
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        chunk = start + file.read(_HEAD_BYTES)
        while chunk:
            if not chunk.isascii():
                text = decoder.decode(chunk)
                broken += text.count("\ufffd")
                letters += len(chunk) - len(text)
            else:
                broken += decoder.decode(chunk).count("\ufffd")
            chunk = file.read(_HEAD_BYTES)
    # Russian text in UTF-8 has one more byte than letters; in Windows-1251 nearly every letter
    # breaks.
    return "utf-8-sig" if broken * 10 <= letters else "cp1251"


def load_json(path: Path) -> Any:
    """Parse a JSON file.

    Raises
    ------
    InputError
        If it is cut off or broken, with line and column.
    """
    text = path.read_bytes().decode(encoding(path), errors="replace")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        cut = not text[error.pos :].strip() or error.msg.startswith("Unterminated")
        place = f"line {error.lineno}, column {error.colno}"
        raise broken(path, place, error.msg, cut=cut) from None
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"JSON that no export looks like ({error})", where=str(path), remedy=_KNOWN
        ) from None


def broken(path: Path, place: str, why: str, *, cut: bool) -> InputError:
    """Say where a JSON is broken, and what helps."""
    return InputError(
        "the JSON breaks off" if cut else f"broken JSON ({why})",
        where=f"{path}, {place}",
        remedy="The export or its download was interrupted: let it run to its end"
        if cut
        else "A new export may have the same bytes: open the file in a text editor at this place, "
        "delete or mend what stands there, and read it again",
    )


def stranger(document: Any, path: Path) -> InputError:
    """Say what a JSON is that is nobody's we know."""
    if isinstance(document, dict):
        found = f"an object with {', '.join(map(repr, list(document)[:5])) or 'nothing inside'}"
    elif isinstance(document, list):
        found = f"a list of {type(document[0]).__name__}" if document else "an empty list"
    else:
        found = f"a single {type(document).__name__}"
    return InputError(f"JSON, but {found}, not messages", where=str(path), remedy=_KNOWN)


def _beginning(head: bytes, path: Path) -> str:
    """First characters that are not blank, if the file is text at all."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace").lstrip() or " "
    control = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\f\r\x1a\x1b")
    if control > max(len(head) / 50, _STRAY_CONTROLS):
        raise InputError("not text, nor any format we read", where=str(path), remedy=_KNOWN)
    return head.removeprefix(codecs.BOM_UTF8).decode("cp1251", errors="replace").lstrip() or " "
