"""Tables of posts with views."""

from datetime import UTC, datetime

import polars as pl
import pytest

from cur_lab import columns as c

HEADER = (
    "Дата;Ссылка на пост;Канал;Текст поста;Тип;Просмотры;Охват;Реакции;Комментарии;Репосты;ER, %;"
    "Подписчиков\n"
)
ROWS = """\
01.03.2025 10:00;https://t.me/gorod/17;Город;Чистим снег, дворы;Фото;12 345;9,8K;120;4;15;1%;50 000
01.03.2025 11:00;https://t.me/s/gorod/18?x=1;Город;;Видео;1.2M;;0;;3;;50 000
01.03.2025 12:00;;@other;Собрание;текст;900;800;;;;;
;;;;;;;;;;;
скоро;https://vk.com/wall-5_10;Район;Опрос;опрос;1,2 тыс.;;;;;;
"""
TABLE = HEADER + ROWS


@pytest.mark.parametrize("form", ["csv", "cp1251", "xlsx"])
def test_posts_with_views(write, read, tmp_path, form):
    if form == "xlsx":
        rows = [line.split(";") for line in TABLE.strip().splitlines()]
        frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
        path = tmp_path / "posts.xlsx"
        frame.write_excel(path)
    else:
        path = write(TABLE, "posts.csv", "cp1251" if form == "cp1251" else "utf-8")
    reading = read(path)
    assert reading.messages.is_empty()
    counts = (c.VIEWS, c.REACH, c.LIKES, c.COMMENTS, c.SHARES, c.FOLLOWERS)
    found = reading.posts.select(c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND, *counts).rows()
    assert found[0] == (
        "gorod/17", "gorod", "Чистим снег, дворы", "photo", 12345, 9800, 120, 4, 15, 50000,
    )  # fmt: skip
    assert found[1] == ("gorod/18", "gorod", "", "video", 1_200_000, None, 0, None, 3, 50000)
    assert found[2][1:6] == ("other", "Собрание", "text", 900, 800)
    assert found[3][:5] == ("-5_10", "-5", "Опрос", "poll", 1200)
    assert reading.posts[c.PUBLISHED_AT].to_list()[0] == datetime(2025, 3, 1, 7, tzinfo=UTC)
    assert reading.unreadable[c.RAW].to_list() == ["скоро"]
    # A row of nothing is no row of a CSV but one of a sheet.
    assert set(reading.rejected[c.REASON]) <= {"no_text"}
    assert reading.posts.height + reading.rejected.height == 5
    assert reading.headers["ER, %"] is None


def test_the_same_posts_twice_are_read_once(write, read):
    path = write(TABLE)
    assert read([path, path]).rejected[c.REASON].to_list().count("duplicate") == 4


@pytest.mark.parametrize(
    "header",
    [
        "Дата;Автор;Источник;Текст;Тональность;Просмотры;Репосты",
        "Номер;Дата;Текст обращения;Просмотры",
        "id;text;rubric",
    ],
)
def test_tables_of_what_people_wrote_stay_tables_of_messages(write, read, header):
    cells = ";".join("7" if name not in ("Дата",) else "01.03.2025" for name in header.split(";"))
    reading = read(write(f"{header}\n{cells}\n"))
    assert reading.messages.height == 1
    assert reading.posts.is_empty()


def test_a_workbook_of_english_headings_without_views_but_reach(write, read):
    reading = read(write("date,message,reach,shares,views_note\n2025-03-01,Ремонт,500,3,x\n"))
    assert reading.posts.select(c.TEXT, c.REACH, c.SHARES).rows() == [("Ремонт", 500, 3)]
    assert reading.posts[c.VIEWS].to_list() == [None]
