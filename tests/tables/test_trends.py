"""Tables of changes: the most certain first, series without one are counted."""

from datetime import UTC, datetime

import polars as pl

from cur_lab import columns as c
from cur_lab import tables

WHEN = datetime(2025, 3, 31, 21, tzinfo=UTC)


def row(rubric: str, verdict: str, **others: object) -> dict[str, object]:
    basis = {"rubric": rubric, "unit": "messages", "observed": 500, "days": 365}
    return basis | {"verdict": verdict} | others


def changed(rubric: str, q: float) -> dict[str, object]:
    sized = {"change": 0.5, "change_low": 0.25, "change_high": 1.0, "before": 2.0, "after": 3.0}
    return row(rubric, "more", changed_at=WHEN, q=q, note="season_mixed_in", **sized)


FOUND = c.CHANGES.conform(
    pl.DataFrame(
        [
            changed("Ямы", 0.03),
            changed("Свет", 0.0001),
            row("Снег", "nothing_found"),
            row("Лёд", "nothing_found"),
            row("Пни", "too_little"),
        ]
    )
)


def test_the_most_certain_change_is_first_and_the_rest_is_counted():
    html = tables.trends.changes(FOUND, source="n").as_raw_html().replace("\u00a0", " ")
    assert "самые надёжные: 2 из 2" in html
    assert html.index("Свет") < html.index("Ямы")
    assert "изменений не найдено: 2" in html
    assert "недостаточно данных: 1" in html
    assert "+50 % (от +25 до +100 %)" in html
    assert "&lt; 0,001" in html
    assert "01.04.2025" in html
    assert "сезон не отделён" in html
    assert "1 из 2" in tables.trends.changes(FOUND, top=1).as_raw_html()


def test_without_a_change_there_is_nothing_to_show():
    silent = FOUND.filter(pl.col("changed_at").is_null())
    assert "нечего показать" in str(tables.trends.changes(silent))
    absent = c.Absent.lacking("дат")
    assert tables.trends.changes(absent) is absent
    assert tables.trends.months(absent) is absent


def moved(channel: str | None, at: datetime | None, verdict: str) -> dict[str, object]:
    sized = dict.fromkeys(("change", "total", "others", "share_before", "share_after"), 0.5)
    return {"channel": channel, "changed_at": at, "verdict": verdict} | (sized if at else {})


def test_no_dash_stands_for_all_channels_together():
    rows = [moved(None, WHEN, "more"), moved("vk", WHEN, "rise")]
    html = tables.trends.mix(c.MIX.conform(pl.DataFrame(rows))).as_raw_html()
    assert "все каналы вместе" in html
    assert "ВКонтакте" in html


def test_where_no_channel_moved_a_sentence_says_why():
    still = c.MIX.conform(pl.DataFrame([moved(None, None, "nothing_found")]))
    assert str(tables.trends.mix(still)) == "Сдвигов между каналами не найдено."
