"""What a notebook says of itself in an index: its question, its finding, a picture, its state.

The finding is the title of its first figure, which figures word as a finding. Where the first
section that shows anything has only a sentence in the place of a figure, there is nothing to show.
Of a user's own data a study gathers such sentences in one cell, which says so itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from cur_lab.columns import UNKNOWN, Absent
from cur_lab.headlines import budgeting
from cur_lab.report import thumbnails

PLOTLY = "application/vnd.plotly.v1+json"
# Of the cell in which a study gathers what the data cannot answer, and how it begins where that is
# the very question of the notebook.
UNDETERMINED = "not-determined"
UNANSWERED = "**Эта тетрадь по этим данным не отвечает на свой вопрос.**"
_REASON = re.compile(r"^- (.+?)(?:: «.*)?\.$", re.MULTILINE)
_QUESTION = re.compile(r"\*\*Вопрос:\*\*\s*(.+?)(?:\n\s*\n|\Z)", re.DOTALL)
_OF_THESE_DATA = "В этих данных "
_MARKS = re.compile(r"[*_`]+")


@dataclass(frozen=True, slots=True)
class Card:
    """What an index shows of a notebook; words are plain text, the picture is SVG.

    Attributes
    ----------
    title
        Its H1.
    question
        What it asks; empty if it does not say.
    finding
        Title of its first figure; empty where there is none.
    absent
        Why there is nothing to show; empty where there is a finding.
    picture
        Its first figure, small; may be empty.
    """

    title: str
    question: str
    finding: str
    absent: str
    picture: str


def of(notebook: NotebookNode) -> Card:
    """Read the card of an executed notebook."""
    shown = next(_shown(notebook), {})
    finding = plain(figure_title(shown))
    absent = str(shown.get("absent", ""))
    if gathered := _gathered(notebook):
        if gathered.startswith(UNANSWERED):
            absent = gathered.removeprefix(UNANSWERED).strip().removesuffix(".")
        elif "layout" not in shown and (reason := _REASON.search(gathered)):
            absent = reason[1]
    return Card(
        title=title(notebook),
        question=_question(notebook),
        finding="" if absent else finding,
        absent=_brief(absent),
        picture="" if absent else thumbnails.svg(shown),
    )


def _brief(reason: str) -> str:
    """Word a reason as it goes on after a colon: «нет дат»."""
    said = reason.removeprefix(_OF_THESE_DATA).removesuffix(f": {UNKNOWN}")
    # A name in capitals keeps them.
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def title(notebook: NotebookNode) -> str:
    """Return the notebook's H1 as plain text."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := re.match(r"#\s+(.+)", cell.source)):
            return heading.group(1).strip()
    return "Без названия"


def figure_title(figure: Mapping[str, Any]) -> str:
    """Return the title of a figure as plotly reads it, with its markup; empty if it has none."""
    found = (figure.get("layout") or {}).get("title") or {}
    text = found if isinstance(found, str) else found.get("text")
    return text if isinstance(text, str) else ""


def plain(text: str) -> str:
    """Read what plotly reads as markup as plain text."""
    return html.unescape(re.sub(r"<br\s*/?>", " ", text))


def _question(notebook: NotebookNode) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := _QUESTION.search(cell.source)):
            asked = _MARKS.sub("", " ".join(found[1].split()))
            return asked[:1].upper() + asked[1:]
    return ""


def _gathered(notebook: NotebookNode) -> str:
    found = (str(cell.source) for cell in notebook.cells if cell.get("id") == UNDETERMINED)
    return next(found, "")


def _shown(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """Yield of each section its first figure, or what stands in the place of one."""
    absent = None
    for cell in notebook.cells:
        if absent is not None and cell.cell_type == "markdown" and cell.source.startswith("## "):
            yield {"absent": absent}
            absent = None
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PLOTLY in data:
                # What others have published of their votes is no finding of these data.
                if not figure_title(data[PLOTLY]).startswith(budgeting.PUBLISHED):
                    yield data[PLOTLY]
            elif absent is None:
                absent = Absent.read(data.get("text/markdown", ""))
    if absent is not None:
        yield {"absent": absent}
