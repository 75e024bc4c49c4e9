import re

import nbformat
import plotly.graph_objects as go
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from plotly.offline import get_plotlyjs

from cur_lab import report, tables
from cur_lab.report import Outcome

HOSTILE = "</script><script>alert(1)</script><img src=http://tracker.example/x onerror=alert(1)>"


def frame_output() -> nbformat.NotebookNode:
    with pl.Config(fmt_str_lengths=200):
        html = pl.DataFrame({"text": [HOSTILE]})._repr_html_()
    return new_output("execute_result", data={"text/html": html}, execution_count=1)


def executed(*outputs: nbformat.NotebookNode, heading: str = "# О чём пишут") -> Outcome:
    cell = new_code_cell("show()", execution_count=1, outputs=list(outputs))
    return Outcome("01-topics", new_notebook(cells=[new_markdown_cell(heading), cell]))


def figure_output(text: str) -> nbformat.NotebookNode:
    figure = go.Figure(go.Bar(x=[1], y=[text])).to_plotly_json()
    return new_output(
        "display_data", data={"application/vnd.plotly.v1+json": figure, "text/plain": "Figure"}
    )


def test_plotly_stands_once_in_a_page_however_many_figures_it_has():
    page = report.page(executed(figure_output("а"), figure_output("б")))
    assert page.count("plotly.js v") == 1
    assert page.count("Plotly.newPlot(") >= 2
    assert "plotly.js v" not in report.page(executed())


def test_a_page_names_no_outside_source():
    page = report.page(executed(figure_output("а")))
    own = page.replace(get_plotlyjs(), "")
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", own)
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "output",
    [
        figure_output(HOSTILE),
        new_output("stream", text=HOSTILE),
        frame_output(),
        new_output(
            "execute_result",
            data={
                "text/html": tables.show(
                    pl.DataFrame({"text": [HOSTILE], "keywords": [[HOSTILE]]}),
                    *("text", "keywords"),
                    title=HOSTILE,
                    source=HOSTILE,
                    headings={"text": HOSTILE},
                ).as_raw_html()
            },
            execution_count=1,
        ),
    ],
    ids=["figure", "printed", "frame", "table"],
)
def test_hostile_text_stays_text(output):
    page = report.page(executed(output))
    own = page.replace(get_plotlyjs(), "")
    assert "<script>alert" not in own
    assert "<img" not in own
    assert "tracker.example" in own


def test_a_hostile_title_stays_text():
    page = report.page(executed(heading=f"# {HOSTILE}"))
    assert "<title>&lt;/script&gt;" in page


def test_the_index_links_every_notebook_and_names_the_failure(tmp_path):
    good, bad = executed(), executed()
    bad = Outcome("02-bad", bad.notebook, "ячейка 3: ValueError: <b>плохо</b>")
    index = report.write([good, bad], tmp_path).read_text(encoding="utf-8")
    assert 'href="01-topics.html"' in index
    assert "ячейка 3: ValueError: &lt;b&gt;плохо&lt;/b&gt;" in index
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        "01-topics.html",
        "02-bad.html",
    }
