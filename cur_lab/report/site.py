"""Executed notebooks as a small site: a page each, an index, and plotly.js once for all.

A page asks nothing of the network: plotly.js lies beside it, styles are inline, and a
content-security policy forbids the browser every outside request. What is read comes first: figures
are drawn once the page stands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from plotly.offline import get_plotlyjs
from pygments.formatters import HtmlFormatter

from cur_lab import __version__, files
from cur_lab.report import cards
from cur_lab.report.cards import title

_PLOTLYJS = "plotly.min.js"
_NOTHING = "нечего показать"

# plotly.js writes styles; images of a figure are data or blob addresses. A page opened as a file
# has no origin of its own: its neighbour is named by the scheme.
_POLICY = (
    "default-src 'none'; script-src 'self' file: 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)

_PAGE = """<!DOCTYPE html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
{scripts}
</head>
<body>
{before}
<main>
{body}
</main>
<footer>cur-lab {version}. Страница ничего не запрашивает из сети.</footer>
</body>
</html>
"""

_SWITCH = """<input type="checkbox" id="code" aria-label="показать код">
<header><a href="index.html">К списку</a>
<label class="codeswitch" for="code">Показать или скрыть код</label></header>"""

_FIGURE = """<figure class="drawn">
<div class="plot" id="{name}" role="img" aria-label="{label}" style="height:{height}px"></div>
<noscript><p>Рисунок «{label}» и таблицу под рисунком строит JavaScript, а он выключен. Выводы — в
тексте и в таблицах страницы.</p></noscript>
<details><summary>Таблица под рисунком</summary><div></div></details>
<script type="application/json">{figure}</script>
</figure>"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one notebook.

    Attributes
    ----------
    name
        File name without the ending, such as ``01-complaint-topics``.
    notebook
        The executed notebook, up to the failing cell if one failed.
    error
        The failing cell and its error in one line, or None.
    """

    name: str
    notebook: NotebookNode
    error: str | None = None


def write(outcomes: Sequence[Outcome], out: Path) -> Path:
    """Write a page for every notebook and ``index.html``; return the index's path."""
    for outcome in outcomes:
        add(outcome, out)
    return write_index(outcomes, out)


def add(outcome: Outcome, out: Path) -> Path:
    """Write the page of a notebook and the plotly.js it draws with; return its path."""
    written, script = page(outcome), out / _PLOTLYJS
    if f'src="{_PLOTLYJS}"' in written:
        content = get_plotlyjs()
        if not script.is_file() or script.stat().st_size != len(content.encode("utf-8")):
            files.write_text(script, content)
    return files.write_text(out / f"{outcome.name}.html", written)


def write_index(outcomes: Sequence[Outcome], out: Path) -> Path:
    """Write ``index.html`` for the pages that are there; return its path."""
    return files.write_text(out / "index.html", _index(outcomes))


def page(outcome: Outcome) -> str:
    """Render one executed notebook as HTML that draws with the plotly.js beside it."""
    notebook = nbformat.from_dict(outcome.notebook)
    figures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if cards.PLOTLY in output.get("data", {}):
                figures += 1
                figure = _figure(output.data[cards.PLOTLY], f"figure-{figures}")
                output.data = {"text/html": figure}
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    if outcome.error:
        body = f'<p class="failed">Выполнение прервано: {escape(outcome.error)}</p>\n{body}'
    scripts = ""
    if figures:
        scripts = (
            f'<script src="{_PLOTLYJS}" defer></script>\n<script>{_read("figures.js")}</script>'
        )
    return shell(title(outcome.notebook), body, scripts=scripts, before=_SWITCH)


def _figure(figure: NotebookNode, name: str) -> str:
    drawn = {key: figure[key] for key in ("data", "layout") if key in figure}
    written = json.dumps(drawn, ensure_ascii=False, separators=(",", ":"))
    return _FIGURE.format(
        name=name,
        label=escape(cards.plain(cards.figure_title(figure))),
        height=_height(figure),
        # Nothing in a text can end the script it stands in.
        figure=written.replace("<", "\\u003c"),
    )


def _height(figure: NotebookNode) -> int:
    layout = figure.get("layout")
    height = layout.get("height") if isinstance(layout, dict) else None
    return int(height) if isinstance(height, int | float) else 450


def _index(outcomes: Sequence[Outcome]) -> str:
    listed = "\n".join(map(_card, outcomes))
    body = f'<h1>Исследования</h1>\n<ul class="cards">\n{listed}\n</ul>'
    return shell("Исследования cur-lab", body)


def _card(outcome: Outcome) -> str:
    card = cards.of(outcome.notebook)
    lines = [f'<h2><a href="{escape(outcome.name)}.html">{escape(card.title)}</a></h2>']
    if card.question:
        lines.append(f'<p class="question">{escape(card.question)}</p>')
    lines.append(card.picture)
    if card.finding:
        lines.append(f'<p class="finding">{escape(card.finding)}</p>')
    if outcome.error:
        lines.append(f'<p class="state failed">ошибка: {escape(outcome.error)}</p>')
    elif card.absent:
        lines.append(f'<p class="state absent">{escape(_nothing(card.absent))}</p>')
    else:
        lines.append('<p class="state">выполнено</p>')
    return f'<li class="card">{"".join(lines)}</li>'


def _nothing(reason: str) -> str:
    """Say that there is nothing to show, and why; what says so itself says it once."""
    what, said, _ = reason.partition(f": {_NOTHING}")
    return f"{_NOTHING}: {what}" if said else f"{_NOTHING}: {reason}"


def shell(title: str, body: str, *, scripts: str = "", before: str = "") -> str:
    """Put a body of HTML into the page all our sites share."""
    return _PAGE.format(
        policy=_POLICY,
        title=escape(title),
        style=_read("page.css") + HtmlFormatter(style="friendly").get_style_defs(".highlight"),
        scripts=scripts,
        before=before,
        body=body,
        version=__version__,
    )


def _read(name: str) -> str:
    return resources.files("cur_lab.report").joinpath(name).read_text(encoding="utf-8")
