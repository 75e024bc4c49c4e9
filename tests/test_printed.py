"""The rules of what no reader should see catch it."""

import plotly.graph_objects as go
import polars as pl
import printed
import pytest

from cur_lab import tables
from cur_lab.columns import Absent


@pytest.mark.parametrize(
    "words",
    [
        "изменение nan %",
        "p = 0,0000",
        "стало −0,0 %",
        "стало −0 %",
        "в Jan 2024",
        "2023-12: больше всего",
        "1 сообщений",
        "в 2023 г. 21 авторов",
        "5 проекта",
        "3 голосов",
    ],
)
def test_a_fault_is_found(words):
    assert printed.faults(Absent(words)), words


@pytest.mark.parametrize(
    "words",
    [
        "101 сообщение; 22 автора; 1 000 голосов",
        "у 18 из 18 проектов; не больше 3 голосов; из 21 семьи",
        "p < 0,001; 10,0 %; 0,05; 06.03.2023; март 2024; 2023-12-01",
        "на −3,0 % (от −5,0 до 0 %); 0,7 голоса",
    ],
)
def test_good_words_are_left_alone(words):
    assert printed.faults(Absent(words)) == []


def test_codes_dashes_and_english_axes_are_found():
    frame = pl.DataFrame({"rubric": [None, "Дороги"], "agency": ["call_centre", "Мэрия"]})
    shown = tables.show(frame, "rubric", "agency", title="Рубрики")
    assert {fault.split(":")[0] for fault in printed.faults(shown)} == {
        "a dash leads the table",
        "a code",
    }
    line = go.Figure(go.Scatter(x=["2024-01-01", "2024-02-01"], y=[1, 2]))
    line.update_layout(title_text="Две точки")
    assert printed.faults(line) == ["months of an axis in English"]
    assert printed.faults(line.update_xaxes(tickformat="%d.%m.%Y")) == []
