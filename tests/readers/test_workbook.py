"""Workbooks: merged cells, epochs, sheets that are no tables, OpenDocument."""

import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from cur_lab import columns as c
from cur_lab import readers
from cur_lab.errors import InputError

KEY = bytes(range(32))
HEADER = ["Номер обращения", "Дата обращения", "Район", "Тема", "Текст обращения"]
MORNING = datetime(2024, 1, 5, 7, 30, tzinfo=UTC)


def cell(value, **told):
    names = {"rows": "number-rows-spanned", "columns": "number-columns-spanned",
             "times": "number-columns-repeated"}  # fmt: skip
    spans = "".join(f' table:{names[name]}="{number}"' for name, number in told.items())
    if value is None:
        return f"<table:table-cell{spans}/>"
    if value == "":
        return f"<table:covered-table-cell{spans}/>"
    kind, _, text = value.partition("=")
    typed = {
        "date": f'office:value-type="date" office:date-value="{text}"',
        "time": f'office:value-type="time" office:time-value="{text}"',
        "float": f'office:value-type="float" office:value="{text}"',
    }.get(kind, 'office:value-type="string"')
    shown = text if kind in ("date", "time", "float") else value
    return f"<table:table-cell {typed}{spans}><text:p>{shown}</text:p></table:table-cell>"


def ods(path, sheets):
    """Write the parts of an OpenDocument table that matter."""
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048000">'
        + '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def test_a_merged_cell_holds_for_all_its_rows(tmp_path, read):
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Пусто")
    sheet = book.add_worksheet("Обращения")
    sheet.merge_range(1, 1, 1, 5, "Обращения за январь")
    sheet.write_row(2, 1, HEADER)
    sheet.write_column(3, 1, [1, 2, 3])
    sheet.merge_range(3, 2, 5, 2, "05.01.2024 10:30")
    sheet.merge_range(3, 3, 5, 3, "Заречье")
    sheet.merge_range(3, 4, 4, 4, "Дороги")
    sheet.write_column(3, 5, ["Яма", "Снег", "Темно"])
    sheet.write(5, 4, "Свет")
    book.close()
    messages = read(path).messages
    assert messages[c.PUBLISHED_AT].to_list() == [MORNING] * 3
    assert messages[c.MUNICIPALITY].to_list() == ["Заречье"] * 3
    assert messages[c.RUBRIC].to_list() == ["Дороги", "Дороги", "Свет"]


def test_open_document_with_merged_cells_and_a_clock_apart(tmp_path, read):
    rows = [
        [cell(None), cell("Номер"), cell("Дата"), cell("Время"), cell("Район"), cell("Текст")],
        [cell(None), cell("float=7"), cell("date=2024-01-05"), cell("time=PT10H30M00S"),
         cell("Заречье", rows=2), cell("Яма")],
        [cell(None), cell("float=8"), cell("date=2024-01-05"), cell("time=PT10H30M00S"), cell(""),
         cell("Снег")],
    ]  # fmt: skip
    path = ods(tmp_path / "table.ods", {"Титул": [[cell("Выгрузка")]], "Лист": rows})
    reading = read(path)
    assert reading.messages[c.MESSAGE_ID].to_list() == ["7", "8"]
    assert reading.messages[c.PUBLISHED_AT].to_list() == [MORNING] * 2
    assert reading.messages[c.MUNICIPALITY].to_list() == ["Заречье"] * 2
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(1, "no_text_column")]
    assert read(path, "ods").messages.equals(reading.messages)


def test_open_document_made_to_fill_the_memory(tmp_path):
    rows = [[cell("Текст"), cell("а", times=999_999_999)]]
    with pytest.raises(InputError, match="stray cells"):
        readers.read(ods(tmp_path / "wide.ods", {"Лист": rows}), key=KEY)


def test_a_damaged_open_document_is_an_error(tmp_path):
    path = tmp_path / "broken.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content")
    with pytest.raises(InputError, match=r"broken\.ods"):
        readers.read(path, key=KEY)


def test_days_counted_from_1904(tmp_path, read):
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True, "default_date_format": "dd.mm.yyyy hh:mm"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Текст", "Дата"])
    sheet.write_column(1, 0, ["Яма", "Снег", "Лёд"])
    sheet.write_datetime(1, 1, datetime(2024, 1, 5, 10, 30))  # noqa: DTZ001
    # The same day as a bare number, and as a text.
    sheet.write_number(2, 1, 45296.4375 - 1462)
    sheet.write_string(3, 1, "05.01.2024 10:30")
    book.close()
    assert read(path).messages[c.PUBLISHED_AT].to_list() == [MORNING] * 3


def test_a_sheet_that_is_a_chart_does_not_lose_the_table(tmp_path, read):
    path = tmp_path / "chart.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Данные")
    sheet.write_row(0, 0, ["Текст", "Тема"])
    sheet.write_row(1, 0, ["Яма", "Дороги"])
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Данные!$A$2:$A$2"})
    book.add_chartsheet("График").set_chart(chart)
    book.close()
    assert read(path).messages[c.TEXT].to_list() == ["Яма"]


def test_a_clock_of_a_spreadsheet_beside_its_date(tmp_path, read):
    path = tmp_path / "clock.xlsx"
    book = xlsxwriter.Workbook(path)
    day, clock = (
        book.add_format({"num_format": "dd.mm.yyyy"}),
        book.add_format({"num_format": "hh:mm"}),
    )
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Текст", "Дата", "Время"])
    sheet.write_column(1, 0, ["Яма", "Снег"])
    sheet.write_datetime(1, 1, datetime(2024, 1, 5), day)  # noqa: DTZ001
    sheet.write_number(1, 2, 0.4375, clock)
    sheet.write_row(2, 1, [45296, 0.4375])
    book.close()
    assert read(path).messages[c.PUBLISHED_AT].to_list() == [MORNING] * 2
