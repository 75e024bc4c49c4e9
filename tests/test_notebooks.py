"""The curated notebooks keep the house form; nbval compares their outputs."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
READMES = (ROOT / "README.md", ROOT / "README.ru.md")
PLOTLY = "application/vnd.plotly.v1+json"

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def test_the_name_is_numbered_and_the_readmes_list_it(path):
    assert re.fullmatch(r"\d\d-[a-z-]+", path.stem)
    for readme in READMES:
        assert f"notebooks/{path.name}" in readme.read_text(encoding="utf-8")


def test_one_heading_of_the_first_level(path):
    headings = [
        line
        for cell in cells(path, "markdown")
        for line in source(cell).splitlines()
        if line.startswith("# ")
    ]
    assert len(headings) == 1


def test_cells_are_short_and_define_nothing(path):
    for cell in cells(path, "code"):
        assert len(source(cell).splitlines()) <= 10, source(cell)
        assert not re.search(r"^\s*(def|class|lambda)\b", source(cell), re.M), source(cell)


def test_executed_top_to_bottom_without_warnings(path):
    # nbval skips a cell without count and outputs in silence, so it must not exist.
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for output in (output for cell in code for output in cell["outputs"]):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", output


def test_takes_the_users_data_and_says_what_each_parameter_is(path):
    (cell,) = (
        cell for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])
    )
    first, *others = source(cell).splitlines()
    assert re.match(r"(messages|election)_file = None\b", first)
    for line in (first, *others) if others else ():
        assert re.fullmatch(r"\w+ = \S.*  # .*[а-яё].*", line), line


def test_every_figure_is_followed_by_words(path):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell, following in zip(found, [*found[1:], None], strict=True):
        if any(PLOTLY in output.get("data", {}) for output in cell.get("outputs", [])):
            assert following is not None, source(cell)
            assert following["cell_type"] == "markdown", source(cell)
            assert "Чего это не показывает" in source(following), source(following)


def test_small_enough_for_github(path):
    assert path.stat().st_size < 1_000_000


def test_no_progress_bar_stands_in_the_outputs(path):
    for output in (output for cell in cells(path, "code") for output in cell["outputs"]):
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
