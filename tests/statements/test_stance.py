"""Stance: visible cues, their order, and what a denied cue means."""

import polars as pl
import pytest

from cur_lab import fakes


def stance(content: str, *, denied: bool = False, covered: float = 1.0) -> str:
    told = pl.Series([content])
    return fakes.stances(told, denied=pl.Series([denied]), covered=pl.Series([covered]))[0]


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
    assert stance("Школу не закроют", denied=True) == "refutes"
    assert stance("Правда ли, что школу не закроют?", denied=True) == "asks"


def test_absent_texts_have_no_stance():
    found = fakes.stances(pl.Series(["Школу закроют", None, "  "]))
    assert found.to_list() == ["undecided", None, None]


def test_what_has_no_cue_and_says_little_of_the_claim_is_undecided():
    assert stance("Школу закроют", covered=0.1) == "undecided"
    assert stance("Школу закроют", covered=0.9) == "spreads"
    assert stance("Правда ли?", covered=0.0) == "asks"


def test_cues_show_the_words_that_spoke():
    shown = fakes.cues("Вряд ли это правда. Где документы?")
    assert set(shown["stance"]) == {"doubts", "asks"}
    assert "вряд ли" in shown["found"].to_list()
    assert fakes.cues("Школу закроют").is_empty()
