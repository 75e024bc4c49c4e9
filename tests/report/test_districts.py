"""The command that writes briefings."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
import region_folder

from cur_lab import cli

START = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def export(tmp_path):
    rows = [
        {
            "message_id": f"m{number}",
            "published_at": (START + timedelta(hours=7 * number)).isoformat(),
            "author_id": f"a{number}",
            "channel": "bot",
            "municipality": ("Лесной округ", "<b>Дальний</b>/../округ")[number % 2],
            "text": f"На улице Мира яма на дороге, пробил колесо {number}. Когда починят дорогу?",
            "rubric": "Ямы на дорогах",
        }
        for number in range(300)
    ]
    # One district is silent in the window.
    rows.append(rows[0] | {"message_id": "z", "municipality": "Тихий округ"})
    path = tmp_path / "export.csv"
    pl.DataFrame(rows).write_csv(path)
    return path


def test_one_district_is_one_page(export, tmp_path, capsys):
    arguments = ["briefing", "--municipality", "лесной", "--until", "2025-05-20"]
    assert cli.main([*arguments, "--messages", str(export), "--out", str(tmp_path / "out")]) == 0
    (page,) = (tmp_path / "out").iterdir()
    assert capsys.readouterr().out.strip() == str(page)
    assert page.name == "Лесной-округ.html"
    assert "Ямы на дорогах" in page.read_text(encoding="utf-8")


def test_every_district_is_listed_with_its_page_or_the_reason(export, tmp_path):
    out = tmp_path / "out"
    arguments = ["briefing", "--all", "--until", "2025-05-20", "--messages", str(export)]
    assert cli.main([*arguments, "--out", str(out)]) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == ["b-Дальний-b-округ.html", "index.html", "Лесной-округ.html"]
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "Тихий округ — недостаточно данных" in index
    assert "<b>Дальний" not in index


def test_a_regions_folder_is_asked_with_its_decisions(tmp_path):
    folder = region_folder.write(tmp_path / "my-region", messages=200, campaigns=0)
    out = tmp_path / "out"
    last = f"{region_folder.FIRST + timedelta(days=region_folder.DAYS):%Y-%m-%d}"
    arguments = ["briefing", "--municipality", "Боровой", "--until", last, "--region", str(folder)]
    assert cli.main([*arguments, "--out", str(out)]) == 0
    page = (out / "Боровой-округ.html").read_text(encoding="utf-8")
    assert "Ремонт дорог" in page
    assert "Ремонт Береговой улицы" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--municipality": "Морской"}, "Choose one of"),
        ({"--until": "20.05.2025"}, "is not a date"),
        ({"--until": "2020-01-01"}, "no message was written before"),
        ({"--until": "2099-01-01"}, "2099-01-01 is outside the data"),
        ({"--messages": "nowhere.csv"}, "nowhere.csv"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(export, tmp_path, capsys, changed, said):
    options = {
        "--municipality": "лесной",
        "--until": "2025-05-20",
        "--messages": str(export),
        "--out": str(tmp_path / "out"),
    } | changed
    assert cli.main(["briefing", *(part for pair in options.items() for part in pair)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_numbers_and_nouns_agree(export, tmp_path):
    pl.read_csv(export).with_columns(author_id=pl.lit("один")).write_csv(export)
    out = tmp_path / "out"
    arguments = ["briefing", "--municipality", "лесной", "--until", "2025-05-20"]
    assert cli.main([*arguments, "--messages", str(export), "--out", str(out)]) == 0
    (page,) = out.iterdir()
    assert "<b>1</b><span>автор</span>" in page.read_text(encoding="utf-8")


def test_every_district_of_none_is_refused(export, tmp_path, capsys):
    pl.read_csv(export).drop("municipality").write_csv(export)
    out = tmp_path / "out"
    arguments = ["briefing", "--all", "--until", "2025-05-20", "--messages", str(export)]
    assert cli.main([*arguments, "--out", str(out)]) == 2
    assert "municipality" in capsys.readouterr().err
    assert not (out / "index.html").exists()
