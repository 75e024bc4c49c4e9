import csv
import io

import polars as pl
import pytest
import xlsxwriter

from cur_lab import columns as c
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.pseudonyms import pseudonym
from cur_lab.readers.election import Election
from cur_lab.readers.portal import read_election

KEY = b"k" * 32
PROJECTS = (
    "Перечень проектов 2025;;;\n"
    "№ проекта;Название проекта;Стоимость, руб.;Муниципальное образование\n"
    '17;"Двор; сквер";1 250 000,50;г. Заречье\n'
    "18;Парк «Дубки»;900000;Приволье\n"
)
VOTES = (
    "Номер телефона,Номер проекта,Дата и время,Способ голосования\n"
    "+7 (910) 123-45-67,17,20.10.2025 14:05,СМС\n"
    "8 910 123 45 68,17,20.10.2025 14:06,смс\n"
    "89101239999,18,20.10.2025 14:07,Госуслуги\n"
    "user-42,18,не помню,Терминал\n"
)


def read(folder, projects=PROJECTS, votes=VOTES, **options) -> Election:
    (folder / "projects.csv").write_text(projects, encoding="cp1251")
    (folder / "votes.csv").write_text(votes, encoding="utf-8-sig")
    return read_election(
        folder / "projects.csv", folder / "votes.csv", budget=3e6, key=KEY, **options
    )


def test_two_tables_become_an_election(tmp_path):
    election = read(tmp_path)
    assert election.budget == 3e6
    assert election.projects.select(c.PROJECT_ID, c.TITLE, c.COST, c.MUNICIPALITY).rows() == [
        ("17", "Двор; сквер", 1250000.5, "г. Заречье"),
        ("18", "Парк «Дубки»", 900000.0, "Приволье"),
    ]
    assert election.votes[c.CHANNEL].to_list() == ["sms", "sms", "esia", "Терминал"]
    assert election.votes[c.CAST_AT].dt.hour().to_list() == [11, 11, 11, None]
    assert election.voters.height == 4
    c.VOTES.check(election.votes, where="votes")
    c.PROJECTS.check(election.projects, where="projects")


def test_neighbours_are_known_and_numbers_are_not(tmp_path):
    election = read(tmp_path)
    # Neighbours within a channel only; what is no telephone number has none.
    assert election.votes[c.NUMBER_GAP].to_list() == [1, 1, None, None]
    assert election.votes[c.VOTER_ID][3] == pseudonym("user-42", KEY)
    written = str(election)
    for secret in ("910", "4567", "user-42"):
        assert secret not in written


def test_a_workbook_is_read_as_well(tmp_path):
    plain = read(tmp_path)
    votes = pl.read_csv(tmp_path / "votes.csv", infer_schema=False)
    votes.write_excel(tmp_path / "votes.xlsx")
    other = read_election(tmp_path / "projects.csv", tmp_path / "votes.xlsx", budget=3e6, key=KEY)
    assert other.votes.equals(plain.votes)


def test_votes_that_cannot_count_are_set_aside_without_their_voter(tmp_path):
    votes = (
        "Телефон;Номер проекта\n89101234567;17\n89101234567;17\n89101234568;99\n;17\n89101234569\n"
    )
    election = read(tmp_path, votes=votes)
    assert election.votes.height == 1
    assert election.rejected.rows() == [
        (2, "duplicate", "голос за 17"),
        (3, "unknown_project", "голос за 99"),
        (4, "no_voter", "голос за 17"),
        (5, "broken_row", ""),
    ]


@pytest.mark.parametrize(
    ("projects", "error", "words"),
    [
        ("Название;Стоимость\nДвор;5\n", SchemaError, "project_id"),
        ("Номер;Стоимость\n1;5\n1;6\n", InputError, "project 1 again"),
        ("Номер;Стоимость\n1;дорого\n", InputError, "no amount"),
        ("Номер;Стоимость\n1;\n", InputError, "no amount"),
        ("Номер;Стоимость\n1;5\n2\n", InputError, "row 2"),
        ("", InputError, "empty"),
    ],
)
def test_a_broken_table_of_projects_is_an_error(tmp_path, projects, error, words):
    with pytest.raises(error, match=words) as caught:
        read(tmp_path, projects=projects)
    assert caught.value.remedy


def test_headers_can_be_named(tmp_path):
    votes = "Кто;За что\nаа;17\nбб;18\n"
    with pytest.raises(SchemaError, match="voter_id"):
        read(tmp_path, votes=votes)
    election = read(tmp_path, votes=votes, columns={"Кто": c.VOTER_ID, "За что": c.PROJECT_ID})
    assert election.votes.height == 2


def workbook(path, sheets):
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    book.close()
    return path


def test_every_sheet_is_read_and_every_row_accounted_for(tmp_path):
    head = ["Телефон", "Номер проекта", "Дата голоса"]
    votes = workbook(
        tmp_path / "votes.xlsx",
        {
            "Титул": [["Выгрузка голосов"], ["за октябрь"]],
            "Первый": [["Итоги"], head, ["9101234567", 17, "01.10.2025"], ["9101234568", 99, ""]],
            "Пусто": [],
            "Второй": [head, ["9101234569", 18, "вчера"]],
            "Без заголовка": [["9101234570", 18, ""]],
        },
    )
    projects = workbook(
        tmp_path / "projects.xlsx",
        {
            "Север": [["№ проекта", "Стоимость, тыс. руб."], [17, 250.5]],
            "Подписи": [["Исполнил отдел"]],
            "Юг": [["Код проекта", "Стоимость проекта (руб.)"], [18, "320,000"]],
        },
    )
    election = read_election(projects, votes, budget=1e6, key=KEY)
    assert election.projects.select(c.PROJECT_ID, c.COST).rows() == [
        ("17", 250_500),
        ("18", 320_000),
    ]
    assert election.votes[c.PROJECT_ID].to_list() == ["17", "18"]
    assert election.rejected.select(c.ROW, c.REASON).rows() == [
        (1, "no_header"),
        (2, "no_header"),
        (2, "no_header"),  # of the projects
        (3, "above_header"),
        (5, "unknown_project"),
        (7, "no_header"),
    ]
    assert election.unreadable.rows() == [(6, c.CAST_AT, "вчера")]
    assert "910123" not in str(election.rejected.rows()[:-1])


