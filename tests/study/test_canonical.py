"""An executed copy differs from its notebook only where a result does."""

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cur_lab import study
from cur_lab.study.canonical import canonical, write

SLOW_PRINTING = "import time\nfor n in range(3):\n    print(n, flush=True)\n    time.sleep(0.3)"


def test_executing_again_changes_no_byte(tmp_path):
    body = [
        new_markdown_cell("# Ёлка"),
        new_code_cell("fdr = 0.05  # доля", metadata={"tags": ["parameters"]}),
        new_code_cell(SLOW_PRINTING),
        new_code_cell("from IPython.display import display\ndisplay({'я': fdr})\nfdr"),
    ]
    kernel = {"name": "python3", "display_name": "Another name", "language": "python"}
    notebook = tmp_path / "01-x.ipynb"
    nbformat.write(new_notebook(cells=body, metadata={"kernelspec": kernel}), notebook)

    study.run(notebook, tmp_path / "once")
    executed = (tmp_path / "once" / "notebooks" / notebook.name).read_bytes()
    # Refreshing a notebook is copying what was executed over it.
    notebook.write_bytes(executed)
    study.run(notebook, tmp_path / "twice")

    assert (tmp_path / "twice" / "notebooks" / notebook.name).read_bytes() == executed
    assert b"papermill" not in executed
    streams = nbformat.read(notebook, as_version=4).cells[2].outputs
    assert [output.text for output in streams] == ["0\n1\n2\n"]


def test_parameters_change_their_own_cell_and_what_depends_on_it(tmp_path):
    body = [new_code_cell("fdr = 0.05", metadata={"tags": ["parameters"]}), new_code_cell("fdr")]
    notebook = tmp_path / "01-x.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=body, metadata={"kernelspec": kernel}), notebook)
    study.run(notebook, tmp_path, parameters={"fdr": "0.1"})
    executed = nbformat.read(tmp_path / "notebooks" / notebook.name, as_version=4)
    assert [cell.id for cell in executed.cells] == [
        body[0].id,
        "injected-parameters",
        body[1].id,
    ]
    assert executed.cells[2].outputs[0].data["text/plain"] == "0.1"


def test_ids_metadata_and_streams(tmp_path):
    streams = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stdout", text="b"),
        new_output("stream", name="stderr", text="c"),
        new_output("stream", name="stdout", text="d"),
    ]
    cell = new_code_cell("1", outputs=streams, metadata={"tags": [], "collapsed": True})
    executed = new_notebook(cells=[cell], metadata={"papermill": {}, "authors": ["x"]})
    # A notebook of an older format has no ids.
    original = NotebookNode(cells=[NotebookNode(cell_type="code")])
    before = nbformat.writes(executed)

    kept = canonical(executed, original)

    assert nbformat.writes(executed) == before
    assert kept.cells[0].id == "cell-00"
    assert kept.cells[0].metadata == {}
    assert [output.text for output in kept.cells[0].outputs] == ["ab", "c", "d"]
    assert kept.metadata.authors == ["x"]
    assert kept.metadata.language_info == {"name": "python"}
    assert canonical(kept, kept) == kept
    assert write(kept, tmp_path / "x.ipynb").read_text(encoding="utf-8").endswith("}\n")


def test_a_copy_says_nothing_of_where_the_data_lie(tmp_path):
    region = tmp_path / "у иванова" / "мой край"
    region.parent.mkdir()
    study.new(region)
    body = [new_code_cell("region = None", metadata={"tags": ["parameters"]}), new_code_cell("1")]
    notebook = tmp_path / "01-x.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=body, metadata={"kernelspec": kernel}), notebook)
    study.run(notebook, tmp_path / "out", parameters={"region": region})
    for copy in (tmp_path / "out").rglob("*.*"):
        if copy.suffix in (".ipynb", ".html"):
            assert "иванова" not in copy.read_text(encoding="utf-8"), copy.name
