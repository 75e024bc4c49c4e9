"""Tables of portals: headers, encodings, separators, ids, quarantine."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import columns as c
from cur_lab import pseudonyms
from cur_lab.errors import InputError, ParameterError, SchemaError

KEY = bytes(range(32))

INCIDENTS = """\
Номер;Дата создания;Источник;Автор;Муниципалитет;Группа тем;Тема;Исполнитель;Текст инцидента
17;05.01.2024 10:30;ВКонтакте;Иван Петров;Заречный;ЖКХ;Отопление;Минстрой;"Холодно; ""лёд"" в доме
второй день"
18;06.01.2024 09:00;Telegram;;Заречный;Дороги;Ямы;Минтранс;Яма на Ленина, 5
"""


def total(reading) -> int:
    tables = (reading.messages, reading.posts, reading.answers, reading.rejected)
    return sum(map(len, tables))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_export_of_incidents(write, read, encoding, separator):
    rows = csv.reader(io.StringIO(INCIDENTS), delimiter=";")
    table = io.StringIO()
    csv.writer(table, delimiter=separator).writerows(rows)
    reading = read(write(table.getvalue(), encoding=encoding))
    first, second = reading.messages.to_dicts()
    assert first == {
        c.MESSAGE_ID: "17",
        c.PUBLISHED_AT: datetime(2024, 1, 5, 7, 30, tzinfo=UTC),
        c.AUTHOR_ID: pseudonyms.pseudonym("Иван Петров", KEY),
        c.CHANNEL: "ВКонтакте",
        c.MUNICIPALITY: "Заречный",
        c.TEXT: 'Холодно; "лёд" в доме\nвторой день',
        c.RUBRIC: "Отопление",
        c.RUBRIC_GROUP: "ЖКХ",
        c.AGENCY: "Минстрой",
    }
    assert second[c.AUTHOR_ID] is None
    assert reading.rejected.is_empty()


def test_appeals_with_english_headers(write, read):
    reading = read(write("id,text,topic,agency,category\n1,Яма,Дороги,Минтранс,3\n"))
    assert reading.messages.drop_nulls().is_empty()  # no dates, authors or places
    assert reading.messages.select(c.MESSAGE_ID, c.TEXT, c.RUBRIC, c.AGENCY, c.RUBRIC_GROUP).row(
        0
    ) == ("1", "Яма", "Дороги", "Минтранс", "3")
    assert reading.headers == {
        "id": c.MESSAGE_ID,
        "text": c.TEXT,
        "topic": c.RUBRIC,
        "agency": c.AGENCY,
        "category": c.RUBRIC_GROUP,
    }


def test_the_citizen_s_date_comes_before_the_clerk_s(write, read):
    reading = read(write("текст;Дата создания;Дата публикации\nЯма;06.01.2024;05.01.2024\n"))
    assert reading.messages[c.PUBLISHED_AT].item() == datetime(2024, 1, 4, 21, tzinfo=UTC)
    assert reading.headers["Дата создания"] is None


def test_kinds_are_translated(write, read):
    kinds = ["Жалоба", "предложение", "Вопрос", "Благодарность", "Сообщение о проблеме", "Иное", ""]
    table = "text,тип обращения\n" + "".join(f"{n} яма,{kind}\n" for n, kind in enumerate(kinds))
    found = read(write(table)).messages.sort(c.TEXT)[c.KIND].to_list()
    assert found == ["complaint", "proposal", "question", "thanks", "report", "other", None]


def test_named_columns_go_first(write, read):
    path = write("id,text,Что случилось\n1,служебное,Яма\n")
    assert read(path, columns={"Что случилось": "text"}).messages[c.TEXT].item() == "Яма"
    with pytest.raises(SchemaError, match=r"Что стряслось.*Did you mean Что случилось"):
        read(path, columns={"Что стряслось": "rubric"})
    with pytest.raises(ParameterError, match="txet"):
        read(path, columns={"Что случилось": "txet"})


def test_list_of_headers_for_a_table_without_one(write, read):
    reading = read(write("5,Яма,Дороги\n6,Снег,Уборка\n"), columns=["id", "text", "topic"])
    assert reading.messages[c.RUBRIC].to_list() == ["Дороги", "Уборка"]


def test_rows_above_the_header_are_accounted_for(write, read):
    reading = read(write("Отчёт;;\nза январь;;\nНомер;Тема;Текст\n1;ЖКХ;Холодно\n"))
    assert reading.messages[c.TEXT].to_list() == ["Холодно"]
    assert reading.rejected[c.REASON].to_list() == ["above_header"] * 2
    assert reading.rejected[c.ROW].to_list() == [1, 2]


def test_one_column_of_texts_with_commas(write, read):
    reading = read(write("text\nЯма, на Ленина, 5\nСнег; лёд\n"))
    assert sorted(reading.messages[c.TEXT]) == ["Снег; лёд", "Яма, на Ленина, 5"]


def test_text_stays_as_found(write, read):
    text = "  <p>Яма&nbsp;</p> тел. 8 900 123-45-67 \u200b🙂  "
    assert read(write(f'id,text\n1,"{text}"\n')).messages[c.TEXT].item() == text


def test_columns_left_unused_are_named_with_what_they_look_like(write, read):
    table = (
        "id;text;date;Дата визита;Осмотр;Этаж;Ход дела;Пусто\n"
        "1;Яма;05.01.2024;потом;07.01.2024;3;в работе;\n"
        "2;Снег;05.01.2024;;08.01.2024;2;закрыто;\n"
    )
    reading = read(write(table))
    assert dict(reading.unused.select(c.HEADING, c.LOOKS_LIKE).rows()) == {
        "Дата визита": "date",
        "Осмотр": "date",
        "Этаж": "number",
        "Ход дела": "word",
        "Пусто": "empty",
    }
    assert c.SOURCE not in reading.unused.columns
    both = read([write(table, "1.csv"), write("text;Осмотр\nЛёд;скоро\n", "2.csv")])
    assert both.unused.filter(pl.col(c.HEADING) == "Осмотр")[c.LOOKS_LIKE].to_list() == [
        "date",
        "word",
    ]


# --- quarantine ---------------------------------------------------------------------------------


def test_broken_rows_never_take_their_neighbours_along(write, read):
    lines = [
        "id,text,rubric",
        "1,Яма,Дороги",
        '2,"Снег не убран,Уборка',  # never closed: would swallow the rest
        "3,Лёд,Уборка",
        "4,Мусор",
        "5,Мусор,ТКО,лишнее",
        "6,Темно,Свет,,",  # a spreadsheet's empty tail
        '7,"ООО "Ромашка" не чистит",Уборка',
        "8,\0Вода,ЖКХ",
        "9,   ,ЖКХ",
        "1,Яма,Дороги",
    ]
    reading = read(write("\n".join(lines)))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["1", "3", "6"]
    assert dict(reading.rejected.select(c.ROW, c.REASON).rows()) == {
        2: "broken_quotes",
        4: "wrong_number_of_fields",
        5: "wrong_number_of_fields",
        7: "broken_quotes",
        8: "nul_character",
        9: "no_text",
        10: "duplicate",
    }


def test_million_characters_are_not_a_message(write, read):
    reading = read(write(f"id,text\n1,{'а' * 1_000_000}\n2,Яма\n"))
    assert reading.messages[c.TEXT].to_list() == ["Яма"]
    assert reading.rejected[c.REASON].to_list() == ["text_too_long"]


def test_unreadable_date_leaves_the_message_and_a_note(write, read):
    reading = read(write("id,text,date\n1,Яма,31.02.2024\n2,Снег,05.01.2024\n3,Лёд,\n"))
    assert len(reading.messages) == 3
    assert reading.messages[c.PUBLISHED_AT].null_count() == 2
    assert reading.unreadable.rows() == [(1, c.PUBLISHED_AT, "31.02.2024")]


def test_a_few_broken_bytes_do_not_turn_a_file_into_another_encoding(write, read):
    body = "id,text\n" + "".join(f"{n},Яма на дороге\n" for n in range(50))
    reading = read(write(body.encode() + "51,Ям".encode() + b"\xd0\n"))
    assert reading.messages.filter(pl.col(c.TEXT) == "Яма на дороге").height == 50
    assert reading.messages.filter(pl.col(c.TEXT) == "Ям\ufffd").height == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n\r\t"'),
                max_size=30,
            ),
            st.sampled_from(["", "Дороги", "ЖКХ"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_written_table_is_read_back_whole(tmp_path_factory, rows, separator):
    from cur_lab import readers

    path = tmp_path_factory.mktemp("table") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerows([("text", "rubric", "id"), *((*row, n) for n, row in enumerate(rows))])
    reading = readers.read(path, key=KEY)
    assert total(reading) == len(rows)
    texts = dict(reading.messages.select(c.MESSAGE_ID, c.TEXT).rows())
    for n, (text, _) in enumerate(rows):
        if str(n) in texts:
            assert texts[str(n)] == text


# --- ids ----------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Яма", "Снег", "Лёд"]),
            st.sampled_from(["", "05.01.2024", "06.01.2024 10:00"]),
            st.sampled_from(["", "Иван", "Пётр"]),
            st.sampled_from(["Дороги", "ЖКХ"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_without_ids_have_the_same_ids_in_any_order(tmp_path_factory, rows, random):
    from cur_lab import readers

    folder = tmp_path_factory.mktemp("ids")

    def read(name, rows):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "date", "author", "topic"), *rows])
        return readers.read(folder / name, key=KEY)

    shuffled = random.sample(rows, len(rows))
    one, other = read("one.csv", rows), read("other.csv", shuffled)
    assert one.messages.equals(other.messages)
    # Only a signed and dated row can be a repeat of itself.
    signed = [row for row in rows if row[1] and row[2]]
    assert len(one.rejected) == len(signed) - len(set(signed))


def test_overlapping_exports(write, read):
    january = write("text,date\nЯма,05.01.2024\nЯма,05.01.2024\nСнег,06.01.2024\n", "1.csv")
    february = write("text,date\nСнег,06.01.2024\nЛёд,07.02.2024\n", "2.csv")
    reading = read([january, february])
    assert sorted(reading.messages[c.TEXT]) == ["Лёд", "Снег", "Яма", "Яма"]
    # Of one message in two files the later file's is kept.
    assert reading.rejected.select(c.SOURCE, c.ROW, c.REASON).rows() == [
        (str(january), 3, "duplicate")
    ]


def test_of_two_editions_the_later_file_s_is_kept(write, read):
    old = write("id,text,Дата ответа\n1,Яма,\n2,Снег,\n", "old.csv")
    new = write("id,text,Дата ответа\n1,Яма,05.01.2024\n", "new.csv")
    reading = read([old, new])
    assert reading.messages.filter(pl.col(c.MESSAGE_ID) == "1")[c.ANSWERED_AT].item() is not None
    assert total(reading) == 3


def test_ids_unique_only_within_a_channel(write, read):
    reading = read(write("message_id,channel,text,reply_to\n1,А,Яма,\n1,Б,Снег,\n2,Б,Лёд,1\n"))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["А/1", "Б/1", "Б/2"]
    assert reading.messages[c.REPLY_TO_ID].to_list() == [None, None, "Б/1"]
    assert reading.rejected.is_empty()


def test_a_monitoring_table_holds_posts_of_pages_and_messages_of_people(write, read):
    table = (
        "Дата;Время;Источник;Автор;Тип автора;Тип сообщения;Тональность;Аудитория;Текст;URL\n"
        "05.01.2024;10:30;vk.com;Подслушано;Сообщество;Пост;нейтральная;9000;Итоги дня;u1\n"
        "05.01.2024;10:31;vk.com;Иван;Личный профиль;Комментарий;негативная;90;Яма;u2\n"
        "05.01.2024;10:32;vk.com;Подслушано;Сообщество;Комментарий;;9000;Передали;u3\n"
        "05.01.2024;10:33;gazeta.ru;;СМИ;Статья;;;Мост открыт;u4\n"
    )
    reading = read(write(table))
    assert reading.posts.select(c.PAGE_ID, c.TEXT).rows() == [
        ("Подслушано", "Итоги дня"),
        ("Подслушано", "Передали"),
        ("gazeta.ru", "Мост открыт"),
    ]
    assert reading.posts[c.PUBLISHED_AT][0] == datetime(2024, 1, 5, 7, 30, tzinfo=UTC)
    assert reading.messages[c.TEXT].to_list() == ["Яма"]
    assert reading.messages[c.KIND].to_list() == [None]
    assert set(reading.unused[c.HEADING]) == {"Тональность", "Аудитория", "URL"}
    assert total(reading) == 4


def test_numbers_that_begin_anew_are_no_repeats(write, read):
    january = write("№;Дата;Текст\n1;05.01.2024;Яма\n2;06.01.2024;Снег\n", "1.csv")
    february = write("№;Дата;Текст\n1;05.02.2024;Лёд\n2;06.01.2024;Снег убран\n", "2.csv")
    reading = read([january, february])
    assert reading.messages.select(c.MESSAGE_ID, c.TEXT).rows() == [
        ("1/2024-01-04T21:00:00Z", "Яма"),
        ("2", "Снег убран"),  # an edition of one message
        ("1/2024-02-04T21:00:00Z", "Лёд"),
    ]
    assert reading.rejected[c.REASON].to_list() == ["duplicate"]


def test_an_answer_of_the_same_day_is_an_answer(write, read):
    from cur_lab import trends

    rows = [
        f"{n};{n % 28 + 1:02}.01.2024 10:30;Яма номер {n};{n % 28 + 1 + n % 2 * 3:02}.01.2024"
        for n in range(20)
    ]
    reading = read(write("Номер;Дата;Текст;Дата ответа\n" + "\n".join(rows)))
    answers = trends.resolution(reading.messages, by=())
    assert answers.rejected.is_empty()
    assert answers.summary[c.N].to_list() == [20]
    assert answers.curves.filter(pl.col(c.DAYS) < 1)[c.STILL_OPEN].min() == 0.5


# --- spreadsheets, Parquet, JSON lists ----------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "export.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy hh:mm"})
    sheet = book.add_worksheet("Январь")
    sheet.write_row(0, 0, ["Выгрузка за январь"])
    sheet.write_row(1, 0, ["Номер", "Дата создания", "Текст инцидента", "Автор"])
    sheet.write_row(2, 0, [17, None, "Яма", "Иван Петров"])
    sheet.write_datetime(2, 1, datetime(2024, 1, 5, 10, 30))  # noqa: DTZ001
    sheet.write_row(3, 0, [18, "06.01.2024 10:30", "Снег", ""])
    sheet.write_row(4, 0, [19, 45298.4375])
    remarks = book.add_worksheet("Примечания")
    remarks.write(0, 0, "Составил отдел")
    book.add_worksheet("Пусто")
    later = book.add_worksheet("Февраль")
    later.write_row(0, 0, ["Номер", "Дата создания", "Текст инцидента", "Автор"])
    later.write_row(1, 0, [20, "01.02.2024", "Лёд", ""])
    book.close()
    return path


def test_workbook_of_several_sheets(workbook, read):
    reading = read(workbook)
    assert reading.messages[c.MESSAGE_ID].to_list() == ["17", "18", "20"]
    assert reading.messages[c.PUBLISHED_AT][0] == datetime(2024, 1, 5, 7, 30, tzinfo=UTC)
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (1, "above_header"),
        (4, "no_text"),
        (5, "no_text_column"),
    ]


def test_content_tells_the_format_not_the_name(workbook, read):
    renamed = workbook.rename(workbook.with_name("export.csv"))
    assert len(read(renamed).messages) == 3


def test_parquet_with_types(tmp_path, read):
    path = tmp_path / "t.parquet"
    pl.DataFrame(
        {
            "id": [1.0, 2.0],
            "text": pl.Series(["Яма", "Снег"], dtype=pl.Categorical),
            "date": [datetime(2024, 1, 5, 7, 30, tzinfo=UTC), None],
            "rubric": [None, None],
        }
    ).write_parquet(path)
    messages = read(path).messages
    assert messages[c.MESSAGE_ID].to_list() == ["1", "2"]
    assert messages[c.PUBLISHED_AT][0] == datetime(2024, 1, 5, 7, 30, tzinfo=UTC)
    assert messages.schema[c.RUBRIC] == pl.String


def test_parquet_of_lists_is_refused_by_name(tmp_path, read):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"text": [["Яма"], ["Снег"]]}).write_parquet(path)
    with pytest.raises(SchemaError, match=r"t\.parquet"):
        read(path)


def test_list_of_objects(write, read):
    items = '[{"message_id": 1, "text": "Яма \\ud83d", "date": "2024-01-05T07:30:00+00:00"}, 5]'
    reading = read(write(items))
    assert reading.messages[c.TEXT].item() == "Яма \ufffd"
    assert reading.rejected.select(c.ROW, c.REASON).row(0) == (2, "not_a_message")


def test_our_own_table_is_read_back(write, read, tmp_path):
    first = read(write(INCIDENTS)).messages
    first.write_csv(tmp_path / "own.csv")
    again = read(tmp_path / "own.csv").messages
    assert again.drop(c.AUTHOR_ID).equals(first.drop(c.AUTHOR_ID))


def test_a_wrong_format_is_said_to_be_wrong(write, workbook, read):
    table = write(INCIDENTS)
    for wrong in ("telegram", "vk", "json", "xlsx", "parquet"):
        with pytest.raises(InputError, match=r"export\.csv"):
            read(table, format=wrong)
    with pytest.raises(SchemaError):
        read(table, format="tsv")
    with pytest.raises((InputError, SchemaError)):
        read(workbook, format="csv")
    with pytest.raises(ParameterError, match="docx"):
        read(table, format="docx")


@pytest.mark.parametrize(
    ("name", "rejected"),
    [
        ("kursk/appeals.csv", {}),
        ("telegram-news/posts.csv", {}),
        ("vk-comments/comments.csv", {"no_text": 43, "duplicate": 2}),
    ],
)
def test_real_tables_are_accounted_for(real_data, read, name, rejected):
    with (real_data / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    reading = read(real_data / name)
    assert total(reading) == len(found)
    assert dict(reading.rejected.group_by(c.REASON).len().rows()) == rejected
    assert set(reading.messages[c.TEXT]) == {row["text"] for row in found if row["text"].strip()}


def test_a_table_of_another_zone(write, read):
    path = write("Дата;Текст\n05.01.2024 10:30;Нет воды\n")
    (at,) = read(path, timezone="Asia/Yekaterinburg").messages["published_at"]
    assert at == datetime(2024, 1, 5, 5, 30, tzinfo=UTC)
    with pytest.raises(ParameterError, match="time zone 'Урал' is not known"):
        read(path, timezone="Урал")
