import polars as pl

from cur_lab import tables


def rendered(frame: pl.DataFrame, headings: dict[str, str]) -> str:
    return tables.table(frame, headings, title="Т", source="И", name="t").as_raw_html()


def test_numbers_are_written_the_russian_way():
    frame = pl.DataFrame({"size": [12345], "value": [0.5], "absent": [None], "words": [["а", "б"]]})
    html = rendered(frame, {"size": "С", "value": "З", "absent": "Н", "words": "П"})
    for shown in ("12\u202f345", "0,50", ">—<", "а, б"):
        assert shown in html


def test_the_same_frame_gives_the_same_html():
    frame = pl.DataFrame({"a": [1, 2]})
    assert rendered(frame, {"a": "А"}) == rendered(frame, {"a": "А"})


def test_only_named_columns_are_shown():
    assert "secret" not in rendered(pl.DataFrame({"a": [1], "b": ["secret"]}), {"a": "А"})


def test_interval():
    frame = pl.DataFrame(
        {"s": [0.0744, None, 0.243], "l": [0.061, None, 0.2], "h": [0.089, None, 0.3]}
    )
    assert frame.select(tables.interval("s", "l", "h")).to_series().to_list() == [
        "7,4\u00a0% (6,1–8,9\u00a0%)",
        "—",
        "24\u00a0% (20–30\u00a0%)",
    ]


def test_hierarchy_names_groups_by_their_largest_topic():
    topics = pl.DataFrame({"topic": [0, 1, 2], "label": ["Яма", "Асфальт", "Вода"]})
    joins = pl.DataFrame(
        {
            "node": [3, 4],
            "left": [0, 3],
            "right": [1, 2],
            "distance": [0.25, 0.9],
            "size": [30, 40],
            "label": ["Яма", "Яма"],
        }
    )
    html = tables.hierarchy(topics, joins, caption="n").as_raw_html()
    cells = [part.split("<")[0] for part in html.split('gt_row gt_left">')[1:]]
    assert cells == ["Яма", "Асфальт", "Яма", "Вода"]


def test_codes_are_written_in_russian_and_unknown_ones_stay():
    frame = pl.DataFrame({"channel": ["sms", "post"], "title": ["sms", "sms"]})
    assert tables.worded(frame).rows() == [("СМС", "sms"), ("post", "sms")]


def test_estimate_stands_alone_without_an_interval():
    frame = pl.DataFrame(
        {"v": [0.25, 2129.4, None], "low": [-0.5, None, None], "high": [1.0, None, None]}
    )
    written = frame.select(tables.estimate("v", "low", "high"))["v"].to_list()
    assert written == ["0,25 (−0,50–1,00)", "2\u202f129", "—"]


def test_a_small_number_is_not_shown_as_zero():
    frame = pl.DataFrame({"p": [0.0005, 0.85]})
    html = tables.table(frame, {"p": "p"}, title="t", source="s", name="n").as_raw_html()
    assert "0,0005" in html
    assert "0,85" in html
