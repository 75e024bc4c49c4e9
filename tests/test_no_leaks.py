"""Personal data in any cell of a region reach nothing that a study shows or writes."""

import io
import json
import re
import zipfile
from pathlib import Path

import plotly.io as pio
import polars as pl
import pytest
import region_folder
import running

from cur_lab import cli

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))
# Nobody: the name, the number and the mailbox are made up for this test.
SAID = (
    " Звонить Крутогоровой Меланье Евстафьевне, тел. 8 917 345-67-89, melania.k@primer.org, "
    "ул. Мира, д. 5, кв. 93"
)
TRACES = re.compile(
    r"крутогоров|мелань|евстафьевн|345.?67.?89|melania|primer\.org|кв\.? ?93", re.IGNORECASE
)
FREE = {
    "claims": ("text", "source", "verdict"),
    "decisions": ("title",),
    "notices": ("text",),
    "broadcasts": ("speaker_role",),
}


@pytest.fixture(scope="module")
def region(tmp_path_factory) -> Path:
    """A region in which every free cell tells who wrote it, and some rows cannot be read."""
    folder = region_folder.write(tmp_path_factory.mktemp("leaks") / "my-region", messages=240)
    for name, cells in FREE.items():
        table = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        table.with_columns(pl.col(cells) + SAID).write_csv(folder / f"{name}.csv")
    pl.DataFrame(
        {
            "commitment_id": ["о-1", "о-2"],
            "made_at": ["2023-08-01T10:00:00Z", "когда-нибудь" + SAID],
            "municipality": [region_folder.PLACES[0]] * 2,
            "rubric": ["Ремонт дорог"] * 2,
            "text": ["Заделать ямы." + SAID] * 2,
            "agency": ["Служба заказчика"] * 2,
        }
    ).write_csv(folder / "commitments.csv")
    source = folder / "sources" / "obrascheniya.csv"
    messages = pl.read_csv(source, infer_schema=False)
    spoilt = pl.int_range(pl.len()) % 40 == 0
    messages.with_columns(
        pl.when(spoilt).then(None).otherwise(pl.col("Текст обращения") + "." + SAID),
        pl.col("Текст ответа") + "." + SAID,
        pl.when(spoilt).then(pl.col("Автор") + SAID).otherwise("Автор"),
    ).write_csv(source)
    for vote in (folder / "votes").glob("*.pb"):
        told = vote.read_text(encoding="utf-8")
        for words in ("Площадка", "Совет дома"):
            told = told.replace(words, words + re.sub("[,;]", "", SAID))
        vote.write_text(told, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def kept(tmp_path_factory, monkeypatch):
    """One key and one cache for all tests of the module."""
    base = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("CUR_LAB_KEY", str(base / "leaks.key"))
    monkeypatch.setenv("CUR_LAB_CACHE", str(base / "leaks-derived"))
    monkeypatch.setattr(pio.templates, "default", pio.templates.default)


def plain(content: str) -> str:
    """Take figures' escapes back, as a browser does."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), content)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_of_a_notebook_shows_them(path, region):
    with pl.Config():
        for cell, result in running.run_all(path, region=str(region), n_topics=4):
            if result is not None:
                found = TRACES.search(plain(running.written(result)))
                assert found is None, (cell.source, found)


def test_no_file_or_line_of_a_command_holds_them(region, tmp_path, capsys):
    cli.main(["check", str(region)])
    briefings = ["briefing", "--region", str(region), "--all", "--until", "2023-08-20"]
    cli.main([*briefings, "--out", str(tmp_path / "briefings")])
    cli.main(["study", "06", "--region", str(region), "--out", str(tmp_path / "report")])
    told = capsys.readouterr()
    assert TRACES.search(told.out + told.err) is None
    # A library's own digits tell of nobody.
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".js"]
    assert {".html", ".ipynb"} <= {path.suffix for path in files}
    for path in files:
        for content in texts(path):
            found = TRACES.search(plain(content))
            assert found is None, (path.name, found)


def texts(path: Path):
    """What a file says, the parts of a workbook or an archive apart."""
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    else:
        yield content.decode("utf-8", "replace")
        if path.suffix == ".ipynb":
            yield json.dumps(json.loads(content), ensure_ascii=False)
