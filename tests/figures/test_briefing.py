"""The picture of a district: ranges where they belong, colours by verdict, texts as text."""

import polars as pl

from cur_lab import columns as c
from cur_lab import figures

HOSTILE = '<a href="javascript:alert(1)">нажми</a>'


def table():
    rows = [
        ("ямы", 30, 12.0, 5.0, 20.0, "above_norm"),
        (HOSTILE, 20, 18.0, 8.0, 30.0, "within_norm"),
        ("новая", 9, None, None, None, "short_history"),
    ]
    names = ["subject", "messages", "expected", "expected_low", "expected_high", "verdict"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    known = {"incidents": 1, "authors": 9, "share": 0.5, "share_low": 0.4, "share_high": 0.6}
    return c.BRIEFING_PROBLEMS.conform(
        frame.with_columns(pl.lit(value).alias(name) for name, value in known.items())
    )


def test_each_problem_stands_beside_its_own_range():
    figure = figures.briefing.problems(table(), caption="n = 59")
    usual, *points = figure.data
    ranges = list(zip(usual.y[::3], usual.x[::3], usual.x[1::3], strict=True))
    assert ranges[-1] == ("ямы", 5.0, 20.0)
    assert ranges[0] == ("новая", None, None)
    assert {trace.name: list(trace.x) for trace in points} == {
        "выше нормы": [30],
        "в пределах нормы": [20],
        "недостаточно данных о прошлом": [9],
    }
    assert figure.layout.title.text == "Выше нормы — 1 рубрика"


def test_hostile_names_stay_text():
    assert "<a" not in figures.briefing.problems(table(), caption="").to_json()


def test_nothing_to_draw_is_said():
    nothing = figures.briefing.problems(table().clear(), caption="n = 0")
    assert str(nothing) == "Недостаточно данных."
