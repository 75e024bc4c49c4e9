"""Which row is the header and which heading is which column, told by words."""

from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab.readers.headers import KNOWN
from cur_lab.readers.headings import match, words


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Дата обращения (МСК)", c.PUBLISHED_AT),
        ("Дата и время поступления заявки", c.PUBLISHED_AT),
        ("Тема обращения", c.RUBRIC),
        ("ТЕМА ВОПРОСА", c.RUBRIC),
        ("№ обращения", c.MESSAGE_ID),
        ("Номер заявки", c.MESSAGE_ID),
        ("Текст обращения (сообщения)", c.TEXT),
        ("Суть вопроса", c.TEXT),
        ("Муниципалитет [район]", c.MUNICIPALITY),
        ("ФИО автора обращения", c.AUTHOR_ID),
        ("Дата ответа на обращение", c.ANSWERED_AT),
        ("Ответ на обращение", c.ANSWER_TEXT),
        ("Срок ответа на обращение", c.DUE_AT),
        ("Статус обращения", c.STATUS),
        ("Исполнитель (ведомство)", c.AGENCY),
        ("Created_At", c.PUBLISHED_AT),
    ],
)
def test_a_heading_is_told_by_its_words(heading, column):
    assert match([heading], {}, KNOWN) == {column: heading}


@pytest.mark.parametrize(
    "heading",
    ["№ п/п", "Дата рождения заявителя", "Категория заявителя", "Номер телефона", "Номер дома",
     "Организация заявителя", "Ответственный за выгрузку", "Дата выгрузки", ""],
)  # fmt: skip
def test_a_heading_of_other_words_is_none_of_ours(heading):
    assert match([heading], {}, KNOWN) == {}


def test_no_words_belong_to_two_columns():
    owners: dict[frozenset[str], set[str]] = {}
    for column, names in KNOWN.folded.items():
        for name in names:
            if told := words(name):
                owners.setdefault(told, set()).add(column)
    shared = [columns for columns in owners.values() if len(columns) > 1]
    # A date of registration is the citizen's only where there is no other.
    assert shared == [{c.PUBLISHED_AT, c.REGISTERED_AT}]


def test_a_heading_known_by_letter_is_not_taken_by_its_words(write, read):
    reading = read(write("Текст;Обращение;Дата;Дата сообщения\nЯма;5;05.01.2024;04.01.2024\n"))
    assert reading.headers == {
        "Текст": c.TEXT,
        "Обращение": None,
        "Дата": None,
        "Дата сообщения": c.PUBLISHED_AT,
    }


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_header_is_the_row_that_names_most_columns(write, read, separator):
    rows = [
        ["Сообщения граждан", "", "", ""],
        ["Обращение", "", "Исполнение", ""],
        ["№ обращения", "Текст", "Исполнитель", "Дата ответа"],
        ["7", "Яма", "Минтранс", "05.01.2024"],
        ["8", "Описание", "Тема", ""],
    ]
    reading = read(write("\n".join(separator.join(row) for row in rows)))
    assert reading.messages[c.TEXT].to_list() == ["Яма", "Описание"]
    assert reading.messages[c.AGENCY].to_list() == ["Минтранс", "Тема"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (1, "above_header"),
        (2, "above_header"),
    ]


def test_a_name_under_the_name_of_its_group(write, read):
    top = "№;Обращение;;Ответ;;Район\n;Дата;Текст;Дата;Текст;\n"
    table = f"{top}7;05.01.2024;Яма;06.01.2024;Ждите;Заречье\n"
    reading = read(write(table))
    row = reading.messages.row(0, named=True)
    assert row[c.MESSAGE_ID] == "7"
    assert row[c.PUBLISHED_AT] == datetime(2024, 1, 4, 21, tzinfo=UTC)
    assert row[c.ANSWERED_AT] == datetime(2024, 1, 5, 21, tzinfo=UTC)
    assert (row[c.TEXT], row[c.ANSWER_TEXT], row[c.MUNICIPALITY]) == ("Яма", "Ждите", "Заречье")
    assert reading.rejected.is_empty()


def test_a_zone_in_the_heading_holds_for_the_dates_below(write, read):
    for heading, hour in (("Дата (UTC)", 10), ("Дата (МСК+2)", 5), ("Дата (МСК)", 7)):
        reading = read(write(f"Текст;{heading}\nЯма;05.01.2024 10:00\nСнег;05.01.2024 10:00 UTC\n"))
        assert reading.messages[c.PUBLISHED_AT].dt.hour().to_list() == sorted([hour, 10])


@pytest.mark.parametrize(
    ("date", "clock"),
    [
        ("05.01.2024", "10:30"),
        ("05.01.2024", "10:30:00 (МСК)"),
        ("05.01.2024", "10.30"),
        ("05.01.2024 00:00:00", "10:30"),
        ("2024-01-05", "10:30 AM"),
        ("45296", "0.4375"),
        ("5 января 2024 г.", "1899-12-30 10:30:00"),
        ("05.01.2024 10:30", "11:00"),
        ("05.01.2024", "05.01.2024 10:30"),
        ("05.01.2024", "12:30 МСК+2"),
    ],
)
def test_date_and_clock_in_two_columns(write, read, date, clock):
    reading = read(write(f"Текст;Дата публикации;Время публикации\nЯма;{date};{clock}\n"))
    assert reading.messages[c.PUBLISHED_AT].item() == datetime(2024, 1, 5, 7, 30, tzinfo=UTC)
    assert reading.headers["Время публикации"] == c.PUBLISHED_AT
    assert reading.unused.is_empty()


def test_a_clock_nobody_can_read_leaves_the_day(write, read):
    reading = read(write("Текст;Дата;Время\nЯма;05.01.2024;утром\nСнег;05.01.2024;\n"))
    assert reading.messages[c.PUBLISHED_AT].to_list() == [datetime(2024, 1, 4, 21, tzinfo=UTC)] * 2
    assert reading.unreadable.rows() == [(1, c.PUBLISHED_AT, "05.01.2024 утром")]


def test_clocks_of_several_dates(write, read):
    table = "Текст;Дата;Время;Дата ответа;Время ответа\nЯма;05.01.2024;10:00;06.01.2024;11:00\n"
    row = read(write(table)).messages.row(0, named=True)
    assert row[c.PUBLISHED_AT] == datetime(2024, 1, 5, 7, tzinfo=UTC)
    assert row[c.ANSWERED_AT] == datetime(2024, 1, 6, 8, tzinfo=UTC)
