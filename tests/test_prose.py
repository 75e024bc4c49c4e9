"""The prose of the notebooks says how to read a number and never what the number is.

It is the same over every region, so a finding in it is true of one at most. What is found stands in
tables, figures and their titles, which are made from a frame.
"""

import json
import re
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest

from cur_lab import datasets
from cur_lab.budgeting.effects import filed, posts
from cur_lab.budgeting.integrity import composition
from cur_lab.fakes.campaigns import case, returning, sensitivity
from cur_lab.fakes.claims import refutation
from cur_lab.fakes.claims.review import _MANY, _SOON
from cur_lab.fakes.intake import _ALIKE, _AROUND, _MOST_OF_IT
from cur_lab.statements import learning, matching
from cur_lab.study.absences import SAMPLE
from cur_lab.topics import stability
from cur_lab.wording import decimal, percent

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

# How sure an interval is, other notebooks, what a rate is per, a law, paper.
_OF_THE_HOUSE = re.compile(
    r"\b9[05] %(-\w+)?|тетрад\w+ 0\d|на 10(0| тысяч) жителей|59-ФЗ|А4|BM25|\bp\b"
    r"|\(\w+ и др\., \d{4}\)"
)
# Rules of methods and ends of scales, by notebook.
RULES = {
    "01": (
        *("1 — одинаково", "0 — случайно", "ниже 0,2"),
        "не больше 24",
        "до 24",
        "1 — та же",
        "ниже 0,5",
        "1 — место",
        "около 0",
        "0 — одно и то же",
        "около 1 и больше",
    ),
    "03": ("за 90 дней", "30 дней»"),
    "04": ("(90 дней)", "в течение 30 дней"),
    "05": ("10 с, 1 мин, 10 мин, 30 мин", "не больше 0,05", "0,01 значит", "меньше 0,05 не бывает"),
    "06": ("от 0,8", "от 0,5", "берёт 0,5", "с 0,8", "ниже 0,5"),
    "07": ("правило 2019 года",),
    "08": ("с 9 до 18",),
}
# Measured on data of others: words of the prose, the row of the README's table the number stands
# in, and what it is of the numbers there.
MEASURED = {
    "06": (
        ("в среднем — {}", "stance-comments", lambda ours: decimal(ours[0], digits=2)),
        ("приписано {}", "stance-comments", lambda ours: percent(1 - ours[9])),
    ),
    "07": (
        ("{} итогов с четверти срока", "forecast-0.25", lambda ours: percent(ours[0])),
        ("{} с половины", "forecast-0.5", lambda ours: percent(ours[0])),
        ("{} с трёх четвертей", "forecast-0.75", lambda ours: percent(ours[0])),
    ),
    "08": (
        ("в {} случаев через Госуслуги", "detectable", lambda ours: percent(ours[0])),
        ("в {} через СМС", "detectable", lambda ours: percent(ours[1])),
    ),
}
# Words that compare, with what is no finding of these data: rules, other people's findings, what
# a column or a picture means.
_COMPARING = re.compile(
    r"(больше|меньше|чаще|реже|хуже|лучше|выше|ниже) все(го|х)|в (два|три|несколько|\d+) раза?"
    r"|(больше|меньше|чаще|реже|выше|ниже|длиннее|короче), чем|из (трёх|пяти|десяти)\b"
    r"|почти (вс|кажд|четверть|треть|полов)|большинств|примерно",
    re.IGNORECASE,
)
COMPARED = {
    "01": ("«почти четверть — о дорогах»", "Если большинства темы нет"),
    "02": ("отличается от остальных больше, чем при", "в четырёх часах из пяти"),
    "03": ("где их больше всего",),
    "04": ("в несколько раз чаще, чем обещает", "почти всегда", "когда жалоб было больше всего"),
    "05": ("причём чаще, чем объясняет", "объясняет хуже всего"),
    "06": ("больше всего спрашивали", "меньше, чем обычно после такого"),
    "07": ("одного раза из пяти",),
    "08": ("у большинства проектов", "четыре прилива из пяти", "хуже всего, говорит заголовок"),
}

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])


