"""The folder a region begins as: it loads, refuses to overwrite, and its examples can be used."""

from pathlib import Path

import polars as pl
import pytest

from cur_lab import cli, datasets, study, topics
from cur_lab.datasets import own_tables
from cur_lab.errors import InputError, ParameterError


def test_a_new_folder_holds_everything_and_nothing(tmp_path):
    folder = study.new(tmp_path / "край" / "my-region")
    names = {path.name for path in folder.iterdir()}
    tables = {f"{table.name}.csv" for table, _ in own_tables.files(folder)}
    assert {"region.toml", "sources", "votes", "notebooks"} == names - tables
    assert {"municipalities.csv", "commitments.csv", "pages.csv"} <= tables
    assert not [path for path in (tmp_path / "край").iterdir() if path != folder]
    region = datasets.load(folder)
    assert region.name == "my-region"
    assert region.tables == {}
    assert all(table.rows == 0 and table.unused == () for table in region.filled.values())
    # Nothing but that nothing is there yet.
    assert region.problems["problem"].to_list() == ["neither messages nor votes"]


def test_an_example_becomes_a_row_when_its_mark_is_taken_away(tmp_path):
    folder = study.new(tmp_path / "my-region")
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text("utf-8-sig").replace("\n# ", "\n"), "utf-8-sig")
    region = datasets.load(folder)
    assert region.unreadable.is_empty()
    for name, table in region.filled.items():
        assert (table.rows, table.frame.height) == (1, 1), name
    assert region.decisions.select("kind", "scope", "triggered_by", "budget").row(0) == (
        "works", "municipality", "peak", 12_500_000.0
    )  # fmt: skip
    assert region.pages["network"].item() == "vk"
    claim = region.tables["claims"].row(0, named=True)
    assert (claim["refuted_by"], claim["interested_party"]) == ("Водоканал", True)
    assert (claim["source"], claim["withdrawn_at"]) == ("сайт администрации", None)


def test_every_commented_setting_can_be_used(tmp_path):
    folder = study.new(tmp_path / "my-region")
    path = folder / "region.toml"
    lines = path.read_text("utf-8").splitlines()
    settings = [line for line in lines if line.startswith(("# [", "# channel = ", "# columns = "))]
    settings += [line for line in lines if line.startswith(("# budget = ", "# vote_type = "))]
    assert len(settings) == 6
    used = [line[2:] if line in settings or line.startswith("# since") else line for line in lines]
    path.write_text("\n".join(used), "utf-8")
    region = datasets.load(folder)
    assert region.parameters == {"since": "2025-01-01"}
    said = region.problems["problem"].to_list()
    assert [line for line in said if "settings not used" not in line] == [
        "neither messages nor votes"
    ]
    assert len(said) == 3


def test_exports_stay_out_of_a_repository(tmp_path):
    folder = study.new(tmp_path / "my-region")
    for name in ("sources", "votes"):
        assert "\n*\n!.gitignore\n" in (folder / name / ".gitignore").read_text("utf-8")


def test_nothing_is_overwritten(tmp_path):
    folder = study.new(tmp_path / "my-region")
    (folder / "region.toml").write_text('name = "Моё"\n', "utf-8")
    with pytest.raises(InputError, match="nothing is overwritten"):
        study.new(folder)
    assert datasets.load(folder).name == "Моё"
    with pytest.raises(InputError, match="nothing is overwritten"):
        study.new(folder / "region.toml")
    with pytest.raises(ParameterError, match="the sample region"):
        study.new("zarechye")


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "my-region").mkdir()
    assert (study.new(tmp_path / "my-region") / "region.toml").is_file()


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "my-region"]) == 0
    assert "cur-lab check my-region" in capsys.readouterr().out
    assert cli.main(["new", "my-region"]) == 2
    assert "ничего не переписано" in capsys.readouterr().err
    assert isinstance(datasets.load(Path("my-region")).problems, pl.DataFrame)


def test_names_of_topics_written_by_a_model_are_found_in_the_folder(tmp_path):
    folder = study.new(tmp_path / "my-region")
    texts = ["Фонари не горят.", "Нет горячей воды."] * 20
    frame = pl.DataFrame({"message_id": [f"m{n}" for n in range(40)], "text": texts})
    model = topics.fit(frame, n_topics=2, refits=0)
    path = model.write_names(folder / "topic_names.csv")
    label = model.topics["label"][0]
    written = path.read_text("utf-8-sig")
    path.write_text(written.replace(f'{label};""', f"{label};Наше имя", 1), "utf-8-sig")
    region = datasets.load(folder)
    assert region.problems["problem"].to_list() == ["neither messages nor votes"]
    # A topic without a name keeps its own.
    assert region.topic_names.height == 2
    named = model.renamed(region.tables["topic_names"]).topics["label"].to_list()
    assert sorted(named) == sorted(["Наше имя", model.topics["label"][1]])
