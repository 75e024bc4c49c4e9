"""What a reader sees of a result, and what in it no reader should: found by rule.

Not a test module: tests of notebooks and regions read with it.
"""

import html
import re
from collections.abc import Iterator
from typing import Any

from cur_lab import wording
from cur_lab.columns import CODES

_HIDDEN = re.compile(r"<(style|script).*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
_MONTHS = "January|February|March|April|June|July|August|September|October|November|December"
_RULES = {
    "a value that is none": r"\b(nan|NaN|None|inf|null)\b",
    "zeros that say nothing": r"(?<![\w,])[−-]?0,0+(?![\d,])|(?<!\w)[−-]0(?![\w,])",
    "an English month": rf"\b({_MONTHS}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
    "a month as a code": r"\b20\d\d-(0\d|1[0-2])\b(?!-)",
}
_NOUNS = (
    ("сообщение", "сообщения", "сообщений"),
    ("автор", "автора", "авторов"),
    ("проект", "проекта", "проектов"),
    ("голос", "голоса", "голосов"),
    ("день", "дня", "дней"),
    ("семья", "семьи", "семей"),
    ("эпизод", "эпизода", "эпизодов"),
    ("тема", "темы", "тем"),
    ("муниципалитет", "муниципалитета", "муниципалитетов"),
    ("решение", "решения", "решений"),
    ("рубрика", "рубрики", "рубрик"),
    ("утверждение", "утверждения", "утверждений"),
    ("вопрос", "вопроса", "вопросов"),
)
_COUNTED = re.compile(
    r"(?:(?P<before>[А-Яа-яё]+) )?(?<![\d,–.×])(?P<number>\d[\d ]*) "
    rf"(?P<noun>{'|'.join(form for forms in _NOUNS for form in forms)})\b"
)
_GENITIVE = {"из", "у", "до", "от", "после", "около", "больше", "меньше", "для", "среди", "ни"}
# Cells that show what citizens wrote.
QUOTED = re.compile(r'"(examples|evidence|quotes|questions|oldest|items)"|"example"')
# Words for codes that are English words all the same: names of networks and of packages.
_NAMES = {"Telegram", "MAX"}


def faults_of_output(output: dict[str, Any]) -> list[str]:
    """List what is wrong with an output of an executed notebook."""
    forms = {
        "application/vnd.plotly.v1+json": _of_figure,
        "text/html": _of_table,
        "text/markdown": _of_words,
    }
    data = output.get("data", {})
    return [fault for form, read in forms.items() if form in data for fault in read(data[form])]


def faults(result: object) -> list[str]:
    """List what is wrong with what a result prints."""
    if hasattr(result, "to_plotly_json"):
        return [*_of_figure(result.to_plotly_json())]
    if hasattr(result, "_repr_html_"):
        return [*_of_table(result._repr_html_())]
    return [*_of_words(str(result))] if hasattr(result, "_repr_markdown_") else []


def _of_table(page: str) -> Iterator[str]:
    # Each piece by itself: cells beside each other are no sentence.
    for piece in re.split(r"<[^>]+>", _HIDDEN.sub("", page)):
        yield from _of_words(_plain(piece))
    rows = [[_plain(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(page)]
    body = [row for row in rows if len(row) > 1][1:]
    if body and body[0][0] == wording.NOT_SHOWN:
        yield f"a dash leads the table: {body[0]}"
    for cell in (cell for row in body for cell in row):
        if cell in _UNTRANSLATED:
            yield f"a code: {cell}"


def _of_figure(figure: dict[str, Any]) -> Iterator[str]:
    layout = figure["layout"]
    said = [
        layout["title"].get("text"),
        *(note.get("text") for note in layout.get("annotations", ())),
    ]
    axes = [axis for name, axis in layout.items() if re.match("[xy]axis", name)]
    said += [(axis.get("title") or {}).get("text") for axis in axes]
    for trace in figure["data"]:
        said.append(trace.get("name"))
        for place in ("x", "y", "text"):
            values = trace.get(place)
            labels = [v for v in values if isinstance(v, str)] if values is not None else []
            if labels and not re.match(r"\d{4}-\d\d-\d\d", labels[0]):
                said += labels
            elif labels and place != "text":
                axis = trace.get(f"{place}axis", place).replace(place, f"{place}axis")
                yield from _of_dates(layout.get(axis) or {})
    for words in filter(None, said):
        words = _plain(words.replace("<br>", " "))
        yield from _of_words(words)
        if words in _UNTRANSLATED:
            yield f"a code: {words}"


def _of_dates(axis: dict[str, Any]) -> Iterator[str]:
    """An axis of days without a form of its own names months in English."""
    if axis.get("type") != "category" and not re.search("%[dmYH]", axis.get("tickformat") or ""):
        yield "months of an axis in English"


def _of_words(words: str) -> Iterator[str]:
    words = words.replace(" ", " ")
    for what, rule in _RULES.items():
        for found in re.finditer(rule, words):
            yield f"{what}: {words[max(0, found.start() - 40) : found.end() + 20]}"
    for found in _COUNTED.finditer(words):
        number = int(found["number"].replace(" ", ""))
        forms = next(forms for forms in _NOUNS if found["noun"] in forms)
        right = {wording.plural(number, *forms)}
        # After «из», «до», «больше» stands the genitive.
        if (found["before"] or "").lower() in _GENITIVE:
            right |= {forms[1] if wording.plural(number, *forms) == forms[0] else forms[2]}
        if found["noun"] not in right:
            yield f"a noun that does not agree: {found[0]}"


def _plain(page: str) -> str:
    return html.unescape(" ".join(_TAG.sub(" ", page).split()))


_UNTRANSLATED = {
    code for codes in CODES.values() for code, words in codes.items() if code != words
} - _NAMES
