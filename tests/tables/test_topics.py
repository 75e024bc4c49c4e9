"""Tables of topics against the frames beneath them."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from cur_lab import columns, tables, topics

THEMES = {
    "Вода": "Нет горячей воды в доме {n}, кран сухой",
    "Ямы": "Яма на дороге у дома {n}, колесо пробито",
    "Свет": "Не горит фонарь у дома {n}, темно на улице",
}


@pytest.fixture(scope="module")
def messages() -> pl.DataFrame:
    rows = [
        {"message_id": f"m{n:03}", "text": text.format(n=n), "rubric": rubric, "channel": "vk"}
        for n in range(24)
        for rubric, text in [list(THEMES.items())[n % 3]]
    ]
    return pl.DataFrame(rows)


@pytest.fixture(scope="module")
def model(messages) -> topics.Model:
    return topics.fit(messages, refits=2)


def html(table) -> str:
    return table.as_raw_html()


def test_parts_of_a_model_show_its_frames(model):
    largest = html(tables.of(model))
    assert all(label in largest for label in model.topics["label"])
    assert model.topics["examples"][0][0] in html(tables.of(model, "examples"))
    assert "сливаются" in html(tables.of(model, "hierarchy"))


def test_the_title_says_which_numbers_cannot_be_told_apart(model):
    shown = html(tables.of(model, "numbers"))
    good = model.reasons.filter("as_good")["n_topics"].to_list()
    assert f"Тем взято {good[0]}" in shown
    assert ("не различить" in shown) == (len(good) > 1)
    assert ("больше не пробовали" in shown) == model.reasons["open_end"].any()


def test_a_verdict_is_a_code_in_the_frame_and_words_in_the_table(messages, model):
    frame = topics.crosswalk(messages, model)
    assert set(frame["verdict"]) <= set(columns.CODES["verdict"])
    assert columns.CODES["verdict"][frame["verdict"][0]] in html(tables.topics.crosswalk(frame))


def test_the_leading_topic_of_a_group_is_named(messages, model):
    frame = topics.breakdown(messages, model, by="channel")
    assert "ВКонтакте" in html(tables.topics.leading(frame, by="channel"))


def of_group(group, *cells):
    """Rows of one group: size, share and the ends of its interval; None is suppressed."""
    names = ("topic", "label", "size", "share", "share_low", "share_high")
    rows = [(n, f"т{n}", *(cell or [None] * 4)) for n, cell in enumerate(cells)]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.lit(group).alias("month")).cast({"size": pl.Int64})


def test_a_topic_leads_only_where_no_suppressed_one_can_be_larger():
    apart, near = (50, 0.5, 0.4, 0.6), (38, 0.38, 0.28, 0.48)
    shown = html(tables.topics.leading(of_group(date(2024, 1, 1), apart, near, None), by="month"))
    assert "январь 2024" in shown
    assert "т0; т1" in shown
    assert "скрытая" not in shown
    shown = html(tables.topics.leading(of_group(date(2024, 1, 1), near, None, None), by="month"))
    assert "т0; может быть, и скрытая тема" in shown


def test_messages_that_state_no_group_are_counted_and_lead_nothing():
    here = of_group(date(2024, 1, 1), (50, 0.5, 0.4, 0.6))
    nowhere = of_group(None, (21, 0.9, 0.8, 1.0)).with_columns(pl.col("month").cast(pl.Date))
    shown = html(tables.topics.leading(pl.concat([here, nowhere]), by="month"))
    assert "Не указано, к кому отнести: 21 сообщение." in shown
    assert "80–100" not in shown
    assert isinstance(tables.topics.leading(nowhere, by="month"), columns.Absent)


def test_of_few_topics_no_place_of_the_map_is_judged():
    layout = pl.DataFrame(
        {"topic": [0, 1], "label": ["а", "б"], "size": [5, 4], "quality": [None, None]},
        schema_overrides={"quality": pl.Float64},
    )
    assert "слишком мало" in str(tables.topics.places(layout))
    judged = html(tables.topics.places(layout.with_columns(quality=pl.Series([0.5, 0.9]))))
    assert "три худших" not in judged
    assert judged.index("а</td>") < judged.index("б</td>")


def test_without_a_choice_of_numbers_none_is_said_to_be_given(model):
    fixed = replace(model, reasons=model.reasons.clear())
    assert str(tables.of(fixed, "numbers")).startswith("Число тем задано или")


def test_what_is_absent_passes_through():
    absent = columns.Absent.lacking("рубрик")
    assert tables.topics.crosswalk(absent) is absent
    assert tables.topics.leading(absent, by="channel") is absent
