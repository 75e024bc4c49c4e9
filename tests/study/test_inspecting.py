"""What is told of a region's folder before anything is counted: the frames, and the words."""

import json
from pathlib import Path

import polars as pl
import pytest

from cur_lab import cli, datasets, study
from cur_lab import columns as c
from cur_lab.errors import InputError, ParameterError

APPEALS = """\
№;Дата;Дата звонка оператору;Район;Ответственный отдел;Текст
1;05.01.2024 10:30;06.01.2024;г.о. Камнегорск;ЖКХ;Второй день нет холодной воды
2;когда-то;06.01.2024;Лесной;ЖКХ;На дороге яма, звонить Ивану Петрову +7 999 123-45-67
3;06.01.2024 11:00;07.01.2024;Нигде;ЖКХ;Не ходит утренний автобус
3;06.01.2024 11:00;07.01.2024;Нигде;ЖКХ;Не ходит утренний автобус
4;06.01.2024 12:00;07.01.2024;Нигде;ЖКХ;
"""
LISTED = """\
Муниципалитет;Другие названия;Жителей
городской округ Камнегорск;;101 300
Лесной муниципальный округ;;9 000
Верхний район;Лесной район | Низкий;5 000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return study.new(tmp_path / "край")


def write(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def channel() -> str:
    post = {"id": 1, "type": "message", "date": "2024-03-05T10:00:00", "text": "Дали воду"}
    service = {"id": 2, "type": "service", "date": "2024-03-05T11:00:00", "text": ""}
    document = {"name": "Город", "type": "public_channel", "id": 7, "messages": [post, service]}
    return json.dumps(document, ensure_ascii=False)


def test_frames_have_their_schemas_and_rows_sum_up(folder):
    write(folder, "sources/appeals.csv", APPEALS)
    write(folder, "sources/channel.json", channel())
    write(folder, "municipalities.csv", LISTED)
    found = study.check(folder)
    schemas = {
        "problems": c.REGION_PROBLEMS,
        "sources": c.INSPECTED_SOURCES,
        "reasons": c.INSPECTED_REASONS,
        "headings": c.INSPECTED_HEADINGS,
        "cells": c.INSPECTED_CELLS,
        "copies": c.INSPECTED_COPIES,
        "notes": c.NOTES,
        "places": c.PLACE_NAMES,
        "tables": c.INSPECTED_TABLES,
        "votes": c.INSPECTED_VOTES,
        "statements": c.INSPECTED_STATEMENTS,
        "sections": c.INSPECTED_SECTIONS,
        "needs": c.INSPECTED_NEEDS,
    }
    for name, table in schemas.items():
        table.check(getattr(found, name), where=name)
    parts = ("messages", "posts", "answers", "rejected")
    assert (found.sources["rows"] == found.sources.select(parts).sum_horizontal()).all()
    assert found.sources.select("source", "rows", *parts).rows() == [
        ("sources/appeals.csv", 5, 3, 0, 0, 2),
        ("sources/channel.json", 2, 0, 1, 0, 1),
    ]


def test_the_report_says_what_a_colleague_would(folder):
    write(folder, "sources/appeals.csv", APPEALS)
    write(folder, "sources/channel.json", channel())
    write(folder, "municipalities.csv", LISTED)
    said = str(study.check(folder))
    assert "Столбец «Дата звонка оператору» похож на дату и не использован" in said
    assert 'columns = { "Дата звонка оператору" = "published_at" }' in said
    assert "«г.о. Камнегорск» → «городской округ Камнегорск» (отличается написанием" in said
    assert "! «Нигде»: нет в списке" in said
    assert "нет текста — 1" in said
    assert "повтор уже прочитанной записи — 1" in said
    assert "служебная запись — 1" in said
    assert "«когда-то»" in said
    assert "1 пост и 0 ответов на сообщения" in said
    assert "Пусты: decisions, commitments" in said
    for personal in ("Петров", "999", "123-45-67"):
        assert personal not in said


def test_two_names_that_both_fit_are_joined_to_nobody(folder):
    write(folder, "sources/a.csv", "Текст;Район\nНет воды;Лесной р-н\nЯма;Камнегорск\n")
    twice = LISTED + "Лесной городской округ;;7 000\n"
    write(folder, "municipalities.csv", twice)
    found = study.check(folder)
    (lost,) = found.places.filter(pl.col("municipality").is_null()).to_dicts()
    assert (lost["name"], lost["fitted"]) == ("Лесной р-н", "several")
    assert set(datasets.load(folder).messages["municipality"]) == {
        "Лесной р-н", "городской округ Камнегорск"
    }  # fmt: skip


def test_one_event_in_two_journals_is_named_and_kept(folder):
    rows = "№;Дата;ФИО;Текст\n{0};05.01.2024 10:30;Иван;Нет воды\n{1};05.01.2024 11:30;Пётр;Яма\n"
    write(folder, "sources/a.csv", rows.format(1, 2))
    write(folder, "sources/b.csv", rows.format(11, 12) + "13;05.01.2024 10:30;Анна;Нет воды\n")
    found = study.check(folder)
    assert found.copies.rows() == [("sources/a.csv", "sources/b.csv", 2)]
    assert found.sources["in_two_files"].sum() == 0
    assert datasets.load(folder).messages.height == 5
    assert "Они не убраны" in str(found)


def test_needs_are_those_of_the_notebooks(folder):
    write(folder, "sources/a.csv", "Дата;Текст\n05.01.2024;Нет воды\n")
    found = study.check(folder)
    needs = set(found.needs.filter(~pl.col("fuller")).select("notebook", "table", "column").rows())
    assert ("04-decision-impact", "decisions", None) in needs
    assert ("03-district-briefing", "messages", "municipality") in needs
    assert ("07-vam-reshat", "votes", None) in needs
    assert not found.needs.filter(table="messages", column="published_at").height
    undated = study.new(folder.parent / "без дат")
    write(undated, "sources/a.csv", "Текст\nНет воды\n")
    assert study.check(undated).needs.filter(table="messages", column="published_at").height


def test_the_sample_lacks_nothing():
    found = study.check("zarechye")
    # It has one vote: nothing to compare it with.
    assert found.needs.select("table", "column").rows() == [("votes", "second")]
    alone = found.needs["section"]
    others = found.sections.filter(~pl.col("section").is_in(alone.implode()))
    assert (others["results"] == others["answered"]).all()
    assert "прежнее (файлы в votes)" in str(found)
    assert found.sections["notebook"].n_unique() == len(study.find())


def test_a_region_without_anything(folder):
    found = study.check(folder)
    said = str(found)
    assert "нет ни сообщений, ни голосов" in said
    assert "сообщения граждан (файлы в sources)" in said
    assert "голоса (файлы в votes)" in said
    assert not found.sections["answered"].sum() - _always(found)


def _always(found: study.Inspection) -> int:
    """Sections that show public figures and nothing of the region."""
    public = found.sections["section"].is_in(
        ["Сколько голосов на самом деле", "Публичные цифры рядом с нашими"]
    )
    return found.sections.filter(public)["answered"].sum()


def test_faults_are_told_in_russian_and_the_rest_runs(folder):
    settings = (folder / "region.toml").read_text("utf-8")
    write(folder, "region.toml", settings + 'fdrr = 0.1\n[sources."a.csv"]\nchanel = "vk"\n')
    write(folder, "sources/a.csv", "Текст\nНет воды\n")
    write(folder, "sources/b.csv", "")
    said = str(study.check(folder))
    assert "неизвестный ключ 'chanel'" in said
    assert "fdrr" in said
    assert "sources/a.csv: 1 строка" in said
    assert "b.csv" in said


def test_no_region(tmp_path):
    with pytest.raises(ParameterError):
        study.check(tmp_path / "nowhere")
    with pytest.raises(InputError):
        study.check(tmp_path)


def test_the_command(folder, capsys, monkeypatch):
    write(folder, "sources/a.csv", "Дата;Текст\n05.01.2024;Нет воды\n")
    assert cli.main(["check", str(folder)]) == 0
    assert "НА ЧТО ОТВЕТЯТ ТЕТРАДИ" in capsys.readouterr().out
    write(folder, "sources/b.csv", "")
    assert cli.main(["check", str(folder)]) == 1
    assert cli.main(["check", str(folder / "nowhere")]) == 2


def test_a_heading_that_may_be_what_is_missing_is_pointed_at(folder):
    write(
        folder, "sources/a.csv", "Текст;Город проживания (по паспорту);Прим.\nНет воды;Лесной;да\n"
    )
    said = str(study.check(folder))
    pointed = "Столбец «Город проживания (по паспорту)» не использован; может быть, это муниц"
    used = "municipality — «Город проживания (по паспорту)»"
    assert pointed in said or used in said
    assert "Не использованы: " in said
    assert "Столбец «Прим.»" not in said


def test_what_is_wrong_with_votes_stands_beside_them(folder):
    write(
        folder,
        "votes/2024.pb",
        "META\nkey;value\nbudget;1000\nvote_type;approval\nnum_votes;9\nPROJECTS\nproject_id;cost\n"
        "1;10\nVOTES\nvoter_id;vote\n7;1\n7;1\n8;5\n",
    )
    found = study.check(folder)
    (vote,) = found.votes.to_dicts()
    of_vote = found.reasons.filter(source="votes/2024")
    assert of_vote["n_rows"].sum() == vote["rejected"] > 0
    said = str(found)
    assert "2024: 1 проект" in said
    assert "голос за проект, которого нет — 1 (строка 13)" in said
    assert found.statements["statement"].to_list() == ["num_votes"]
    assert "num_votes: в файле 9, по голосам 2" in said


def test_posts_come_from_exports_and_from_no_table(folder):
    write(folder, "sources/a.csv", "Дата;Текст\n05.01.2024;Нет воды\n")
    said = str(study.check(folder))
    assert "posts.csv" not in said
    assert "Станет полнее с постами страниц (файлы в sources)." in said