def test_a_number_of_a_spreadsheet_has_no_marks_of_thousands(tmp_path):
    projects = workbook(
        tmp_path / "projects.xlsx", {"П": [["Номер", "Стоимость"], [1, 400.125], [2, "400.125"]]}
    )
    (tmp_path / "votes.csv").write_text("Телефон;Номер проекта\nа;1\n", encoding="utf-8")
    election = read_election(projects, tmp_path / "votes.csv", budget=400.125, key=KEY)
    assert election.projects[c.COST].to_list() == [400.125, 400_125]
    assert election.budget == 400.125


@pytest.mark.parametrize(
    ("told", "cost"),
    [("320,000", 320_000), ("1.480.000,00", 1_480_000), ("320 000,00 р.", 320_000),
     ("180 тыс. руб.", 180_000), ("1,5 млн", 1.5e6), ("320000,50", 320_000.5)],
)  # fmt: skip
def test_money_of_projects(tmp_path, told, cost):
    projects = f'Номер;Стоимость;Софинансирование\n1;"{told}";"{told}"\n'
    election = read(tmp_path, projects=projects, votes="Телефон;Номер проекта\nа;1\n")
    assert election.projects.select(c.COST, c.CO_FINANCING).row(0) == (cost, cost)


def test_money_of_two_meanings_is_an_error_with_its_row(tmp_path):
    with pytest.raises(
        InputError, match=r"row 2 below the header: co_financing '1480,000'"
    ) as caught:
        read(tmp_path, projects='Номер;Стоимость;Софинансирование\n1;5;\n2;5;"1480,000"\n')
    assert "thousands" in caught.value.remedy


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_headings_are_found(tmp_path, mark):
    rows = [["Номер", "Название", "Стоимость"], ["17", "Двор: лавки, урны; свет | вода", "5"]]
    table = io.StringIO()
    csv.writer(table, delimiter=mark).writerows(rows)
    election = read(tmp_path, projects=table.getvalue(), votes="Телефон\tНомер проекта\nа\t17\n")
    assert election.projects[c.TITLE].to_list() == ["Двор: лавки, урны; свет | вода"]
    assert election.votes.height == 1


def test_a_list_of_projects_is_a_vote_for_each(tmp_path):
    votes = "Телефон;Выбранные проекты\nа;17, 18\nб;18\nв;17,99\n"
    election = read(tmp_path, votes=votes, vote_type="approval")
    assert election.votes.select(c.PROJECT_ID, c.RANK).rows() == [("17", 1), ("18", 2), ("18", 1)]
    assert election.rejected[c.RAW].to_list() == ["голос за 17,99"]


def test_what_became_of_the_projects(tmp_path):
    projects = (
        "Номер;Стоимость;Статус проекта;Дата контракта;Срок реализации;Дата завершения;"
        "Фактическая стоимость;Средства населения\n"
        "17;5;Реализован;05.03.2025;1 июня 2025 г.;10.06.2025;1,5 млн;320 000\n"
        "18;5;На паузе;;;скоро;;\n"
    )
    election = read(tmp_path, projects=projects)
    first, second = election.projects.sort(c.PROJECT_ID).to_dicts()
    assert (first[c.STATUS], first[c.ACTUAL_COST], first[c.PAID_BY_RESIDENTS]) == (
        "completed",
        1.5e6,
        320_000,
    )
    assert (first[c.COMPLETED_AT] - first[c.CONTRACTED_AT]).days == 97
    assert (second[c.STATUS], second[c.COMPLETED_AT]) == ("На паузе", None)
    assert (2, c.COMPLETED_AT, "скоро") in election.unreadable.rows()
    c.PROJECTS.check(election.projects, where="projects")


def test_times_of_votes_are_those_of_the_region(tmp_path):
    votes = "Телефон;Номер проекта;Дата и время\nа;17;05.01.2024 10:30\n"
    east = read(tmp_path, votes=votes, timezone="Asia/Yekaterinburg")
    assert east.votes[c.CAST_AT].dt.hour().to_list() == [5]
    with pytest.raises(ParameterError, match="Mars"):
        read(tmp_path, votes=votes, timezone="Mars/Olympus")


@pytest.mark.parametrize("heading", ["Номер избирателя", "Код участника", "Избиратель"])
def test_voters_are_called_in_many_ways(tmp_path, heading):
    assert read(tmp_path, votes=f"{heading};Проект\n1;17\n2;18\n").votes.height == 2


def test_columns_are_named_apart_where_a_needed_one_is_missing(tmp_path):
    with pytest.raises(SchemaError, match="voter_id") as told:
        read(tmp_path, votes="Кто;Проект\n1;17\n2;18\n")
    assert "Кто, Проект" in str(told.value)
