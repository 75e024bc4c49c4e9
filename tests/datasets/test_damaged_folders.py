"""Whatever stands in a folder is taken or told: no traceback, and no row without an account."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.datasets import own_tables
from cur_lab.datasets import settings as of_regions
from cur_lab.errors import CurLabError

WORDS = st.sampled_from(
    [
        "name", "timezone", "sources", "votes", "parameters", "channel", "columns", "budget", "=",
        "[", "]", "{", "}", '"', "'", ".", ",", "\n", "#", '"a.csv"', '"Asia/Omsk"', "1", "-1",
        "1e400", "nan", "true", "2025-01-01", "12:00:00", "Дата", "\\", "\x00", "[[", "]]", " ",
        '"text"', '"published_at"', "9" * 5000,
    ]
)  # fmt: skip
SOUND = """\
Номер решения;Дата решения;Вид;Муниципалитет;Название;Сумма, руб.
р-1;03.03.2025;работы;Лесной;Ремонт;12 500 000
# р-2;04.03.2025;деньги;;Образец;1
р-3;05.03.2025;деньги;;Трубы;
;06.03.2025;;Лесной;Дорога;400,000
"""


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25).map("".join))
@example("[" * 3000)
@example("a = " + "[" * 3000)
def test_any_settings_are_taken_or_told(text):
    with TemporaryDirectory() as made:
        Path(made, "region.toml").write_text(text, "utf-8")
        told, problems = of_regions.read(Path(made))
        assert told.name
        assert all(error.where and error.problem for error in problems)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND.encode())), st.binary(max_size=3)), max_size=6),
    st.sampled_from(list(own_tables.TABLES)),
)
def test_a_damaged_table_gives_rows_or_an_error(changes, table):
    content = bytearray(SOUND.encode())
    for place, new in changes:
        content[place : place + 1] = new
    with TemporaryDirectory() as made:
        path = Path(made, f"{table.name}.csv")
        path.write_bytes(bytes(content))
        try:
            found = own_tables.read(path, table, "Europe/Moscow")
        except CurLabError:
            return
        table.check(found.frame, where=table.name)
        assert found.rows == found.frame.height + found.rejected.height


def test_cells_that_cannot_be_taken_are_counted(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(SOUND + "р-3;вчера;деньги;;Снова;около миллиона\nр-9;;;;;\n", "utf-8")
    found = own_tables.read(path, c.DECISIONS, "Europe/Moscow")
    assert found.frame["decision_id"].to_list() == ["р-1", "р-3", "5"]
    assert found.frame["kind"].to_list() == ["works", "money", "other"]
    assert found.frame["scope"].to_list() == ["municipality", "region", "municipality"]
    assert found.frame["budget"].to_list() == [12_500_000, None, 400_000]
    assert found.rejected.select("row", "reason", "raw").rows() == [
        (6, "told_twice", "decision_id"),
        (7, "empty_cell", "title"),
    ]
    assert found.unreadable.select("row", "column").rows() == [(6, "budget"), (6, "decided_at")]
    assert found.rows == 5


def test_a_workbook_is_as_good(tmp_path):
    import xlsxwriter

    folder = tmp_path / "my-region"
    folder.mkdir()
    book = xlsxwriter.Workbook(folder / "Municipalities.XLSX")
    book.add_worksheet("Пояснения").write(0, 0, "Сведения о районах")
    sheet = book.add_worksheet("Список")
    for row, cells in enumerate(
        [["Муниципалитет", "Жителей", "Широта"], ["# Пример", 1, 2.5], ["Лесной", 9000, 56.735]]
    ):
        sheet.write_row(row, 0, cells)
    book.close()
    region = datasets.load(folder)
    assert region.municipalities.select("municipality", "population", "latitude").rows() == [
        ("Лесной", 9000, 56.735)
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("desicions.csv", "Did you mean decisions?"),
        ("decisions.xlsx", "the table is taken from decisions.csv"),
    ],
)
def test_a_file_nobody_reads_is_named(tmp_path, name, said):
    folder = tmp_path / "my-region"
    folder.mkdir()
    (folder / "decisions.csv").write_text(SOUND, "utf-8")
    (folder / name).write_text(SOUND, "utf-8")
    rows = datasets.load(folder).problems.rows()
    assert any(where == name and said in f"{problem} {remedy}" for where, problem, remedy in rows)


def test_a_heading_that_is_to_be_no_column_of_ours(tmp_path):
    folder = tmp_path / "my-region"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "a.csv").write_text("Суть;Когда\nНет воды;05.01.2024\n", "utf-8")
    (folder / "region.toml").write_text(
        '[sources."a.csv"]\ncolumns = { "Суть" = "text", "Когда" = "publishd_at" }\n', "utf-8"
    )
    region = datasets.load(folder)
    assert region.messages["text"].to_list() == ["Нет воды"]
    (told,) = region.problems.filter(source="region.toml, line 2").to_dicts()
    assert told["problem"] == "no column publishd_at, heading 'Когда' not taken"
    assert told["remedy"].startswith("Did you mean published_at?")


def test_an_unreadable_cell_is_redacted_before_it_is_cut(tmp_path):
    cell = "неизвестно, " * 6 + "спросите по телефону: 8 910 123-45-67"
    (tmp_path / "decisions.csv").write_text(
        f"Номер решения;Дата решения;Название\n1;{cell};Ремонт\n", encoding="utf-8"
    )
    (raw,) = datasets.load(tmp_path).unreadable["raw"].to_list()
    assert "8 910" not in raw
    assert "8 91" not in raw
