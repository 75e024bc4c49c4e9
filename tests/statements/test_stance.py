"""Stance: visible cues, their order, and what a denied cue means."""

import polars as pl
import pytest

from cur_lab import fakes
from cur_lab.errors import CurLabError


def stance(content: str, claim: str = "Школу закроют") -> str:
    return fakes.stances(pl.Series([content]), claim=pl.Series([claim]))[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Школу закроют, распространите всем родителям", "spreads"),
        ("Слышала, что школу закроют", "spreads"),
        ("Школу закроют", "spreads"),
        ("Это не фейк, школу закроют, муж там работает и сказал", "spreads"),
        ("Правда ли, что школу закроют", "asks"),
        ("Говорят, школу закроют, это правда?", "asks"),
        ("Подскажите, закроют ли школу", "asks"),
        ("Школу закроют?", "asks"),
        ("Что-то не верится, что школу закроют", "doubts"),
        ("Вряд ли школу закроют", "doubts"),
        ("По-моему, это очередной фейк про школу", "doubts"),
        ("Откуда информация, что школу закроют?", "doubts"),
        ("Не верьте, школу не закроют", "refutes"),
        ("Про закрытие школы — неправда, директор всё объяснил", "refutes"),
        ("Администрация опровергла, что школу закроют", "refutes"),
        ("Хватит распускать слухи про школу", "refutes"),
        ("ФЕЙК! ВРАНЬЁ!", "refutes"),
    ],
)
def test_cues_decide(content, expected):
    assert stance(content) == expected, fakes.cues(content)


def test_a_denied_claim_is_refuted_unless_asked():
    assert stance("Школу не закроют") == "refutes"
    assert stance("Правда ли, что школу не закроют?") == "asks"


def test_absent_texts_have_no_stance():
    found = fakes.stances(pl.Series(["Школу закроют", None, "  "]))
    assert found.to_list() == ["undecided", None, None]


def test_what_has_no_cue_and_says_little_of_the_claim_is_undecided():
    assert stance("Автобус опять опоздал на полчаса") == "undecided"
    assert stance("В школе сегодня концерт") == "undecided"
    assert stance("Слышала, что школу закроют") == "spreads"
    alone = fakes.stances(pl.Series(["Школу закроют", "Правда ли это?"]))
    assert alone.to_list() == ["undecided", "asks"]


def test_cues_show_the_words_that_spoke():
    shown = fakes.cues("Вряд ли это правда. Где документы?")
    assert set(shown["stance"]) == {"doubts", "asks"}
    assert "вряд ли" in shown["found"].to_list()
    assert fakes.cues("Школу закроют").is_empty()


def test_one_claim_per_text_is_asked_for():
    with pytest.raises(CurLabError, match="2 texts, 1 values of claim"):
        fakes.stances(pl.Series(["Школу закроют"] * 2), claim=pl.Series(["Школу закроют"]))


def test_margins_tell_the_leading_stance_of_what_is_not_decided():
    told = pl.Series(["Правда ли, что школу закроют?", "Автобус опять опоздал", None])
    found = fakes.stance_margins(told, claim=pl.Series(["Школу закроют"] * 3))
    assert found["row"].to_list() == [0, 1]
    assert found["stance"].to_list() == ["asks", "undecided"]
    assert found["leading"][0] == "asks"
    assert found["margin"][0] > found["margin"][1]


def test_what_the_claim_says_itself_is_no_cue():
    assert stance("Все эти новости — фейки", "Все новости об этом фейки") == "spreads"
    assert stance("Школу закроют? Фейк это") == "refutes"
