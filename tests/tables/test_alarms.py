"""Tables of alarms: every number and word is that of the frame beneath."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import tables
from cur_lab.errors import ParameterError
from cur_lab.trends import Alarms
from cur_lab.trends.alarms.scan import ENOUGH
from cur_lab.trends.alarms.watch import FIRST_DAY

WHEN = datetime(2025, 4, 1, 21, tzinfo=UTC)


def episode(name: str, chance: float, lag: float | None, **others: object) -> dict[str, object]:
    return {
        "episode": name,
        "municipality": "Лесной",
        "rubric": "Нет воды",
        "municipalities": ["Лесной"],
        "kind": "series",
        "began_at": WHEN,
        "detected_at": WHEN,
        "ended_at": WHEN,
        "method": "scan",
        "hours": 6,
        "observed": 9,
        "expected": 0.25,
        "expected_low": 0.0,
        "expected_high": 2.0,
        "chance_per_year": chance,
        "q": 0.01,
        "messages": 9,
        "incidents": 4,
        "authors": 7,
        "streets": [],
        "keywords": ["вода"],
        "first_message_ids": [],
        "notice_at": None if lag is None else WHEN + timedelta(hours=lag),
        "lag_hours": lag,
        "note": ["no_rubric", "mostly_copies"],
    } | others


def alarms(*episodes: dict[str, object]) -> Alarms:
    evidence = pl.DataFrame(
        {
            "episode": ["а", "а", "б"],
            "order": [1, 4, 1],
            "message_id": ["1", "2", "3"],
            "published_at": [WHEN] * 3,
            "text": ["<b>нет воды</b>", "четвёртое", "первое о втором"],
        }
    )
    frame = pl.DataFrame(list(episodes), schema=c.ALARM_EPISODES.schema)
    return Alarms(
        c.ALARM_EPISODES.conform(frame),
        c.ALARM_EVIDENCE.conform(evidence),
        c.ALARM_PLACES.empty(),
        c.ALARM_CHECKS.empty(),
        power=c.ALARM_POWER.empty(),
        budget=12.0,
    )


FOUND = alarms(
    episode("а", 0.01, 2.0),
    episode("б", 2.5, -1.0, authors=3),
    episode("в", 3.5, 4.0),
    episode("г", 11.0, None),
)


def test_the_most_certain_come_first_with_codes_in_words():
    html = tables.of(FOUND, source="n").as_raw_html().replace("\u00a0", " ")
    assert "Самые надёжные тревоги: 4" in html
    # Midnight in Moscow.
    assert "02.04.2025 00:00" in html
    # A range of counts leaves out a mean near nought.
    assert ">0,2<" in html
    assert "0–2,0" not in html
    for heading in ("Окно, ч", "Авторов в окне", "Случайных таких в год", "Авторов за весь эпизод"):
        assert heading in html
    assert "рубрика в этих сообщениях не указана, больше половины сообщений" in html


def test_first_messages_are_three_an_episode_and_stay_text():
    html = tables.of(FOUND, "evidence").as_raw_html()
    assert "&lt;b&gt;нет воды" in html
    assert "четвёртое" not in html


def test_the_lag_is_a_median_with_its_interval():
    assert FOUND.lag.row(0)[:4] == (4, 3, 2, 2.0)
    # Three values bound no 95 % interval of a median.
    assert FOUND.lag.row(0)[4:] == (None, None)
    many = alarms(*(episode(str(n), 0.01, float(n)) for n in range(20)))
    _, _, earlier, median, low, high = many.lag.row(0)
    assert (earlier, median) == (19, 9.5)
    assert low < median < high
    assert alarms().lag.row(0) == (0, 0, 0, None, None, None)


def test_a_stricter_limit_leaves_fewer():
    assert FOUND.sensitivity.rows() == [(12.0, 4, 3), (3.0, 2, 1), (0.3, 1, 1)]
    assert "0,3" in tables.of(FOUND, "sensitivity").as_raw_html()


def test_words_of_reasons_are_those_of_the_rule():
    words = c.CODES[c.REASON]
    assert f"{FIRST_DAY} дней" in words["history_of_28_days"]
    assert f"не больше {ENOUGH}" in words["district_of_10_messages"]


def test_nothing_found_and_an_unknown_part_are_told():
    assert "нечего показать" in str(tables.of(alarms()))
    assert "следят за всеми рядами" in str(tables.of(alarms(), "checks"))
    with pytest.raises(ParameterError, match="'spam'"):
        tables.of(FOUND, "spam")
