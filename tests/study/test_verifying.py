"""A study handed over is run again; what came out otherwise is named."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cur_lab import cli, study
from cur_lab.errors import InputError
from cur_lab.study import record, verifying

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
CELLS = (
    "from cur_lab import notebook, tables\nnotebook.setup()",
    "data = notebook.read(messages_file, region=region)\nnotebook.statement(data)",
    "counts = data.messages['rubric'].value_counts(name='messages')\n"
    "tables.show(counts.sort('rubric'), 'rubric', 'messages', title='Рубрики')",
    "data.table('decisions')",
    "notebook.passport(data, fdr=fdr)",
)


@pytest.fixture
def handed_over(tmp_path, monkeypatch):
    """A region with a report of one small notebook, all of it run in a kernel."""
    folder = tmp_path / "my-region"
    (folder / "sources").mkdir(parents=True)
    export = folder / "sources" / "own.csv"
    export.write_text("Текст,Рубрика\nнет воды,ЖКХ\nяма,Дороги\nснег,Дороги\n", encoding="utf-8")
    parameters = "\n".join(("region = None", "messages_file = None", "fdr = 0.05"))
    cells = [new_markdown_cell("# О чём")]
    cells += [new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source) for source in CELLS]
    notebook = tmp_path / "01-own.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), notebook)
    monkeypatch.setattr(verifying, "find", lambda names: [notebook for _ in names])
    study.run(notebook, folder / "report", region=folder, parameters={"fdr": 0.1})
    return folder


def test_a_study_is_run_again_and_compared(handed_over, capsys, tmp_path):
    written = handed_over / "report" / "findings.json"
    head, findings = record.read(written)
    assert head["notebooks"][0]["parameters"] == {"fdr": 0.1, "region": "my-region"}
    assert {(one.row, one.column): one.value for one in findings if one.table == "Рубрики"} == {
        ("Дороги", "messages"): 2,
        ("ЖКХ", "messages"): 1,
    }
    assert str(handed_over.parent) not in written.read_text(encoding="utf-8")
    executed = nbformat.read(handed_over / "report" / "notebooks" / "01-own.ipynb", as_version=4)
    outputs = [output for cell in executed.cells for output in cell.get("outputs", ())]
    assert all(output.metadata == {} for output in outputs if "metadata" in output)
    # The hash of the findings stands in the passport.
    passport = "".join(outputs[-1]["data"]["text/html"])
    assert head["notebooks"][0]["digest"] in passport

    stated = json.loads(written.read_text(encoding="utf-8"))
    (place,) = (
        number
        for number, one in enumerate(stated["findings"])
        if (one["row"], one["column"]) == ("ЖКХ", "messages")
    )
    stated["findings"][place]["value"] = 7
    other = tmp_path / "other.json"
    other.write_text(json.dumps(stated), encoding="utf-8")
    with (handed_over / "sources" / "own.csv").open("a", encoding="utf-8") as export:
        export.write("лёд,Дороги\n")
    assert cli.main(["verify", str(handed_over), "--against", str(other)]) == 1
    said = capsys.readouterr().out
    assert "sources/own.csv, sha256: " in said
    assert "01-own, Рубрики, ЖКХ, messages: 7 → 1" in said
    assert "01-own, Рубрики, Дороги, messages: 2 → 3" in said


def finding(value, tolerance=0.0, **place):
    where = {"notebook": "01", "cell": "c", "table": "Доли", "row": "Дороги", "column": "share"}
    return record.Finding(**(where | place), value=value, tolerance=tolerance)


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        (0.5, 0.50004, True),
        (0.5, 0.5001, False),
        (None, None, True),
        (None, 0.5, False),
        (3, 3, True),
        (3, 4, False),
        ("review", "event", False),
        (True, False, False),
    ],
)
def test_a_number_may_be_off_by_its_tolerance(was, now, same):
    found = list(verifying.compared([finding(was, 0.00005)], [finding(now)]))
    assert (found == []) is same


def test_a_row_that_is_gone_and_a_title_that_says_otherwise_are_named():
    gone = list(verifying.compared([finding(1)], []))
    assert gone[0][:6] == ("01", "Доли", "Дороги", "share", "1", "нет")
    renamed = list(verifying.compared([finding(1)], [finding(1, table="Доли: одна")]))
    assert renamed[0][:6] == ("01", "Доли", "", "title", "Доли", "Доли: одна")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format": 2, "findings": []}'])
def test_what_is_no_record_is_named(tmp_path, content):
    file = tmp_path / "findings.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="no findings of a study"):
        study.verify(tmp_path, against=file)
    with pytest.raises(InputError, match="no findings of a study"):
        study.verify(tmp_path)
