"""Tables of topics against the frames beneath them."""

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


def test_the_leading_topic_of_a_group_and_the_places_of_the_map(messages, model):
    frame = topics.breakdown(messages, model, by="channel")
    assert "ВКонтакте" in html(tables.topics.leading(frame, by="channel"))
    layout = topics.layout(model)
    assert layout["label"][0] in html(tables.topics.places(layout))


def test_what_is_absent_passes_through():
    absent = columns.Absent.lacking("рубрик")
    assert tables.topics.crosswalk(absent) is absent
    assert tables.topics.leading(absent, by="channel") is absent
