"""A region of its own names as a folder, small: everything a user may lay into one.

Not a test module: tests of the notebooks and of studies write it where they need it. No name in it
is one of the sample's.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from cur_lab import readers

NAME = "Приозёрская область"
PLACES = ("Боровой округ", "округ Ветлянский", "Сосновский район", "Ольшанский район")
AGENCIES = ("Служба заказчика", "Водоканал Приозёрья")
FIRST = datetime(2023, 2, 6, tzinfo=UTC)
DAYS = 200
# Rubric → openings and endings; a text is one of each, with a street and a house between.
SAID = {
    "Ремонт дорог": (
        ("Яма на проезжей части", "Асфальт разбит", "Дорога провалилась"),
        ("машины объезжают по обочине", "колесо пробили вчера", "обещали залатать весной"),
    ),
    "Водоснабжение": (
        ("Нет холодной воды", "Из крана течёт ржавчина", "Слабый напор воды"),
        ("второй день подряд", "в аварийной не берут трубку", "набираем воду у соседей"),
    ),
    "Вывоз мусора": (
        ("Контейнеры переполнены", "Мусор не вывозят", "Свалка у подъезда"),
        ("разносит ветром по двору", "собаки растаскивают пакеты", "график не соблюдают"),
    ),
    "Освещение": (
        ("Не горят фонари", "Улица в темноте", "Фонарь мигает всю ночь"),
        ("дети идут из школы в потёмках", "заявку закрыли без ремонта", "страшно ходить вечером"),
    ),
}
STREETS = ("Кленовая", "Береговая", "Лётная", "Ткацкая", "Песчаная")
TEMPLATE = (
    "Просим не закрывать библиотеку на улице Кленовая: сюда ходят дети трёх школ, "
    "здесь единственный читальный зал посёлка и кружок шахмат"
)
CLAIM = "Воду в городе отключат на две недели из-за ремонта плотины на реке"
CHANNELS = ("vk", "bot", "hotline")


def write(
    folder: Path,
    *,
    messages: int = 360,
    dated: bool = True,
    tables: bool = True,
    campaigns: int = 2,
    seed: int = 0,
) -> Path:
    """Write the folder of a region.

    Parameters
    ----------
    folder
        Made if it is not there.
    messages
        Number of messages; none: no source.
    dated
        Whether messages have dates.
    tables
        Whether anything but messages and the last vote is known.
    campaigns
        Number of votes.
    seed
        Of the draws.
    """
    draw = np.random.default_rng(seed)
    (folder / "sources").mkdir(parents=True)
    (folder / "votes").mkdir()
    (folder / "region.toml").write_text(f'name = "{NAME}"\n', encoding="utf-8")
    if messages:
        frame = _messages(draw, messages)
        dropped = [] if dated else ["Дата обращения", "Дата ответа"]
        frame.drop(dropped).write_csv(folder / "sources" / "obrascheniya.csv")
    if tables:
        for name, frame in _tables(draw).items():
            frame.write_csv(folder / f"{name}.csv")
    for number in range(campaigns):
        _vote(draw, folder / "votes" / f"{2023 + number}.pb", seed=number)
    return folder


def _messages(draw: np.random.Generator, number: int) -> pl.DataFrame:
    rows = []
    rubrics = list(SAID)
    for _ in range(number):
        rubric = rubrics[int(draw.choice(len(rubrics), p=[0.4, 0.3, 0.2, 0.1]))]
        begins, ends = SAID[rubric]
        place = int(draw.choice(len(PLACES), p=[0.4, 0.3, 0.2, 0.1]))
        at = FIRST + timedelta(hours=float(draw.uniform(0, 24 * DAYS)))
        street, house = STREETS[int(draw.integers(5))], int(draw.integers(1, 9))
        said = f"{draw.choice(begins)} на улице {street}, дом {house}, {draw.choice(ends)}"
        rows.append((at, int(draw.integers(90)), place, rubric, said))
    start = FIRST + timedelta(days=DAYS - 30, hours=9)
    for minute in range(8):
        rows.append((start + timedelta(minutes=minute), 200 + minute, 0, "Освещение", TEMPLATE))
        asked = f"Правда ли, что {CLAIM.lower()}?" if minute % 2 else CLAIM
        rows.append(
            (start + timedelta(days=3, hours=minute), 300 + minute, 1, "Водоснабжение", asked)
        )
    rows.sort(key=lambda row: (row[0], row[1]))
    answered = draw.uniform(1, 20, len(rows))
    return pl.DataFrame(
        {
            "Номер": [f"A-{place:04}" for place in range(len(rows))],
            "Дата обращения": [f"{row[0]:%Y-%m-%d %H:%M:%S}" for row in rows],
            "Автор": [f"id{row[1]}" for row in rows],
            "Канал": [CHANNELS[row[1] % 3] for row in rows],
            "Муниципалитет": [PLACES[row[2]] for row in rows],
            "Тема обращения": [row[3] for row in rows],
            "Группа тем": ["Двор" if row[3] == "Вывоз мусора" else "Сети" for row in rows],
            "Исполнитель": [AGENCIES[row[1] % 2] for row in rows],
            "Текст обращения": [row[4] for row in rows],
            "Дата ответа": [
                f"{row[0] + timedelta(days=days):%Y-%m-%d %H:%M:%S}" if days < 15 else None
                for row, days in zip(rows, answered, strict=True)
            ],
            "Текст ответа": ["Ваше обращение рассмотрено, меры приняты" for _ in rows],
        }
    )


def _tables(draw: np.random.Generator) -> dict[str, pl.DataFrame]:
    opened = [FIRST + timedelta(days=day) for day in (90, 110)]
    return {
        "municipalities": pl.DataFrame(
            {
                "municipality": PLACES,
                "population": [41000, 28000, 9000, 5200],
                "latitude": [56.1, 56.4, 56.0, 56.7],
                "longitude": [44.1, 44.6, 43.9, 44.9],
            }
        ),
        "decisions": pl.DataFrame(
            {
                "decision_id": ["d1", "d2"],
                "decided_at": [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in opened],
                "kind": ["works", "order"],
                "scope": ["municipality", "municipality"],
                "rubric": ["Ремонт дорог", "Водоснабжение"],
                "municipality": [PLACES[0], PLACES[1]],
                "title": ["Ремонт Береговой улицы", "Промывка сетей"],
            }
        ),
        "claims": pl.DataFrame(
            {
                "claim_id": ["c1"],
                "text": [CLAIM],
                "first_seen_at": [f"{FIRST:%Y-%m-%dT%H:%M:%SZ}"],
                "refuted_at": [f"{FIRST + timedelta(days=DAYS - 40):%Y-%m-%dT%H:%M:%SZ}"],
                "source": ["Водоканал Приозёрья"],
                "verdict": ["неверно"],
            }
        ),
        "notices": pl.DataFrame(
            {
                "notice_id": ["n1"],
                "published_at": [f"{FIRST + timedelta(days=170):%Y-%m-%dT%H:%M:%SZ}"],
                "municipality": [PLACES[0]],
                "rubric": ["Освещение"],
                "text": ["На улице Кленовая ведутся работы на линии"],
            }
        ),
        "broadcasts": pl.DataFrame(
            {
                "broadcast_id": ["b1"],
                "started_at": ["2024-03-10T15:00:00Z"],
                "page_id": ["page"],
                "municipality": [PLACES[0]],
                "speaker_role": ["глава округа"],
            }
        ),
    }


def _vote(draw: np.random.Generator, file: Path, *, seed: int) -> None:
    """Write a vote of a dozen projects with the time and the channel of each voice."""
    year = int(file.stem)
    projects = pl.DataFrame(
        {
            "project_id": [f"p{number:02}" for number in range(12)],
            "cost": [200_000.0 + 40_000 * number for number in range(12)],
            "title": [f"Площадка на улице {STREETS[number % 5]}" for number in range(12)],
            "municipality": [PLACES[number % 4] for number in range(12)],
            "applicant": ["Совет дома" for _ in range(12)],
        }
    )
    number = 400
    chosen = draw.choice(12, number, p=np.arange(1, 13) / 78)
    opens = datetime(year, 3, 1, 6, tzinfo=UTC)
    votes = pl.DataFrame(
        {
            "voter_id": [f"v{place:04}" for place in range(number)],
            "project_id": [f"p{choice:02}" for choice in chosen],
            "points": [None] * number,
            "rank": [1] * number,
            "cast_at": [
                opens + timedelta(hours=float(hours)) for hours in draw.uniform(0, 480, number)
            ],
            "channel": [
                ("esia", "sms", "paper")[int(kind)] for kind in draw.integers(0, 3, number)
            ],
            "municipality": [PLACES[choice % 4] for choice in chosen],
        },
        schema_overrides={"points": pl.Float64, "cast_at": pl.Datetime("us", "UTC")},
    )
    meta = {
        "description": f"Голосование {year}",
        "country": "Россия",
        "unit": NAME,
        "instance": str(year),
        "num_projects": "12",
        "num_votes": str(number),
        "budget": "1500000",
        "vote_type": "choose-1",
        "rule": "greedy",
        "date_begin": f"01.03.{year}",
        "date_end": f"21.03.{year}",
    }
    election = readers.Election(meta, projects, votes.select("voter_id"), votes)
    readers.write_pabulib(election, file)
