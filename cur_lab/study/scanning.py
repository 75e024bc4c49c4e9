"""A look through what is about to be handed on: personal data, paths of a machine, keys."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab import privacy, pseudonyms
from cur_lab.errors import InputError
from cur_lab.wording import shortened

_PAGES = {".html", ".htm", ".svg", ".xml", ".graphml"}
# Attributes that are shown, or lead somewhere.
_READ = {"alt", "aria-label", "href", "label", "title", "value"}
NOT_LOOKED_AT = "not_looked_at"
# A home has a name in it; folders of the system have none.
_PATH = re.compile(
    r"(?<![\w/.:])/(?:home|Users|root|mnt|media|srv|private|work)/[\w.\-]+[^\s\"'<>|]*"
    r"|\b[A-Za-z]:\\{1,2}(?:Users|Documents and Settings)\\{1,2}[^\s\"'<>|]+"
)
_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\bvk1\.a\.[\w-]{40,}"  # VK
    r"|\b\d{8,10}:[A-Za-z0-9_-]{35}\b"  # a bot of Telegram
)
_LABELS = {"path": "[ПУТЬ]", "key": "[КЛЮЧ]"}
# Long enough to see what it is about, too short to lead to the message.
_AROUND, _SHOWN = 30, 80


def scan(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Look for what must not leave the house in notebooks, reports and tables.

    Texts are looked at as a reader meets them: of a page its text, attributes and the numbers its
    figures draw, of a notebook its cells and their outputs. Names are found in their telling forms,
    as :func:`cur_lab.privacy.find` finds them without the tagger; of keys those of access to a
    network, private ones, and the user's own key of pseudonyms.

    Parameters
    ----------
    path
        A file, or a folder that is looked through with everything below it.

    Returns
    -------
    DataFrame
        ``columns.SCANNED``: a row for every finding, its text redacted. Files that are no text
        (pictures, archives, spreadsheets) are listed with the kind "not_looked_at"; the library
        that draws is left out.

    Raises
    ------
    InputError
        If there is no such file or folder, or a file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     page = Path(folder) / "page.html"
    ...     _ = page.write_text("<p>Звоните: 8 910 123-45-67</p>", encoding="utf-8")
    ...     scan(folder).select("kind", "text").rows()
    [('phone', 'Звоните: [ТЕЛЕФОН]')]
    """
    root = Path(path)
    if not root.exists():
        raise InputError("no such file or folder", where=str(root), remedy="Name another one")
    rows = [row for file in _files(root) for row in _of_file(file, root)]
    return pl.DataFrame(rows, schema=c.SCANNED.schema, orient="row").sort(c.SCANNED.schema.names())


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    # plotly.js is the drawing library, twice the size of everything it draws.
    return sorted(p for p in root.rglob("*") if p.is_file() and p.name != "plotly.min.js")


def _of_file(file: Path, root: Path) -> Iterator[tuple[str, int | None, str, str]]:
    name = file.relative_to(root).as_posix() if file != root else file.name
    if (contents := _contents(file)) is None:
        yield name, None, NOT_LOOKED_AT, ""
        return
    rules = {"path": _PATH, "key": _keys()}
    cleared = []
    for place, content in contents:
        for kind, rule in rules.items():
            for match in rule.finditer(content):
                around = _masked(match.string, match.start(), match.end(), _LABELS[kind])
                yield name, place, kind, _shown(_cleared(around, rules))
        cleared.append(_cleared(content, rules))
    # Digits of a key are no phone.
    spans = privacy.find(pl.Series(cleared, dtype=pl.String), names=False)
    for row, kind, start, stop in spans.select(c.ROW, c.KIND, c.START, c.STOP).iter_rows():
        around = cleared[row][max(0, start - _AROUND) : stop + _AROUND]
        yield name, contents[row][0], kind, _shown(around)


def _keys() -> re.Pattern[str]:
    """Match keys by their form, and by its value the one secret that is known: the user's own."""
    path = pseudonyms.key_path()
    own = [pseudonyms.load_key(path).hex()] if path.is_file() else []
    return re.compile("|".join([_KEY.pattern, *own]))


def _masked(content: str, start: int, stop: int, label: str) -> str:
    return f"{content[max(0, start - _AROUND) : start]}{label}{content[stop : stop + _AROUND]}"


def _cleared(content: str, rules: dict[str, re.Pattern[str]]) -> str:
    for kind, rule in rules.items():
        content = rule.sub(_LABELS[kind], content)
    return content


def _shown(around: str) -> str:
    redacted = privacy.redact(pl.Series([around]), names=False)[0]
    return shortened(" ".join(str(redacted).split()), _SHOWN)


def _contents(file: Path) -> list[tuple[int | None, str]] | None:
    """Give what a reader of the file meets, with the number of its cell or line; None: no text."""
    suffix = file.suffix.lower()
    try:
        content = file.read_bytes().decode("utf-8-sig")
        if suffix in _PAGES:
            return [(None, text) for text in _of_page(content)]
        if suffix == ".ipynb":
            cells = enumerate(json.loads(content)["cells"], start=1)
            return [(number, text) for number, cell in cells for text in _of_cell(cell)]
        if suffix == ".json":
            return [(None, text) for text in _strings(json.loads(content))]
        return list(enumerate(content.splitlines(), start=1))
    except UnicodeDecodeError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"cannot be looked through ({type(error).__name__})",
            where=str(file),
            remedy="Remove it from the folder or make it anew",
        ) from error


def _of_cell(cell: dict[str, Any]) -> Iterator[str]:
    yield "".join(cell["source"])
    for output in cell.get("outputs", []):
        yield "".join(output.get("text", ""))
        yield from output.get("traceback", [])
        for mime, data in output.get("data", {}).items():
            if mime in ("text/html", "image/svg+xml"):
                yield from _of_page("".join(data))
            elif not mime.startswith("image/"):
                yield from _strings(data if isinstance(data, dict) else "".join(data))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _of_page(content: str) -> list[str]:
    page = _Page()
    page.feed(content)
    page.close()
    return page.texts


class _Page(HTMLParser):
    """Gathers texts and attributes of a page, and the strings of the figures in it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type")
        self._within = "figure" if tag == "script" and kind == "application/json" else tag
        # Styles and pictures of a page are ours and hold no words.
        self.texts += [value for name, value in attrs if value and name in _READ]

    def handle_endtag(self, _: str) -> None:
        self._within = None

    def handle_data(self, data: str) -> None:
        if self._within == "figure":
            self.texts += _strings(json.loads(data))
        elif self._within not in ("script", "style") and data.strip():
            self.texts.append(data)
