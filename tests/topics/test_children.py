"""Topics opened into parts: parts that are there are found, what is of one piece is left whole."""

import random

import polars as pl
import pytest

from cur_lab import figures, tables, topics
from cur_lab.columns import Absent

PARTS = {
    "Дорога: глубокая яма на проезжей части, асфальт разбит": "пробито колесо у машины",
    "Дорога: снежный вал на обочине, лёд и наледь": "скользко, трактор не чистит",
}
PLACES = ["школы", "рынка", "парка", "вокзала", "аптеки", "завода", "музея", "сада", "почты"]


def told(openings: dict[str, str], n: int, name: str) -> pl.DataFrame:
    rng = random.Random(1)
    texts = [
        f"{opening} возле {rng.choice(PLACES)}, {end}, {rng.choice(['срочно', 'снова', 'давно'])}"
        for opening, end in list(openings.items()) * (n // len(openings))
    ]
    ids = [f"{name}{number:03}" for number in range(len(texts))]
    return pl.DataFrame({"message_id": ids, "text": texts})


@pytest.fixture(scope="module")
def messages() -> pl.DataFrame:
    water = {"Нет горячей воды в кране": "насос котельной стоит"}
    return pl.concat([told(PARTS, 120, "a"), told(water, 40, "b")])


@pytest.fixture(scope="module")
def model(messages) -> topics.Model:
    return topics.fit(messages, n_topics=1, refits=0)


def test_parts_that_are_there_are_found_and_named(messages, model):
    found = topics.children(messages, model)
    assert found["topic"].unique().to_list() == [0]
    assert found["size"].sum() == messages.height
    assert found["share"].sum() == pytest.approx(1)
    assert found["size"].to_list() == sorted(found["size"].to_list(), reverse=True)
    said = found["child_label"].str.to_lowercase().str.join(" ")[0]
    assert all(word in said for word in ("снежный вал", "вод"))
    assert found["child_label"].is_unique().all()


def test_a_small_topic_is_left_whole(messages, model):
    assert topics.children(messages.head(50), model).is_empty()


def test_parts_are_laid_out_and_drawn(messages, model):
    found = topics.children(messages, model)
    shown = tables.topics.children(found).as_raw_html()
    assert all(part in shown for part in found["child_label"])
    drawn = figures.topics.tree(found, model, caption="подпись").data[0]
    assert drawn.values[0] == found["size"].sum()
    assert list(drawn.parents) == ["", *["0"] * found.height]
    none = figures.topics.tree(found.clear(), model, caption="подпись")
    assert isinstance(none, Absent)
