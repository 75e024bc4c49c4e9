"""The curated notebooks keep the house form; nbval compares their outputs."""

import ast
import json
import re
from pathlib import Path

import nbformat
import polars as pl
import printed
import pytest

from cur_lab import datasets, parameters, study
from cur_lab.study import arguments
from cur_lab.study.canonical import canonical

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READMES = (ROOT / "README.md", ROOT / "README.ru.md")
PLOTLY = "application/vnd.plotly.v1+json"

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


@each
def test_the_name_is_numbered_and_the_readmes_list_it(path):
    assert re.fullmatch(r"\d\d-[a-z-]+", path.stem)
    for readme in READMES:
        assert f"notebooks/{path.name}" in readme.read_text(encoding="utf-8")


@each
def test_one_heading_of_the_first_level(path):
    headings = [
        line
        for cell in cells(path, "markdown")
        for line in source(cell).splitlines()
        if line.startswith("# ")
    ]
    assert len(headings) == 1


@each
def test_cells_are_short_and_define_nothing(path):
    for cell in cells(path, "code"):
        # A cell of parameters is a list.
        if "parameters" not in cell["metadata"].get("tags", []):
            assert len(source(cell).splitlines()) <= 6, source(cell)
        assert not re.search(r"^\s*(def|class|lambda)\b", source(cell), re.M), source(cell)


@each
def test_nothing_is_in_it_that_must_not_leave_the_house(path):
    assert study.scan(path).is_empty(), study.scan(path).rows()


@each
def test_executed_top_to_bottom_without_warnings(path):
    # nbval skips a cell without count and outputs in silence, so it must not exist.
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for output in (output for cell in code for output in cell["outputs"]):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", output


@each
def test_parameters_are_known_and_told(path):
    (cell,) = (c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", []))
    known = arguments.of(path)
    # Nothing stands in the cell but parameters that a study can hand over.
    assert len(source(cell).splitlines()) == len(known)
    assert next(iter(known)) in {"messages_file", "election_file"}
    for name, parameter in known.items():
        assert name in parameters.KNOWN, name
        assert re.search("[а-я]{3}", parameter.help), name
        # The default itself makes sense.
        parameters.read(name, parameter.default, default=parameter.default)


@each
def test_the_passport_names_every_parameter(path):
    (cell,) = (c for c in cells(path, "code") if "notebook.passport(" in source(c))
    (output,) = cell["outputs"]
    said = "".join(output["data"]["text/html"])
    # Where the data come from and what was chosen of them is said by the data.
    told = {"messages_file", "election_file", "region", "campaign"}
    told |= {"municipality", "since", "until"}
    for name in arguments.of(path).keys() - told:
        assert parameters.words(name) in said, name
    assert "хеш данных" in said


@each
def test_tables_and_figures_follow_the_vocabulary(path):
    written = "\n".join(source(cell) for cell in cells(path, "code"))
    for former in ("tables.table(", "notebook.absent(", ".dt.convert_time_zone(", ".map_elements("):
        assert former not in written, former
    # A heading of one's own narrows the vocabulary; it does not lay a table out by hand.
    own = re.findall(r"\bheadings *\|?= *\{([^}]*)\}", written)
    assert sum(headings.count(":") for headings in own) <= 4, own


@each
def test_committed_in_the_form_a_study_writes(path):
    """Executing again changes no line: what is committed is what a study leaves behind."""
    notebook = nbformat.read(path, as_version=4)
    assert f"{nbformat.writes(canonical(notebook, notebook))}\n" == path.read_text(encoding="utf-8")


def test_together_they_are_short_and_ask_little():
    """Logic lives in the package; a notebook asks and shows."""
    code = [source(cell) for path in NOTEBOOKS for cell in cells(path, "code")]
    nodes = [node for text in code for node in ast.walk(ast.parse(text))]
    assert sum(len(text.splitlines()) for text in code) <= 640
    assert sum(isinstance(node, ast.IfExp | ast.If) for node in nodes) <= 30


@each
def test_every_figure_is_followed_by_words(path):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell, following in zip(found, [*found[1:], None], strict=True):
        if any(PLOTLY in output.get("data", {}) for output in cell.get("outputs", [])):
            assert following is not None, source(cell)
            assert following["cell_type"] == "markdown", source(cell)
            assert "Чего это не показывает" in source(following), source(following)


@each
def test_nothing_is_printed_that_no_reader_should_see(path):
    shown = [cell for cell in nbformat.read(path, as_version=4).cells if cell.get("outputs")]
    own = (cell for cell in shown if not printed.QUOTED.search(cell.source))
    found = [(c.id, fault) for c in own for o in c.outputs for fault in printed.faults_of_output(o)]
    assert found == []


@pytest.fixture(scope="module")
def known_words():
    """Every word of the sample, and of what the regions have published."""
    tables = [*datasets.load().tables.values(), datasets.published()]
    texts = (
        frame[name] for frame in tables for name in frame.columns if frame[name].dtype == pl.String
    )
    words = (series.str.extract_all(r"[а-яёА-ЯЁ]+").explode().drop_nulls() for series in texts)
    return set(pl.concat(words).str.to_lowercase())


@each
def test_what_is_cut_is_cut_between_words(path, known_words):
    for cell in cells(path, "code"):
        shown = json.dumps(cell["outputs"], ensure_ascii=False)
        before = re.findall(r"([а-яёА-ЯЁ]+)…", shown)
        cut = [word for word in before if word.lower() not in known_words]
        assert not cut, (cell["id"], cut)


@each
def test_small_enough_for_github(path):
    assert path.stat().st_size < 1_000_000


@each
def test_no_progress_bar_stands_in_the_outputs(path):
    for output in (output for cell in cells(path, "code") for output in cell["outputs"]):
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
