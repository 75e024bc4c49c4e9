"""Any frame as a table for reading."""

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pytest

from cur_lab import columns, tables
from cur_lab.errors import ParameterError, SchemaError


def rendered(frame: pl.DataFrame, *names: str, **options) -> str:
    return tables.show(frame, *names, title="Т", source="И", **options).as_raw_html()


def test_headings_numbers_intervals_and_codes_come_from_the_vocabulary():
    frame = pl.DataFrame(
        {
            "channel": ["bot"],
            "messages": [12345],
            "share": [0.0744],
            "share_low": [0.061],
            "share_high": [0.089],
            "p": [0.00002],
            "published_at": [datetime(2025, 1, 31, 22, 30, tzinfo=UTC)],
            "suppressed": [False],
            "rubric": [None],
        },
        schema_overrides={"rubric": pl.String},
    )
    html = rendered(frame, *(name for name in frame.columns if not name.startswith("share_")))
    for shown in (
        "Канал",
        "чат-бот",
        "12\u00a0345",
        "Доля (95 %-й интервал)",
        "7,4\u00a0% (6,1–8,9\u00a0%)",
        "&lt;\u00a00,001",
        "01.02.2025 01:30",
        "нет",
        ">—<",
    ):
        assert shown in html


def test_the_same_frame_gives_the_same_html():
    frame = pl.DataFrame({"rubric": ["Ямы", "Вода"]})
    assert rendered(frame, "rubric") == rendered(frame, "rubric")


def test_only_named_columns_are_shown():
    frame = pl.DataFrame({"rubric": ["Ямы"], "author_id": ["secret"]})
    assert "secret" not in rendered(frame, "rubric")


def test_two_columns_may_have_one_heading_and_markup_stays_text():
    frame = pl.DataFrame({"rubric": ["<b>Ямы"], "label": ["<img src=x>"]})
    html = rendered(frame, "rubric", "label", headings={"rubric": "<i>Т", "label": "<i>Т"})
    assert html.count("&lt;i&gt;Т") == 2
    assert "<b>Ямы" not in html
    assert "<img" not in html


def test_an_empty_frame_says_that_there_is_nothing_to_show():
    said = tables.show(pl.DataFrame({"rubric": []}), "rubric", title="Рубрики месяца")
    assert str(said) == "Рубрики месяца: нечего показать."


def test_what_stands_in_a_frames_place_is_passed_through():
    absent = columns.Absent.lacking("дат")
    assert tables.show(absent, "rubric", title="Т") is absent
    assert tables.of(absent, "any", source="И") is absent


def test_lists_are_written_item_by_item():
    frame = pl.DataFrame({"share": [[0.5, float("nan"), None]], "channel": [["bot", "odd"]]})
    html = rendered(frame, "share", "channel")
    assert "50\u00a0%, —, —" in html
    assert "чат-бот, odd" in html


@pytest.mark.parametrize("names", [(), ("rubric", "rubric")])
def test_columns_are_named_once(names):
    with pytest.raises(ParameterError, match="Take some of rubric"):
        rendered(pl.DataFrame({"rubric": ["Ямы"]}), *names)


def test_an_unknown_column_is_named():
    with pytest.raises(SchemaError, match="no column rubic"):
        rendered(pl.DataFrame({"rubric": ["Ямы"]}), "rubic")
    with pytest.raises(SchemaError, match="column odd has no heading"):
        rendered(pl.DataFrame({"odd": [1]}), "odd")


def test_a_result_of_nobody_is_refused_by_name():
    @dataclass
    class Foreign:
        frame: pl.DataFrame

    with pytest.raises(ParameterError, match="Foreign"):
        tables.of(Foreign(pl.DataFrame()), source="И")
