"""Executed notebooks as a small site: one self-contained page each, and an index.

A page asks nothing of the network: plotly.js stands in it once, styles are inline, and a
content-security policy forbids the browser every outside request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
import plotly.io as pio
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from plotly.offline import get_plotlyjs
from pygments.formatters import HtmlFormatter

from cur_lab import __version__, files

_PLOTLY = "application/vnd.plotly.v1+json"

# Figures need inline scripts and styles; images of a figure are data or blob addresses.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)

_STYLE = """
:root { --ink: #1c1f23; --quiet: #667; --line: #e3e6ea; --accent: #0072b2; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff;
  font: 17px/1.6 "PT Sans", "Segoe UI", Roboto, Arial, sans-serif; }
main, header, footer { max-width: 1040px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 20px; display: flex; justify-content: space-between; gap: 16px;
  font-size: 14px; color: var(--quiet); }
footer { padding: 32px 24px 48px; font-size: 13px; color: var(--quiet); }
h1 { font-size: 34px; line-height: 1.2; margin: 20px 0 12px; }
h2 { font-size: 24px; margin: 44px 0 8px; }
h3 { font-size: 19px; margin: 28px 0 6px; }
p, li { max-width: 46em; }
a { color: var(--accent); }
.anchor-link { visibility: hidden; text-decoration: none; padding-left: 6px; }
h1:hover .anchor-link, h2:hover .anchor-link, h3:hover .anchor-link { visibility: visible; }
blockquote { margin: 12px 0; padding: 2px 16px; border-left: 3px solid var(--line); color: #444; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13.5px; line-height: 1.45;
  margin: 6px 0; }
code { font-size: .88em; background: #f4f5f7; padding: 1px 4px; border-radius: 3px; }
.prompt { display: none; }
.input { display: none; }
#code:checked ~ main .input { display: block; }
.input pre { background: #f6f7f9; padding: 10px 14px; border-radius: 6px; }
.output_subarea { overflow-x: auto; margin: 10px 0; }
.output_error pre, .output_stderr pre { color: #a40000; }
.codeswitch { cursor: pointer; user-select: none; }
#code { position: absolute; opacity: 0; }
#code:focus-visible ~ header .codeswitch { outline: 2px solid var(--accent); }
table { border-collapse: collapse; font-size: 15px; }
table.index td, table.index th { padding: 10px 16px 10px 0; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: top; }
.failed { color: #a40000; }
@media print { header, footer, .input { display: none !important; } body { font-size: 11pt; }
  .cell { break-inside: avoid; } }
"""

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
<input type="checkbox" id="code" aria-label="показать код">
<header><a href="index.html">К списку</a>{switch}</header>
<main>
{body}
</main>
<footer>cur-lab {version}. Страница самодостаточна: она ничего не запрашивает из сети.</footer>
</body>
</html>
"""


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
    """Write the page of a notebook; return its path."""
    return files.write_text(out / f"{outcome.name}.html", page(outcome))


def write_index(outcomes: Sequence[Outcome], out: Path) -> Path:
    """Write ``index.html`` for the pages that are there; return its path."""
    return files.write_text(out / "index.html", _index(outcomes))


def page(outcome: Outcome) -> str:
    """Render one executed notebook as self-contained HTML."""
    notebook = nbformat.from_dict(outcome.notebook)
    figures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if _PLOTLY in output.get("data", {}):
                figures += 1
                output.data = {"text/html": _figure(output.data[_PLOTLY], f"figure-{figures}")}
    body, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    if outcome.error:
        body = f'<p class="failed">Выполнение прервано: {escape(outcome.error)}</p>\n{body}'
    scripts = f"<script>{get_plotlyjs()}</script>" if figures else ""
    return shell(title(outcome.notebook), body, scripts=scripts, code=True)


def title(notebook: NotebookNode) -> str:
    """Return the notebook's H1 as plain text."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := re.match(r"#\s+(.+)", cell.source)):
            return heading.group(1).strip()
    return "Без названия"


def _figure(figure: dict[str, object], name: str) -> str:
    # A round trip through JSON makes plain dicts of notebook nodes, which plotly validates.
    html: str = pio.to_html(
        json.loads(json.dumps({key: figure[key] for key in ("data", "layout") if key in figure})),
        include_plotlyjs=False,
        include_mathjax=False,
        full_html=False,
        div_id=name,
        config={"displaylogo": False, "responsive": True},
        default_height=f"{_height(figure)}px",
    )
    return html


def _height(figure: dict[str, object]) -> int:
    layout = figure.get("layout")
    height = layout.get("height") if isinstance(layout, dict) else None
    return int(height) if isinstance(height, int | float) else 450


def _index(outcomes: Sequence[Outcome]) -> str:
    rows = "\n".join(
        f'<tr><td><a href="{escape(outcome.name)}.html">{escape(title(outcome.notebook))}</a></td>'
        f"<td>{_state(outcome)}</td></tr>"
        for outcome in outcomes
    )
    body = f'<h1>Исследования</h1>\n<table class="index">\n{rows}\n</table>'
    return shell("Исследования cur-lab", body)


def _state(outcome: Outcome) -> str:
    if outcome.error:
        return f'<span class="failed">не выполнено: {escape(outcome.error)}</span>'
    return "выполнено"


def shell(title: str, body: str, *, scripts: str = "", code: bool = False) -> str:
    """Put a body of HTML into the page all our sites share."""
    switch = '<label class="codeswitch" for="code">Показать или скрыть код</label>' if code else ""
    return _PAGE.format(
        policy=_POLICY,
        title=escape(title),
        style=_STYLE + HtmlFormatter(style="friendly").get_style_defs(".highlight"),
        scripts=scripts,
        switch=switch,
        body=body,
        version=__version__,
    )
