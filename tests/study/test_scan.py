import json

import nbformat
import pytest

from cur_lab import cli, pseudonyms, study
from cur_lab.errors import InputError

PHONE = "+7 (900) 000-11-22"


@pytest.fixture
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("CUR_LAB_KEY", str(tmp_path.parent / f"{tmp_path.name}.key"))
    return pseudonyms.load_key().hex()


def kinds(path):
    return study.scan(path).select("source", "place", "kind").rows()


def test_a_notebook_is_read_as_it_is_shown(tmp_path, key):
    notebook = nbformat.v4.new_notebook()
    figure = {"data": [{"hovertext": [f"звонить {PHONE}"]}], "layout": {}}
    outputs = [
        nbformat.v4.new_output("display_data", {"text/html": "<td>почта a.b@example.org</td>"}),
        nbformat.v4.new_output("display_data", {"application/vnd.plotly.v1+json": figure}),
        nbformat.v4.new_output("stream", text="чтение /home/petrov/выгрузка.csv"),
    ]
    notebook.cells = [
        nbformat.v4.new_markdown_cell("Просто слова, 24 часа."),
        nbformat.v4.new_code_cell(f"key = '{key}'", outputs=outputs),
    ]
    nbformat.write(notebook, tmp_path / "own.ipynb")
    assert kinds(tmp_path / "own.ipynb") == [
        ("own.ipynb", 2, "email"),
        ("own.ipynb", 2, "key"),
        ("own.ipynb", 2, "path"),
        ("own.ipynb", 2, "phone"),
    ]


def test_a_page_is_read_with_its_figures_and_links(tmp_path, key):
    figure = json.dumps({"data": [{"text": [PHONE]}]}, ensure_ascii=False)
    page = f"""<html><style>.a {{ width: 8900000112px }}</style>
    <script>var n = 89000001122;</script>
    <script type="application/json">{figure}</script>
    <a href="mailto:a.b@example.org">письмо</a></html>"""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page.html").write_text(page, encoding="utf-8")
    assert kinds(tmp_path) == [("sub/page.html", None, "email"), ("sub/page.html", None, "phone")]


def test_what_is_found_is_not_told_again(tmp_path, key):
    (tmp_path / "a.csv").write_text(f"текст\nзвоните {PHONE}, ключ {key}\n", encoding="utf-8")
    found = study.scan(tmp_path)
    assert found["place"].to_list() == [2, 2]
    assert not any(secret in text for text in found["text"] for secret in ("000-11-22", key[:9]))
    # The neighbour of one finding may be the other.
    assert "[ТЕЛЕФОН]" in found.filter(kind="phone")["text"][0]
    assert "[КЛЮЧ]" in found.filter(kind="key")["text"][0]


def test_other_files_are_named_and_clean_ones_are_not(tmp_path, key):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04\xff")
    (tmp_path / "b.md").write_text("Ответ дан за 24 часа, тариф 5 678,90 руб.\n", encoding="utf-8")
    (tmp_path / "plotly.min.js").write_text(f"'{PHONE}'", encoding="utf-8")
    assert kinds(tmp_path) == [("a.xlsx", None, "not_looked_at")]


def test_what_cannot_be_looked_through_is_an_error(tmp_path, key):
    with pytest.raises(InputError, match="no such file"):
        study.scan(tmp_path / "none")
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.ipynb"):
        study.scan(tmp_path)


def test_the_command_fails_where_something_is_found(tmp_path, key, capsys):
    (tmp_path / "a.txt").write_text("тихо\n", encoding="utf-8")
    assert cli.main(["scan", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    (tmp_path / "a.txt").write_text(f"тихо\n{PHONE}\n", encoding="utf-8")
    assert cli.main(["scan", str(tmp_path)]) == 1
    assert capsys.readouterr().out == "a.txt:2: [ТЕЛЕФОН]\n"
