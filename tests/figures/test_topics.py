"""Structure of the figures: what is drawn, in which order, and that texts stay texts."""

import polars as pl
import pytest

from cur_lab import figures
from cur_lab.columns import TOPICS, Absent
from cur_lab.figures.theme import TEMPLATE, wrapped
from cur_lab.wording import percent

HOSTILE = '<a href="javascript:alert(1)">нажми</a>'


def topics(*rows: tuple[int, str, int, float, float, float]) -> pl.DataFrame:
    return TOPICS.conform(
        pl.DataFrame(
            [
                {
                    "topic": topic,
                    "label": label,
                    "size": size,
                    "share": share,
                    "share_low": low,
                    "share_high": high,
                    "keywords": ["слово"],
                    "examples": ["пример"],
                }
                for topic, label, size, share, low, high in rows
            ]
        )
    )


TWO = topics((0, "ямы", 60, 0.6, 0.5, 0.7), (1, HOSTILE, 40, 0.4, 0.35, 0.5))


def test_shares_draw_points_with_their_intervals_the_largest_on_top():
    (points,) = figures.topics.shares(TWO, caption="n = 100").data
    assert points.y[-1] == "ямы"
    assert list(points.x) == [40.0, 60.0]
    assert list(points.error_x.array) == [10.0, 10.0]
    assert list(points.error_x.arrayminus) == [5.0, 10.0]


def test_the_title_says_the_finding_and_the_caption_the_source():
    figure = figures.topics.shares(TWO, caption="n = 100; 2025; источник")
    assert "«ямы»" in figure.layout.title.text
    assert "60" in figure.layout.title.text
    assert figure.layout.title.subtitle.text == "n = 100; 2025; источник"


def test_a_title_over_some_of_the_topics_says_so():
    told = {"municipality": ["А", "А"], "topic": [0, 1], "label": ["ямы", "вода"], "size": [30, 10]}
    told |= {"share": [0.75, 0.25], "share_low": [0.6, 0.1], "share_high": [0.9, 0.4]}
    drawn = {"by": "municipality", "heading": "Муниципалитет", "caption": "n"}
    title = figures.topics.by_group(pl.DataFrame(told), top=1, **drawn).layout.title.text
    assert "(из 1 крупнейшей темы): «ямы» — А" in title
    assert "крупнейш" not in figures.topics.by_group(pl.DataFrame(told), **drawn).layout.title.text


def test_by_group_leaves_suppressed_cells_empty():
    breakdown = pl.DataFrame(
        {
            "municipality": ["А", "А", "Б"],
            "topic": [0, 1, 0],
            "label": ["ямы", HOSTILE, "ямы"],
            "size": [30, None, 10],
            "share": [0.75, None, 1.0],
            "share_low": [0.6, None, 0.7],
            "share_high": [0.9, None, 1.0],
        }
    )
    figure = figures.topics.by_group(
        breakdown, by="municipality", heading="муниципалитет", caption="n"
    )
    (cells,) = figure.data
    assert [list(row) for row in cells.z] == [[75.0, None], [100.0, None]]
    assert figure.layout.title.text.startswith("Среди самых больших долей: «ямы» — Б")


@pytest.mark.parametrize("draw", [figures.topics.shares])
def test_markup_in_labels_is_escaped(draw):
    figure = draw(TWO, caption=HOSTILE)
    assert "<a" not in figure.to_json().replace("\\u003c", "<")


def test_in_the_place_of_an_empty_figure_stands_a_sentence():
    assert "не найдено" in str(figures.topics.shares(TOPICS.empty(), caption="n = 0"))


def test_one_template_everywhere():
    figure = figures.topics.shares(TWO, caption="n")
    assert figure.layout.template.layout.colorway[0] == "#0072B2"
    assert TEMPLATE == "cur_lab"


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.0744, "7,4"), (0.0996, "10"), (0.2449, "24"), (1.0, "100"), (0, "0")],
)
def test_percent(share, written):
    assert percent(share) == f"{written}\u00a0%"


def test_wrapped_breaks_at_words():
    assert wrapped("не горит фонарь <b>", width=9) == "не горит<br>фонарь<br>&lt;b&gt;"


def test_groups_are_named_in_words():
    breakdown = pl.DataFrame(
        {
            "channel": ["bot", None],
            "topic": [0, 0],
            "label": ["Ямы", "Ямы"],
            "size": [30, 9],
            "share": [0.3, 0.1],
            "share_low": [0.2, 0.0],
            "share_high": [0.4, 0.2],
        }
    )
    figure = figures.topics.by_group(breakdown, by="channel", heading="Канал", caption="n")
    assert list(figure.data[0].y) == ["чат-бот"]
    assert figure.layout.title.text.startswith("Самая большая доля: «Ямы» — чат-бот")
    unstated = breakdown.filter(pl.col("channel").is_null())
    nothing = figures.topics.by_group(unstated, by="channel", heading="Канал", caption="n")
    assert isinstance(nothing, Absent)
