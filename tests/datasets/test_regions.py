"""A folder of a user's own: what is read of it, and that what cannot be read loses nothing else."""

import json
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.errors import InputError, ParameterError, SchemaError

SETTINGS = """\
name = "Камский край"
timezone = "Asia/Yekaterinburg"

[sources."hotline.csv"]
channel = "hotline"
columns = { "Суть" = "text", "Когда" = "published_at" }

[parameters]
fdr = 0.1
"""
HOTLINE = """\
№;Когда;Район;Суть
1;05.01.2024 10:30;г.о. Камнегорск;Второй день нет холодной воды
2;06.01.2024 09:00;Лесной м.р-н;На дороге яма у школы
3;06.01.2024 11:00;Дальний;Не ходит утренний автобус
4;;Лесной район;
"""
LISTED = """\
Муниципалитет;Другие названия;Жителей
# Камнегорск;прежнее название;12
городской округ «Камнегорск»;;101 300
Лесной муниципальный округ;Лесной сельский район;9 000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    region = tmp_path / "my-region"
    (region / "sources").mkdir(parents=True)
    (region / "votes").mkdir()
    write(region, "region.toml", SETTINGS)
    return region


def write(folder: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding=encoding)
    return path


def chat(*messages: tuple[int, str], hour: int = 10) -> str:
    """An export of a group: id and text."""
    told = [
        {
            "id": number,
            "type": "message",
            "date": f"2024-03-05T{hour + number:02}:00:05",
            "from": "Житель",
            "from_id": f"user{number}",
            "text": text,
        }
        for number, text in messages
    ]
    document = {"name": "Двор", "type": "public_supergroup", "id": 77, "messages": told}
    return json.dumps(document, ensure_ascii=False)


def problems(region: datasets.Region) -> str:
    return "\n".join(": ".join(row) for row in region.problems.rows())


def test_a_folder_gives_the_tables_of_the_sample(folder):
    path = write(folder, "sources/hotline.csv", HOTLINE, "cp1251")
    write(folder, "municipalities.csv", LISTED, "utf-8-sig")
    region = datasets.load(folder)
    assert (region.name, region.timezone, region.fictional) == (
        "Камский край", "Asia/Yekaterinburg", False
    )  # fmt: skip
    assert region.parameters == {"fdr": 0.1}
    c.MESSAGES.check(region.messages, where="messages")
    assert region.messages["published_at"].dt.hour().to_list() == [5, 4, 6]
    assert set(region.messages["channel"]) == {"hotline"}
    assert region.messages["municipality"].to_list() == [
        "городской округ «Камнегорск»", "Лесной муниципальный округ", "Дальний"
    ]  # fmt: skip
    assert region.municipalities["population"].to_list() == [101300, 9000]
    assert problems(region) == ""
    (account,) = region.sources.filter(pl.col("source") == "sources/hotline.csv").to_dicts()
    assert account["sha256"] == sha256(path.read_bytes()).hexdigest()
    assert account["rows"] == 4 == account["messages"] + account["rejected"]
    assert region.rejected["source"].to_list() == ["sources/hotline.csv"]


def test_the_sample_is_a_region():
    region = datasets.load()
    assert (region.name, region.fictional, region.folder) == ("Заречье", True, None)
    (vote,) = region.elections.values()
    assert vote.votes.height == region.votes.height


def test_a_file_that_cannot_be_read_loses_nothing_of_the_others(folder):
    write(folder, "sources/hotline.csv", HOTLINE)
    write(folder, "sources/broken.json", '{"messages": 5}')
    write(folder, "sources/scan.pdf", "%PDF-1.7")
    write(folder, "decisions.csv", "Кто;Что\nя;всё\n")
    write(folder, "votes/year.pb", "META\nkey;value\n")
    region = datasets.load(folder)
    assert region.messages.height == 3
    assert len(region.problems) == 4
    assert "a PDF" in problems(region)
    assert "decisions.csv" in problems(region)
    assert str(folder) not in problems(region)
    assert (region.problems["remedy"] != "").all()


def test_two_exports_of_one_chat_overlap(folder):
    write(folder, "sources/2024-1.json", chat((1, "Нет воды"), (2, "Есть новости?")))
    write(folder, "sources/2024-2.json", chat((2, "Есть новости??"), (3, "Дали воду")))
    region = datasets.load(folder)
    assert region.messages["text"].to_list() == ["Нет воды", "Есть новости??", "Дали воду"]
    assert region.sources["in_two_files"].sum() == 1
    assert region.messages["message_id"].is_unique().all()


def test_one_number_in_two_journals_is_two_appeals(folder):
    write(folder, "sources/a.csv", "№;Дата;Текст\n1;05.01.2024;Нет воды в доме\n")
    write(folder, "sources/b.csv", "№;Дата;Текст\n1;05.01.2024;Яма на дороге\n2;;Нет света\n")
    region = datasets.load(folder)
    assert set(region.messages["message_id"]) == {"a/1", "b/1", "b/2"}
    assert region.sources["in_two_files"].sum() == 0


def test_the_same_file_twice_counts_once(folder):
    for name in ("a.csv", "b.csv"):
        write(folder, f"sources/{name}", "№;Дата;Текст\n1;05.01.2024;Нет воды\n2;;Нет света\n")
    region = datasets.load(folder)
    assert region.messages.height == 2
    assert region.sources["in_two_files"].drop_nulls().to_list() == [2, 0]


def test_a_list_that_fits_nobody_is_said_and_not_used(folder):
    write(folder, "sources/hotline.csv", HOTLINE)
    write(folder, "municipalities.csv", "Муниципалитет;Жителей\nНовый;10\nСтарый;20\n")
    region = datasets.load(folder)
    assert "municipalities" not in region.tables
    assert "no municipality of the data is in this list" in problems(region)
    assert "Дальний" in problems(region)
    assert set(region.messages["municipality"]) == {"г.о. Камнегорск", "Лесной м.р-н", "Дальний"}


def test_a_table_of_headings_alone_is_no_table(folder):
    write(folder, "decisions.csv", "decision_id;decided_at;title\n# 1;05.01.2024;Пример\n")
    region = datasets.load(folder)
    assert region.tables == {}
    assert region.filled["decisions"].rows == 0


def test_settings_that_cannot_be_taken(folder):
    write(
        folder,
        "region.toml",
        'name = "К"\ntimezon = "Asia/Omsk"\n[sources."a.csv"]\nformat = "word"\nchanel = "vk"\n',
    )
    write(folder, "sources/a.csv", "Текст\nНет воды\n")
    region = datasets.load(folder)
    said = problems(region)
    assert "line 2: unknown key 'timezon', not taken: Did you mean timezone?" in said
    assert "line 4: format is 'word', not taken" in said
    assert "line 5: unknown key 'chanel', not taken: Did you mean channel?" in said
    assert region.messages.height == 1


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ('Дата = "published_at"', "Put what is not Latin into quotes"),
        ('folder = "C:\\выгрузки"', "Write / for"),
        ("name = Камск", "Texts stand in quotes"),
    ],
)
def test_no_toml_names_its_line(folder, line, remedy):
    write(folder, "region.toml", f'timezone = "Asia/Omsk"\n{line}\n')
    write(folder, "sources/a.csv", "Текст\nНет воды\n")
    region = datasets.load(folder)
    assert "region.toml, line 2: no TOML" in problems(region)
    assert remedy in problems(region)
    assert region.messages.height == 1


def test_a_folder_without_settings_is_called_by_its_name(folder):
    (folder / "region.toml").unlink()
    write(folder, "sources/a.csv", "Текст\nНет воды\n")
    region = datasets.load(folder)
    assert region.name == "my-region"
    assert "cur-lab new" in problems(region)


def test_what_is_no_region(tmp_path):
    with pytest.raises(ParameterError, match="no such folder and no such sample"):
        datasets.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="not the folder of a region"):
        datasets.load(tmp_path)
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(InputError, match="not the folder of a region"):
        datasets.load(tmp_path / "file.txt")


def test_an_empty_region(folder):
    region = datasets.load(folder)
    assert region.tables == {}
    assert region.elections == {}
    assert "neither messages nor votes" in problems(region)
    assert "Put exports as they came into sources" in problems(region)


def test_a_region_without_dates(folder):
    write(folder, "sources/a.csv", "Текст;Момент\nНет воды;вчера\n")
    said = problems(datasets.load(folder))
    assert "no message has a date" in said
    assert 'columns = { "heading" = "published_at" }' in said


PROJECTS = "Номер проекта;Название;Стоимость\np1;Двор;100 000\np2;Парк;200 000\n"
VOTES = "Телефон;Номер проекта;Дата и время\n+79990000001;p1;05.03.2024 10:00\n89990000002;p2;\n"


def test_votes_are_in_order_of_time(folder):
    for year in (2025, 2023):
        write(
            folder,
            f"votes/b{2026 - year}.pb",
            f"META\nkey;value\nbudget;1000\nvote_type;approval\ndate_end;01.02.{year}\n"
            "PROJECTS\nproject_id;cost\n1;10\nVOTES\nvoter_id;vote\n7;1\n",
        )
    write(folder, "votes/2024/projects.csv", PROJECTS)
    write(folder, "votes/2024/votes.csv", VOTES)
    told = SETTINGS.replace("[parameters]", '[votes."2024"]\nbudget = 250000\n[parameters]')
    write(folder, "region.toml", told)
    region = datasets.load(folder)
    assert list(region.elections) == ["b3", "2024", "b1"]
    assert region.elections["2024"].budget == 250000
    assert datasets.election(folder).meta["date_end"] == "01.02.2025"


def test_tables_of_votes_without_a_budget(folder):
    write(folder, "votes/2024/projects.csv", PROJECTS)
    write(folder, "votes/2024/votes.csv", VOTES)
    region = datasets.load(folder)
    assert region.elections == {}
    assert 'Write into region.toml: [votes."2024"]' in problems(region)
    with pytest.raises(ParameterError, match="no votes in the region"):
        datasets.election(folder)


def test_tables_beside_an_export(tmp_path):
    export = write(tmp_path, "appeals.csv", HOTLINE)
    write(tmp_path, "municipalities.csv", "municipality,population\nКамнегорск,10\n")
    assert datasets.beside(export).municipalities["population"].to_list() == [10]
    write(tmp_path, "claims.csv", "слово\nне то\n")
    with pytest.raises(SchemaError, match="cannot be read as the table claims"):
        datasets.beside(export)
