"""Figures of decisions show what the frames say."""

from datetime import UTC, datetime, timedelta

import polars as pl

from cur_lab import columns as c
from cur_lab.figures import decisions as impact

START = datetime(2025, 1, 5, 21, tzinfo=UTC)


def frame(table, rows):
    return table.conform(pl.DataFrame(rows, schema=table.schema, orient="row"))


def test_the_band_spans_the_weeks_after_the_decision_only():
    rows = [(START + timedelta(days=7 * k), "before", 10, 11.0, None, None) for k in range(5)]
    rows += [(START + timedelta(days=7 * k), "after", 4, 10.0, 6.0, 15.0) for k in range(5, 8)]
    figure = impact.path(frame(c.IMPACT_PATH, rows), title="<b>Стало</b> меньше", caption="n = 1")
    band, expected, counted = figure.data
    assert band.x[:3] == band.x[5:2:-1]
    assert band.y == (15.0,) * 3 + (6.0,) * 3
    # 21:00 UTC is the next day in Moscow.
    assert expected.x[0] == "2025-01-06"
    assert len(expected.y) == len(counted.y) == 8
    assert "<b>" not in figure.layout.title.text
    assert figure.layout.shapes[0].x0 == band.x[0]


def test_placebos_stand_in_order_of_strength_and_peaks_are_left_out():
    rows = [
        ("decision", None, None, START, -0.4, -0.6, -0.1, -2.5),
        ("place", "А", None, START, 0.05, -0.2, 0.3, 0.4),
        ("time", None, None, START - timedelta(days=100), -0.5, -0.7, -0.2, -3.0),
        ("peak", None, "Свет", START - timedelta(days=50), -0.6, None, None, None),
    ]
    figure = impact.placebos(frame(c.IMPACT_PLACEBOS, rows), title="2-е место из 3", caption="n")
    shown = {bar.name: (bar.x, bar.y) for bar in figure.data}
    assert shown["само решение"] == ((2,), (-2.5,))
    assert shown["ложные даты"] == ((1,), (-3.0,))
    assert sum(len(bar.x) for bar in figure.data) == 3


def test_the_event_study_leaves_out_what_has_no_number():
    rows = [(-13, 0.01, -0.05, 0.08, 9), (0, -0.2, -0.3, -0.08, 9), (4, None, None, None, 2)]
    figure = impact.event_study(frame(c.ROLLOUT_PATH, rows), title="т", caption="n")
    (marks,) = figure.data
    assert marks.x == (-13, 0)
    assert marks.error_y.arrayminus == (6.0, 10.0)
    assert marks.error_y.array == (7.0, 12.0)


def test_decisions_without_a_number_keep_their_line():
    rows = pl.DataFrame(
        {
            "title": ["Свет", "Для всех"],
            "change": [-0.6, None],
            "change_low": [-0.7, None],
            "change_high": [-0.4, None],
        }
    )
    figure = impact.overview(rows, caption="n")
    assert "после 1 решения из 1" in figure.layout.title.text
    assert figure.data[0].y == ("Свет",)
    assert figure.layout.yaxis.categoryarray == ("Для всех", "Свет")
