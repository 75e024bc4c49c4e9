"""Structure of the pictures: what is drawn, what the title says, nothing rendered as markup."""

import polars as pl
from simulated_votes import simulate

from cur_lab import budgeting, figures
from cur_lab.columns import Absent
from cur_lab.figures import integrity

HOSTILE = "Сквер <b>«Мир»</b> & <script>alert(1)</script>"
REVIEW, NATURAL, ORDINARY = (
    "review",
    "natural",
    "ordinary",
)


def flags() -> pl.DataFrame:
    rows = [
        ("p1", "rise", 1e-30, REVIEW, HOSTILE),
        ("p1", "numbers", 1e-8, REVIEW, HOSTILE),
        ("p2", "rise", 1e-5, NATURAL, "Двор"),
        ("p2", "numbers", None, NATURAL, "Двор"),
        ("p3", "rise", 1.0, ORDINARY, "Клуб"),
        ("p3", "numbers", 1.0, ORDINARY, "Клуб"),
    ]
    return pl.DataFrame(rows, schema=["project_id", "test", "p", "verdict", "title"], orient="row")


def test_evidence_shows_what_stands_out_and_says_of_how_many():
    figure = integrity.evidence(flags(), caption="n = 6")
    heat = figure.data[0]
    assert [list(row) for row in heat.z] == [[12, 8.0], [5.0, None]]
    assert len(heat.y) == 2
    title = "Проверки требует 1 из 3 проектов (▲); похожи на мобилизацию: 1"
    assert figure.layout.title.text.startswith(title)
    calm = integrity.evidence(flags().filter(pl.col("verdict") != REVIEW), caption="n = 6")
    title = "Проверки не требует ни один из 2 проектов; похожи на мобилизацию: 1"
    assert calm.layout.title.text.startswith(title)
    assert "<script>" not in "".join(heat.y)
    assert "&lt;script&gt;" in "".join(heat.y).replace("<br>", "")


def test_nothing_to_see_is_said():
    ordinary = flags().filter(pl.col("verdict") == ORDINARY)
    assert "не выделяется" in str(integrity.evidence(ordinary, caption=""))
    empty = pl.DataFrame(schema={"project_id": pl.String, "title": pl.String, "excess": pl.Float64})
    assert "не найдено" in str(integrity.excess(empty, caption=""))
    assert "нет" in str(integrity.by_hour(pl.DataFrame(), caption=""))
    none = pl.DataFrame(schema={"channel": pl.String})
    assert "не определяется" in str(integrity.power(none, caption=""))


def test_hours_are_stacked_by_channel_and_windows_shaded():
    hours = pl.DataFrame(
        {
            "title": [HOSTILE] * 3,
            "hour": ["2025-03-01 07:00", "2025-03-01 08:00", "2025-03-01 08:00"],
            "channel": ["esia", "esia", "sms"],
            "votes": [3, 4, 9],
            "started_at": ["2025-03-01 08:00"] * 3,
            "ended_at": ["2025-03-01 09:00"] * 3,
        }
    ).with_columns(pl.col("hour", "started_at", "ended_at").str.to_datetime(time_zone="UTC"))
    figure = integrity.by_hour(hours, caption="")
    assert [(trace.name, list(trace.y)) for trace in figure.data] == [
        ("Госуслуги", [3, 4]),
        ("СМС", [9]),
    ]
    assert len(figure.layout.shapes) == 1
    assert "больше всего голосов за час — 13 (01.03, 11 ч)" in figure.layout.title.text
    assert "<script>" not in figure.layout.title.text


def test_excess_carries_its_interval_and_outcome():
    frame = pl.DataFrame(
        {
            "project_id": ["p1", "p2"],
            "title": ["Двор", None],
            "excess": [50.0, 20.0],
            "excess_low": [40.0, 12.0],
            "excess_high": [58.0, 20.0],
            "outcome": ["same", None],
        }
    )
    drawn = integrity.excess(frame, caption="").data[0]
    assert list(drawn.x) == [20.0, 50.0]
    assert list(drawn.error_x.array) == [0.0, 8.0]
    assert list(drawn.error_x.arrayminus) == [8.0, 10.0]
    assert drawn.y[0] == "p2"


def test_power_has_a_map_per_channel_and_names_the_weakest():
    frame = pl.DataFrame(
        {
            "channel": ["esia"] * 4 + ["sms"] * 4,
            "excess": [15, 15, 50, 50] * 2,
            "hours": [1, 6] * 4,
            "trials": [40] * 8,
            "found": [0.1, 0.0, 0.6, 0.5, 0.5, 0.5, 1.0, 1.0],
            "found_low": [0.0] * 8,
            "found_high": [1.0] * 8,
        }
    )
    figure = integrity.power(frame, caption="")
    assert [[list(row) for row in heat.z] for heat in figure.data] == [
        [[10.0, 0.0], [60.0, 50.0]],
        [[50.0, 50.0], [100.0, 100.0]],
    ]
    assert "«Госуслуги»: в среднем 30" in figure.layout.title.text


def test_every_picture_of_a_result_is_drawn():
    vote = simulate(projects=8, districts=2, votes=1_500, days=4, seed=1)[0]
    result = budgeting.integrity(vote)
    pictures = ("evidence", "review", "natural", "excess", "power")
    shown = [figures.of(result, picture, caption="n = 1500") for picture in pictures]
    drawn = [one for one in shown if not isinstance(one, Absent)]
    assert 0 < len(drawn) < len(shown)
    assert all("n = 1500" in one.layout.title.subtitle.text for one in drawn)
    assert all(one.layout.title.text for one in drawn)
