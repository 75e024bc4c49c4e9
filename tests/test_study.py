import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cur_lab import cli, study
from cur_lab.errors import InputError


@pytest.fixture
def folder(tmp_path):
    """Three notebooks: one runs, one fails in its second cell, one shows its parameter."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    bodies = {
        "01-runs": ["print(6 * 7)"],
        "02-fails": ["print('before')", "1 / 0", "print('never')"],
        "03-shows": ["print('file:', messages_file)"],
    }
    for name, cells in bodies.items():
        parameters = new_code_cell("messages_file = None", metadata={"tags": ["parameters"]})
        notebook = new_notebook(
            cells=[new_markdown_cell(f"# {name}"), parameters, *map(new_code_cell, cells)],
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
            },
        )
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_a_failing_notebook_is_named_and_the_others_run(folder, tmp_path):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    export = tmp_path / "export.csv"
    export.write_text("text\nнет воды\n", encoding="utf-8")
    out = tmp_path / "report"

    outcomes = study.run(folder, out, messages=export)

    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    # Papermill puts the parameters into a cell of their own, which counts.
    assert outcomes[1].error == "ячейка 4 «1 / 0»: ZeroDivisionError: division by zero"
    assert "42" in (out / "01-runs.html").read_text(encoding="utf-8")
    assert "export.csv" in (out / "03-shows.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in (out / "index.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_missing_export_is_named_before_anything_runs(folder, tmp_path):
    with pytest.raises(InputError, match=r"absent\.csv"):
        study.run(folder, tmp_path / "report", messages=tmp_path / "absent.csv")
    assert not (tmp_path / "report").exists()


def test_find_names_what_there_is():
    with pytest.raises(InputError, match="01-complaint-topics"):
        study.find(["77"])
    assert [path.stem for path in study.find(["01"])] == ["01-complaint-topics"]


def test_the_command_tells_failure_by_its_status(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(study, "find", lambda numbers: sorted(folder.glob("0[12]*.ipynb")))
    out = tmp_path / "report"
    assert cli.main(["study", "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.out.strip() == str(out / "index.html")
    assert "02-fails: ячейка 3 «1 / 0»: ZeroDivisionError" in printed.err


def test_the_command_names_bad_input_without_a_traceback(tmp_path, capsys):
    assert cli.main(["study", "01", "--messages", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv" in capsys.readouterr().err
