"""Topics that say the same are one."""

import numpy as np
import polars as pl

from cur_lab import topics
from cur_lab.headlines import topics as headlines
from cur_lab.topics import twins


def centres(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


WORDS = ["яма", "асфальт", "дорога"]


def test_near_topics_with_words_in_common_are_one():
    assert twins.merged(centres(0, 30, 90), [WORDS, WORDS, WORDS]).tolist() == [0, 0, 2]


def test_near_topics_without_a_word_in_common_stay_two():
    assert twins.merged(centres(0, 30), [WORDS, ["вода", "кран"]]).tolist() == [0, 1]


def test_a_chain_does_not_join_its_ends():
    # Fifty degrees are within 0.4 of cosine distance, twice as many are not.
    assert twins.merged(centres(0, 48, 98), [WORDS] * 3).tolist() == [0, 0, 2]


def test_a_fit_of_more_topics_than_there_are_merges_what_it_split(tmp_path):
    things = ["двор", "мост", "школа", "рынок", "парк", "вокзал", "аптека", "завод", "музей", "сад"]
    told = [
        f"{what} у места {thing}, {more}"
        for what in ("глубокая яма на асфальте дороги", "нет горячей воды в кране квартиры")
        for thing in things
        for more in ("срочно", "неделю", "снова")
    ]
    data = pl.DataFrame({"message_id": [f"{n:03}" for n in range(len(told))], "text": told})
    found = topics.fit(data, n_topics=6, refits=2)
    merged = found.twins.group_by("topic").agg(pl.len(), pl.col("size").sum()).sort("topic")
    assert merged.height > 0
    assert merged["len"].min() > 1
    assert found.topics.height == 6 - (merged["len"] - 1).sum()
    # Each twin names words of the topic it went into.
    topic, words = found.twins.row(0)[0], found.twins.row(0)[2]
    assert set(words[:3]) & set(found.topics.row(topic, named=True)["keywords"])
    title = headlines.numbers(found.reasons, topics=found.topics, twins=found.twins)
    assert "выбирать не из чего" in title
    below = headlines.merged(found.topics, found.twins)
    assert found.topics["label"][topic] in below
    assert ", ".join(words[:3]) in below
    kept = topics.load(found.save(tmp_path / "model"))
    assert kept.twins.equals(found.twins)
    placed = data.join(found.assignments, on="message_id")
    pits = pl.col("text").str.contains("яма")
    kinds = placed.group_by("topic").agg(pits.n_unique().alias("kinds"))
    assert kinds["kinds"].max() == 1
