"""Tables of hot spots: what is shown first, how intervals and codes read."""

import polars as pl

from cur_lab import columns as c
from cur_lab import tables
from cur_lab.trends import Hotspots


def district(name: str, group: str | None, messages: int, rate: float) -> dict[str, object]:
    return {
        "municipality": name,
        "rubric_group": group,
        "messages": messages,
        "population": 1000,
        "rate": rate,
        "rate_low": rate / 2,
        "rate_high": rate * 2,
        "verdict": "above_region",
    }


def spots(**frames: pl.DataFrame) -> Hotspots:
    empty = {
        "districts": c.HOTSPOT_DISTRICTS.empty(),
        "streets": c.HOTSPOT_STREETS.empty(),
        "houses": c.HOTSPOT_HOUSES.empty(),
        "repeats": c.REPEATS.empty(),
    }
    return Hotspots(**(empty | frames), located=1234, hidden_streets=5, hidden_houses=6)


def test_districts_are_those_of_the_largest_group():
    rows = [
        district("А", "Дороги", 30, 3.0),
        district("Б", "Дороги", 10, 9.0),
        district("А", None, 39, 4.0),
    ]
    found = spots(districts=c.HOTSPOT_DISTRICTS.conform(pl.DataFrame(rows)))
    assert found.largest["rubric_group"].to_list() == ["Дороги", "Дороги"]
    html = tables.of(found, "districts").as_raw_html()
    assert html.index(">Б<") < html.index(">А<")
    assert "9,0 (4,5–18,0)" in html
    assert "здесь и у соседей пишут чаще, чем по области" in html
    # Messages without a group are a group where there are no others.
    assert spots(districts=found.districts.filter(pl.col("rubric_group").is_null())).largest.height


def test_repeats_show_a_share_with_its_interval():
    row = {
        "rubric": "Свет",
        "cases": 20,
        "repeated": 5,
        "share": 0.25,
        "share_low": 0.1,
        "share_high": 0.47,
        "after_answer": 2,
        "after_resolved": 1,
    }
    rows = [row, row | {"rubric": None, "cases": 500}]
    html = tables.of(spots(repeats=c.REPEATS.conform(pl.DataFrame(rows))), "repeats").as_raw_html()
    assert "25\u00a0% (10–47\u00a0%)" in html
    # The many without a rubric are told last, and as what they are.
    assert html.index(">Свет<") < html.index(">рубрика не указана<")


def test_what_is_hidden_is_counted_and_nothing_is_told():
    assert "1\u00a0234" in tables.of(spots(), "coverage").as_raw_html()
    for part in (None, "houses", "repeats", "districts"):
        assert "нечего показать" in str(tables.of(spots(), part))
