"""Figures of trends: what is drawn, gaps stay gaps, texts stay texts, empty tables say so."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import figures
from cur_lab.columns import Absent

HOSTILE = '<a href="javascript:alert(1)">нажми</a>'
START = datetime(2025, 3, 31, 21, tzinfo=UTC)


def counts(days: int = 10, silent: int = 4) -> pl.DataFrame:
    return c.COUNTS.conform(
        pl.DataFrame(
            {
                "period_start": [START + timedelta(days=n) for n in range(days)],
                "messages": [6] * days,
                "incidents": [3] * days,
                "authors": [2] * days,
                "recorded": [n != silent for n in range(days)],
            }
        )
    )


def changes(*days: int) -> pl.DataFrame:
    nothing = {"unit": "messages", "observed": 60, "days": 10, "verdict": "nothing_found"}
    rows = [
        {
            "changed_at": START + timedelta(days=day),
            "changed_low": START + timedelta(days=day - 1),
            "changed_high": START + timedelta(days=day + 1),
            "before": 4.0,
            "before_low": 3.0,
            "before_high": 5.0,
            "after": 8.0 + day,
            "after_low": 7.0,
            "after_high": 20.0,
            "change": 1.0,
            "change_low": 0.5,
            "change_high": 3.0,
            "unit": "messages",
            "observed": 60,
            "days": 10,
            "verdict": "more",
        }
        for day in days
    ]
    return c.CHANGES.conform(pl.DataFrame(rows or [nothing]))


def mix(**row: object) -> pl.DataFrame:
    ends = {
        f"{name}{end}": value
        for name in ("change", "others", "total")
        for end, value in (("", 0.5), ("_low", 0.2), ("_high", 1.0))
    }
    one = {"channel": HOSTILE, "changed_at": START, "verdict": "came_over"} | ends | row
    return c.MIX.conform(pl.DataFrame([one]))


def street(ratio: float, q: float, name: str = HOSTILE) -> dict:
    return {
        "municipality": "А",
        "street": name,
        "rubric": "Ямы",
        "messages": 20,
        "incidents": 10,
        "authors": 9,
        "expected": 4.0,
        "ratio": ratio,
        "ratio_low": ratio - 1,
        "ratio_high": ratio + 2,
        "q": q,
        "verdict": "above_expected" if q <= 0.05 else "like_other_streets",
    }


def test_a_silent_day_is_a_gap_in_every_line():
    figure = figures.trends.counts(counts(), caption="n")
    assert [line.name for line in figure.data] == ["сообщения", "случаи", "авторы"]
    assert all(line.y[4] is None for line in figure.data)
    # The day is the local one.
    assert figure.data[0].x[0] == "2025-04-01 00:00"
    assert figure.layout.title.text.startswith("За сутки на один случай приходится 2,00 сообщения")
    week = counts().with_columns(
        period_start=pl.Series([START + timedelta(weeks=n) for n in range(10)])
    )
    title = figures.trends.counts(week, caption="n").layout.title.text
    assert title.startswith("За неделю на один случай")
    assert "За период" in figures.trends.counts(week.head(1), caption="n").layout.title.text


def test_levels_run_from_change_to_change_with_their_bands():
    figure = figures.trends.changes(counts(), changes(3, 6), caption="n", name="Ямы")
    levels = [line for line in figure.data if line.name == "уровень"]
    assert [line.y[0] for line in levels] == [4.0, 11.0, 14.0]
    assert [line.x[0][:10] for line in levels] == ["2025-04-01", "2025-04-04", "2025-04-07"]
    assert len(figure.layout.shapes) == 2
    title = figure.layout.title.text.replace("\u00a0", " ")
    assert title == (
        "Ямы: с 4 апреля 2025 г. стало больше: +100 % (от +50 % до ×4,0); всего изменений: 2"
    )


def test_of_several_series_the_surest_change_is_drawn():
    rubrics = ("Ямы", "Свет")
    frame = pl.concat([counts().with_columns(rubric=pl.lit(name)) for name in rubrics])
    found = pl.concat(
        [
            changes(day).with_columns(rubric=pl.lit(name), q=pl.lit(q))
            for name, day, q in zip(rubrics, (3, 6), (0.04, 0.001), strict=True)
        ]
    )
    figure = figures.trends.changes(frame, found, caption="n")
    assert figure.layout.title.text.startswith("Свет: с 7\u00a0апреля")
    assert len(figure.data[0].x) == 10


def test_no_change_draws_the_counts_alone():
    figure = figures.trends.changes(counts(), changes(), caption="n")
    assert [line.name for line in figure.data] == ["за день"]
    assert figure.layout.title.text == "Изменений не найдено"


def test_parts_without_values_are_left_out():
    parts = c.DECOMPOSITION.conform(
        pl.DataFrame(
            {
                "period_start": [START, START + timedelta(days=1)],
                "observed": [5.0, 7.0],
                "trend": [6.0, 6.0],
                "seasonal_week": [-1.0, 1.0],
                "rest": [0.0, 0.0],
                "note": ["season_does_not_repeat"] * 2,
            }
        )
    )
    figure = figures.trends.decomposition(parts, caption="n")
    assert [line.name for line in figure.data] == [
        "сколько было",
        "медленная часть",
        "неделя",
        "остаток",
    ]
    assert "2,0" in figure.layout.title.text.replace("<br>", " ")
    assert "сезона нет" in figure.layout.title.text.replace("<br>", " ")


def test_mix_draws_ratios_on_a_scale_where_halving_equals_doubling():
    figure = figures.trends.mix(mix(), caption="n")
    assert figure.layout.xaxis.type == "log"
    assert [points.x[0] for points in figure.data] == [1.5, 1.5, 1.5]
    # The date is the local one.
    assert "01.04.2025" in figure.data[0].y[0]


def test_streets_beyond_chance_are_drawn_the_largest_on_top():
    found = c.HOTSPOT_STREETS.conform(
        pl.DataFrame([street(3.0, 0.01), street(5.0, 0.02, "Мира"), street(9.0, 0.6, "Новая")])
    )
    (points,) = figures.hotspots.streets(found, caption="n").data
    assert list(points.x) == [3.0, 5.0]
    assert points.y[-1].startswith("Мира")


def district(name: str, rate: float, q: float) -> dict:
    return {
        "municipality": name,
        "messages": 10,
        "population": 1000,
        "rate": rate,
        "rate_low": rate / 2,
        "rate_high": rate * 2,
        "q": q,
        "verdict": "above_region" if q <= 0.05 else "like_region",
        "latitude": 56.0,
        "longitude": 48.0,
    }


def test_districts_beyond_chance_have_a_ring():
    found = c.HOTSPOT_DISTRICTS.conform(
        pl.DataFrame([district("Б", 9.0, 0.01), district(HOSTILE, 3.0, 0.5)])
    )
    figure = figures.hotspots.districts(found, caption="n")
    (points,) = figure.data
    widths = dict(zip(points.text, points.marker.line.width, strict=True))
    assert widths["Б"] > 1
    assert sorted(widths.values()) == [1, 4]
    plain = figures.hotspots.districts(found.drop("latitude"), caption="n")
    assert plain == Absent.lacking("координат муниципалитетов")
    nowhere = figures.hotspots.districts(found.clear(), caption="n")
    assert nowhere == Absent.lacking("муниципалитетов")


def episode(**row: object) -> pl.DataFrame:
    one = {
        "episode": "e1",
        "municipality": None,
        "rubric": HOSTILE,
        "municipalities": ["А", "Б"],
        "kind": "shared",
        "began_at": START,
        "detected_at": START + timedelta(hours=2),
        "ended_at": START + timedelta(hours=9),
        "method": "scan",
        "hours": 3,
        "observed": 12,
        "expected": 1.5,
        "expected_low": 0.0,
        "expected_high": 4.0,
        "chance_per_year": 1e-3,
        "q": 0.01,
        "messages": 20,
        "incidents": 12,
        "authors": 15,
        "streets": ["Мира"],
        "keywords": ["вода"],
        "first_message_ids": ["m1"],
        "notice_at": None,
        "lag_hours": None,
        "note": ["shared_rise"],
    }
    return c.ALARM_EPISODES.conform(
        pl.DataFrame([one | row], schema_overrides=dict(c.ALARM_EPISODES.schema))
    )


def test_an_episode_is_a_bar_with_its_alarm_and_notice():
    figure = figures.alarms.episodes(episode(notice_at=START + timedelta(hours=5)), caption="n")
    bar, alarm, notice = figure.data
    assert list(bar.x[:2]) == ["2025-04-01 00:00", "2025-04-01 09:00"]
    assert alarm.x[0] == "2025-04-01 02:00"
    assert notice.x[0] == "2025-04-01 05:00"
    assert "12 за 3 ч, ожидалось 1,5" in alarm.customdata[0]
    # The others of the result may have notices too: the title is about those drawn.
    assert "1 эпизод; из показанных с извещением 1" in figure.layout.title.text
    assert len(figures.alarms.episodes(episode(), caption="n").data) == 2


@pytest.mark.parametrize(
    "figure",
    [
        lambda: figures.trends.changes(counts(), changes(3), caption=HOSTILE, name=HOSTILE),
        lambda: figures.trends.mix(mix(), caption=HOSTILE),
        lambda: figures.hotspots.streets(
            c.HOTSPOT_STREETS.conform(pl.DataFrame([street(3.0, 0.01)])), caption=HOSTILE
        ),
        lambda: figures.hotspots.districts(
            c.HOTSPOT_DISTRICTS.conform(pl.DataFrame([district(HOSTILE, 3.0, 0.5)])), caption="n"
        ),
        lambda: figures.alarms.episodes(episode(), caption=HOSTILE),
    ],
)
def test_markup_stays_text(figure):
    assert "<a" not in figure().to_json().replace("\\u003c", "<")


@pytest.mark.parametrize(
    "figure",
    [
        lambda: figures.trends.counts(c.COUNTS.empty(), caption="n"),
        lambda: figures.trends.changes(c.COUNTS.empty(), c.CHANGES.empty(), caption="n"),
        lambda: figures.trends.decomposition(c.DECOMPOSITION.empty(), caption="n"),
        lambda: figures.trends.mix(c.MIX.empty(), caption="n"),
        lambda: figures.alarms.episodes(c.ALARM_EPISODES.empty(), caption="n"),
        lambda: figures.hotspots.streets(c.HOTSPOT_STREETS.empty(), caption="n"),
        lambda: figures.hotspots.districts(c.HOTSPOT_DISTRICTS.empty(), caption="n"),
    ],
)
def test_in_the_place_of_an_empty_figure_stands_a_sentence(figure):
    """Empty axes look like a finished result."""
    said = figure()
    assert isinstance(said, Absent)
    assert said.reason
