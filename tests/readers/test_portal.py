import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError
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
