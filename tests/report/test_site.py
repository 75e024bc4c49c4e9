import json
import re

import nbformat
import plotly.graph_objects as go
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cur_lab import budgeting, figures, report, study, tables
from cur_lab.columns import Absent
from cur_lab.figures import theme
from cur_lab.report import Outcome, cards, thumbnails

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


def test_plotly_lies_once_beside_the_pages_and_stands_in_none(tmp_path):
    several = executed(figure_output("а"), figure_output("б"))
    report.write([several, Outcome("02-topics", several.notebook)], tmp_path)
    assert [path.name for path in tmp_path.glob("*.js")] == ["plotly.min.js"]
    page = (tmp_path / "02-topics.html").read_text(encoding="utf-8")
    assert page.count('<script src="plotly.min.js" defer>') == 1
    assert len(page) < 50_000
    assert "plotly.min.js" not in report.page(executed()).split("<body>")[0]


def test_the_data_of_a_figure_stand_once():
    page = report.page(executed(figure_output("единственное значение")))
    assert page.count("единственное значение") == 1
    holder = page.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(holder)["data"][0]["y"] == ["единственное значение"]


def test_a_figure_is_told_of_where_no_script_runs():
    figure = go.Figure(go.Bar(x=[1], y=["а"])).update_layout(title="Ям &lt;больше&gt;", height=300)
    output = new_output("display_data", data={cards.PLOTLY: figure.to_plotly_json()})
    page = report.page(executed(output))
    place = re.search(r'<div [^>]*class="plot"[^>]*>', page)[0]
    assert 'role="img"' in place
    assert 'style="height:300px"' in place
    assert 'aria-label="Ям &lt;больше&gt;"' in place
    assert "таблицу под рисунком" in page.split("<noscript>")[1].split("</noscript>")[0]


def test_a_page_names_no_outside_source():
    page = report.page(executed(figure_output("а")))
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    assert "default-src 'none'" in page
    # What is read stands before any script runs: 50 kB at the most come before the body.
    assert len(page.split("<body>")[0]) < 50_000


@pytest.mark.parametrize(("numbers", "most"), [(("01", "02"), 6.5e6), (None, 10e6)])
def test_the_report_of_the_curated_notebooks_weighs_what_it_must(numbers, most, tmp_path):
    report.write(
        [
            Outcome(path.stem, nbformat.read(path, as_version=4))
            for path in study.find(numbers or ())
        ],
        tmp_path,
    )
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= most


def test_each_card_of_the_curated_notebooks_has_question_finding_and_picture():
    for path in study.find():
        card = cards.of(nbformat.read(path, as_version=4))
        assert card.question[0].isupper(), path
        assert card.finding, path
        assert card.picture.startswith("<svg"), path
        assert len(card.picture) < 40_000, path
        assert not card.absent, path


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
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "tracker.example" in page


def test_a_hostile_title_stays_text():
    page = report.page(executed(heading=f"# {HOSTILE}"))
    assert "<title>&lt;/script&gt;" in page


def test_the_index_links_every_notebook_and_names_the_failure(tmp_path):
    good, bad = executed(figure_output("а")), executed()
    bad = Outcome("02-bad", bad.notebook, "ячейка 3: ValueError: <b>плохо</b>")
    index = report.write([good, bad], tmp_path).read_text(encoding="utf-8")
    assert 'href="01-topics.html"' in index
    assert "ошибка: ячейка 3: ValueError: &lt;b&gt;плохо&lt;/b&gt;" in index
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        "01-topics.html",
        "02-bad.html",
        "plotly.min.js",
    }


# --- cards --------------------------------------------------------------------------------------


def absent_output(what: str) -> nbformat.NotebookNode:
    return new_output(
        "display_data", data={"text/markdown": Absent.lacking(what)._repr_markdown_()}
    )


def titled_output(title: str, **layout: object) -> nbformat.NotebookNode:
    figure = theme.finish(
        go.Figure(go.Bar(x=[1, 2], y=[3, 4])), title=title, caption="n", height=90
    )
    return new_output(
        "display_data", data={cards.PLOTLY: json.loads(figure.update_layout(layout).to_json())}
    )