def prose(path: Path, *, of_the_sample: bool) -> str:
    """Words of the cells, without what is written as code."""
    cells = nbformat.read(path, as_version=4).cells
    chosen = (
        cell.source
        for cell in cells
        if cell.cell_type == "markdown"
        and (SAMPLE in cell.metadata.get("tags", ())) == of_the_sample
    )
    return re.sub(r"`[^`]*`", "", "\n".join(chosen)).replace("\u00a0", " ")


def left(words: str, known: tuple[str, ...]) -> str:
    """The words without what is known; all of it is there."""
    assert [one for one in known if one not in words] == []
    for one in known:
        words = words.replace(one, "")
    return words


def measured(number: str) -> tuple[str, ...]:
    """Words of a notebook with the numbers as they were measured."""
    rows = json.loads((ROOT / "tests/benchmarks/measured.json").read_text(encoding="utf-8"))
    told = []
    for words, row, number_of in MEASURED.get(number, ()):
        ours = [float(found) for found in re.findall(r"\d+\.\d+", rows[row]["ours"])]
        told.append(words.format(number_of(ours)).replace("\u00a0", " "))
    return tuple(told)


@each
def test_no_number_of_the_data_stands_in_prose(path):
    known = (*measured(path.stem[:2]), *RULES.get(path.stem[:2], ()))
    words = left(prose(path, of_the_sample=False), known)
    said = _OF_THE_HOUSE.sub("", words)
    assert re.findall(r"[^.\n]*\d[^.\n]*", said) == []


@each
def test_nothing_is_compared_in_prose(path):
    words = left(prose(path, of_the_sample=False), COMPARED.get(path.stem[:2], ()))
    said = [line for line in re.split(r"(?<=[.!?:;])\s", words) if _COMPARING.search(line)]
    assert said == []


def test_rules_told_in_prose_are_those_of_the_methods():
    assert stability._NUMBERS[-1] == 24
    assert [w for w in sensitivity._WINDOWS if w != "all"] == ["10s", "1m", "10m", "30m"]
    # «Трёх авторов»; «от двух до сорока авторов», «трёх разных сообщений», «на неделю».
    assert case._ACCOUNTS == 3
    assert (returning._FEWEST, returning._MOST, returning._LEAST[0]) == (2, 40, 3)
    assert returning._SPREAD == 7 * returning._DAY
    # «Восемь уверенных сообщений», «короче восьми слов»; «восемь из которых пришли за двое суток».
    assert (learning._FEWEST, matching._WORDS, matching._MATCH) == (8, 8, 0.8)
    assert _MANY == 8
    assert timedelta(days=2) == _SOON
    # «Три дня после опровержения»; «меньше двух двойников», «полтора дня», «четыре пятых».
    assert refutation._WINDOW == 3
    assert (_ALIKE, _MOST_OF_IT) == (3, 0.8)
    assert timedelta(days=1.5) == _AROUND
    # «Не чаще одного раза из пяти», «не меньше пяти»; «хотя бы в двух» каналах.
    assert (filed._SURE, posts._FEWEST_POSTS, composition._RISEN) == (0.8, 5, 2)


def test_what_is_told_of_the_sample_is_so():
    told = {path.stem[:2]: prose(path, of_the_sample=True) for path in NOTEBOOKS}
    (election,) = datasets.load("zarechye").elections.values()
    days = election.votes["cast_at"].dt.convert_time_zone("Europe/Moscow").dt.date()
    channels = {4: "четыре канала"}[election.votes["channel"].n_unique()]
    assert election.votes.select("voter_id", "project_id").is_unique().all()
    assert election.votes["voter_id"].is_unique().all()
    for number in ("07", "08"):
        assert f"{(days.max() - days.min()).days + 1} дней" in told[number]
        assert "один голос за один проект своего округа" in told[number]
    assert channels in told["08"]
    # No other number is told of it.
    numbers = {name: re.findall(r"\d+", words) for name, words in told.items()}
    assert {name: found for name, found in numbers.items() if found} == {"07": ["30"], "08": ["30"]}
