"""Files that are no exports: an error that names file, place and remedy, never a bare traceback."""

import json
import zipfile

import pytest
import xlsxwriter

from cur_lab import readers
from cur_lab.errors import CurLabError, InputError, SchemaError

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        (
            b'{"name": "\xd0\xaf", "type": "public_channel", "messages": [{"id": 1, "te',
            "breaks off",
        ),
        (b'{"messages": [{"id": 1}', "breaks off"),
        (b'{"messages": [}', r"line 1, column 15.*broken JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1, 2, 3]", "a list of int"),
        (b'["text"]', "a list of str"),
        (b"[]", "an empty list"),
        (b"{}", "nothing inside"),
        (b'{"a": 1}', "an object with 'a'"),
        (b'[{"a": 1}]', "no column of texts.*Available columns: a"),
        (b'{"messages": ' + b"9" * 5000 + b"}", "JSON"),
        (bytes(range(256)) * 20, "not text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Excel.*Save it as XLSX"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04" + b"\0" * 50, "broken archive"),
        (b"PAR1" + b"\0" * 50, "Parquet"),
        (b"1\n2\n3\n", "no column of texts.*Available columns: 1"),
        (b'id,date\n1,"unclosed\n', "no column of texts"),
    ],
)
def test_content_that_is_no_export(write, content, says):
    path = write(content, "export.dat")
    with pytest.raises(CurLabError, match=f"(?s){says}") as raised:
        readers.read(path, key=KEY)
    assert str(path) in str(raised.value)
    assert raised.value.remedy


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        readers.read(tmp_path / "absent.csv", key=KEY)
    with pytest.raises(InputError, match="a folder"):
        readers.read(tmp_path, key=KEY)
    with pytest.raises(InputError, match="no file to read"):
        readers.read([], key=KEY)
    with pytest.raises(InputError, match="cannot be opened"):
        readers.read("a\0b", key=KEY)


def test_one_bad_file_of_several_is_named(write):
    good = write("id,text\n1,Яма\n", "good.csv")
    bad = write("", "bad.csv")
    with pytest.raises(InputError, match=r"bad\.csv"):
        readers.read([good, bad], key=KEY)


def test_archive_that_is_no_workbook(tmp_path):
    path = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("note.txt", "text")
    with pytest.raises(InputError, match="XLSX"):
        readers.read(path, key=KEY)


def test_workbook_that_unpacks_without_end(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(b"0" * 1_000_000)
    with pytest.raises(InputError, match="unpacks from"):
        readers.read(path, key=KEY)


def test_what_is_unpacked_has_a_limit_one_can_set(tmp_path, monkeypatch):
    path = tmp_path / "large.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_column(0, 0, ["text", *(f"Яма у дома {n}" for n in range(50_000))])
    book.close()
    monkeypatch.setenv("CUR_LAB_UNPACKED_MB", "1")
    with pytest.raises(InputError, match=r"more than the 1 MB allowed.*CUR_LAB_UNPACKED_MB"):
        readers.read(path, key=KEY)
    monkeypatch.setenv("CUR_LAB_UNPACKED_MB", "100")
    assert readers.read(path, key=KEY).messages.height == 50_000


def test_workbook_with_a_cell_in_the_last_corner(tmp_path):
    path = tmp_path / "corner.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, ["text", "Яма"])
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(InputError, match="stray cells"):
        readers.read(path, key=KEY)


def test_empty_workbook(tmp_path):
    path = tmp_path / "empty.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet()
    book.close()
    with pytest.raises(SchemaError, match="no column of texts"):
        readers.read(path, key=KEY)


def test_header_without_rows_is_an_empty_reading(write, read):
    reading = read(write("id;text\n"))
    assert reading.messages.is_empty()
    assert reading.rejected.is_empty()


def test_names_of_people_do_not_reach_the_rejected(write, read):
    reading = read(write("id;Автор;text\n1;Сидорова Анна Петровна;\n2;Сидорова Анна;а;б\n"))
    assert len(reading.rejected) == 2
    assert "Сидорова" not in "".join(reading.rejected["raw"])


@pytest.mark.parametrize("wrong", ["vk", "json", "csv", "xlsx", "parquet"])
def test_telegram_export_read_as_something_else(write, wrong):
    path = write(json.dumps({"messages": [{"id": 1, "type": "message", "text": "Яма"}]}), "t.json")
    with pytest.raises(CurLabError, match=r"t\.json"):
        readers.read(path, wrong, key=KEY)


def test_answer_of_vk_read_as_telegram(write):
    path = write('{"items": []}', "t.json")
    with pytest.raises(InputError, match="no list of messages"):
        readers.read(path, "telegram", key=KEY)
