"""The report in a real browser: figures are alive, nothing is asked of the network."""

import json
import subprocess

import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cur_lab import figures, report
from cur_lab.columns import TOPICS
from cur_lab.report import Outcome

HOSTILE = "<img src='https://tracker.example/x.png' onerror=document.title='owned'>"


@pytest.fixture
def visit(chromium, tmp_path):
    def visit(page):
        """Open a page; return its DOM and the addresses the browser asked for."""
        log = tmp_path / "net.json"
        dom = subprocess.run(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--user-data-dir={tmp_path / 'profile'}",
                f"--log-net-log={log}",
                "--virtual-time-budget=10000",
                "--dump-dom",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout
        events = json.loads(log.read_text())["events"]
        addresses = {event.get("params", {}).get("url", "") for event in events}
        # The browser's own calls home differ in their queries; a page's would differ in the host.
        return dom, {url.split("?")[0] for url in addresses if url.startswith(("http", "ws"))}

    return visit


@pytest.fixture
def page(tmp_path):
    topics = pl.DataFrame(
        {
            "topic": [0, 1],
            "label": [HOSTILE, "ямы на дороге"],
            "size": [60, 40],
            "share": [0.6, 0.4],
            "share_low": [0.5, 0.3],
            "share_high": [0.7, 0.5],
            "stability": [0.9, 0.8],
            "keywords": [["вода"], ["яма"]],
            "examples": [["нет воды"], ["яма"]],
        },
        schema=TOPICS.schema,
    )
    figure = figures.topics.shares(topics, caption=f"n = 100; {HOSTILE}")
    output = new_output(
        "display_data", data={"application/vnd.plotly.v1+json": figure.to_plotly_json()}
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Темы"),
            new_code_cell("figure", execution_count=1, outputs=[output]),
        ]
    )
    report.write([Outcome("01-topics", notebook)], tmp_path / "report")
    return tmp_path / "report" / "01-topics.html"


def test_figures_are_drawn_and_the_network_is_left_alone(visit, page):
    dom, addresses = visit(page)
    assert "main-svg" in dom
    assert "ямы на дороге" in dom
    assert not {address for address in addresses if "tracker" in address or "plotly" in address}
    # What Chromium asks for on its own account is not the page's doing.
    blank = page.with_name("blank.html")
    blank.write_text("<title>blank</title>")
    assert addresses <= visit(blank)[1]


def test_a_page_without_its_neighbour_says_so(visit, page):
    page.with_name("plotly.min.js").unlink()
    dom, _ = visit(page)
    assert "рядом со страницей нет файла plotly.min.js" in dom


def test_hostile_text_in_a_figure_does_not_run(visit, page):
    dom, _ = visit(page)
    assert "<title>Темы</title>" in dom
    assert "tracker.example" in dom