def sections(*outputs: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# Ямы\n\n**Вопрос:** где *больше* ям\nи почему?\n\nЧто известно.")]
    for shown in outputs:
        cells += [new_markdown_cell("## Часть"), new_code_cell("show()", outputs=shown)]
    return new_notebook(cells=cells)


def test_a_card_says_what_the_first_figure_found():
    card = cards.of(
        sections([], [titled_output("Ям <b>больше</b> & глубже")], [titled_output("Б")])
    )
    assert (card.title, card.question) == ("Ямы", "Где больше ям и почему?")
    assert card.finding == "Ям <b>больше</b> & глубже"
    assert card.absent == ""
    assert card.picture.count("<rect") == 2


def test_where_the_first_section_shows_nothing_the_card_says_why():
    card = cards.of(sections([absent_output("дат <i>")], [titled_output("Б")]))
    assert card.finding == card.picture == ""
    assert card.absent == "нет дат <i>"
    # A table that is not there beside a figure that is.
    card = cards.of(sections([absent_output("дат"), titled_output("А")]))
    assert (card.finding, card.absent) == ("А", "")
    assert cards.of(sections([])).finding == ""


@pytest.mark.parametrize(
    ("said", "figures", "absent"),
    [
        (f"{cards.UNANSWERED} В этих данных нет дат.", 1, "нет дат"),
        ("**Что**:\n\n- Нет домов: «Где».\n- Нет дат: «Когда», «Как».", 0, "нет домов"),
        ("**Что**:\n\n- Нет домов: «Где».", 1, ""),
    ],
)
def test_what_a_study_has_gathered_is_heeded(said, figures, absent):
    notebook = sections([titled_output("А")] * figures)
    notebook.cells.insert(1, new_markdown_cell(said, id=cards.UNDETERMINED))
    card = cards.of(notebook)
    assert card.absent == absent
    assert card.finding == ("" if absent else "А")


def test_a_gathered_reason_is_told_rather_than_an_empty_table():
    notebook = sections([absent_output("семей")])
    said = "**Что**:\n\n- Нет реестра: «Где»."
    notebook.cells.insert(1, new_markdown_cell(said, id=cards.UNDETERMINED))
    assert cards.of(notebook).absent == "нет реестра"


def test_what_others_published_is_no_finding():
    published = figures.budgeting.history(budgeting.history(), caption="n")
    output = new_output("display_data", data={cards.PLOTLY: json.loads(published.to_json())})
    assert cards.of(sections([output], [titled_output("Своё")])).finding == "Своё"
    assert cards.of(sections([output])).finding == ""


def test_the_index_says_what_there_is_not(tmp_path):
    index = report.write([Outcome("01-x", sections([absent_output("дат")]))], tmp_path)
    assert "нечего показать: нет дат<" in index.read_text(encoding="utf-8")


def test_the_index_says_once_that_there_is_nothing(tmp_path):
    empty = Absent("Волны: нечего показать")._repr_markdown_()
    output = new_output("display_data", data={"text/markdown": empty})
    index = report.write([Outcome("01-x", sections([output]))], tmp_path)
    assert "нечего показать: волны<" in index.read_text(encoding="utf-8")


def drawn(*traces: go.Bar, **layout: object) -> str:
    return thumbnails.svg(json.loads(go.Figure(traces).update_layout(layout).to_json()))


def test_a_thumbnail_places_marks_as_the_figure_does():
    days = ["2025-01-01", "2025-01-11", "2025-01-31"]
    line = drawn(go.Scatter(x=days, y=[0, None, 1], mode="lines+markers"))
    assert 'd="M8.0 142.0M392.0 8.0"' in line
    assert line.count("<circle") == 2
    bars = drawn(go.Bar(x=[1, 2], y=[1, 3]), go.Bar(x=[2], y=[3]), barmode="stack")
    assert re.findall(r'height="([\d.]+)"/?', bars) == ["22.3", "134.0"]
    points = go.Scatter(x=[5], y=["а"], mode="markers", error_x={"array": [5], "arrayminus": [5]})
    assert 'x1="8.0" x2="392.0"' in drawn(points)
    assert drawn(go.Heatmap(z=[[1, None], [2, 3]], x=["а", "б"], y=["в", "г"])).count("<rect") == 3
    assert drawn() == drawn(go.Bar(x=[], y=[])) == drawn(go.Pie(values=[1])) == ""


def test_a_hostile_colour_stays_in_its_attribute():
    figure = {"data": [{"type": "bar", "x": [1], "y": [1], "marker": {"color": '"><script>'}}]}
    assert "<script" not in thumbnails.svg(figure)
